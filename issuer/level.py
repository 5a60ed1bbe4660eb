"""The ballot of the participants: was the activity at the level?"""

from dataclasses import replace
from datetime import datetime

from issuer import box, roll
from issuer.peers.activity import who_may_judge_level
from issuer.peers.ballots import LevelPaper, read_level_ballot
from issuer.peers.decision import LevelDecision, decide_level
from issuer.states import ActivityState, ContributionState
from issuer.store import Ledger, Store
from issuer.tables.judging import ActivityRow, DecisionRow
from keys.sealing import Seal
from vc.errors import Conflict, Forbidden, Malformed


class LevelBallots:
    """Papers, casting and the close of ballots on activities. Times are aware UTC."""

    def __init__(self, store: Store, *, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def paper(self, *, activity_id: str, person_id: str) -> LevelPaper:
        """The ballot paper of a member. Raises Forbidden with every reason why there is none."""
        with self._store.ledger() as ledger:
            return paper_of(ledger, activity_id, person_id)

    def cast(self, *, activity_id: str, jws: str, now: datetime) -> None:
        """Seal a signed ballot into the box. Until the close, a judge's last one counts.

        Raises Malformed for a ballot on another paper, Forbidden for one who may not judge,
        Conflict after the close.
        """
        with self._store.ledger() as ledger:
            drop(ledger, box.verified(ledger, jws), activity_id, now=now)

    def close(self, *, activity_id: str, now: datetime) -> LevelDecision:
        """Open the box, decide, and record the decision, all at once."""
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            _expect_open(activity)
            poll = box.level_poll(activity_id)
            paper = _paper(ledger, activity)
            ballots = [
                replace(
                    read_level_ballot(signed.payload, expected=paper), judge=signed.judge.person_id
                )
                for signed in box.opened(ledger, activity, poll=poll, seal=self._seal)
            ]
            who = roll.activity_of(ledger, activity)
            decision = decide_level(
                ballots,
                eligibility=who_may_judge_level(who),
                provider_contexts=who.provider_contexts,
                policy=roll.policy_of(ledger, activity.policy_digest),
            )
            activity.state = ActivityState.CLOSED
            ledger.add(_recorded(poll, decision, now))
            ledger.log("level-decided", about=activity_id, at=now, outcome=decision.outcome)
            return decision

    def finish(self, *, activity_id: str, now: datetime) -> str:
        """End handing in for good and publish the lottery's nonce, 64 hexadecimal digits.

        Raises Conflict while the ballot is open or a contribution is undecided.
        """
        with self._store.ledger() as ledger:
            activity = ledger.hold(ActivityRow, activity_id)
            ends = ActivityState.CLOSED if activity.level_ballot else ActivityState.OPEN
            if activity.state != ends or activity.sealed_nonce is None:
                raise Conflict("activity-state", f"The activity is {activity.state}.")
            settled = {
                ContributionState.AWARDED,
                ContributionState.NOT_ACCEPTED,
                ContributionState.LAPSED,
            }
            if _at_level(ledger, activity) and any(
                entry.state not in settled for entry in ledger.contributions(activity_id)
            ):
                raise Conflict("activity-state", "A contribution is still to be decided.")
            nonce = self._seal.open(activity.sealed_nonce, purpose=f"lottery {activity_id}").hex()
            activity.state, activity.nonce = ActivityState.FINISHED, nonce
            ledger.log("finished", about=activity_id, at=now, nonce=nonce)
            return nonce


def paper_of(ledger: Ledger, activity_id: str, person_id: str) -> LevelPaper:
    """The ballot paper of a member. Raises Forbidden with every reason why there is none."""
    activity = ledger.get(ActivityRow, activity_id)
    _expect_open(activity)
    _expect_eligible(ledger, activity, person_id)
    return _paper(ledger, activity)


def drop(ledger: Ledger, signed: box.Signed, activity_id: str, *, now: datetime) -> None:
    """Cast a ballot whose signature was verified. Raises as `LevelBallots.cast` does."""
    activity = ledger.hold(ActivityRow, activity_id)
    _expect_open(activity)
    _expect_eligible(ledger, activity, signed.judge.person_id)
    paper = _paper(ledger, activity)
    if read_level_ballot(signed.payload, expected=paper).judge != signed.judge.did:
        raise Malformed("ballot", "The ballot names another judge.", place="/iss")
    box.drop(ledger, activity, poll=paper.poll, signed=signed, now=now)
    ledger.log("ballot-cast", about=paper.poll, at=now)


def _at_level(ledger: Ledger, activity: ActivityRow) -> bool:
    if not activity.level_ballot:
        return True
    decision = ledger.get(DecisionRow, box.level_poll(activity.id), "ballot")
    return decision.outcome == "at_level"


def _expect_open(activity: ActivityRow) -> None:
    if not activity.level_ballot:
        raise Conflict("activity-kind", "A portfolio is judged by a panel alone.")
    if activity.state != ActivityState.OPEN:
        raise Conflict("activity-state", f"The activity is {activity.state}.")


def _expect_eligible(ledger: Ledger, activity: ActivityRow, person_id: str) -> None:
    for entry in who_may_judge_level(roll.activity_around(ledger, activity, person_id)):
        if entry.member.person == person_id:
            if not entry.eligible:
                raise Forbidden("not-eligible", f"You may not judge: {'; '.join(entry.reasons)}.")
            return
    raise Forbidden("not-eligible", "Only who took part can judge the activity.")


def _paper(ledger: Ledger, activity: ActivityRow) -> LevelPaper:
    return LevelPaper(
        poll=box.level_poll(activity.id),
        activity=activity.id,
        policy=activity.policy_digest,
        rubric=roll.rubric_of(ledger, activity.rubric_digest),
    )


def _recorded(poll: str, decision: LevelDecision, now: datetime) -> DecisionRow:
    return DecisionRow(
        poll=poll,
        stage="ballot",
        outcome=decision.outcome,
        tally=decision.tally,
        sentences=list(decision.sentences),
        levels={},
        overall="",
        decided_at=now,
    )
