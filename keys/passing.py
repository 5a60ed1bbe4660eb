"""Keys that live as long as the process, each with a DID that spells it out."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from keys.local import SEED_BYTES, LocalSigner
from vc import ecdsa
from vc.did import did_jwk, did_key_method
from vc.public_key import KeyKind, multikey
from vc.rsa import LocalSigner as RsaSigner

_CURVES = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1()}


def passing_ed25519(entropy: Callable[[int], bytes]) -> LocalSigner:
    """A signer with a new Ed25519 key and its did:key."""
    seed = entropy(SEED_BYTES)
    public_key = LocalSigner(seed, verification_method="").public_key
    return LocalSigner(seed, verification_method=did_key_method(public_key))


def passing_ec(kind: KeyKind) -> ecdsa.LocalSigner:
    """A signer with a new key on P-256 or P-384 and its did:key."""
    key = ec.generate_private_key(_CURVES[kind])
    spelled = multikey(ecdsa.LocalSigner(key, verification_method="").public_key)
    return ecdsa.LocalSigner(key, verification_method=f"did:key:{spelled}#{spelled}")


def passing_rsa() -> RsaSigner:
    """A signer with a new RSA key of 2,048 bits and its did:jwk."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2048)
    public_key = RsaSigner(key, verification_method="").public_key
    return RsaSigner(key, verification_method=f"{did_jwk(public_key)}#0")
