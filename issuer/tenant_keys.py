"""The signing keys of the tenants: which one signs now, and all that verifiers must still find."""

from collections.abc import Sequence
from datetime import datetime

from issuer.addresses import Addresses
from keys.custody import Custody, KeyRecord, KeyState
from vc.ed25519 import Signer
from vc.errors import Missing


class TenantKeys:
    """Keys in custody, found by the DID in their verification method."""

    def __init__(self, custody: Custody, *, origin: str) -> None:
        self._custody = custody
        self._origin = origin

    def ensure(self, tenant: str, *, now: datetime) -> None:
        """Make the tenant's first key when it has none."""
        if not self._records(tenant):
            did = Addresses(self._origin, tenant).did
            self._custody.create(f"issuer-{tenant}-1", verification_method=f"{did}#key-1", now=now)

    def signer(self, tenant: str) -> Signer:
        """The signer with the tenant's newest active key. Raises Missing when there is none."""
        active = [record for record in self._records(tenant) if record.state is KeyState.ACTIVE]
        if not active:
            raise Missing("issuer-key", f"The issuer {tenant} has no key to sign with.")
        return self._custody.signer(active[-1].name)

    def published(self, tenant: str) -> Sequence[tuple[str, bytes]]:
        """Fragment and public key of every key that ever signed for the tenant."""
        return [
            (record.verification_method.partition("#")[2], record.public_key)
            for record in self._records(tenant)
        ]

    def _records(self, tenant: str) -> list[KeyRecord]:
        did = Addresses(self._origin, tenant).did
        return [
            record
            for record in self._custody.list()
            if record.verification_method.partition("#")[0] == did
        ]
