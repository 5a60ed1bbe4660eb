"""The system's randomness, handed to the rooms that need identifiers, nonces and secrets."""

import secrets
import uuid


class SystemChance:
    """Implements issuer.chance.Chance and issuer.chance.Secrets."""

    def identifier(self) -> str:
        """A random UUID as 32 hexadecimal digits."""
        return uuid.uuid4().hex

    def nonce(self) -> bytes:
        """32 random bytes."""
        return secrets.token_bytes(32)

    def token(self) -> str:
        """A secret of 256 bits in URL-safe characters."""
        return secrets.token_urlsafe(32)
