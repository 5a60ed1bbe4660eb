"""The member's own pages: the badges, each badge, and the links that show them."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from typing import Final

import segno
from flask import (
    Blueprint,
    Flask,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from accounts.guard import allow
from keys.sealing import Seal
from openid4vc.exchange import Http
from openid4vc.issuance.offer import SCHEME as OFFER_SCHEME
from openid4vc.presentation.request import SCHEME as REQUEST_SCHEME
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher
from vc.received import receive
from wallet import api, consents
from wallet.asked import KnownParty
from wallet.desk import Desk
from wallet.holder import Wallet
from wallet.judging import Judging
from wallet.keyring import Keyring
from wallet.oid4vci import Fetching
from wallet.oid4vp import Presenting
from wallet.prose import prose
from wallet.schemas import ShareForm, read_share
from wallet.sharing import Sharing
from wallet.shown import Pictures, RegisteredIssuer, linkedin, short_id
from wallet.store import Store

LARGEST_FILE: Final = 5 * 1_048_576  # bytes, as vc.bakery takes them


def pages(desk: Desk) -> Blueprint:
    """Everything under /wallet that is for people."""
    blueprint = Blueprint("wallet", __name__, url_prefix="/wallet", template_folder="templates")
    blueprint.app_template_filter("prose")(prose)
    for add_views in (_add_home, _add_badges, _add_files, _add_links, consents.add_views):
        add_views(blueprint, desk)
    api.add_views(blueprint, desk)
    return blueprint


def mount(
    app: Flask,
    *,
    store: Store,
    seal: Seal,
    http: Http,
    fetcher: Fetcher,
    entropy: Callable[[int], bytes],
    origin: str,
    pictures: Pictures,
    registered_issuer: RegisteredIssuer,
    known_party: KnownParty,
    now: Callable[[], datetime],
) -> Desk:
    """Build the wallet on these parts and put its pages into `app`; returns its use cases."""
    wallet = Wallet(store, keyring=Keyring(seal, entropy=entropy), fetcher=fetcher, entropy=entropy)
    desk = Desk(
        wallet=wallet,
        fetching=Fetching(
            store, wallet=wallet, seal=seal, http=http, fetcher=fetcher, entropy=entropy
        ),
        presenting=Presenting(wallet=wallet, http=http, fetcher=fetcher),
        sharing=Sharing(store, entropy=entropy),
        judging=Judging(wallet=wallet, http=http),
        origin=origin,
        pictures=pictures,
        registered_issuer=registered_issuer,
        known_party=known_party,
        now=now,
    )
    app.register_blueprint(pages(desk))
    return desk


def _add_home(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/")
    @allow("signed_in")
    def home() -> str:
        holder = desk.member()
        held = desk.wallet.credentials(holder.person_id)
        return render_template(
            "wallet/home.html",
            holder=holder,
            shown=desk.show(desk.wallet.check(*held, now=desk.now())),
            shared={
                entry.id
                for link in desk.sharing.links(holder.person_id)
                if link.is_open(now=desk.now())
                for entry in link.credentials
            },
            inbox=desk.fetching.inbox(holder.person_id),
        )

    @blueprint.get("/add")
    @allow("signed_in")
    def add() -> str:
        return render_template("wallet/add.html", text="", refusal=None)

    @blueprint.post("/add")
    @allow("signed_in")
    def take_in() -> AnyResponse:
        holder = desk.member()
        text = request.form.get("credential", "").strip()
        if text.startswith(f"{OFFER_SCHEME}:"):
            return redirect(consents.offer_page(text), 303)
        if text.startswith(f"{REQUEST_SCHEME}:"):
            return redirect(consents.request_page(text), 303)
        upload = request.files.get("file")
        source = upload.stream.read(LARGEST_FILE + 1) if upload and upload.filename else text
        try:
            held = desk.wallet.take_in(holder.person_id, source, now=desk.now())
        except Refused as refusal:
            page = render_template("wallet/add.html", text=text, refusal=refusal)
            return make_response(page, 400)
        flash(_("The badge was verified and is in your wallet."))
        return redirect(f"/wallet/badges/{held.id}", 303)


def _add_badges(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/badges/<held_id>")
    @allow("signed_in")
    def badge(held_id: str) -> str:
        holder = desk.member()
        held = desk.wallet.credential(holder.person_id, held_id)
        (shown,) = desk.show(desk.wallet.check(held, now=desk.now()))
        return render_template("wallet/badge.html", holder=holder, entry=shown)

    @blueprint.get("/badges/<held_id>/remove")
    @allow("signed_in")
    def confirm_removal(held_id: str) -> str:
        held = desk.wallet.credential(desk.member().person_id, held_id)
        return render_template("wallet/remove.html", held=held)

    @blueprint.post("/badges/<held_id>/remove")
    @allow("signed_in")
    def remove(held_id: str) -> AnyResponse:
        held = desk.wallet.remove(desk.member().person_id, held_id)
        flash(_("%(name)s was removed from your wallet.", name=held.name))
        return redirect("/wallet/", 303)


def _add_files(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/badges/<held_id>.json")
    @allow("signed_in")
    def document(held_id: str) -> Response:
        held = desk.wallet.credential(desk.member().person_id, held_id)
        is_token = bool(receive(held.signed).token)
        response = make_response(held.signed.encode())
        response.mimetype = "application/jwt" if is_token else "application/vc+ld+json"
        return api.as_file(response, f"{short_id(held)}.{'jwt' if is_token else 'json'}")

    @blueprint.get("/badges/<held_id>.<any(png, svg):kind>")
    @allow("signed_in")
    def image(held_id: str, kind: str) -> Response:
        held = desk.wallet.credential(desk.member().person_id, held_id)
        return api.baked(desk, held, kind)


def _add_links(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/links")
    @allow("signed_in")
    def links() -> str:
        return _links_page(desk, None)

    @blueprint.post("/links")
    @allow("signed_in")
    def share() -> AnyResponse | str:
        holder = desk.member()
        try:
            form = read_share(request.form, request.form.getlist("credentials"))
        except Malformed as refusal:
            if refusal.place not in {"credentials", "purpose", "last_day"}:
                raise
            return make_response(_links_page(desk, refusal), 400)
        new = desk.sharing.share(
            holder.person_id,
            form.credentials,
            purpose=form.purpose,
            expires_at=_end_of(form),
            now=desk.now(),
        )
        url = desk.share_url(new.token)
        shown = desk.show(desk.wallet.check(*new.link.credentials, now=desk.now()))
        return render_template(
            "wallet/shared.html",
            link=new.link,
            url=url,
            shown=shown,
            linkedin=linkedin(shown[0], url=url) if len(shown) == 1 else None,
            code=segno.make(url, error="m").svg_data_uri(scale=4, border=3, light="white"),
        )

    @blueprint.post("/links/<link_id>/revoke")
    @allow("signed_in")
    def revoke(link_id: str) -> AnyResponse:
        desk.sharing.revoke(desk.member().person_id, link_id, now=desk.now())
        flash(_("The link was ended. Whoever opens it is told so, and sees nothing."))
        return redirect("/wallet/links", 303)


def _links_page(desk: Desk, refusal: Malformed | None) -> str:
    holder = desk.member()
    return render_template(
        "wallet/links.html",
        links=desk.sharing.links(holder.person_id),
        held=desk.wallet.credentials(holder.person_id),
        chosen=request.form.getlist("credentials"),
        given=request.form,
        refusal=refusal,
        now=desk.now(),
    )


def _end_of(form: ShareForm) -> datetime | None:
    """The end of the last day, in UTC."""
    if form.last_day is None:
        return None
    return datetime.combine(form.last_day, time(), UTC) + timedelta(days=1)
