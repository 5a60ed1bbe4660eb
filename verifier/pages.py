"""The verifier's page: drop, paste or link credentials, and read a verdict for each."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from accounts.guard import ANYONE, allow
from vc.errors import Malformed
from verifier.checked import all_as_json
from verifier.counter import Counter
from verifier.desk import Desk
from verifier.handing import MOST_AT_ONCE, Handed, bounded, in_file, in_text
from verifier.reports import shown


def blueprint(desk: Desk, counter: Counter, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of the pages under /verifier."""
    pages = Blueprint("verifier", __name__, url_prefix="/verifier", template_folder="templates")

    @pages.get("/")
    @allow(ANYONE)
    def ask() -> str:
        """The form."""
        return _form(desk)

    @pages.post("/")
    @allow(ANYONE)
    def answer() -> ResponseReturnValue:
        """The verdict on each thing that was pasted, linked or uploaded."""
        try:
            handed = _handed_over()
        except Malformed as refusal:
            if _wants_json():
                raise
            return _form(desk, refusal), 400
        recipient = request.form.get("recipient", "").strip()
        found = desk.examine(handed, now=now(), recipient=recipient)
        if _wants_json():
            return jsonify(all_as_json(found))
        page = "verdicts" if len(found) > 1 else "verdict"
        with_receipts = [shown(one, counter) for one in found]
        return render_template(f"verifier/{page}.html", shown=with_receipts)

    return pages


def _form(desk: Desk, refusal: Malformed | None = None) -> str:
    return render_template(
        "verifier/ask.html",
        registry=desk.registry.current(),
        refusal=refusal,
        text=request.form.get("credential", ""),
        recipient=request.form.get("recipient", ""),
        most=MOST_AT_ONCE,
    )


def _handed_over() -> list[Handed]:
    """The files and the text of the form. Raises Malformed for nothing, and for too much."""
    files = [file for file in request.files.getlist("file") if file.filename]
    handed = [in_file(file.filename or "", file.read()) for file in files]
    text = request.form.get("credential", "").strip()
    if text:
        handed += in_text(text)
    if not handed:
        sentence = gettext("Paste a credential or its link, or choose a file.")
        raise Malformed("nothing-given", sentence, place="credential")
    return bounded(handed)


def _wants_json() -> bool:
    return bool(request.accept_mimetypes.best == "application/json")
