"""Failed sign-ins, and the pause after five of them: for passwords and passkeys alike."""

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Final

from accounts.store import Store
from vc.errors import Refused

ATTEMPTS: Final = 5  # failed sign-ins of one name from one place, within the window
WINDOW: Final = timedelta(minutes=1)


class TooManyAttempts(Refused):
    """Sign-in failed too often; it may be tried again after a minute."""


class Attempts:
    """What failed lately. `name` is an e-mail address or a passkey, `place` a network address."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def expect_few(self, name: str, *, place: str, now: datetime) -> None:
        """Raise TooManyAttempts after five failures within a minute."""
        with self._store.ledger() as ledger:
            failed = ledger.attempts(_origin(name, place), since=now - WINDOW)
        if failed >= ATTEMPTS:
            sentence = "Too many attempts. Wait a minute, then try again."
            raise TooManyAttempts("too-many-attempts", sentence)

    def note_failure(self, name: str, *, place: str, now: datetime) -> None:
        """Let this failure count against the next attempts."""
        with self._store.ledger() as ledger:
            ledger.forget_attempts(before=now - WINDOW)
            ledger.add_attempt(uuid.uuid4().hex, origin_digest=_origin(name, place), now=now)


def _origin(name: str, place: str) -> str:
    return hashlib.sha256(f"{name}\n{place}".encode()).hexdigest()
