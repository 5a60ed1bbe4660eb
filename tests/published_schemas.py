"""The JSON Schemas that 1EdTech published for Open Badges 3.0, and what breaks them."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Final

from jsonschema import Draft201909Validator, FormatChecker

from vc.documents import JsonObject

# The strict one: what may be a list is a list (vectors/SOURCE.md).
BADGE: Final = "ob_v3p0_achievementcredential_schema.educredentials.json"
ENDORSEMENT: Final = "ob_v3p0_endorsementcredential_schema.json"
CLR: Final = "clr_v2p0_clrcredential_schema.json"

# jsonschema passes over each format that it has no checker for, and it has none for date-time.
FORMATS: Final = FormatChecker(formats=("date",))
_DATE_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    """RFC 3339, which asks for the time zone."""
    if not isinstance(value, str):
        return True  # A schema says elsewhere that it is a text.
    return _DATE_TIME.fullmatch(value) is not None and bool(datetime.fromisoformat(value))


def published(schema: str, vectors: Path) -> JsonObject:
    """One of the schemas above, read in place."""
    document: JsonObject = json.loads((vectors / "schemas" / schema).read_bytes())
    return document


def faults(document: JsonObject, schema: str, vectors: Path) -> list[str]:
    """Where a document breaks a published schema, and how."""
    validator = Draft201909Validator(published(schema, vectors), format_checker=FORMATS)
    return [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)
    ]
