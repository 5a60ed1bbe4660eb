"""Judging on a real database: who votes, when, and what becomes of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import circle
import pytest
from village import NOW, Village

from issuer.box import level_poll, panel_poll
from issuer.peers import ballots, panel
from issuer.peers.activity import Part
from issuer.peers.ballots import Answer
from issuer.peers.decision import PanelOutcome
from issuer.tables.judging import BallotRow
from vc.errors import Conflict, Forbidden, Malformed, Refused
from vc.issue import issue


def test_activity_whose_participants_say_yes_is_at_the_level(village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, ["north1", "north2", "north3", "north4"])
    decision = village.level.close(activity_id=activity, now=NOW)
    assert (decision.outcome, decision.tally) == ("at_level", "4 yes of 4 cast, 7 eligible")


def test_ballots_lie_sealed_in_the_database(village: Village) -> None:
    activity = village.activity()
    jws = village.level_ballot(activity, "north1")
    village.level.cast(activity_id=activity, jws=jws, now=NOW)
    with village.store.ledger() as ledger:
        (row,) = ledger.ballots(level_poll(activity))
        assert jws.encode() not in row.sealed
        assert jws.split(".")[1].encode() not in row.sealed


def test_ballot_can_be_changed_until_the_close_and_the_last_one_counts(village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, ["north1", "north2", "north3", "north4"])
    village.vote_on_level(activity, ["north1", "north2"], Answer.NO)
    decision = village.level.close(activity_id=activity, now=NOW)
    assert (decision.yes, decision.no, decision.outcome) == (2, 2, "below_level")


def test_ballot_after_the_close_is_refused(village: Village) -> None:
    activity = village.activity()
    late = village.level_ballot(activity, "north5")
    village.level.close(activity_id=activity, now=NOW)
    with pytest.raises(Conflict):
        village.level.cast(activity_id=activity, jws=late, now=NOW)


def test_provider_gets_no_ballot_paper(village: Village) -> None:
    activity = village.activity()
    with pytest.raises(Forbidden, match="provided the activity"):
        village.level.paper(activity_id=activity, person_id="north0")


def test_stranger_of_the_activity_gets_no_ballot_paper(village: Village) -> None:
    activity = village.activity()
    with pytest.raises(Forbidden):
        village.level.paper(activity_id=activity, person_id="south1")


def test_ballot_signed_with_another_members_key_is_refused(village: Village) -> None:
    activity = village.activity()
    paper = village.level.paper(activity_id=activity, person_id="north1")
    answers = dict.fromkeys(("inquiry", "evidence"), Answer.YES)
    claims = ballots.level_claims(
        paper, judge=village.wallets["north1"].did, answers=answers, verdict=Answer.YES
    )
    with pytest.raises(Malformed, match="another judge"):
        village.level.cast(activity_id=activity, jws=village.sign("north2", claims), now=NOW)


def test_ballot_for_another_activity_is_refused(village: Village) -> None:
    one, other = village.activity(), village.activity()
    with pytest.raises(Malformed, match="another paper"):
        village.level.cast(activity_id=other, jws=village.level_ballot(one, "north1"), now=NOW)


def test_ballot_put_into_the_box_by_hand_is_found_at_the_close(village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, ["north1", "north2", "north3"])
    with village.store.ledger() as ledger:
        one, two, _ = ledger.ballots(level_poll(activity))
        two.sealed = one.sealed
    with pytest.raises(Conflict, match="another judge's name"):
        village.level.close(activity_id=activity, now=NOW)


def test_two_ballots_of_one_judge_cannot_be_stored(village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, ["north1"])
    with pytest.raises(Conflict), village.store.ledger() as ledger:
        ledger.add(
            BallotRow(poll=level_poll(activity), judge_id="north1", sealed=b"again", cast_at=NOW)
        )


def test_same_vote_cast_many_times_at_once_counts_once(village: Village) -> None:
    activity = village.activity()
    jws = village.level_ballot(activity, "north1")
    with ThreadPoolExecutor(8) as threads:
        for done in [
            threads.submit(village.level.cast, activity_id=activity, jws=jws, now=NOW)
            for _ in range(24)
        ]:
            done.result()
    with village.store.ledger() as ledger:
        assert len(ledger.ballots(level_poll(activity))) == 1


def test_close_happens_once_however_many_ask(village: Village) -> None:
    activity = village.activity()
    village.vote_on_level(activity, [f"north{n}" for n in range(1, 8)])

    def close() -> str:
        try:
            return village.level.close(activity_id=activity, now=NOW).outcome
        except Conflict:
            return "refused"

    with ThreadPoolExecutor(4) as threads:
        outcomes = list(threads.map(lambda _: close(), range(4)))
    assert sorted(outcomes) == ["at_level", "refused", "refused", "refused"]


def test_panel_is_drawn_from_peers_and_outsiders_and_replays(village: Village) -> None:
    activity = village.found_at_level()
    contribution = village.handed_in(activity)
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    assert [seat.outsider for seat in drawn.seats] == [False] * 3 + [True] * 2
    assert not {"north0", "north1"} & {seat.judge for seat in drawn.seats}
    for judge in (seat.judge for seat in drawn.seats):
        jws = village.panel_ballot(contribution, judge)
        village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    village.panels.close(contribution_id=contribution, now=NOW)
    village.awarding.award(contribution_id=contribution, now=NOW)
    nonce = bytes.fromhex(village.level.finish(activity_id=activity, now=NOW))
    digests = sorted(piece.digest for piece in village.evidence("north1"))
    assert drawn.seed == panel.draw_seed(nonce, contribution=contribution, evidence=digests)


def test_nothing_is_drawn_below_the_level(village: Village) -> None:
    activity = village.activity()
    contribution = village.handed_in(activity)
    village.vote_on_level(activity, [f"north{n}" for n in range(1, 8)], Answer.NO)
    village.level.close(activity_id=activity, now=NOW)
    with pytest.raises(Conflict, match="can be repeated"):
        village.lottery.draw(contribution_id=contribution, now=NOW)


def test_only_a_judge_who_sits_gets_the_paper(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.lottery.draw(contribution_id=contribution, now=NOW)
    with pytest.raises(Forbidden):
        village.panels.paper(contribution_id=contribution, judge_id="north1", now=NOW)


def test_overdue_judge_is_replaced_and_the_old_ballot_is_void(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    drawn = village.lottery.draw(contribution_id=contribution, now=NOW)
    gone = drawn.seats[0].judge
    jws = village.panel_ballot(contribution, gone)
    village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    change = village.lottery.replace(
        contribution_id=contribution, judge_id=gone, reason="ill", now=NOW
    )
    assert change.taken_by.judge == drawn.peers[3]
    with pytest.raises(Forbidden):
        village.panels.cast(contribution_id=contribution, jws=jws, now=NOW)
    with village.store.ledger() as ledger:
        seats = ledger.seats(panel_poll(contribution, 0))
        assert [s.reason for s in seats if s.left_at] == ["ill"]
        assert not ledger.ballots(panel_poll(contribution, 0))


def test_panel_is_not_closed_while_a_judge_is_missing(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.lottery.draw(contribution_id=contribution, now=NOW)
    with pytest.raises(Conflict):
        village.panels.close(contribution_id=contribution, now=NOW)


def test_endorsement_of_another_badge_is_refused(village: Village) -> None:
    activity = village.found_at_level()
    contribution = village.handed_in(activity)
    judge = village.lottery.draw(contribution_id=contribution, now=NOW).seats[0].judge
    wallet = village.wallets[judge]
    given = village.panels.paper(contribution_id=contribution, judge_id=judge, now=NOW)
    given.endorsement["credentialSubject"]["id"] = "http://localhost:8000/other"
    claims = ballots.panel_claims(
        given.paper,
        judge=wallet.did,
        marks=[
            ballots.Mark(
                criterion=c.id,
                level="capable",
                evidence=given.paper.evidence[0],
                anchor="the table on the second page",
            )
            for c in given.paper.rubric.criteria
        ],
        verdict=Answer.YES,
        endorsement=issue(given.endorsement, signer=wallet, created=NOW),
    )
    with pytest.raises(Malformed, match="not that of the paper"):
        village.panels.cast(contribution_id=contribution, jws=village.sign(judge, claims), now=NOW)


def test_endorsement_with_a_broken_signature_is_refused(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    judge = village.lottery.draw(contribution_id=contribution, now=NOW).seats[0].judge
    wallet = village.wallets[judge]
    given = village.panels.paper(contribution_id=contribution, judge_id=judge, now=NOW)
    marks = [
        ballots.Mark(
            criterion=c.id,
            level="capable",
            evidence=given.paper.evidence[0],
            anchor="the table on the second page",
        )
        for c in given.paper.rubric.criteria
    ]
    endorsement = issue(given.endorsement, signer=wallet, created=NOW)
    endorsement["credentialSubject"]["endorsementComment"] = "Superb, the best I have seen."
    claims = ballots.panel_claims(
        given.paper,
        judge=wallet.did,
        marks=marks,
        verdict=Answer.YES,
        endorsement=endorsement,
    )
    with pytest.raises(Malformed, match="changed after it was signed"):
        village.panels.cast(contribution_id=contribution, jws=village.sign(judge, claims), now=NOW)


def test_contribution_sent_back_is_judged_again_by_a_panel_that_keeps_one(
    village: Village,
) -> None:
    contribution = village.handed_in(village.found_at_level())
    assert village.judged(contribution, "nnnyy") == "revise"
    with village.store.ledger() as ledger:
        first = {seat.judge_id for seat in ledger.seats(panel_poll(contribution, 0))}
    village.activities.resubmit(
        contribution_id=contribution,
        author_id="north1",
        evidence=village.evidence("better"),
        now=NOW + timedelta(days=7),
    )
    assert village.judged(contribution) == "accepted"
    with village.store.ledger() as ledger:
        second = {seat.judge_id for seat in ledger.seats(panel_poll(contribution, 1))}
    # Six peers and eight outsiders: three peers are new or kept, at most one by the policy.
    assert len(first & second) == 1


def test_revision_of_another_author_is_refused(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    village.judged(contribution, "nnnny")
    with pytest.raises(Forbidden):
        village.activities.resubmit(
            contribution_id=contribution,
            author_id="north2",
            evidence=village.evidence("stolen"),
            now=NOW,
        )


def test_split_panel_is_decided_by_a_moderator_who_did_not_judge(village: Village) -> None:
    contribution = village.handed_in(village.found_at_level())
    assert village.judged(contribution, "nnyyy") == "moderator"
    with village.store.ledger() as ledger:
        judge = ledger.seats(panel_poll(contribution, 0))[0].judge_id
    decide = {
        "contribution_id": contribution,
        "outcome": PanelOutcome.ACCEPTED,
        "reason": "The second table answers the doubts.",
        "now": NOW,
    }
    with pytest.raises(Forbidden):
        village.panels.moderate(moderator_id=judge, **decide)
    village.panels.moderate(moderator_id="mod", **decide)
    assert village.awarding.award(contribution_id=contribution, now=NOW)


def test_moderator_cannot_send_back_what_the_policy_lets_nobody_revise(village: Village) -> None:
    rules = circle.POLICY.read_text(encoding="utf-8")
    strict = rules.replace("revisions_at_most: 2", "revisions_at_most: 0")
    village.policy = village.community.publish_policy(
        strict.replace('"2026.1"', '"2026.2"'), source="policy.yaml"
    )
    contribution = village.handed_in(village.found_at_level())
    assert village.judged(contribution, "nnyyy") == "moderator"
    decide = {
        "contribution_id": contribution,
        "moderator_id": "mod",
        "reason": "The sources are still missing.",
        "now": NOW,
    }
    with pytest.raises(Malformed, match="sent back") as refusal:
        village.panels.moderate(outcome=PanelOutcome.REVISE, **decide)
    assert refusal.value.place == "outcome"
    village.panels.moderate(outcome=PanelOutcome.NOT_ACCEPTED, **decide)


def test_portfolio_is_judged_by_a_panel_alone(village: Village) -> None:
    activity = village.activity(level_ballot=False, present=2)
    contribution = village.handed_in(activity)
    assert village.judged(contribution) == "accepted"


def test_evidence_is_handed_in_only_by_who_was_there_with_a_wallet(village: Village) -> None:
    activity = village.activity()
    with pytest.raises(Forbidden, match="taken part"):
        village.handed_in(activity, "south1")
    village.enrol("newcomer", circle_id="north", number=1, wallet=False)
    village.activities.join(activity_id=activity, person_id="newcomer", part=Part.PARTICIPANT)
    village.activities.confirm_attendance(activity_id=activity, person_ids=["newcomer"], now=NOW)
    with pytest.raises(Forbidden, match="wallet"):
        village.handed_in(activity, "newcomer")


def test_evidence_without_a_reflection_is_refused(village: Village) -> None:
    artefact, _ = village.evidence()
    with pytest.raises(Malformed, match="reflection"):
        village.activities.hand_in(
            activity_id="any",
            author_id="north1",
            achievement_id="lesson-study",
            evidence=[artefact, village.evidence("two")[0]],
            now=NOW,
        )


def test_published_rule_cannot_change_under_its_version(village: Village) -> None:
    with village.store.ledger() as ledger:
        rule = ledger.rule("rubric", name="masters-level", version="1")
        assert rule is not None
        text = rule.content
    village.community.publish_rubric(text, source="r.yaml")
    with pytest.raises(Refused, match="other content"):
        village.community.publish_rubric(text + "# softer\n", source="r.yaml")


def test_obligations_count_confirmed_activities_of_the_membership_year(village: Village) -> None:
    village.activity()
    years = village.community.obligations(
        person_id="north0", policy=village.policy, today=NOW.date()
    )
    assert [(year.joined, year.co_provided) for year in years] == [(0, 0), (0, 0), (0, 1)]
