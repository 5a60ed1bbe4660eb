"""Keys for tests: the same in every run, and of nobody."""

import nacl.signing

from vc.did import did_key_method


class SeededSigner:
    """A signer from one repeated byte; of its did:key unless another DID URL is given."""

    def __init__(self, byte: int, *, verification_method: str = "") -> None:
        self.key = nacl.signing.SigningKey(bytes([byte]) * 32)
        self._verification_method = verification_method

    @property
    def public_key(self) -> bytes:
        return bytes(self.key.verify_key)

    @property
    def verification_method(self) -> str:
        return self._verification_method or did_key_method(self.public_key)

    def sign(self, message: bytes) -> bytes:
        return self.key.sign(message).signature
