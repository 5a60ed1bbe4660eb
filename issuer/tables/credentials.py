"""Tables of credentials, their status, and the offers under which wallets fetch them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from accounts.store import Instant
from issuer.tables.base import Base
from issuer.tables.community import TenantRow
from issuer.tables.judging import ContributionRow


class CredentialRow(Base):
    """A credential: the body that was decided on, and the same body signed.

    Signing is deterministic, so a crash between the two is repaired by signing again.
    """

    __tablename__ = "issuer_credential"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    url: Mapped[str] = mapped_column(String(500), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(300), index=True)
    unsigned: Mapped[str] = mapped_column(Text, repr=False)
    created_at: Mapped[datetime] = mapped_column(Instant)
    signed: Mapped[str | None] = mapped_column(Text, repr=False, default=None)
    # How it is secured (issuer.securing); nothing for the default.
    wish: Mapped[str | None] = mapped_column(Text, default=None)
    # When another key signed it, because the one before was taken back: wallets hold a dead copy.
    renewed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class AwardRow(Base):
    """A contribution earned its badge, once."""

    __tablename__ = "issuer_award"

    contribution_id: Mapped[str] = mapped_column(ForeignKey(ContributionRow.id), primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey(CredentialRow.id), unique=True)
    awarded_at: Mapped[datetime] = mapped_column(Instant)


class StatusListRow(Base):
    """One status list. `taken` counts its entries; `key` shuffles them into random places.

    `changes` counts every raised or lowered bit; `published` is the signed list as it stood at
    `published_changes`, a copy for serving and never a source of bits.
    """

    __tablename__ = "issuer_status_list"
    __table_args__ = (UniqueConstraint("tenant_id", "purpose", "number"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    purpose: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    key: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    taken: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    published: Mapped[str | None] = mapped_column(Text, repr=False, default=None)
    published_changes: Mapped[int] = mapped_column(default=0)
    valid_until: Mapped[datetime | None] = mapped_column(Instant, default=None)


class StatusEntryRow(Base):
    """The bit of one credential in one list; the published bits are read from these rows."""

    __tablename__ = "issuer_status_entry"

    list_id: Mapped[str] = mapped_column(ForeignKey(StatusListRow.id), primary_key=True)
    # Two credentials never share a bit, whatever the code above does.
    place: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey(CredentialRow.id), index=True)
    raised: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    changed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class OfferRow(Base):
    """A pre-authorized code, kept as its SHA-256; without a credential it is for the card."""

    __tablename__ = "issuer_offer"

    code_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    person_id: Mapped[str] = mapped_column(String(32))
    credential_id: Mapped[str | None] = mapped_column(ForeignKey(CredentialRow.id))
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
    token_digest: Mapped[str | None] = mapped_column(String(64), unique=True, default=None)
    token_expires_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class NonceRow(Base):
    """A c_nonce that a proof of possession may use once, kept as its SHA-256."""

    __tablename__ = "issuer_nonce"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class LeafRow(Base):
    """One entry of a tenant's log: the leaf hash of a document that it signed. Only added to.

    `entered_at` never lies before that of the entry before, so that a moment is a place.
    """

    __tablename__ = "issuer_leaf"

    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    entered_at: Mapped[datetime] = mapped_column(Instant)


class EventRow(Base):
    """What happened, in order: added to, never changed."""

    __tablename__ = "issuer_event"

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200), index=True)
    detail: Mapped[dict[str, Any]]


def raised(purpose: str) -> Select[str]:
    """The credentials whose bit is set for a purpose."""
    return (
        select(StatusEntryRow.credential_id)
        .join(StatusListRow)
        .where(StatusListRow.purpose == purpose, StatusEntryRow.raised.is_(True))
    )
