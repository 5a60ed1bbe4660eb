"""The tables of people, their sessions and their passkeys."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKey, LargeBinary, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime. SQLite keeps no zone, so naive values are refused on the way in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the database."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without its zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The zone put back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The tables with the prefix accounts_."""


class PersonRow(Base):
    """One person; the password is kept as an argon2 hash, or absent when none was ever set."""

    __tablename__ = "accounts_person"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    registered_at: Mapped[datetime] = mapped_column(Instant)


class RoleRow(Base):
    """A role that a person has been given."""

    __tablename__ = "accounts_role"

    person_id: Mapped[str] = mapped_column(ForeignKey(PersonRow.id), primary_key=True)
    role: Mapped[str] = mapped_column(String(40), primary_key=True)


class SessionRow(Base):
    """A signed-in browser. The cookie's token is kept as its SHA-256 only."""

    __tablename__ = "accounts_session"

    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(PersonRow.id), index=True)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AttemptRow(Base):
    """A failed sign-in for one address from one place, kept while it counts against the next."""

    __tablename__ = "accounts_attempt"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    origin_digest: Mapped[str] = mapped_column(String(64), index=True)
    failed_at: Mapped[datetime] = mapped_column(Instant, index=True)


class PasskeyRow(Base):
    """A public key of one person (COSE bytes). One that was removed stays, with the day.

    Approvals that it signed are read for decades: whose key it was, and until when, stays known.
    """

    __tablename__ = "accounts_passkey"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey(PersonRow.id), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[datetime] = mapped_column(Instant)
    last_used_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    removed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ChallengeRow(Base):
    """What a passkey was asked to sign, until it is answered or five minutes are over.

    `person_id` is who was asked; nobody known at sign-in. `nonce` is what an approval's challenge
    was made from, beside the digest.
    """

    __tablename__ = "accounts_challenge"

    challenge: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    person_id: Mapped[str | None] = mapped_column(ForeignKey(PersonRow.id))
    nonce: Mapped[bytes | None] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)
