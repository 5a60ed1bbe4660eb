"""What every form of the board has in common: its own fields, lines, texts and days."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, pre_load, validate

from degree.board.faults import Faulty
from degree.rules.checks import FIRST_YEAR, LAST_YEAR

LONGEST_LINE: Final = 200  # characters
LONGEST_TEXT: Final = 4_000
SAYS: Final[dict[str, Any]] = {
    "required": "This is needed.",
    "invalid": "This cannot be read.",
    "null": "This is needed.",
    "too_large": "This number is too large.",
    "special": "This is no number.",
    "unknown": "This cannot be read.",
}


def line(*, longest: int = LONGEST_LINE, **options: Any) -> fields.String:
    """A line of text."""
    too_long = f"At most {longest} characters."
    length = validate.Length(max=longest, error=too_long)
    return fields.String(validate=length, error_messages=SAYS, **options)


def text(*, longest: int = LONGEST_TEXT, **options: Any) -> fields.String:
    """Some lines of text."""
    return line(longest=longest, **options)


def _in_calendar(day: date) -> None:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValidationError(f"A day from {FIRST_YEAR} to {LAST_YEAR} is expected.")


def day(**options: Any) -> fields.Date:
    """A day in the calendar of programmes."""
    return fields.Date(validate=_in_calendar, error_messages=SAYS, **options)


class Form(Schema):
    """A form: its own fields, and no others; what was left empty is not there."""

    class Meta:
        unknown = RAISE

    @pre_load
    def _without_blanks(self, given: Mapping[str, str], **_: Any) -> dict[str, str]:
        stripped = {name: value.strip() for name, value in given.items() if name != "csrf_token"}
        unseen = [
            name
            for name, value in stripped.items()
            if any(ord(sign) < ord(" ") and sign not in "\r\n\t" for sign in value)
        ]
        if unseen:
            said = ["This holds signs that nobody can see."]
            raise ValidationError(dict.fromkeys(unseen, said))
        return {name: value for name, value in stripped.items() if value}


class ConfirmationForm(Form):
    """That something was read and is agreed to."""

    confirmed = fields.String(required=True, validate=validate.Equal("yes"), error_messages=SAYS)


def read_confirmation(form: Mapping[str, str]) -> None:
    """Raises Malformed, whose place is the field, unless it is confirmed."""
    read(ConfirmationForm(), form)


def read(schema: Schema, form: Mapping[str, str]) -> Any:
    """What a form holds. Raises Malformed, whose places are the fields (degree/board/faults.py)."""
    try:
        return schema.load(form)
    except ValidationError as error:
        faults = {str(place): _first(said) for place, said in error.messages_dict.items()}
        raise Faulty("form", faults) from error


def _first(said: object) -> str:
    return str(said[0]) if isinstance(said, list) and said else "This cannot be read."
