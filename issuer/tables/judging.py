"""Tables of activities, what members handed in, and how it was judged."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.store import Instant
from issuer.tables.base import Base
from issuer.tables.community import (
    AchievementRow,
    CircleRow,
    ContextRow,
    MemberRow,
    RuleRow,
    TenantRow,
)


class ActivityRow(Base):
    """What a circle does together.

    Without a `level_ballot` it gathers portfolios of informal or prior learning, which a panel
    alone judges. `commitment` is the published hash of the lottery's nonce; the nonce itself and
    the private key of the ballot box are kept sealed. `nonce` is published at the finish.
    """

    __tablename__ = "issuer_activity"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    circle_id: Mapped[str] = mapped_column(ForeignKey(CircleRow.id), index=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(40))
    context_id: Mapped[str] = mapped_column(ForeignKey(ContextRow.id))
    level_ballot: Mapped[bool]
    starts_at: Mapped[datetime] = mapped_column(Instant)
    ends_at: Mapped[datetime] = mapped_column(Instant)
    state: Mapped[str] = mapped_column(String(20))
    policy_digest: Mapped[str] = mapped_column(ForeignKey(RuleRow.digest))
    rubric_digest: Mapped[str] = mapped_column(ForeignKey(RuleRow.digest))
    commitment: Mapped[str | None] = mapped_column(String(64), default=None)
    sealed_nonce: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    nonce: Mapped[str | None] = mapped_column(String(64), default=None)
    ballot_public_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    sealed_ballot_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)


class OfferingRow(Base):
    """A badge that an activity can lead to, for participants or for those who provided it."""

    __tablename__ = "issuer_offering"

    activity_id: Mapped[str] = mapped_column(ForeignKey(ActivityRow.id), primary_key=True)
    achievement_id: Mapped[str] = mapped_column(ForeignKey(AchievementRow.id), primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)


class ParticipationRow(Base):
    """A member's part in an activity; nothing counts before attendance is confirmed."""

    __tablename__ = "issuer_participation"

    activity_id: Mapped[str] = mapped_column(ForeignKey(ActivityRow.id), primary_key=True)
    person_id: Mapped[str] = mapped_column(
        ForeignKey(MemberRow.person_id), primary_key=True, index=True
    )
    part: Mapped[str] = mapped_column(String(20))
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ContributionRow(Base):
    """What one member hands in for one badge; `credential_id` is the badge it may become."""

    __tablename__ = "issuer_contribution"
    __table_args__ = (UniqueConstraint("activity_id", "author_id", "achievement_id"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    activity_id: Mapped[str] = mapped_column(ForeignKey(ActivityRow.id), index=True)
    author_id: Mapped[str] = mapped_column(ForeignKey(MemberRow.person_id), index=True)
    achievement_id: Mapped[str] = mapped_column(ForeignKey(AchievementRow.id))
    credential_id: Mapped[str] = mapped_column(String(36), unique=True)
    co_authors: Mapped[list[str]]
    role: Mapped[str] = mapped_column(String(20))
    revision: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    handed_in_at: Mapped[datetime] = mapped_column(Instant)


class EvidenceRow(Base):
    """One piece of evidence as handed in, byte for byte; `digest` is its digestMultibase."""

    __tablename__ = "issuer_evidence"

    contribution_id: Mapped[str] = mapped_column(ForeignKey(ContributionRow.id), primary_key=True)
    revision: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    genre: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    # Read only where it is shown: whoever votes needs the digests of what may be megabytes.
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, repr=False)


class PanelRow(Base):
    """A panel as drawn: its seed, and everyone in the order of their tickets."""

    __tablename__ = "issuer_panel"
    __table_args__ = (UniqueConstraint("contribution_id", "revision"),)

    poll: Mapped[str] = mapped_column(String(80), primary_key=True)
    contribution_id: Mapped[str] = mapped_column(ForeignKey(ContributionRow.id))
    revision: Mapped[int]
    seed: Mapped[str] = mapped_column(String(64))
    peers: Mapped[list[str]]
    outsiders: Mapped[list[str]]
    excluded: Mapped[dict[str, Any]]
    drawn_at: Mapped[datetime] = mapped_column(Instant)
    due_at: Mapped[datetime] = mapped_column(Instant)


class SeatRow(Base):
    """A judge on a panel; who left did so for a reason that is on record."""

    __tablename__ = "issuer_seat"

    poll: Mapped[str] = mapped_column(ForeignKey(PanelRow.poll), primary_key=True)
    judge_id: Mapped[str] = mapped_column(
        ForeignKey(MemberRow.person_id), primary_key=True, index=True
    )
    outsider: Mapped[bool]
    seated_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    reason: Mapped[str | None] = mapped_column(Text, default=None)


class BallotRow(Base):
    """A judge's signed ballot, sealed to the activity's box; casting again replaces it."""

    __tablename__ = "issuer_ballot"
    __table_args__ = (UniqueConstraint("poll", "judge_id"),)

    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    poll: Mapped[str] = mapped_column(String(80))
    judge_id: Mapped[str] = mapped_column(ForeignKey(MemberRow.person_id), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    cast_at: Mapped[datetime] = mapped_column(Instant)


class BallotRequestRow(Base):
    """A filled-in ballot that waits for its signature; `id` is the SHA-256 of its address."""

    __tablename__ = "issuer_ballot_request"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    kind: Mapped[str] = mapped_column(String(10))
    target: Mapped[str] = mapped_column(String(36))
    activity_id: Mapped[str] = mapped_column(ForeignKey(ActivityRow.id))
    title: Mapped[str] = mapped_column(String(300))
    sealed_claims: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)


class DecisionRow(Base):
    """What a ballot led to (`stage` ballot), or a moderator decided afterwards (moderator)."""

    __tablename__ = "issuer_decision"

    poll: Mapped[str] = mapped_column(String(80), primary_key=True)
    stage: Mapped[str] = mapped_column(String(20), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    tally: Mapped[str] = mapped_column(String(100))
    sentences: Mapped[list[str]]
    levels: Mapped[dict[str, str]]
    overall: Mapped[str] = mapped_column(String(60))
    decided_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(32), default=None)
