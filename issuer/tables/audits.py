"""Tables of the audit of decisions, and the questions asked of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, Select, String, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from accounts.store import Instant
from issuer.tables.base import Base
from issuer.tables.community import CircleRow, RuleRow
from issuer.tables.credentials import AwardRow, raised
from issuer.tables.judging import ActivityRow, ContributionRow, PanelRow, SeatRow
from issuer.tables.rows import Rows


class AuditRow(Base):
    """The audit of what a circle awarded from `begins` to the day before `ends`.

    `badges` counts them; the sample follows from `seed`. `widened_at` is when so many of it were
    overturned that everything by the same judges is audited too.
    """

    __tablename__ = "issuer_audit"
    __table_args__ = (UniqueConstraint("circle_id", "begins"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    circle_id: Mapped[str] = mapped_column(ForeignKey(CircleRow.id))
    begins: Mapped[date]
    ends: Mapped[date]
    policy_digest: Mapped[str] = mapped_column(ForeignKey(RuleRow.digest))
    badges: Mapped[int]
    seed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    widened_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class AuditedRow(Base):
    """One badge under audit, from the sample or because of its judges, and what was found."""

    __tablename__ = "issuer_audited"

    audit_id: Mapped[str] = mapped_column(ForeignKey(AuditRow.id), primary_key=True)
    contribution_id: Mapped[str] = mapped_column(
        ForeignKey(AwardRow.contribution_id), primary_key=True, index=True
    )
    sampled: Mapped[bool]
    outcome: Mapped[str | None] = mapped_column(String(20), default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)
    decided_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    decided_by: Mapped[str | None] = mapped_column(String(32), default=None)


class Audits(Rows):
    """The questions that an audit asks of the tables."""

    def awards_between(
        self, circle_id: str, *, since: datetime, until: datetime
    ) -> Sequence[AwardRow]:
        """What a circle awarded from `since` until before `until`, and was not revoked."""
        query = _in_force().where(
            ActivityRow.circle_id == circle_id,
            AwardRow.awarded_at >= since,
            AwardRow.awarded_at < until,
        )
        return self._session.scalars(query.order_by(AwardRow.contribution_id)).all()

    def awards_judged_by(self, judges: Collection[str]) -> Sequence[AwardRow]:
        """What panels with any of the judges let pass, was not revoked, and never audited."""
        judged = (
            select(PanelRow.contribution_id)
            .join(SeatRow, SeatRow.poll == PanelRow.poll)
            .where(SeatRow.judge_id.in_(judges), SeatRow.left_at.is_(None))
            .where(PanelRow.revision == ContributionRow.revision)
        )
        query = _in_force().where(
            AwardRow.contribution_id.in_(judged.correlate(ContributionRow)),
            AwardRow.contribution_id.not_in(select(AuditedRow.contribution_id)),
        )
        return self._session.scalars(query.order_by(AwardRow.contribution_id)).all()

    def awards_by_circle(self) -> Sequence[tuple[str, datetime]]:
        """The circle and the time of every award that was not revoked."""
        query = _in_force().with_only_columns(ActivityRow.circle_id, AwardRow.awarded_at)
        return [(circle, at) for circle, at in self._session.execute(query)]

    def audits(self, circle_id: str = "") -> Sequence[AuditRow]:
        """The audits of a circle, or of all, the latest period first."""
        query = select(AuditRow).order_by(AuditRow.begins.desc(), AuditRow.circle_id)
        if circle_id:
            query = query.where(AuditRow.circle_id == circle_id)
        return self._session.scalars(query).all()

    def audited(self, audit_id: str) -> Sequence[AuditedRow]:
        """The badges of an audit."""
        query = select(AuditedRow).where(AuditedRow.audit_id == audit_id)
        return self._session.scalars(query.order_by(AuditedRow.contribution_id)).all()

    def finding(self, contribution_id: str) -> AuditedRow | None:
        """The audit of a badge, whether something was found already or not."""
        query = select(AuditedRow).where(AuditedRow.contribution_id == contribution_id)
        return self._session.scalars(query.order_by(AuditedRow.decided_at.desc()).limit(1)).first()

    def is_under_audit(self, contribution_id: str) -> bool:
        """Whether a badge waits for its audit."""
        query = _waiting().where(AuditedRow.contribution_id == contribution_id)
        return self._session.scalar(query.limit(1)) is not None

    def awards_are_held(self) -> bool:
        """Whether any audit that was widened still has badges that wait."""
        query = _waiting().join(AuditRow).where(AuditRow.widened_at.is_not(None))
        return self._session.scalar(query.limit(1)) is not None


def _in_force() -> Select[AwardRow]:
    return (
        select(AwardRow)
        .join(ContributionRow, ContributionRow.id == AwardRow.contribution_id)
        .join(ActivityRow, ActivityRow.id == ContributionRow.activity_id)
        .where(AwardRow.credential_id.not_in(raised("revocation")))
    )


def _waiting() -> Select[str]:
    return select(AuditedRow.contribution_id).where(AuditedRow.outcome.is_(None))
