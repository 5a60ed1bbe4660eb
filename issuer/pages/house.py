"""What the pages work with, in one place, so that a view gets one argument."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from accounts.guard import current_person
from issuer.office import Office
from issuer.reading import Records
from vc.errors import Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The use cases, the records, the clock, and our own origin."""

    office: Office
    records: Records
    origin: str
    now: Callable[[], datetime]


def viewer() -> str | None:
    """The id of whoever is reading, if they are signed in."""
    person = current_person()
    return None if person is None else person.id


def wants_page() -> bool:
    """Only browsers name text/html; everybody else gets the document for programs."""
    accepted = request.accept_mimetypes
    named = "text/html" in accepted.values()
    best = accepted.best_match(["application/json", "application/ld+json", "text/html"])
    return named and best == "text/html"


def to_the_wallet(request_uri: str) -> Response:
    """On to the page where the wallet shows a ballot and asks for the signature."""
    return redirect(f"/wallet/sign?{urlencode({'request_uri': request_uri})}", 303)


def required(name: str) -> str:
    """A form field that must be filled in. Raises Malformed with its name as the place."""
    value: str = request.form.get(name, "").strip()
    if not value:
        raise Malformed("form", "This is needed.", place=name)
    return value
