"""Strict JSON: what was read is exactly what was signed, or it is refused.

Python's json module takes NaN, duplicate keys and lone surrogates; each of them lets two readers
see two different credentials under one signature.
"""

import json
import re
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, Final, NoReturn

from vc.errors import Malformed

JsonObject = dict[str, Any]

LARGEST: Final = 262_144  # bytes; a credential with 30 embedded endorsements has about 60,000
# Bytes of a learner record, which holds whole credentials: some forty badges of five endorsements.
LARGEST_RECORD: Final = 786_432
LEARNER_RECORD: Final = "ClrCredential"
DEEPEST: Final = 32  # levels of nesting
MOST_NODES: Final = 20_000  # values in one document
LONGEST_KEY: Final = 256  # characters; places in refusals are made of keys
LARGEST_INTEGER: Final = 2**53 - 1  # beyond it JavaScript reads another number

_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}  # of depth
_SHAPELESS: Final = bytes({*range(256)} - {*b'[{]},"'})
_SURROGATE_CHARACTER: Final = re.compile(r"[\ud800-\udfff]")
_SURROGATE_ESCAPE: Final = re.compile(r"\\u[dD][89a-fA-F]")


def parse(
    source: bytes | str,
    *,
    largest: int = LARGEST,
    most_nodes: int = MOST_NODES,
    deepest: int = DEEPEST,
) -> JsonObject:
    """The JSON object in `source`. Raises Malformed with the place of the fault.

    `largest` is in bytes of UTF-8; `most_nodes` is for messages that carry many documents, and
    `deepest` for proofs that are trees.
    """
    text = _decoded(source, largest)
    _expect_some(text)
    shape = _shape(text)
    opened, commas = shape.count(b"[") + shape.count(b"{"), shape.count(b",")
    if opened > deepest:
        _refuse_depth(shape, deepest)
    # Before any value is made: a million of them take seconds and hundreds of megabytes. Each comma
    # stands between two values, and each bracket opens one.
    if max(commas, opened - 1) >= most_nodes:
        raise _too_many(most_nodes)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except json.JSONDecodeError as error:
        raise Malformed(
            "json", f"This is not JSON: {error.msg}.", place=f"line {error.lineno}"
        ) from error
    if not isinstance(value, dict):
        raise Malformed("json-object", "A JSON object was expected here.")
    # Every value follows a bracket or a comma, so that most documents need not be walked through.
    if opened + commas >= most_nodes or _may_hold_halves(text):
        _walk(value, most_nodes)
    return value


def expect_sizes(document: JsonObject, *, largest: int, most_nodes: int = MOST_NODES) -> None:
    """Raise Malformed for an object that was read by others, or within others, and is too large.

    As `parse` does for a text, so that one credential has the same limits wherever it came from.
    """
    if len(written(document)) > largest:
        raise Malformed("json-size", f"The document is larger than {largest:,} bytes.")
    _walk(document, most_nodes)


def is_learner_record(document: JsonObject) -> bool:
    """Whether it calls itself a Comprehensive Learner Record (CLR 2.0), for which there is room."""
    types = document.get("type")
    return LEARNER_RECORD in (types if isinstance(types, list) else [types])


def written(document: JsonObject) -> bytes:
    """`document` as compact JSON in UTF-8."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")


def _decoded(source: bytes | str, largest: int) -> str:
    if len(source) > largest:
        raise Malformed("json-size", f"The document is larger than {largest:,} bytes.")
    if isinstance(source, str):
        return source
    try:
        return source.decode("utf-8")
    except UnicodeDecodeError as error:
        place = f"byte {error.start}"
        raise Malformed("json-utf8", "The document is not UTF-8.", place=place) from error


def _expect_some(text: str) -> None:
    """Raises Malformed for what a person would call by its name, and not by a fault in line 1."""
    if not text.strip():
        raise Malformed("json", "There is nothing in it.")
    if text.startswith("\ufeff"):
        sentence = "It begins with a byte order mark, which JSON may not: save it as UTF-8 without."
        raise Malformed("json", sentence)


def _shape(text: str) -> bytes:
    """The brackets and commas outside strings, the last of which may be open."""
    if "\\" in text:
        text = text.replace("\\\\", "").replace('\\"', "")
    marks = text.encode("utf-8", "surrogatepass").translate(None, _SHAPELESS)
    # Most strings are empty now; without them there is little left to split.
    return b"".join(marks.replace(b'""', b"").split(b'"')[::2])


def _may_hold_halves(text: str) -> bool:
    """Whether half a character may be in it, as it stands or escaped."""
    if "\\" in text and _SURROGATE_ESCAPE.search(text):
        return True
    return not text.isascii() and _SURROGATE_CHARACTER.search(text) is not None


def _too_many(most_nodes: int) -> Malformed:
    return Malformed("json-nodes", f"The document holds more than {most_nodes:,} values.")


def _refuse_depth(shape: bytes, deepest: int) -> None:
    """Count brackets before a recursive parser sees them."""
    steps = map(_STEPS.__getitem__, shape.replace(b",", b""))
    if max(accumulate(steps)) > deepest:
        raise Malformed("json-depth", f"The document is nested deeper than {deepest}.")


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    result = dict(pairs)
    # Most keys are short enough even together.
    if len(result) < len(pairs) or len("".join(result)) > LONGEST_KEY:
        _refuse_keys(key for key, _ in pairs)
    return result


def _refuse_keys(keys: Iterable[str]) -> None:
    seen = set()
    for key in keys:
        if len(key) > LONGEST_KEY:
            raise Malformed("json-key", f"A key has over {LONGEST_KEY} characters.", place=key[:64])
        if key in seen:
            raise Malformed("json-duplicate-key", f"The key {key!r} occurs twice.", place=key)
        seen.add(key)


def _refuse_constant(name: str) -> NoReturn:
    raise Malformed("json-number", f"{name} is not a JSON number.")


def _integer(digits: str) -> int:
    if len(digits) > 15 and (len(digits) > 17 or abs(int(digits)) > LARGEST_INTEGER):
        raise Malformed("json-number", f"The integer {digits[:20]} is beyond 2^53.")
    return int(digits)


def _float(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Malformed("json-number", f"The number {digits[:20]} is too large.")
    return value


def _walk(value: JsonObject, most_nodes: int) -> None:
    """Refuse lone surrogates and too many values, without recursion."""
    nodes = 0
    stack: list[tuple[Way, Any]] = [(None, value)]
    while stack:
        way, node = stack.pop()
        nodes += 1
        if nodes > most_nodes:
            raise _too_many(most_nodes)
        if isinstance(node, str):
            _refuse_surrogates(node, way)
        elif isinstance(node, dict):
            for key, child in node.items():
                _refuse_surrogates(key, way)
                stack.append(((way, key), child))
        elif isinstance(node, list):
            stack.extend(((way, index), child) for index, child in enumerate(node))


# The way to a value: to what holds it, and its key there. Written out, every value would carry the
# keys above it, and a few long ones take gigabytes.
Way = tuple["Way", str | int] | None


def place_at(way: Way) -> str:
    """A way as a JSON pointer, without its escapes."""
    steps = []
    while way is not None:
        way, key = way
        steps.append(f"/{key}")
    return "".join(reversed(steps))


def _refuse_surrogates(text: str, way: Way) -> None:
    if _SURROGATE_CHARACTER.search(text):
        sentence = "A string holds half a character."
        raise Malformed("json-surrogate", sentence, place=place_at(way))
