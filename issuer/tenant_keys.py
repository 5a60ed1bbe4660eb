"""The signing keys of the tenants: which one signs now, and all that verifiers must still find."""

from collections.abc import Sequence
from datetime import datetime

from issuer.addresses import Addresses
from keys.custody import Custody
from keys.records import KeyRecord
from vc.ed25519 import Signer
from vc.errors import Conflict, Missing
from vc.key_history import HistoricKey
from vc.public_key import KeyKind
from vc.signing import AnySigner


class TenantKeys:
    """Keys in custody, found by the DID in their verification method."""

    def __init__(self, custody: Custody, *, origin: str) -> None:
        self._custody = custody
        self._origin = origin

    def ensure(self, tenant: str, *, now: datetime) -> None:
        """Make the tenant's first key when it has none."""
        if not self.published(tenant):
            method = f"{self._did(tenant)}#key-1"
            self._custody.create(f"issuer-{tenant}-1", verification_method=method, now=now)

    def signer(self, tenant: str) -> Signer:
        """The signer with the tenant's active key. Raises Missing when there is none."""
        return self._custody.signer_of(self._did(tenant))

    def signer_with(self, tenant: str, kind: KeyKind) -> AnySigner:
        """The signer with the tenant's active key of a kind.

        Raises Conflict when it has none: an operator can add one.
        """
        try:
            return self._custody.signer_with(self._did(tenant), kind)
        except Missing as error:
            sentence = f"This issuer has no {kind} key. Its operator can add one."
            raise Conflict("issuer-key", sentence, place="/options") from error

    def add(self, tenant: str, kind: KeyKind, *, now: datetime) -> KeyRecord:
        """Give the tenant its first key of a kind. Raises Conflict when it has one already."""
        did, word = self._did(tenant), kind.lower().replace("-", "")
        known = [key.public_key.kind for key in self.published(tenant)]
        if kind in known or not known:
            raise Conflict("issuer-key", f"{did} has {'one already' if known else 'no key yet'}.")
        return self._custody.create(
            f"issuer-{tenant}-{word}-1",
            verification_method=f"{did}#{word}-1",
            now=now,
            kind=kind,
        )

    def published(self, tenant: str) -> Sequence[HistoricKey]:
        """Every key that ever signed for the tenant, the oldest first."""
        did = self._did(tenant)
        return [record.key for record in self._custody.list() if record.owner == did]

    def _did(self, tenant: str) -> str:
        return Addresses(self._origin, tenant).did
