"""An award is conferred: the university signs the degree, then the transcript, once each."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from campus import NOW
from office import MEMBER, OTHER, REGISTRAR, SECOND, Office

from degree.board.store import Ledger
from degree.files import File
from degree.rules.records import Action, Concession
from degree.tables import DEGREE, TRANSCRIPT, ConferralRow
from service.database import Database
from vc.documents import JsonObject
from vc.errors import Conflict, Forbidden, Missing, Unavailable
from vc.model import Verdict


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def test_an_award_is_conferred_and_both_its_papers_are_signed_once(office: Office) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    conferral = office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert conferral.is_carried_out
    assert [paper.kind for paper in conferral.current] == [DEGREE, TRANSCRIPT]
    assert [paper.credential_id for paper in conferral.current] == office.signed_ids
    with pytest.raises(Conflict, match="conferred on this person before"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert len(office.http.signed) == 2


def test_each_paper_is_offered_to_the_holder(office: Office) -> None:
    decision_id = office.confer()
    for number, credential_id in enumerate(office.signed_ids):
        assert office.conferring.offer(decision_id, number, reader=MEMBER).endswith(credential_id)
        assert office.http.asked[-1] == "http://localhost:8000/issuer/university/offers"
    for number, reader in ((2, MEMBER), (0, OTHER)):
        with pytest.raises(Missing):
            office.conferring.offer(decision_id, number, reader=reader)


def test_the_degree_credential_names_the_badge_behind_each_requirement(office: Office) -> None:
    office.confer()
    degree, _ = office.http.signed
    subject = degree["credentialSubject"]
    assert subject["id"] == office.campus.holder.did
    assert subject["creditsEarned"] == 60
    assert subject["achievement"]["achievementType"] == "ext:PostgraduateCertificate"
    assert {entry["id"] for entry in degree["evidence"]} == {
        f"https://issuer.example/credentials/{number}" for number in range(1, 6)
    }
    assert "Counts for reflective practice" in json.dumps(degree["evidence"])
    values = [result["value"] for result in subject["result"]]
    assert values[0] == "10 credits counted, 10 required"


def test_the_transcript_holds_the_degree_and_the_badges_as_they_were_presented(
    office: Office,
) -> None:
    credentials = office.certificate()
    office.conferring.confer(office.approved(office.apply(credentials)), REGISTRAR, now=NOW)
    degree, transcript = office.http.signed
    _card, *badges = credentials
    assert transcript["credentialSubject"]["verifiableCredential"] == [degree, *badges]


def test_both_papers_verify_with_all_that_is_in_them(office: Office) -> None:
    office.confer()
    office.publish_university()
    degree, transcript = office.http.signed
    assert office.campus.verify(degree).verdict is Verdict.VALID
    report = office.campus.verify(transcript)
    assert report.verdict is Verdict.VALID, report.steps
    assert report.steps[-1].sentence == "Each of the 6 credentials in it holds."


def test_only_a_registrar_confers(office: Office) -> None:
    decision_id = office.apply(office.certificate())
    with pytest.raises(Forbidden):
        office.conferring.confer(decision_id, MEMBER, now=NOW)


def test_a_registrar_does_not_confer_on_themselves(office: Office) -> None:
    both = replace(MEMBER, roles=MEMBER.roles | REGISTRAR.roles)
    decision_id = office.apply(office.certificate(), person=both)
    with pytest.raises(Forbidden):
        office.conferring.confer(decision_id, both, now=NOW)


def test_what_was_not_earned_is_not_conferred(office: Office) -> None:
    decision_id = office.apply([office.card(), office.badge(1)])
    with pytest.raises(Conflict, match="No award is earned"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)


def test_a_badge_revoked_after_the_approvals_stops_the_conferral(office: Office) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.campus.publish_status(3)
    with pytest.raises(Conflict, match="not earned by them any more"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW + timedelta(hours=1))
    assert office.http.signed == []
    (case,) = office.registry.cases()
    assert case.decision.earned is None


def _newer_copy(office: Office, badge: JsonObject) -> JsonObject:
    """A badge whose issuer gives a newer copy of it, with another name."""
    refresh = "https://issuer.example/refresh/1"
    changes: dict[str, Any] = {
        "@context": [*badge["@context"], "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"],
        "credentialStatus": badge["credentialStatus"],
        "endorsement": badge["endorsement"],
        "credentialSubject": badge["credentialSubject"],
        "id": badge["id"],
    }
    newer = office.campus.badge(**changes, name="Reflective journal, second edition")
    office.campus.library.publish(refresh, newer)
    service = {"id": refresh, "type": "1EdTechCredentialRefresh"}
    return office.campus.badge(**changes, name="Reflective journal", refreshService=service)


def test_the_transcript_holds_the_copy_of_a_badge_that_was_read_last(office: Office) -> None:
    card, journal, *others = office.certificate()
    decision_id = office.apply([card, journal, *others])
    with office.store.ledger() as ledger:
        row = ledger.case(decision_id).application
        row.credentials = json.dumps([card, _newer_copy(office, journal), *others])
    office.approved(decision_id)
    with pytest.raises(Conflict, match="needs approvals of its own"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    latest = office.registry.latest(MEMBER.id)
    assert latest
    office.conferring.confer(office.approved(latest.decision.id), REGISTRAR, now=NOW)
    _, transcript = office.http.signed
    names = [one["name"] for one in transcript["credentialSubject"]["verifiableCredential"]]
    assert names[1] == "Reflective journal, second edition"


def _meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch, happens: Callable[[Ledger], None]
) -> None:
    """Once the badges of a conferral have been verified again, something else is committed."""
    unchanged = office.registry.expect_unchanged

    def then(file: File, *, now: datetime) -> None:
        unchanged(file, now=now)
        with office.store.ledger() as ledger:
            happens(ledger)

    monkeypatch.setattr(office.registry, "expect_unchanged", then)


def test_badges_that_another_award_counts_meanwhile_carry_no_second_one(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision_id, other_id = (office.approved(office.apply(office.certificate())) for _ in range(2))

    def confer_another(ledger: Ledger) -> None:
        ledger.reserve(
            ConferralRow(
                id="f" * 32,
                decision_id=other_id,
                person_id=MEMBER.id,
                programme="another-programme",
                award="PGCert",
                conferred_by=REGISTRAR.id,
                conferred_at=NOW,
            )
        )

    _meanwhile(office, monkeypatch, confer_another)
    with pytest.raises(Conflict, match="changed in the meantime"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert office.http.signed == []


def test_a_concession_that_is_withdrawn_meanwhile_carries_no_award(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, journal, _, *studies = office.certificate()
    first = office.apply([card, journal, office.badge(2, credits_=5), *studies])
    waived = Concession(
        id="",
        action=Action.WAIVE,
        path="awards.PGCert.buckets.ethics_and_inclusion",
        granted=NOW.date(),
        expiry=date(2027, 9, 30),
        said={"authority": "Chair's action", "rationale": "Study 2.", "clause_ref": "4.2"},
    )
    row = office.exceptions.grant(first, waived, REGISTRAR, now=NOW)
    audit = office.exceptions.confirm(first, row.id, SECOND, now=NOW)
    assert audit.earned == "PGCert"

    def withdraw(ledger: Ledger) -> None:
        ledger.withdraw(ledger.exception(row.id), SECOND, why="A mistake.", now=NOW)

    office.approved(audit.id)
    _meanwhile(office, monkeypatch, withdraw)
    with pytest.raises(Conflict, match="changed in the meantime"):
        office.conferring.confer(audit.id, REGISTRAR, now=NOW)
    assert office.http.signed == []


def test_a_conferral_that_waits_is_not_signed_over_a_badge_revoked_since(office: Office) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.http.answers = 0
    with pytest.raises(Unavailable):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    office.http.answers = None
    office.campus.publish_status(3)
    later = NOW + timedelta(hours=2)
    for ask_again in (office.conferring.confer, office.conferring.go_on):
        with pytest.raises(Conflict, match="came to something else"):
            ask_again(decision_id, REGISTRAR, now=later)
    assert office.http.signed == []
    office.campus.publish_status()
    assert office.conferring.go_on(decision_id, REGISTRAR, now=later).is_carried_out


def test_of_two_who_confer_at_once_what_is_refused_both_are_told(office: Office) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.http.refuses = True
    told: list[str] = []

    def confer_too() -> None:
        office.http.before_signing = None
        with pytest.raises(Forbidden):
            office.conferring.confer(decision_id, SECOND, now=NOW)
        told.append("refused")

    office.http.before_signing = confer_too
    with pytest.raises(Conflict, match="given up"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert told == ["refused"]


def _begun(office: Office) -> ConferralRow:
    """The one conferral of the member, which waits for the university."""
    ((conferral, _),) = office.registry.awards(MEMBER.id)
    assert not conferral.is_carried_out
    return conferral


@pytest.mark.parametrize("lost", [0, 1], ids=["unreachable", "answer lost"])
@pytest.mark.parametrize("answers", [0, 1], ids=["degree", "transcript"])
def test_a_conferral_goes_on_where_the_university_did_not_answer(
    office: Office, answers: int, lost: int
) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.http.answers, office.http.loses = answers + lost, lost > 0
    with pytest.raises(Unavailable):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    begun = _begun(office)
    signed_before = list(office.http.signed)
    assert len(signed_before) == answers + lost
    office.http.answers = None
    conferral = office.conferring.confer(decision_id, REGISTRAR, now=NOW + timedelta(hours=1))
    assert (conferral.id, conferral.decision_id) == (begun.id, begun.decision_id)
    assert [paper.credential_id for paper in conferral.current] == office.signed_ids
    assert office.http.signed[: len(signed_before)] == signed_before
    degree, transcript = office.http.signed
    assert transcript["credentialSubject"]["verifiableCredential"][0] == degree


def test_what_the_university_signed_is_kept_as_it_answered(office: Office) -> None:
    decision_id = office.confer()
    file = office.registry.file(decision_id, reader=REGISTRAR)
    assert file.case.conferral
    for kind, signed in zip((DEGREE, TRANSCRIPT), office.http.signed, strict=True):
        assert office.papers.signed(file.case.conferral, kind) == [signed]


def test_a_conferral_that_the_university_refuses_begins_anew_with_the_same_approvals(
    office: Office,
) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.http.refuses = True
    with pytest.raises(Forbidden, match="Awards wait"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert all(case.conferral is None for case in office.registry.cases())
    office.http.refuses = False
    conferral = office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    assert conferral.decision_id == decision_id
    assert len(office.http.signed) == 2


def test_an_award_whose_degree_is_signed_waits_when_its_transcript_is_refused(
    office: Office,
) -> None:
    decision_id = office.approved(office.apply(office.certificate()))
    office.http.answers = 1
    with pytest.raises(Unavailable):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    office.http.answers, office.http.refuses = None, True
    with pytest.raises(Forbidden, match="Awards wait"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    office.http.refuses = False
    begun = _begun(office)
    assert office.conferring.go_on(begun.decision_id, REGISTRAR, now=NOW).is_carried_out
    with pytest.raises(Conflict, match="Nothing waits"):
        office.conferring.go_on(begun.decision_id, REGISTRAR, now=NOW)


def test_a_paper_that_is_not_signed_yet_is_not_offered(office: Office) -> None:
    office.http.answers = 1
    with pytest.raises(Unavailable):
        office.confer()
    office.http.answers = None
    begun = _begun(office)
    assert office.conferring.offer(begun.decision_id, 0, reader=MEMBER)
    with pytest.raises(Missing):
        office.conferring.offer(begun.decision_id, 1, reader=MEMBER)


def test_badges_of_a_conferred_award_are_spent(office: Office) -> None:
    office.confer()
    file = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert file.earned is None
    assert "PGCert of 22 November 2026 already counts it" in {
        aside.reason for aside in file.decision.outcome.set_aside
    }
