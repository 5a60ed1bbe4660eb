"""A circle does something together, and those who took part say whether it was at the level."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import partial

from issuer.peers.activity import Part
from issuer.peers.ballots import Answer
from issuer.peers.decision import LevelOutcome
from issuer.states import Role as Earning
from service.demo.acts.judging import finish
from service.demo.community import Role
from service.demo.judging import LevelVote
from service.demo.plot import Scene
from service.demo.stage import Stage
from service.founding import Rules

_PARTS = {Role.PARTICIPANT: Part.PARTICIPANT, Role.CO_PROVIDER: Part.PROVIDER}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering:
    """Plays the activities; `followed_by` goes on with each that was found at the level."""

    stage: Stage
    rules: Rules
    followed_by: Callable[[Scene, str], None]

    def enter(self) -> None:
        """Put every activity on the agenda."""
        for scene in self.stage.plot.scenes:
            self.stage.agenda.at(scene.calendar.opens, partial(self._announce, scene))

    def _announce(self, scene: Scene) -> None:
        stage, activity = self.stage, scene.activity
        achievement = stage.plot.community.earned(activity.id)
        earning = [Earning.PARTICIPANT, *([Earning.CO_PROVIDER] * activity.level_ballot)]
        begins = datetime.combine(activity.starts, time(8), tzinfo=UTC)
        activity_id = stage.office.activities.propose(
            circle_id=activity.circles[0],
            title=activity.title,
            description=activity.description,
            kind=achievement.kind,
            context_id=activity.context,
            starts_at=begins,
            ends_at=scene.calendar.ends,
            policy_digest=self.rules.policy,
            rubric_digest=self.rules.rubrics[f"level-{achievement.level}"],
            offerings=[(achievement.id, role) for role in earning],
            level_ballot=activity.level_ballot,
        )
        stage.chronicle.activities[activity.id] = activity_id
        stage.agenda.at(begins, partial(self._begin, scene, activity_id))
        stage.agenda.at(scene.calendar.ends, partial(self._end, scene, activity_id))

    def _begin(self, scene: Scene, activity_id: str) -> None:
        """Who provides it stands before it opens; then the others take part."""
        self._join(scene, activity_id, Role.CO_PROVIDER)
        self.stage.office.activities.open(activity_id, now=self.stage.now())
        self._join(scene, activity_id, Role.PARTICIPANT)

    def _join(self, scene: Scene, activity_id: str, role: Role) -> None:
        for row in scene.attendance:
            if row.role is role:
                self.stage.office.activities.join(
                    activity_id=activity_id,
                    person_id=self.stage.person_id(row.person),
                    part=_PARTS[role],
                )

    def _end(self, scene: Scene, activity_id: str) -> None:
        stage = self.stage
        stage.office.activities.confirm_attendance(
            activity_id=activity_id,
            person_ids=[stage.person_id(row.person) for row in scene.attendance if row.confirmed],
            now=stage.now(),
        )
        if not scene.activity.level_ballot:
            self.followed_by(scene, activity_id)
            return
        for vote in scene.level_votes:
            stage.agenda.at(vote.cast_at, partial(self._vote, vote, activity_id))
        stage.agenda.at(scene.calendar.level_closes, partial(self._close, scene, activity_id))

    def _vote(self, vote: LevelVote, activity_id: str) -> None:
        """The page lays the ballot out, the judge's wallet signs it and hands it in."""
        stage, judge = self.stage, self.stage.person_id(vote.judge)
        address = stage.office.requests.prepare_level(
            activity_id=activity_id,
            person_id=judge,
            answers={key: Answer(answer) for key, answer in vote.answers.items()},
            verdict=Answer(vote.verdict),
            now=stage.now(),
        )
        stage.sign_ballot(judge, address)

    def _close(self, scene: Scene, activity_id: str) -> None:
        stage = self.stage
        decision = stage.office.level.close(activity_id=activity_id, now=stage.now())
        stage.chronicle.decided(scene.activity.id, decision.outcome, decision.tally)
        stage.chronicle.levels[scene.activity.id] = decision.outcome
        if decision.outcome is LevelOutcome.AT_LEVEL:
            self.followed_by(scene, activity_id)
        else:
            finish(stage, activity_id)
