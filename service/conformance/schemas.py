"""What the endpoints for conformance suites take (VC-API 0.3)."""

from marshmallow import EXCLUDE, RAISE, Schema, fields, validate

from vc.selective import MOST_POINTERS


class IssueOptions(Schema):
    """Options of VC-API; those that are not read here do no harm."""

    class Meta:
        unknown = EXCLUDE

    mandatoryPointers = fields.List(  # noqa: N815 - VC-API spells it so
        fields.String(), load_default=list, validate=validate.Length(0, MOST_POINTERS)
    )


class IssueRequest(Schema):
    """An unsigned credential; its own members are checked when it is signed."""

    class Meta:
        unknown = RAISE

    credential = fields.Dict(keys=fields.String(), required=True)
    options = fields.Nested(IssueOptions, load_default=lambda: IssueOptions().load({}))
