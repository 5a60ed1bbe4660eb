"""Questions to the log of what each tenant signed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select

from issuer.tables import questions
from issuer.tables.credentials import CredentialRow, LeafRow
from issuer.tables.rows import Rows


class Leaves(Rows):
    """The entries of the log, and what was signed with which key."""

    def last_leaf(self, tenant_id: str) -> LeafRow | None:
        """The last entry of a tenant's log."""
        return self._session.scalars(questions.LAST_LEAF, {"tenant": tenant_id}).one_or_none()

    def log_size(self, tenant_id: str) -> int:
        """How many entries a tenant's log has."""
        last = self.last_leaf(tenant_id)
        return 0 if last is None else last.position + 1

    def log_leaves(self, tenant_id: str) -> Sequence[bytes]:
        """The leaf hashes of a tenant's log, in its order."""
        query = select(LeafRow.hash).where(LeafRow.tenant_id == tenant_id)
        return self._session.scalars(query.order_by(LeafRow.position)).all()

    def leaf_position(self, tenant_id: str, leaf: bytes) -> int | None:
        """Where a leaf hash entered a tenant's log first, if it did."""
        query = select(func.min(LeafRow.position)).where(
            LeafRow.tenant_id == tenant_id, LeafRow.hash == leaf
        )
        return self._session.scalar(query)

    def entered_before(self, tenant_id: str, moment: datetime) -> int:
        """How many entries a tenant's log had at a moment: the first so many."""
        query = select(func.count()).where(
            LeafRow.tenant_id == tenant_id, LeafRow.entered_at < moment
        )
        return self._session.scalar(query) or 0

    def signed_with(self, tenant_id: str, method_id: str) -> Sequence[str]:
        """The ids of the credentials that may name a key of the tenant.

        All whose proof does, and all secured on request: a token names it where no query looks.
        """
        named = CredentialRow.signed.contains(f'"{method_id}"', autoescape=True)
        query = select(CredentialRow.id).where(
            CredentialRow.tenant_id == tenant_id, or_(named, CredentialRow.wish.is_not(None))
        )
        return self._session.scalars(query.order_by(CredentialRow.id)).all()
