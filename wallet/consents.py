"""The pages on which a member agrees, or not: to take a badge, to show badges, to sign a ballot."""

from collections.abc import Collection
from typing import Final
from urllib.parse import quote, urlsplit

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from accounts.guard import allow
from openid4vc.issuance.offer import SCHEME as OFFER_SCHEME
from openid4vc.presentation.request import SCHEME as REQUEST_SCHEME
from vc.errors import Malformed
from vc.received import receive
from wallet.asked import asker, conditions
from wallet.badge import Badge, read_badge
from wallet.desk import Desk, required
from wallet.oid4vp import MISCHOSEN, Asked
from wallet.shown import place_of
from wallet.store import Held

_QUERY: Final = "=&%+:/?,;@!$'()*~-._"  # characters that stand for themselves in a query


def offer_page(offer_uri: str) -> str:
    """The path of the page that shows an openid-credential-offer address."""
    return f"/wallet/offers?{_query(offer_uri)}"


def request_page(authorization_uri: str) -> str:
    """The path of the page that shows an openid4vp address."""
    return f"/wallet/present?{_query(authorization_uri)}"


def _query(address: str) -> str:
    """What stands behind the question mark; a pasted text need not be an address at all."""
    return quote(address.partition("?")[2], safe=_QUERY)


def add_views(blueprint: Blueprint, desk: Desk) -> None:
    """The consent pages. Each shows on GET and acts only on POST."""
    for add in (_add_offers, _add_presenting, _add_signing):
        add(blueprint, desk)


def _add_offers(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/offers")
    @allow("signed_in")
    def offer() -> str:
        desk.member()
        return _offer(desk, f"{OFFER_SCHEME}://?{request.query_string.decode('ascii', 'replace')}")

    @blueprint.get("/offers/<offer_id>")
    @allow("signed_in")
    def waiting_offer(offer_id: str) -> str:
        uri = desk.fetching.offer_uri(desk.member().person_id, offer_id)
        return _offer(desk, uri, offer_id)

    @blueprint.post("/offers/accept")
    @allow("signed_in")
    def accept() -> Response:
        held = desk.fetching.accept(
            desk.member().person_id,
            required(request.form.get("offer"), name="offer"),
            transaction_code=request.form.get("transaction_code"),
            now=desk.now(),
        )
        flash(_("The badge was verified and is in your wallet."))
        return redirect(f"/wallet/badges/{held.id}", 303)

    @blueprint.post("/offers/keep")
    @allow("signed_in")
    def keep() -> Response:
        uri = required(request.form.get("offer"), name="offer")
        desk.fetching.receive(desk.member().person_id, uri, now=desk.now())
        flash(_("The offer waits in your wallet. Offers end soon: do not wait for long."))
        return redirect("/wallet/", 303)

    @blueprint.post("/offers/<offer_id>/decline")
    @allow("signed_in")
    def decline(offer_id: str) -> Response:
        desk.fetching.decline(desk.member().person_id, offer_id)
        flash(_("The offer was declined."))
        return redirect("/wallet/", 303)


def _offer(desk: Desk, uri: str, offer_id: str = "") -> str:
    preview = desk.fetching.look(uri)
    host = urlsplit(preview.issuer).netloc
    return render_template(
        "wallet/offer.html", preview=preview, host=host, uri=uri, offer_id=offer_id
    )


def _add_presenting(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/present")
    @allow("signed_in")
    def presentation() -> str:
        holder = desk.member()
        uri = f"{REQUEST_SCHEME}://?{request.query_string.decode('ascii', 'replace')}"
        return _consent(desk, desk.presenting.look(holder.person_id, uri, now=desk.now()))

    @blueprint.post("/present")
    @allow("signed_in")
    def present() -> ResponseReturnValue:
        holder = desk.member()
        asked = desk.presenting.look_again(
            holder.person_id,
            required(request.form.get("request"), name="request"),
            client_id=required(request.form.get("client_id"), name="client_id"),
            now=desk.now(),
        )
        if request.form.get("answer") not in {"agree", "all"}:
            goes_on = desk.presenting.decline(asked)
            said = _("Nothing was shown.")
        else:
            everything = request.form["answer"] == "all"
            chosen = asked.offered if everything else request.form.getlist("credentials")
            try:
                goes_on = desk.presenting.present(
                    holder.person_id, asked, chosen=chosen, now=desk.now()
                )
            except Malformed as refusal:
                if refusal.code != MISCHOSEN:
                    raise
                return _consent(desk, asked, chosen=chosen), 400
            said = _("The badges you chose were shown.")
        if goes_on and not _is_ours(desk, goes_on):
            # Another site is not followed unasked; it may need its visitor back all the same.
            host = urlsplit(goes_on).netloc
            return render_template("wallet/answered.html", said=said, goes_on=goes_on, host=host)
        flash(said)
        return _go_on(desk, goes_on)


def _consent(desk: Desk, asked: Asked, *, chosen: Collection[str] | None = None) -> str:
    """The page that asks; with what was `chosen`, where that answers nothing, once more."""
    return render_template(
        "wallet/present.html",
        asked=asked,
        asker=asker(asked.request, known_party=desk.known_party),
        conditions=conditions(asked.request.query, known_party=desk.known_party),
        chosen=chosen or (),
        fault=_fault(chosen) if chosen is not None else "",
        says=_says,
        place_of=place_of,
    )


def _fault(chosen: Collection[str]) -> str:
    if not chosen:
        return str(_("Nothing is chosen yet. Choose what to show, or press “Show nothing”."))
    return str(
        _("This does not answer the request. Choose from each list, and no more than is asked for.")
    )


def _says(held: Held) -> Badge:
    """What a badge would tell whoever gets it."""
    return read_badge(receive(held.signed).document, short_id="")


def _add_signing(blueprint: Blueprint, desk: Desk) -> None:
    @blueprint.get("/sign")
    @allow("signed_in")
    def ballot() -> str:
        holder = desk.member()
        uri = required(request.args.get("request_uri"), name="request_uri")
        asked = desk.judging.look(holder.person_id, uri)
        return render_template("wallet/sign.html", asked=asked, request_uri=uri)

    @blueprint.post("/sign")
    @allow("signed_in")
    def sign() -> Response:
        holder = desk.member()
        uri = required(request.form.get("request_uri"), name="request_uri")
        asked = desk.judging.look(holder.person_id, uri)
        seen = required(request.form.get("digest"), name="digest")
        goes_on = desk.judging.cast(holder.person_id, asked, seen=seen, now=desk.now())
        flash(_("Your ballot was signed and handed in."))
        return _go_on(desk, goes_on)


def _go_on(desk: Desk, url: str | None) -> Response:
    """Back to who asked. Another site is not followed: our pages send nobody away unasked."""
    return redirect(url if url and _is_ours(desk, url) else "/wallet/", 303)


def _is_ours(desk: Desk, url: str) -> bool:
    return url.startswith(f"{desk.origin}/")
