"""The signing keys of the tenants: which one signs now, and all that verifiers must still find."""

from collections.abc import Sequence
from datetime import datetime

from issuer.addresses import Addresses
from keys.custody import Custody
from vc.ed25519 import Signer
from vc.key_history import HistoricKey


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

    def published(self, tenant: str) -> Sequence[HistoricKey]:
        """Every key that ever signed for the tenant, the oldest first."""
        did = self._did(tenant)
        return [record.key for record in self._custody.list() if record.owner == did]

    def _did(self, tenant: str) -> str:
        return Addresses(self._origin, tenant).did
