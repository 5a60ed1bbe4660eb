"""Baked badges: a credential carried inside a PNG or SVG image (Open Badges 3.0, section 5.3).

The chunks are read by an own bounded walker; no pixel is ever decoded.
"""

import struct
import zlib
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, register_namespace, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from vc.errors import Malformed

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_KEYWORD: Final = b"openbadgecredential"
_NAMESPACE: Final = "https://purl.imsglobal.org/ob/v3p0"
_SVG: Final = "http://www.w3.org/2000/svg"
_TAG: Final = f"{{{_NAMESPACE}}}credential"

LARGEST_IMAGE: Final = 5_242_880  # bytes
MOST_CHUNKS: Final = 1_024
LARGEST_TEXT: Final = 262_144  # bytes of the baked credential, expanded

register_namespace("", _SVG)
register_namespace("openbadges", _NAMESPACE)


def unbake(image: bytes) -> str:
    """The credential (JSON or compact JWS) baked into a PNG or SVG. Raises Malformed."""
    _refuse_large(image)
    text = _from_png(image) if image.startswith(_SIGNATURE) else _from_svg(image)
    if len(text) > LARGEST_TEXT:
        raise Malformed("baked-size", f"The baked credential is over {LARGEST_TEXT:,} bytes.")
    try:
        return text.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise Malformed("baked-text", "The baked credential is not UTF-8.") from error


def looks_like_image(content: bytes) -> bool:
    """Whether `content` starts as a PNG or SVG does, so that unbake is the way to read it."""
    return content.startswith(_SIGNATURE) or content.lstrip()[:5].lower() in (b"<?xml", b"<svg ")


def bake_png(image: bytes, credential: str) -> bytes:
    """The PNG `image` with `credential` in its one iTXt chunk, before the image data."""
    _refuse_large(image)
    text = _KEYWORD + b"\0\0\0\0\0" + credential.encode("utf-8")
    baked = [_SIGNATURE]
    for kind, body in _chunks(image):
        if kind == b"iTXt" and body.startswith(_KEYWORD + b"\0"):
            continue  # never twice (section 5.3.1): the new credential replaces the old
        baked.append(_chunk(kind, body))
        if kind == b"IHDR":
            baked.append(_chunk(b"iTXt", text))
    return b"".join(baked)


def bake_svg(image: bytes, credential: str) -> bytes:
    """The SVG `image` with `credential` as its first child element, replacing any earlier one."""
    _refuse_large(image)
    root = _parsed(image)
    for old in root.findall(_TAG):
        root.remove(old)
    element = Element(_TAG)
    if credential.lstrip().startswith("{"):
        element.text = credential
    else:
        element.set("verify", credential)
    root.insert(0, element)
    baked: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return baked


def _refuse_large(image: bytes) -> None:
    if len(image) > LARGEST_IMAGE:
        raise Malformed("image-size", f"The image is larger than {LARGEST_IMAGE:,} bytes.")


def _chunks(image: bytes) -> Iterator[tuple[bytes, bytes]]:
    """(type, body) of each PNG chunk, its checksum verified."""
    position = len(_SIGNATURE)
    for _ in range(MOST_CHUNKS):
        header = image[position : position + 8]
        if len(header) < 8:
            raise Malformed("png", "The PNG is cut off.", place=f"byte {position}")
        length, kind = struct.unpack(">I4s", header)
        body = image[position + 8 : position + 8 + length]
        checksum = image[position + 8 + length : position + 12 + length]
        if len(checksum) < 4:
            raise Malformed("png", "The PNG is cut off.", place=f"byte {position}")
        if struct.unpack(">I", checksum)[0] != zlib.crc32(kind + body):
            raise Malformed("png", "A PNG chunk has a wrong checksum.", place=f"byte {position}")
        yield kind, body
        if kind == b"IEND":
            return
        position += 12 + length
    raise Malformed("png", f"The PNG has more than {MOST_CHUNKS} chunks.")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body), kind) + body + struct.pack(">I", zlib.crc32(kind + body))


def _from_png(image: bytes) -> bytes:
    found = [
        body
        for kind, body in _chunks(image)
        if kind == b"iTXt" and body.startswith(_KEYWORD + b"\0")
    ]
    if len(found) != 1:
        raise Malformed("baked", f"The image holds {len(found)} Open Badge credentials, not one.")
    compressed, rest = (
        found[0][len(_KEYWORD) + 1 : len(_KEYWORD) + 2],
        found[0][len(_KEYWORD) + 3 :],
    )
    try:
        _language, _translated, text = rest.split(b"\0", 2)
    except ValueError as error:
        raise Malformed("png", "The PNG's text chunk is misshapen.") from error
    return _expanded(text) if compressed == b"\1" else text


def _expanded(text: bytes) -> bytes:
    expander = zlib.decompressobj()
    try:
        expanded = expander.decompress(text, LARGEST_TEXT + 1)
    except zlib.error as error:
        raise Malformed("png", "The PNG's text chunk is not zlib.") from error
    return expanded


def _parsed(image: bytes) -> Element:
    try:
        root: Element = fromstring(image)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Malformed("svg", "The image is neither PNG nor sound SVG.") from error
    if root.tag != f"{{{_SVG}}}svg":
        raise Malformed("svg", "The image is neither PNG nor SVG.")
    return root


def _from_svg(image: bytes) -> bytes:
    # Section 5.3.2 puts the element first under <svg>; known bakers append it, so look anywhere.
    found = list(_parsed(image).iter(_TAG))
    if len(found) != 1:
        raise Malformed("baked", f"The image holds {len(found)} Open Badge credentials, not one.")
    return (found[0].get("verify") or found[0].text or "").encode("utf-8")
