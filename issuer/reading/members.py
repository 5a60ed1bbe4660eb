"""What a member sees of their own: obligations, papers to judge, contributions, badges to fetch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from issuer import roll
from issuer.appeals import appeal_ends
from issuer.box import level_poll
from issuer.peers.activity import Part, who_may_judge_level
from issuer.peers.policy import Policy
from issuer.reading.activities import ActivityEntry, ContributionEntry, contributions, entries
from issuer.reading.menu import MenuEntry, entry
from issuer.reading.store import Reader, ReadingStore
from issuer.states import ActivityState, ContributionState, Role
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, MemberRow
from issuer.tables.judging import ActivityRow, ContributionRow
from vc.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelPaperWaiting:
    """A seat on a panel; `is_cast` says that a ballot lies in the box and can be changed."""

    contribution: str
    badge: str
    activity: str
    due_at: datetime
    is_cast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPaperWaiting:
    """An activity on whose level the member may vote."""

    activity: ActivityEntry
    is_cast: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetchable:
    """A badge of the member; `is_fetched` says that a wallet has asked for it already.

    `renewed_at` is when it was signed anew, so that every older copy of it is dead.
    """

    credential: str
    name: str
    awarded_at: datetime
    is_fetched: bool
    renewed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnContribution:
    """A contribution of the member, with the activity it belongs to.

    `ended_because` is the desk's reason where it lapsed, else empty; `appeal_ends` is until when
    the author can appeal, None where there is nothing to appeal against.
    """

    entry: ContributionEntry
    activity: str
    handed_in_at: datetime
    ended_because: str
    appeal_ends: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """The member's own page. Without a `did` no wallet is bound yet."""

    name: str
    circle: str
    context: str
    joined_on: date
    did: str | None
    engaged: tuple[tuple[str, ActivityEntry], ...]
    contributions: tuple[OwnContribution, ...]
    panels: tuple[PanelPaperWaiting, ...]
    levels: tuple[LevelPaperWaiting, ...]
    badges: tuple[Fetchable, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What one member may do in one activity, and why not where they may not."""

    part: str
    is_confirmed: bool
    may_join: bool
    may_provide: bool
    may_leave: bool
    may_withdraw: bool
    sees_roll: bool
    may_vote: bool
    has_voted: bool
    reasons: tuple[str, ...]
    may_hand_in: tuple[MenuEntry, ...]


class MemberRecord:
    """Reads what belongs to one member."""

    def __init__(self, store: ReadingStore, *, origin: str) -> None:
        self._store = store
        self._origin = origin

    def policy_in_force(self, today: date) -> Policy:
        """The newest policy in force on a day. Raises Missing."""
        with self._store.reader() as reader:
            return roll.policy_in_force(reader, today)

    def home(self, person_id: str) -> MemberView:
        """The member's own page. Raises Missing for who is no member."""
        with self._store.reader() as reader:
            member = reader.find(MemberRow, person_id)
            if member is None:
                raise Missing("member", "Your account is not that of a member yet.")
            voted = reader.polls_voted_in(person_id)
            engaged = self._engaged(reader, person_id)
            return MemberView(
                name=member.name,
                circle=reader.get(CircleRow, member.circle_id).name,
                context=reader.get(ContextRow, member.context_id).name,
                joined_on=member.joined_on,
                did=member.did,
                engaged=tuple(reversed(engaged)),
                contributions=tuple(_own(reader, person_id)),
                panels=tuple(_panels(reader, person_id, voted)),
                levels=tuple(_levels(reader, person_id, engaged, voted)),
                badges=tuple(_badges(reader, member.did)),
            )

    def standing(self, activity_id: str, person_id: str | None) -> Standing | None:
        """What the reader may do in an activity; None for who is no member."""
        with self._store.reader() as reader:
            if person_id is None or reader.find(MemberRow, person_id) is None:
                return None
            row = reader.get(ActivityRow, activity_id)
            reasons = reasons_against_voting(reader, row, person_id)
            parts = {p.person_id: p for p in reader.participations(activity_id)}
            own = parts.get(person_id)
            is_open = row.state == ActivityState.OPEN
            is_proposed = row.state == ActivityState.PROPOSED
            provides = own is not None and own.part == Part.PROVIDER
            last = provides and sum(p.part == Part.PROVIDER for p in parts.values()) == 1
            is_confirmed = own is not None and own.confirmed_at is not None
            return Standing(
                part="" if own is None else own.part,
                is_confirmed=is_confirmed,
                may_join=is_open and own is None,
                may_provide=is_proposed and own is None,
                may_leave=own is not None
                and not is_confirmed
                and not last
                and (is_proposed or (is_open and not provides)),
                may_withdraw=is_proposed and last,
                sees_roll=provides,
                may_vote=is_open and row.level_ballot and reasons == (),
                has_voted=level_poll(activity_id) in reader.polls_voted_in(person_id),
                reasons=reasons or (),
                may_hand_in=tuple(self._may_hand_in(reader, row, person_id)),
            )

    def contribution(self, contribution_id: str, author_id: str) -> OwnContribution:
        """A contribution of this author. Raises Missing for another's, as for none."""
        with self._store.reader() as reader:
            for own in _own(reader, author_id):
                if own.entry.id == contribution_id:
                    return own
        raise Missing("contribution", "There is no such contribution of yours.")

    def _engaged(self, reader: Reader, person_id: str) -> list[tuple[str, ActivityEntry]]:
        found = reader.engagements(person_id)
        circles = {row.id: row for row in reader.every(CircleRow)}
        listed = entries(reader, [activity for _, activity in found], circles, self._origin)
        return [(part.part, item) for (part, _), item in zip(found, listed, strict=True)]

    def _may_hand_in(self, reader: Reader, row: ActivityRow, person_id: str) -> Iterable[MenuEntry]:
        own = next((p for p in reader.participations(row.id) if p.person_id == person_id), None)
        if own is None or own.confirmed_at is None:
            return
        if row.state not in {ActivityState.OPEN, ActivityState.CLOSED}:
            return
        role = Role.PARTICIPANT if own.part == Part.PARTICIPANT else Role.CO_PROVIDER
        done = {
            c.achievement_id for c in reader.contributions_by(person_id) if c.activity_id == row.id
        }
        ids = {o.achievement_id for o in reader.offerings(row.id) if o.role == role} - done
        for badge in reader.achievements(ids).values():
            yield entry(badge, self._origin)


def reasons_against_voting(
    reader: Reader, row: ActivityRow, person_id: str
) -> tuple[str, ...] | None:
    """Why a member may not vote on an activity's level; None for who did not take part."""
    for one in who_may_judge_level(roll.activity_around(reader, row, person_id)):
        if one.member.person == person_id:
            return one.reasons
    return None


def _own(reader: Reader, person_id: str) -> Iterable[OwnContribution]:
    rows = reader.contributions_by(person_id)
    for row, listed in zip(rows, contributions(reader, rows, viewer=person_id), strict=True):
        yield OwnContribution(
            entry=listed,
            activity=reader.get(ActivityRow, row.activity_id).title,
            handed_in_at=row.handed_in_at,
            ended_because=_ended_because(reader, row),
            appeal_ends=appeal_ends(reader, row),
        )


def _ended_because(reader: Reader, row: ContributionRow) -> str:
    return reader.latest_reason(row.id, "lapsed") if row.state == ContributionState.LAPSED else ""


def _panels(reader: Reader, person_id: str, voted: frozenset[str]) -> Iterable[PanelPaperWaiting]:
    for _, panel in reader.seats_of(person_id):
        contribution = reader.get(ContributionRow, panel.contribution_id)
        if contribution.state != ContributionState.JUDGED:
            continue
        yield PanelPaperWaiting(
            contribution=contribution.id,
            badge=reader.get(AchievementRow, contribution.achievement_id).name,
            activity=reader.get(ActivityRow, contribution.activity_id).title,
            due_at=panel.due_at,
            is_cast=panel.poll in voted,
        )


def _levels(
    reader: Reader,
    person_id: str,
    engaged: Iterable[tuple[str, ActivityEntry]],
    voted: frozenset[str],
) -> Iterable[LevelPaperWaiting]:
    for _, item in engaged:
        if item.state != ActivityState.OPEN or not item.level_ballot:
            continue
        row = reader.get(ActivityRow, item.id)
        if reasons_against_voting(reader, row, person_id) == ():
            yield LevelPaperWaiting(activity=item, is_cast=level_poll(item.id) in voted)


def _badges(reader: Reader, did: str | None) -> Iterable[Fetchable]:
    if did is None:
        return
    rows = reader.credentials_of(did)
    fetched = reader.fetched([row.id for row in rows])
    for row in reversed(rows):
        if row.kind != "MembershipCard":
            yield Fetchable(
                credential=row.id,
                name=row.name,
                awarded_at=row.created_at,
                is_fetched=row.id in fetched,
                renewed_at=row.renewed_at,
            )
