"""What the office's forms may hold, and what its JSON looks like."""

from collections.abc import Mapping

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from vc.errors import Malformed


class Form(Schema):
    """A form: its own fields, and no others."""

    class Meta:
        unknown = RAISE


class AskForm(Form):
    """The programme for which badges are asked."""

    programme = fields.String(required=True, validate=validate.Length(1, 80))


class ConferForm(Form):
    """The registrar's confirmation: the award, as it was read on the page."""

    award = fields.String(required=True, validate=validate.Length(1, 80))
    confirmed = fields.String(required=True, validate=validate.Equal("yes"))


class AuditResponse(Schema):
    """An audit: its decision record (learnometer-decision/2)."""

    id = fields.String(required=True)
    decided_at = fields.String(required=True)
    record = fields.Dict(required=True)


def read_ask(form: Mapping[str, str]) -> str:
    """The programme asked for. Raises Malformed, whose place is the field."""
    programme: str = _read(AskForm(), form)["programme"]
    return programme


def read_confer(form: Mapping[str, str]) -> str:
    """The award that is confirmed. Raises Malformed, whose place is the field."""
    award: str = _read(ConferForm(), form)["award"]
    return award


def _read(schema: Schema, form: Mapping[str, str]) -> dict[str, str]:
    try:
        loaded: dict[str, str] = schema.load({k: v for k, v in form.items() if k != "csrf_token"})
    except ValidationError as error:
        place = next(iter(error.messages_dict))
        raise Malformed("form", "This field was not filled in as expected.", place=place) from error
    return loaded
