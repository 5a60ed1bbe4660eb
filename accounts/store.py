"""People, their sessions and their passkeys, in transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, sessionmaker

from accounts.tables import (
    AttemptRow,
    ChallengeRow,
    PasskeyRow,
    PersonRow,
    RoleRow,
    SessionRow,
)
from accounts.tables import Instant as Instant  # others have it from here
from vc.errors import Conflict


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account; `id` is the same in every role of the program."""

    id: str
    name: str
    email: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """The public half of a passkey in use. `public_key` is COSE bytes (RFC 9052, section 7)."""

    id: str
    person_id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None


class Purpose(StrEnum):
    """What a passkey may be asked for."""

    REGISTER = "register"
    SIGN_IN = "sign-in"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """What a passkey was asked to sign: by whom (nobody known at sign-in), and for what."""

    challenge: bytes
    purpose: Purpose
    person_id: str | None
    nonce: bytes | None
    expires_at: datetime


class Store:
    """The tables, in transactions."""

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

    def close_sessions_of(self, person_id: str, *, except_for: str = "") -> None:
        """Forget every session of a person, but that with the digest `except_for`."""
        query = delete(SessionRow).where(
            SessionRow.person_id == person_id, SessionRow.token_digest != except_for
        )
        self._session.execute(query)

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

    def ask(self, challenge: Challenge, *, now: datetime) -> None:
        """Keep a challenge until it is answered; those that were not in time are dropped."""
        self._session.execute(delete(ChallengeRow).where(ChallengeRow.expires_at <= now))
        self._session.add(
            ChallengeRow(
                challenge=challenge.challenge,
                purpose=challenge.purpose.value,
                person_id=challenge.person_id,
                nonce=challenge.nonce,
                expires_at=challenge.expires_at,
            )
        )

    def take_challenge(self, challenge: bytes) -> Challenge | None:
        """The challenge that was kept, and keep it no longer: of two answers one finds it."""
        query = (
            delete(ChallengeRow)
            .where(ChallengeRow.challenge == challenge)
            .returning(
                ChallengeRow.purpose,
                ChallengeRow.person_id,
                ChallengeRow.nonce,
                ChallengeRow.expires_at,
            )
        )
        row = self._session.execute(query).first()
        if row is None:
            return None
        return Challenge(
            challenge=challenge,
            purpose=Purpose(row.purpose),
            person_id=row.person_id,
            nonce=row.nonce,
            expires_at=row.expires_at,
        )

    def add_passkey(self, passkey: Passkey) -> None:
        """Keep a new passkey. Raises Conflict for a credential that was ever registered."""
        row = PasskeyRow(
            id=passkey.id,
            person_id=passkey.person_id,
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            name=passkey.name,
            created_at=passkey.created_at,
        )
        self._session.add(row)
        try:
            self._session.flush()
        except IntegrityError as error:
            sentence = "This passkey was registered here before."
            raise Conflict("passkey-known", sentence, place="passkey") from error

    def passkeys(self, person_id: str) -> list[Passkey]:
        """A person's passkeys that are in use, the oldest first."""
        query = select(PasskeyRow).where(
            PasskeyRow.person_id == person_id, PasskeyRow.removed_at.is_(None)
        )
        in_order = query.order_by(PasskeyRow.created_at, PasskeyRow.id)
        return [_passkey(row) for row in self._session.scalars(in_order)]

    def held_passkey(self, credential_id: bytes) -> Passkey | None:
        """The passkey in use, which nobody uses or removes before this transaction ends."""
        query = (
            select(PasskeyRow)
            .where(PasskeyRow.credential_id == credential_id, PasskeyRow.removed_at.is_(None))
            .with_for_update()
        )
        row = self._session.scalar(query.execution_options(populate_existing=True))
        return _passkey(row) if row else None

    def note_use(self, passkey_id: str, *, sign_count: int, now: datetime) -> None:
        """Remember the authenticator's new count, and the time."""
        row = self._session.get_one(PasskeyRow, passkey_id)
        row.sign_count, row.last_used_at = sign_count, now

    def rename_passkey(self, passkey_id: str, name: str) -> None:
        """Give it another name."""
        self._session.get_one(PasskeyRow, passkey_id).name = name

    def remove_passkey(self, passkey_id: str, *, now: datetime) -> None:
        """Let it be used no more; the row stays, see PasskeyRow."""
        self._session.get_one(PasskeyRow, passkey_id).removed_at = now

    def _by_email(self, email: str) -> PersonRow | None:
        return self._session.scalar(select(PersonRow).where(PersonRow.email == email))

    def _person(self, row: PersonRow) -> Person:
        roles = self._session.scalars(select(RoleRow.role).where(RoleRow.person_id == row.id))
        return Person(row.id, row.name, row.email, frozenset(roles))


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id,
        person_id=row.person_id,
        credential_id=row.credential_id,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
    )
