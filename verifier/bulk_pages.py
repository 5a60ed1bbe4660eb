"""Many credentials in one file: hand it over, watch it being checked, take the result along."""

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accounts.guard import ANYONE, allow
from vc.errors import Malformed
from verifier.bulk.checking import KEPT, Batches
from verifier.bulk.item import LARGEST_FILE, MOST_ITEMS
from verifier.bulk.result import as_csv

_AGAIN = "1"  # seconds until a page with an unfinished batch looks again


def blueprint(batches: Batches) -> Blueprint:
    """The blueprint of /verifier/bulk."""
    pages = Blueprint("verifier_bulk", __name__, url_prefix="/verifier/bulk")

    @pages.get("/")
    @allow(ANYONE)
    def ask() -> str:
        """The form."""
        batches.tidy()
        return _form()

    @pages.post("/")
    @allow(ANYONE)
    def open_batch() -> ResponseReturnValue:
        """Take a file in, and lead to its page."""
        file = request.files.get("file")
        try:
            if file is None or not file.filename:
                raise Malformed("nothing-given", _("Choose a CSV or a ZIP."), place="file")
            token = batches.open(file.filename, file.read(LARGEST_FILE + 1))
        except Malformed as refusal:
            return make_response(_form(refusal), 400)
        return redirect(f"/verifier/bulk/{token}", 303)

    @pages.get("/<token>")
    @allow(ANYONE)
    def watch(token: str) -> Response:
        """How far it is; each look checks some more, until everything is checked."""
        batch = batches.proceed(token)
        page = render_template(
            "verifier/batch.html", batch=batch, token=token, rows=batches.rows(batch)
        )
        response = _private(make_response(page))
        if batch.checked < batch.items:
            response.headers["Refresh"] = _AGAIN
        return response

    @pages.get("/<token>/verdicts.csv")
    @allow(ANYONE)
    def result(token: str) -> Response:
        """The result so far, for a spreadsheet."""
        text = as_csv(batches.rows(batches.batch(token)))
        # With the mark at its beginning, spreadsheets read it as UTF-8.
        response = _private(make_response(text.encode("utf-8-sig")))
        response.headers["Content-Type"] = "text/csv; charset=utf-8"
        response.headers["Content-Disposition"] = 'attachment; filename="verdicts.csv"'
        return response

    @pages.post("/<token>/forget")
    @allow(ANYONE)
    def forget(token: str) -> ResponseReturnValue:
        """Delete the batch now."""
        batches.forget(token)
        flash(_("The file and its result were deleted."))
        return redirect("/verifier/bulk/", 303)

    return pages


def _form(refusal: Malformed | None = None) -> str:
    hours = int(KEPT.total_seconds() // 3600)
    return render_template("verifier/bulk.html", refusal=refusal, most=MOST_ITEMS, hours=hours)


def _private(response: Response) -> Response:
    """The address is the key to it, so search engines are kept out."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
