"""JSON as the values that a `Reader` reads, and back: what YAML writes has one form as JSON."""

import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from degree.rules.faults import Faults
from degree.rules.reading import Reader
from degree.rules.values import HALF, Written, as_json_number
from vc.documents import DEEPEST, LARGEST_INTEGER, parse
from vc.errors import Malformed


def read_json(source: bytes | str, *, faults: Faults, largest: int, most_nodes: int) -> Reader:
    """The root of a JSON object that is still a text. Raises Malformed as vc.documents.parse does,
    which lets nothing through that JSON does not have."""
    return Reader(parse(source, largest=largest, most_nodes=most_nodes), faults)


def read_object(document: Mapping[str, object], *, faults: Faults) -> Reader:
    """The root of an object that others made. Raises Malformed for values that JSON does not
    have."""
    return Reader(_value(document, depth=0), faults)


def as_json(value: Written) -> object:
    """The value as JSON: days as ISO 8601 texts, whole numbers as integers."""
    if isinstance(value, dict):
        return {key: as_json(child) for key, child in value.items()}
    if isinstance(value, list):
        return [as_json(child) for child in value]
    if isinstance(value, float | Decimal):
        return as_json_number(value)
    return value.isoformat() if isinstance(value, date) else value


def _value(value: object, *, depth: int) -> Written:
    if depth > DEEPEST:
        raise Malformed("json-depth", f"The document is nested deeper than {DEEPEST}.")
    if isinstance(value, Mapping):
        return {_text(key): _value(each, depth=depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        return [_value(each, depth=depth + 1) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        raise Malformed("json-number", f"{value} is not a JSON number.")
    if isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        raise Malformed("json-number", "An integer is beyond 2^53.")
    if value is None or isinstance(value, bool | int | float):
        return value
    return _text(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise Malformed("json", f"JSON has no values of the type {type(value).__name__}.")
    if HALF.search(value):
        raise Malformed("json-surrogate", "A string holds half a character.")
    return value
