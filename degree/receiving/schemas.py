"""What the forms of a receiving university may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from marshmallow import fields, validate

from degree.rules.checks import FIRST_YEAR, LAST_YEAR
from degree.schemas import Form, read_form

_FIRST_DAY: Final = date(FIRST_YEAR, 1, 1)
_LAST_DAY: Final = date(LAST_YEAR, 12, 31)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a receiving university filled in; `registered` is None where it was left empty."""

    chosen: str
    address: str
    registered: date | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is to be done with a reading that came back: `take` is page, pdf or record."""

    reading: str = field(repr=False)
    award: str
    take: str


class ReceivingForm(Form):
    """What a receiving university fills in beside the files that it chooses."""

    chosen = fields.String(load_default="", validate=validate.Length(0, 80))
    address = fields.String(load_default="", validate=validate.Length(0, 2000))
    registered = fields.Date(
        load_default=None, allow_none=True, validate=validate.Range(_FIRST_DAY, _LAST_DAY)
    )
    name = fields.String(load_default="", validate=validate.Length(0, 200))


class TakeAlongForm(Form):
    """A reading that comes back with its page, for which award it is wanted, and as what."""

    reading = fields.String(required=True)
    award = fields.String(load_default="", validate=validate.Length(0, 80))
    take = fields.String(load_default="page", validate=validate.OneOf(["page", "pdf", "record"]))


def read_receiving(form: Mapping[str, str]) -> Given:
    """The form of a receiving university. Raises Malformed, whose place is the field."""
    filled = {name: value.strip() for name, value in form.items() if value.strip()}
    loaded = read_form(ReceivingForm(), filled)
    return Given(**loaded)


def read_taken(form: Mapping[str, str]) -> Taken:
    """A reading that comes back. Raises Malformed, whose place is the field."""
    loaded = read_form(TakeAlongForm(), {k: v for k, v in form.items() if k != "trust"})
    return Taken(**loaded)
