"""What the issuer's desk shows: what waits, what was decided, what was awarded, and how it goes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer import roll
from issuer.box import panel_poll
from issuer.decisions import standing
from issuer.lapsing import lapse_of
from issuer.peers.decision import LevelOutcome, PanelOutcome
from issuer.reading.activities import ActivityEntry, entries, without_panel
from issuer.reading.results import Result, Tally, read_result, read_tally
from issuer.reading.store import Awarded, Reader, ReadingStore
from issuer.states import ActivityState, ContributionState
from issuer.tables.community import AchievementRow, CircleRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow, PanelRow
from vc.errors import Conflict, Missing

_RECENT: Final = 12  # decisions; what fits on one screen
_DECIDED_HERE: Final = (ContributionState.MODERATOR, ContributionState.APPEALED)
_FOUND: Final = 50  # awards; more are searched for


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How judging goes, in numbers of activities and contributions; `turnout` is None or 0 to 1."""

    activities: int
    below_level: int
    without_quorum: int
    turnout: float | None
    panels: int
    accepted_at_once: int
    sent_back: int
    moderated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A contribution on which the desk has to act; `votes` of `seats` are in the box.

    `due_at` is when the judges have to have voted, None where no panel sits; from `lapses_at` on
    it may be ended, None where it may not.

    Its author and its judges are not named: who decides on it does not see them.
    """

    contribution: str
    badge: str
    activity: str
    state: str
    revision: int
    since: datetime
    seats: int
    votes: int
    due_at: datetime | None
    lapses_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recent:
    """A decision in the record; `about` says on what."""

    about: str
    is_level: bool
    outcome: str
    tally: Tally
    decided_at: datetime
    stage: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to a credential, when, and why."""

    kind: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardView:
    """An award; `standing` is valid, suspended or revoked."""

    credential: str
    url: str
    badge: str
    member: str
    awarded_at: datetime
    standing: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """The desk at one moment."""

    quality: Quality
    moderation: tuple[Waiting, ...]
    appeals: tuple[Waiting, ...]
    waiting: tuple[Waiting, ...]
    activities: tuple[ActivityEntry, ...]
    recent: tuple[Recent, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    """What an author appealed against, and on which grounds."""

    result: Result
    grounds: str


class DeskRecord:
    """Reads for moderators and administrators."""

    def __init__(self, store: ReadingStore, *, origin: str) -> None:
        self._store = store
        self._origin = origin

    def view(self) -> DeskView:
        """Everything that the desk shows first."""
        with self._store.reader() as reader:
            circles = {row.id: row for row in reader.every(CircleRow)}
            going_on = (ActivityState.PROPOSED, ActivityState.OPEN, ActivityState.CLOSED)
            waiting = tuple(_waiting(reader))
            return DeskView(
                quality=_quality(reader.ballot_decisions()),
                moderation=tuple(w for w in waiting if w.state == ContributionState.MODERATOR),
                appeals=tuple(w for w in waiting if w.state == ContributionState.APPEALED),
                waiting=tuple(w for w in waiting if w.state not in _DECIDED_HERE),
                activities=tuple(
                    entries(reader, reader.activities(states=going_on), circles, self._origin)
                ),
                recent=tuple(_recent(reader)),
            )

    def awards(self, search: str) -> tuple[AwardView, ...]:
        """The newest awards that match the words, without their histories."""
        with self._store.reader() as reader:
            found = reader.awards(search.strip(), count=_FOUND)
            withdrawn = reader.withdrawn([badge.id for _, badge, _ in found])
            return tuple(_award(one, withdrawn.get(one[1].id, frozenset()), ()) for one in found)

    def award(self, credential_id: str) -> AwardView:
        """One award with its history. Raises Missing."""
        with self._store.reader() as reader:
            found = reader.award(credential_id)
            if found is None:
                raise Missing("award", "There is no such award.")
            withdrawn = reader.withdrawn([credential_id]).get(credential_id, frozenset())
            events = [
                Event(kind=e.kind, at=e.at, reason=str(e.detail.get("reason", "")))
                for e in reader.events(credential_id)
            ]
            return _award(found, withdrawn, events)

    def split(self, contribution_id: str) -> Result:
        """What a split panel decided. Raises Missing, Conflict where no moderator is asked."""
        with self._store.reader() as reader:
            row = reader.get(ContributionRow, contribution_id)
            if row.state != ContributionState.MODERATOR:
                raise Conflict("contribution-state", "No moderator was asked for here.")
            poll = panel_poll(row.id, row.revision)
            badge = reader.get(AchievementRow, row.achievement_id)
            decision = reader.get(DecisionRow, poll, "ballot")
            return read_result(decision, roll.rubric_of(reader, badge.rubric_digest))

    def contested(self, contribution_id: str) -> Contested:
        """What is under appeal. Raises Missing, Conflict where nobody appealed."""
        with self._store.reader() as reader:
            row = reader.get(ContributionRow, contribution_id)
            if row.state != ContributionState.APPEALED:
                raise Conflict("contribution-state", "Nobody appealed here.")
            badge = reader.get(AchievementRow, row.achievement_id)
            decision = standing(reader, panel_poll(row.id, row.revision))
            result = read_result(decision, roll.rubric_of(reader, badge.rubric_digest))
            return Contested(result=result, grounds=reader.latest_reason(row.id, "appealed"))


def _waiting(reader: Reader) -> Iterable[Waiting]:
    states = (
        ContributionState.HANDED_IN,
        ContributionState.JUDGED,
        *_DECIDED_HERE,
        ContributionState.ACCEPTED,
        ContributionState.REVISE,
    )
    known = reader.contributions_in(states)
    stopped = without_panel(reader, known)
    rows = [row for row in known if row.id not in stopped]
    badges = reader.achievements({row.achievement_id for row in rows})
    polls = {row.id: panel_poll(row.id, row.revision) for row in rows}
    votes = reader.votes_cast(list(polls.values()))
    for row in rows:
        seats = [seat for seat in reader.seats(polls[row.id]) if seat.left_at is None]
        panel = reader.find(PanelRow, polls[row.id])
        yield Waiting(
            contribution=row.id,
            badge=badges[row.achievement_id].name,
            activity=reader.get(ActivityRow, row.activity_id).title,
            state=row.state,
            revision=row.revision,
            since=row.handed_in_at,
            seats=len(seats),
            votes=votes.get(polls[row.id], 0),
            due_at=None if panel is None else panel.due_at,
            lapses_at=lapse_of(reader, row),
        )


def _quality(decisions: Iterable[DecisionRow]) -> Quality:
    rows = list(decisions)
    levels = [row for row in rows if row.poll.startswith("level:")]
    panels = [row for row in rows if row.poll.startswith("panel:")]
    tallies = [read_tally(row.tally) for row in levels]
    eligible = sum(tally.eligible for tally in tallies)
    return Quality(
        activities=len(levels),
        below_level=sum(row.outcome == LevelOutcome.BELOW_LEVEL for row in levels),
        without_quorum=sum(row.outcome == LevelOutcome.NO_QUORUM for row in levels),
        turnout=sum(tally.cast for tally in tallies) / eligible if eligible else None,
        panels=len(panels),
        accepted_at_once=sum(
            row.outcome == PanelOutcome.ACCEPTED and row.poll.endswith(":0") for row in panels
        ),
        sent_back=sum(row.outcome == PanelOutcome.REVISE for row in panels),
        moderated=sum(row.outcome == PanelOutcome.MODERATOR for row in panels),
    )


def _recent(reader: Reader) -> Iterable[Recent]:
    for row in reader.recent_decisions(_RECENT):
        kind, about, *_ = row.poll.split(":")
        is_level = kind == "level"
        yield Recent(
            about=_about(reader, about) if not is_level else reader.get(ActivityRow, about).title,
            is_level=is_level,
            outcome=row.outcome,
            tally=read_tally(row.tally),
            decided_at=row.decided_at,
            stage=row.stage,
        )


def _about(reader: Reader, contribution_id: str) -> str:
    row = reader.get(ContributionRow, contribution_id)
    return reader.get(AchievementRow, row.achievement_id).name


def _award(found: Awarded, withdrawn: frozenset[str], events: Iterable[Event]) -> AwardView:
    award, badge, member = found
    standing = "suspended" if "suspension" in withdrawn else "valid"
    return AwardView(
        credential=badge.id,
        url=badge.url,
        badge=badge.name,
        member=member.name,
        awarded_at=award.awarded_at,
        standing="revoked" if "revocation" in withdrawn else standing,
        events=tuple(events),
    )
