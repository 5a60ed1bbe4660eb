"""The board's tables. Rows are added to, never taken away: who did what, when and why stays."""

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.store import Instant
from degree.tables import Base as Base  # others have it from here, with all its tables
from degree.tables import DecisionRow


class ExceptionRow(Base):
    """What was granted to, or said of, one member in one programme.

    `said` is its part of the member's wallet (learnometer-records/1). It is the member's in that
    programme, whichever badges they show: otherwise one would be rid of a "no" by applying again.
    """

    __tablename__ = "degree_exception"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(Text)
    # By whose authority and on what ground, where the part itself has no place for it.
    authority: Mapped[str] = mapped_column(String(200), default="")
    clause: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    entered_by: Mapped[str] = mapped_column(String(32))
    entered_by_name: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    confirmed_by_name: Mapped[str | None] = mapped_column(String(200), default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    withdrawn_by: Mapped[str | None] = mapped_column(String(32), default=None)
    withdrawn_by_name: Mapped[str | None] = mapped_column(String(200), default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    withdrawn_why: Mapped[str | None] = mapped_column(Text, default=None)


class QualityRow(Base):
    """What issuers said of the badges that a decision counts (degree/board/quality.py)."""

    __tablename__ = "degree_quality"

    decision_id: Mapped[str] = mapped_column(ForeignKey(DecisionRow.id), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    told: Mapped[str] = mapped_column(Text)


class ApprovalRow(Base):
    """One person's approval of one decision, in one of the two capacities.

    `signature` is the passkey's, over the digest of the decision record (accounts.approval).
    """

    __tablename__ = "degree_approval"
    __table_args__ = (
        UniqueConstraint("decision_id", "role"),
        UniqueConstraint("decision_id", "person_id"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey(DecisionRow.id))
    role: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(200))
    approved_at: Mapped[datetime] = mapped_column(Instant)
    signature: Mapped[str] = mapped_column(Text)


class MeetingRow(Base):
    """A meeting of the board: when, where and who, and its minutes until they are closed."""

    __tablename__ = "degree_meeting"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    held_on: Mapped[date] = mapped_column(Date)
    place: Mapped[str] = mapped_column(String(200))
    chair: Mapped[str] = mapped_column(String(200))
    called_by: Mapped[str] = mapped_column(String(32))
    called_by_name: Mapped[str] = mapped_column(String(200))
    called_at: Mapped[datetime] = mapped_column(Instant)
    present: Mapped[str] = mapped_column(Text, default="")
    apologies: Mapped[str] = mapped_column(Text, default="")
    other_business: Mapped[str] = mapped_column(Text, default="")
    closed_by: Mapped[str | None] = mapped_column(String(32), default=None)
    closed_by_name: Mapped[str | None] = mapped_column(String(200), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    items: Mapped[list["ItemRow"]] = relationship(order_by="ItemRow.number", lazy="selectin")


class ItemRow(Base):
    """A case on the agenda of a meeting, once, and what the board resolved of it.

    `decision_id` is the audit that the board had before it: the one when the case was put on the
    agenda, then the one when it was minuted.
    """

    __tablename__ = "degree_meeting_item"
    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        UniqueConstraint("meeting_id", "person_id", "programme"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey(MeetingRow.id))
    number: Mapped[int]
    person_id: Mapped[str] = mapped_column(String(32))
    programme: Mapped[str] = mapped_column(String(80))
    decision_id: Mapped[str] = mapped_column(ForeignKey(DecisionRow.id))
    resolution: Mapped[str] = mapped_column(String(20), default="")
    minute: Mapped[str] = mapped_column(Text, default="")
    minuted_by: Mapped[str | None] = mapped_column(String(32), default=None)
    minuted_by_name: Mapped[str | None] = mapped_column(String(200), default=None)
    minuted_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
