"""What the forms of the wallet may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from vc.errors import Malformed
from wallet.sharing import LONGEST_PURPOSE, MOST_SHARED


@dataclass(frozen=True, slots=True)
class ShareForm:
    """The badges to show, what for, and the last day, if there is to be one."""

    credentials: tuple[str, ...]
    purpose: str
    last_day: date | None


class ShareSchema(Schema):
    """The fields of the form that makes a share link, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    credentials = fields.List(
        fields.String(validate=validate.Length(1, 32)),
        required=True,
        validate=validate.Length(1, MOST_SHARED),
    )
    purpose = fields.String(load_default="", validate=validate.Length(0, LONGEST_PURPOSE))
    last_day = fields.Date(load_default=None, allow_none=True)


def read_share(form: Mapping[str, Any], credentials: list[str]) -> ShareForm:
    """The share form. Raises Malformed, whose place is the field."""
    given = {
        name: value for name, value in form.items() if name not in {"csrf_token", "credentials"}
    }
    if not given.get("last_day"):
        given.pop("last_day", None)  # an empty date field is sent as an empty string
    try:
        loaded = ShareSchema().load({**given, "credentials": credentials})
    except ValidationError as error:
        place = str(next(iter(error.messages_dict)))
        raise Malformed("form", "This field was not filled in as expected.", place=place) from error
    return ShareForm(tuple(loaded["credentials"]), loaded["purpose"], loaded["last_day"])
