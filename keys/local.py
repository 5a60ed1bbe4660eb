"""Secret keys of each kind, and the signers that they give in this process."""

from collections.abc import Callable
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from nacl.signing import SigningKey

from vc import ecdsa
from vc.errors import Malformed
from vc.public_key import KeyKind, PublicKey, ed25519
from vc.rsa import LocalSigner as RsaSigner
from vc.signing import AnySigner

SEED_BYTES: Final = 32
RSA_BITS: Final = 3072
_CURVES: Final = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1()}


class LocalSigner:
    """Signs with an Ed25519 key held in this process; implements vc.ed25519.Signer."""

    __slots__ = ("_key", "_verification_method")

    def __init__(self, seed: bytes, *, verification_method: str) -> None:
        if len(seed) != SEED_BYTES:
            raise Malformed("seed", f"An Ed25519 seed has {SEED_BYTES} bytes.")
        self._key = SigningKey(seed)
        self._verification_method = verification_method

    def __repr__(self) -> str:
        return f"LocalSigner({self._verification_method}, <redacted>)"

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        return self._verification_method

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return bytes(self._key.verify_key)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `message`."""
        return self._key.sign(message).signature


def new_secret(kind: KeyKind, *, entropy: Callable[[int], bytes]) -> bytes:
    """The secret half of a new key: an Ed25519 seed out of `entropy`, or PKCS #8 in DER."""
    if kind is KeyKind.ED25519:
        return entropy(SEED_BYTES)
    made: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    if kind is KeyKind.RSA:
        made = rsa.generate_private_key(public_exponent=65_537, key_size=RSA_BITS)
    else:
        made = ec.generate_private_key(_CURVES[kind])
    return made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def signer_with(secret: bytes, kind: KeyKind, *, verification_method: str) -> AnySigner:
    """The signer with a secret of that kind. Raises Malformed for another."""
    if kind is KeyKind.ED25519:
        return LocalSigner(secret, verification_method=verification_method)
    loaded = load_der_private_key(secret, password=None)
    if isinstance(loaded, rsa.RSAPrivateKey) and kind is KeyKind.RSA:
        return RsaSigner(loaded, verification_method=verification_method)
    if isinstance(loaded, ec.EllipticCurvePrivateKey) and kind in _CURVES:
        return ecdsa.LocalSigner(loaded, verification_method=verification_method)
    raise Malformed("key-kind", "The secret key is of another kind than its public half.")


def public_half(signer: AnySigner) -> PublicKey:
    """The public key of a signer of any kind."""
    key = signer.public_key
    return ed25519(key) if isinstance(key, bytes) else key
