"""Appeals: an author asks for another look, and an outsider decides with a reason."""

from datetime import datetime, timedelta
from enum import StrEnum

from issuer import box, decisions, roll
from issuer.decisions import ON_APPEAL
from issuer.peers.decision import PanelOutcome
from issuer.states import ContributionState
from issuer.store import Ledger, Store
from issuer.tables.community import MemberRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow
from vc.errors import Conflict, Forbidden, Malformed, Missing


class AppealOutcome(StrEnum):
    """GRANTED: the contribution is accepted. DISMISSED: what was decided stands."""

    GRANTED = "granted"
    DISMISSED = "dismissed"


class Appeals:
    """Takes appeals and records what came of them. Times are aware UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def appeal(self, *, contribution_id: str, author_id: str, reason: str, now: datetime) -> None:
        """Ask for another look at a decision to send back or not to accept, once.

        Raises Malformed without a reason, Missing for another's contribution, Conflict where there
        is nothing to appeal against, or no longer.
        """
        if not reason.strip():
            raise Malformed("appeal", "An appeal says why.", place="grounds")
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            if contribution.author_id != author_id:
                raise Missing("contribution", "There is no such contribution of yours.")
            ends = appeal_ends(ledger, contribution)
            if ends is None or now >= ends:
                raise Conflict("no-appeal", "There is nothing to appeal against, or no longer.")
            contribution.state = ContributionState.APPEALED
            ledger.log("appealed", about=contribution_id, at=now, reason=reason.strip())

    def decide(
        self,
        *,
        contribution_id: str,
        outsider_id: str,
        outcome: AppealOutcome,
        reason: str,
        now: datetime,
    ) -> None:
        """Grant an appeal or dismiss it, with a reason that the author reads.

        Raises Malformed without a reason, Conflict where nobody appealed, Forbidden for who wrote,
        judged or decided it and for members of the author's circle.
        """
        if not reason.strip():
            raise Malformed("appeal", "The decision has a reason.", place="reason")
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            if contribution.state != ContributionState.APPEALED:
                raise Conflict("contribution-state", "Nobody appealed here.")
            decisions.expect_impartial(ledger, contribution, outsider_id)
            _expect_outsider(ledger, contribution, outsider_id)
            poll = box.panel_poll(contribution_id, contribution.revision)
            earlier = decisions.standing(ledger, poll)
            granted = outcome is AppealOutcome.GRANTED
            final = PanelOutcome.ACCEPTED if granted else PanelOutcome(earlier.outcome)
            ledger.add(
                decisions.revised(
                    earlier,
                    stage=ON_APPEAL,
                    outcome=final,
                    sentence=f"On appeal, an outsider decided: {reason.strip()}",
                    by=outsider_id,
                    now=now,
                )
            )
            # Both enumerations spell these outcomes alike.
            contribution.state = ContributionState(final)
            ledger.log("appeal-decided", about=contribution_id, at=now, outcome=outcome)


def appeal_ends(ledger: Ledger, contribution: ContributionRow) -> datetime | None:
    """Until when its author can appeal; None where nothing was decided that they could contest."""
    if contribution.state not in {ContributionState.REVISE, ContributionState.NOT_ACCEPTED}:
        return None
    poll = box.panel_poll(contribution.id, contribution.revision)
    if ledger.find(DecisionRow, poll, ON_APPEAL) is not None:
        return None
    activity = ledger.get(ActivityRow, contribution.activity_id)
    days = roll.policy_of(ledger, activity.policy_digest).appeal_days
    return decisions.standing(ledger, poll).decided_at + timedelta(days=days)


def _expect_outsider(ledger: Ledger, contribution: ContributionRow, person_id: str) -> None:
    member = ledger.find(MemberRow, person_id)
    author = ledger.get(MemberRow, contribution.author_id)
    if member is not None and member.circle_id == author.circle_id:
        raise Forbidden("circle", "An appeal goes to somebody from outside the author's circle.")
