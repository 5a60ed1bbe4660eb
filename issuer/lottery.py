"""Seating panels: the lottery over the community's members, and what is kept of each draw."""

from datetime import datetime, timedelta
from typing import Final

from issuer import box, roll
from issuer.peers import panel
from issuer.peers.activity import Member, Part
from issuer.peers.panel import Case, Draw, Judgement, Redraw
from issuer.peers.policy import Policy
from issuer.states import ActivityState, ContributionState
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
from vc.errors import Conflict, Missing

OVERDUE: Final = "The judge did not vote in time."


class Lottery:
    """Draws panels, and gives a vacated seat to the next ticket. Times are aware UTC."""

    def __init__(self, store: Store, *, seal: Seal) -> None:
        self._store = store
        self._seal = seal

    def draw(self, *, contribution_id: str, now: datetime) -> Draw:
        """Seat a panel for the present revision of a contribution.

        Raises Conflict when it is not waiting for one, when its activity was not found to be at
        the level, or when too few persons may judge.
        """
        with self._store.ledger() as ledger:
            contribution = ledger.hold(ContributionRow, contribution_id)
            if contribution.state != ContributionState.HANDED_IN:
                raise Conflict("contribution-state", f"It is {contribution.state}.")
            activity = ledger.get(ActivityRow, contribution.activity_id)
            _expect_at_level(ledger, activity)
            policy = roll.policy_of(ledger, activity.policy_digest)
            drawn = self._drawn(ledger, contribution, activity, policy, now)
            _keep(ledger, contribution, drawn, policy, now)
            contribution.state = ContributionState.JUDGED
            return drawn

    def replace(self, *, contribution_id: str, judge_id: str, reason: str, now: datetime) -> Redraw:
        """Give the seat of a judge who abstains, is overdue or is in conflict to the next ticket.

        The reason is kept; a ballot that the judge had cast no longer counts. Raises Missing when
        the judge does not sit, Conflict without a reason or when nobody is left in the draw.
        """
        with self._store.ledger() as ledger:
            poll = _judged(ledger, contribution_id)
            change = _redrawn(ledger, poll, judge_id, reason=reason, now=now)
            _give_time(ledger, poll, now)
            return change

    def replace_overdue(self, *, contribution_id: str, now: datetime) -> int:
        """Give the seats of all who have not voted in time to the next tickets; counts them.

        Raises Conflict before the day, and when nobody is left in the draw.
        """
        with self._store.ledger() as ledger:
            poll = _judged(ledger, contribution_id)
            if now < ledger.get(PanelRow, poll).due_at:
                raise Conflict("not-overdue", "The judges still have time.")
            voted = {ballot.judge_id for ballot in ledger.ballots(poll)}
            sitting = [seat.judge_id for seat in ledger.seats(poll) if seat.left_at is None]
            late = [judge for judge in sitting if judge not in voted]
            for judge in late:
                _redrawn(ledger, poll, judge, reason=OVERDUE, now=now)
            _give_time(ledger, poll, now)
            return len(late)

    def _drawn(
        self,
        ledger: Ledger,
        contribution: ContributionRow,
        activity: ActivityRow,
        policy: Policy,
        now: datetime,
    ) -> Draw:
        if activity.sealed_nonce is None:
            raise Conflict("activity-state", "The activity was never opened.")
        nonce = self._seal.open(activity.sealed_nonce, purpose=f"lottery {activity.id}")
        evidence = ledger.evidence(contribution.id, contribution.revision)
        rows = [row for row in ledger.every(MemberRow) if row.did is not None]
        everyone = roll.members(ledger, rows)
        case = _case(ledger, contribution)
        peers, others = _candidates(ledger, activity, everyone)
        return panel.draw(
            seed=panel.draw_seed(
                nonce,
                contribution=contribution.id,
                evidence=[piece.digest for piece in evidence],
            ),
            case=case,
            peers=peers,
            others=others,
            history=_history(ledger, case, policy, now),
            policy=policy,
            now=now,
            former=_former(ledger, contribution),
        )


def _judged(ledger: Ledger, contribution_id: str) -> str:
    """The poll of a contribution whose panel sits, held. Raises Conflict."""
    contribution = ledger.hold(ContributionRow, contribution_id)
    if contribution.state != ContributionState.JUDGED:
        raise Conflict("contribution-state", f"It is {contribution.state}.")
    return box.panel_poll(contribution_id, contribution.revision)


def _redrawn(ledger: Ledger, poll: str, judge_id: str, *, reason: str, now: datetime) -> Redraw:
    row, seats = ledger.get(PanelRow, poll), ledger.seats(poll)
    seat = next((s for s in seats if s.judge_id == judge_id and s.left_at is None), None)
    if seat is None:
        raise Missing("seat", "This member does not sit on the panel.")
    change = panel.redraw(
        peers=row.peers,
        outsiders=row.outsiders,
        left=judge_id,
        reason=reason,
        used=[*(s.judge_id for s in seats), *_in_conflict(ledger, row)],
    )
    seat.left_at, seat.reason = now, reason
    ledger.discard_ballot(poll, judge_id=judge_id)
    ledger.add(
        SeatRow(
            poll=poll,
            judge_id=change.taken_by.judge,
            outsider=change.taken_by.outsider,
            seated_at=now,
        )
    )
    ledger.log("seat-redrawn", about=poll, at=now, reason=reason)
    return change


def _in_conflict(ledger: Ledger, drawn: PanelRow) -> frozenset[str]:
    """Whoever is in conflict with an author by now, whichever of them declared it."""
    contribution = ledger.get(ContributionRow, drawn.contribution_id)
    authors = {contribution.author_id, *contribution.co_authors}
    declared = ledger.conflicts([*authors, *drawn.peers, *drawn.outsiders])
    pairs = [{row.person_id, row.other_id} for row in declared]
    return frozenset(person for pair in pairs if pair & authors for person in pair - authors)


def _give_time(ledger: Ledger, poll: str, now: datetime) -> None:
    """A judge who comes late has the whole time, and the panel with them."""
    row = ledger.get(PanelRow, poll)
    contribution = ledger.get(ContributionRow, row.contribution_id)
    activity = ledger.get(ActivityRow, contribution.activity_id)
    days = roll.policy_of(ledger, activity.policy_digest).panel.days_to_judge
    row.due_at = now + timedelta(days=days)


def _case(ledger: Ledger, contribution: ContributionRow) -> Case:
    """The case; who is of the author's own circle is a peer, wherever the activity was held."""
    authors = [contribution.author_id, *contribution.co_authors]
    known = roll.members(ledger, ledger.members(authors))
    achievement = ledger.get(AchievementRow, contribution.achievement_id)
    return Case(
        contribution=contribution.id,
        authors=tuple(known.values()),
        circle=known[contribution.author_id].circle,
        rubric=roll.rubric_of(ledger, achievement.rubric_digest).id,
    )


def _candidates(
    ledger: Ledger, activity: ActivityRow, everyone: dict[str, Member]
) -> tuple[list[Member], list[Member]]:
    """Who took part and did not provide, and all others; for a portfolio everyone took part."""
    parts = {part.person_id: part for part in ledger.participations(activity.id)}
    makers = {person for person, part in parts.items() if part.part != Part.PARTICIPANT}
    present = {person for person, part in parts.items() if part.confirmed_at}
    if not activity.level_ballot:
        present = set(everyone)
    free = {person: member for person, member in everyone.items() if person not in makers}
    peers = [member for person, member in free.items() if person in present]
    return peers, [member for person, member in free.items() if person not in present]


def _history(ledger: Ledger, case: Case, policy: Policy, now: datetime) -> list[Judgement]:
    rule = policy.independence
    since = now - timedelta(days=max(rule.within_days, rule.no_judging_back_within_days))
    authors = [author.person for author in case.authors]
    return [
        Judgement(judge=seat.judge_id, author=author, contribution=judged.id, at=seat.seated_at)
        for seat, judged in ledger.judgements_about(authors, since=since)
        for author in (judged.author_id, *judged.co_authors)
    ]


def _former(ledger: Ledger, contribution: ContributionRow) -> list[str]:
    if contribution.revision == 0:
        return []
    before = box.panel_poll(contribution.id, contribution.revision - 1)
    return [seat.judge_id for seat in ledger.seats(before) if seat.left_at is None]


def _expect_at_level(ledger: Ledger, activity: ActivityRow) -> None:
    if not activity.level_ballot:
        return
    if activity.state != ActivityState.CLOSED:
        raise Conflict("activity-state", "The participants have not decided on the activity yet.")
    decision = ledger.get(DecisionRow, box.level_poll(activity.id), "ballot")
    if decision.outcome != "at_level":
        sentence = "The participants did not find the activity at the level; it can be repeated."
        raise Conflict("below-level", sentence)


def _keep(
    ledger: Ledger, contribution: ContributionRow, drawn: Draw, policy: Policy, now: datetime
) -> None:
    poll = box.panel_poll(contribution.id, contribution.revision)
    ledger.add(
        PanelRow(
            poll=poll,
            contribution_id=contribution.id,
            revision=contribution.revision,
            seed=drawn.seed,
            peers=list(drawn.peers),
            outsiders=list(drawn.outsiders),
            excluded={entry.member.person: list(entry.reasons) for entry in drawn.excluded},
            drawn_at=now,
            due_at=now + timedelta(days=policy.panel.days_to_judge),
        )
    )
    ledger.add(
        *(
            SeatRow(poll=poll, judge_id=seat.judge, outsider=seat.outsider, seated_at=now)
            for seat in drawn.seats
        )
    )
    ledger.log("panel-drawn", about=contribution.id, at=now, poll=poll, seed=drawn.seed)
