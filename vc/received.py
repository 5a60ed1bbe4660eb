"""A credential as people hand it over: JSON, a compact JWS, or an image with either baked in.

And a presentation: JSON, or a compact JWS.
"""

from dataclasses import dataclass
from typing import Final

from vc.bakery import looks_like_image, unbake
from vc.documents import LARGEST, LARGEST_RECORD, JsonObject, is_learner_record, parse
from vc.encoding import base64url_decode
from vc.errors import Malformed
from vc.model import listed
from vc.sd_jwt import looks_like
from vc.structure import CREDENTIALS_V2

_SD_JWT: Final = frozenset({"data:application/dc+sd-jwt", "data:application/vc+sd-jwt"})
# What begins so is to be JSON; a byte order mark is refused by its own name.
_BEGINNINGS: Final = ("{", "\ufeff", "[", '"')
# Claims of JWT (RFC 7519), of a proof of possession (RFC 7800), and of a nonce (OpenID Connect).
REGISTERED: Final = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "nonce"})
_FOREIGN: Final = {
    b"pk\x03\x04": "a ZIP or an office document",
    b"\xff\xd8\xff": "a JPEG, in which no badge can be (in PNG and SVG it can)",
    b"gif8": "a GIF, in which no badge can be (in PNG and SVG it can)",
    b"<!doctype html": "a page of the web",
    b"<html": "a page of the web",
}
_CREDENTIAL: Final = "VerifiableCredential"
_OLDER_BADGES: Final = "w3id.org/openbadges/"  # the contexts of versions 1 and 2
ENVELOPE: Final = "EnvelopedVerifiableCredential"
PRESENTATION_ENVELOPE: Final = "EnvelopedVerifiablePresentation"
LARGEST_PRESENTATION: Final = 8_388_608  # bytes: some 200 badges with five endorsements each


@dataclass(frozen=True, slots=True)
class Received:
    """The credential in what was handed over; `token` is the JWS around it, empty for JSON.

    `sd_jwt` is an SD-JWT in an envelope, which is then the document.
    """

    document: JsonObject
    token: str = ""
    sd_jwt: str = ""


def receive(source: bytes | str | JsonObject) -> Received:
    """The credential in `source`. Nothing is verified. Raises Malformed naming the fault."""
    if isinstance(source, dict):
        return _opened(source)
    if isinstance(source, bytes):
        _refuse_foreign(source)
        if looks_like_image(source):
            source = unbake(source)
    text = _text(source)
    if not text.startswith("{") and text.count(".") == 2:
        return Received(_payload(text, "vc"), token=text)
    return _opened(_parsed(source, text))


def _parsed(source: bytes | str, text: str) -> JsonObject:
    """The JSON in `source`. Raises Malformed, for what never was to be JSON without its details."""
    try:
        document = parse(source, largest=LARGEST_RECORD)
    except Malformed as error:
        if error.code != "json" or not text or text.startswith(_BEGINNINGS):
            raise
        sentence = "This is neither JSON, nor a token, nor an image with a credential in it."
        raise Malformed("json", sentence) from error
    if len(source) > LARGEST and not is_learner_record(document):
        raise Malformed("json-size", f"The document is larger than {LARGEST:,} bytes.")
    return document


def sd_jwt_in(source: bytes | str | JsonObject) -> str:
    """The SD-JWT that was handed over, also in an envelope; nothing for anything else."""
    if isinstance(source, dict):
        media, _, token = str(source.get("id")).partition(",")
        enveloped = listed(source.get("type")) == [ENVELOPE] and media in _SD_JWT
        return token if enveloped and looks_like(token) else ""
    head = source[:1]
    if head in (b"{", "{", b"\x89", b"<"):
        return ""
    text = _text(source)
    return text if looks_like(text) else ""


def receive_presentation(source: bytes | str | JsonObject) -> Received:
    """The presentation in `source`. Nothing is verified. Raises Malformed naming the fault."""
    if isinstance(source, dict):
        token = _enveloped(source, PRESENTATION_ENVELOPE, "vp")
        return _as_presentation(token) if token else Received(source)
    text = _text(source)
    if not text.startswith("{") and text.count(".") == 2:
        return _as_presentation(text)
    return receive_presentation(parse(source, largest=LARGEST_PRESENTATION))


def _opened(document: JsonObject) -> Received:
    """The credential in an envelope of VCDM 2.0 section 4.13, or the document itself."""
    if sd_jwt := sd_jwt_in(document):
        return Received(document, sd_jwt=sd_jwt)
    _expect_credential(document)
    token = _enveloped(document, ENVELOPE, "vc")
    return Received(_payload(token, "vc"), token=token) if token else Received(document)


def _refuse_foreign(content: bytes) -> None:
    """Raises Malformed for the files that people hand over by mistake, by their names."""
    head = content[:64].lstrip().lower()
    for beginning, what in _FOREIGN.items():
        if head.startswith(beginning):
            raise Malformed("no-credential", f"This is {what}, and no credential.")


def _expect_credential(document: JsonObject) -> None:
    """Raises Malformed for what was never meant to be one, and so is no bad one either."""
    types = set(map(str, listed(document.get("type")))) | set(
        map(str, listed(document.get("@type")))
    )
    if "proof" in document or types & {_CREDENTIAL, ENVELOPE}:
        return
    if "VerifiablePresentation" in types:
        sentence = "This is a presentation. Hand over the credentials in it, one by one."
    elif _OLDER_BADGES in str(document.get("@context")):
        sentence = (
            "This is an Open Badge of an older version, which is not read here (3.0 is). "
            "The page of its issuer shows whether it is genuine."
        )
    else:
        sentence = "This is JSON, and no credential."
    raise Malformed("no-credential", sentence)


def _as_presentation(token: str) -> Received:
    return Received(_payload(token, "vp"), token=token)


def _enveloped(document: JsonObject, envelope: str, claim: str) -> str:
    """The token in `document`, which is such an envelope; nothing for anything else."""
    if envelope not in listed(document.get("type")):
        return ""
    if listed(document["type"]) != [envelope]:
        raise Malformed("envelope", "An envelope has one type.", place="/type")
    if CREDENTIALS_V2 not in listed(document.get("@context")):
        sentence = f"An envelope names the context {CREDENTIALS_V2}."
        raise Malformed("envelope", sentence, place="/@context")
    media, _, token = str(document.get("id")).partition(",")
    if media not in (f"data:application/{claim}+jwt", "data:application/jwt") or (
        token.count(".") != 2
    ):
        sentence = "The envelope holds no token of a kind that is read here."
        raise Malformed("envelope", sentence, place="/id")
    return token


def _text(source: bytes | str) -> str:
    if isinstance(source, str):
        return source.strip()
    return source.decode("utf-8", errors="replace").strip()


def _payload(token: str, claim: str) -> JsonObject:
    largest = LARGEST_PRESENTATION if claim == "vp" else LARGEST
    return unwrapped(parse(base64url_decode(token.split(".")[1]), largest=largest), claim)


def unwrapped(payload: JsonObject, claim: str) -> JsonObject:
    """The content of a token: what its claim holds, or all of the payload without that claim.

    Raises Malformed for what one reader would find in the claim, and another beside it.
    """
    if claim not in payload:
        return payload
    wrapped = payload[claim]  # VC Data Model 1.1 wrapped the content in a claim
    if not isinstance(wrapped, dict):
        raise Malformed(f"jwt-{claim}", f"The {claim} claim holds no object.", place=f"/{claim}")
    beside = sorted(payload.keys() - REGISTERED - {claim})
    if beside:
        # Who takes the payload for the credential would read it, and who takes the claim would not.
        sentence = f"Beside {claim} a token has the claims of JWT alone."
        raise Malformed(f"jwt-{claim}", sentence, place=f"/{beside[0][:64]}")
    if wrapped.keys() & payload.keys():
        sentence = f"The token says one thing inside {claim} and another around it."
        raise Malformed(f"jwt-{claim}", sentence)
    return wrapped
