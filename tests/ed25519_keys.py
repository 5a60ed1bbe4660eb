"""A signer for tests: the real algorithm under a key that everybody may know."""

from dataclasses import dataclass, field

import nacl.signing

from vc.did import did_key, did_key_method


@dataclass(frozen=True)
class KnownSigner:
    """Signs with the key of a 32-byte seed, as did:key unless another method is named."""

    seed: bytes
    method: str = ""
    _key: nacl.signing.SigningKey = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_key", nacl.signing.SigningKey(self.seed))

    @property
    def public_key(self) -> bytes:
        return bytes(self._key.verify_key)

    @property
    def verification_method(self) -> str:
        return self.method or did_key_method(self.public_key)

    @property
    def did(self) -> str:
        return self.verification_method.partition("#")[0] or did_key(self.public_key)

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message).signature


def signer(number: int, method: str = "") -> KnownSigner:
    """The signer with the key of that number."""
    return KnownSigner(number.to_bytes(32, "big"), method)
