"""The public keys of passkeys: three kinds of COSE key (RFC 9052 section 7, RFC 9053, RFC 8230).

ES256 on P-256, EdDSA on Ed25519, RS256: what authenticators make. Of each key one spelling is read,
so that whoever compares spellings, as degree/checker.py does, compares keys. Pure.
"""

from enum import StrEnum
from typing import Any, Final

from webauthn.helpers import encode_cbor, parse_cbor

from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.public_key import KeyKind, PublicKey, from_jwk, to_jwk

_LARGEST: Final = 2_048  # bytes; an RSA key of 8,192 bits takes some 1,050


class Algorithm(StrEnum):
    """How a passkey signs, by the names of JOSE."""

    ES256 = "ES256"
    EDDSA = "EdDSA"
    RS256 = "RS256"


_ALGORITHMS: Final = {
    KeyKind.P256: Algorithm.ES256,
    KeyKind.ED25519: Algorithm.EDDSA,
    KeyKind.RSA: Algorithm.RS256,
}


def algorithm_of(cose: bytes) -> Algorithm:
    """How the key signs. Raises as `read_key` does."""
    return _ALGORITHMS[read_key(cose).kind]


def read_key(cose: bytes) -> PublicKey:
    """The key in these bytes. Raises Malformed for another kind, spelling or member, or none."""
    key = _read(_members(cose))
    if _spelled(key) != cose:
        raise _spelled_otherwise()
    return key


def _read(members: dict[Any, Any]) -> PublicKey:
    match members:
        # 1: the kind of key, 3: the algorithm, -1: the curve (or n), -2: x (or e), -3: y.
        case {1: 2, 3: -7, -1: 1, -2: bytes(x), -3: bytes(y), **more} if not more:
            return from_jwk(_jwk("EC", crv="P-256", x=x, y=y))
        case {1: 1, 3: -8, -1: 6, -2: bytes(x), **more} if not more:
            return from_jwk(_jwk("OKP", crv="Ed25519", x=x))
        case {1: 3, 3: -257, -1: bytes(n), -2: bytes(e), **more} if not more:
            return from_jwk(_jwk("RSA", n=n, e=e))
    sentence = "The passkey signs neither with ES256 nor with EdDSA nor with RS256."
    raise Malformed("passkey-algorithm", sentence)


def _spelled(key: PublicKey) -> bytes:
    """The key as WebAuthn has it (level 3, section 6.5.1.1): in CTAP2's order, n minimal."""
    part = {name: base64url_decode(to_jwk(key).get(name, "")) for name in ("x", "y", "n", "e")}
    match key.kind:
        case KeyKind.P256:
            return encode_cbor({1: 2, 3: -7, -1: 1, -2: part["x"], -3: part["y"]})
        case KeyKind.ED25519:
            return encode_cbor({1: 1, 3: -8, -1: 6, -2: part["x"]})
        case _:
            return encode_cbor({1: 3, 3: -257, -1: part["n"], -2: part["e"]})


def _members(cose: bytes) -> dict[Any, Any]:
    try:
        members = parse_cbor(cose[:_LARGEST])
    except Exception as error:  # the library lets errors of its own libraries through
        raise Malformed("passkey-key", "The passkey's public key cannot be read.") from error
    if not isinstance(members, dict) or not all(
        type(item) in (int, bytes) for pair in members.items() for item in pair
    ):
        raise _spelled_otherwise()
    return dict(members)


def _jwk(kind: str, *, crv: str = "", **members: bytes) -> dict[str, str]:
    return {"kty": kind, "crv": crv} | {
        name: base64url_encode(value) for name, value in members.items()
    }


def _spelled_otherwise() -> Malformed:
    return Malformed("passkey-key", "The passkey's public key is not spelled as it should be.")
