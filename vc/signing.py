"""Whatever signs, of whichever kind its key is: locally held, in a wallet, or in a module."""

from vc import ecdsa, ed25519
from vc.errors import Malformed
from vc.public_key import KeyKind

# The P-256, P-384 and RSA signers have one shape.
AnySigner = ed25519.Signer | ecdsa.Signer


def kind_of(signer: AnySigner) -> KeyKind:
    """The kind of a signer's key."""
    key = signer.public_key
    return KeyKind.ED25519 if isinstance(key, bytes) else key.kind


def as_ed25519(signer: AnySigner) -> ed25519.Signer:
    """The same signer. Raises Malformed unless its key is an Ed25519 key."""
    if isinstance(signer.public_key, bytes):
        return signer
    raise Malformed("key-kind", "This form of signature needs an Ed25519 key.")


def as_ecdsa(signer: AnySigner) -> ecdsa.Signer:
    """The same signer. Raises Malformed unless its key is on P-256 or P-384."""
    if kind_of(signer) in ecdsa.HASH:
        return signer  # type: ignore[return-value]
    raise Malformed("key-kind", "This form of signature needs a P-256 or P-384 key.")
