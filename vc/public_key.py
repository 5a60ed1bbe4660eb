"""Public keys of every kind that is read here, and how Multikey and JWK spell them.

Sources: CID 1.0 section 2.2.2 (Multikey), RFC 7517, RFC 7518 section 6, RFC 8037.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from vc.encoding import base58btc_decode, base64url_decode, base64url_encode, multibase_encode
from vc.errors import Malformed

SMALLEST_RSA: Final = 2_048  # bits (RFC 7518 section 3.3)
_LARGEST_EXPONENT: Final = 32  # bits; 17 is what everybody uses
LARGEST_RSA: Final = 8_192  # bits; larger ones only cost time
PRIVATE_MEMBERS: Final = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})


class KeyKind(StrEnum):
    """The kinds of keys, by the names that JWK gives their curves."""

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    RSA = "RSA"


# How many checks of an Ed25519 signature one with such a key takes.
COST: Final = {KeyKind.ED25519: 1, KeyKind.P256: 2, KeyKind.P384: 12, KeyKind.RSA: 2}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that was found sound.

    `content` is what a Multikey holds: 32 bytes for Ed25519, the compressed point (33 or 49
    bytes) for P-256 and P-384; for RSA the DER of its SubjectPublicKeyInfo.
    """

    kind: KeyKind
    content: bytes


_CURVES: Final[Mapping[KeyKind, ec.EllipticCurve]] = {
    KeyKind.P256: ec.SECP256R1(),
    KeyKind.P384: ec.SECP384R1(),
}
# Multicodec prefixes as varints, and the bytes that follow them.
_MULTICODEC: Final[Mapping[KeyKind, tuple[bytes, int]]] = {
    KeyKind.ED25519: (b"\xed\x01", 32),
    KeyKind.P256: (b"\x80\x24", 33),
    KeyKind.P384: (b"\x81\x24", 49),
}


def ed25519(content: bytes) -> PublicKey:
    """The Ed25519 key with these 32 bytes. Raises Malformed."""
    if len(content) != 32:
        raise Malformed("key-length", "An Ed25519 public key has 32 bytes.")
    return PublicKey(KeyKind.ED25519, content)


def from_multikey(multikey: str) -> PublicKey:
    """The key that a Multikey in base58btc spells. Raises Malformed for kinds not read here."""
    if not multikey.startswith("z"):
        raise Malformed("multikey", "A Multikey starts with z (base58btc).")
    content = base58btc_decode(multikey[1:])
    for kind, (prefix, length) in _MULTICODEC.items():
        if content.startswith(prefix) and len(content) == len(prefix) + length:
            return _checked(PublicKey(kind, content[len(prefix) :]))
    raise Malformed("multikey", "The Multikey is not an Ed25519, P-256 or P-384 public key.")


def from_p256_multicodec(content: bytes) -> PublicKey:
    """The P-256 key in the 35 bytes of its Multikey. Raises Malformed."""
    prefix, length = _MULTICODEC[KeyKind.P256]
    if not content.startswith(prefix) or len(content) != len(prefix) + length:
        raise Malformed("multikey", "The key is not a P-256 public key.")
    return _checked(PublicKey(KeyKind.P256, content[len(prefix) :]))


def p256_multicodec(key: PublicKey) -> bytes:
    """The 35 bytes of a P-256 key's Multikey. Raises Malformed for a key of another kind."""
    if key.kind is not KeyKind.P256:
        raise Malformed("key-kind", "The key is not a P-256 public key.")
    return _MULTICODEC[KeyKind.P256][0] + key.content


def multikey(key: PublicKey) -> str:
    """The Multikey of a key; RSA has none here."""
    prefix, _ = _MULTICODEC[key.kind]
    return multibase_encode(prefix + key.content)


def spelled(key: PublicKey) -> str:
    """A key on one line: its Multikey, or base64url of the DER of an RSA key."""
    return base64url_encode(key.content) if key.kind is KeyKind.RSA else multikey(key)


def published(key: PublicKey) -> dict[str, Any]:
    """The members of a verification method that say its key (CID 1.0, sections 2.2.2, 2.2.3)."""
    if key.kind is KeyKind.RSA:
        return {"type": "JsonWebKey", "publicKeyJwk": to_jwk(key)}
    return {"type": "Multikey", "publicKeyMultibase": multikey(key)}


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """The key in a public JWK. Raises Malformed, for a private one above all."""
    if PRIVATE_MEMBERS.intersection(jwk):
        raise Malformed("jwk-private-key", "A private key was given where a public one belongs.")
    family, curve = jwk.get("kty"), jwk.get("crv")
    if family == "RSA":
        return _rsa(_number(jwk, "n"), _number(jwk, "e"))
    if (family, curve) == ("OKP", "Ed25519"):
        return ed25519(_member(jwk, "x"))
    if family == "EC" and curve in (KeyKind.P256, KeyKind.P384):
        kind = KeyKind(str(curve))
        size = (_CURVES[kind].key_size + 7) // 8
        x, y = _member(jwk, "x"), _member(jwk, "y")
        if len(x) != size or len(y) != size:
            raise Malformed("jwk", "The coordinates of the key have another length.")
        return _checked(PublicKey(kind, bytes([2 + y[-1] % 2]) + x), expected_y=y)
    raise Malformed("jwk", "The JWK is of a kind that is not read here.")


def to_jwk(key: PublicKey) -> dict[str, str]:
    """The public JWK of a key, without anything that the key does not need."""
    if key.kind is KeyKind.ED25519:
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(key.content)}
    if key.kind is KeyKind.RSA:
        numbers = rsa_key(key).public_numbers()
        return {"kty": "RSA", "n": _written(numbers.n), "e": _written(numbers.e)}
    point = ec_key(key).public_numbers()
    size = (_CURVES[key.kind].key_size + 7) // 8
    x, y = (base64url_encode(value.to_bytes(size, "big")) for value in (point.x, point.y))
    return {"kty": "EC", "crv": key.kind.value, "x": x, "y": y}


def ec_key(key: PublicKey) -> ec.EllipticCurvePublicKey:
    """The key for the cryptography library. Raises Malformed for a point off its curve."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[key.kind], key.content)
    except (ValueError, KeyError) as error:
        raise Malformed("key-point", "The public key is no point of its curve.") from error


def rsa_key(key: PublicKey) -> rsa.RSAPublicKey:
    """The key for the cryptography library. Raises Malformed for one of another kind."""
    loaded = load_der_public_key(key.content) if key.kind is KeyKind.RSA else None
    if not isinstance(loaded, rsa.RSAPublicKey):
        raise Malformed("key-kind", "This is not an RSA key.")
    return loaded


def ec_public_key(loaded: ec.EllipticCurvePublicKey) -> PublicKey:
    """A key of the cryptography library as ours. Raises Malformed for other curves."""
    kind = next((kind for kind, one in _CURVES.items() if one.name == loaded.curve.name), None)
    if kind is None:
        raise Malformed("key-kind", f"Keys on {loaded.curve.name} are not read here.")
    return PublicKey(kind, loaded.public_bytes(Encoding.X962, PublicFormat.CompressedPoint))


def _checked(key: PublicKey, *, expected_y: bytes | None = None) -> PublicKey:
    if key.kind in _CURVES:
        y = ec_key(key).public_numbers().y
        if expected_y is not None and y != int.from_bytes(expected_y, "big"):
            raise Malformed("key-point", "The public key is no point of its curve.")
    return key


def rsa_public_key(loaded: rsa.RSAPublicKey) -> PublicKey:
    """A key of the cryptography library as ours. Raises Malformed for one too short or long."""
    if not SMALLEST_RSA <= loaded.key_size <= LARGEST_RSA:
        raise Malformed("jwk", f"An RSA key of {loaded.key_size} bits is too short or too long.")
    der = loaded.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(KeyKind.RSA, der)


def _rsa(modulus: int, exponent: int) -> PublicKey:
    if modulus.bit_length() > LARGEST_RSA:
        sentence = f"An RSA key of {modulus.bit_length()} bits is too long."
        raise Malformed("jwk", sentence)
    if exponent.bit_length() > _LARGEST_EXPONENT:
        # Such keys are sound, and take a hundred times as long; nobody makes them but for that.
        raise Malformed("jwk", "The exponent of the RSA key is too long.")
    try:
        return rsa_public_key(rsa.RSAPublicNumbers(exponent, modulus).public_key())
    except ValueError as error:
        raise Malformed("jwk", "The key is not a sound RSA key.") from error


def _member(jwk: Mapping[str, Any], name: str) -> bytes:
    value = jwk.get(name)
    if not isinstance(value, str):
        raise Malformed("jwk", f"The JWK lacks its {name}.")
    return base64url_decode(value)


def _number(jwk: Mapping[str, Any], name: str) -> int:
    return int.from_bytes(_member(jwk, name), "big")


def _written(number: int) -> str:
    return base64url_encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
