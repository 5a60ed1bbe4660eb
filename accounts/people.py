"""Who people are: registering, signing in, signing out.

Passwords are hashed with argon2id (RFC 9106); a session is a random token whose SHA-256 alone is
kept, so that a stolen database opens no session.
"""

import hashlib
import re
import secrets
import threading
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from accounts.store import Ledger, Person, Store
from vc.errors import Conflict, Malformed, Missing, NotAuthenticated, Refused

ROLES: Final = frozenset(("member", "issuer_admin", "registrar", "external_examiner", "moderator"))
SESSION_LIFE: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 15  # characters, where there is no second factor (NIST SP 800-63B-4)
LONGEST_PASSWORD: Final = 256  # characters
LONGEST_NAME: Final = 200  # characters
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
ATTEMPTS: Final = 5  # failed sign-ins for one address from one place, within the window
WINDOW: Final = timedelta(minutes=1)
_HASHES_AT_ONCE: Final = 4  # each takes 64 MiB


class TooManyAttempts(Refused):
    """Sign-in failed too often; it may be tried again after a minute."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session. The token goes into the cookie and nowhere else."""

    person: Person
    token: str = field(repr=False)
    expires_at: datetime


class People:
    """The people of one installation; tests and demos choose their own hasher, ids and tokens."""

    def __init__(
        self,
        store: Store,
        *,
        hasher: PasswordHasher | None = None,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
    ) -> None:
        self._store = store
        self._hasher = hasher or PasswordHasher()
        self._new_id = new_id
        self._new_token = new_token
        self._places = threading.BoundedSemaphore(_HASHES_AT_ONCE)
        # Checked when nobody has the address, so that the answer takes as long as for a member.
        self._nobodys_hash = self._hash(secrets.token_urlsafe(32))

    def register(
        self,
        *,
        name: str,
        email: str,
        password: str | None,
        roles: Iterable[str],
        now: datetime,
    ) -> Person:
        """Keep a new person; without a password they cannot sign in yet.

        Raises Malformed for a name, role, address or password that cannot be, Conflict when the
        address is taken.
        """
        person = Person(self._new_id(), _name(name), _address(email), frozenset(roles))
        if not person.roles <= ROLES:
            unknown = ", ".join(sorted(person.roles - ROLES))
            raise Malformed("role", f"There is no role named {unknown}.", place="roles")
        if password is not None:
            _check_password(password)
        password_hash = None if password is None else self._hash(password)
        with self._store.ledger() as ledger:
            if ledger.person_by_email(person.email):
                raise Conflict("email", "Somebody has this e-mail address.", place="email")
            ledger.add_person(person, password_hash=password_hash, now=now)
        return person

    def sign_in(self, *, email: str, password: str, place: str, now: datetime) -> SignedIn:
        """Open a session; `place` is the network address that asks.

        Raises NotAuthenticated without saying which of the two was wrong, TooManyAttempts after
        five failures within a minute.
        """
        address = email.strip().casefold()
        origin = _digest(f"{address}\n{place}")
        with self._store.ledger() as ledger:
            if ledger.attempts(origin, since=now - WINDOW) >= ATTEMPTS:
                sentence = "Too many attempts. Wait a minute, then try again."
                raise TooManyAttempts("too-many-attempts", sentence)
            person = ledger.person_by_email(address)
            password_hash = ledger.password_hash(address)
        # The password is checked even for nobody, see _nobodys_hash: the order matters.
        if not self._is_right(password, password_hash) or person is None:
            self._note_failure(origin, now)
            sentence = "The e-mail address or the password is not right."
            raise NotAuthenticated("sign-in", sentence)
        renewed = self._renewed(password, password_hash or "")
        with self._store.ledger() as ledger:
            # The password may have been changed while it was checked: then it opens nothing.
            if ledger.held_password_hash(person.id) != password_hash:
                sentence = "The e-mail address or the password is not right."
                raise NotAuthenticated("sign-in", sentence)
            if renewed:
                ledger.set_password_hash(person.id, renewed)
            return self._open_session(ledger, person, now)

    def change_password(
        self, person: Person, *, present: str, wanted: str, place: str, now: datetime
    ) -> None:
        """Let a person choose another password; every session of theirs ends.

        Raises Malformed for one that cannot be, and what signing in with the present one raises.
        """
        _check_password(wanted)
        self.sign_in(email=person.email, password=present, place=place, now=now)
        self.reset_password(person.email, password=wanted)

    def reset_password(self, email: str, *, password: str) -> Person:
        """Put a password in place of whatever was there; every session of the person ends.

        Raises Missing, Malformed.
        """
        _check_password(password)
        person = self.person_by_email(email)
        password_hash = self._hash(password)
        with self._store.ledger() as ledger:
            ledger.set_password_hash(person.id, password_hash)
            ledger.close_sessions_of(person.id)
        return person

    def sign_out(self, *, token: str) -> None:
        """End the session of this token, if there is one."""
        with self._store.ledger() as ledger:
            ledger.close_session(_digest(token))

    def signed_in(self, *, token: str, now: datetime) -> Person | None:
        """Who holds this token, unless it has run out."""
        with self._store.ledger() as ledger:
            return ledger.session_person(_digest(token), now=now)

    def person(self, person_id: str) -> Person:
        """One person. Raises Missing."""
        with self._store.ledger() as ledger:
            person = ledger.person(person_id)
        if person is None:
            raise Missing("person", "There is no such person.")
        return person

    def person_by_email(self, email: str) -> Person:
        """The person with this address. Raises Missing."""
        with self._store.ledger() as ledger:
            person = ledger.person_by_email(_address(email))
        if person is None:
            raise Missing("person", "There is no such person.")
        return person

    def _renewed(self, password: str, password_hash: str) -> str:
        """The hash by today's parameters; empty where the present one is by these already."""
        return self._hash(password) if self._hasher.check_needs_rehash(password_hash) else ""

    def _open_session(self, ledger: Ledger, person: Person, now: datetime) -> SignedIn:
        ledger.close_expired_sessions(now=now)
        session = SignedIn(person, self._new_token(), now + SESSION_LIFE)
        ledger.open_session(
            _digest(session.token), person_id=person.id, expires_at=session.expires_at
        )
        return session

    def _note_failure(self, origin: str, now: datetime) -> None:
        with self._store.ledger() as ledger:
            ledger.forget_attempts(before=now - WINDOW)
            ledger.add_attempt(uuid.uuid4().hex, origin_digest=origin, now=now)

    def _hash(self, password: str) -> str:
        with self._places:
            return self._hasher.hash(password)

    def _is_right(self, password: str, password_hash: str | None) -> bool:
        if len(password) > LONGEST_PASSWORD:
            return False
        try:
            with self._places:
                self._hasher.verify(password_hash or self._nobodys_hash, password)
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sentence = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise Malformed("password", sentence, place="password")


def _name(name: str) -> str:
    """A person's name as it is kept. Raises Malformed."""
    kept = " ".join(name.split())
    if not 0 < len(kept) <= LONGEST_NAME or not kept.isprintable():
        sentence = f"A name has 1 to {LONGEST_NAME} characters that can be seen."
        raise Malformed("name", sentence, place="name")
    return kept


def _address(email: str) -> str:
    """The spelling in which an e-mail address is kept and compared. Raises Malformed."""
    address = email.strip().casefold()
    if not _EMAIL.fullmatch(address) or len(address) > 254 or not address.isprintable():
        raise Malformed("email", "This is not an e-mail address.", place="email")
    return address


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
