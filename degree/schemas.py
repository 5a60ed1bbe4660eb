"""What the office's forms may hold, and what its JSON looks like."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import INCLUDE, RAISE, Schema, ValidationError, fields, pre_load, validate

from degree.amending import Grounds
from vc.errors import Malformed

_NEEDED: Final = "This is needed."
_TOO_LONG: Final = "At most "


def _text(longest: int) -> fields.String:
    """A text that must be there, of so many characters at most."""
    lengths = (
        validate.Length(min=1, error=_NEEDED),
        validate.Length(max=longest, error=f"{_TOO_LONG}{longest} characters."),
    )
    return fields.String(required=True, validate=lengths, error_messages={"required": _NEEDED})


class Form(Schema):
    """A form: its own fields, and no others."""

    class Meta:
        unknown = RAISE


class AskForm(Form):
    """The programme for which badges are asked."""

    programme = _text(80)


class ConferForm(Form):
    """The registrar's confirmation: the award, as it was read on the page."""

    award = _text(80)
    confirmed = fields.String(required=True, validate=validate.Equal("yes"))


class WithdrawalForm(Form):
    """Why an award is withdrawn, and the registrar's confirmation."""

    reason = _text(1_000)
    authority = _text(300)
    decided_on = fields.Date(required=True)
    confirmed = fields.String(required=True, validate=validate.Equal("yes"))

    @pre_load
    def _without_blanks_around(self, data: dict[str, str], **_: Any) -> dict[str, str]:
        return {key: value.strip() for key, value in data.items()}


class CorrectionForm(WithdrawalForm):
    """The same for a correction, with the holder's name as it is right."""

    name = _text(200)


class RecordResponse(Schema):
    """A decision record (docs/decision-record.md); named here is what a reader looks for first."""

    form = fields.String(required=True, validate=validate.Equal("learnometer-decision/2"))
    today = fields.String(required=True)
    outcome = fields.Dict(required=True)
    verdicts = fields.List(fields.Dict(), required=True)
    approvals = fields.List(fields.Dict(), required=True)

    class Meta:
        """The rest is told by the document that specifies it."""

        unknown = INCLUDE


def read_ask(form: Mapping[str, str]) -> str:
    """The programme asked for. Raises Malformed, whose place is the field."""
    programme: str = read_form(AskForm(), form)["programme"]
    return programme


def read_confer(form: Mapping[str, str]) -> str:
    """The award that is confirmed. Raises Malformed, whose place is the field."""
    award: str = read_form(ConferForm(), form)["award"]
    return award


def read_withdrawal(form: Mapping[str, str]) -> Grounds:
    """Why an award is withdrawn. Raises Malformed, whose place is the field."""
    return _grounds(read_form(WithdrawalForm(), form))


def read_correction(form: Mapping[str, str]) -> tuple[str, Grounds]:
    """The name as it is right, and why. Raises Malformed, whose place is the field."""
    read = read_form(CorrectionForm(), form)
    return read["name"], _grounds(read)


def _grounds(read: Mapping[str, Any]) -> Grounds:
    return Grounds(
        reason=read["reason"], authority=read["authority"], decided_on=read["decided_on"]
    )


def read_form(schema: Schema, form: Mapping[str, str]) -> dict[str, Any]:
    """What a form holds. Raises Malformed, whose place is the first field at fault."""
    try:
        loaded: dict[str, Any] = schema.load({k: v for k, v in form.items() if k != "csrf_token"})
    except ValidationError as error:
        place, said = next(iter(error.messages_dict.items()))
        sentence = str(said[0]) if isinstance(said, list) else ""
        if not sentence.startswith((_NEEDED, _TOO_LONG)):
            sentence = "This field was not filled in as expected."
        raise Malformed("form", sentence, place=place) from error
    return loaded
