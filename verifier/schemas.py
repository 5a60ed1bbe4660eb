"""What the verifier's HTTP interface takes and gives (VC-API 0.3, Verifying)."""

from typing import Any

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields


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
