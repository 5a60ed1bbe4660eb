"""What the verifier's HTTP interface takes and gives (VC-API 0.3, Verifying)."""

from marshmallow import EXCLUDE, RAISE, Schema, fields


class VerifyOptions(Schema):
    """Options of VC-API; those that are not read here do no harm."""

    class Meta:
        unknown = EXCLUDE

    challenge = fields.String()
    domain = fields.String()


class VerifyCredentialRequest(Schema):
    """A credential to verify: an object with its proof, or a string with a JWS."""

    class Meta:
        unknown = RAISE

    verifiableCredential = fields.Raw(required=True)  # noqa: N815 - VC-API spells it so
    options = fields.Nested(VerifyOptions, load_default=dict)


class ProblemDetail(Schema):
    """One thing that stands against the credential (RFC 9457)."""

    type = fields.String()
    title = fields.String()
    detail = fields.String()


class VerifyCredentialResponse(Schema):
    """The verdict, with every step by name."""

    verified = fields.Boolean(required=True)
    results = fields.Dict(required=True)
    problemDetails = fields.List(fields.Nested(ProblemDetail), required=True)  # noqa: N815
