"""Members' keys: an Ed25519 seed each, sealed for its one holder."""

from collections.abc import Callable
from dataclasses import dataclass, field

from keys.local import SEED_BYTES, LocalSigner
from keys.sealing import Seal
from vc.did import did_key, did_key_method


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made: its did:key, and the sealed seed to keep."""

    did: str
    sealed_seed: bytes = field(repr=False)


class Keyring:
    """Makes and opens members' keys. `entropy` gives that many random bytes."""

    def __init__(self, seal: Seal, *, entropy: Callable[[int], bytes]) -> None:
        self._seal = seal
        self._entropy = entropy

    def __repr__(self) -> str:
        return "Keyring(<redacted>)"

    def create(self, person_id: str) -> NewKey:
        """A new key for a member."""
        seed = self._entropy(SEED_BYTES)
        public_key = LocalSigner(seed, verification_method="").public_key
        return NewKey(did_key(public_key), self._seal.seal(seed, purpose=_purpose(person_id)))

    def signer(self, person_id: str, sealed_seed: bytes) -> LocalSigner:
        """The signer of a member's key, as its did:key.

        Raises Unavailable when the seed was sealed for another member or under another secret.
        """
        seed = self._seal.open(sealed_seed, purpose=_purpose(person_id))
        public_key = LocalSigner(seed, verification_method="").public_key
        return LocalSigner(seed, verification_method=did_key_method(public_key))


def _purpose(person_id: str) -> str:
    return f"wallet key of {person_id}"
