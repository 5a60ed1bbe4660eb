"""What the forms of the wallet, and its interface for programs, may hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from vc.errors import Malformed
from vc.selective import MOST_POINTERS
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


class DeriveOptions(Schema):
    """Options of VC-API; those that are not read here do no harm."""

    class Meta:
        unknown = EXCLUDE

    selectivePointers = fields.List(  # noqa: N815 - VC-API spells it so
        fields.String(), load_default=list, validate=validate.Length(0, MOST_POINTERS)
    )


class DeriveRequest(Schema):
    """A credential with a base proof, and JSON pointers to what is to be shown of it."""

    class Meta:
        unknown = RAISE

    verifiableCredential = fields.Dict(keys=fields.String(), required=True)  # noqa: N815
    options = fields.Nested(DeriveOptions, load_default=lambda: DeriveOptions().load({}))


class DeriveResponse(Schema):
    """The part that is shown, with its derived proof."""

    verifiableCredential = fields.Dict(required=True)  # noqa: N815
