"""The tables of people and their sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import DateTime, Dialect, ForeignKey, String, delete, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker
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


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account; `id` is the same in every role of the program."""

    id: str
    name: str
    email: str
    roles: frozenset[str]


class Store:
    """People and sessions, in transactions."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: committed at the end, or rolled back whole when an error leaves it."""
        with self._sessions.begin() as session:
            yield Ledger(session)


class Ledger:
    """What can be read and written within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add_person(self, person: Person, *, password_hash: str | None, now: datetime) -> None:
        """Keep a new person."""
        self._session.add(
            PersonRow(
                id=person.id,
                email=person.email,
                name=person.name,
                password_hash=password_hash,
                registered_at=now,
            )
        )
        self._session.flush()
        self._session.add_all(
            RoleRow(person_id=person.id, role=role) for role in sorted(person.roles)
        )

    def person(self, person_id: str) -> Person | None:
        """The person with this id."""
        row = self._session.get(PersonRow, person_id)
        return self._person(row) if row else None

    def person_by_email(self, email: str) -> Person | None:
        """The person with this address, in the spelling in which addresses are kept."""
        row = self._by_email(email)
        return self._person(row) if row else None

    def password_hash(self, email: str) -> str | None:
        """The argon2 hash of the person with this address."""
        row = self._by_email(email)
        return row.password_hash if row else None

    def held_password_hash(self, person_id: str) -> str | None:
        """The hash of a person, which nobody changes before this transaction ends."""
        query = select(PersonRow).where(PersonRow.id == person_id).with_for_update()
        row = self._session.scalar(query.execution_options(populate_existing=True))
        return row.password_hash if row else None

    def set_password_hash(self, person_id: str, password_hash: str) -> None:
        """Put another hash in place of the present one."""
        self._session.get_one(PersonRow, person_id).password_hash = password_hash

    def open_session(self, token_digest: str, *, person_id: str, expires_at: datetime) -> None:
        """Keep a new session."""
        self._session.add(
            SessionRow(token_digest=token_digest, person_id=person_id, expires_at=expires_at)
        )

    def session_person(self, token_digest: str, *, now: datetime) -> Person | None:
        """Who is signed in with this token, unless the session has run out."""
        query = (
            select(PersonRow)
            .join(SessionRow)
            .where(SessionRow.token_digest == token_digest, SessionRow.expires_at > now)
        )
        row = self._session.scalar(query)
        return self._person(row) if row else None

    def close_session(self, token_digest: str) -> None:
        """Forget one session, if it is there."""
        self._session.execute(delete(SessionRow).where(SessionRow.token_digest == token_digest))

    def close_sessions_of(self, person_id: str) -> None:
        """Forget every session of a person."""
        self._session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))

    def close_expired_sessions(self, *, now: datetime) -> None:
        """Forget the sessions that have run out."""
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))

    def add_attempt(self, attempt_id: str, *, origin_digest: str, now: datetime) -> None:
        """Note a failed sign-in."""
        self._session.add(AttemptRow(id=attempt_id, origin_digest=origin_digest, failed_at=now))

    def attempts(self, origin_digest: str, *, since: datetime) -> int:
        """How many sign-ins of this origin failed since then."""
        query = select(func.count()).where(
            AttemptRow.origin_digest == origin_digest, AttemptRow.failed_at > since
        )
        return self._session.scalar(query) or 0

    def forget_attempts(self, *, before: datetime) -> None:
        """Drop the failures that no longer count."""
        self._session.execute(delete(AttemptRow).where(AttemptRow.failed_at <= before))

    def _by_email(self, email: str) -> PersonRow | None:
        return self._session.scalar(select(PersonRow).where(PersonRow.email == email))

    def _person(self, row: PersonRow) -> Person:
        roles = self._session.scalars(select(RoleRow.role).where(RoleRow.person_id == row.id))
        return Person(row.id, row.name, row.email, frozenset(roles))
