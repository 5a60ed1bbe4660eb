"""The pages of a receiving university. Nobody needs an account, and nothing is kept."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from accounts.guard import ANYONE, allow
from degree.receiving.desk import LARGEST_PROGRAMME, Brought, Desk, NoWallet
from degree.receiving.dossier import dossier, marks
from degree.receiving.handed import MOST_CREDENTIALS
from degree.receiving.presented import NothingHolds
from degree.receiving.reading import Reading
from degree.receiving.schemas import Given, read_receiving, read_taken
from degree.rules.faults import MOST_TOLD, Faulty
from degree.wording import both_units
from vc.errors import Malformed, Refused, Unavailable

_STATUS: Final[Mapping[type[Refused], int]] = {Unavailable: 503}
_TOO_LARGE: Final = "too-large-to-read"


def pages(desk: Desk, *, now: Callable[[], datetime]) -> Blueprint:
    """The blueprint of /degree/receiving, whose templates are among those of the degree office."""
    blueprint = Blueprint("degree_receiving", __name__, url_prefix="/degree/receiving")
    blueprint.app_template_filter("both_units")(both_units)

    for add_views in (_add_reading, _add_taking):
        add_views(blueprint, desk, now)

    @blueprint.teardown_request
    def close_files(_error: BaseException | None) -> None:
        """A large file waits on disk until it is closed."""
        request.close()

    return blueprint


def _add_reading(blueprint: Blueprint, desk: Desk, now: Callable[[], datetime]) -> None:
    @blueprint.get("/")
    @allow(ANYONE)
    def ask() -> str:
        return _form(desk, now())

    @blueprint.post("/")
    @allow(ANYONE)
    def read() -> Response:
        try:
            reading = desk.read(_brought(read_receiving(request.form), now()), now=now())
            return _private(_page(desk, reading, now()))
        except Refused as refusal:
            return make_response(_form(desk, now(), refusal), _STATUS.get(type(refusal), 400))

    @blueprint.post("/again")
    @allow(ANYONE)
    def again() -> Response:
        reading = desk.carrier.opened(read_taken(request.form).reading, now=now())
        trusting = frozenset(request.form.getlist("trust"))
        return _private(_page(desk, desk.read_again(reading, trusting=trusting), now()))

    @blueprint.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> Response:
        sentence = _("What was sent is larger than this page takes. Choose fewer or smaller files.")
        return make_response(_form(desk, now(), Malformed(_TOO_LARGE, sentence)), 413)


def _add_taking(blueprint: Blueprint, desk: Desk, now: Callable[[], datetime]) -> None:
    @blueprint.post("/dossier")
    @allow(ANYONE)
    def take() -> Response:
        taken = read_taken(request.form)
        reading = desk.carrier.opened(taken.reading, now=now())
        if taken.take == "record":
            return _file(reading.judged.record.encode(), "application/json", "record.json")
        if taken.take == "pdf":
            paper = desk.paper(reading, award=taken.award)
            return _file(paper, "application/pdf", "dossier.pdf")
        page = render_template(
            "degree/receiving/dossier.html",
            dossier=dossier(reading, award_id=taken.award),
            award=taken.award,
            carried=taken.reading,
        )
        return _private(page)


def _brought(given: Given, now: datetime) -> Brought:
    files = [file for file in request.files.getlist("files") if file.filename]
    return Brought(
        programme=_upload("programme", most=LARGEST_PROGRAMME + 1),
        chosen=given.chosen,
        address=given.address,
        files=tuple((file.filename or "", file.read()) for file in files),
        records=_upload("records"),
        registered=given.registered or now.date(),
        name=given.name,
    )


def _upload(field: str, *, most: int = -1) -> bytes:
    file = request.files.get(field)
    return file.read(most) if file else b""


def _form(desk: Desk, now: datetime, refusal: Refused | None = None) -> str:
    faults = refusal.faults[:MOST_TOLD] if isinstance(refusal, Faulty) else ()
    # A request that is too large has no form that could be read.
    given = {} if refusal and refusal.code == _TOO_LARGE else request.form
    return render_template(
        "degree/receiving/ask.html",
        shelf=desk.shelf,
        refusal=refusal,
        faults=faults,
        more=len(refusal.faults) - len(faults) if isinstance(refusal, Faulty) else 0,
        aside=refusal.aside if isinstance(refusal, NothingHolds) else (),
        is_faultless=isinstance(refusal, NoWallet),
        remarks=refusal.remarks if isinstance(refusal, NoWallet) else (),
        given=given,
        today=now.date().isoformat(),
        most=MOST_CREDENTIALS,
    )


def _page(desk: Desk, reading: Reading, now: datetime) -> str:
    return render_template(
        "degree/receiving/reading.html",
        reading=reading,
        statement=reading.judged.statement,
        rules=reading.judged.rules,
        marks=marks(reading),
        carried=desk.carrier.carried(reading, now=now),
    )


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = make_response(content)
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _private(page: str) -> Response:
    response = make_response(page)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
