"""RSASSA-PKCS1-v1_5 with SHA-256, for the RS256 that Open Badges 3.0 asks of everyone."""

from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from vc.public_key import PublicKey, rsa_public_key

_SHA256: Final = hashes.SHA256()


class LocalSigner:
    """Signs with an RSA key held in this process; the same message gives the same bytes."""

    __slots__ = ("_key", "_verification_method")

    def __init__(self, key: rsa.RSAPrivateKey, *, verification_method: str) -> None:
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
        """The public half. Raises Malformed for a key that is too short or too long."""
        return rsa_public_key(self._key.public_key())

    def sign(self, message: bytes) -> bytes:
        """The signature of `message`, as long as the modulus."""
        return self._key.sign(message, padding.PKCS1v15(), _SHA256)
