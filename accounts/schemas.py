"""What the forms of accounts may hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from accounts.ceremony import Assertion, Attestation
from vc.documents import parse
from vc.encoding import base64url_decode
from vc.errors import Malformed

_LARGEST_ANSWER: Final = 65_536  # bytes; an attestation with certificates has some 4,000


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


@dataclass(frozen=True, slots=True)
class PasskeySignInForm:
    """What the passkey answered, and where to go afterwards."""

    passkey: str = field(repr=False)
    next: str


class PasskeySignInSchema(Schema):
    """The fields of the form for signing in with a passkey, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    passkey = fields.String(required=True, validate=validate.Length(1))
    next = fields.String(load_default="/")


@dataclass(frozen=True, slots=True)
class ConfirmForm:
    """How somebody who is signed in shows that it is still they: one of the two is empty."""

    password: str = field(repr=False)
    passkey: str = field(repr=False)


class ConfirmSchema(Schema):
    """The fields of a form that wants to be confirmed, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    password = fields.String(load_default="", validate=validate.Length(0, 1024))
    passkey = fields.String(load_default="")


@dataclass(frozen=True, slots=True)
class PasskeyForm:
    """The name of a passkey, and what it answered where it is a new one."""

    name: str
    passkey: str = field(repr=False)


class PasskeySchema(Schema):
    """The fields of the forms that name a passkey, and no others."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    name = fields.String(required=True)
    passkey = fields.String(load_default="")


class DigestSchema(Schema):
    """The one field that says what a passkey is asked to approve."""

    class Meta:
        """Unknown fields are refused."""

        unknown = RAISE

    digest = fields.String(required=True, validate=validate.Regexp("[0-9a-f]{64}\\Z"))


class Bytes(fields.String):
    """Bytes in base64url without padding, as browsers are asked to send them."""

    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return base64url_decode(super()._deserialize(*args, **kwargs))
        except Malformed as error:
            raise ValidationError(error.sentence) from error


class AssertionSchema(Schema):
    """What a passkey answers when it signs, and nothing else."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    id = Bytes(required=True)
    clientDataJSON = Bytes(required=True, attribute="client_data")  # noqa: N815 - spelled as in WebAuthn
    authenticatorData = Bytes(required=True, attribute="authenticator_data")  # noqa: N815 - spelled as in WebAuthn
    signature = Bytes(required=True)
    userHandle = Bytes(load_default=None, allow_none=True, attribute="user_handle")  # noqa: N815 - spelled as in WebAuthn


class AttestationSchema(Schema):
    """What a passkey answers when it is made, and nothing else."""

    class Meta:
        """Unknown members are refused."""

        unknown = RAISE

    id = Bytes(required=True)
    clientDataJSON = Bytes(required=True, attribute="client_data")  # noqa: N815 - spelled as in WebAuthn
    attestationObject = Bytes(required=True, attribute="attestation_object")  # noqa: N815 - spelled as in WebAuthn


def read_assertion(answer: str) -> Assertion:
    """The JSON that static/passkeys.js sends when a passkey has signed. Raises Malformed."""
    loaded = _answer(AssertionSchema(), answer)
    return Assertion(credential_id=loaded.pop("id"), **loaded)


def read_attestation(answer: str) -> Attestation:
    """The JSON that static/passkeys.js sends when a passkey was made. Raises Malformed."""
    loaded = _answer(AttestationSchema(), answer)
    return Attestation(credential_id=loaded.pop("id"), **loaded)


def read_sign_in(form: Mapping[str, str]) -> SignInForm:
    """The sign-in form. Raises Malformed, whose place is the field."""
    loaded = _loaded(SignInSchema(), form)
    return SignInForm(loaded["email"], loaded["password"], safe_next(loaded["next"]))


def read_password(form: Mapping[str, str]) -> PasswordForm:
    """The form for another password. Raises Malformed, whose place is the field."""
    loaded = _loaded(PasswordSchema(), form)
    return PasswordForm(loaded["present"], loaded["wanted"])


def read_passkey_sign_in(form: Mapping[str, str]) -> PasskeySignInForm:
    """The form for signing in with a passkey. Raises Malformed, whose place is the field."""
    loaded = _loaded(PasskeySignInSchema(), form)
    return PasskeySignInForm(loaded["passkey"], safe_next(loaded["next"]))


def read_confirm(form: Mapping[str, str]) -> ConfirmForm:
    """A form that wants to be confirmed. Raises Malformed, whose place is the field."""
    loaded = _loaded(ConfirmSchema(), form)
    return ConfirmForm(loaded["password"], loaded["passkey"])


def read_passkey(form: Mapping[str, str]) -> PasskeyForm:
    """A form that names a passkey. Raises Malformed, whose place is the field."""
    loaded = _loaded(PasskeySchema(), form)
    return PasskeyForm(loaded["name"], loaded["passkey"])


def read_digest(form: Mapping[str, str]) -> bytes:
    """The SHA-256 in a form, which has it in hexadecimal. Raises Malformed."""
    return bytes.fromhex(_loaded(DigestSchema(), form)["digest"])


def _answer(schema: Schema, answer: str) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = schema.load(parse(answer, largest=_LARGEST_ANSWER))
    except ValidationError as error:
        place = f"passkey/{next(iter(error.messages_dict))}"
        sentence = "The browser did not send what passkeys answer."
        raise Malformed("passkey", sentence, place=place) from error
    except Malformed as error:
        sentence = "The browser did not send what passkeys answer."
        raise Malformed("passkey", sentence, place="passkey") from error
    return loaded


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
