"""The forms in which exceptions are made."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from degree.board.faults import Faulty, faults_of
from degree.board.schemas.form import SAYS, Form, day, line, read, text
from degree.rules.cases_json import OF_ACTION, SAID
from degree.rules.checks import LARGEST_NUMBER
from degree.rules.reading import MOST_YEARS
from degree.rules.records import Action, Attestation, Concession, Interruption, Word
from degree.rules.values import MOST_DECIMALS
from vc.errors import Malformed

_LONGEST_NAME: Final = 500  # of a rule's path or a badge's id


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """Somebody's word, on what the programme calls `name`."""

    name: str
    attestation: Attestation
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """An authorised interruption: by whose authority, by which clause if by one, and why."""

    interruption: Interruption
    authority: str
    clause: str
    why: str


def _as_amount(amount: Decimal) -> None:
    exponent = amount.as_tuple().exponent
    if not 0 <= amount <= LARGEST_NUMBER or not isinstance(exponent, int):
        raise ValidationError(f"A number from 0 to {LARGEST_NUMBER} is expected.")
    if exponent < -MOST_DECIMALS:
        raise ValidationError(f"At most {MOST_DECIMALS} decimals.")


class ConcessionForm(Form):
    """A concession: what it does, to what, and what is said of it."""

    action = fields.Enum(Action, by_value=True, required=True, error_messages=SAYS)
    path = line(longest=_LONGEST_NAME)
    to = fields.Decimal(validate=_as_amount, error_messages=SAYS)
    record = line(longest=_LONGEST_NAME)
    bucket = line()
    year = fields.Integer(
        validate=validate.Range(1, MOST_YEARS, error=f"A year from 1 to {MOST_YEARS} is expected."),
        error_messages=SAYS,
    )
    authority = line(required=True)
    rationale = text(required=True)
    clause_ref = line()
    date = day(required=True)
    expiry = day()

    @validates_schema(skip_on_field_errors=False)
    def _own_fields(self, data: dict[str, Any], **_: Any) -> None:
        """Each kind has its own fields; what is told of a field alone comes first."""
        if "action" not in data:
            return
        own = OF_ACTION[data["action"]]
        others = {name for names in OF_ACTION.values() for name in names} - {*own}
        faults = {name: ["This is needed."] for name in own if name not in data}
        for name in sorted(others & data.keys()):
            faults[name] = ["This does not belong to this kind of concession."]
        if "date" in data and "expiry" in data and data["expiry"] < data["date"]:
            faults["expiry"] = ["It would end before it begins."]
        if faults:
            raise ValidationError(faults)

    @post_load
    def _as_concession(self, data: dict[str, Any], **_: Any) -> Concession:
        return Concession(
            id="",  # the office's to give
            action=data["action"],
            granted=data["date"],
            expiry=data.get("expiry"),
            path=data.get("path", ""),
            to=Fraction(data["to"]) if "to" in data else None,
            record=data.get("record", ""),
            bucket=data.get("bucket", ""),
            year=data.get("year", 0),
            said={name: data[name] for name in SAID if name in data},
        )


class AttestationForm(Form):
    """Somebody's word."""

    name = line(required=True)
    value = fields.Enum(Word, by_value=True, required=True, error_messages=SAYS)
    by = line(required=True)
    on = day(required=True)
    why = text(required=True)

    @post_load
    def _as_attested(self, data: dict[str, Any], **_: Any) -> Attested:
        attestation = Attestation(value=data["value"], by=data["by"], on=data["on"])
        return Attested(name=data["name"], attestation=attestation, why=data["why"])


class InterruptionForm(Form):
    """An authorised interruption, both days included."""

    first = day(required=True)
    last = day(required=True)
    authority = line(required=True)
    clause_ref = line(load_default="")
    why = text(required=True)

    @post_load
    def _as_interruption(self, data: dict[str, Any], **_: Any) -> Interrupted:
        period = Interruption(first=data["first"], last=data["last"])
        return Interrupted(
            interruption=period,
            authority=data["authority"],
            clause=data["clause_ref"],
            why=data["why"],
        )


class WithdrawalForm(Form):
    """Why an exception is withdrawn."""

    why = text(required=True)


def read_concession(form: Mapping[str, str], *, requires: Collection[str]) -> Concession:
    """A concession without an id; `requires` are the parts that the programme wants it to say.

    Raises Malformed, whose places are the fields.
    """
    unsaid = {
        name: "This is needed." for name in sorted(requires) if not form.get(name, "").strip()
    }
    try:
        concession: Concession = read(ConcessionForm(), form)
    except Malformed as refusal:
        raise Faulty("form", {**faults_of(refusal), **unsaid}) from refusal
    if unsaid:
        raise Faulty("form", unsaid)
    return concession


def read_attestation(form: Mapping[str, str]) -> Attested:
    """Somebody's word. Raises Malformed, whose place is the field."""
    attested: Attested = read(AttestationForm(), form)
    return attested


def read_interruption(form: Mapping[str, str]) -> Interrupted:
    """An interruption. Raises Malformed, whose place is the field."""
    interruption: Interrupted = read(InterruptionForm(), form)
    return interruption


def read_withdrawal(form: Mapping[str, str]) -> str:
    """The reason. Raises Malformed, whose place is the field."""
    why: str = read(WithdrawalForm(), form)["why"]
    return why
