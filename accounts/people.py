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

from accounts.attempts import Attempts
from accounts.store import Ledger, Person, Store
from vc.errors import Conflict, Malformed, Missing, NotAuthenticated

ROLES: Final = frozenset(("member", "issuer_admin", "registrar", "external_examiner", "moderator"))
SESSION_LIFE: Final = timedelta(hours=12)
SHORTEST_PASSWORD: Final = 15  # characters, where there is no second factor (NIST SP 800-63B-4)
LONGEST_PASSWORD: Final = 256  # characters
LONGEST_NAME: Final = 200  # characters
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)*")
_HASHES_AT_ONCE: Final = 4  # each takes 64 MiB


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
        self._attempts = Attempts(store)
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
        person = Person(self._new_id(), written_name(name), _address(email), frozenset(roles))
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
        person, password_hash = self._proven(email, password, place, now)
        renewed = self._renewed(password, password_hash)
        with self._store.ledger() as ledger:
            # The password may have been changed while it was checked: then it opens nothing.
            if ledger.held_password_hash(person.id) != password_hash:
                raise _not_right()
            if renewed:
                ledger.set_password_hash(person.id, renewed)
            return self.open_session(ledger, person, now=now)

    def confirm(self, person: Person, *, password: str, place: str, now: datetime) -> None:
        """Make sure that it is the person who asks; opens no session. Raises as `sign_in` does."""
        try:
            self._proven(person.email, password, place, now)
        except NotAuthenticated as error:
            raise NotAuthenticated("sign-in", "The password is not right.") from error

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

    def open_session(self, ledger: Ledger, person: Person, *, now: datetime) -> SignedIn:
        """Open a session for somebody who has proven who they are, within a transaction."""
        ledger.close_expired_sessions(now=now)
        session = SignedIn(person, self._new_token(), now + SESSION_LIFE)
        ledger.open_session(
            digest_of_token(session.token), person_id=person.id, expires_at=session.expires_at
        )
        return session

    def sign_out(self, *, token: str) -> None:
        """End the session of this token, if there is one."""
        with self._store.ledger() as ledger:
            ledger.close_session(digest_of_token(token))

    def signed_in(self, *, token: str, now: datetime) -> Person | None:
        """Who holds this token, unless it has run out."""
        with self._store.ledger() as ledger:
            return ledger.session_person(digest_of_token(token), now=now)

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

    def _proven(self, email: str, password: str, place: str, now: datetime) -> tuple[Person, str]:
        """The person whose password this is, and its hash. Raises as `sign_in` does."""
        address = email.strip().casefold()
        self._attempts.expect_few(address, place=place, now=now)
        with self._store.ledger() as ledger:
            person = ledger.person_by_email(address)
            password_hash = ledger.password_hash(address)
        # The password is checked even for nobody, see _nobodys_hash: the order matters.
        is_right = self._is_right(password, password_hash)
        if not is_right or person is None or password_hash is None:
            self._attempts.note_failure(address, place=place, now=now)
            raise _not_right()
        return person, password_hash

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


def _not_right() -> NotAuthenticated:
    return NotAuthenticated("sign-in", "The e-mail address or the password is not right.")


def _check_password(password: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sentence = f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
        raise Malformed("password", sentence, place="password")


def written_name(name: str, *, longest: int = LONGEST_NAME) -> str:
    """A name as it is kept, of at most so many characters. Raises Malformed."""
    kept = " ".join(name.split())
    if not 0 < len(kept) <= longest or not kept.isprintable():
        sentence = f"A name has 1 to {longest} characters that can be seen."
        raise Malformed("name", sentence, place="name")
    return kept


def _address(email: str) -> str:
    """The spelling in which an e-mail address is kept and compared. Raises Malformed."""
    address = email.strip().casefold()
    if not _EMAIL.fullmatch(address) or len(address) > 254 or not address.isprintable():
        raise Malformed("email", "This is not an e-mail address.", place="email")
    return address


def digest_of_token(token: str) -> str:
    """What is kept of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()
