"""The part of CBOR (RFC 8949) that selective disclosure uses, written and read strictly.

Numbers, byte strings, texts, arrays and maps of definite length, each in its shortest form, and
nothing else: a general reader gives meaning to tags, which a proof must not have.
"""

from typing import Any, Final

from vc.errors import Malformed

DEEPEST: Final = 4  # an array of signatures within the array of components is 2
MOST_ITEMS: Final = 20_000  # in one array or map

_UNSIGNED, _BYTES, _TEXT, _ARRAY, _MAP = 0, 2, 3, 4, 5


def decode(content: bytes) -> Any:
    """The one value in `content`. Raises Malformed for anything after it, or of another kind."""
    value, end = _read(content, 0, DEEPEST)
    if end != len(content):
        raise Malformed("cbor", "Something follows the CBOR value.")
    return value


def encode(value: Any) -> bytes:
    """`value` in the one form that `decode` takes: numbers from 0, bytes, texts, lists and maps."""
    match value:
        case bool():
            raise TypeError("not a value of the CBOR that is written here: bool")
        case int():
            return _written_head(_UNSIGNED, value)
        case bytes():
            return _written_head(_BYTES, len(value)) + value
        case str():
            text = value.encode()
            return _written_head(_TEXT, len(text)) + text
        case list() | tuple():
            return _written_head(_ARRAY, len(value)) + b"".join(map(encode, value))
        case dict():
            items = (encode(key) + encode(item) for key, item in value.items())
            return _written_head(_MAP, len(value)) + b"".join(items)
        case _:
            raise TypeError(f"not a value of the CBOR that is written here: {type(value).__name__}")


def _written_head(kind: int, argument: int) -> bytes:
    if not 0 <= argument < 1 << 64:
        raise ValueError("the number has no form in the CBOR that is written here")
    if argument < 24:
        return bytes([kind << 5 | argument])
    size = next(size for size in (1, 2, 4, 8) if argument < 1 << (8 * size))
    return bytes([kind << 5 | 23 + size.bit_length()]) + argument.to_bytes(size, "big")


def _read(content: bytes, start: int, depth: int) -> tuple[Any, int]:
    if depth == 0:
        raise Malformed("cbor", f"The CBOR is nested deeper than {DEEPEST}.")
    kind, argument, position = _head(content, start)
    if kind == _UNSIGNED:
        return argument, position
    if kind in (_BYTES, _TEXT):
        end = position + argument
        if end > len(content):
            raise Malformed("cbor", "The CBOR is cut off.")
        return _string(content[position:end], kind), end
    if argument > MOST_ITEMS:
        raise Malformed("cbor", f"The CBOR has more than {MOST_ITEMS:,} items in one place.")
    if kind == _ARRAY:
        items = []
        for _ in range(argument):
            item, position = _read(content, position, depth - 1)
            items.append(item)
        return items, position
    if kind == _MAP:
        return _map(content, position, argument, depth)
    raise Malformed("cbor", "The CBOR holds a kind of value that is not read here.")


def _map(content: bytes, position: int, size: int, depth: int) -> tuple[dict[Any, Any], int]:
    found: dict[Any, Any] = {}
    for _ in range(size):
        key, position = _read(content, position, depth - 1)
        if not isinstance(key, int | str) or key in found:
            raise Malformed("cbor", "A CBOR map has a key twice, or one of another kind.")
        found[key], position = _read(content, position, depth - 1)
    return found, position


def _string(content: bytes, kind: int) -> bytes | str:
    if kind == _BYTES:
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed("cbor", "A CBOR text is not UTF-8.") from error


def _head(content: bytes, start: int) -> tuple[int, int, int]:
    """The kind, the argument, and where what follows begins (RFC 8949 section 3)."""
    if start >= len(content):
        raise Malformed("cbor", "The CBOR is cut off.")
    kind, short = content[start] >> 5, content[start] & 0x1F
    if short < 24:
        return kind, short, start + 1
    if short > 27:
        raise Malformed("cbor", "CBOR without a definite length is not read here.")
    length = 1 << (short - 24)
    end = start + 1 + length
    if end > len(content):
        raise Malformed("cbor", "The CBOR is cut off.")
    argument = int.from_bytes(content[start + 1 : end], "big")
    if argument < (24 if length == 1 else 1 << (4 * length)):
        raise Malformed("cbor", "A CBOR number is not in its shortest form.")
    return kind, argument, end
