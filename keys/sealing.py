"""Bytes sealed at rest, and the box that ballots are dropped into.

Sources: libsodium's secretbox and sealed box; RFC 7693 (keyed BLAKE2b as the key derivation).
"""

from dataclasses import dataclass, field
from typing import Final

from nacl.encoding import RawEncoder
from nacl.exceptions import CryptoError
from nacl.exceptions import ValueError as NaclValueError
from nacl.hash import blake2b
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

from vc.errors import Malformed, Unavailable

MASTER_BYTES: Final = 32  # bytes of the master secret


class Seal:
    """Seals bytes under a master secret of 32 bytes, with one derived key for each purpose.

    What was sealed for one purpose does not open for another, so a sealed value cannot be moved
    from the row it belongs to.
    """

    __slots__ = ("_master",)

    def __init__(self, master: bytes) -> None:
        if len(master) != MASTER_BYTES:
            raise Malformed("master-secret", f"The master secret has {MASTER_BYTES} bytes.")
        self._master = master

    def __repr__(self) -> str:
        return "Seal(<redacted>)"

    def seal(self, plaintext: bytes, *, purpose: str) -> bytes:
        """`plaintext` sealed: a random nonce of 24 bytes, then ciphertext and tag."""
        return bytes(self._box(purpose).encrypt(plaintext))

    def open(self, sealed: bytes, *, purpose: str) -> bytes:
        """What was sealed for `purpose`.

        Raises Unavailable when it was sealed under another secret, for another purpose, or altered:
        the three cannot be told apart.
        """
        try:
            return self._box(purpose).decrypt(sealed)
        except (CryptoError, NaclValueError) as error:
            sentence = f"What was sealed for {purpose} does not open with this master secret."
            raise Unavailable("seal", sentence) from error

    def code(self, content: bytes, *, purpose: str) -> bytes:
        """The code of 32 bytes by which we know again what may be read by all and changed by none.

        Only who has the master secret can make it, for this `content` and this purpose.
        """
        key = blake2b(
            f"code {purpose}".encode(), key=self._master, digest_size=32, encoder=RawEncoder
        )
        return blake2b(content, key=key, digest_size=32, encoder=RawEncoder)

    def token(self, *, purpose: str) -> str:
        """A bearer token that everyone with this master secret works out alike, and nobody else.

        For our own services to know one another by; it is never stored.
        """
        key = blake2b(f"token {purpose}".encode(), key=self._master, digest_size=32)
        return key.decode()

    def _box(self, purpose: str) -> SecretBox:
        key = blake2b(purpose.encode(), key=self._master, digest_size=32, encoder=RawEncoder)
        return SecretBox(key)


@dataclass(frozen=True, slots=True)
class BallotKeys:
    """The key pair of one ballot box, 32 bytes each; the private one is stored sealed."""

    public_key: bytes
    private_key: bytes = field(repr=False)


class BallotBox:
    """Anyone can drop a ballot in; only the holder of the private key can open the box."""

    @staticmethod
    def generate() -> BallotKeys:
        """A new key pair for the box of one activity."""
        private_key = PrivateKey.generate()
        return BallotKeys(bytes(private_key.public_key), bytes(private_key))

    @staticmethod
    def drop(public_key: bytes, plaintext: bytes) -> bytes:
        """`plaintext` sealed to the box. Raises Malformed for a key that does not have 32 bytes."""
        try:
            return SealedBox(PublicKey(public_key)).encrypt(plaintext)
        except (CryptoError, NaclValueError) as error:
            raise Malformed("ballot-key", "A ballot box key has 32 bytes.") from error

    @staticmethod
    def open(private_key: bytes, sealed: bytes) -> bytes:
        """The ballot inside. Raises Malformed when it was not sealed to this box, or altered."""
        try:
            return SealedBox(PrivateKey(private_key)).decrypt(sealed)
        except (CryptoError, NaclValueError) as error:
            sentence = "The ballot was not sealed to this box, or it was altered."
            raise Malformed("ballot-seal", sentence) from error
