"""A member's badges as of today: verified again, kept for minutes, with what is on offer."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest
from campus import LIST_URL, NOW
from office import MEMBER, OTHER, REGISTRAR, SECOND, Office

from degree.progress.answering import Progress, progress
from degree.progress.desk import FRESH, MOST_IN_MEMORY, Desk
from degree.progress.supposing import Question, Supposed
from degree.rules.records import Action, Concession, Status
from degree.rules.records_json import read_records, records_as_json
from service.database import Database
from vc.errors import Conflict, Missing

MENU = "https://issuer.example/.well-known/achievements"
OFFER = {
    "id": "https://issuer.example/achievements/methods",
    "type": ["Achievement"],
    "achievementType": "MicroCredential",
    "name": "Methods of enquiry",
    "description": "A course.",
    "criteria": {"narrative": "Take part."},
    "creditsAvailable": 15,
    "tag": ["research_methods"],
    "alignment": [
        {
            "type": ["Alignment"],
            "targetFramework": "FHEQ",
            "targetCode": "7",
            "targetName": "Level 7",
            "targetUrl": "https://www.qaa.ac.uk/en/quality-code",
        }
    ],
}


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(office: Office, clock: Clock) -> Desk:
    return Desk(office.store, office.catalogue, office.campus.library, clock)


def shown(desk: Desk, question: Question | None = None) -> Progress:
    current = desk.current(MEMBER.id)
    assert current is not None
    return progress(current, question or Question(), today=NOW.date())


def earned(decided: Progress) -> str | None:
    best = decided.decision.outcome.earned
    return best.award if best else None


def test_there_is_nothing_to_show_to_one_who_never_applied(office: Office, desk: Desk) -> None:
    office.apply(office.certificate())
    assert desk.current(OTHER.id) is None


def test_a_badge_that_was_revoked_since_the_audit_does_not_count_any_more(
    office: Office, desk: Desk
) -> None:
    office.apply(office.certificate())
    office.campus.publish_status(1)
    found = shown(desk)
    assert earned(found) is None
    assert found.way is not None
    assert found.way.plan.at_least == 100
    (case,) = office.registry.cases()
    assert case.decision.earned == "PGCert"


def test_badges_are_verified_once_for_all_questions_of_some_minutes(
    office: Office, desk: Desk, clock: Clock
) -> None:
    office.apply(office.certificate())
    assert earned(shown(desk)) == "PGCert"
    asked = len(office.campus.library.asked)
    office.campus.publish_status(1)
    clock.now = NOW + FRESH
    assert earned(shown(desk)) == "PGCert"
    assert len(office.campus.library.asked) == asked
    clock.now += timedelta(seconds=1)
    assert earned(shown(desk)) is None


def test_what_is_remembered_of_badges_is_bounded(office: Office, desk: Desk) -> None:
    office.apply(office.certificate())
    for number in range(MOST_IN_MEMORY + 5):
        desk._seen[str(number)] = None  # type: ignore[assignment]
    desk.current(MEMBER.id)
    assert len(desk._seen) == MOST_IN_MEMORY


def test_a_status_that_is_out_of_reach_leaves_the_award_to_the_board(
    office: Office, desk: Desk
) -> None:
    office.apply(office.certificate())
    del office.campus.library.documents[LIST_URL]
    found = shown(desk)
    assert earned(found) is None
    assert found.statement.verdict.startswith("No award is earned yet. The board decides")
    assert found.way is not None
    assert len(found.way.plan.unsure) == 5


def test_badges_of_a_conferred_award_are_spent_on_the_page_too(office: Office, desk: Desk) -> None:
    office.confer()
    current = desk.current(MEMBER.id)
    assert current is not None
    assert {each.used_in for each in current.wallet.records} == {"PGCert of 22 November 2026"}
    assert [title for _, title in current.conferred] == ["Postgraduate Certificate"]


def test_what_trusted_issuers_have_on_their_menus_can_be_supposed(
    office: Office, desk: Desk
) -> None:
    hostile = [OFFER, {**OFFER, "id": 7}, {**OFFER, "creditsAvailable": "many"}, "nothing", None]
    office.campus.library.publish(MENU, {"achievements": hostile})
    office.apply(office.certificate())
    current = desk.current(MEMBER.id)
    assert current is not None
    assert [each.title for each in current.offers] == ["Methods of enquiry"]
    found = shown(desk, Question(badges=(Supposed(what=OFFER["id"]),)))
    assert found.what_if is not None
    supposed = found.what_if.statement.awards[0]
    (line,) = (each for each in supposed.buckets if each.badges and each.counted == 150)
    assert [each.title for each in line.badges] == ["Methods of enquiry (supposed)"]


def test_an_offer_that_is_on_no_menu_cannot_be_supposed(office: Office, desk: Desk) -> None:
    office.apply(office.certificate())
    with pytest.raises(Missing) as refused:
        shown(desk, Question(badges=(Supposed(what="https://elsewhere.example/1"),)))
    assert refused.value.place == "what1"


@pytest.mark.parametrize("menu", [{}, {"achievements": 3}, {"achievements": [[]]}])
def test_a_menu_that_says_nothing_is_left_out(
    office: Office, desk: Desk, menu: dict[str, object]
) -> None:
    office.campus.library.publish(MENU, menu)
    office.apply(office.certificate())
    current = desk.current(MEMBER.id)
    assert current is not None
    assert current.offers == ()


def test_every_supposed_badge_is_hypothetical_and_so_is_what_comes_of_it(
    office: Office, desk: Desk
) -> None:
    office.apply(office.certificate()[:-1])
    found = shown(desk)
    assert found.whole is not None
    then = shown(desk, found.whole)
    assert then.what_if is not None
    assert then.what_if.verdict.startswith("The Postgraduate Certificate would be earned.")
    assert then.decision.hypothetical is False
    assert earned(then) is None


def test_what_is_supposed_is_taken_back_one_by_one(office: Office, desk: Desk) -> None:
    office.apply(office.certificate())
    badges = (Supposed(what="part:electives", credits_tenths=50), Supposed(credits_tenths=25))
    lost = "https://issuer.example/credentials/1"
    question = Question(badges=badges, without=lost, award="MSc")
    found = shown(desk, question)
    assert found.what_if is not None
    assert {each.text: each.others for each in found.what_if.suppositions} == {
        "Electives, 5 credits": replace(question, badges=badges[1:]),
        "Any badge, 2.5 credits": replace(question, badges=badges[:1]),
        "Reflective journal revoked": replace(question, without=""),
    }


def test_each_step_names_what_is_on_offer_and_what_would_be(office: Office, desk: Desk) -> None:
    writing = {**OFFER, "id": "https://issuer.example/achievements/writing", "name": "Writing"}
    office.campus.library.publish(
        MENU, {"achievements": [OFFER, {**writing, "tag": ["reflective_practice"]}]}
    )
    office.apply([each for each in office.certificate() if each["name"] != "Reflective journal"])
    found = shown(desk)
    assert found.way is not None
    (step,) = found.way.steps
    assert (step.amount, step.part) == ("10 credits", "Reflective practice")
    assert [each.title for each in step.offers] == ["Writing"]
    (question,) = found.steps
    assert question is not None
    assert shown(desk, question).steps == (None,)


def test_of_badges_on_offer_the_smallest_that_fills_a_step_comes_first(
    office: Office, desk: Desk
) -> None:
    sizes = {"A": 2.5, "B": 40, "C": 10, "D": 5, "E": 15}
    menu = [
        {
            **OFFER,
            "id": f"https://issuer.example/achievements/{name}",
            "name": name,
            "tag": ["reflective_practice"],
            "creditsAvailable": size,
        }
        for name, size in sizes.items()
    ]
    office.campus.library.publish(MENU, {"achievements": menu})
    office.apply([each for each in office.certificate() if each["name"] != "Reflective journal"])
    found = shown(desk)
    assert found.way is not None
    (step,) = found.way.steps
    assert step.amount == "10 credits"
    assert [each.title for each in step.offers] == ["C", "E", "B", "D", "A"]


def test_what_the_board_granted_counts_for_the_progress(office: Office, desk: Desk) -> None:
    card, journal, _, *studies = office.certificate()
    decision_id = office.apply([card, journal, office.badge(2, credits_=5), *studies])
    assert shown(desk, Question()).decision.outcome.earned is None
    waived = Concession(
        id="",
        action=Action.WAIVE,
        path="awards.PGCert.buckets.ethics_and_inclusion",
        granted=NOW.date(),
        expiry=date(2027, 9, 30),
        said={"authority": "Chair", "rationale": "Taught elsewhere.", "clause_ref": "4.2"},
    )
    row = office.exceptions.grant(decision_id, waived, REGISTRAR, now=NOW)
    assert shown(desk, Question()).decision.outcome.earned is None
    office.exceptions.confirm(decision_id, row.id, SECOND, now=NOW)
    earned = shown(desk, Question()).decision.outcome.earned
    assert earned
    assert earned.award == "PGCert"


def test_an_application_with_a_hypothetical_badge_is_never_decided(office: Office) -> None:
    """No way leads there, and whoever writes one into the table has nothing decided or signed."""
    decision_id = office.apply(office.certificate())
    with office.store.ledger() as ledger:
        application = ledger.case(decision_id).application
        wallet = read_records(application.records)
        first, *others = wallet.records
        forged = replace(wallet, records=(replace(first, hypothetical=True), *others))
        ledger.application(application.id).records = json.dumps(records_as_json(forged))
    with pytest.raises(Conflict, match="hypothetical"):
        office.registry.audit(application.id, now=NOW)
    assert len(office.registry.cases()) == 1
    assert not office.signed_ids
    # Whoever confers verifies the badges as they were presented, and finds no such badge.
    office.conferring.confer(office.approved(decision_id), REGISTRAR, now=NOW)
    with office.store.ledger() as ledger:
        kept = read_records(ledger.application(application.id).records)
    assert not any(each.hypothetical for each in kept.records)
    assert all(each.status is Status.VALID for each in kept.records)
