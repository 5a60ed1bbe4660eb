"""What the office's tables guarantee by themselves, on either database."""

from datetime import timedelta

import pytest
from campus import NOW
from office import MEMBER, PROGRAMME, REGISTRAR, Office

from degree.tables import ConferralRow, RequestRow
from service.database import Database
from vc.errors import Conflict, Missing


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def request(state: str) -> RequestRow:
    return RequestRow(
        state=state,
        nonce="n",
        person_id=MEMBER.id,
        name=MEMBER.name,
        programme=PROGRAMME,
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )


def test_of_two_answers_to_one_request_the_second_finds_it_used(office: Office) -> None:
    with office.store.ledger() as ledger:
        ledger.add(request("one"))
    with office.store.ledger() as ledger:
        assert ledger.use_request("one", now=NOW)
    with office.store.ledger() as ledger:
        assert not ledger.use_request("one", now=NOW)


def test_a_request_whose_time_is_over_cannot_be_used(office: Office) -> None:
    with office.store.ledger() as ledger:
        ledger.add(request("two"))
        assert not ledger.use_request("two", now=NOW + timedelta(minutes=10))


def test_of_two_registrars_at_once_one_confers(office: Office) -> None:
    decision_id = office.apply([office.card()])

    def conferral(number: int) -> ConferralRow:
        return ConferralRow(
            id=str(number),
            decision_id=decision_id,
            person_id=MEMBER.id,
            programme=PROGRAMME,
            award="MSc",
            conferred_by=REGISTRAR.id,
            conferred_at=NOW,
        )

    with office.store.ledger() as ledger:
        ledger.reserve(conferral(1))
    with (
        pytest.raises(Conflict, match="conferred on this person before"),
        office.store.ledger() as ledger,
    ):
        ledger.reserve(conferral(2))


def test_times_come_back_in_utc(office: Office) -> None:
    with office.store.ledger() as ledger:
        ledger.add(request("three"))
    with office.store.ledger() as ledger:
        kept = ledger.request("three")
        assert kept
        assert kept.expires_at == NOW + timedelta(minutes=10)
        assert kept.expires_at.tzinfo is not None


def test_what_is_not_there_is_missing(office: Office) -> None:
    with office.store.ledger() as ledger:
        for find in (ledger.application, ledger.decision, ledger.case, ledger.ruleset):
            with pytest.raises(Missing):
                find("nothing")
