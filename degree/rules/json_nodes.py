"""JSON as the values that a `Reader` reads, and back: what YAML writes has one form as JSON."""

import math
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from degree.rules.faults import Faults, Node, Written
from degree.rules.reading import Reader, as_json_number
from vc.documents import DEEPEST, LARGEST_INTEGER
from vc.errors import Malformed

_HALF: Final = re.compile(r"[\ud800-\udfff]")


def read_json(document: Mapping[str, object], *, faults: Faults) -> Reader:
    """The root of a JSON object. Raises Malformed for values that JSON does not have."""
    return Reader(_node(document, depth=0), "", faults)


def as_json(node: Node) -> object:
    """The value as JSON: days as ISO 8601 texts, whole numbers as integers."""
    value = node.value
    if isinstance(value, dict):
        return {key: as_json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_json(child) for child in value]
    if isinstance(value, Decimal):
        return as_json_number(value)
    return value.isoformat() if isinstance(value, date) else value


def _node(value: object, *, depth: int) -> Node:
    if depth > DEEPEST:
        raise Malformed("json-depth", f"The document is nested deeper than {DEEPEST}.")
    if isinstance(value, Mapping):
        return Node({_text(key): _node(each, depth=depth + 1) for key, each in value.items()}, 0)
    if isinstance(value, list):
        return Node([_node(each, depth=depth + 1) for each in value], 0)
    return Node(_scalar(value), 0)


def _scalar(value: object) -> Written:
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Malformed("json-number", f"{value} is not a JSON number.")
        return Decimal(str(value))
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise Malformed("json-number", "An integer is beyond 2^53.")
    if value is None or isinstance(value, bool | int):
        return value
    return _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("json", f"JSON has no values of the type {type(value).__name__}.")
    if _HALF.search(value):
        raise Malformed("json-surrogate", "A string holds half a character.")
    return value
