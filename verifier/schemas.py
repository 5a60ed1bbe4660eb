"""What the verifier's HTTP interface takes and gives (VC-API 0.3, Verifying)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from vc.errors import Malformed
from verifier.asking.wishes import Kind, Wish
from verifier.trust import KnownIssuer

LONGEST_OTHERS: Final = 500  # characters
_UNEXPECTED: Final = "This field was not filled in as expected."
_WANTED: Final[Mapping[str, str]] = {
    "others": f"Name the other types in up to {LONGEST_OTHERS} characters.",
    "since": "Give the day from which on it is registered.",
    "until": "Give the day that ends it, or leave it open.",
}


class SecuredField(fields.Field[Any]):
    """A credential or presentation as VC-API carries it: an object, or a string with a JWS."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not isinstance(value, str | dict):
            raise ValidationError("An object was expected here, or a string.")
        return value


class VerifyOptions(Schema):
    """Options of VC-API; those that are not read here do no harm."""

    class Meta:
        unknown = EXCLUDE

    challenge = fields.String()
    domain = fields.String()
    expectedProofPurpose = fields.String()  # noqa: N815 - VC-API spells it so
    recipient = fields.String()  # a DID or an e-mail address


class VerifyCredentialRequest(Schema):
    """A credential to verify: an object with its proof, or a string with a JWS."""

    class Meta:
        unknown = RAISE

    verifiableCredential = SecuredField(required=True)  # noqa: N815 - VC-API spells it so
    options = fields.Nested(VerifyOptions, load_default=dict)


class VerifyPresentationRequest(Schema):
    """A presentation to verify; without a proof it is taken for what it is."""

    class Meta:
        unknown = RAISE

    verifiablePresentation = SecuredField(required=True)  # noqa: N815 - VC-API spells it so
    options = fields.Nested(VerifyOptions, load_default=dict)


class ProblemDetail(Schema):
    """One thing that stands against the credential (RFC 9457)."""

    type = fields.String()
    code = fields.String()
    title = fields.String()
    detail = fields.String()


class VerifyCredentialResponse(Schema):
    """The verdict, with every step by name."""

    verified = fields.Boolean(required=True)
    results = fields.Dict(required=True)
    problemDetails = fields.List(fields.Nested(ProblemDetail), required=True)  # noqa: N815


@dataclass(frozen=True, slots=True)
class RegistryForm:
    """An issuer as an editor entered it, why, and the seal of the entry that the editor saw.

    `namesake` says that another issuer of the same name is meant to stay.
    """

    entry: KnownIssuer
    seen: str
    why: str
    namesake: bool


class RegistrySchema(Schema):
    """The fields of the form for an issuer, and no others.

    What the texts have to be the registry says itself, whether they come from here or a file.
    """

    class Meta:
        unknown = RAISE

    did = fields.String(load_default="")
    name = fields.String(load_default="")
    site = fields.String(load_default="")
    issues = fields.List(fields.String(), required=True)
    others = fields.String(load_default="", validate=validate.Length(0, LONGEST_OTHERS))
    since = fields.Date(required=True)
    until = fields.Date(load_default=None, allow_none=True)
    seen = fields.String(load_default="", validate=validate.Length(0, 64))
    why = fields.String(load_default="")
    namesake = fields.Boolean(load_default=False)


def read_registry_form(form: Mapping[str, str], issues: list[str]) -> RegistryForm:
    """The form for an issuer; `issues` are the kinds that are ticked.

    Raises Malformed, whose place is the field.
    """
    given = {k: v.strip() for k, v in form.items() if k not in {"csrf_token", "issues"}}
    try:
        loaded = RegistrySchema().load(
            given | {"issues": issues, "until": given.get("until") or None}
        )
    except ValidationError as error:
        place = next(iter(error.messages_dict))
        sentence = _WANTED.get(place, _UNEXPECTED)
        raise Malformed("form", sentence, place=place) from error
    others = loaded["others"].replace(",", " ").split()
    entry = KnownIssuer(
        did=loaded["did"],
        name=loaded["name"],
        site=loaded["site"].rstrip("/"),
        issues=frozenset([*loaded["issues"], *others]),
        since=_midnight(loaded["since"]),
        until=_midnight(loaded["until"]) if loaded["until"] else None,
    )
    return RegistryForm(entry, loaded["seen"], loaded["why"], loaded["namesake"])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class WishForm(Schema):
    """What an employer asks a wallet for; an empty issuer is any."""

    class Meta:
        unknown = RAISE

    kind = fields.Enum(Kind, by_value=True, required=True)
    issuer = fields.String(load_default="", validate=validate.Length(0, 500))


def read_wish(form: Mapping[str, str]) -> Wish:
    """What is asked for. Raises Malformed, whose place is the field."""
    try:
        loaded = WishForm().load({k: v for k, v in form.items() if k != "csrf_token"})
    except ValidationError as error:
        place = next(iter(error.messages_dict))
        raise Malformed("form", _UNEXPECTED, place=place) from error
    return Wish(loaded["kind"], loaded["issuer"])
