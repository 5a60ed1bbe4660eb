"""What is said when something is refused or breaks: the only place that knows HTTP statuses.

Programs get application/problem+json (RFC 9457), browsers a page. No answer shows a traceback;
an unforeseen error is logged under the id that the reader is told.
"""

import logging
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from accounts.attempts import TooManyAttempts
from accounts.pages import sign_in_first
from keys.register import UNUSABLE
from service.database import OUT_OF_SERVICE, UNFIT
from vc.errors import (
    Conflict,
    Forbidden,
    Gone,
    Malformed,
    Missing,
    NotAuthenticated,
    Refused,
    Unavailable,
)

_SAID: Final = 200  # characters that are repeated of what was sent
_log = logging.getLogger(__name__)

_STATUS: Final[tuple[tuple[type[Refused], int], ...]] = (
    (TooManyAttempts, 429),
    (Malformed, 400),
    (NotAuthenticated, 401),
    (Forbidden, 403),
    (Missing, 404),
    (Conflict, 409),
    (Gone, 410),
    (Unavailable, 503),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One refusal in the terms of RFC 9457; `place` says where in the input the fault lies."""

    status: int
    code: str
    detail: str
    place: str = ""
    errors: object = None


def status_of(refusal: Refused) -> int:
    """The HTTP status for a kind of refusal."""
    return next((status for kind, status in _STATUS if isinstance(refusal, kind)), 400)


def install(app: Flask) -> None:
    """Answer every error of `app` as a problem."""
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(HTTPException, _http)
    for kind in OUT_OF_SERVICE:
        app.register_error_handler(kind, _out_of_service)
    app.register_error_handler(UNFIT, _unfit)
    app.register_error_handler(Exception, _unforeseen)


def wants_page() -> bool:
    """Whether a browser is asking: only browsers put text/html before everything else."""
    best = request.accept_mimetypes.best_match(["application/json", "text/html"])
    return best == "text/html" and "text/html" in request.accept_mimetypes.values()


def _refused(refusal: Refused) -> Response:
    if refusal.code == UNUSABLE:
        # The operator's to mend, and no stranger's to know where it lies and what is wrong.
        _log.error("no key can be used: %s", refusal)
        sentence = gettext("Nothing can be signed or proved here at the moment.")
        return _answer(Problem(503, "keys", sentence))
    if isinstance(refusal, NotAuthenticated) and wants_page() and request.method == "GET":
        return sign_in_first()
    status = status_of(refusal)
    return _answer(Problem(status, refusal.code, refusal.sentence, refusal.place))


def _http(error: HTTPException) -> Response:
    # Redirects that werkzeug raises (a missing slash at the end) are answers, not problems.
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    detail = _spoken(error)
    code = "csrf" if isinstance(error, CSRFError) else f"http-{error.code}"
    # flask-smorest puts what marshmallow found into `data`.
    errors = getattr(error, "data", {}).get("messages")
    if errors:
        code, detail = "request", "; ".join(_faults(errors))
    answer = _answer(Problem(error.code or 500, code, detail, errors=errors))
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def _faults(errors: object, place: str = "") -> Iterator[str]:
    """What marshmallow found, as a sentence for each member that is at fault."""
    if isinstance(errors, Mapping):
        for name, within in errors.items():
            # webargs puts the part of the request around all.
            yield from _faults(within, place if name == "json" and not place else f"{place}/{name}")
    elif isinstance(errors, list):
        yield f"{place[:_SAID]}: {' '.join(map(str, errors))[:_SAID]}"


def _spoken(error: HTTPException) -> str:
    """What to say: our own words in place of the web framework's, where a reader may see them."""
    said = error.description or ""
    if said != type(error).description:
        return said
    if isinstance(error, MethodNotAllowed) and not wants_page():
        taken = ", ".join(sorted(set(error.valid_methods or ()) - {"HEAD", "OPTIONS"}))
        return f"This address takes {taken or 'no such method'}."
    ours = {
        404: gettext("Nothing is at this address. Perhaps it was mistyped, or cut off on its way."),
        405: gettext("This address is there for a form to be sent to. Go back, and send it again."),
        413: gettext(
            "What was sent is larger than this address takes: %(files)s MB in all, and of that "
            "%(texts)s kB typed into a form. Choose a smaller file.",
            files=(request.max_content_length or 0) // 1_048_576,
            texts=(request.max_form_memory_size or 0) // 1_000,
        ),
    }
    return str(ours.get(error.code or 500, said))


def _out_of_service(error: Exception) -> Response:
    _log.error("the database is out of service", exc_info=error)
    sentence = gettext("The database does not answer at the moment. Try again soon.")
    return _answer(Problem(503, "database", sentence))


def _unfit(_error: Exception) -> Response:
    sentence = gettext("A text in this request is too long, or holds what no text may hold.")
    return _answer(Problem(400, "text", sentence))


def _unforeseen(error: Exception) -> Response:
    incident = secrets.token_hex(6)
    _log.error("incident %s at %s", incident, request.endpoint, exc_info=error)
    sentence = gettext("Something went wrong here. When you ask, name %(id)s.", id=incident)
    return _answer(Problem(500, "incident", sentence))


def _answer(problem: Problem) -> Response:
    if wants_page():
        page = make_response(render_template("problem.html", problem=problem), problem.status)
    else:
        page = jsonify(_members(problem))
        page.status_code = problem.status
        page.mimetype = "application/problem+json"
    if problem.status == 401:
        page.headers["WWW-Authenticate"] = "Bearer"
    if problem.status == 503:
        page.headers["Retry-After"] = "30"
    return page


def _members(problem: Problem) -> dict[str, object]:
    members: dict[str, object] = {
        "type": f"urn:learnometer:problem:{problem.code}",
        "title": problem.code,
        "status": problem.status,
        "detail": problem.detail,
    }
    if problem.place:
        members["place"] = problem.place
    if problem.errors:
        members["errors"] = problem.errors
    return members
