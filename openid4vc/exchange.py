"""How the protocol messages travel: the HTTP port, forms, JSON answers and OAuth errors."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from vc.documents import LARGEST, JsonObject, parse
from vc.errors import Malformed, Refused, Unavailable

LONGEST_URL: Final = 2_048  # characters
_FORM_FIELDS: Final = 16
# RFC 6749 section 5.2: printable ASCII without the quotation mark and the backslash.
_NOT_DESCRIPTIVE: Final = re.compile(r'[^\x20-\x7e]|["\\]')
_CODE: Final = re.compile(r"[a-z_]{1,64}")

FORM: Final = {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"}
JSON: Final = {"content-type": "application/json", "accept": "application/json"}


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Http(Protocol):
    """Sends one HTTP request, within limits of size and time, and follows no redirect."""

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The answer, whatever its status. Raises vc.errors.Unavailable when there is none."""
        ...


class OAuthError(Refused):
    """A refusal with a code of RFC 6749, OpenID4VCI or OpenID4VP."""

    def document(self) -> JsonObject:
        """The JSON error object (RFC 6749 section 5.2)."""
        description = _NOT_DESCRIPTIVE.sub("", self.sentence)
        return {"error": self.code, "error_description": description}

    @property
    def status(self) -> int:
        """The HTTP status that goes with the code: 401 for a bad token (RFC 6750), else 400."""
        return 401 if self.code == "invalid_token" else 400


def web_url(value: object, *, place: str) -> str:
    """`value` if it is an absolute http(s) URL without user or fragment. Raises Malformed.

    Which hosts may be reached, and that the outside is https, is the port's to guard.
    """
    if not isinstance(value, str) or not value.isascii() or len(value) > LONGEST_URL:
        raise Malformed("url", "A web address was expected.", place=place)
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise Malformed("url", "A web address was expected.", place=place) from error
    plain = not parts.fragment and "@" not in parts.netloc and not re.search(r"[\s\\]", value)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not plain:
        raise Malformed("url", "A web address was expected.", place=place)
    return value


def write_form(fields: Mapping[str, str]) -> bytes:
    """`fields` as application/x-www-form-urlencoded."""
    return urlencode(fields).encode("ascii")


def read_form(body: bytes | str) -> dict[str, str]:
    """The fields of a form; a field that occurs twice, or is no UTF-8, is refused.

    Raises OAuthError `invalid_request`, as RFC 6749 section 3.2 asks.
    """
    try:
        text = body.decode("ascii") if isinstance(body, bytes) else body
        strict = bool(text)  # the standard library calls the empty form an error
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=strict,
            errors="strict",
            max_num_fields=_FORM_FIELDS,
        )
    except ValueError as error:
        raise OAuthError("invalid_request", "The form cannot be read.") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OAuthError("invalid_request", "A field of the form occurs twice.")
    return fields


def read_json(answer: Answer, *, source: str, largest: int = LARGEST) -> JsonObject:
    """The JSON object that `source` (a name for people) answered with status 200.

    Raises OAuthError with the other side's code, Unavailable for any other failure.
    """
    if answer.status != 200:
        _raise_refusal(answer, source)
    return parse(answer.body, largest=largest)


def _raise_refusal(answer: Answer, source: str) -> NoReturn:
    try:
        code = str(parse(answer.body).get("error", ""))
    except Malformed:
        code = ""
    # Only the code is repeated: the description is a stranger's text.
    if 400 <= answer.status < 500 and _CODE.fullmatch(code):
        raise OAuthError(code, f"{source} refused: {code}.")
    raise Unavailable("http-status", f"{source} answered with HTTP status {answer.status}.")


def text_of(document: Mapping[str, object], name: str) -> str:
    """The non-empty string `name` of a message. Raises Malformed with its place."""
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise Malformed("message", f"The message lacks {name}.", place=f"/{name}")
    return value
