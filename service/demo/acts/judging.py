"""What members hand in, how a panel judges it, and the badge that it becomes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from issuer.evidence import Evidence
from issuer.peers.ballots import Answer, Mark
from issuer.peers.decision import PanelOutcome
from issuer.peers.panel import Seat
from service.demo import judging
from service.demo.chronicle import Signed
from service.demo.contributions import Contribution
from service.demo.judging import Part, moment
from service.demo.plot import Calendar, Scene
from service.demo.stage import Stage
from vc.errors import Conflict

# Days after the draw, or after a seat was taken over, within which a judge answers; the policy
# gives fourteen.
SLOWEST_JUDGE = 9
SLOWEST_REPLACEMENT = 4

# As the policy gives them.
DAYS_TO_JUDGE = 14
DAYS_TO_REVISE = 90

UNSEATED = "No panel could be seated."
LAPSED = "It was not handed in again."
GIVEN_BACK = "The judge could not tell from the evidence and gave the seat back."


@dataclass(slots=True, kw_only=True)
class Case:
    """A contribution on its way; `contribution` is its present version.

    `evidence` leads from the part of the evidence to its digest; `waiting` counts the seats that
    have not voted.
    """

    id: str
    activity_id: str
    contribution: Contribution
    calendar: Calendar
    evidence: dict[Part, str]
    waiting: int = 0
    judges: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Plays the contributions; `moderator` is the account of whoever decides where panels split."""

    stage: Stage
    moderator: str
    unsettled: Counter[str] = field(default_factory=Counter)

    def follow(self, scene: Scene, activity_id: str) -> None:
        """Put on the agenda what is handed in for an activity that was at the level."""
        for each in scene.contributions:
            action = partial(self._hand_in, each, scene.calendar, activity_id)
            self.stage.agenda.at(each.handed_in, action)
            self.unsettled[activity_id] += 1
        if not scene.contributions:
            self._finish_after(scene.calendar, activity_id)

    def _settled(self, case: Case) -> None:
        """One contribution less to wait for."""
        self.unsettled[case.activity_id] -= 1
        if not self.unsettled[case.activity_id]:
            self._finish_after(case.calendar, case.activity_id)

    def _finish_after(self, calendar: Calendar, activity_id: str) -> None:
        """Publish the lottery's nonce, not before the last panels were to close."""
        soonest = max(calendar.second_panel_closes, self.stage.now() + timedelta(hours=1))
        self.stage.agenda.at(soonest, partial(finish, self.stage, activity_id))

    def _end_after(self, case: Case, *, days: int, because: str) -> None:
        """The desk waits as long as the policy says, then ends what waits in vain."""
        then = self.stage.now() + timedelta(days=days, hours=1)
        self.stage.agenda.at(then, partial(self._end, case, because))

    def _end(self, case: Case, because: str) -> None:
        stage = self.stage
        stage.office.lapsing.end(contribution_id=case.id, reason=because, now=stage.now())
        stage.chronicle.decided(case.contribution.id, because)
        self._settled(case)

    def _hand_in(self, contribution: Contribution, calendar: Calendar, activity_id: str) -> None:
        stage, evidence = self.stage, _evidence(contribution)
        contribution_id = stage.office.activities.hand_in(
            activity_id=activity_id,
            author_id=stage.person_id(contribution.author.handle),
            achievement_id=contribution.achievement.id,
            evidence=evidence,
            now=stage.now(),
        )
        stage.chronicle.counts["handed in"] += 1
        case = Case(
            id=contribution_id,
            activity_id=activity_id,
            contribution=contribution,
            calendar=calendar,
            evidence=_digests(evidence),
        )
        self._draw(case)

    def _draw(self, case: Case) -> None:
        """Seat a panel. A small community cannot always: that belongs to the story."""
        stage = self.stage
        try:
            drawn = stage.office.lottery.draw(contribution_id=case.id, now=stage.now())
        except Conflict as refusal:
            _expect_too_few(refusal)
            self._end_after(case, days=DAYS_TO_JUDGE, because=UNSEATED)
            return
        case.waiting = len(drawn.seats)
        case.judges = 0
        for seat in drawn.seats:
            self._ask(case, seat, within=SLOWEST_JUDGE)

    def _ask(self, case: Case, seat: Seat, *, within: int) -> None:
        handle = self.stage.handles[seat.judge]
        rng = Random(f"{self.stage.plot.seed}/{case.id}/{handle}")  # noqa: S311  # no secret
        day = self.stage.now().date() + timedelta(days=rng.randint(1, within))
        self.stage.agenda.at(moment(day, rng), partial(self._vote, case, handle))

    def _vote(self, case: Case, judge: str) -> None:
        """The page lays the ballot out, the judge's wallet signs it with the endorsement."""
        stage = self.stage
        vote = stage.plot.panel_vote(judge=judge, contribution=case.contribution)
        if vote.verdict is judging.Answer.UNSURE:
            self._replace(case, judge)
            return
        address = stage.office.requests.prepare_panel(
            contribution_id=case.id,
            judge_id=stage.person_id(judge),
            marks=[_mark(mark, case) for mark in vote.marks],
            verdict=Answer(vote.verdict),
            feedback=vote.feedback,
            comment=vote.feedback if vote.verdict is judging.Answer.YES else "",
            now=stage.now(),
        )
        stage.sign_ballot(stage.person_id(judge), address)
        stage.chronicle.counts["panel ballots"] += 1
        case.judges += vote.verdict is judging.Answer.YES
        case.waiting -= 1
        if case.waiting == 0:
            self._all_voted(case)

    def _replace(self, case: Case, judge: str) -> None:
        stage = self.stage
        try:
            change = stage.office.lottery.replace(
                contribution_id=case.id,
                judge_id=stage.person_id(judge),
                reason=GIVEN_BACK,
                now=stage.now(),
            )
        except Conflict as refusal:
            _expect_too_few(refusal)
            self._end_after(case, days=DAYS_TO_JUDGE, because=UNSEATED)
            return
        stage.chronicle.counts["seats redrawn"] += 1
        self._ask(case, change.taken_by, within=SLOWEST_REPLACEMENT)

    def _all_voted(self, case: Case) -> None:
        first = case.contribution.version == 1
        closes = case.calendar.panel_closes if first else case.calendar.second_panel_closes
        soonest = self.stage.now() + timedelta(hours=1)
        self.stage.agenda.at(max(closes, soonest), partial(self._close, case))

    def _close(self, case: Case) -> None:
        stage = self.stage
        decision = stage.office.panels.close(contribution_id=case.id, now=stage.now())
        stage.chronicle.decided(case.contribution.id, decision.outcome, decision.tally)
        if decision.outcome is PanelOutcome.MODERATOR:
            later = stage.now() + timedelta(days=2)
            stage.agenda.at(later, partial(self._moderate, case))
        else:
            self._decided(case, decision.outcome)

    def _moderate(self, case: Case) -> None:
        stage = self.stage
        review = stage.plot.moderation(case.contribution)
        outcome = PanelOutcome.ACCEPTED if review.upheld else PanelOutcome.REVISE
        stage.office.panels.moderate(
            contribution_id=case.id,
            moderator_id=self.moderator,
            outcome=outcome,
            reason=review.reason,
            now=stage.now(),
        )
        stage.chronicle.decided(case.contribution.id, outcome, "by a moderator")
        self._decided(case, outcome)

    def _decided(self, case: Case, outcome: PanelOutcome) -> None:
        if outcome is PanelOutcome.ACCEPTED:
            self._award(case)
        elif outcome is PanelOutcome.REVISE and case.contribution.comes_back:
            better = self.stage.plot.revised(case.contribution, now=self.stage.now())
            self.stage.agenda.at(better.handed_in, partial(self._resubmit, case, better))
        elif outcome is PanelOutcome.REVISE:
            self._end_after(case, days=DAYS_TO_REVISE, because=LAPSED)
        else:
            self._settled(case)

    def _resubmit(self, case: Case, better: Contribution) -> None:
        stage, evidence = self.stage, _evidence(better)
        stage.office.activities.resubmit(
            contribution_id=case.id,
            author_id=stage.person_id(better.author.handle),
            evidence=evidence,
            now=stage.now(),
        )
        stage.chronicle.counts["handed in again"] += 1
        case.contribution, case.evidence = better, _digests(evidence)
        self._draw(case)

    def _award(self, case: Case) -> None:
        stage = self.stage
        rng = Random(f"{stage.plot.seed}/{case.id}/fetched")  # noqa: S311  # a story is no secret
        credential_id = stage.office.awarding.award(contribution_id=case.id, now=stage.now())
        self._settled(case)
        soon = stage.now().date() + timedelta(days=rng.randint(1, 3))
        stage.agenda.at(moment(soon, rng), partial(self._fetch, case, credential_id))

    def _fetch(self, case: Case, credential_id: str) -> None:
        """The author asks for the badge on the issuer's page, and the wallet fetches it."""
        stage, handle = self.stage, case.contribution.author.handle
        person_id = stage.person_id(handle)
        made = stage.office.offers.offer(
            credential_id=credential_id, person_id=person_id, now=stage.now()
        )
        held = stage.fetch(person_id, made)
        stage.chronicle.badges[case.contribution.id] = Signed(
            contribution=case.contribution.id,
            holder=handle,
            credential_id=credential_id,
            url=held.credential_id,
            judges=case.judges,
            activity=case.contribution.activity.id,
        )


def finish(stage: Stage, activity_id: str) -> None:
    """End an activity for good."""
    stage.office.level.finish(activity_id=activity_id, now=stage.now())
    stage.chronicle.counts["finished"] += 1


def _evidence(contribution: Contribution) -> list[Evidence]:
    written = contribution.evidence
    return [
        Evidence(
            genre=Part.ARTEFACT,
            name=written.artefact_name,
            media_type="text/plain",
            content=written.artefact.encode(),
        ),
        Evidence(
            genre=Part.REFLECTION,
            name="Reflection",
            media_type="text/plain",
            content=written.reflection.encode(),
        ),
    ]


def _digests(evidence: Sequence[Evidence]) -> dict[Part, str]:
    return {Part(piece.genre): piece.digest for piece in evidence}


def _mark(mark: judging.Mark, case: Case) -> Mark:
    return Mark(
        criterion=mark.criterion,
        level=mark.level,
        evidence=case.evidence[mark.part],
        anchor=mark.anchor,
    )


def _expect_too_few(refusal: Conflict) -> None:
    if refusal.code != "panel-too-few":
        raise refusal
