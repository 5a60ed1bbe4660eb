"""What the desk sees of audits: what is due, what waits for a moderator, and what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from issuer import roll
from issuer.peers import audit
from issuer.peers.audit import AuditOutcome, Period
from issuer.reading.store import Reader, ReadingStore
from issuer.tables.audits import AuditedRow, AuditRow
from issuer.tables.community import AchievementRow, CircleRow
from issuer.tables.judging import ActivityRow, ContributionRow
from vc.errors import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A period that is over, in which a circle awarded `badges` that nobody has sampled."""

    circle_id: str
    circle: str
    period: Period
    badges: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderAudit:
    """A badge that waits for a moderator, without its author and its judges."""

    contribution: str
    badge: str
    activity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditView:
    """One audit. `sampled` of `badges` were drawn, `added` because of their judges.

    `bound` is what the sample proves so far, empty before the first finding; `is_held` says
    whether awards wait for it.
    """

    id: str
    circle: str
    period: Period
    badges: int
    sampled: int
    added: int
    overturned: int
    bound: str
    is_held: bool
    waiting: tuple[UnderAudit, ...]


class AuditRecord:
    """Reads audits for moderators and administrators."""

    def __init__(self, store: ReadingStore) -> None:
        self._store = store

    def due(self, today: date) -> tuple[Due, ...]:
        """What can be drawn today, the oldest first."""
        with self._store.reader() as reader:
            awards = reader.awards_by_circle()
            if not awards:
                return ()
            rule = roll.policy_in_force(reader, today).audit
            drawn = {(row.circle_id, row.begins) for row in reader.audits()}
            counted = Counter(
                (audit.period_of(at.date(), rule=rule), circle) for circle, at in awards
            )
            found = [
                Due(
                    circle_id=circle,
                    circle=reader.get(CircleRow, circle).name,
                    period=period,
                    badges=badges,
                )
                for (period, circle), badges in counted.items()
                if period.ends <= today and (circle, period.begins) not in drawn
            ]
            return tuple(sorted(found, key=lambda due: (due.period.begins, due.circle)))

    def audits(self) -> tuple[AuditView, ...]:
        """Every audit, the latest period first."""
        with self._store.reader() as reader:
            return tuple(_view(reader, row) for row in reader.audits())

    def expect_waiting(self, audit_id: str, contribution_id: str) -> None:
        """Raise Missing unless the badge waits for this audit's finding."""
        with self._store.reader() as reader:
            row = reader.find(AuditedRow, audit_id, contribution_id)
            if row is None or row.outcome is not None:
                raise Missing("audit", "There is nothing to audit here.")


def _view(reader: Reader, row: AuditRow) -> AuditView:
    badges = reader.audited(row.id)
    waiting = [one for one in badges if one.outcome is None]
    return AuditView(
        id=row.id,
        circle=reader.get(CircleRow, row.circle_id).name,
        period=Period(begins=row.begins, ends=row.ends),
        badges=row.badges,
        sampled=sum(one.sampled for one in badges),
        added=sum(not one.sampled for one in badges),
        overturned=sum(one.outcome == AuditOutcome.OVERTURNED for one in badges),
        bound=bound_of(reader, row, badges),
        is_held=row.widened_at is not None and bool(waiting),
        waiting=tuple(_under_audit(reader, one) for one in waiting),
    )


def bound_of(reader: Reader, row: AuditRow, badges: Sequence[AuditedRow]) -> str:
    """What an audit proves so far, empty before its first finding.

    Of the sample alone: what was added because of its judges was not drawn by chance.
    """
    findings = [one for one in badges if one.sampled and one.outcome]
    if not findings:
        return ""
    return audit.upper_bound(
        overturned=sum(one.outcome == AuditOutcome.OVERTURNED for one in findings),
        audited=len(findings),
        rule=roll.policy_of(reader, row.policy_digest).audit,
    ).sentence


def _under_audit(reader: Reader, row: AuditedRow) -> UnderAudit:
    contribution = reader.get(ContributionRow, row.contribution_id)
    return UnderAudit(
        contribution=contribution.id,
        badge=reader.get(AchievementRow, contribution.achievement_id).name,
        activity=reader.get(ActivityRow, contribution.activity_id).title,
    )
