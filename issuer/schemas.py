"""What the issuer's HTTP interface for programs takes and gives (VC-API 0.3, Issuing)."""

from typing import Any, Final

from marshmallow import (
    EXCLUDE,
    RAISE,
    Schema,
    ValidationError,
    fields,
    post_load,
    validate,
    validates_schema,
)

from issuer.securing import Wish, wish
from vc.issue import Form
from vc.public_key import KeyKind
from vc.selective import MOST_POINTERS

_TOKENS: Final = (Form.JWT.value, Form.VC_JWT.value)
_SUITES: Final = tuple(form.value for form in Form if form.value not in _TOKENS)
_KIND_OF: Final = {
    "EdDSA": KeyKind.ED25519,
    "ES256": KeyKind.P256,
    "ES384": KeyKind.P384,
    "RS256": KeyKind.RSA,
}


class IssueOptions(Schema):
    """Options of VC-API; those that are not read here do no harm.

    `cryptosuite` asks for a proof, `format` for a token, `algorithm` for one of its algorithms, or
    for the curve of an ECDSA proof.
    """

    class Meta:
        unknown = EXCLUDE

    cryptosuite = fields.String(validate=validate.OneOf(_SUITES))
    format = fields.String(validate=validate.OneOf(_TOKENS))
    algorithm = fields.String(validate=validate.OneOf(tuple(_KIND_OF)))
    mandatoryPointers = fields.List(  # noqa: N815 - VC-API spells it so
        fields.String(), load_default=list, validate=validate.Length(0, MOST_POINTERS)
    )

    @validates_schema
    def _one_form(self, data: dict[str, Any], **_: Any) -> None:
        if "cryptosuite" in data and "format" in data:
            raise ValidationError("A credential gets a proof or becomes a token, not both.")

    @post_load
    def _as_wish(self, data: dict[str, Any], **_: Any) -> Wish:
        form = Form(data.get("cryptosuite") or data.get("format") or Form.EDDSA_RDFC)
        kind = _KIND_OF[data["algorithm"]] if "algorithm" in data else None
        return wish(form, kind, tuple(data["mandatoryPointers"]))


class IssueRequest(Schema):
    """An unsigned credential; its own members are checked when it is signed."""

    class Meta:
        unknown = RAISE

    credential = fields.Dict(keys=fields.String(), required=True)
    options = fields.Nested(IssueOptions, load_default=Wish)


class IssueResponse(Schema):
    """The credential with its proof."""

    verifiableCredential = fields.Dict(required=True)  # noqa: N815 - VC-API spells it so


class OfferRequest(Schema):
    """Which credential to offer to its holder, by its id."""

    class Meta:
        unknown = RAISE

    credentialId = fields.String(required=True)  # noqa: N815 - spelled as in VC-API


class OfferResponse(Schema):
    """The address that the holder's wallet opens (OpenID4VCI 1.0, section 4.1)."""

    credential_offer_uri = fields.String(required=True)


class Menu(Schema):
    """The badges of an issuer, each an Open Badges Achievement."""

    achievements = fields.List(fields.Dict(), required=True)


class TrueOrFalse(fields.Field[bool]):
    """JSON's true or false: what only looks like one of them revokes nothing."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("true or false was expected here.")
        return value


class StatusChange(Schema):
    """Which status is meant: a purpose, or the whole entry as the credential carries it."""

    class Meta:
        unknown = RAISE

    id = fields.String()
    type = fields.String(required=True, validate=validate.Equal("BitstringStatusListEntry"))
    statusPurpose = fields.String(required=True)  # noqa: N815 - spelled as in VC-API
    statusListIndex = fields.String()  # noqa: N815 - spelled as in VC-API
    statusListCredential = fields.String()  # noqa: N815 - spelled as in VC-API
    statusReference = fields.Raw()  # noqa: N815 - spelled as in VC-API


class StatusRequest(Schema):
    """A change of a credential's status (VC-API 0.3, section 3.2.2).

    `status` says whether it is set from now on. Elsewhere, or misspelled, it would not be read, and
    a credential that was to be cleared would be revoked for good.
    """

    class Meta:
        unknown = RAISE

    credentialId = fields.String(required=True)  # noqa: N815 - spelled as in VC-API
    credentialStatus = fields.Nested(StatusChange, required=True)  # noqa: N815 - spelled as in VC-API
    status = TrueOrFalse(load_default=True)


class QualityQuery(Schema):
    """Which badge is asked about, by its id."""

    class Meta:
        unknown = RAISE

    credential = fields.String(required=True, validate=validate.Length(1, 500))


class QualityFinding(Schema):
    """What a moderator found of an audited badge, and when."""

    outcome = fields.String(required=True, validate=validate.OneOf(("upheld", "overturned")))
    at = fields.String(required=True)


class QualitySample(Schema):
    """The sample of what the same circle awarded from `begins` until before `ends`.

    `read` of `sampled` of the `badges` were read; `overturned` counts what was added too. `bound`
    says what that proves; while it is `open`, more is being read.
    """

    begins = fields.String(required=True)
    ends = fields.String(required=True)
    badges = fields.Integer(required=True)
    sampled = fields.Integer(required=True)
    read = fields.Integer(required=True)
    overturned = fields.Integer(required=True)
    bound = fields.String(required=True)
    open = fields.Boolean(required=True)


class QualityAnswer(Schema):
    """Who had the last word on a badge (ballot, moderator, appeal), and what audits found."""

    credential = fields.String(required=True)
    rules = fields.String(required=True)
    decidedBy = fields.String(required=True)  # noqa: N815 - spelled as in the issuer's documents
    audit = fields.Nested(QualityFinding, required=True, allow_none=True)
    sample = fields.Nested(QualitySample, required=True, allow_none=True)
