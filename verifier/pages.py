"""The verifier's page: drop, paste or link a credential, and read the verdict."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from accounts.guard import ANYONE, allow
from vc.errors import Malformed, Refused
from verifier.desk import Checked, Desk, checked_as_json, refusal_as_report


def blueprint(desk: Desk, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of the pages under /verifier."""
    pages = Blueprint("verifier", __name__, url_prefix="/verifier", template_folder="templates")

    @pages.get("/")
    @allow(ANYONE)
    def ask() -> str:
        """The form."""
        return render_template("verifier/ask.html", registry=desk.registry, refusal=None)

    @pages.post("/")
    @allow(ANYONE)
    def answer() -> ResponseReturnValue:
        """The verdict on what was pasted, linked or uploaded."""
        try:
            source = _handed_over()
        except Malformed as refusal:
            if request.accept_mimetypes.best == "application/json":
                raise
            page = render_template("verifier/ask.html", registry=desk.registry, refusal=refusal)
            return page, 400
        try:
            checked = desk.check(source, now=now())
        except Refused as error:
            checked = Checked(refusal_as_report(error, now=now()), None)
        if request.accept_mimetypes.best == "application/json":
            return jsonify(checked_as_json(checked))
        return render_template("verifier/verdict.html", checked=checked)

    return pages


def _handed_over() -> bytes | str:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        content: bytes = upload.read()
        return content
    text = request.form.get("credential", "").strip()
    if not text:
        sentence = gettext("Paste a credential or its link, or choose a file.")
        raise Malformed("nothing-given", sentence, place="credential")
    return text
