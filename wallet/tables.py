"""The tables of the wallet: holders with their sealed keys, credentials, offers and share links."""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from accounts.store import Instant

LONGEST_ID: Final = 500  # characters of an issuer's or a credential's id


class Base(DeclarativeBase):
    """The tables with the prefix wallet_."""


class HolderRow(Base):
    """One member's wallet; the seed of its key is sealed."""

    __tablename__ = "wallet_holder"

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    did: Mapped[str] = mapped_column(String(100), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sealed_seed: Mapped[bytes]
    opened_at: Mapped[datetime] = mapped_column(Instant)


class CredentialRow(Base):
    """A credential exactly as it was received, with what lists show of it."""

    __tablename__ = "wallet_credential"
    __table_args__ = (UniqueConstraint("person_id", "issuer_id", "credential_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(HolderRow.person_id), index=True)
    issuer_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    credential_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    signed: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    issuer_name: Mapped[str] = mapped_column(Text)
    awarded_at: Mapped[datetime | None] = mapped_column(Instant)
    received_at: Mapped[datetime] = mapped_column(Instant)


class OfferRow(Base):
    """An offer that waits for the member's answer; deleted with it, for it holds a code."""

    __tablename__ = "wallet_offer"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(HolderRow.person_id), index=True)
    issuer: Mapped[str] = mapped_column(Text)
    sealed_uri: Mapped[bytes]
    received_at: Mapped[datetime] = mapped_column(Instant)


class LinkRow(Base):
    """A share link. Of its token only the SHA-256 is kept."""

    __tablename__ = "wallet_link"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(HolderRow.person_id), index=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class SharedRow(Base):
    """One credential that a link shows, in the holder's order."""

    __tablename__ = "wallet_shared_credential"

    link_id: Mapped[str] = mapped_column(ForeignKey(LinkRow.id), primary_key=True)
    credential_id: Mapped[str] = mapped_column(ForeignKey(CredentialRow.id), primary_key=True)
    place: Mapped[int]


class OpeningRow(Base):
    """One opening of a link: when, and nothing about by whom."""

    __tablename__ = "wallet_link_opening"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    link_id: Mapped[str] = mapped_column(ForeignKey(LinkRow.id), index=True)
    opened_at: Mapped[datetime] = mapped_column(Instant)
