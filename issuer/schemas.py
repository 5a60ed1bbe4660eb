"""What the issuer's HTTP interface for programs takes and gives (VC-API 0.3, Issuing)."""

from marshmallow import EXCLUDE, RAISE, Schema, fields


class IssueOptions(Schema):
    """Options of VC-API; those that are not read here do no harm."""

    class Meta:
        unknown = EXCLUDE


class IssueRequest(Schema):
    """An unsigned credential; its own members are checked when it is signed."""

    class Meta:
        unknown = RAISE

    credential = fields.Dict(keys=fields.String(), required=True)
    options = fields.Nested(IssueOptions, load_default=dict)


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
