"""The story of a community, as a plan: who joins, attends, votes, hands in, judges and shares.

`plan(community, members=..., seed=...)` is pure and deterministic. Playing the plan through the
use cases is another module's work; the lottery that seats judges belongs to the issuer, so that
votes are asked for when it is known who judges.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random

from service.demo.aftermath import Shared, Withdrawn, shared, withdrawn
from service.demo.casting import Cast, cast
from service.demo.community import Activity, Aim, Attendance, Community, Person
from service.demo.contributions import Contribution
from service.demo.handing_in import Chance, handed_in
from service.demo.judging import LevelVote, PanelVote, Review, level_votes, moment, panel_vote
from service.demo.writing import Piece, Quality, rewritten, written

DEFAULT_MEMBERS = 70
DEFAULT_SEED = 5

# How good work is, by what the author wants of it: strong, sound, thin.
QUALITY_WEIGHTS = {
    Aim.DEGREE: (66, 26, 8),
    Aim.DIPLOMA: (45, 51, 4),
    Aim.CERTIFICATE: (35, 60, 5),
    Aim.PRACTICE: (27, 64, 9),
}

# Of those whose work is sent back, how many hand it in again.
COMES_BACK = {Aim.DEGREE: 1.0, Aim.DIPLOMA: 1.0, Aim.CERTIFICATE: 1.0, Aim.PRACTICE: 0.6}


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """The days of one activity, each in the evening of that day, in UTC."""

    opens: datetime
    ends: datetime
    level_closes: datetime
    panel_closes: datetime
    second_panel_closes: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One activity with all that belongs to it; without a level ballot `level_votes` is empty."""

    activity: Activity
    calendar: Calendar
    attendance: tuple[Attendance, ...]
    level_votes: tuple[LevelVote, ...]
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, kw_only=True)
class Plot:
    """The whole plan. `scenes` stand in the order in which the activities end."""

    community: Community
    seed: int
    people: Mapping[str, Person]
    scenes: tuple[Scene, ...]
    revocations: tuple[Withdrawn, ...]
    suspensions: tuple[Withdrawn, ...]
    shares: tuple[Shared, ...]
    applicants: tuple[Person, ...]

    @cached_property
    def contributions(self) -> tuple[Contribution, ...]:
        """All contributions in their first version."""
        return tuple(each for scene in self.scenes for each in scene.contributions)

    def panel_vote(self, *, judge: str, contribution: Contribution) -> PanelVote:
        """How `judge` votes on this version; the same whenever it is asked."""
        return panel_vote(
            contribution.quality,
            contribution.evidence,
            rubric=self.community.rubrics[contribution.achievement.rubric],
            phrases=self.community.phrases,
            rng=self._rng(contribution, judge),
        )

    def revised(self, contribution: Contribution, *, now: datetime) -> Contribution:
        """The better version that the author hands in, some days after `now`."""
        rng = self._rng(contribution, "revised")
        evidence = rewritten(contribution.piece, self.community.phrases, rng=rng)
        return replace(
            contribution,
            quality=Quality.STRONG,
            evidence=evidence,
            handed_in=moment((now + timedelta(days=rng.randint(3, 10))).date(), rng),
            version=contribution.version + 1,
        )

    def moderation(self, contribution: Contribution) -> Review:
        """What a moderator decides when a panel is split."""
        upheld = contribution.quality is not Quality.THIN
        phrases = self.community.phrases
        reasons = phrases.moderator_upheld if upheld else phrases.moderator_returned
        return Review(upheld=upheld, reason=self._rng(contribution, "moderator").choice(reasons))

    def audit(self, contribution: Contribution) -> Review:
        """What a moderator finds who reads the contribution again without seeing the votes."""
        phrases = self.community.phrases
        if any(r.by_audit and r.contribution.id == contribution.id for r in self.revocations):
            return Review(upheld=False, reason=phrases.audit_overturned)
        reason = self._rng(contribution, "audit").choice(phrases.audit_upheld)
        return Review(upheld=True, reason=reason)

    def _rng(self, contribution: Contribution, purpose: str) -> Random:
        text = f"{self.seed}/{contribution.id}/{contribution.version}/{purpose}"
        return Random(text)  # noqa: S311  # a story is no secret


def plan(community: Community, *, members: int = DEFAULT_MEMBERS, seed: int = DEFAULT_SEED) -> Plot:
    """The plan for so many members. Raises Malformed when there are too few or too many."""
    players = cast(community, members=members, seed=seed)
    chances = _by_activity(players, community, seed)
    activities = [each for each in community.activities.values() if each.id in players.attending]
    scenes = tuple(
        _scene(activity, chances.get(activity.id, ()), community, players, seed)
        for activity in sorted(activities, key=lambda each: (each.ends, each.id))
    )
    badges = _badges(scenes)
    story = community.story
    rng = Random(f"{seed}/aftermath")  # noqa: S311  # a story is no secret
    revocations = withdrawn(story.revocations, badges, rng)
    return Plot(
        community=community,
        seed=seed,
        people=players.people,
        scenes=scenes,
        revocations=revocations,
        suspensions=withdrawn(story.suspensions, badges, rng),
        shares=shared(story.shares, badges, revocations, rng),
        applicants=tuple(
            person for person in players.people.values() if person.aim is not Aim.PRACTICE
        ),
    )


_Chances = Mapping[str, Sequence[tuple[Person, Chance]]]


def _by_activity(players: Cast, community: Community, seed: int) -> _Chances:
    chances: dict[str, list[tuple[Person, Chance]]] = {}
    for person in players.people.values():
        for chance in handed_in(person, community, players, seed=seed):
            chances.setdefault(chance.activity.id, []).append((person, chance))
    return chances


def _scene(
    activity: Activity,
    chances: Sequence[tuple[Person, Chance]],
    community: Community,
    players: Cast,
    seed: int,
) -> Scene:
    rows = players.attending[activity.id]
    calendar = _calendar(activity)
    votes: tuple[LevelVote, ...] = ()
    if activity.level_ballot:
        rubric = community.level_rubric(activity.id)
        votes = level_votes(activity, rows, people=players.people, rubric=rubric, seed=seed)
    return Scene(
        activity=activity,
        calendar=calendar,
        attendance=rows,
        level_votes=votes,
        contributions=tuple(
            _contribution(person, chance, turn, community, players, seed)
            for turn, (person, chance) in enumerate(chances)
        ),
    )


def _calendar(activity: Activity) -> Calendar:
    def evening(day: date, *, after: int) -> datetime:
        return datetime.combine(day + timedelta(days=after), time(22), tzinfo=UTC)

    return Calendar(
        opens=evening(activity.starts, after=-21),
        ends=evening(activity.ends, after=0),
        level_closes=evening(activity.ends, after=14),
        panel_closes=evening(activity.ends, after=42),
        second_panel_closes=evening(activity.ends, after=70),
    )


def _contribution(
    person: Person, chance: Chance, turn: int, community: Community, players: Cast, seed: int
) -> Contribution:
    activity = chance.activity
    rng = Random(f"{seed}/{activity.id}/{person.handle}")  # noqa: S311  # a story is no secret
    others = [row.person for row in players.attending[activity.id] if row.person != person.handle]
    piece = Piece(
        author=person,
        activity=activity,
        kind=chance.achievement.kind,
        role=chance.role,
        colleague=players.people[rng.choice(others)],
        turn=turn + len(activity.title),  # neighbouring activities do not begin alike either
    )
    quality = rng.choices(tuple(Quality), weights=QUALITY_WEIGHTS[person.aim])[0]
    return Contribution(
        id=f"{activity.id}-{person.handle}",
        piece=piece,
        achievement=chance.achievement,
        quality=quality,
        evidence=written(piece, community.phrases, quality=quality, rng=rng),
        handed_in=moment(activity.ends + timedelta(days=rng.randint(16, 26)), rng),
        comes_back=rng.random() < COMES_BACK[person.aim],
    )


def _badges(scenes: Iterable[Scene]) -> Mapping[str, Sequence[Contribution]]:
    """Each person's contributions that will earn a badge."""
    badges: dict[str, list[Contribution]] = {}
    for scene in scenes:
        for each in scene.contributions:
            if each.earns:
                badges.setdefault(each.author.handle, []).append(each)
    return badges
