"""The degree office's tables: requests, applications, decisions, conferrals, papers, events."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from accounts.store import Instant

DEGREE = "degree"
TRANSCRIPT = "transcript"
WITHDRAWAL = "withdrawal"
CORRECTION = "correction"


class Base(DeclarativeBase):
    """The tables with the prefix degree_."""


class RulesetRow(Base):
    """A programme file by its digest: a decision is defended with the very text that it applied."""

    __tablename__ = "degree_ruleset"

    digest: Mapped[str] = mapped_column(String(80), primary_key=True)
    source: Mapped[str] = mapped_column(Text)
    kept_at: Mapped[datetime] = mapped_column(Instant)


class RequestRow(Base):
    """An OpenID4VP request of a member to the member's own wallet; it is answered once."""

    __tablename__ = "degree_request"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(200))
    programme: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class ApplicationRow(Base):
    """Badges as they were presented, and the records that they came to when last verified.

    It is the member's own once the browser of the one who asked has come back with the answer's
    code (`claimed_at`); the code is kept as its SHA-256.
    """

    __tablename__ = "degree_application"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(ForeignKey(RequestRow.state), unique=True)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(200))
    holder: Mapped[str] = mapped_column(String(200), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    code_digest: Mapped[str] = mapped_column(String(64), unique=True)
    registered: Mapped[date] = mapped_column(Date)
    received_at: Mapped[datetime] = mapped_column(Instant)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    # About 20,000 characters a badge: read only where they are verified again.
    credentials: Mapped[str] = mapped_column(Text, deferred=True)
    records: Mapped[str] = mapped_column(Text)
    not_records: Mapped[str] = mapped_column(Text)


class HolderRow(Base):
    """Whose a wallet is: the member's who first came back with an answer of it."""

    __tablename__ = "degree_holder"

    holder: Mapped[str] = mapped_column(String(200), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32))


class DecisionRow(Base):
    """One audit: by which version of the programme, with which outcome, and its decision record."""

    __tablename__ = "degree_decision"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    application_id: Mapped[str] = mapped_column(ForeignKey(ApplicationRow.id), index=True)
    ruleset: Mapped[str] = mapped_column(ForeignKey(RulesetRow.digest))
    version: Mapped[str] = mapped_column(String(80))
    answer: Mapped[str] = mapped_column(String(20))
    earned: Mapped[str | None] = mapped_column(String(80))
    record: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = mapped_column(Instant, index=True)


class ConferralRow(Base):
    """An award given to a person, once while it stands.

    It is the university's to finish while a paper of it waits to be signed or revoked.
    """

    __tablename__ = "degree_conferral"
    __table_args__ = (
        Index(
            "degree_conferral_standing",
            "person_id",
            "programme",
            "award",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey(DecisionRow.id), unique=True)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    programme: Mapped[str] = mapped_column(String(80))
    award: Mapped[str] = mapped_column(String(80))
    conferred_by: Mapped[str] = mapped_column(String(32))
    conferred_at: Mapped[datetime] = mapped_column(Instant)
    # When the last paper of a withdrawn award was revoked: only then are its badges free.
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    papers: Mapped[list["PaperRow"]] = relationship(
        order_by="PaperRow.edition, PaperRow.number", lazy="selectin", cascade="all, delete-orphan"
    )
    amendments: Mapped[list["AmendmentRow"]] = relationship(
        order_by="AmendmentRow.edition", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def edition(self) -> int:
        """The edition of its papers that holds: one more for each correction."""
        return max(paper.edition for paper in self.papers)

    @property
    def current(self) -> list["PaperRow"]:
        """The papers of the edition that holds, in their order: the degree first."""
        return [paper for paper in self.papers if paper.edition == self.edition]

    @property
    def withdrawal(self) -> "AmendmentRow | None":
        """The registrar's withdrawal of it, whether the university has carried it out or not."""
        return next((one for one in self.amendments if one.kind == WITHDRAWAL), None)

    @property
    def to_sign(self) -> list["PaperRow"]:
        """The papers that the university has not signed yet."""
        return [] if self.withdrawal else [one for one in self.current if one.signed_at is None]

    @property
    def to_revoke(self) -> list["PaperRow"]:
        """The papers that hold no more, and that the university has not revoked yet."""
        dead = self.papers if self.withdrawal else self.papers[: -len(self.current)]
        return [paper for paper in dead if paper.revoked_at is None]

    @property
    def is_carried_out(self) -> bool:
        """Whether the university has nothing left to do for it."""
        return not (self.to_sign or self.to_revoke)


class PaperRow(Base):
    """A credential that the university signs of an award, under an id that follows from the row's.

    `signed` is its text; a paper is one of its kind and number in each edition.
    """

    __tablename__ = "degree_paper"
    __table_args__ = (UniqueConstraint("conferral_id", "edition", "number"),)

    credential_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    conferral_id: Mapped[str] = mapped_column(ForeignKey(ConferralRow.id))
    edition: Mapped[int]
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    signed_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    # A transcript has some 300,000 characters.
    signed: Mapped[str | None] = mapped_column(Text, deferred=True, default=None)


class AmendmentRow(Base):
    """What a registrar did to an award after it was conferred, and why: nothing is deleted.

    A correction brings a new edition of the papers, with the holder's `name` as it is from then
    on; a withdrawal revokes them all. `decided_on` is when `authority` decided it.
    """

    __tablename__ = "degree_amendment"
    __table_args__ = (UniqueConstraint("conferral_id", "edition"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conferral_id: Mapped[str] = mapped_column(ForeignKey(ConferralRow.id))
    edition: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text)
    authority: Mapped[str] = mapped_column(String(300))
    decided_on: Mapped[date] = mapped_column(Date)
    made_by: Mapped[str] = mapped_column(String(32))
    made_by_name: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(Instant, index=True)


class EventRow(Base):
    """What somebody did, in order: added to, never changed.

    `about` is a case (`case_of`) or a meeting of the board.
    """

    __tablename__ = "degree_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(120), index=True)
    by: Mapped[str] = mapped_column(String(32))
    by_name: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)


def case_of(application: ApplicationRow) -> str:
    """The name of a case in the log: one member's in one programme, whatever they applied with."""
    return f"{application.programme}/{application.person_id}"
