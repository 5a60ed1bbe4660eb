"""Receipts over HTTP: as files, and the page behind a QR code; and the verifier's DID document."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, jsonify, make_response, render_template, request

from accounts.guard import ANYONE, PROGRAM, allow
from vc.did import document
from vc.errors import Malformed, Missing
from verifier.counter import Counter


def blueprint(counter: Counter, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of /verifier/receipts."""
    pages = Blueprint("verifier_receipts", __name__, url_prefix="/verifier")

    @pages.post("/receipts")
    @allow(ANYONE)
    def take() -> Response:
        """The receipt that the form carries, as JSON or PDF."""
        handed_in = request.form.get("receipt", "")
        if request.form.get("form") == "pdf":
            return _file(counter.paper(handed_in, now=now()), "application/pdf", "pdf")
        return _file(counter.document(handed_in, now=now()), "application/vc+ld+json", "json")

    @pages.get("/receipts/<token>")
    @allow(ANYONE)
    def look(token: str) -> Response:
        """What we signed for the paper that carries this address."""
        try:
            slip = counter.slip(token)
        except Malformed as error:
            if error.code != "slip":
                raise
            raise Missing("receipt", error.sentence) from error
        response = make_response(render_template("verifier/slip.html", slip=slip))
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @pages.get("/did.json")
    @allow(PROGRAM)
    def did_document() -> Response:
        """The verifier's DID document."""
        answer = jsonify(document(counter.did, counter.keys()))
        answer.mimetype = "application/did+json"
        return answer

    return pages


def _file(content: bytes, media_type: str, ending: str) -> Response:
    response = make_response(content)
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="receipt.{ending}"'
    return response
