"""Two people approve a decision: who may, what they sign, and what makes an approval void."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from campus import NOW
from office import (
    EXAMINER,
    EXAMINERS,
    MEMBER,
    OTHER,
    REGISTRAR,
    REGISTRARS,
    SECOND,
    Office,
)

from accounts.approval import PasskeySignature, verify_approval
from accounts.store import Person
from degree.board.approvals import signed_digest
from degree.board.tables import ApprovalRow
from degree.checker import objections
from degree.rules.decision_record import digest
from degree.tables import DecisionRow
from service.database import Database
from vc.errors import Conflict, Forbidden, Malformed, Missing, NotAuthenticated, Refused


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def decision(office: Office) -> str:
    """A Postgraduate Certificate that was earned and waits for its approvals."""
    return office.apply(office.certificate())


def given(office: Office, decision_id: str) -> dict[str, str]:
    """Who approved, by capacity."""
    file = office.registry.file(decision_id, reader=REGISTRAR)
    return {row.role: row.name for row in file.approvals}


def test_both_approvals_stand_in_the_decision_record(office: Office, decision: str) -> None:
    office.approved(decision)
    record = office.registry.file(decision, reader=MEMBER).record
    assert [(each["role"], each["name"]) for each in record["approvals"]] == [
        ("registrar", "Ruth Cole"),
        ("external_examiner", "Edith Marsh"),
    ]
    assert objections(record) == []
    for approval in record["approvals"]:
        verify_approval(
            PasskeySignature.from_json(approval["signature"]),
            expected_digest=bytes.fromhex(digest(record).removeprefix("sha256:")),
            expected_origin="http://localhost:8000",
            expected_rp_id="localhost",
        )


def test_nothing_is_conferred_before_both_have_approved(office: Office, decision: str) -> None:
    with pytest.raises(Conflict, match="of a registrar and of an external examiner"):
        office.conferring.confer(decision, REGISTRAR, now=NOW)
    office.approve(decision, REGISTRAR, REGISTRARS)
    with pytest.raises(Conflict, match="the approval of an external examiner"):
        office.conferring.confer(decision, REGISTRAR, now=NOW)
    office.approve(decision, EXAMINER, EXAMINERS)
    assert office.conferring.confer(decision, REGISTRAR, now=NOW).is_carried_out


def test_whoever_has_both_roles_approves_once(office: Office, decision: str) -> None:
    both = replace(EXAMINER, roles=EXAMINER.roles | REGISTRAR.roles)
    office.approve(decision, both, EXAMINERS)
    with pytest.raises(Conflict, match="You have approved it"):
        office.approve(decision, both, REGISTRARS)
    assert office.approving.seen(office.registry.file(decision, reader=both), both).mine == ""


def test_each_capacity_approves_once(office: Office, decision: str) -> None:
    office.approve(decision, REGISTRAR, REGISTRARS)
    with pytest.raises(Conflict, match="the approval of a registrar already"):
        office.approve(decision, SECOND, REGISTRARS)
    assert given(office, decision) == {"registrar": "Ruth Cole"}


@pytest.mark.parametrize(
    ("person", "capacity"),
    [
        (REGISTRAR, EXAMINERS),
        (EXAMINER, REGISTRARS),
        (REGISTRAR, "moderator"),
        (REGISTRAR, ""),
    ],
)
def test_nobody_approves_in_a_capacity_that_they_do_not_have(
    office: Office, decision: str, person: Person, capacity: str
) -> None:
    with pytest.raises(Forbidden):
        office.approve(decision, person, capacity)
    assert given(office, decision) == {}


def test_nobody_approves_their_own_award(office: Office) -> None:
    staff = replace(REGISTRAR, roles=frozenset({"member", "registrar", "external_examiner"}))
    decision = office.apply(office.certificate(), person=staff)
    for capacity in (REGISTRARS, EXAMINERS):
        with pytest.raises(Forbidden, match="their own award"):
            office.approve(decision, staff, capacity)


def test_strangers_learn_nothing_of_a_case_that_they_would_approve(
    office: Office, decision: str
) -> None:
    for person in (OTHER, replace(OTHER, roles=frozenset({"moderator"}))):
        with pytest.raises(Missing):
            office.approving.approve(decision, person, capacity=REGISTRARS, response="{}", now=NOW)
    with pytest.raises(Forbidden):
        office.approving.approve(decision, MEMBER, capacity=REGISTRARS, response="{}", now=NOW)


def test_a_signature_over_another_decision_approves_nothing(office: Office, decision: str) -> None:
    response = office.answers(decision, REGISTRAR)
    tomorrow = NOW + timedelta(days=1)
    other = office.registry.audit(application_of(office, decision), now=tomorrow).id
    with pytest.raises(NotAuthenticated):
        office.approving.approve(other, REGISTRAR, capacity=REGISTRARS, response=response, now=NOW)
    assert given(office, other) == {}


def application_of(office: Office, decision_id: str) -> str:
    return office.registry.file(decision_id, reader=REGISTRAR).case.application.id


def test_an_answer_approves_once(office: Office, decision: str) -> None:
    response = office.answers(decision, REGISTRAR)

    def approve(person: Person) -> ApprovalRow:
        return office.approving.approve(
            decision, person, capacity=REGISTRARS, response=response, now=NOW
        )

    with pytest.raises(Conflict, match="answered already"):
        approve(SECOND)  # it is not the answer of their passkey, and is used up
    with pytest.raises(Conflict, match="answered already"):
        approve(REGISTRAR)
    assert given(office, decision) == {}


@pytest.mark.parametrize(
    ("response", "refusal"), [("", Malformed), ("{}", Malformed), ("[1]", Malformed)]
)
def test_what_is_no_answer_of_a_passkey_is_refused(
    office: Office, decision: str, response: str, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        office.approving.approve(
            decision, REGISTRAR, capacity=REGISTRARS, response=response, now=NOW
        )


def test_a_device_that_nobody_unlocked_approves_nothing(office: Office, decision: str) -> None:
    office.devices[REGISTRAR.id].flags = 0x01
    with pytest.raises(NotAuthenticated):
        office.approve(decision, REGISTRAR, REGISTRARS)


def test_whoever_has_no_passkey_is_told_to_add_one(office: Office, decision: str) -> None:
    office.passkeys.remove_all(REGISTRAR, now=NOW)
    with pytest.raises(Conflict, match="no passkey yet"):
        office.approve(decision, REGISTRAR, REGISTRARS)


def test_a_removed_passkey_approves_nothing(office: Office, decision: str) -> None:
    response = office.answers(decision, REGISTRAR)
    office.passkeys.remove_all(REGISTRAR, now=NOW)
    with pytest.raises(NotAuthenticated):
        office.approving.approve(
            decision, REGISTRAR, capacity=REGISTRARS, response=response, now=NOW
        )


def test_one_key_does_not_approve_for_two_people(office: Office, decision: str) -> None:
    """An examiner's device that has a copy of the registrar's key."""
    office.approve(decision, REGISTRAR, REGISTRARS)
    shared = office.devices[REGISTRAR.id].held[-1].key
    made = office.devices[EXAMINER.id].create(
        office.passkeys.begin_registration(EXAMINER, now=NOW), key=shared
    )
    office.passkeys.register(EXAMINER, name="Copy", response=made, now=NOW)
    with pytest.raises(Conflict, match="for somebody else"):
        office.approve(decision, EXAMINER, EXAMINERS)


def test_a_new_decision_makes_the_approvals_of_the_old_one_void(
    office: Office, decision: str
) -> None:
    office.approved(decision)
    again = office.registry.recheck(application_of(office, decision), now=NOW).id
    assert given(office, again) == {}
    for one in (decision, again):
        with pytest.raises(Conflict):
            office.conferring.confer(one, REGISTRAR, now=NOW)
    assert office.http.signed == []


def test_a_decision_that_is_not_the_last_one_takes_no_approvals(
    office: Office, decision: str
) -> None:
    office.registry.audit(application_of(office, decision), now=NOW)
    with pytest.raises(Conflict, match="decided anew"):
        office.approve(decision, REGISTRAR, REGISTRARS)
    seen = office.approving.seen(office.registry.file(decision, reader=REGISTRAR), REGISTRAR)
    assert (seen.is_open, seen.mine) == (False, "")


def test_what_is_not_earned_takes_no_approvals(office: Office) -> None:
    decision = office.apply([office.card(), office.badge(1)])
    with pytest.raises(Conflict, match="No award is earned"):
        office.approve(decision, REGISTRAR, REGISTRARS)


def test_a_conferred_decision_takes_no_approvals(office: Office) -> None:
    decision = office.confer()
    with pytest.raises(Conflict):
        office.approve(decision, SECOND, REGISTRARS)


def test_an_approval_that_was_altered_in_the_database_confers_nothing(
    office: Office, decision: str
) -> None:
    office.approved(decision)
    with office.store.ledger() as ledger:
        row = ledger.approvals(decision)[0]
        signature = json.loads(row.signature)
        row.signature = json.dumps({**signature, "nonce": signature["digest"]})
    with pytest.raises(Conflict, match="The approval of Ruth Cole does not hold"):
        office.conferring.confer(decision, REGISTRAR, now=NOW)


def test_a_decision_that_was_altered_in_the_database_is_not_the_one_that_was_approved(
    office: Office, decision: str
) -> None:
    office.approved(decision)
    with office.store.ledger() as ledger:
        row = ledger.decision(decision)
        row.record = row.record.replace("Amina Otieno", "Amina Other")
    with pytest.raises(Conflict, match="does not hold"):
        office.conferring.confer(decision, REGISTRAR, now=NOW)


def test_approvals_hold_when_the_badges_come_to_the_same_on_a_later_day(
    office: Office, decision: str
) -> None:
    office.approved(decision)
    later = office.conferring.confer(decision, REGISTRAR, now=NOW + timedelta(hours=20))
    assert later.decision_id == decision


def test_what_was_done_is_in_the_log(office: Office) -> None:
    decision = office.confer()
    file = office.registry.file(decision, reader=REGISTRAR)
    events = [(each.kind, each.by_name) for each in office.exceptions.events(file)]
    assert events == [
        ("approved", "Ruth Cole"),
        ("approved", "Edith Marsh"),
        ("conferred", "Ruth Cole"),
    ]


# At once. Each of two threads reads the case before either writes.


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """What each act came to: its result, or its refusal."""
    outcomes: list[Any] = [None] * len(acts)

    def play(number: int, act: Callable[[], Any]) -> None:
        try:
            outcomes[number] = act()
        except Refused as refusal:
            outcomes[number] = refusal

    threads = [threading.Thread(target=play, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def signing_together(office: Office, monkeypatch: pytest.MonkeyPatch, people: int) -> None:
    """Let everybody's passkey have signed before anybody's approval is kept."""
    meeting, approve = threading.Barrier(people), office.passkeys.approve

    def met(*given_: Any, **named: Any) -> PasskeySignature:
        signature = approve(*given_, **named)
        meeting.wait(timeout=30)
        return signature

    monkeypatch.setattr(office.passkeys, "approve", met)


def test_of_two_registrars_who_approve_at_once_one_does(
    office: Office, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {one.id: office.answers(decision, one) for one in (REGISTRAR, SECOND)}
    signing_together(office, monkeypatch, 2)

    def approve(person: Person) -> ApprovalRow:
        response = answers[person.id]
        return office.approving.approve(
            decision, person, capacity=REGISTRARS, response=response, now=NOW
        )

    outcomes = at_once(lambda: approve(REGISTRAR), lambda: approve(SECOND))
    assert sorted(type(each).__name__ for each in outcomes) == ["ApprovalRow", "Conflict"]
    assert list(given(office, decision)) == ["registrar"]


def test_a_registrar_and_an_examiner_who_approve_at_once_both_do(
    office: Office, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {one.id: office.answers(decision, one) for one in (REGISTRAR, EXAMINER)}
    signing_together(office, monkeypatch, 2)

    def approve(person: Person, capacity: str) -> ApprovalRow:
        response = answers[person.id]
        return office.approving.approve(
            decision, person, capacity=capacity, response=response, now=NOW
        )

    outcomes = at_once(lambda: approve(REGISTRAR, REGISTRARS), lambda: approve(EXAMINER, EXAMINERS))
    assert all(isinstance(each, ApprovalRow) for each in outcomes), outcomes
    assert set(given(office, decision)) == {"registrar", "external_examiner"}


def test_an_approval_of_a_case_that_is_decided_anew_meanwhile_is_refused(
    office: Office, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    response, application = office.answers(decision, REGISTRAR), application_of(office, decision)
    approve = office.passkeys.approve

    def decided_meanwhile(*given_: Any, **named: Any) -> PasskeySignature:
        signature = approve(*given_, **named)
        office.registry.audit(application, now=NOW)
        return signature

    monkeypatch.setattr(office.passkeys, "approve", decided_meanwhile)
    with pytest.raises(Conflict, match="decided anew"):
        office.approving.approve(
            decision, REGISTRAR, capacity=REGISTRARS, response=response, now=NOW
        )
    assert given(office, decision) == {}


def test_of_two_who_confer_at_once_one_does(office: Office, decision: str) -> None:
    office.approved(decision)
    outcomes = at_once(
        lambda: office.conferring.confer(decision, REGISTRAR, now=NOW),
        lambda: office.conferring.confer(decision, SECOND, now=NOW),
    )
    assert any(not isinstance(each, Refused) for each in outcomes)
    assert len(office.registry.awards(MEMBER.id)) == 1
    assert len(set(office.signed_ids)) == len(office.signed_ids) == 2


def test_what_is_conferred_while_the_case_is_decided_anew_is_what_was_approved(
    office: Office, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case is decided anew after the badges were verified and before the award is kept."""
    office.approved(decision)
    unchanged, application = office.registry.expect_unchanged, application_of(office, decision)

    def then_decided(*given_: Any, **named: Any) -> None:
        unchanged(*given_, **named)
        office.registry.audit(application, now=NOW)

    monkeypatch.setattr(office.registry, "expect_unchanged", then_decided)
    with pytest.raises(Conflict, match="decided anew"):
        office.conferring.confer(decision, REGISTRAR, now=NOW)
    assert office.http.signed == []


def test_a_case_that_changes_while_it_is_decided_is_decided_on_as_it_is_then(
    office: Office, decision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A badge is revoked between deciding and keeping: what is kept knows of it."""
    application, decided = application_of(office, decision), office.registry._decided
    calls: list[str] = []

    def slowly(application_id: str, now: Any) -> Any:
        found = decided(application_id, now)
        if not calls:
            office.campus.publish_status(3)
            office.registry._verify_again(application_id, now)
        calls.append(application_id)
        return found

    monkeypatch.setattr(office.registry, "_decided", slowly)
    row: DecisionRow = office.registry.audit(application, now=NOW)
    assert len(calls) == 2
    assert row.earned is None


def test_of_two_audits_of_one_moment_the_one_kept_later_is_the_later(
    office: Office, decision: str
) -> None:
    application = application_of(office, decision)
    kept = [office.registry.audit(application, now=NOW) for _ in range(3)]
    latest = office.registry.latest(MEMBER.id)
    assert latest
    assert latest.decision.id == kept[-1].id
    assert signed_digest(json.loads(kept[0].record)) == signed_digest(json.loads(kept[-1].record))
    with pytest.raises(Conflict, match="decided anew"):
        office.approve(kept[0].id, REGISTRAR, REGISTRARS)
