"""Activities as anyone may see them, and the names in them as members may."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from issuer import roll
from issuer.addresses import Addresses
from issuer.box import level_poll, panel_poll
from issuer.peers.activity import Part
from issuer.peers.decision import LevelOutcome
from issuer.peers.rubric import Criterion, Rubric
from issuer.reading.menu import MenuEntry, entry
from issuer.reading.results import Result, read_result
from issuer.reading.store import Reader, ReadingStore
from issuer.states import ActivityState, ContributionState
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, MemberRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow
from vc.errors import Missing

# What a contribution is shown as when its activity was not found to be at the level.
BELOW_LEVEL: Final = "below_level"
PER_PAGE: Final = 20  # activities; a screenful on a desk, and quickly read on a phone


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityEntry:
    """One activity in a list. `result` is None until the participants' ballot is closed."""

    id: str
    path: str
    title: str
    kind: str
    circle: str
    starts_at: datetime
    ends_at: datetime
    state: str
    level_ballot: bool
    result: Result | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityPage:
    """One page of the list; `circles` are (id, name)."""

    entries: tuple[ActivityEntry, ...]
    page: int
    pages: int
    circles: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContributionEntry:
    """What somebody handed in. `author` is empty where the reader is no member.

    `result` is None while the panel's ballots are sealed, and names no judge.
    """

    id: str
    badge: str
    author: str
    is_own: bool
    state: str
    revision: int
    result: Result | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What anyone needs to work out the seed of one panel again."""

    contribution: str
    evidence: tuple[str, ...]
    seed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityView:
    """All that is public of an activity. `providers` is empty where the reader is no member.

    `rubric` is that of the participants' ballot, `evidence_criteria` are those of the badges.
    `nonce` is None until the activity is finished; only then are the panels in `draws`.
    """

    entry: ActivityEntry
    tenant: str
    circle_id: str
    description: str
    platform: str
    context: str
    provider_count: int
    providers: tuple[str, ...]
    present: int
    rubric: Rubric
    evidence_criteria: tuple[Criterion, ...]
    policy: str
    policy_digest: str
    badges: tuple[MenuEntry, ...]
    commitment: str | None
    nonce: str | None
    draws: tuple[Drawn, ...]
    contributions: tuple[ContributionEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleView:
    """A learning circle; `contexts` are (name, members), the most members first."""

    id: str
    name: str
    purpose: str
    platform: str
    link: str
    contexts: tuple[tuple[str, int], ...]

    @property
    def members(self) -> int:
        """How many there are."""
        return sum(count for _, count in self.contexts)


class ActivityRecord:
    """Reads activities. A reader is a person's id, or None for who is no member."""

    def __init__(self, store: ReadingStore, *, origin: str) -> None:
        self._store = store
        self._origin = origin

    def page(self, *, circle: str = "", states: Sequence[str] = (), page: int = 1) -> ActivityPage:
        """One page of activities, those that end last first."""
        with self._store.reader() as reader:
            pages = max(1, -(-reader.count_activities(circle=circle, states=states) // PER_PAGE))
            page = min(max(page, 1), pages)
            rows = reader.activities(
                circle=circle, states=states, first=(page - 1) * PER_PAGE, count=PER_PAGE
            )
            circles = {row.id: row for row in reader.every(CircleRow)}
            return ActivityPage(
                entries=tuple(entries(reader, rows, circles, self._origin)),
                page=page,
                pages=pages,
                circles=tuple((row.id, row.name) for row in circles.values()),
            )

    def path(self, activity_id: str, *, tenant: str | None = None) -> str:
        """Where the page of an activity is. Raises Missing, also for one of another tenant."""
        with self._store.reader() as reader:
            row = reader.find(ActivityRow, activity_id)
            circle = None if row is None else reader.get(CircleRow, row.circle_id)
            if circle is None or tenant not in (None, circle.tenant_id):
                raise Missing("activity", "There is no such activity.")
            return urlsplit(Addresses(self._origin, circle.tenant_id).activity(activity_id)).path

    def circle(self, tenant: str, circle_id: str) -> CircleView:
        """One circle. Raises Missing."""
        with self._store.reader() as reader:
            row = reader.find(CircleRow, circle_id)
            if row is None or row.tenant_id != tenant:
                raise Missing("circle", "There is no such circle.")
            counts = reader.contexts_of(circle_id)
            named = [(reader.get(ContextRow, one).name, counts[one]) for one in counts]
            return CircleView(
                id=row.id,
                name=row.name,
                purpose=row.purpose,
                platform=row.platform,
                link=row.link,
                contexts=tuple(sorted(named, key=lambda pair: (-pair[1], pair[0]))),
            )

    def activity(self, tenant: str, activity_id: str, *, viewer: str | None) -> ActivityView:
        """One activity. Raises Missing."""
        with self._store.reader() as reader:
            row = reader.find(ActivityRow, activity_id)
            circle = None if row is None else reader.get(CircleRow, row.circle_id)
            if row is None or circle is None or circle.tenant_id != tenant:
                raise Missing("activity", "There is no such activity.")
            by = [p for p in reader.participations(row.id) if p.part != Part.PARTICIPANT]
            offered = reader.achievements([o.achievement_id for o in reader.offerings(row.id)])
            names = [m.name for m in reader.members([p.person_id for p in by])]
            handed_in = reader.contributions(row.id)
            (listed,) = entries(reader, [row], {circle.id: circle}, self._origin)
            return ActivityView(
                entry=listed,
                tenant=tenant,
                circle_id=circle.id,
                description=row.description,
                platform=circle.platform,
                context=reader.get(ContextRow, row.context_id).name,
                provider_count=len(by),
                providers=tuple(names) if _is_member(reader, viewer) else (),
                present=reader.present([row.id]).get(row.id, 0),
                rubric=roll.rubric_of(reader, row.rubric_digest),
                evidence_criteria=tuple(_evidence_criteria(reader, offered.values())),
                policy=roll.policy_of(reader, row.policy_digest).title,
                policy_digest=row.policy_digest,
                badges=tuple(entry(badge, self._origin) for badge in offered.values()),
                commitment=row.commitment,
                nonce=row.nonce,
                draws=tuple(_draws(reader, handed_in)) if row.nonce else (),
                contributions=tuple(contributions(reader, handed_in, viewer=viewer)),
            )


def entries(
    reader: Reader, rows: Sequence[ActivityRow], circles: Mapping[str, CircleRow], origin: str
) -> Iterable[ActivityEntry]:
    """Activities as lists show them. No count of an open ballot is ever read."""
    decided = reader.decisions([level_poll(row.id) for row in rows])
    for row in rows:
        circle = circles[row.circle_id]
        url = Addresses(origin, circle.tenant_id).activity(row.id)
        decision = decided.get(level_poll(row.id))
        yield ActivityEntry(
            id=row.id,
            path=urlsplit(url).path,
            title=row.title,
            kind=row.kind,
            circle=circle.name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            state=row.state,
            level_ballot=row.level_ballot,
            result=_level_result(reader, row, decision),
        )


def contributions(
    reader: Reader, rows: Sequence[ContributionRow], *, viewer: str | None
) -> Iterable[ContributionEntry]:
    """Contributions with what was decided on them; names for members only."""
    polls = {row.id: panel_poll(row.id, row.revision) for row in rows}
    decided = reader.decisions(list(polls.values()))
    badges = reader.achievements({row.achievement_id for row in rows})
    stopped = without_panel(reader, rows)
    names: dict[str, str] = {}
    if _is_member(reader, viewer):
        names = {m.person_id: m.name for m in reader.members({row.author_id for row in rows})}
    for row in rows:
        badge = badges[row.achievement_id]
        decision = decided.get(polls[row.id])
        rubric = roll.rubric_of(reader, badge.rubric_digest)
        yield ContributionEntry(
            id=row.id,
            badge=badge.name,
            author=names.get(row.author_id, ""),
            is_own=row.author_id == viewer,
            state=BELOW_LEVEL if row.id in stopped else row.state,
            revision=row.revision,
            result=None if decision is None else read_result(decision, rubric),
        )


def without_panel(reader: Reader, rows: Sequence[ContributionRow]) -> frozenset[str]:
    """Those contributions that no panel will see, because their activity was not at the level."""
    waiting = [row for row in rows if row.state == ContributionState.HANDED_IN]
    decided = reader.decisions([level_poll(row.activity_id) for row in waiting])
    below = {poll for poll, one in decided.items() if one.outcome != LevelOutcome.AT_LEVEL}
    return frozenset(row.id for row in waiting if level_poll(row.activity_id) in below)


def _evidence_criteria(reader: Reader, badges: Iterable[AchievementRow]) -> Iterable[Criterion]:
    digests = dict.fromkeys(badge.rubric_digest for badge in badges)
    for digest in digests:
        yield from roll.rubric_of(reader, digest).criteria


def _level_result(reader: Reader, row: ActivityRow, decision: DecisionRow | None) -> Result | None:
    if decision is None or row.state == ActivityState.OPEN:
        return None
    return read_result(decision, roll.rubric_of(reader, row.rubric_digest))


def _draws(reader: Reader, rows: Sequence[ContributionRow]) -> Iterable[Drawn]:
    for panel in reader.panels([row.id for row in rows]):
        pieces = reader.evidence(panel.contribution_id, panel.revision)
        yield Drawn(
            contribution=panel.contribution_id,
            evidence=tuple(sorted(piece.digest for piece in pieces)),
            seed=panel.seed,
        )


def _is_member(reader: Reader, viewer: str | None) -> bool:
    return viewer is not None and reader.find(MemberRow, viewer) is not None
