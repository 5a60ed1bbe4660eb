"""The public side: what a share link shows, as a page to people and as JSON to programs."""

import json
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from accounts.guard import allow
from vc.errors import Missing
from vc.received import receive
from wallet.desk import Desk
from wallet.sharing import Opened
from wallet.shown import baked_png, baked_svg, short_id
from wallet.store import Held

CREDENTIAL_TYPES: Final = (
    "application/vc+ld+json",
    "application/vc",
    "application/ld+json",
    "application/json",
)


def add_views(blueprint: Blueprint, desk: Desk) -> None:
    """The share page and its files, for anyone who has the address."""

    @blueprint.get("/share/<token>")
    @allow("anyone")
    def shared(token: str) -> Response:
        opened = desk.sharing.open(token, now=desk.now())
        if not _wants_page():
            return _vary(_document(opened))
        page = render_template(
            "wallet/share.html",
            holder=opened.holder,
            link=opened.link,
            shown=desk.show(desk.wallet.check(*opened.link.credentials, now=desk.now())),
            url=desk.share_url(token),
            checked_at=desk.now(),
        )
        response = make_response(page)
        # The holder gave the address to somebody, not to search engines.
        response.headers["X-Robots-Tag"] = "noindex"
        return _vary(response)

    @blueprint.get("/share/<token>/<int:place>.json")
    @allow("anyone")
    def shared_document(token: str, place: int) -> Response:
        return _signed(_at(desk.sharing.read(token, now=desk.now()), place))

    @blueprint.get("/share/<token>/<int:place>.<any(png, svg):kind>")
    @allow("anyone")
    def shared_image(token: str, place: int, kind: str) -> Response:
        held = _at(desk.sharing.read(token, now=desk.now()), place)
        return baked(desk, held, kind)


def baked(desk: Desk, held: Held, kind: str) -> Response:
    """The badge as a picture of this kind, png or svg, with the credential inside."""
    bake = baked_png if kind == "png" else baked_svg
    response = make_response(bake(held, pictures=desk.pictures))
    response.mimetype = "image/png" if kind == "png" else "image/svg+xml"
    return as_file(response, f"{short_id(held)}.{kind}")


def as_file(response: Response, name: str) -> Response:
    """The answer as a download: an image of a stranger's making is never shown as our page."""
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _document(opened: Opened) -> Response:
    """One badge exactly as signed, so that the address itself can be verified; else a list."""
    held = opened.link.credentials
    if len(held) == 1:
        return _signed(held[0])
    entries: list[Any] = [json.loads(h.signed) if _is_json(h) else h.signed for h in held]
    return jsonify({"credentials": entries})


def _signed(held: Held) -> Response:
    response = make_response(held.signed.encode())
    asked = request.accept_mimetypes.best_match(CREDENTIAL_TYPES) or "application/json"
    response.mimetype = asked if _is_json(held) else "application/jwt"
    return response


def _is_json(held: Held) -> bool:
    return not receive(held.signed).token


def _at(opened: Opened, place: int) -> Held:
    if place >= len(opened.link.credentials):
        raise Missing("credential", "This link does not show that many badges.")
    return opened.link.credentials[place]


def _wants_page() -> bool:
    """Only browsers name text/html; everybody else, also who says nothing, gets the credential."""
    accepted = request.accept_mimetypes
    named = "text/html" in accepted.values()
    return named and accepted.best_match([*CREDENTIAL_TYPES, "text/html"]) == "text/html"


def _vary(response: Response) -> Response:
    response.headers["Vary"] = "Accept"
    return response
