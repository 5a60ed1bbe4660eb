"""Many credentials in one file: hand it over, watch it being checked, take the result along."""

from typing import Final

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from accounts.guard import ANYONE, allow
from vc.errors import Malformed, Missing, Refused, Unavailable
from verifier.bulk.checking import KEPT, Batches
from verifier.bulk.intake import ONE
from verifier.bulk.item import LARGEST_FILE, MOST_ITEMS
from verifier.bulk.result import as_csv

_AGAIN = "1"  # seconds until a page with an unfinished batch looks again
_LATER: Final = str(int(KEPT.total_seconds()))  # seconds until there is room for certain


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

    _add_ways_back(pages)
    return pages


def _add_ways_back(pages: Blueprint) -> None:
    """Whatever goes wrong on these pages is said on the form, where another file can be chosen."""

    @pages.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        sentence = _(
            "The file is larger than %(size)s MB. Split it, and hand the parts over one by one.",
            size=LARGEST_FILE // 1_048_576,
        )
        return _form(Malformed("file-size", sentence)), 413

    @pages.errorhandler(Missing)
    def gone(refusal: Missing) -> ResponseReturnValue:
        return _form(refusal), 404

    @pages.errorhandler(Unavailable)
    def not_now(refusal: Unavailable) -> ResponseReturnValue:
        return _form(refusal), 503, {"Retry-After": _LATER}


def _form(refusal: Refused | None = None) -> str:
    return render_template(
        "verifier/bulk.html",
        refusal=refusal,
        is_one=refusal is not None and refusal.code == ONE,
        most=MOST_ITEMS,
        hours=int(KEPT.total_seconds() // 3600),
    )


def _private(response: Response) -> Response:
    """The address is the key to it, so search engines are kept out."""
    response.headers["X-Robots-Tag"] = "noindex"
    return response
