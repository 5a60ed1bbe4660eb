"""Passkeys: registering them, signing in with one, and approving a digest with one.

Each answer of a passkey is to one challenge, which is kept for five minutes, taken once, and good
for one purpose and one person. The checks themselves are in `ceremony` and `approval`.

A room in which something is approved puts `approve_with_passkey(label, digest)` into its form
(templates/accounts/passkey_button.html), and hands what the form posts to `approve`:

    signature = passkeys.approve(person, digest=digest, response=form["passkey"], now=now)
    keep(signature.as_json())
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from accounts.approval import (
    NONCE_BYTES,
    PasskeySignature,
    approval_challenge,
    verify_approval,
)
from accounts.attempts import Attempts
from accounts.ceremony import (
    CHALLENGE_BYTES,
    Assertion,
    Owner,
    RelyingParty,
    challenge_in,
    creation_options,
    request_options,
    verify_assertion,
    verify_attestation,
)
from accounts.cose import algorithm_of
from accounts.people import People, SignedIn, digest_of_token, written_name
from accounts.schemas import read_assertion, read_attestation
from accounts.store import Challenge, Ledger, Passkey, Person, Purpose, Store
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.errors import Conflict, Missing, NotAuthenticated

CHALLENGE_LIFE: Final = timedelta(minutes=5)
MOST_PASSKEYS: Final = 20  # of one person; browsers are told of each
LONGEST_NAME: Final = 60  # characters


class Passkeys:
    """The passkeys of an installation's people; tests choose their own bytes and ids."""

    def __init__(
        self,
        store: Store,
        people: People,
        *,
        party: RelyingParty,
        new_bytes: Callable[[int], bytes] = secrets.token_bytes,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._people = people
        self._attempts = Attempts(store)
        self.party = party
        self._new_bytes = new_bytes
        self._new_id = new_id

    # Looking after them.

    def of(self, person: Person) -> list[Passkey]:
        """A person's passkeys that are in use, the oldest first."""
        with self._store.ledger() as ledger:
            return ledger.passkeys(person.id)

    def one_of(self, person: Person, passkey_id: str) -> Passkey:
        """One of them. Raises Missing."""
        found = [each for each in self.of(person) if each.id == passkey_id]
        if not found:
            raise Missing("passkey", "You have no such passkey.")
        return found[0]

    def rename(self, person: Person, passkey_id: str, *, name: str) -> None:
        """Call it otherwise. Raises Missing, Malformed."""
        written = written_name(name, longest=LONGEST_NAME)
        passkey = self.one_of(person, passkey_id)
        with self._store.ledger() as ledger:
            ledger.rename_passkey(passkey.id, written)

    def remove(self, person: Person, passkey_id: str, *, now: datetime, token: str = "") -> None:
        """Let it be used no more, and end the person's sessions but the one of `token`.

        Whether it is the person who asks is the caller's to make sure. Raises Missing.
        """
        passkey = self.one_of(person, passkey_id)
        with self._store.ledger() as ledger:
            ledger.remove_passkey(passkey.id, now=now)
            ledger.close_sessions_of(person.id, except_for=digest_of_token(token))

    def remove_all(self, person: Person, *, now: datetime) -> None:
        """Let none of them be used any more, and end every session of the person."""
        with self._store.ledger() as ledger:
            for passkey in ledger.passkeys(person.id):
                ledger.remove_passkey(passkey.id, now=now)
            ledger.close_sessions_of(person.id)

    # Registering.

    def begin_registration(self, person: Person, *, now: datetime) -> JsonObject:
        """What the browser is asked, to make a passkey for this person. Raises Conflict.

        Whether it is the person who asks is the caller's to make sure.
        """
        known = self.of(person)
        if len(known) >= MOST_PASSKEYS:
            raise Conflict("passkeys", f"You have {MOST_PASSKEYS} passkeys. Remove one first.")
        challenge = self._new_bytes(CHALLENGE_BYTES)
        self._ask(Purpose.REGISTER, challenge, now=now, person_id=person.id)
        return creation_options(
            self.party,
            owner=Owner(handle=_handle(person), account=person.email, name=person.name),
            challenge=challenge,
            known=[each.credential_id for each in known],
            seconds=CHALLENGE_LIFE.seconds,
        )

    def register(self, person: Person, *, name: str, response: str, now: datetime) -> Passkey:
        """Keep the passkey that the browser made. `response` is what static/passkeys.js sends.

        Raises Malformed, Conflict, NotAuthenticated.
        """
        written = written_name(name, longest=LONGEST_NAME)
        attestation = read_attestation(response)
        asked = self._taken(attestation.client_data, Purpose.REGISTER, person.id, now=now)
        made = verify_attestation(attestation, expected_challenge=asked.challenge, party=self.party)
        passkey = Passkey(
            id=self._new_id(),
            person_id=person.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=written,
            created_at=now,
        )
        with self._store.ledger() as ledger:
            ledger.add_passkey(passkey)
        return passkey

    # Signing in.

    def begin_sign_in(self, *, now: datetime) -> JsonObject:
        """What the browser is asked, whoever sits there.

        Its member `challenge` is kept in the browser's own session, for `sign_in`.
        """
        challenge = self._new_bytes(CHALLENGE_BYTES)
        self._ask(Purpose.SIGN_IN, challenge, now=now)
        return request_options(self.party, challenge=challenge, seconds=CHALLENGE_LIFE.seconds)

    def sign_in(
        self, *, response: str, expected_challenge: str, place: str, now: datetime
    ) -> SignedIn:
        """Open a session for whom the passkey belongs to; `place` is the address that asks.

        `expected_challenge` is what this very browser was asked. Raises Malformed, Conflict,
        NotAuthenticated, and TooManyAttempts after five failures of a passkey within a minute.
        """
        assertion = read_assertion(response)
        name = base64url_encode(assertion.credential_id)
        self._attempts.expect_few(name, place=place, now=now)
        asked = self._taken(assertion.client_data, Purpose.SIGN_IN, None, now=now)
        if base64url_encode(asked.challenge) != expected_challenge:
            raise _not_asked()
        try:
            with self._store.ledger() as ledger:
                passkey = _held(ledger, assertion)
                sign_count = verify_assertion(
                    assertion,
                    public_key=passkey.public_key,
                    expected_challenge=asked.challenge,
                    party=self.party,
                    last_sign_count=passkey.sign_count,
                )
                ledger.note_use(passkey.id, sign_count=sign_count, now=now)
                person = ledger.person(passkey.person_id)
                # The authenticator says itself whom it holds the passkey for.
                if person is None or assertion.user_handle != _handle(person):
                    raise _unknown()
                return self._people.open_session(ledger, person, now=now)
        except NotAuthenticated:
            self._attempts.note_failure(name, place=place, now=now)
            raise

    # Approving.

    def begin_approval(self, person: Person, *, digest: bytes, now: datetime) -> JsonObject:
        """What the button's browser is asked when it is pressed. Raises Malformed, Conflict."""
        allowed = [each.credential_id for each in self.of(person)]
        if not allowed:
            raise Conflict("passkeys", "You have no passkey yet. Add one to your account first.")
        nonce = self._new_bytes(NONCE_BYTES)
        challenge = approval_challenge(digest, nonce=nonce)
        self._ask(Purpose.APPROVE, challenge, now=now, person_id=person.id, nonce=nonce)
        return request_options(
            self.party, challenge=challenge, allowed=allowed, seconds=CHALLENGE_LIFE.seconds
        )

    def approve(
        self, person: Person, *, digest: bytes, response: str, now: datetime
    ) -> PasskeySignature:
        """The person's signature over `digest`, by a passkey of theirs.

        `digest` is what the caller works out anew from what is approved, never what the browser
        says. Opens a transaction of its own, so call it within none. Raises Malformed, Conflict,
        NotAuthenticated.
        """
        assertion = read_assertion(response)
        asked = self._taken(assertion.client_data, Purpose.APPROVE, person.id, now=now)
        with self._store.ledger() as ledger:
            passkey = _held(ledger, assertion)
            if passkey.person_id != person.id:
                raise _unknown()
            signature = PasskeySignature(
                credential_id=passkey.credential_id,
                public_key=passkey.public_key,
                algorithm=algorithm_of(passkey.public_key),
                authenticator_data=assertion.authenticator_data,
                client_data=assertion.client_data,
                signature=assertion.signature,
                nonce=asked.nonce or b"",
                digest=digest,
                rp_id=self.party.id,
                origin=self.party.origin,
            )
            # What is handed out was checked as everybody else will check it.
            verified = verify_approval(
                signature,
                expected_digest=digest,
                expected_origin=self.party.origin,
                expected_rp_id=self.party.id,
                last_sign_count=passkey.sign_count,
            )
            ledger.note_use(passkey.id, sign_count=verified.sign_count, now=now)
        return verified.signature

    def _ask(
        self,
        purpose: Purpose,
        challenge: bytes,
        *,
        now: datetime,
        person_id: str | None = None,
        nonce: bytes | None = None,
    ) -> None:
        kept = Challenge(
            challenge=challenge,
            purpose=purpose,
            person_id=person_id,
            nonce=nonce,
            expires_at=now + CHALLENGE_LIFE,
        )
        with self._store.ledger() as ledger:
            ledger.ask(kept, now=now)

    def _taken(
        self, client_data: bytes, purpose: Purpose, person_id: str | None, *, now: datetime
    ) -> Challenge:
        """The challenge that is answered. A wrong answer uses it up: the transaction is its own."""
        with self._store.ledger() as ledger:
            asked = ledger.take_challenge(challenge_in(client_data))
        if asked is None or now >= asked.expires_at:
            raise _not_asked()
        if (asked.purpose, asked.person_id) != (purpose, person_id):
            raise _not_asked()
        return asked


def _held(ledger: Ledger, assertion: Assertion) -> Passkey:
    passkey = ledger.held_passkey(assertion.credential_id)
    if passkey is None:
        raise _unknown()
    return passkey


def _handle(person: Person) -> bytes:
    """The opaque id by which an authenticator knows whom a passkey is for."""
    return person.id.encode()


def _not_asked() -> Conflict:
    sentence = "This was answered already, or five minutes are over. Try again."
    return Conflict("passkey-challenge", sentence, place="passkey")


def _unknown() -> NotAuthenticated:
    sentence = "This passkey is not known here. It may have been removed from the account."
    return NotAuthenticated("passkey-unknown", sentence)
