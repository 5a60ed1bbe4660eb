"""Baked badges: a credential carried inside a PNG or SVG image.

Sources: Open Badges 3.0, section 5.3; Comprehensive Learner Record 2.0, section 5.3.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vc import png, svg
from vc.errors import Malformed

LARGEST_IMAGE: Final = 5_242_880  # bytes
LARGEST_TEXT: Final = 262_144  # bytes of the baked credential, expanded

_ELEMENT: Final = "credential"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_.~-]+")
# What XML 1.0 cannot carry, or would give back as something else.
_NOT_IN_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Kind:
    """How one specification bakes: the keyword of the PNG chunk, the name of the SVG element."""

    keyword: bytes
    prefix: str
    namespace: str


BADGE: Final = Kind(b"openbadgecredential", "openbadges", "https://purl.imsglobal.org/ob/v3p0")
LEARNER_RECORD: Final = Kind(b"clrcredential", "clr", "https://purl.imsglobal.org/clr/v2p0")
_KINDS: Final = (BADGE, LEARNER_RECORD)
_KEYWORDS: Final = tuple(kind.keyword + b"\0" for kind in _KINDS)
_NAMES: Final = frozenset((kind.namespace, _ELEMENT) for kind in _KINDS)


def kind_of(types: Collection[str]) -> Kind:
    """How a credential of these types is baked."""
    return LEARNER_RECORD if "ClrCredential" in types else BADGE


def looks_like_image(content: bytes) -> bool:
    """Whether `content` starts as a PNG or SVG does, so that unbake is the way to read it."""
    if content.startswith(png.SIGNATURE):
        return True
    # Neither JSON nor a token begins with this.
    return content[:1_024].removeprefix(_BYTE_ORDER_MARK).lstrip().startswith(b"<")


def unbake(image: bytes) -> str:
    """The one credential (JSON or compact JWS) baked into a PNG or SVG. Raises Malformed."""
    _refuse_large(image)
    found = _from_png(image) if image.startswith(png.SIGNATURE) else _from_svg(image)
    if not found:
        raise Malformed("baked", "No credential is baked into this image.")
    if len(found) > 1:
        raise Malformed("baked", f"The image holds {len(found)} credentials, not one.")
    text = found[0]
    if len(text) > LARGEST_TEXT:
        raise Malformed("baked-size", f"The baked credential is over {LARGEST_TEXT:,} bytes.")
    try:
        return text.decode("utf-8").strip()
    except UnicodeDecodeError as error:
        raise Malformed("baked-text", "The baked credential is not UTF-8.") from error


def bake_png(image: bytes, credential: str, *, kind: Kind = BADGE) -> bytes:
    """The PNG `image` with `credential` in its one iTXt chunk, after its header.

    Every other chunk stays as it is; a credential that was baked in before is replaced.
    """
    _refuse_large(image)
    text = png.international_text(kind.keyword, credential.encode("utf-8"))
    baked = [png.SIGNATURE]
    for name, body in png.chunks(image):
        if name == b"iTXt" and body.startswith(_KEYWORDS):
            continue
        baked.append(png.chunk(name, body))
        if name == b"IHDR":
            baked.append(png.chunk(b"iTXt", text))
    return b"".join(baked)


def bake_svg(image: bytes, credential: str, *, kind: Kind = BADGE) -> bytes:
    """The SVG `image` with `credential` as its first child, replacing any earlier one.

    Every other byte stays as it is. Raises Malformed for a text that XML cannot carry.
    """
    _refuse_large(image)
    drawing = svg.read(image, names=_NAMES, largest=LARGEST_TEXT)
    tag = image[drawing.root.start : drawing.root.end]
    declared = drawing.root.attributes.get(f"xmlns:{kind.prefix}")
    if declared not in (None, kind.namespace):
        raise Malformed("svg", f"The SVG calls something else {kind.prefix}.")
    name = re.match(rb"<[^\s/>]+", tag)
    if name is None:
        raise Malformed("svg", "The image is neither PNG nor SVG.")
    if declared is None:
        declaration = f' xmlns:{kind.prefix}="{kind.namespace}"'.encode()
        tag = name[0] + declaration + tag[name.end() :]
    element = _element(credential, kind)
    rest = _without(image[drawing.root.end :], drawing.elements, offset=drawing.root.end)
    if tag.endswith(b"/>"):
        rest = b"</" + name[0][1:] + b">" + rest
        tag = tag[:-2] + b">"
    return image[: drawing.root.start] + tag + element + rest


def _refuse_large(image: bytes) -> None:
    if len(image) > LARGEST_IMAGE:
        raise Malformed("image-size", f"The image is larger than {LARGEST_IMAGE:,} bytes.")


def _from_png(image: bytes) -> list[bytes]:
    bodies = [body for name, body in png.chunks(image) if name == b"iTXt"]
    return [
        png.text_of(body, largest=LARGEST_TEXT) for body in bodies if body.startswith(_KEYWORDS)
    ]


def _from_svg(image: bytes) -> list[bytes]:
    # The specification puts the element first under <svg>; known bakers append it.
    drawing = svg.read(image, names=_NAMES, largest=LARGEST_TEXT)
    return [_carried(element).encode("utf-8") for element in drawing.elements]


def _carried(element: svg.Element) -> str:
    """A token stands in the attribute, JSON in the body; never both."""
    token, text = element.attributes.get("verify", ""), element.text.strip()
    if token and text:
        raise Malformed("baked", "The image holds two credentials in one place.")
    return token or text


def _element(credential: str, kind: Kind) -> bytes:
    name = f"{kind.prefix}:{_ELEMENT}"
    if _TOKEN.fullmatch(credential):
        return f'<{name} verify="{credential}"/>'.encode()
    if _NOT_IN_XML.search(credential):
        raise Malformed("svg", "This credential has characters that an SVG cannot carry.")
    body = credential.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{body}]]></{name}>".encode()


def _without(rest: bytes, elements: list[svg.Element], *, offset: int) -> bytes:
    kept, position = [], 0
    for element in elements:
        kept.append(rest[position : element.start - offset])
        position = element.end - offset
    return b"".join([*kept, rest[position:]])
