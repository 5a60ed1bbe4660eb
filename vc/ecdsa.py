"""ECDSA on P-256 with SHA-256 and on P-384 with SHA-384 (FIPS 186-5), as r and s side by side."""

from collections.abc import Callable
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from vc.effort import spend
from vc.errors import Malformed
from vc.public_key import COST, KeyKind, PublicKey, ec_key, ec_public_key

HASH: Final = {KeyKind.P256: "sha256", KeyKind.P384: "sha384"}
_HASHES: Final = {KeyKind.P256: hashes.SHA256(), KeyKind.P384: hashes.SHA384()}
_HALF: Final = {KeyKind.P256: 32, KeyKind.P384: 48}  # bytes of r, and of s
_P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Signer(Protocol):
    """Something that signs with one P-256 or P-384 key without showing it."""

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, 64 or 96 bytes; the same message gives the same bytes."""
        ...


class LocalSigner:
    """Signs with a key held in this process, deterministically (RFC 6979)."""

    __slots__ = ("_key", "_verification_method")

    def __init__(self, key: ec.EllipticCurvePrivateKey, *, verification_method: str) -> None:
        self._key = key
        self._verification_method = verification_method

    def __repr__(self) -> str:
        return f"LocalSigner({self._verification_method}, <redacted>)"

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        return self._verification_method

    @property
    def public_key(self) -> PublicKey:
        """The public half."""
        return ec_public_key(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, 64 or 96 bytes."""
        kind = self.public_key.kind
        algorithm = ec.ECDSA(_HASHES[kind], deterministic_signing=True)
        r, s = decode_dss_signature(self._key.sign(message, algorithm))
        return r.to_bytes(_HALF[kind], "big") + s.to_bytes(_HALF[kind], "big")


def passing_signer(entropy: Callable[[int], bytes]) -> LocalSigner:
    """A signer with a P-256 key for one use, out of 40 bytes of `entropy`; it has no name.

    Eight bytes more than the order has make every key as likely as any other (FIPS 186-5, A.2.1).
    """
    number = int.from_bytes(entropy(40), "big") % (_P256_ORDER - 1) + 1
    return LocalSigner(ec.derive_private_key(number, ec.SECP256R1()), verification_method="")


def expect_ecdsa(public_key: PublicKey) -> None:
    """Raise Malformed for a key of another kind."""
    if public_key.kind not in HASH:
        raise Malformed("key-kind", "An ECDSA signature needs a P-256 or P-384 key.")


def verifies(message: bytes, *, signature: bytes, public_key: PublicKey) -> bool:
    """Whether `signature` over `message` was made with that key.

    A signature of another length is false. Raises Malformed for a key of another kind.
    """
    expect_ecdsa(public_key)
    half = _HALF[public_key.kind]
    if len(signature) != 2 * half:
        return False
    spend(signatures=COST[public_key.kind])
    r, s = (int.from_bytes(part, "big") for part in (signature[:half], signature[half:]))
    try:
        ec_key(public_key).verify(
            encode_dss_signature(r, s), message, ec.ECDSA(_HASHES[public_key.kind])
        )
    except InvalidSignature:
        return False
    return True
