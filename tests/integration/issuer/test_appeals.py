"""Appeals: within the policy's days, once, and decided by an outsider with a reason."""

from datetime import timedelta

import pytest
from flask import Flask
from village import NOW, Village
from village_site import reader

from issuer.appeals import AppealOutcome
from issuer.box import panel_poll
from issuer.peers.decision import PanelOutcome
from issuer.states import ContributionState
from issuer.tables.judging import ContributionRow
from vc.errors import Conflict, Forbidden, Malformed, Missing
from vc.model import Verdict
from vc.verify import verify

GROUNDS = "The panel read the plan, and not the table of <observations>."
WHY = "The observations carry the argument."


def sent_back(village: Village, author: str = "north1", verdicts: str = "nnnyy") -> str:
    contribution = village.handed_in(village.found_at_level(), author)
    village.judged(contribution, verdicts)
    return contribution


def appeal(
    village: Village, contribution: str, author: str = "north1", reason: str = GROUNDS
) -> None:
    village.office.appeals.appeal(
        contribution_id=contribution, author_id=author, reason=reason, now=NOW
    )


def decide(
    village: Village,
    contribution: str,
    outcome: AppealOutcome = AppealOutcome.GRANTED,
    by: str = "mod",
    reason: str = WHY,
) -> None:
    village.office.appeals.decide(
        contribution_id=contribution, outsider_id=by, outcome=outcome, reason=reason, now=NOW
    )


def state_of(village: Village, contribution: str) -> str:
    with village.store.ledger() as ledger:
        return ledger.get(ContributionRow, contribution).state


def test_author_appeals_and_an_outsider_grants_it_on_the_pages(
    app: Flask, village: Village
) -> None:
    contribution = sent_back(village)
    author, moderator = reader(app, "north1"), reader(app, "mod")
    own = f"/issuer/contributions/{contribution}"
    assert "until 13 December 2026" in author.text(own)
    refused = author.submit(own, f"{own}/appeal", grounds=" ")
    assert (refused.status_code, refused.text.count("This is needed.")) == (400, 1)
    assert f'action="{own}" enctype' in refused.text
    assert author.submit(own, f"{own}/appeal", grounds=GROUNDS).status_code == 303
    assert "Under appeal" in author.text(own)
    assert f"{own}/appeal" not in author.text(own)
    desk = f"/issuer/desk/appeals/{contribution}"
    assert desk in moderator.text("/issuer/desk")
    page = moderator.text(desk)
    assert "the table of &lt;observations&gt;" in page
    assert "North1" not in page
    assert moderator.submit(desk, desk, outcome="granted", reason="").status_code == 400
    assert moderator.submit(desk, desk, outcome="perhaps", reason=WHY).status_code == 400
    assert moderator.submit(desk, desk, outcome="granted", reason=WHY).status_code == 303
    assert moderator.get(desk).status_code == 409
    assert "an appeal" in moderator.text("/issuer/desk")
    text = author.text(own)
    assert "Accepted" in text
    assert f"On appeal, an outsider decided: {WHY}" in text


def test_badge_granted_on_appeal_is_awarded_and_verifies(village: Village) -> None:
    contribution = sent_back(village)
    appeal(village, contribution)
    decide(village, contribution)
    credential = village.awarding.award(contribution_id=contribution, now=NOW)
    assert len(village.document(credential)["endorsement"]) == 2
    report = verify(village.awarding.signed(credential, now=NOW), now=NOW, fetcher=village)
    assert report.verdict is Verdict.VALID


def test_dismissed_appeal_leaves_the_decision_and_cannot_be_made_again(village: Village) -> None:
    contribution = sent_back(village)
    appeal(village, contribution)
    decide(village, contribution, AppealOutcome.DISMISSED)
    assert state_of(village, contribution) == ContributionState.REVISE
    with pytest.raises(Conflict):
        appeal(village, contribution)
    village.activities.resubmit(
        contribution_id=contribution,
        author_id="north1",
        evidence=village.evidence("better"),
        now=NOW,
    )
    assert state_of(village, contribution) == ContributionState.HANDED_IN


def test_final_no_of_a_moderator_can_be_appealed_even_when_the_activity_is_finished(
    village: Village,
) -> None:
    contribution = sent_back(village, verdicts="nnyyy")
    village.panels.moderate(
        contribution_id=contribution,
        moderator_id="mod",
        outcome=PanelOutcome.NOT_ACCEPTED,
        reason="Too thin.",
        now=NOW,
    )
    with village.store.ledger() as ledger:
        activity = ledger.get(ContributionRow, contribution).activity_id
    village.level.finish(activity_id=activity, now=NOW)
    appeal(village, contribution)
    with pytest.raises(Forbidden):
        decide(village, contribution, by="mod")
    decide(village, contribution, by="another moderator")
    assert village.awarding.award(contribution_id=contribution, now=NOW)


def test_activity_does_not_finish_while_an_appeal_waits(village: Village) -> None:
    contribution = sent_back(village)
    with village.store.ledger() as ledger:
        row = ledger.get(ContributionRow, contribution)
        activity, row.state = row.activity_id, ContributionState.NOT_ACCEPTED
    appeal(village, contribution)
    with pytest.raises(Conflict):
        village.level.finish(activity_id=activity, now=NOW)


def test_appeal_ends_after_the_days_of_the_policy(village: Village) -> None:
    contribution = sent_back(village)
    late = NOW + timedelta(days=21)
    with pytest.raises(Conflict, match="no longer"):
        village.office.appeals.appeal(
            contribution_id=contribution, author_id="north1", reason=GROUNDS, now=late
        )
    village.office.appeals.appeal(
        contribution_id=contribution,
        author_id="north1",
        reason=GROUNDS,
        now=late - timedelta(seconds=1),
    )


def test_nobody_appeals_for_another_without_grounds_or_against_a_yes(village: Village) -> None:
    contribution = sent_back(village)
    with pytest.raises(Missing):
        appeal(village, contribution, author="north2")
    with pytest.raises(Malformed):
        appeal(village, contribution, reason=" ")
    with pytest.raises(Conflict):
        decide(village, contribution)
    accepted = sent_back(village, "north2", "yyyyy")
    with pytest.raises(Conflict):
        appeal(village, accepted, author="north2")


def test_appeal_is_not_decided_by_who_wrote_judged_or_shares_the_circle(village: Village) -> None:
    contribution = sent_back(village)
    appeal(village, contribution)
    with village.store.ledger() as ledger:
        judges = {seat.judge_id for seat in ledger.seats(panel_poll(contribution, 0))}
    outside = next(judge for judge in judges if judge.startswith("south"))
    beside = next(f"north{n}" for n in range(2, 8) if f"north{n}" not in judges)
    for person in ("north1", outside, beside):
        with pytest.raises(Forbidden):
            decide(village, contribution, by=person)
    with pytest.raises(Malformed):
        decide(village, contribution, reason=" ")
    free = next(f"south{n}" for n in range(8) if f"south{n}" not in judges)
    decide(village, contribution, by=free)
    assert state_of(village, contribution) == ContributionState.ACCEPTED


def test_files_are_open_to_the_desk_only_while_the_appeal_waits(
    app: Flask, village: Village
) -> None:
    contribution = sent_back(village)
    file = f"/issuer/contributions/{contribution}/evidence/{village.evidence('north1')[0].digest}"
    moderator = reader(app, "mod")
    assert moderator.get(file).status_code == 403
    appeal(village, contribution)
    assert moderator.get(file).status_code == 200
    decide(village, contribution, AppealOutcome.DISMISSED)
    assert moderator.get(file).status_code == 403
