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


@dataclass(frozen=True, slots=True)
class PasswordForm:
    """The present password, and the one to put in its place."""

    present: str = field(repr=False)
    wanted: str = field(repr=False)


class PasswordSchema(Schema):
    """The fields of the form for another password, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    present = fields.String(required=True, validate=validate.Length(1, 1024))
    wanted = fields.String(required=True, validate=validate.Length(1, 1024))


def read_sign_in(form: Mapping[str, str]) -> SignInForm:
    """The sign-in form. Raises Malformed, whose place is the field."""
    loaded = _loaded(SignInSchema(), form)
    return SignInForm(loaded["email"], loaded["password"], safe_next(loaded["next"]))


def read_password(form: Mapping[str, str]) -> PasswordForm:
    """The form for another password. Raises Malformed, whose place is the field."""
    loaded = _loaded(PasswordSchema(), form)
    return PasswordForm(loaded["present"], loaded["wanted"])


def _loaded(schema: Schema, form: Mapping[str, str]) -> dict[str, str]:
    try:
        loaded: dict[str, str] = schema.load({k: v for k, v in form.items() if k != "csrf_token"})
    except ValidationError as error:
        place = next(iter(error.messages_dict))
        raise Malformed("form", "This field was not filled in as expected.", place=place) from error
    return loaded


def safe_next(wanted: str) -> str:
    """A path on this site to go on to; the home page for anything that could lead elsewhere."""
    # Browsers read a backslash as a slash, and drop control characters: both can make //host.
    is_path = wanted.startswith("/") and not wanted.startswith("//")
    is_plain = wanted.isascii() and wanted.isprintable() and "\\" not in wanted
    return wanted if is_path and is_plain else "/"
