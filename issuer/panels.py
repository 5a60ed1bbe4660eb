"""The ballot of a panel on one contribution, and a moderator's word where the panel is split."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from issuer import box, decisions, roll
from issuer.decisions import BALLOT, MODERATOR
from issuer.matter import Matter, matter_of
from issuer.peers.ballots import LONGEST_TEXT, PanelBallot, PanelPaper, read_panel_ballot
from issuer.peers.decision import PanelDecision, PanelOutcome, decide_panel
from issuer.peers.panel import Seat
from issuer.states import ContributionState
from issuer.store import Ledger, Store
from issuer.tables.community import AchievementRow, MemberRow
from issuer.tables.judging import (
    ActivityRow,
    ContributionRow,
    DecisionRow,
    PanelRow,
    SeatRow,
)
from keys.sealing import Seal
from vc.documents import JsonObject
from vc.errors import Conflict, Forbidden, Malformed
from vc.fetch import Nowhere
from vc.model import Verdict, instant
from vc.proofs import eddsa_rdfc_2022
from vc.verify import verify

_NEXT_STATE: Final = {
    PanelOutcome.ACCEPTED: ContributionState.ACCEPTED,
    PanelOutcome.MODERATOR: ContributionState.MODERATOR,
    PanelOutcome.REVISE: ContributionState.REVISE,
    PanelOutcome.NOT_ACCEPTED: ContributionState.NOT_ACCEPTED,
}
_DECIDED: Final = frozenset(
    (
        ContributionState.REVISE,
        ContributionState.NOT_ACCEPTED,
        ContributionState.ACCEPTED,
        ContributionState.AWARDED,
        ContributionState.APPEALED,
        ContributionState.LAPSED,
    )
)


_SUITE: Final = eddsa_rdfc_2022.NAME
_PROOF: Final = frozenset(
    {"type", "cryptosuite", "created", "verificationMethod", "proofPurpose", "proofValue"}
)
_AT_HAND: Final = timedelta(hours=1)  # a ballot waits a quarter of one in the wallet


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgesPaper:
    """A judge's paper, and the unsigned endorsement to sign and enclose beside a yes.

    Of the endorsement only `endorsementComment` and `validFrom` are the judge's to choose.
    """

    paper: PanelPaper
    endorsement: JsonObject
    due_at: datetime


class PanelBallots:
    """Papers, casting and the close of panel ballots. Times are aware UTC."""

    def __init__(self, store: Store, *, seal: Seal, origin: str) -> None:
        self._store = store
        self._seal = seal
        self._origin = origin

    def paper(self, *, contribution_id: str, judge_id: str, now: datetime) -> JudgesPaper:
        """The paper of a judge who sits. Raises Forbidden for anybody else."""
        with self._store.ledger() as ledger:
            judge = ledger.get(MemberRow, judge_id)
            matter = self.before(ledger, judge, contribution_id)
            return JudgesPaper(
                paper=matter.paper,
                endorsement=matter.endorsement_by(judge, at=now),
                due_at=ledger.get(PanelRow, matter.paper.poll).due_at,
            )

    def before(self, ledger: Ledger, judge: MemberRow, contribution_id: str) -> Matter:
        """The matter before a judge who sits. Raises Forbidden for anybody else."""
        contribution = ledger.get(ContributionRow, contribution_id)
        _expect_judged(contribution)
        _expect_seated(ledger, contribution, judge)
        return matter_of(ledger, contribution, origin=self._origin)

    def cast(self, *, contribution_id: str, jws: str, now: datetime) -> None:
        """Seal a signed ballot into the box. Until the close, a judge's last one counts.

        Raises Malformed for a ballot on another paper or an endorsement of something else,
        Forbidden for who does not sit, Conflict after the close.
        """
        with self._store.ledger() as ledger:
            self.drop(ledger, box.verified(ledger, jws), contribution_id, now=now)

    def drop(
        self, ledger: Ledger, signed: box.Signed, contribution_id: str, *, now: datetime
    ) -> None:
        """Cast a ballot whose signature was verified, within a transaction that is open already."""
        contribution = ledger.hold(ContributionRow, contribution_id)
        _expect_judged(contribution)
        _expect_seated(ledger, contribution, signed.judge)
        matter = matter_of(ledger, contribution, origin=self._origin)
        ballot = read_panel_ballot(signed.payload, expected=matter.paper)
        if ballot.judge != signed.judge.did:
            raise Malformed("ballot", "The ballot names another judge.", place="/iss")
        if ballot.endorsement is not None:
            draft = matter.endorsement_by(signed.judge, at=now)
            _check_endorsement(ballot.endorsement, draft=draft, now=now)
        poll = matter.paper.poll
        box.drop(ledger, matter.activity, poll=poll, signed=signed, now=now)
        ledger.log("ballot-cast", about=poll, at=now)

    def close(self, *, contribution_id: str, now: datetime) -> PanelDecision:
        """Open the box, decide, and record the decision, all at once.

        Raises Conflict while a seat has not voted.
        """
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            _expect_judged(contribution)
            activity = ledger.get(ActivityRow, contribution.activity_id)
            achievement = ledger.get(AchievementRow, contribution.achievement_id)
            decision = decide_panel(
                self._opened(ledger, contribution),
                seats=_seats(ledger, contribution),
                rubric=roll.rubric_of(ledger, achievement.rubric_digest),
                revision=contribution.revision,
                policy=roll.policy_of(ledger, activity.policy_digest),
            )
            contribution.state = _NEXT_STATE[decision.outcome]
            ledger.add(_recorded(contribution, decision, now))
            ledger.log("panel-decided", about=contribution_id, at=now, outcome=decision.outcome)
            return decision

    def moderate(
        self,
        *,
        contribution_id: str,
        moderator_id: str,
        outcome: PanelOutcome,
        reason: str,
        now: datetime,
    ) -> None:
        """Decide where the panel was split: ACCEPTED, REVISE or NOT_ACCEPTED, with a reason.

        Raises Malformed without a reason and for one revision more than the policy allows,
        Conflict when no moderator was asked for, Forbidden for an author or judge of it.
        """
        if outcome is PanelOutcome.MODERATOR or not reason.strip():
            raise Malformed("moderation", "A moderator decides, and says why.")
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            if contribution.state != ContributionState.MODERATOR:
                raise Conflict("contribution-state", "No moderator was asked for here.")
            poll = box.panel_poll(contribution_id, contribution.revision)
            decisions.expect_impartial(ledger, contribution, moderator_id)
            if outcome is PanelOutcome.REVISE:
                _expect_a_revision_left(ledger, contribution)
            split = ledger.get(DecisionRow, poll, BALLOT)
            contribution.state = _NEXT_STATE[outcome]
            ledger.add(
                decisions.revised(
                    split,
                    stage=MODERATOR,
                    outcome=outcome,
                    sentence=f"A moderator decided: {reason.strip()}",
                    by=moderator_id,
                    now=now,
                )
            )
            ledger.log("moderated", about=contribution_id, at=now, outcome=outcome)

    def feedback(self, *, contribution_id: str, author_id: str) -> tuple[str, ...]:
        """What the judges of the last decision wrote to the author, in no order of judges.

        Raises Forbidden for anybody else; nothing is read before the decision stands.
        """
        with self._store.ledger() as ledger:
            contribution = ledger.get(ContributionRow, contribution_id)
            if contribution.author_id != author_id:
                raise Forbidden("author", "Feedback is for the author alone.")
            poll = box.panel_poll(contribution.id, contribution.revision)
            # What lapsed while a panel sat was never decided: its box stays shut.
            if contribution.state not in _DECIDED or not ledger.find(DecisionRow, poll, "ballot"):
                return ()
            texts = {ballot.feedback.strip() for ballot in self._opened(ledger, contribution)}
            return tuple(sorted(texts - {""}))

    def endorsements(self, ledger: Ledger, contribution: ContributionRow) -> list[JsonObject]:
        """The signed endorsements of an accepted contribution, in the order of judges."""
        if contribution.state != ContributionState.ACCEPTED:
            raise Conflict("contribution-state", "Only after a positive decision are they public.")
        ballots = self._opened(ledger, contribution)
        return [b.endorsement for b in ballots if b.endorsement is not None]

    def _opened(self, ledger: Ledger, contribution: ContributionRow) -> list[PanelBallot]:
        """The ballots in the box, each under the person of its judge."""
        matter = matter_of(ledger, contribution, origin=self._origin)
        paper, activity = matter.paper, matter.activity
        return [
            replace(read_panel_ballot(signed.payload, expected=paper), judge=signed.judge.person_id)
            for signed in box.opened(ledger, activity, poll=paper.poll, seal=self._seal)
        ]


def _expect_judged(contribution: ContributionRow) -> None:
    if contribution.state != ContributionState.JUDGED:
        raise Conflict("contribution-state", f"The contribution is {contribution.state}.")


def _expect_a_revision_left(ledger: Ledger, contribution: ContributionRow) -> None:
    activity = ledger.get(ActivityRow, contribution.activity_id)
    most = roll.policy_of(ledger, activity.policy_digest).panel.revisions_at_most
    if contribution.revision >= most:
        sentence = f"Nothing is sent back more than {most} times. Accept it, or do not accept it."
        raise Malformed("moderation", sentence, place="outcome")


def _expect_seated(ledger: Ledger, contribution: ContributionRow, judge: MemberRow) -> None:
    poll = box.panel_poll(contribution.id, contribution.revision)
    seat = ledger.find(SeatRow, poll, judge.person_id)
    if seat is None or seat.left_at is not None:
        raise Forbidden("not-seated", "Only the judges of its panel can judge a contribution.")


def _seats(ledger: Ledger, contribution: ContributionRow) -> list[Seat]:
    poll = box.panel_poll(contribution.id, contribution.revision)
    return [
        Seat(judge=seat.judge_id, outsider=seat.outsider)
        for seat in ledger.seats(poll)
        if seat.left_at is None
    ]


def _check_endorsement(endorsement: JsonObject, *, draft: JsonObject, now: datetime) -> None:
    """Signed by the judge, and word for word the draft but for its comment and date."""
    subject = endorsement.get("credentialSubject")
    comment = subject.get("endorsementComment") if isinstance(subject, dict) else None
    if not isinstance(comment, str) or not 0 < len(comment.strip()) <= LONGEST_TEXT:
        sentence = f"A comment of up to {LONGEST_TEXT} characters is expected."
        raise Malformed("endorsement", sentence, place="/endorsement/credentialSubject")
    expected = {
        **draft,
        "validFrom": endorsement.get("validFrom"),
        "credentialSubject": {**draft["credentialSubject"], "endorsementComment": comment},
    }
    if {key: value for key, value in endorsement.items() if key != "proof"} != expected:
        sentence = "The endorsement is not that of the paper."
        raise Malformed("endorsement", sentence, place="/endorsement")
    _check_proof(endorsement.get("proof"), now=now)
    report = verify(endorsement, now=now, fetcher=Nowhere())
    if report.verdict is not Verdict.VALID:
        raise Malformed("endorsement", report.steps[-1].sentence, place="/endorsement/proof")


def _check_proof(proof: object, *, now: datetime) -> None:
    """One plain proof, made now. It goes into the badge as it is: a date on which it ends, or
    another suite's spelling, would let one judge spoil the badge of all."""
    (only,) = proof if isinstance(proof, list) and len(proof) == 1 else (proof,)
    if not isinstance(only, dict) or only.keys() != _PROOF or only["cryptosuite"] != _SUITE:
        sentence = f"The endorsement has one proof, by {_SUITE}, with nothing besides."
        raise Malformed("endorsement", sentence, place="/endorsement/proof")
    made = instant(only["created"], place="/endorsement/proof/created")
    if abs(now - made) > _AT_HAND:
        sentence = "The endorsement was not signed now."
        raise Malformed("endorsement", sentence, place="/endorsement/proof/created")


def _recorded(contribution: ContributionRow, decision: PanelDecision, now: datetime) -> DecisionRow:
    return DecisionRow(
        poll=box.panel_poll(contribution.id, contribution.revision),
        stage="ballot",
        outcome=decision.outcome,
        tally=decision.tally,
        sentences=list(decision.sentences),
        levels=dict(decision.levels),
        overall=decision.overall,
        decided_at=now,
    )
