"""An award is withdrawn, or its papers corrected: revoked, and on record with the reason."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

import pytest
from campus import NOW
from office import MEMBER, OTHER, REGISTRAR, Office

from degree.amending import Grounds
from degree.files import File
from degree.papers import Papers
from degree.tables import CORRECTION, WITHDRAWAL, ConferralRow, PaperRow
from service.database import Database
from vc.errors import Conflict, Forbidden, Gone, Malformed, Missing, Unavailable

LATER = NOW + timedelta(days=10)
GROUNDS = Grounds(
    reason="Two of the badges were bought.",
    authority="Regulation 12.3, decided by the Senate",
    decided_on=date(2026, 11, 30),
)
RIGHT_NAME = "Amina Wanjikũ Otieno"


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def _withdraw(office: Office, decision_id: str) -> ConferralRow:
    return office.amending.withdraw(decision_id, REGISTRAR, GROUNDS, now=LATER)


def _correct(office: Office, decision_id: str, *, name: str = RIGHT_NAME) -> ConferralRow:
    return office.amending.correct(decision_id, REGISTRAR, GROUNDS, name=name, now=LATER)


def _names(office: Office, *, last: int = 2) -> set[str]:
    """What the last papers call the holder."""
    return {
        document["credentialSubject"]["identifier"][0]["identityHash"]
        for document in office.http.signed[-last:]
    }


def test_withdrawing_an_award_revokes_all_its_papers(office: Office) -> None:
    conferral = _withdraw(office, office.confer())
    assert office.http.revoked == office.signed_ids
    assert conferral.withdrawn_at == LATER
    assert conferral.is_carried_out


def test_who_withdrew_and_why_stays_on_record(office: Office) -> None:
    decision_id = office.confer()
    _withdraw(office, decision_id)
    ((amendment, application, conferral),) = office.registry.amendments()
    assert (amendment.kind, application.name) == (WITHDRAWAL, MEMBER.name)
    assert (amendment.reason, amendment.authority) == (GROUNDS.reason, GROUNDS.authority)
    assert amendment.decided_on == GROUNDS.decided_on
    assert (amendment.made_by, amendment.made_by_name) == (REGISTRAR.id, REGISTRAR.name)
    assert conferral.decision_id == decision_id
    file = office.registry.file(decision_id, reader=MEMBER)
    assert file.case.conferral
    assert file.case.conferral.withdrawal
    assert len(file.case.conferral.papers) == 2


def test_badges_of_a_withdrawn_award_count_for_another(office: Office) -> None:
    _withdraw(office, office.confer())
    again = office.conferring.confer(
        office.approved(office.apply(office.certificate())), REGISTRAR, now=NOW
    )
    assert again.is_carried_out
    assert len(set(office.signed_ids)) == 4
    assert len(office.http.revoked) == 2
    # Both are of the same moment, so their order says nothing.
    standing = [one.withdrawn_at is None for one, _ in office.registry.awards(MEMBER.id)]
    assert sorted(standing) == [False, True]


def test_papers_of_a_withdrawn_award_are_not_offered(office: Office) -> None:
    decision_id = office.confer()
    _withdraw(office, decision_id)
    with pytest.raises(Missing):
        office.conferring.offer(decision_id, 0, reader=MEMBER)
    with pytest.raises(Gone):
        office.conferring.supplement(decision_id, reader=MEMBER)


def test_an_award_is_withdrawn_once(office: Office) -> None:
    decision_id = office.confer()
    _withdraw(office, decision_id)
    with pytest.raises(Conflict, match="withdrawn before"):
        _withdraw(office, decision_id)
    with pytest.raises(Conflict, match="nothing to correct"):
        _correct(office, decision_id)


@pytest.mark.parametrize("lost", [0, 1], ids=["unreachable", "answer lost"])
@pytest.mark.parametrize("answers", [0, 1])
def test_a_withdrawal_goes_on_where_the_university_did_not_answer(
    office: Office, answers: int, lost: int
) -> None:
    decision_id = office.confer()
    office.http.answers, office.http.loses = answers + lost, lost > 0
    with pytest.raises(Unavailable):
        _withdraw(office, decision_id)
    # It is decided, and told; but until all is revoked the badges are not free.
    file = office.registry.file(decision_id, reader=MEMBER)
    assert file.case.conferral
    assert file.case.conferral.withdrawal
    assert file.case.conferral.withdrawn_at is None
    office.http.answers = None
    used = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert used.earned is None
    assert _withdraw(office, decision_id).withdrawn_at == LATER
    assert office.http.revoked == office.signed_ids
    assert len(office.registry.amendments()) == 1


def test_an_award_that_waits_for_its_transcript_can_be_withdrawn(office: Office) -> None:
    office.http.answers = 1
    with pytest.raises(Unavailable):
        office.confer()
    office.http.answers = None
    ((begun, _),) = office.registry.awards(MEMBER.id)
    conferral = _withdraw(office, begun.decision_id)
    assert conferral.is_carried_out
    assert office.http.revoked == office.signed_ids


def test_a_transcript_that_is_signed_while_the_award_is_withdrawn_is_revoked_too(
    office: Office,
) -> None:
    office.http.answers = 1
    with pytest.raises(Unavailable):
        office.confer()
    office.http.answers = None
    ((begun, _),) = office.registry.awards(MEMBER.id)

    def withdraw_meanwhile() -> None:
        office.http.before_signing = None
        _withdraw(office, begun.decision_id)

    office.http.before_signing = withdraw_meanwhile
    conferral = office.conferring.go_on(begun.decision_id, REGISTRAR, now=LATER)
    assert conferral.is_carried_out
    assert len(office.signed_ids) == 2
    assert set(office.http.revoked) == set(office.signed_ids)


def test_a_correction_brings_new_papers_and_revokes_the_old(office: Office) -> None:
    decision_id = office.confer()
    old = office.signed_ids
    conferral = _correct(office, decision_id)
    assert office.http.revoked == old
    assert [paper.credential_id for paper in conferral.current] == office.signed_ids[2:]
    assert _names(office) == {RIGHT_NAME}
    degree, transcript = office.http.signed[2:]
    assert transcript["credentialSubject"]["verifiableCredential"][0] == degree
    assert degree["validFrom"] == "2026-12-02T12:00:00Z"
    assert degree["awardedDate"] == "2026-11-22T12:00:00Z"
    assert conferral.withdrawn_at is None


def test_new_papers_are_signed_before_the_old_ones_are_revoked(office: Office) -> None:
    decision_id = office.confer()
    office.http.answers = 2
    with pytest.raises(Unavailable):
        _correct(office, decision_id)
    assert len(office.http.signed) == 4
    assert office.http.revoked == []
    office.http.answers = None
    assert office.conferring.go_on(decision_id, REGISTRAR, now=LATER).is_carried_out
    assert office.http.revoked == office.signed_ids[:2]


def test_a_correction_goes_on_with_the_same_papers(office: Office) -> None:
    decision_id = office.confer()
    office.http.answers, office.http.loses = 1, True
    with pytest.raises(Unavailable):
        _correct(office, decision_id)
    office.http.answers = None
    with pytest.raises(Conflict, match="has not done yet"):
        _correct(office, decision_id)
    conferral = office.conferring.go_on(decision_id, REGISTRAR, now=LATER)
    assert [paper.credential_id for paper in conferral.current] == office.signed_ids[2:]
    assert len(office.registry.amendments()) == 1


def test_a_correction_that_the_university_refuses_changes_nothing(office: Office) -> None:
    decision_id = office.confer()
    office.http.refuses = True
    with pytest.raises(Forbidden, match="Awards wait"):
        _correct(office, decision_id)
    assert office.registry.amendments() == ()
    file = office.registry.file(decision_id, reader=MEMBER)
    assert file.case.conferral
    assert file.case.conferral.is_carried_out
    assert office.conferring.offer(decision_id, 0, reader=MEMBER).endswith(office.signed_ids[0])


@pytest.mark.parametrize("answers", [None, 0], ids=["carried out", "waiting"])
def test_a_withdrawal_while_a_correction_is_refused_stays_on_record(
    office: Office, answers: int | None
) -> None:
    decision_id = office.confer()

    def withdraw_meanwhile() -> None:
        office.http.before_signing, office.http.answers = None, answers
        with suppress(Unavailable):
            _withdraw(office, decision_id)
        office.http.answers, office.http.refuses = None, True

    office.http.before_signing = withdraw_meanwhile
    with pytest.raises(Forbidden, match="Awards wait"):
        _correct(office, decision_id)
    kinds = [amendment.kind for amendment, _, _ in office.registry.amendments()]
    assert sorted(kinds) == [CORRECTION, WITHDRAWAL]
    if answers == 0:
        assert office.conferring.go_on(decision_id, REGISTRAR, now=LATER).is_carried_out
    file = office.registry.file(decision_id, reader=REGISTRAR)
    assert file.conferred().withdrawn_at == LATER
    assert office.http.revoked == office.signed_ids


def test_a_withdrawal_while_the_first_papers_are_refused_stays_on_record(office: Office) -> None:
    decision_id = office.approved(office.apply(office.certificate()))

    def withdraw_meanwhile() -> None:
        office.http.before_signing, office.http.refuses = None, True
        _withdraw(office, decision_id)

    office.http.before_signing = withdraw_meanwhile
    with pytest.raises(Forbidden, match="Awards wait"):
        office.conferring.confer(decision_id, REGISTRAR, now=NOW)
    ((amendment, _, conferral),) = office.registry.amendments()
    assert (amendment.kind, conferral.withdrawn_at) == (WITHDRAWAL, LATER)


def test_an_award_that_is_withdrawn_while_a_correction_is_prepared_is_not_corrected(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    decision_id = office.confer()
    prepared = Papers.edition

    def withdraw_meanwhile(papers: Papers, file: File, *, seed: str, number: int) -> list[PaperRow]:
        _withdraw(office, decision_id)
        return prepared(papers, file, seed=seed, number=number)

    monkeypatch.setattr(Papers, "edition", withdraw_meanwhile)
    with pytest.raises(Conflict, match="nothing to correct"):
        _correct(office, decision_id)
    assert len(office.registry.amendments()) == 1


def test_a_corrected_award_is_offered_with_its_new_papers_and_supplement(office: Office) -> None:
    decision_id = office.confer()
    before = office.conferring.supplement(decision_id, reader=MEMBER)
    assert before == office.conferring.supplement(decision_id, reader=REGISTRAR)
    _correct(office, decision_id)
    for number in (0, 1):
        offered = office.conferring.offer(decision_id, number, reader=MEMBER)
        assert offered.endswith(office.signed_ids[2 + number])
    after = office.conferring.supplement(decision_id, reader=MEMBER)
    assert after != before
    assert office.signed_ids[3].encode() in after
    with pytest.raises(Missing):
        office.conferring.supplement(decision_id, reader=OTHER)


def test_an_award_can_be_corrected_twice_and_withdrawn(office: Office) -> None:
    decision_id = office.confer()
    _correct(office, decision_id)
    _correct(office, decision_id, name="A. W. Otieno")
    assert _names(office) == {"A. W. Otieno"}
    assert office.http.revoked == office.signed_ids[:4]
    _withdraw(office, decision_id)
    assert office.http.revoked == office.signed_ids
    kinds = [amendment.kind for amendment, _, _ in office.registry.amendments()]
    assert sorted(kinds) == [CORRECTION, CORRECTION, WITHDRAWAL]


def test_badges_of_a_corrected_award_stay_spent(office: Office) -> None:
    _correct(office, office.confer())
    file = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert file.earned is None


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 12, 3)])
def test_the_day_of_the_decision_lies_between_conferral_and_today(
    office: Office, day: date
) -> None:
    decision_id = office.confer()
    grounds = replace(GROUNDS, decided_on=day)
    with pytest.raises(Malformed) as refusal:
        office.amending.withdraw(decision_id, REGISTRAR, grounds, now=LATER)
    assert refusal.value.place == "decided_on"
    with pytest.raises(Malformed):
        office.amending.correct(decision_id, REGISTRAR, grounds, name="A", now=LATER)
    assert office.registry.amendments() == ()
    assert office.http.revoked == []


def test_only_a_registrar_amends_and_never_their_own_award(office: Office) -> None:
    decision_id = office.confer()
    own = replace(MEMBER, roles=MEMBER.roles | REGISTRAR.roles)
    for person in (MEMBER, own):
        with pytest.raises(Forbidden):
            office.amending.withdraw(decision_id, person, GROUNDS, now=LATER)
        with pytest.raises(Forbidden):
            office.amending.correct(decision_id, person, GROUNDS, name="A", now=LATER)


def test_what_was_not_conferred_cannot_be_amended(office: Office) -> None:
    decision_id = office.apply(office.certificate())
    with pytest.raises(Missing, match="Nothing was conferred"):
        _withdraw(office, decision_id)
