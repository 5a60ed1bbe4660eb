"""Ed25519 (RFC 8032) through libsodium, which refuses small-order keys and malleable signatures."""

from typing import Protocol

import nacl.bindings
from nacl.exceptions import BadSignatureError
from nacl.exceptions import ValueError as NaclValueError

from vc.effort import spend
from vc.errors import Malformed
from vc.public_key import COST, KeyKind, PublicKey


class Signer(Protocol):
    """Something that signs with one Ed25519 key without showing it.

    keys/ and wallet/ implement it; a hardware module can.
    """

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        ...

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `message`; the same message gives the same bytes."""
        ...


def verified_by(message: bytes, *, signature: bytes, public_key: PublicKey) -> bool:
    """Whether `signature` was made with that key. Raises Malformed for a key of another kind."""
    if public_key.kind is not KeyKind.ED25519:
        raise Malformed("key-kind", "An Ed25519 signature needs an Ed25519 key.")
    return verifies(message, signature=signature, public_key=public_key.content)


def verifies(message: bytes, *, signature: bytes, public_key: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` was made with the key of `public_key`.

    Raises Malformed when the key does not have 32 bytes; a signature of another length is false.
    """
    if len(public_key) != nacl.bindings.crypto_sign_PUBLICKEYBYTES:
        raise Malformed("key-length", "An Ed25519 public key has 32 bytes.")
    if len(signature) != nacl.bindings.crypto_sign_BYTES:
        return False
    spend(signatures=COST[KeyKind.ED25519])
    try:
        nacl.bindings.crypto_sign_open(signature + message, public_key)
    except (BadSignatureError, NaclValueError):
        return False
    return True
