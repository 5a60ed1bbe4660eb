"""The log of what each tenant signed: an append-only Merkle tree whose checkpoints are published.

A document enters in the transaction that keeps its signature, so that nothing signed is left out.
"""

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from issuer.addresses import Addresses
from issuer.store import Ledger, Store
from issuer.tables.community import TenantRow
from issuer.tables.credentials import LeafRow
from transparency.checkpoint import Checkpoint, sign_checkpoint
from transparency.tree import consistency_proof, inclusion_proof, root_hash
from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.errors import Malformed, Missing
from vc.logged import document_leaf


def append(ledger: Ledger, *, tenant: str, document: JsonObject, now: datetime) -> None:
    """Enter a signed document. Call it in the transaction that keeps it, holding the tenant.

    Positions are given under that hold: two writers would otherwise take one, or leave a gap that
    an entry of a later commit fills, and a published checkpoint would be contradicted. The time
    of an entry never lies before that of the one before, whatever the clock does.
    """
    last = ledger.last_leaf(tenant)
    ledger.add(
        LeafRow(
            tenant_id=tenant,
            position=0 if last is None else last.position + 1,
            hash=document_leaf(document),
            entered_at=now if last is None else max(now, last.entered_at),
        )
    )


def knows(ledger: Ledger, *, tenant: str, document: JsonObject) -> bool:
    """Whether a signed document entered the tenant's log."""
    return ledger.leaf_position(tenant, document_leaf(document)) is not None


class Log:
    """Checkpoints and proofs for whoever watches a tenant. Hashes are in base64, as in the note."""

    def __init__(self, store: Store, *, signer_of: Callable[[str], Signer], origin: str) -> None:
        self._store = store
        self._signer = signer_of
        self._origin = origin

    def checkpoint(self, tenant: str) -> str:
        """The log's present size and root as a signed note. Raises Missing."""
        return self._note(tenant, self._leaves(tenant))

    def inclusion(self, tenant: str, leaf: str) -> JsonObject:
        """The proof that a document is in the log: `index`, `proof` and the `checkpoint` it is for.

        `leaf` is the document's leaf hash in hex. Raises Missing when the tenant signed no such
        document.
        """
        leaves = self._leaves(tenant)
        try:
            index = leaves.index(bytes.fromhex(leaf))
        except ValueError as error:
            raise Missing("log-entry", "The log has no such entry.") from error
        return self._proof(tenant, leaves, inclusion_proof(leaves, index=index)) | {"index": index}

    def growth(self, tenant: str, *, old_size: int) -> JsonObject:
        """The `proof` that the log only grew since it had `old_size` entries, and the `checkpoint`.

        Raises Malformed for a size that the log never had, and Missing.
        """
        leaves = self._leaves(tenant)
        return self._proof(tenant, leaves, consistency_proof(leaves, old_size=old_size))

    def state_before(self, tenant: str, moment: datetime) -> tuple[int, bytes]:
        """Size and root of the log as it stood at a moment. Raises Missing."""
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
            leaves = ledger.log_leaves(tenant)[: ledger.entered_before(tenant, moment)]
        return len(leaves), root_hash(leaves)

    def among(self, tenant: str, leaf: str, *, size: int) -> JsonObject:
        """Whether a document was among the first `size` entries: `index` and `proof`, or null.

        `leaf` is the document's leaf hash in hex; the proof is for the root at that size. Raises
        Malformed for a size that the log never had, and Missing.
        """
        try:
            wanted = bytes.fromhex(leaf)
        except ValueError:
            wanted = b""  # which nothing hashes to
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
            if not 0 < size <= ledger.log_size(tenant):
                raise Malformed("log-size", f"The log has no earlier state of {size} entries.")
            index = ledger.leaf_position(tenant, wanted)
            if index is None or index >= size:
                return {"index": None}
            leaves = ledger.log_leaves(tenant)[:size]
        proof = inclusion_proof(leaves, index=index)
        return {"index": index, "proof": [b64encode(node).decode() for node in proof]}

    def _leaves(self, tenant: str) -> list[bytes]:
        with self._store.ledger() as ledger:
            ledger.get(TenantRow, tenant)
            return list(ledger.log_leaves(tenant))

    def _note(self, tenant: str, leaves: Sequence[bytes]) -> str:
        # A log is named by its address without the scheme (C2SP tlog-checkpoint).
        address = urlsplit(Addresses(self._origin, tenant).log)
        checkpoint = Checkpoint(address.netloc + address.path, len(leaves), root_hash(leaves))
        return sign_checkpoint(checkpoint, signer=self._signer(tenant))

    def _proof(self, tenant: str, leaves: Sequence[bytes], hashes: Sequence[bytes]) -> JsonObject:
        return {
            "checkpoint": self._note(tenant, leaves),
            "proof": [b64encode(node).decode() for node in hashes],
        }
