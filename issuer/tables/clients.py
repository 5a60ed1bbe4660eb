"""Table of the programs that may issue in an issuer's name, and the questions asked of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from accounts.store import Instant
from issuer.tables.base import Base
from issuer.tables.community import TenantRow
from issuer.tables.rows import Rows


class ClientRow(Base):
    """A program by its name, and the SHA-256 (hex) of its token; closed ones stay on record."""

    __tablename__ = "issuer_client"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    name: Mapped[str] = mapped_column(String(80))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ClientsAsked(Rows):
    """The questions about clients."""

    def clients(self) -> Sequence[ClientRow]:
        """All that ever were, by issuer and name."""
        query = select(ClientRow).order_by(ClientRow.tenant_id, ClientRow.name)
        return self._session.scalars(query).all()

    def client(self, tenant_id: str, name: str) -> ClientRow | None:
        """The client of an issuer with this name."""
        query = select(ClientRow).where(ClientRow.tenant_id == tenant_id, ClientRow.name == name)
        return self._session.scalars(query).one_or_none()
