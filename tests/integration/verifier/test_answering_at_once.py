"""What the verifier keeps of its questions, on either database: one answer wins, nothing stays."""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from sqlalchemy import func, select

from openid4vc.exchange import OAuthError
from openid4vc.presentation.asking import REQUEST_LIFETIME, Asking
from openid4vc.presentation.request import (
    PresentationRequest,
    read_authorization_uri,
    verify_request,
)
from openid4vc.presentation.response import refusal_form, response_form
from service.database import Database
from vc import did
from vc.errors import Missing
from vc.presentation import present
from verifier.asking.reception import KEPT, MOST_SHOWN, Addresses, Asked, Reception
from verifier.asking.store import Outcome, QuestionRow, RequestRow, Store
from verifier.asking.wishes import Kind, Wish
from verifier.desk import Desk
from verifier.trust import TrustRegistry

ORIGIN, DID = "https://verifier.example", "did:web:verifier.example:verifier"


@dataclass
class Room:
    """The verifier's reception on one database, and a wallet that can answer it."""

    campus: Campus
    store: Store
    reception: Reception
    database: Database

    def ask(self, kind: Kind = Kind.BADGE) -> Asked:
        return self.reception.ask(Wish(kind), now=NOW)

    def request(self, asked: Asked, *, same_device: bool = False) -> PresentationRequest:
        question = self.reception.question(asked.id, secret=asked.secret, now=NOW)
        link = question.same_device if same_device else question.other_device
        reference = read_authorization_uri(link)
        state = reference.request_uri.rpartition("/")[2]
        return verify_request(
            self.reception.request_object(state, now=NOW),
            expected_client_id=reference.client_id,
            now=NOW,
            fetcher=self.campus.library,
        )

    def answer(self, request: PresentationRequest, count: int = 1) -> bytes:
        shown = [
            present(
                [self.campus.badge()],
                holder=self.campus.holder.did,
                signer=self.campus.holder,
                created=NOW,
                challenge=request.nonce,
                domain=request.client_id,
            )
        ] * count
        return response_form({"embedded": shown}, state=request.state)

    def rows(self) -> int:
        with self.database.sessions() as session:
            tables = (QuestionRow, RequestRow)
            return sum(session.scalar(select(func.count()).select_from(t)) or 0 for t in tables)


@pytest.fixture(name="room")
def _room(database: Database) -> Room:
    campus, key = Campus(), signer(61, f"{DID}#key-1")
    campus.library.publish(
        "https://verifier.example/verifier/did.json",
        did.document(DID, [("key-1", key.public_key)]),
    )
    store = Store(database.sessions)
    reception = Reception(
        store,
        asking=Asking(
            DID,
            signer=key,
            fetcher=campus.library,
            new_token=lambda: secrets.token_urlsafe(32),
        ),
        desk=Desk(campus.library, TrustRegistry("none", {})),
        addresses=Addresses(ORIGIN, DID),
    )
    return Room(campus, store, reception, database)


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call gives or raises, all started at the same moment."""
    results: list[object] = [None] * len(calls)
    barrier = threading.Barrier(len(calls))

    def run(place: int) -> None:
        barrier.wait()
        try:
            results[place] = calls[place]()
        except OAuthError as refusal:
            results[place] = refusal

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_of_answers_at_the_same_moment_one_counts(room: Room) -> None:
    asked = room.ask()
    code, button = room.request(asked), room.request(asked, same_device=True)
    posts = [
        (code.state, room.answer(code)),
        (code.state, room.answer(code)),
        (button.state, room.answer(button)),
        (button.state, refusal_form(state=button.state)),
    ]
    results = at_once(
        *(lambda state=s, body=b: room.reception.receive(state, body, now=NOW) for s, b in posts)
    )
    taken = [result for result in results if isinstance(result, str)]
    assert len(taken) == 1, results
    assert sum(isinstance(result, OAuthError) for result in results) == 3


def test_answer_waits_for_one_that_is_being_written_and_finds_the_question_closed(
    room: Room,
) -> None:
    asked = room.ask()
    second: list[bool] = []

    def close_too() -> None:
        with room.store.ledger() as ledger:
            second.append(ledger.close(asked.id, now=NOW, outcome=Outcome.SHOWN.value))

    thread = threading.Thread(target=close_too)
    with room.store.ledger() as ledger:
        first = ledger.close(asked.id, now=NOW, outcome=Outcome.DECLINED.value)
        thread.start()
        thread.join(timeout=0.3)
    thread.join()
    assert (first, second) == (True, [False])
    question = room.reception.question(asked.id, secret=asked.secret, now=NOW)
    assert question.outcome is Outcome.DECLINED


def test_question_that_ended_takes_no_answer(room: Room) -> None:
    asked = room.ask()
    request = room.request(asked)
    with pytest.raises(OAuthError):
        room.reception.receive(request.state, room.answer(request), now=NOW + REQUEST_LIFETIME)
    with room.store.ledger() as ledger:
        late = NOW + REQUEST_LIFETIME
        assert not ledger.close(asked.id, now=late, outcome=Outcome.SHOWN.value)


def test_more_credentials_than_a_page_shows_are_refused(room: Room) -> None:
    request = room.request(room.ask(Kind.BADGES))
    body = room.answer(request, count=MOST_SHOWN + 1)
    with pytest.raises(OAuthError) as refusal:
        room.reception.receive(request.state, body, now=NOW)
    assert f"{MOST_SHOWN} are taken" in refusal.value.sentence


def test_secret_of_another_question_opens_nothing(room: Room) -> None:
    mine, other = room.ask(), room.ask()
    request = room.request(mine, same_device=True)
    goes_on = room.reception.receive(request.state, room.answer(request), now=NOW)
    code = goes_on.rpartition("/")[2]
    for secret in (other.secret, "", mine.id):
        with pytest.raises(Missing):
            room.reception.question(mine.id, secret=secret, now=NOW)
        with pytest.raises(Missing):
            room.reception.come_back(mine.id, code, secret=secret, now=NOW)
        with pytest.raises(Missing):
            room.reception.forget(mine.id, secret=secret, now=NOW)
    assert room.reception.question(mine.id, secret=mine.secret, now=NOW).signed == ()
    room.reception.come_back(mine.id, code, secret=mine.secret, now=NOW)
    assert len(room.reception.question(mine.id, secret=mine.secret, now=NOW).signed) == 1


def test_secrets_and_codes_are_kept_as_digests_only(room: Room) -> None:
    asked = room.ask()
    request = room.request(asked)
    goes_on = room.reception.receive(request.state, room.answer(request), now=NOW)
    with room.database.sessions() as session:
        row = session.get_one(QuestionRow, asked.id)
        kept = repr({column.name: getattr(row, column.name) for column in row.__table__.columns})
    assert asked.secret not in kept
    assert goes_on.rpartition("/")[2] not in kept


def test_declined_question_keeps_nothing_of_the_holder(room: Room) -> None:
    asked = room.ask()
    request = room.request(asked)
    room.reception.receive(request.state, refusal_form(state=request.state), now=NOW)
    with room.database.sessions() as session:
        row = session.get_one(QuestionRow, asked.id)
        assert (row.holder, row.credentials, row.code_digest) == (None, None, None)


def test_rows_are_deleted_when_their_time_is_over_and_anybody_asks(room: Room) -> None:
    answered, silent = room.ask(), room.ask()
    request = room.request(answered)
    room.reception.receive(request.state, room.answer(request), now=NOW)
    assert room.rows() == 6
    room.reception.ask(Wish(Kind.BADGE), now=NOW + KEPT)
    assert room.rows() == 6  # the answered one went, a new one came
    with pytest.raises(Missing):
        room.reception.question(answered.id, secret=answered.secret, now=NOW + KEPT)
    room.reception.question(silent.id, secret=silent.secret, now=NOW + KEPT)
    room.reception.ask(Wish(Kind.BADGE), now=NOW + REQUEST_LIFETIME + KEPT)
    assert room.rows() == 6
    room.reception.ask(Wish(Kind.BADGE), now=NOW + timedelta(days=1))
    assert room.rows() == 3


def test_many_ask_at_once_while_old_questions_are_forgotten(room: Room) -> None:
    for _ in range(30):
        room.ask()
    later = NOW + timedelta(hours=1)
    asked = at_once(*[lambda: room.reception.ask(Wish(Kind.BADGE), now=later)] * 8)
    assert all(isinstance(one, Asked) for one in asked), asked
    room.reception.ask(Wish(Kind.BADGE), now=later)
    assert room.rows() == 9 * 3
