"""Concessions, attestations, interruptions: who may make them, and what decisions come to."""

import json
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from office import EXAMINER, MEMBER, OTHER, PROGRAMME, REGISTRAR, SECOND, Office

from accounts.store import Person
from degree.board.faults import Faulty
from degree.board.showing import Shown, shown
from degree.board.tables import ExceptionRow
from degree.catalogue import Applied, Catalogue
from degree.checker import objections
from degree.rules.explain import Answer
from degree.rules.grammar import read_programme
from degree.rules.records import Action, Attestation, Concession, Interruption, Word
from service.database import Database
from vc.documents import JsonObject
from vc.errors import Conflict, Forbidden, Malformed, Missing

ETHICS = "awards.PGCert.buckets.ethics_and_inclusion"
ETHICS_OF = "“Ethics and inclusion” for the Postgraduate Certificate"
LATER = NOW + timedelta(hours=1)
SAID = {
    "authority": "Chair's action",
    "rationale": "Ethics was taught in study 2.",
    "clause_ref": "4.2",
}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def without_ethics(office: Office) -> list[JsonObject]:
    """A certificate but for the badge in ethics, which is about something else."""
    card, journal, _, *studies = office.certificate()
    return [card, journal, office.badge(2, credits_=5), *studies]


def waived(path: str = ETHICS, **changes: Any) -> Concession:
    facts: dict[str, Any] = {
        "id": "",
        "action": Action.WAIVE,
        "path": path,
        "granted": NOW.date(),
        "expiry": date(2027, 9, 30),
        "said": SAID,
    }
    return Concession(**facts | changes)


def granted(office: Office, decision_id: str, concession: Concession) -> str:
    """Entered by one registrar, confirmed by another; the new audit."""
    row = office.exceptions.grant(decision_id, concession, REGISTRAR, now=NOW)
    return office.exceptions.confirm(decision_id, row.id, SECOND, now=LATER).id


def seen(office: Office, decision_id: str, reader: Person = REGISTRAR) -> Shown:
    file = office.registry.file(decision_id, reader=reader)
    return shown(file, office.exceptions.of(file), for_staff=reader is not MEMBER)


def test_a_concession_applies_once_a_second_person_has_confirmed_it(office: Office) -> None:
    first = office.apply(without_ethics(office))
    row = office.exceptions.grant(first, waived(), REGISTRAR, now=NOW)
    assert office.registry.audit(first_application(office, first), now=NOW).earned is None
    assert [each.row.id for each in office.exceptions.waiting()] == [row.id]
    audit = office.exceptions.confirm(first, row.id, EXAMINER, now=LATER)
    assert audit.earned == "PGCert"
    assert office.exceptions.waiting() == ()
    record = json.loads(audit.record)
    assert [each["id"] for each in record["wallet"]["concessions"]] == [row.id]
    assert objections(record) == []


def first_application(office: Office, decision_id: str) -> str:
    return office.registry.file(decision_id, reader=REGISTRAR).case.application.id


def test_the_decision_is_shown_with_and_without_the_concession(office: Office) -> None:
    audit = granted(office, office.apply(without_ethics(office)), waived())
    compared = seen(office, audit).compared
    assert compared is not None
    (sentence,) = compared.sentences
    assert sentence.startswith("With the concession, the Postgraduate Certificate is earned;")
    assert sentence.endswith("without it, it is not earned.")
    assert compared.awards[-1] == ("Postgraduate Certificate", "earned", "not earned")
    file = office.registry.file(audit, reader=MEMBER)
    assert file.decision.plain.earned is None


def test_the_member_reads_who_conceded_what_and_why(office: Office) -> None:
    audit = granted(office, office.apply(without_ethics(office)), waived())
    (told,) = seen(office, audit, MEMBER).entries
    assert (told.standing, told.says) == ("applied", f"{ETHICS_OF} is waived.")
    assert (told.authority, told.rationale) == (SAID["authority"], SAID["rationale"])
    assert (told.row.entered_by_name, told.row.confirmed_by_name) == ("Ruth Cole", "Noor Aziz")


def test_what_waits_for_a_second_person_is_not_told_to_the_member(office: Office) -> None:
    decision = office.apply(without_ethics(office))
    office.exceptions.grant(decision, waived(), REGISTRAR, now=NOW)
    assert seen(office, decision, MEMBER).entries == ()
    assert [each.standing for each in seen(office, decision).entries] == ["waiting"]


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"path": "awards.PGCert.credits"}, {"path": "Nobody may make a concession on this."}),
        ({"path": "obligations"}, {"path": "Nobody may make a concession on this."}),
        ({"path": "buckets.electives"}, {"path": "Nobody may make a concession on this."}),
        (
            {"action": Action.REDUCE, "path": "exclusions.FAC-A+FAC-A-2024", "to": Fraction(2)},
            {"path": "This rule has no amount."},
        ),
        (
            {"said": {"authority": "Board"}},
            {
                "clause_ref": "It does not say its clause and its rationale.",
                "rationale": "It does not say its clause and its rationale.",
            },
        ),
        ({"expiry": None}, {"expiry": "It does not say its last day."}),
        ({"expiry": date(2026, 11, 21)}, {"expiry": "It expired on 21 November 2026."}),
        (
            {"action": Action.FORGIVE_YEAR, "path": "", "year": 99},
            {"year": "This is no registration year of the member so far."},
        ),
        (
            {"path": "awards.MSc.credits", "expiry": None},
            {
                "path": "Nobody may make a concession on this.",
                "expiry": "It does not say its last day.",
            },
        ),
    ],
)
def test_a_concession_that_could_not_apply_is_refused_at_once_with_every_fault(
    office: Office, changes: dict[str, Any], faults: dict[str, str]
) -> None:
    decision = office.apply(without_ethics(office))
    with pytest.raises(Faulty) as refusal:
        office.exceptions.grant(decision, waived(**changes), REGISTRAR, now=NOW)
    assert refusal.value.faults == faults
    assert office.exceptions.waiting() == ()


def test_a_concession_that_holds_later_is_entered_and_shown_with_the_reason(
    office: Office,
) -> None:
    later = waived(granted=NOW.date() + timedelta(days=9))
    audit = granted(office, office.apply(without_ethics(office)), later)
    shown_ = seen(office, audit)
    assert shown_.compared is None
    assert shown_.entries[0].standing == "refused"
    assert shown_.entries[0].refused == "it holds from 1 December 2026 only"
    assert office.registry.file(audit, reader=REGISTRAR).earned is None


def test_what_may_be_conceded_is_offered_and_nothing_else(office: Office) -> None:
    decision = office.apply(without_ethics(office))
    file = office.registry.file(decision, reader=REGISTRAR)
    offered = office.exceptions.choices(file, now=NOW)
    waivable, reducible = offered.rules[Action.WAIVE], offered.rules[Action.REDUCE]
    assert dict(waivable)[ETHICS] == "Postgraduate Certificate: Ethics and inclusion"
    for path in ("awards.MSc.credits", "awards.MSc.buckets.capstone", "obligations"):
        assert path not in dict(waivable)
    assert "exclusions.FAC-A+FAC-A-2024" in dict(waivable)
    assert set(dict(waivable)) - set(dict(reducible)) == {
        "exclusions.FAC-A+FAC-A-2024",
        "exclusions.RM-101+RM-LITE",
        "prerequisites.research_methods-before-capstone",
    }
    words = [said for _, said in waivable]
    assert len(words) == len(set(words))
    assert "capstone" not in dict(offered.buckets)
    assert [name for name, _ in offered.years] == ["1", "2"]
    assert offered.requires == {"authority", "rationale", "date", "clause_ref", "expiry"}
    badges = [said for _, said in offered.records]
    assert len(badges) == len(set(badges)) == len(file.wallet.records)


def test_where_nothing_hangs_on_a_concession_it_says_so(office: Office) -> None:
    idle = waived("awards.MSc.buckets.electives")
    audit = granted(office, office.apply(without_ethics(office)), idle)
    (told,) = seen(office, audit).entries
    assert (told.standing, told.idle) == ("applied", True)
    later = granted(office, audit, waived())
    assert [each.idle for each in seen(office, later).entries] == [False, False]


def test_who_entered_a_concession_does_not_confirm_it(office: Office) -> None:
    decision = office.apply(without_ethics(office))
    row = office.exceptions.grant(decision, waived(), REGISTRAR, now=NOW)
    with pytest.raises(Forbidden, match="somebody else"):
        office.exceptions.confirm(decision, row.id, REGISTRAR, now=NOW)


def test_nobody_makes_an_exception_in_their_own_case(office: Office) -> None:
    staff = Person(MEMBER.id, MEMBER.name, MEMBER.email, frozenset({"member", "registrar"}))
    decision = office.apply(without_ethics(office), person=staff)
    row = office.exceptions.grant(decision, waived(), REGISTRAR, now=NOW)
    for attempt in (
        lambda: office.exceptions.grant(decision, waived(), staff, now=NOW),
        lambda: office.exceptions.confirm(decision, row.id, staff, now=NOW),
        lambda: office.exceptions.withdraw(decision, row.id, staff, why="No.", now=NOW),
        lambda: interrupted(office, decision, leave(), by=staff),
    ):
        with pytest.raises(Forbidden, match="own case"):
            attempt()


@pytest.mark.parametrize("somebody", [MEMBER, OTHER, EXAMINER])
def test_only_registrars_enter_concessions(office: Office, somebody: Person) -> None:
    decision = office.apply(without_ethics(office))
    with pytest.raises(Forbidden):
        office.exceptions.grant(decision, waived(), somebody, now=NOW)


def test_a_concession_is_confirmed_once(office: Office) -> None:
    decision = office.apply(without_ethics(office))
    row = office.exceptions.grant(decision, waived(), REGISTRAR, now=NOW)
    office.exceptions.confirm(decision, row.id, SECOND, now=NOW)
    with pytest.raises(Conflict, match="in the meantime"):
        office.exceptions.confirm(decision, row.id, EXAMINER, now=NOW)


def test_an_exception_is_withdrawn_and_stays_to_be_read(office: Office) -> None:
    audit = granted(office, office.apply(without_ethics(office)), waived())
    (told,) = seen(office, audit).entries
    later = LATER + timedelta(hours=1)
    again = office.exceptions.withdraw(audit, told.row.id, SECOND, why="In error.", now=later)
    assert again.earned is None
    (told,) = seen(office, again.id).entries
    assert (told.standing, told.row.withdrawn_why) == ("withdrawn", "In error.")
    with pytest.raises(Conflict):
        office.exceptions.withdraw(audit, told.row.id, REGISTRAR, why="Again.", now=later)
    with pytest.raises(Conflict):
        office.exceptions.confirm(audit, told.row.id, EXAMINER, now=later)


def test_an_exception_stays_with_the_member_who_applies_again(office: Office) -> None:
    granted(office, office.apply(without_ethics(office)), waived())
    again = office.apply(without_ethics(office))
    assert office.registry.file(again, reader=MEMBER).earned == "PGCert"


def test_an_exception_is_not_reached_through_another_case(
    office: Office, database: Database
) -> None:
    decision = office.apply(without_ethics(office))
    row = office.exceptions.grant(decision, waived(), REGISTRAR, now=NOW)
    other = Office(database, Campus(holder=signer(7)))
    another = other.apply([other.card()], person=OTHER)
    with pytest.raises(Missing, match="in this case"):
        office.exceptions.confirm(another, row.id, SECOND, now=NOW)


@pytest.mark.parametrize(
    ("concession", "place"),
    [
        (waived("awards.PGCert.buckets.ethics"), "path"),
        (waived(action=Action.REDUCE, path="nothing", to=Fraction(5)), "path"),
        (waived(action=Action.ACCEPT, path="", record="urn:x", bucket="electives"), "record"),
        (
            waived(
                action=Action.ACCEPT,
                path="",
                record="https://issuer.example/credentials/2",
                bucket="nowhere",
            ),
            "bucket",
        ),
    ],
)
def test_a_concession_that_names_what_is_not_there_is_refused(
    office: Office, concession: Concession, place: str
) -> None:
    decision = office.apply(without_ethics(office))
    with pytest.raises(Malformed) as refusal:
        office.exceptions.grant(decision, concession, REGISTRAR, now=NOW)
    assert refusal.value.place == place


def test_a_badge_is_accepted_where_it_does_not_fit(office: Office) -> None:
    accepted = waived(
        action=Action.ACCEPT,
        path="",
        record="https://issuer.example/credentials/2",
        bucket="ethics_and_inclusion",
    )
    audit = granted(office, office.apply(without_ethics(office)), accepted)
    file = office.registry.file(audit, reader=REGISTRAR)
    assert file.placements["https://issuer.example/credentials/2"] == ("ethics_and_inclusion",)
    assert seen(office, audit).entries[0].says == "“Study 2” is accepted for ethics and inclusion."


def test_less_is_asked_and_a_year_is_forgiven(office: Office) -> None:
    first = office.apply(without_ethics(office))
    reduced = waived(action=Action.REDUCE, to=Fraction(0))
    audit = granted(office, first, reduced)
    assert office.registry.file(audit, reader=REGISTRAR).earned == "PGCert"
    forgiven = waived(action=Action.FORGIVE_YEAR, path="", year=1)
    audit = granted(office, audit, forgiven)
    assert {each.says for each in seen(office, audit).entries} == {
        f"{ETHICS_OF} asks for 0 instead.",
        "Registration year 1 counts as kept.",
    }


def leave() -> Interruption:
    return Interruption(first=date(2026, 2, 1), last=date(2026, 4, 30))


def interrupted(
    office: Office, decision_id: str, period: Interruption, *, by: Person = REGISTRAR
) -> ExceptionRow:
    """One that waits for a second person."""
    return office.exceptions.interrupt(
        decision_id, period, by, authority="Dean", clause="7.1", why="Seen.", now=NOW
    )


def test_an_interruption_stops_the_clock_once_a_second_person_has_confirmed_it(
    office: Office,
) -> None:
    first = office.apply(office.certificate())
    row = interrupted(office, first, leave())
    assert [each.row.id for each in office.exceptions.waiting()] == [row.id]
    again = office.registry.audit(first_application(office, first), now=NOW)
    assert office.registry.file(again.id, reader=REGISTRAR).wallet.interruptions == ()
    with pytest.raises(Forbidden, match="somebody else"):
        office.exceptions.confirm(first, row.id, REGISTRAR, now=NOW)
    audit = office.exceptions.confirm(first, row.id, EXAMINER, now=LATER)
    file = office.registry.file(audit.id, reader=REGISTRAR)
    assert file.wallet.interruptions == (leave(),)
    (told,) = seen(office, audit.id).entries
    assert told.says == "The registration was interrupted: 1 February 2026 to 30 April 2026."
    assert (told.authority, told.clause, told.rationale) == ("Dean", "7.1", "Seen.")
    assert told.row.confirmed_by_name == "Edith Marsh"


def test_an_interruption_lies_in_the_registration_and_is_not_longer_than_can_be_meant(
    office: Office,
) -> None:
    first = office.apply(office.certificate())
    registered = office.registry.file(first, reader=REGISTRAR).wallet.registered
    interrupted(office, first, leave())
    today, day = NOW.date(), timedelta(days=1)
    for begins, ends, place, says in (
        (date(1900, 5, 1), date(2199, 4, 1), "first", "The member registered on"),
        (registered - day, registered, "first", "The member registered on"),
        (date(2026, 7, 2), date(2026, 7, 1), "last", "ends before it begins"),
        (date(2026, 7, 1), date(2028, 7, 1), "last", "lasts at most 2 years"),
        (date(2028, 7, 1), date(2028, 11, 23), "last", "at most 2 years from now, on 22 November"),
        (leave().last, leave().last + day, "first", "from 1 February 2026 to 30 April 2026"),
    ):
        with pytest.raises(Malformed, match=says) as refusal:
            interrupted(office, first, Interruption(first=begins, last=ends))
        assert refusal.value.place == place
    interrupted(office, first, Interruption(first=today, last=date(2028, 11, 21)))
    interrupted(office, first, Interruption(first=leave().last + day, last=today - day))


def test_one_that_was_withdrawn_is_in_nobodys_way(office: Office) -> None:
    first = office.apply(office.certificate())
    row = interrupted(office, first, leave())
    office.exceptions.withdraw(first, row.id, SECOND, why="In error.", now=LATER)
    interrupted(office, first, leave())
    assert len(office.exceptions.waiting()) == 1


# With a programme that asks for somebody's word.


def ask_for_viva(office: Office) -> None:
    """Let the certificate also ask that the viva was passed."""
    buckets = "      electives: 45\n"
    asks = "{all_of: [reflective_practice, ethics_and_inclusion, electives, {attested: viva}]}"
    source = office.catalogue.applied(PROGRAMME).source
    source = source.replace(buckets, f"{buckets}    requires: {asks}\n")
    source += 'attestations:\n  viva: {says: "The viva was passed.", by: external examiner}\n'
    catalogue = Catalogue([Applied(read_programme(source.encode()), source)])
    office.catalogue._versions = catalogue._versions


def test_an_award_hangs_on_a_word_until_it_is_said(office: Office) -> None:
    ask_for_viva(office)
    first = office.apply(office.certificate())
    assert office.registry.file(first, reader=REGISTRAR).decision.answer is Answer.UNDECIDED
    word = Attestation(value=Word.YES, by="Edith Marsh", on=NOW.date())
    passed = office.exceptions.attest(first, "viva", word, EXAMINER, why="Seen.", now=LATER)
    assert passed.earned == "PGCert"
    (told,) = seen(office, passed.id).entries
    assert told.says == "Viva: yes, says Edith Marsh, 22 November 2026."


def test_a_word_of_no_does_not_go_away_by_applying_again(office: Office) -> None:
    ask_for_viva(office)
    first = office.apply(office.certificate())
    word = Attestation(value=Word.NO, by="Edith Marsh", on=NOW.date())
    office.exceptions.attest(first, "viva", word, EXAMINER, why="Seen.", now=LATER)
    again = office.apply(office.certificate())
    assert office.registry.file(again, reader=MEMBER).decision.answer is Answer.NOT_SATISFIED


def test_a_word_that_the_programme_does_not_ask_for_is_refused(office: Office) -> None:
    first = office.apply(office.certificate())
    word = Attestation(value=Word.YES, by="Edith Marsh", on=NOW.date())
    with pytest.raises(Malformed, match="asks for no such word"):
        office.exceptions.attest(first, "viva", word, EXAMINER, why="Seen.", now=LATER)


def test_a_word_needs_no_second_person(office: Office) -> None:
    ask_for_viva(office)
    first = office.apply(office.certificate())
    word = Attestation(value=Word.YES, by="Edith Marsh", on=NOW.date())
    audit = office.exceptions.attest(first, "viva", word, EXAMINER, why="Seen.", now=LATER)
    (told,) = seen(office, audit.id).entries
    with pytest.raises(Missing, match="needs no second person"):
        office.exceptions.confirm(audit.id, told.row.id, SECOND, now=LATER)
