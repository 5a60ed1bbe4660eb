"""Status lists kept in memory, for the issuers of one run."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from vc import status
from vc.documents import JsonObject
from vc.errors import Malformed, Missing
from vc.issue import issue
from vc.signing import AnySigner, as_ed25519

PURPOSES: Final = ("revocation", "suspension")
_LIFE: Final = timedelta(days=1)
Draw = Callable[[int], int]


@dataclass
class Lists:
    """One list for each purpose; an entry stands at the same index in both.

    `draw(n)` gives a number below n by chance: neighbours in a list must not be related.
    """

    origin: str
    signer: AnySigner
    draw: Draw
    _indexes: dict[str, int] = field(default_factory=dict)
    _raised: dict[str, set[int]] = field(default_factory=lambda: {one: set() for one in PURPOSES})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def entries(self, credential_id: str) -> list[JsonObject]:
        """The status entries of a credential, which has them from now on."""
        with self._lock:
            taken = set(self._indexes.values())
            index = self._indexes.get(credential_id)
            while index is None or (credential_id not in self._indexes and index in taken):
                index = self.draw(status.SMALLEST)
            self._indexes[credential_id] = index
        return [
            status.entry(list_url=self._url(purpose), index=index, purpose=purpose)
            for purpose in PURPOSES
        ]

    def change(self, credential_id: str, *, purpose: str, raised: bool) -> None:
        """Raise or lower a credential's bit. Raises Missing, and Malformed for another purpose."""
        if purpose not in PURPOSES:
            sentence = f"The purpose is one of {', '.join(PURPOSES)}."
            raise Malformed("status-purpose", sentence, place="/credentialStatus/statusPurpose")
        with self._lock:
            if credential_id not in self._indexes:
                raise Missing("credential", "No credential of this id has a status here.")
            bits = self._raised[purpose]
            (bits.add if raised else bits.discard)(self._indexes[credential_id])

    def published(self, purpose: str, *, now: datetime) -> JsonObject:
        """The signed list. Raises Missing for a purpose that has none."""
        if purpose not in PURPOSES:
            raise Missing("status-list", "There is no such status list.")
        with self._lock:
            encoded = status.encode(sorted(self._raised[purpose]))
        signer = as_ed25519(self.signer)
        unsigned = status.status_list_credential(
            list_url=self._url(purpose),
            issuer=signer.verification_method.partition("#")[0],
            purpose=purpose,
            encoded=encoded,
            valid_from=now,
            valid_until=now + _LIFE,
        )
        return issue(unsigned, signer=signer, created=now)

    def _url(self, purpose: str) -> str:
        return f"{self.origin}/status-lists/{purpose}"
