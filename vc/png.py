"""The chunks of a PNG, read by an own bounded walker: no pixel is ever decoded.

Source: PNG (W3C, third edition), sections 5 and 11.3.3.4.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final

from vc.errors import Malformed

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MOST_CHUNKS: Final = 1_024
_PLAIN, _COMPRESSED = 0, 1


def chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, body) of each chunk up to IEND, its checksum verified. Raises Malformed."""
    position = len(SIGNATURE)
    for number in range(MOST_CHUNKS):
        place = f"byte {position}"
        header = image[position : position + 8]
        if len(header) < 8:
            raise Malformed("png", "The PNG is cut off.", place=place)
        length, kind = struct.unpack(">I4s", header)
        body = image[position + 8 : position + 8 + length]
        checksum = image[position + 8 + length : position + 12 + length]
        if len(checksum) < 4:
            raise Malformed("png", "The PNG is cut off.", place=place)
        if struct.unpack(">I", checksum)[0] != zlib.crc32(body, zlib.crc32(kind)):
            raise Malformed("png", "A PNG chunk has a wrong checksum.", place=place)
        if (number == 0) != (kind == b"IHDR"):
            raise Malformed("png", "A PNG begins with its header, and has one.", place=place)
        yield kind, body
        position += 12 + length
        if kind == b"IEND":
            if position != len(image):
                raise Malformed("png", "Something follows the end of the PNG.", place=place)
            return
    raise Malformed("png", f"The PNG has more than {MOST_CHUNKS:,} chunks.")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk as it stands in a file."""
    checksum = zlib.crc32(body, zlib.crc32(kind))
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", checksum)


def international_text(keyword: bytes, text: bytes) -> bytes:
    """The body of an iTXt chunk, not compressed, of no language."""
    return keyword + b"\0\0\0\0\0" + text


def text_of(body: bytes, *, largest: int) -> bytes:
    """The text in the body of an iTXt chunk, expanded. Raises Malformed beyond `largest` bytes."""
    head, _, rest = body.partition(b"\0")
    try:
        language, _translated, text = rest[2:].split(b"\0", 2)
    except ValueError as error:
        raise Malformed("png", "The PNG's text chunk is misshapen.") from error
    compressed, method = rest[0], rest[1]
    if not head or compressed not in (_PLAIN, _COMPRESSED) or method or not language.isascii():
        raise Malformed("png", "The PNG's text chunk is misshapen.")
    return _expanded(text, largest) if compressed else text


def _expanded(text: bytes, largest: int) -> bytes:
    expander = zlib.decompressobj()
    try:
        expanded = expander.decompress(text, largest + 1)
    except zlib.error as error:
        raise Malformed("png", "The PNG's text chunk is not zlib.") from error
    if not expander.eof and len(expanded) <= largest:
        raise Malformed("png", "The PNG's text chunk is cut off.")
    return expanded
