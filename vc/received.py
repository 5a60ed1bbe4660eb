"""A credential as people hand it over: JSON, a compact JWS, or an image with either baked in."""

from dataclasses import dataclass
from typing import Final

from vc.bakery import looks_like_image, unbake
from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode
from vc.errors import Malformed
from vc.model import listed

ENVELOPE: Final = "EnvelopedVerifiableCredential"
_MEDIA: Final = frozenset({"data:application/vc+jwt", "data:application/jwt"})


@dataclass(frozen=True, slots=True)
class Received:
    """The credential in what was handed over; `token` is the JWS around it, empty for JSON."""

    document: JsonObject
    token: str = ""


def receive(source: bytes | str | JsonObject) -> Received:
    """The credential in `source`. Nothing is verified. Raises Malformed naming the fault."""
    if isinstance(source, dict):
        return _opened(source)
    if isinstance(source, bytes) and looks_like_image(source):
        source = unbake(source)
    text = _text(source)
    if not text.startswith("{") and text.count(".") == 2:
        return Received(_payload(text), token=text)
    return _opened(parse(source))


def _opened(document: JsonObject) -> Received:
    """The credential in an envelope of VCDM 2.0 section 4.13, or the document itself."""
    if ENVELOPE not in listed(document.get("type")):
        return Received(document)
    media, _, token = str(document.get("id")).partition(",")
    if media not in _MEDIA or token.count(".") != 2:
        sentence = "The envelope holds no token of a kind that is read here."
        raise Malformed("envelope", sentence, place="/id")
    return Received(_payload(token), token=token)


def _text(source: bytes | str) -> str:
    if isinstance(source, str):
        return source.strip()
    return source.decode("utf-8", errors="replace").strip()


def _payload(token: str) -> JsonObject:
    payload = parse(base64url_decode(token.split(".")[1]))
    if "vc" not in payload:
        return payload
    wrapped = payload["vc"]  # VC Data Model 1.1 wrapped the credential in a claim
    if not isinstance(wrapped, dict):
        raise Malformed("jwt-vc", "The vc claim does not hold a credential.", place="/vc")
    if wrapped.keys() & payload.keys():
        raise Malformed("jwt-vc", "The token holds a credential inside vc and another around it.")
    return wrapped
