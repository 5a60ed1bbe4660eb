"""What custody asks of a hardware token; keys.pkcs11 has one."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

from vc.ed25519 import Signer
from vc.errors import Conflict

_MOST_LABELS: Final = 50  # tries to make one key; each that is taken was a process that died


class Token(Protocol):
    """A hardware module that makes Ed25519 keys and signs with them."""

    def generate(self, label: str) -> bytes:
        """Make a key pair; the 32 bytes of its public half are the result.

        Raises Conflict when the label is taken, Unavailable.
        """
        ...

    def signer(self, label: str, *, verification_method: str) -> Signer:
        """The signer of the key with this label. Raises Missing, Unavailable."""
        ...


def labels(name: str) -> tuple[str, ...]:
    """The labels under which a token may keep the key `name`: the first that is free counts.

    A process that was killed before it wrote the register left a key behind that nobody uses. It is
    not taken for the new one: it may be half a pair, and whoever has the PIN could have put one
    there that they have a copy of. No name has a dot, so that no other key wants these labels.
    """
    return (name, *(f"{name}.{number}" for number in range(2, _MOST_LABELS + 1)))


def generated(token: Token, labels: Sequence[str]) -> tuple[str, bytes]:
    """The first of `labels` that was free in the token, and the public key now under it.

    Raises Conflict when the token has a key under each, Unavailable.
    """
    for label in labels[:-1]:
        with suppress(Conflict):
            return label, token.generate(label)
    return labels[-1], token.generate(labels[-1])
