"""A community runs itself in the browser: from a proposal to a roll that counts."""

import json
import re
from datetime import timedelta

import circle
import pytest
from flask import Flask
from village import NOW, Village
from village_site import path_of, reader

from issuer.box import level_poll, panel_poll
from issuer.peers.activity import Part
from issuer.peers.ballots import Answer
from issuer.states import ActivityState
from issuer.tables.community import MemberRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow, ParticipationRow
from vc.encoding import base64url_decode
from vc.errors import Conflict, Forbidden, Malformed, Missing

FIELDS = {
    "title": "Three ways to begin a <lesson>",
    "kind": "Lesson study",
    "description": "We plan one beginning each.\n\nThen we observe each other.",
    "begins": "2026-11-20",
    "ends": "2026-11-21",
    "context": "ke-secondary",
    "badges": "lesson-study",
    "judged": "ballot",
}
NEW = "/issuer/activities/new"


@pytest.fixture(autouse=True)
def level_seven(village: Village) -> None:
    """What the participants are asked of an activity at level 7."""
    text = circle.RUBRIC_TEXT.replace("rubric: masters-level", "rubric: level-7")
    village.community.publish_rubric(text, source="level-7.yaml")


def proposed(app: Flask, name: str = "north1") -> str:
    """The page of an activity that a member has proposed."""
    answer = reader(app, name).submit(NEW, NEW, **FIELDS)
    assert answer.status_code == 303, answer.text[-800:]
    return answer.headers["Location"]


def state_of(village: Village, path: str) -> str:
    with village.store.ledger() as ledger:
        return ledger.get(ActivityRow, path.rsplit("/", 1)[1]).state


def test_member_proposes_others_help_and_the_desk_opens_it(app: Flask, village: Village) -> None:
    path = proposed(app)
    assert "Three ways to begin a &lt;lesson&gt;" in reader(app).text(path)
    assert "Three ways" in reader(app).text("/issuer/activities/?state=proposed")
    other = reader(app, "north2")
    assert other.submit(path, f"{path}/join", part="provider").status_code == 303
    assert other.submit(path, f"{path}/join", part="provider").status_code == 409
    activity = path.rsplit("/", 1)[1]
    admin = reader(app, "admin")
    step = f"/issuer/desk/activities/{activity}/open"
    assert admin.submit("/issuer/desk", step).status_code == 303
    assert state_of(village, path) == ActivityState.OPEN
    late = reader(app, "south0")
    assert late.submit(path, f"{path}/join", part="provider").status_code == 409
    assert "2 members" in reader(app).text(path)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", " ", "This is needed."),
        ("title", "t" * 301, "From 1 to 300 characters"),
        ("description", "d" * 10_001, "From 1 to 10,000 characters"),
        ("begins", "yesterday", "A day is expected"),
        ("begins", "0000-00-00", "A day is expected"),
        ("ends", "2026-11-19", "It ends before it begins."),
        ("begins", "0001-01-01", "A year from 2000 to 2100"),
        ("ends", "9999-12-31", "A year from 2000 to 2100"),
        ("context", "atlantis", "There is no such context."),
        ("badges", "no-such-badge", "Choose badges from the menu"),
        ("badges", ["lesson-study", "lesson-study"], "Choose badges from the menu"),
        ("badges", [], "Choose badges from the menu"),
    ],
)
def test_proposal_that_cannot_be_is_shown_again_with_the_place(
    app: Flask, village: Village, field: str, value: str | list[str], sentence: str
) -> None:
    answer = reader(app, "north1").submit(NEW, NEW, **{**FIELDS, field: value})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "We plan one beginning each." in answer.text or field == "description"
    with village.store.ledger() as ledger:
        assert not ledger.every(ActivityRow)


def test_badges_of_two_levels_cannot_be_judged_in_one_ballot(app: Flask, village: Village) -> None:
    lower = village.achievement("webinar-response")
    lower.level = 6
    village.community.offer_achievements([lower])
    fields = {**FIELDS, "badges": ["lesson-study", "webinar-response"]}
    answer = reader(app, "north1").submit(NEW, NEW, **fields)
    assert answer.status_code == 400
    assert "one level only" in answer.text


def test_proposal_is_withdrawn_by_its_provider_or_the_desk_and_by_nobody_else(
    app: Flask, village: Village
) -> None:
    path = proposed(app)
    assert reader(app, "north2").submit(path, f"{path}/withdraw").status_code == 403
    assert reader(app, "north1").submit(path, f"{path}/withdraw").status_code == 303
    assert reader(app).get(path).status_code == 404
    again = proposed(app)
    step = f"/issuer/desk/activities/{again.rsplit('/', 1)[1]}/withdraw"
    assert reader(app, "admin").submit("/issuer/desk", step).status_code == 303
    assert reader(app).get(again).status_code == 404


def test_open_activity_cannot_be_withdrawn(village: Village) -> None:
    activity = village.activity()
    with pytest.raises(Conflict):
        village.activities.withdraw(activity, now=NOW)


def test_member_leaves_before_attendance_is_confirmed_and_not_after(
    app: Flask, village: Village
) -> None:
    path = path_of(village.activity())
    member = reader(app, "south0")
    member.submit(path, f"{path}/join")
    assert member.submit(path, f"{path}/leave").status_code == 303
    assert "You do not take part yet." in member.text(path)
    assert reader(app, "north1").submit(path, f"{path}/leave").status_code == 409


def test_last_provider_cannot_leave(app: Flask, village: Village) -> None:
    path = proposed(app)
    assert reader(app, "north1").submit(path, f"{path}/leave").status_code == 409
    reader(app, "north2").submit(path, f"{path}/join", part="provider")
    assert reader(app, "north1").submit(path, f"{path}/leave").status_code == 303


def test_provider_confirms_others_and_not_themselves(app: Flask, village: Village) -> None:
    path = proposed(app)
    activity = path.rsplit("/", 1)[1]
    village.activities.open(activity, now=NOW)
    village.activities.join(activity_id=activity, person_id="north2", part=Part.PARTICIPANT)
    provider, roll = reader(app, "north1"), f"{path}/roll"
    assert "North2" in provider.text(roll)
    assert provider.submit(roll, roll, present="north1").status_code == 403
    assert provider.submit(roll, roll).status_code == 409
    assert provider.submit(roll, roll, present="south5").status_code == 404
    assert provider.submit(roll, roll, present="north2").status_code == 303
    assert "Your attendance is confirmed." in reader(app, "north2").text(path)
    admin = reader(app, "admin")
    assert admin.submit(roll, roll, present="north1").status_code == 303
    assert "Your attendance is confirmed." in provider.text(path)


def test_roll_is_for_providers_and_the_desk(app: Flask, village: Village) -> None:
    path = path_of(village.activity())
    assert reader(app, "north1").get(f"{path}/roll").status_code == 403
    page = reader(app, "north1")
    assert page.submit(path, f"{path}/roll", present="north2").status_code == 403
    elsewhere = path.replace("learnometer", "university")
    assert reader(app, "admin").get(f"{elsewhere}/roll").status_code == 404


def test_attendance_is_not_confirmed_before_the_day_begins_anywhere(village: Village) -> None:
    activity = village.activity()
    with village.store.ledger() as ledger:
        ledger.get(ActivityRow, activity).starts_at = NOW + timedelta(hours=15)
    with pytest.raises(Conflict, match="has not begun"):
        village.activities.confirm_attendance(activity_id=activity, person_ids=["north1"], now=NOW)


def test_participant_confirms_nobody_even_past_the_page(village: Village) -> None:
    activity = village.activity()
    with pytest.raises(Forbidden):
        village.activities.confirm_attendance(
            activity_id=activity, person_ids=["north2"], now=NOW, provider_id="north1"
        )
    with pytest.raises(Forbidden):
        village.activities.confirm_attendance(
            activity_id=activity, person_ids=["north0"], now=NOW, provider_id="north0"
        )


def test_desk_confirms_identity_and_calibration_and_the_newcomer_may_judge(
    app: Flask, village: Village
) -> None:
    village.enrol("newcomer", circle_id="north", number=1)
    with village.store.ledger() as ledger:
        ledger.get(MemberRow, "newcomer").identity_confirmed_at = None
    admin, page = reader(app, "admin"), "/issuer/desk/members/newcomer"
    assert "Not confirmed" in admin.text("/issuer/desk/members?q=newc")
    assert admin.submit(page, f"{page}/identity").status_code == 303
    assert admin.submit(page, f"{page}/calibration", rubric="level-7").status_code == 303
    assert admin.submit(page, f"{page}/calibration", rubric="level-7").status_code == 409
    assert admin.submit(page, f"{page}/calibration", rubric="no-such").status_code == 404
    assert "Confirmed on 22 November 2026" in admin.text(page)
    assert admin.get("/issuer/desk/members/nobody").status_code == 404
    assert reader(app, "mod").get("/issuer/desk/members").status_code == 403


def test_member_declares_a_conflict_that_nobody_else_sees(app: Flask, village: Village) -> None:
    member, page = reader(app, "north1"), "/issuer/me/conflicts"
    assert member.submit(page, page, other="").status_code == 400
    assert member.submit(page, page, other="north1").status_code == 400
    assert member.submit(page, page, other="south3").status_code == 303
    declared = member.text(page).partition("Declared by you")[2]
    assert "South3" in declared
    assert "North1" not in reader(app, "south0").text(page).partition("Declared by you")[2]
    assert member.submit(page, page, other="south3").status_code == 409


def test_judge_gives_the_seat_back_and_the_next_in_the_draw_sits(
    app: Flask, village: Village
) -> None:
    activity = village.found_at_level()
    for author in ("north3", "north4", "north5", "north6", "north7"):
        contribution = village.handed_in(activity, author)
        village.lottery.draw(contribution_id=contribution, now=NOW)
        with village.store.ledger() as ledger:
            seats = {seat.judge_id for seat in ledger.seats(panel_poll(contribution, 0))}
        if judge := next(iter(seats & {"north2", "south0"}), ""):
            break
    assert judge, "no judge who can sign in was drawn"
    person, page = reader(app, judge), f"/issuer/contributions/{contribution}/ballot"
    seat = f"/issuer/contributions/{contribution}/seat"
    assert person.submit(page, seat, why=" ").status_code == 400
    assert person.submit(page, seat, why="I helped with it.").status_code == 303
    assert person.get(page).status_code == 403
    with village.store.ledger() as ledger:
        present = [s for s in ledger.seats(panel_poll(contribution, 0)) if s.left_at is None]
    assert len(present) == len(seats)
    assert judge not in {one.judge_id for one in present}
    assert person.submit("/issuer/me/conflicts", seat, why="Again.").status_code == 404


def test_late_judges_are_replaced_and_those_who_voted_stay(app: Flask, village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    voted = drawn.seats[0].judge
    jws = village.panel_ballot(contribution, voted, Answer.YES)
    village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    with pytest.raises(Conflict, match="still have time"):
        village.lottery.replace_overdue(contribution_id=contribution, now=NOW)
    assert "Replace the late judges" not in reader(app, "admin").text("/issuer/desk")
    later = NOW + timedelta(days=15)
    late = len(drawn.seats) - 1
    assert village.lottery.replace_overdue(contribution_id=contribution, now=later) == late
    with village.store.ledger() as ledger:
        seats = ledger.seats(panel_poll(contribution, 0))
    assert sum(seat.left_at is None for seat in seats) == len(drawn.seats)
    assert [seat.judge_id for seat in seats if seat.left_at is None and seat.judge_id == voted]
    assert village.lottery.replace_overdue(
        contribution_id=contribution, now=later + timedelta(days=15)
    )


def test_what_was_never_published_calibrates_nobody(village: Village) -> None:
    with pytest.raises(Missing):
        village.community.pass_calibration(person_id="north1", rubric="made-up", now=NOW)
    with pytest.raises(Malformed):
        village.community.declare_conflict(person_id="north1", other_id="north1", now=NOW)


def test_every_new_form_has_an_address_from_a_page(app: Flask, village: Village) -> None:
    """Who signs in finds the way by links alone."""
    path_of(village.activity())
    assert f'href="{NEW}"' in reader(app, "north1").text("/issuer/activities/")
    assert 'href="/issuer/me/conflicts"' in reader(app, "north1").text("/issuer/me")
    desk = reader(app, "admin").text("/issuer/desk")
    assert 'href="/issuer/desk/members"' in desk
    assert re.search(r'href="/issuer/learnometer/activities/[^"]+/roll"', desk)


def test_contribution_that_was_never_revised_is_ended_and_the_activity_finishes(
    app: Flask, village: Village
) -> None:
    activity = village.found_at_level()
    contribution = village.handed_in(activity)
    village.judged(contribution, "nnnyy")
    with pytest.raises(Conflict):
        village.level.finish(activity_id=activity, now=NOW)
    admin, page = reader(app, "admin"), f"/issuer/desk/contributions/{contribution}/end"
    assert page not in admin.text("/issuer/desk")
    assert admin.submit(page, page, reason="Too soon.").status_code == 409
    later = NOW + timedelta(days=91)
    with pytest.raises(Malformed):
        village.office.lapsing.end(contribution_id=contribution, reason=" ", now=later)
    village.office.lapsing.end(contribution_id=contribution, reason="The term is over.", now=later)
    own = reader(app, "north1").text(f"/issuer/contributions/{contribution}")
    assert "Ended without a decision" in own
    assert "The term is over." in own
    assert "Hand in a revision" not in own
    assert "Ended without a decision" in reader(app).text(path_of(activity))
    village.level.finish(activity_id=activity, now=later)
    with pytest.raises(Conflict):
        village.office.lapsing.end(contribution_id=contribution, reason="Again.", now=later)


def test_contribution_without_a_panel_is_ended_from_the_desk(app: Flask, village: Village) -> None:
    activity = village.found_at_level()
    contribution = village.handed_in(activity)
    with village.store.ledger() as ledger:
        ledger.get(ContributionRow, contribution).handed_in_at = NOW - timedelta(days=14)
        level = ledger.get(DecisionRow, level_poll(activity), "ballot")
        level.decided_at = NOW - timedelta(days=14)
    admin, page = reader(app, "admin"), f"/issuer/desk/contributions/{contribution}/end"
    assert f'href="{page}"' in admin.text("/issuer/desk")
    assert admin.submit(page, page, reason="").status_code == 400
    assert admin.submit(page, page, reason="Nobody may judge it.").status_code == 303
    assert page not in admin.text("/issuer/desk")


def test_ballots_of_a_panel_that_never_decided_stay_shut(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    judge = drawn.seats[0].judge
    jws = village.panel_ballot(contribution, judge, Answer.NO)
    village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    later = NOW + timedelta(days=15)
    village.office.lapsing.end(contribution_id=contribution, reason="No judges.", now=later)
    assert village.panels.feedback(contribution_id=contribution, author_id="north1") == ()


def test_stranger_becomes_no_provider_of_an_open_activity_and_confirms_nobody(
    village: Village,
) -> None:
    activity = village.activity()
    with pytest.raises(Conflict):
        village.activities.join(activity_id=activity, person_id="south0", part=Part.PROVIDER)


def test_one_of_several_providers_withdraws_nothing_alone(app: Flask, village: Village) -> None:
    path = proposed(app)
    reader(app, "north2").submit(path, f"{path}/join", part="provider")
    for name in ("north1", "north2"):
        assert reader(app, name).submit(path, f"{path}/withdraw").status_code == 409
    assert state_of(village, path) == ActivityState.PROPOSED


def test_provider_of_an_open_activity_stays_one_and_never_judges_it(village: Village) -> None:
    activity = village.activity()
    with village.store.ledger() as ledger:
        ledger.get(ParticipationRow, activity, "north0").confirmed_at = None
    with pytest.raises(Conflict, match="stays its provider"):
        village.activities.leave(activity_id=activity, person_id="north0")


def test_seat_is_never_given_to_who_declared_a_conflict_since_the_draw(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    sitting = {seat.judge for seat in drawn.seats}
    left = drawn.seats[0].judge
    waiting = [one for one in (*drawn.peers, *drawn.outsiders) if one not in sitting]
    for person in waiting[:-1]:
        village.community.declare_conflict(person_id=person, other_id="north1", now=NOW)
    change = village.lottery.replace(
        contribution_id=contribution, judge_id=left, reason="I know it.", now=NOW
    )
    assert change.taken_by.judge == waiting[-1]


def test_contribution_does_not_lapse_while_a_decision_is_only_to_be_counted(
    village: Village,
) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    for seat in drawn.seats:
        jws = village.panel_ballot(contribution, seat.judge, Answer.YES)
        village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    later = NOW + timedelta(days=60)
    with pytest.raises(Conflict):
        village.office.lapsing.end(contribution_id=contribution, reason="Late.", now=later)


def test_contribution_does_not_lapse_while_the_participants_still_vote(village: Village) -> None:
    contribution = village.handed_in(village.activity())
    later = NOW + timedelta(days=60)
    with pytest.raises(Conflict):
        village.office.lapsing.end(contribution_id=contribution, reason="Late.", now=later)


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "2026-11-22T12:10:00Z"},
        {"challenge": "x"},
        {"cryptosuite": "eddsa-jcs-2022"},
        {"created": "2026-11-22T09:00:00Z"},
        {"id": "urn:uuid:1"},
    ],
    ids=repr,
)
def test_judge_cannot_spoil_a_badge_by_the_proof_of_an_endorsement(
    village: Village, change: dict[str, str]
) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    judge = drawn.seats[0].judge
    jws = village.panel_ballot(contribution, judge, Answer.YES)
    claims = json.loads(base64url_decode(jws.split(".")[1]))
    proof = claims["endorsement"]["proof"]
    (plain,) = proof if isinstance(proof, list) else [proof]
    for spoilt in ([{**plain, **change}], [plain, {**plain, "type": "Unknown"}]):
        claims["endorsement"]["proof"] = spoilt
        with pytest.raises(Malformed):
            village.panels.cast(
                contribution_id=contribution, jws=village.sign(judge, claims), now=NOW
            )
