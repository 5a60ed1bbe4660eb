"""Signers of every kind of key, each with a did:key or did:jwk of its own; the same every time."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from ed25519_keys import KnownSigner, signer

from vc import ecdsa
from vc.did import did_jwk
from vc.public_key import KeyKind, multikey
from vc.rsa import LocalSigner as RsaSigner
from vc.signing import AnySigner

_CURVES = {KeyKind.P256: ec.SECP256R1(), KeyKind.P384: ec.SECP384R1()}


def ec_signer(kind: KeyKind, number: int = 7) -> ecdsa.LocalSigner:
    """A P-256 or P-384 signer whose did:key is the controller of its key."""
    key = ec.derive_private_key(number, _CURVES[kind])
    spelled = multikey(ecdsa.LocalSigner(key, verification_method="").public_key)
    return ecdsa.LocalSigner(key, verification_method=f"did:key:{spelled}#{spelled}")


@cache
def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2048)


def rsa_signer() -> RsaSigner:
    """An RSA signer with a did:jwk; the same key for one run of the tests."""
    unnamed = RsaSigner(_rsa_key(), verification_method="")
    return RsaSigner(_rsa_key(), verification_method=f"{did_jwk(unnamed.public_key)}#0")


def ed25519_signer() -> KnownSigner:
    """An Ed25519 signer with a did:key."""
    return signer(5)


def did_of(any_signer: AnySigner) -> str:
    """The controller of the signer's key."""
    return any_signer.verification_method.partition("#")[0]
