"""Registering passkeys, signing in and approving with them, and attacks, on both databases."""

import hashlib
import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from argon2 import PasswordHasher
from authenticator import PRESENT, Authenticator
from sqlalchemy import text

from accounts.approval import PasskeySignature, verify_approval
from accounts.attempts import ATTEMPTS, TooManyAttempts
from accounts.ceremony import RelyingParty
from accounts.passkeys import CHALLENGE_LIFE, MOST_PASSKEYS, Passkeys
from accounts.people import People
from accounts.store import Passkey, Person, Store
from service.database import Database
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.errors import Conflict, Malformed, Missing, NotAuthenticated, Refused

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "a long enough password"
PARTY = RelyingParty.at("http://localhost:8000")
DIGEST = hashlib.sha256(b"Amina is awarded the degree.").digest()
OTHER = hashlib.sha256(b"Somebody else is awarded the degree.").digest()


@dataclass
class Office:
    """Two people, each with an authenticator of their own, and their passkeys."""

    people: People
    passkeys: Passkeys
    registrar: Person
    examiner: Person
    hers: Authenticator
    his: Authenticator

    def add(
        self, person: Person, authenticator: Authenticator, *, name: str = "My laptop"
    ) -> Passkey:
        """A passkey made and registered."""
        options = self.passkeys.begin_registration(person, now=NOW)
        return self.passkeys.register(
            person, name=name, response=authenticator.create(options), now=NOW
        )

    def asked(self, digest: bytes = DIGEST) -> JsonObject:
        """What the registrar's browser is asked."""
        return self.passkeys.begin_approval(self.registrar, digest=digest, now=NOW)

    def approve(self, response: str, *, digest: bytes = DIGEST) -> PasskeySignature:
        """The registrar's browser answers."""
        return self.passkeys.approve(self.registrar, digest=digest, response=response, now=NOW)

    def refusal(self, response: str, *, digest: bytes = DIGEST) -> str:
        """The code with which an answer is refused."""
        with pytest.raises(Refused) as refused:
            self.approve(response, digest=digest)
        return refused.value.code

    def sign_in(self, response: str, options: JsonObject, *, now: datetime = NOW) -> str:
        """The token of a session for whoever the passkey belongs to."""
        return self.passkeys.sign_in(
            response=response,
            expected_challenge=options["challenge"],
            place="192.0.2.1",
            now=now,
        ).token


@pytest.fixture
def office(database: Database) -> Office:
    store = Store(database.sessions)
    numbers = count()
    people = People(store, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    found = Office(
        people=people,
        passkeys=Passkeys(store, people, party=PARTY, new_id=lambda: f"{next(numbers):032}"),
        registrar=person(people, "Ruth"),
        examiner=person(people, "Edgar"),
        hers=Authenticator(),
        his=Authenticator(),
    )
    found.add(found.registrar, found.hers)
    return found


def person(people: People, name: str) -> Person:
    return people.register(
        name=name,
        email=f"{name}@example.org",
        password=PASSWORD,
        roles=["registrar"],
        now=NOW,
    )


def test_two_people_approve_one_digest_and_anybody_verifies_it(office: Office) -> None:
    office.add(office.examiner, office.his)
    signatures = []
    for each, authenticator in ((office.registrar, office.hers), (office.examiner, office.his)):
        options = office.passkeys.begin_approval(each, digest=DIGEST, now=NOW)
        signature = office.passkeys.approve(
            each, digest=DIGEST, response=authenticator.get(options), now=NOW
        )
        signatures.append(json.dumps(signature.as_json()))
    for kept, authenticator in zip(signatures, (office.hers, office.his), strict=True):
        verified = verify_approval(
            PasskeySignature.from_json(json.loads(kept)),
            expected_digest=DIGEST,
            expected_origin="http://localhost:8000",
            expected_rp_id="localhost",
        )
        assert verified.signature.credential_id == authenticator.held[0].credential_id


def test_a_person_sees_names_and_looks_after_their_passkeys(office: Office) -> None:
    second = office.add(office.registrar, office.hers, name="  A security   key ")
    assert [each.name for each in office.passkeys.of(office.registrar)] == [
        "My laptop",
        "A security key",
    ]
    office.passkeys.rename(office.registrar, second.id, name="In the safe")
    assert office.passkeys.one_of(office.registrar, second.id).name == "In the safe"
    assert second.last_used_at is None
    later = NOW + timedelta(hours=1)
    options = office.passkeys.begin_approval(office.registrar, digest=DIGEST, now=later)
    office.passkeys.approve(
        office.registrar, digest=DIGEST, response=office.hers.get(options), now=later
    )
    assert office.passkeys.one_of(office.registrar, second.id).last_used_at == later
    office.passkeys.remove(office.registrar, second.id, now=later)
    with pytest.raises(Missing):
        office.passkeys.one_of(office.registrar, second.id)


@pytest.mark.parametrize("name", ["", "  ", "n" * 61, "a\x1bname"])
def test_a_name_that_cannot_be_is_refused_before_the_challenge_is_used(
    office: Office, name: str
) -> None:
    options = office.passkeys.begin_registration(office.registrar, now=NOW)
    response = office.hers.create(options)
    with pytest.raises(Malformed) as refused:
        office.passkeys.register(office.registrar, name=name, response=response, now=NOW)
    assert refused.value.place == "name"
    assert office.passkeys.register(office.registrar, name="A", response=response, now=NOW)


def test_nobody_looks_after_somebody_elses_passkey(office: Office) -> None:
    (hers,) = office.passkeys.of(office.registrar)
    with pytest.raises(Missing):
        office.passkeys.rename(office.examiner, hers.id, name="Mine")
    with pytest.raises(Missing):
        office.passkeys.remove(office.examiner, hers.id, now=NOW)
    assert office.passkeys.of(office.registrar) == [hers]


def test_a_passkey_signs_in_whoever_it_belongs_to(office: Office) -> None:
    options = office.passkeys.begin_sign_in(now=NOW)
    token = office.sign_in(office.hers.get(options), options)
    assert office.people.signed_in(token=token, now=NOW) == office.registrar
    (passkey,) = office.passkeys.of(office.registrar)
    assert (passkey.last_used_at, passkey.sign_count) == (NOW, 1)


def test_an_answer_is_taken_once(office: Office) -> None:
    response = office.hers.get(office.asked())
    assert office.approve(response)
    assert office.refusal(response) == "passkey-challenge"
    options = office.passkeys.begin_sign_in(now=NOW)
    answer = office.hers.get(options)
    assert office.sign_in(answer, options)
    with pytest.raises(Conflict):
        office.sign_in(answer, options)


def test_of_two_answers_at_once_one_is_taken(office: Office) -> None:
    response, taken, refused = office.hers.get(office.asked()), [], []

    def answer() -> None:
        try:
            taken.append(office.approve(response))
        except Conflict as conflict:
            refused.append(conflict.code)

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    assert refused == ["passkey-challenge"] * 3


def test_of_two_copies_of_a_passkey_at_once_one_is_taken(office: Office) -> None:
    responses, taken, refused = [], [], []
    for _ in range(4):
        office.hers.held[0].count = 0
        responses.append(office.hers.get(office.asked()))

    def answer(response: str) -> None:
        try:
            taken.append(office.approve(response))
        except NotAuthenticated as refusal:
            refused.append(refusal.code)

    threads = [threading.Thread(target=answer, args=(each,)) for each in responses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    assert refused == ["passkey-count"] * 3


def test_a_wrong_answer_uses_the_challenge_up(office: Office) -> None:
    options = office.asked()
    office.hers.flags = PRESENT
    assert office.refusal(office.hers.get(options)) == "passkey-user"
    office.hers.flags = Authenticator().flags
    assert office.refusal(office.hers.get(options)) == "passkey-challenge"


def test_an_answer_after_five_minutes_is_refused(office: Office) -> None:
    response = office.hers.get(office.asked())
    with pytest.raises(Conflict):
        office.passkeys.approve(
            office.registrar, digest=DIGEST, response=response, now=NOW + CHALLENGE_LIFE
        )
    options = office.passkeys.begin_registration(office.registrar, now=NOW)
    with pytest.raises(Conflict):
        office.passkeys.register(
            office.registrar,
            name="Late",
            response=office.hers.create(options),
            now=NOW + CHALLENGE_LIFE,
        )


def test_a_challenge_that_was_never_set_is_refused(office: Office) -> None:
    options = office.asked() | {"challenge": base64url_encode(bytes(32))}
    assert office.refusal(office.hers.get(options)) == "passkey-challenge"


def test_an_answer_to_another_persons_challenge_is_refused(office: Office) -> None:
    office.add(office.examiner, office.his)
    for_him = office.passkeys.begin_approval(office.examiner, digest=DIGEST, now=NOW)
    assert office.refusal(office.hers.get(for_him)) == "passkey-challenge"
    options = office.passkeys.begin_registration(office.examiner, now=NOW)
    with pytest.raises(Conflict):
        office.passkeys.register(
            office.registrar, name="Hers", response=office.hers.create(options), now=NOW
        )


def test_somebody_elses_passkey_approves_nothing_in_ones_name(office: Office) -> None:
    office.add(office.examiner, office.his)
    assert office.refusal(office.his.get(office.asked())) == "passkey-unknown"


def test_no_answer_is_good_for_another_purpose(office: Office) -> None:
    sign_in = office.passkeys.begin_sign_in(now=NOW)
    assert office.refusal(office.hers.get(sign_in)) == "passkey-challenge"
    approval = office.asked()
    with pytest.raises(Conflict):
        office.sign_in(office.hers.get(approval), approval)
    registration = office.passkeys.begin_registration(office.registrar, now=NOW)
    as_request = {"challenge": registration["challenge"], "rpId": "localhost"}
    assert office.refusal(office.hers.get(as_request)) == "passkey-challenge"
    creation = registration | {"challenge": office.asked()["challenge"]}
    with pytest.raises(Conflict):
        office.passkeys.register(
            office.registrar, name="A", response=office.hers.create(creation), now=NOW
        )


def test_another_digest_than_the_one_asked_for_is_not_approved(office: Office) -> None:
    assert office.refusal(office.hers.get(office.asked()), digest=OTHER) == "passkey-challenge"
    assert office.refusal(office.hers.get(office.asked(OTHER))) == "passkey-challenge"


def test_an_answer_from_another_origin_or_for_another_host_is_refused(office: Office) -> None:
    office.hers.origin = "http://localhost:8001"
    assert office.refusal(office.hers.get(office.asked())) == "passkey-origin"
    office.hers.origin = PARTY.origin
    assert office.refusal(office.hers.get(office.asked(), rp_id="evil.example")) == "passkey-site"


def test_a_count_that_goes_back_shows_a_copy(office: Office) -> None:
    office.hers.held[0].count = 41
    assert office.approve(office.hers.get(office.asked()))
    office.hers.held[0].count = 41
    assert office.refusal(office.hers.get(office.asked())) == "passkey-count"
    office.hers.held[0].count = 17
    options = office.passkeys.begin_sign_in(now=NOW)
    with pytest.raises(NotAuthenticated):
        office.sign_in(office.hers.get(options), options)
    office.hers.held[0].count = 2**32 - 2
    assert office.approve(office.hers.get(office.asked()))


def test_a_passkey_that_counts_nothing_is_used_again_and_again(office: Office) -> None:
    office.hers.counts = False
    for _ in range(2):
        assert office.approve(office.hers.get(office.asked()))


def test_a_removed_passkey_neither_signs_in_nor_approves_nor_comes_back(office: Office) -> None:
    office.add(office.registrar, office.hers, name="Another")
    (first, _) = office.passkeys.of(office.registrar)
    waiting = office.hers.get(office.asked(), which=0)
    office.passkeys.remove(office.registrar, first.id, now=NOW)
    assert office.refusal(waiting) == "passkey-unknown"
    options = office.passkeys.begin_sign_in(now=NOW)
    with pytest.raises(NotAuthenticated):
        office.sign_in(office.hers.get(options, which=0), options)
    assert first.credential_id not in {
        each.credential_id for each in office.passkeys.of(office.registrar)
    }


def test_a_credential_is_registered_once_whoever_says_that_it_is_theirs(
    office: Office, database: Database
) -> None:
    (hers,) = office.passkeys.of(office.registrar)
    copied = Authenticator(fixed_id=hers.credential_id)
    with pytest.raises(Conflict):
        office.add(office.examiner, copied)
    office.passkeys.remove(office.registrar, hers.id, now=NOW)
    with pytest.raises(Conflict):
        office.add(office.examiner, copied)
    with database.engine.connect() as connection:
        rows = connection.execute(text("SELECT person_id, removed_at FROM accounts_passkey"))
        kept = list(rows)
    assert [row[0] for row in kept] == [office.registrar.id]
    assert kept[0][1] is not None


def test_removing_a_passkey_ends_the_other_sessions_of_its_person(office: Office) -> None:
    options = office.passkeys.begin_sign_in(now=NOW)
    lost = office.sign_in(office.hers.get(options), options)
    kept = office.people.sign_in(
        email="ruth@example.org", password=PASSWORD, place="192.0.2.1", now=NOW
    ).token
    (hers,) = office.passkeys.of(office.registrar)
    office.passkeys.remove(office.registrar, hers.id, now=NOW, token=kept)
    assert office.people.signed_in(token=kept, now=NOW)
    assert office.people.signed_in(token=lost, now=NOW) is None


def test_an_answer_to_what_another_browser_was_asked_opens_no_session(office: Office) -> None:
    theirs, mine = (office.passkeys.begin_sign_in(now=NOW) for _ in range(2))
    with pytest.raises(Conflict):
        office.sign_in(office.hers.get(theirs), mine)
    with pytest.raises(Conflict):
        office.passkeys.sign_in(
            response=office.hers.get(mine), expected_challenge="", place="", now=NOW
        )


@pytest.mark.parametrize("handle", [b"", b"somebody else"])
def test_a_passkey_that_names_another_owner_opens_no_session(office: Office, handle: bytes) -> None:
    office.hers.held[0].user_handle = handle
    options = office.passkeys.begin_sign_in(now=NOW)
    with pytest.raises(NotAuthenticated):
        office.sign_in(office.hers.get(options), options)
    document = json.loads(office.hers.get(options := office.passkeys.begin_sign_in(now=NOW)))
    del document["userHandle"]
    with pytest.raises(NotAuthenticated):
        office.sign_in(json.dumps(document), options)


def test_after_five_failures_even_a_right_answer_waits_a_minute(office: Office) -> None:
    def answer(flags: int, now: datetime = NOW) -> str:
        office.hers.flags = flags
        options = office.passkeys.begin_sign_in(now=now)
        return office.sign_in(office.hers.get(options), options, now=now)

    right = office.hers.flags
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAuthenticated):
            answer(PRESENT)
    with pytest.raises(TooManyAttempts):
        answer(right)
    assert answer(right, NOW + timedelta(minutes=1))


def test_who_has_no_passkey_is_told_to_add_one(office: Office) -> None:
    with pytest.raises(Conflict) as refused:
        office.passkeys.begin_approval(office.examiner, digest=DIGEST, now=NOW)
    assert "Add one" in refused.value.sentence


def test_nobody_has_more_passkeys_than_browsers_can_be_told_of(office: Office) -> None:
    for _ in range(MOST_PASSKEYS - 1):
        office.add(office.registrar, office.hers)
    with pytest.raises(Conflict):
        office.add(office.registrar, office.hers)


def test_challenges_that_were_not_answered_do_not_pile_up(
    office: Office, database: Database
) -> None:
    for _ in range(3):
        office.passkeys.begin_sign_in(now=NOW)
    office.passkeys.begin_sign_in(now=NOW + CHALLENGE_LIFE)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM accounts_challenge")) == 1


def test_confirming_by_password_opens_no_session_and_counts_failures(
    office: Office, database: Database
) -> None:
    def confirm(password: str) -> None:
        office.people.confirm(office.registrar, password=password, place="192.0.2.1", now=NOW)

    confirm(PASSWORD)
    with database.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM accounts_session")) == 0
    for _ in range(ATTEMPTS):
        with pytest.raises(NotAuthenticated):
            confirm("")
    with pytest.raises(TooManyAttempts):
        confirm(PASSWORD)
