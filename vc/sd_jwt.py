"""Selective disclosure for JWTs (RFC 9901): which claims a token and its disclosures say.

Nothing is verified here but that disclosures and digests belong to one another.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Any, Final

from vc.documents import DEEPEST, JsonObject, parse
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.jose import LARGEST_TOKEN

MOST_DISCLOSURES: Final = 512
_DIGESTS, _ITEM, _ALGORITHM = "_sd", "...", "_sd_alg"
_OUTLINE: Final = re.compile(r"[!-~]+")  # a ZIP holds a tilde somewhere too
_SHA256: Final = "sha-256"


@dataclass(frozen=True, slots=True)
class SdJwt:
    """A token of an issuer, what its holder discloses, and the holder's own token, or nothing.

    `presented` is all before the holder's token, which that token signs a digest of.
    """

    token: str
    disclosures: tuple[str, ...]
    key_binding: str
    presented: str


def looks_like(text: str) -> bool:
    """Whether a text has the outline of an SD-JWT."""
    token, tilde, _ = text.partition("~")
    return bool(tilde) and token.count(".") == 2 and _OUTLINE.fullmatch(text) is not None


def split(text: str) -> SdJwt:
    """The parts of an SD-JWT (section 4). Raises Malformed."""
    if len(text) > LARGEST_TOKEN:
        raise Malformed("sd-jwt", f"The token is longer than {LARGEST_TOKEN:,} characters.")
    token, *disclosures, key_binding = text.split("~")
    if len(disclosures) > MOST_DISCLOSURES or not all(disclosures):
        raise Malformed("sd-jwt", "The disclosures are misshapen, or too many.")
    if len(set(disclosures)) != len(disclosures):
        raise Malformed("sd-jwt", "A claim is disclosed twice.")
    presented = text[: len(text) - len(key_binding)]
    return SdJwt(token, tuple(disclosures), key_binding, presented)


def digest(content: str) -> str:
    """The SHA-256 of ASCII text in base64url (section 4.2.3)."""
    return base64url_encode(hashlib.sha256(content.encode("ascii", "replace")).digest())


def disclosed(payload: JsonObject, disclosures: tuple[str, ...]) -> JsonObject:
    """The claims that a payload and disclosures make together (section 7.1).

    Raises Malformed for a disclosure that the token does not ask for, a digest that stands twice,
    a claim that would be given two values, and claims within claims deeper than JSON may be.
    """
    if payload.get(_ALGORITHM, _SHA256) != _SHA256:
        raise Malformed("sd-jwt-alg", "Its digests are of a kind that is not read here.")
    by_digest = {digest(one): _read(one) for one in disclosures}
    reading = _Reading(by_digest)
    claims = reading.object({k: v for k, v in payload.items() if k != _ALGORITHM}, deep=1)
    if reading.used != by_digest.keys():
        raise Malformed("sd-jwt-disclosure", "A disclosure belongs to nothing in the token.")
    return claims


class _Reading:
    """One walk through a payload; each digest is met once."""

    def __init__(self, by_digest: dict[str, list[Any]]) -> None:
        self._by_digest = by_digest
        self._met: set[str] = set()
        self.used: set[str] = set()

    def object(self, node: JsonObject, *, deep: int) -> JsonObject:
        """An object with what is disclosed of it, and without digests."""
        if deep > DEEPEST:
            raise Malformed("sd-jwt-depth", f"Its claims are nested over {DEEPEST} deep.")
        if _ITEM in node or _ALGORITHM in node:
            raise Malformed("sd-jwt", "A name of the format stands where a claim should.")
        found = {key: self._value(value, deep) for key, value in node.items() if key != _DIGESTS}
        digests = node.get(_DIGESTS, [])
        if not isinstance(digests, list):
            raise Malformed("sd-jwt", "The digests are not a list.", place=f"/{_DIGESTS}")
        for one in digests:
            disclosure = self._disclosure(one, length=3)
            if disclosure is None:
                continue
            _, name, value = disclosure
            if not isinstance(name, str) or name in {_DIGESTS, _ITEM} or name in node:
                raise Malformed("sd-jwt-disclosure", "A disclosure names its claim wrongly.")
            if name in found:
                raise Malformed("sd-jwt-disclosure", "A claim is given two values.")
            found[name] = self._value(value, deep)
        return found

    def _value(self, value: Any, deep: int) -> Any:
        if isinstance(value, dict):
            return self.object(value, deep=deep + 1)
        if not isinstance(value, list):
            return value
        if deep > DEEPEST:
            raise Malformed("sd-jwt-depth", f"Its claims are nested over {DEEPEST} deep.")
        found = []
        for item in value:
            if not (isinstance(item, dict) and set(item) == {_ITEM}):
                found.append(self._value(item, deep + 1))
            elif (disclosure := self._disclosure(item[_ITEM], length=2)) is not None:
                found.append(self._value(disclosure[1], deep + 1))
        return found

    def _disclosure(self, named: Any, *, length: int) -> list[Any] | None:
        if not isinstance(named, str) or named in self._met:
            raise Malformed("sd-jwt", "A digest is misshapen, or stands twice.")
        self._met.add(named)
        disclosure = self._by_digest.get(named)
        if disclosure is None:
            return None
        if len(disclosure) != length:
            raise Malformed("sd-jwt-disclosure", "A disclosure has another form than its place.")
        self.used.add(named)
        return disclosure


def _read(encoded: str) -> list[Any]:
    # Read as strictly as any JSON, in an object around it, which it must not break out of.
    read = parse(b'{"disclosure":' + base64url_decode(encoded) + b"}")
    found = read.get("disclosure")
    if set(read) != {"disclosure"} or not isinstance(found, list) or len(found) not in (2, 3):
        raise Malformed("sd-jwt-disclosure", "A disclosure is misshapen.")
    if not isinstance(found[0], str):
        raise Malformed("sd-jwt-disclosure", "A disclosure is misshapen.")
    return found
