"""What an issuer publishes of the quality of a badge; whatever else stands there is its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from vc.documents import JsonObject
from vc.errors import Malformed

_LONGEST: Final = 500  # characters
_MOST: Final = 10_000_000  # badges


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a moderator found of a badge."""

    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The sample of a badge's circle and period; while it is `open`, it is being read."""

    badges: int
    sampled: int
    overturned: int
    bound: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What an issuer says of one badge."""

    credential: str
    decided_by: str
    audit: Finding | None
    sample: Sample | None


class _Known(Schema):
    class Meta:
        unknown = EXCLUDE


class _Finding(_Known):
    outcome = fields.String(required=True, validate=validate.OneOf(("upheld", "overturned")))
    at = fields.AwareDateTime(required=True)

    @post_load
    def _as_finding(self, data: dict[str, Any], **_: Any) -> Finding:
        return Finding(**data)


def _count() -> fields.Integer:
    return fields.Integer(required=True, strict=True, validate=validate.Range(0, _MOST))


class _Sample(_Known):
    badges, sampled, overturned = _count(), _count(), _count()
    bound = fields.String(load_default="", validate=validate.Length(0, _LONGEST))
    open = fields.Boolean(required=True)

    @post_load
    def _as_sample(self, data: dict[str, Any], **_: Any) -> Sample:
        return Sample(**data)


class _Published(_Known):
    credential = fields.String(required=True)
    decidedBy = fields.String(  # noqa: N815 - as issuers spell it
        load_default="", validate=validate.Length(0, _LONGEST), attribute="decided_by"
    )
    audit = fields.Nested(_Finding, load_default=None, allow_none=True)
    sample = fields.Nested(_Sample, load_default=None, allow_none=True)

    @post_load
    def _as_published(self, data: dict[str, Any], **_: Any) -> Published:
        return Published(**data)


def read_published(document: JsonObject) -> Published:
    """An issuer's answer. Raises Malformed."""
    try:
        published: Published = _Published().load(document)
    except ValidationError as error:
        raise Malformed("quality", "This is no answer about a badge's quality.") from error
    return published
