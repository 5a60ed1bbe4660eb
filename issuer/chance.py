"""Chance comes in through the door, so that a story can be told twice and a test decides."""

from typing import Protocol


class Chance(Protocol):
    """Identifiers and nonces. A public service draws them from the system's randomness."""

    def identifier(self) -> str:
        """A new identifier: 32 hexadecimal digits of a UUID."""
        ...

    def nonce(self) -> bytes:
        """32 bytes that nobody could have foreseen."""
        ...


class Secrets(Protocol):
    """Secrets that open something for whoever holds them; never replayed."""

    def token(self) -> str:
        """A new secret of at least 128 bits in URL-safe characters."""
        ...
