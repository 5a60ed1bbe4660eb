"""The pages of an award's papers: taken into the wallet, read, corrected, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from accounts.guard import SIGNED_IN, allow, signed_in_person
from degree.conferring import Conferring


@dataclass(frozen=True, slots=True)
class PaperDesk:
    """The use cases behind the pages, and the clock."""

    conferring: Conferring
    now: Callable[[], datetime]


def pages(desk: PaperDesk) -> Blueprint:
    """What is under /degree for the papers of an award."""
    blueprint = Blueprint("degree_papers", __name__, url_prefix="/degree")

    @blueprint.post("/audits/<audit_id>/papers/<int:number>/offer")
    @allow(SIGNED_IN)
    def offer(audit_id: str, number: int) -> Response:
        offered = desk.conferring.offer(audit_id, number, reader=signed_in_person())
        return redirect(wallet_offer(offered), 303)

    return blueprint


def wallet_offer(offer_uri: str) -> str:
    """The page of the member's own wallet that shows an offer."""
    return f"/wallet/offers?{urlsplit(offer_uri).query}"
