"""Signing anew: what a key in other hands signed counts only where the log had it before."""

import json
from datetime import datetime

from issuer import log
from issuer.securing import Securing, methods_of, read
from issuer.store import Ledger, Store
from issuer.tables.community import TenantRow
from issuer.tables.credentials import CredentialRow
from vc.documents import LARGEST_RECORD, JsonObject, parse
from vc.logged import document_leaf


class Renewal:
    """Gives the holders of genuine credentials a signature that verifiers believe again."""

    def __init__(self, store: Store, *, securing: Securing) -> None:
        self._store = store
        self._securing = securing

    def renew(self, tenant: str, *, method_id: str, log_size: int, now: datetime) -> int:
        """Sign anew what the key `method_id` signed, but for the first `log_size` log entries.

        The number of credentials is the result. After a crash it can be done again: what has its
        new signature is left alone. Raises Missing while the tenant has no key to sign with.
        """
        with self._store.ledger() as ledger:
            # Whoever signs holds the tenant: those who began with the old key are through now.
            ledger.hold(TenantRow, tenant)
            credentials = ledger.signed_with(tenant, method_id)
        return sum(
            self._renew(credential, method_id=method_id, log_size=log_size, now=now)
            for credential in credentials
        )

    def count(self, tenant: str, *, method_id: str, log_size: int) -> int:
        """How many credentials `renew` would sign anew."""
        with self._store.ledger() as ledger:
            rows = [ledger.get(CredentialRow, one) for one in ledger.signed_with(tenant, method_id)]
            return sum(_is_lost(ledger, row, method_id, log_size) for row in rows)

    def _renew(self, credential_id: str, *, method_id: str, log_size: int, now: datetime) -> bool:
        with self._store.ledger() as ledger:
            ledger.hold(TenantRow, ledger.get(CredentialRow, credential_id).tenant_id)
            row = ledger.hold(CredentialRow, credential_id)
            if not _is_lost(ledger, row, method_id, log_size):
                return False
            signed = self._securing.secure(
                _read(row.unsigned),
                tenant=row.tenant_id,
                credential_id=row.id,
                wished=read(row.wish),
                now=now,
            )
            row.signed = json.dumps(signed, ensure_ascii=False)
            row.renewed_at = now
            log.append(ledger, tenant=row.tenant_id, document=signed, now=now)
            ledger.log("signed-anew", about=credential_id, at=now, instead_of=method_id)
        return True


def _is_lost(ledger: Ledger, row: CredentialRow, method_id: str, log_size: int) -> bool:
    """Whether a credential has to be signed anew: the key signed it, and the log was too late."""
    if row.signed is None or method_id not in methods_of(_read(row.signed)):
        return False  # another key, or somebody else was faster
    position = ledger.leaf_position(row.tenant_id, document_leaf(_read(row.signed)))
    return position is None or position >= log_size


def _read(text: str) -> JsonObject:
    return parse(text, largest=LARGEST_RECORD)
