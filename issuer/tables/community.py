"""Tables of the community: circles, members, the menu, and the rules by digest."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from accounts.store import Instant
from issuer.tables.base import Base


class TenantRow(Base):
    """One issuer of this service, with its own DID and key."""

    __tablename__ = "issuer_tenant"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    did: Mapped[str] = mapped_column(String(300), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)


class ContextRow(Base):
    """A country, sector or phase from which members come."""

    __tablename__ = "issuer_context"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class CircleRow(Base):
    """A learning circle; it meets on a `platform` of its own choice, at `link`."""

    __tablename__ = "issuer_circle"

    id: Mapped[str] = mapped_column(String(60), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(Text)
    platform: Mapped[str] = mapped_column(String(200))
    link: Mapped[str] = mapped_column(String(500))


class MemberRow(Base):
    """A member of a circle. `did` is the key of the member's wallet, once it is bound."""

    __tablename__ = "issuer_member"

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    circle_id: Mapped[str] = mapped_column(ForeignKey(CircleRow.id), index=True)
    context_id: Mapped[str] = mapped_column(ForeignKey(ContextRow.id))
    joined_on: Mapped[date]
    identity_confirmed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    line_manager: Mapped[str | None] = mapped_column(String(32), default=None)
    did: Mapped[str | None] = mapped_column(String(120), unique=True, default=None)


class CalibrationRow(Base):
    """A member passed the calibration items of a rubric (named without its version)."""

    __tablename__ = "issuer_calibration"

    person_id: Mapped[str] = mapped_column(ForeignKey(MemberRow.person_id), primary_key=True)
    rubric: Mapped[str] = mapped_column(String(80), primary_key=True)
    passed_at: Mapped[datetime] = mapped_column(Instant)


class ConflictRow(Base):
    """A member declared a conflict of interest with another; it binds both."""

    __tablename__ = "issuer_conflict"

    person_id: Mapped[str] = mapped_column(ForeignKey(MemberRow.person_id), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey(MemberRow.person_id), primary_key=True)
    declared_at: Mapped[datetime] = mapped_column(Instant)


class RuleRow(Base):
    """One version of a policy or rubric, byte for byte, under its digest."""

    __tablename__ = "issuer_rule"
    __table_args__ = (UniqueConstraint("kind", "name", "version"),)

    digest: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[str] = mapped_column(String(40))
    content: Mapped[str] = mapped_column(Text)


class AchievementRow(Base):
    """One badge of the menu; `level` is its FHEQ level.

    `alignments` place it in frameworks: each has framework, code, name and url.
    """

    __tablename__ = "issuer_achievement"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    tenant_id: Mapped[str] = mapped_column(ForeignKey(TenantRow.id))
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text)
    achievement_type: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    credits_tenths: Mapped[int]
    tags: Mapped[list[str]]
    alignments: Mapped[list[dict[str, str]]]
    rubric_digest: Mapped[str] = mapped_column(ForeignKey(RuleRow.digest))
