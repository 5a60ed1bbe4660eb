"""Ending contributions that nobody will decide on any more, so that their activity can finish."""

from datetime import datetime, timedelta

from issuer import box, roll
from issuer.decisions import standing
from issuer.states import ContributionState
from issuer.store import Ledger, Store
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow, PanelRow
from vc.errors import Conflict, Malformed


class Lapsing:
    """Lets the desk end what waits in vain. Times are aware UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def end(self, *, contribution_id: str, reason: str, now: datetime) -> None:
        """End a contribution without a decision; the author reads the reason.

        Raises Malformed without a reason, Conflict where a decision can still come or is made.
        """
        if not reason.strip():
            raise Malformed("lapsing", "A contribution ends only for a reason.", place="reason")
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            lapses_at = lapse_of(ledger, contribution)
            if lapses_at is None:
                raise Conflict("contribution-state", f"It is {contribution.state}.")
            if now < lapses_at:
                raise Conflict("not-lapsed", f"A decision may come until {lapses_at:%-d %B %Y}.")
            contribution.state = ContributionState.LAPSED
            ledger.log("lapsed", about=contribution_id, at=now, reason=reason.strip())


def lapse_of(ledger: Ledger, contribution: ContributionRow) -> datetime | None:
    """From when on a contribution may be ended; None where others than the clock decide.

    An author has the policy's days to revise; a panel that could not be seated, or whose late
    judges nobody can replace, has the days to judge.
    """
    activity = ledger.get(ActivityRow, contribution.activity_id)
    rule = roll.policy_of(ledger, activity.policy_digest).panel
    poll = box.panel_poll(contribution.id, contribution.revision)
    if contribution.state == ContributionState.HANDED_IN:
        since = _judgeable_since(ledger, activity, contribution)
        return None if since is None else since + timedelta(days=rule.days_to_judge)
    if contribution.state == ContributionState.JUDGED:
        voted = {ballot.judge_id for ballot in ledger.ballots(poll)}
        sitting = {seat.judge_id for seat in ledger.seats(poll) if seat.left_at is None}
        return None if sitting <= voted else ledger.get(PanelRow, poll).due_at
    if contribution.state == ContributionState.REVISE:
        return standing(ledger, poll).decided_at + timedelta(days=rule.days_to_revise)
    return None


def _judgeable_since(
    ledger: Ledger, activity: ActivityRow, contribution: ContributionRow
) -> datetime | None:
    """Since when a panel could have been drawn; None while the participants still vote."""
    if not activity.level_ballot:
        return contribution.handed_in_at
    level = ledger.find(DecisionRow, box.level_poll(activity.id), "ballot")
    return None if level is None else max(contribution.handed_in_at, level.decided_at)
