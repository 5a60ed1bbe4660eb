"""Compact JWS (RFC 7515) as this project takes it: few headers, named algorithms, a chosen key.

The key always comes from the caller. Headers that carry or point at keys, certificates or unknown
critical extensions are refused by name, for each of them has been somebody's forged signature.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from vc.did import did_key_method
from vc.documents import LARGEST, JsonObject, parse
from vc.ed25519 import verified_by
from vc.effort import spend
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, Refused
from vc.public_key import COST, PRIVATE_MEMBERS, KeyKind, PublicKey, from_multikey, to_jwk
from vc.signing import AnySigner, kind_of

# A 256 KiB credential in base64url with its header and signature, in characters.
LARGEST_TOKEN: Final = LARGEST * 4 // 3 + 8_192
LARGEST_HEADER: Final = 4_096  # bytes; an RSA-4096 `jwk` header has about 800

KIND_OF: Final[Mapping[str, KeyKind]] = {
    "EdDSA": KeyKind.ED25519,
    "ES256": KeyKind.P256,
    "ES384": KeyKind.P384,
    "RS256": KeyKind.RSA,
}
ALGORITHMS: Final = frozenset(KIND_OF)
_ALGORITHM_OF: Final = {kind: algorithm for algorithm, kind in KIND_OF.items()}
_WRAPPING: Final = frozenset({"vc+jwt", "vp+jwt"})
_HEADERS: Final = frozenset({"alg", "cty", "iss", "jwk", "kid", "typ"})

KeyChoice = Callable[[JsonObject], PublicKey]


@dataclass(frozen=True, slots=True)
class Verified:
    """The header and payload of a token whose signature was verified with the caller's key."""

    header: JsonObject
    payload: bytes

    def claims(self, *, largest: int = LARGEST) -> JsonObject:
        """The payload as strict JSON, at most so many bytes of it. Raises Malformed."""
        return parse(self.payload, largest=largest)


def sign_compact(header: Mapping[str, str], payload: bytes, *, signer: AnySigner) -> str:
    """A compact JWS over `payload`, by the algorithm of the signer's key, its DID URL the `kid`.

    `header` adds `typ` and nothing that this module sets or would refuse. Raises Malformed.
    """
    if set(header) - {"typ"}:
        raise Malformed("jws-header", "Only typ may be chosen in the header of a token.")
    algorithm = _ALGORITHM_OF[kind_of(signer)]
    protected = {"alg": algorithm, "kid": signer.verification_method, **header}
    encoded_header = json.dumps(protected, separators=(",", ":")).encode()
    signing_input = f"{base64url_encode(encoded_header)}.{base64url_encode(payload)}"
    signature = signer.sign(signing_input.encode("ascii"))
    return f"{signing_input}.{base64url_encode(signature)}"


def verify_compact(
    token: str,
    *,
    allowed_algorithms: Collection[str],
    public_key: PublicKey | KeyChoice,
    expected_type: str | None,
    largest: int = LARGEST_TOKEN,
) -> Verified:
    """The content of `token`, after its signature.

    `public_key` is the key itself or a function that chooses it by the header. `expected_type` is
    the required `typ`; None takes the generic `JWT` or none at all. `largest` is in characters.
    What the claims say, and who may hold the key, remains to be checked by the caller. Raises
    Malformed for a token of the wrong form and Refused when the signature is not that of the key.
    """
    header, payload, signature = _parts(token, largest)
    _check_header(header, allowed_algorithms=allowed_algorithms, expected_type=expected_type)
    key = public_key(header) if callable(public_key) else public_key
    signing_input = token.rpartition(".")[0].encode("ascii")
    # The kind of key follows from the allowed algorithm, never from what the token would like.
    if key.kind is not KIND_OF[header["alg"]]:
        raise Malformed("jwk", f"The key does not fit {header['alg']}.")
    if key.kind is KeyKind.ED25519:
        genuine = verified_by(signing_input, signature=signature, public_key=key)
    else:
        genuine = _verified_by_joserfc(token, algorithm=header["alg"], key=key)
    if not genuine:
        raise Refused("jws-signature", "The signature of the token is not that of its key.")
    return Verified(header, payload)


def by_did_key(header: JsonObject) -> PublicKey:
    """Chooses the Ed25519 key that a did:key `kid` spells out. Raises Malformed.

    The kid must be the one DID URL that the did:key has; the caller decides whose key that is.
    """
    kid = header.get("kid")
    if not isinstance(kid, str) or not kid.startswith("did:key:"):
        raise Malformed("jws-kid", "The kid is not the DID URL of a did:key.", place="/kid")
    spelling = kid.partition("#")[0].removeprefix("did:key:")
    public_key = from_multikey(spelling)
    if public_key.kind is not KeyKind.ED25519 or kid != did_key_method(public_key.content):
        raise Malformed("jws-kid", "The kid is not the DID URL of its did:key.", place="/kid")
    return public_key


def _parts(token: str, largest: int) -> tuple[JsonObject, bytes, bytes]:
    if len(token) > largest:
        raise Malformed("jws-size", f"The token is longer than {largest:,} characters.")
    parts = token.split(".")
    if len(parts) != 3:
        raise Malformed("jws-form", "A compact JWS has three parts divided by points.")
    header, payload, signature = (base64url_decode(part) for part in parts)
    return parse(header, largest=LARGEST_HEADER), payload, signature


def _check_header(
    header: JsonObject, *, allowed_algorithms: Collection[str], expected_type: str | None
) -> None:
    for name in sorted(set(header) - _HEADERS):
        sentence = f"The header {name[:32]!r} is not taken here."
        raise Malformed("jws-header", sentence, place=f"/{name[:32]}")
    if str(header.get("alg")) not in ALGORITHMS.intersection(allowed_algorithms):
        raise Malformed("jws-algorithm", "The algorithm of the token is not taken here.")
    if "kid" in header and "jwk" in header:
        raise Malformed("jws-header", "A token names its key by kid or by jwk, not by both.")
    if not isinstance(header.get("kid", ""), str) or not isinstance(header.get("jwk", {}), dict):
        raise Malformed("jws-header", "The kid or jwk of the token is misshapen.")
    if PRIVATE_MEMBERS.intersection(header.get("jwk", {})):
        raise Malformed("jws-private-key", "The token gives a private key away.", place="/jwk")
    for name in ("cty", "iss"):
        # VC-JOSE-COSE 3.1.1 has both beside the credential; neither decides anything here.
        if name in header and (expected_type not in _WRAPPING or not isinstance(header[name], str)):
            sentence = f"The header {name!r} is not taken here."
            raise Malformed("jws-header", sentence, place=f"/{name}")
    types = {None, "JWT"} if expected_type is None else {expected_type}
    if "typ" in header and not isinstance(header["typ"], str):
        raise Malformed("jws-type", "The typ of the token is not a string.", place="/typ")
    if header.get("typ") not in types:
        wanted = expected_type or "JWT"
        raise Malformed("jws-type", f"The token is not of type {wanted}.", place="/typ")


def _verified_by_joserfc(token: str, *, algorithm: str, key: PublicKey) -> bool:
    spend(signatures=COST[key.kind])
    try:
        jws.deserialize_compact(token, _imported(key), registry=_Limits([algorithm]))
    except (JoseError, ValueError):
        return False
    return True


class _Limits(jws.JWSRegistry):
    """joserfc's limits widened to ours: its 512 header bytes do not hold an RSA `jwk`."""

    max_header_length = LARGEST_HEADER * 4 // 3 + 4
    max_payload_length = 16_777_216  # the length was looked at before

    def __init__(self, algorithms: list[str]) -> None:
        super().__init__(algorithms=algorithms)


def _imported(key: PublicKey) -> RSAKey | ECKey:
    stripped: dict[str, str | list[str]] = {**to_jwk(key)}
    return RSAKey.import_key(stripped) if key.kind is KeyKind.RSA else ECKey.import_key(stripped)
