"""What the forms of accounts may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from vc.errors import Malformed


@dataclass(frozen=True, slots=True)
class SignInForm:
    """An address, a password, and where to go afterwards."""

    email: str
    password: str = field(repr=False)
    next: str


class SignInSchema(Schema):
    """The fields of the sign-in form, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    email = fields.String(required=True, validate=validate.Length(1, 254))
    password = fields.String(required=True, validate=validate.Length(1, 1024))
    next = fields.String(load_default="/")


def read_sign_in(form: Mapping[str, str]) -> SignInForm:
    """The sign-in form. Raises Malformed, whose place is the field."""
    try:
        loaded = SignInSchema().load({k: v for k, v in form.items() if k != "csrf_token"})
    except ValidationError as error:
        place = next(iter(error.messages_dict))
        raise Malformed("form", "This field was not filled in as expected.", place=place) from error
    return SignInForm(loaded["email"], loaded["password"], safe_next(loaded["next"]))


def safe_next(wanted: str) -> str:
    """A path on this site to go on to; the home page for anything that could lead elsewhere."""
    # Browsers read a backslash as a slash, and drop control characters: both can make //host.
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if is_path and is_plain else "/"
