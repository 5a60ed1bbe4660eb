"""What the degree office keeps: requests, applications, decisions and conferrals."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, Text, UniqueConstraint, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from accounts.store import Instant
from vc.errors import Conflict, Missing


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
    """An award given to a person, once. `credential_id` is None until the university has signed."""

    __tablename__ = "degree_conferral"
    __table_args__ = (UniqueConstraint("person_id", "programme", "award"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    decision_id: Mapped[str] = mapped_column(ForeignKey(DecisionRow.id), index=True)
    person_id: Mapped[str] = mapped_column(String(32))
    programme: Mapped[str] = mapped_column(String(80))
    award: Mapped[str] = mapped_column(String(80))
    credential_id: Mapped[str | None] = mapped_column(String(300), default=None)
    conferred_by: Mapped[str] = mapped_column(String(32))
    conferred_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True, slots=True)
class Case:
    """An application with its latest decision, and the award it led to, as a list shows it."""

    application: ApplicationRow
    decision: DecisionRow
    conferral: ConferralRow | None


class Store:
    """The office's tables, in transactions."""

    def __init__(self, sessions: sessionmaker[Session]) -> None:
        self._sessions = sessions

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: committed at the end, or rolled back whole when an error leaves it."""
        with self._sessions.begin() as session:
            yield Ledger(session)


class Ledger:
    """What can be read and written within one transaction. Rows stay readable after it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: Base) -> None:
        """Keep a new row."""
        self._session.add(row)
        self._session.flush()

    def keep_ruleset(self, digest: str, *, source: str, now: datetime) -> None:
        """Keep a programme file, unless it is kept already."""
        if self._session.get(RulesetRow, digest) is None:
            self.add(RulesetRow(digest=digest, source=source, kept_at=now))

    def ruleset(self, digest: str) -> str:
        """The programme file with this digest. Raises Missing."""
        row = self._session.get(RulesetRow, digest)
        if row is None:
            raise Missing("ruleset", "No programme with this digest was ever applied here.")
        return row.source

    def request(self, state: str) -> RequestRow | None:
        """The request with this state."""
        return self._session.get(RequestRow, state)

    def use_request(self, state: str, *, now: datetime) -> bool:
        """Mark an open request as answered; False when it is not open any more."""
        spent = self._session.execute(
            update(RequestRow)
            .where(
                RequestRow.state == state,
                RequestRow.used_at.is_(None),
                RequestRow.expires_at > now,
            )
            .values(used_at=now)
            .returning(RequestRow.state)
        )
        return spent.first() is not None

    def application(self, application_id: str) -> ApplicationRow:
        """The application. Raises Missing."""
        row = self._session.get(ApplicationRow, application_id)
        if row is None:
            raise Missing("application", "There is no such application.")
        return row

    def credentials(self, application_id: str) -> str:
        """The presented credentials as a JSON list. Raises Missing."""
        return self.application(application_id).credentials

    def application_by_code(self, code_digest: str) -> ApplicationRow | None:
        """The application that the answer with this code led to."""
        return self._session.scalar(
            select(ApplicationRow).where(ApplicationRow.code_digest == code_digest)
        )

    def person_of(self, holder: str) -> str | None:
        """The person who is known to hold this wallet."""
        return self._session.scalar(
            select(ApplicationRow.person_id)
            .where(ApplicationRow.holder == holder, ApplicationRow.claimed_at.is_not(None))
            .limit(1)
        )

    def decision(self, decision_id: str) -> DecisionRow:
        """The decision. Raises Missing."""
        row = self._session.get(DecisionRow, decision_id)
        if row is None:
            raise Missing("audit", "There is no such audit.")
        return row

    def latest_decision(self, application_id: str) -> DecisionRow | None:
        """The application's latest decision."""
        return self._session.scalar(
            select(DecisionRow)
            .where(DecisionRow.application_id == application_id)
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
            .limit(1)
        )

    def case(self, decision_id: str) -> Case:
        """A decision with its application and conferral. Raises Missing."""
        decision = self.decision(decision_id)
        conferral = self._session.scalar(
            select(ConferralRow).where(ConferralRow.decision_id == decision.id)
        )
        return Case(self.application(decision.application_id), decision, conferral)

    def latest_case(self, person_id: str) -> Case | None:
        """The person's latest decision."""
        return next(iter(self._cases(person_id)), None)

    def latest_cases(self) -> tuple[Case, ...]:
        """The latest decision about each person, the newest first."""
        latest: dict[str, Case] = {}
        for case in self._cases(None):
            latest.setdefault(case.application.person_id, case)
        return tuple(latest.values())

    def conferral(self, person_id: str, *, programme: str, award: str) -> ConferralRow | None:
        """What was conferred on a person for one award."""
        return self._session.scalar(
            select(ConferralRow).where(
                ConferralRow.person_id == person_id,
                ConferralRow.programme == programme,
                ConferralRow.award == award,
            )
        )

    def conferrals(self, person_id: str) -> tuple[tuple[ConferralRow, DecisionRow], ...]:
        """Every award of a person, with the decision that it rests on; the oldest first."""
        rows = self._session.execute(
            select(ConferralRow, DecisionRow)
            .join(DecisionRow, ConferralRow.decision_id == DecisionRow.id)
            .where(ConferralRow.person_id == person_id)
            .order_by(ConferralRow.conferred_at, ConferralRow.id)
        )
        return tuple((conferral, decision) for conferral, decision in rows)

    def reserve(self, conferral: ConferralRow) -> None:
        """Keep a new conferral. Raises Conflict when the person has the award already."""
        try:
            self.add(conferral)
        except IntegrityError as error:
            sentence = "This award was conferred on this person before."
            raise Conflict("conferred", sentence) from error

    def release(self, conferral_id: str) -> None:
        """Forget a conferral that the university refused to sign."""
        self._session.delete(self._session.get_one(ConferralRow, conferral_id))

    def signed(self, conferral_id: str, *, credential_id: str) -> None:
        """Note the credential that the university signed for a conferral."""
        self._session.get_one(ConferralRow, conferral_id).credential_id = credential_id

    def _cases(self, person_id: str | None) -> list[Case]:
        query = (
            select(ApplicationRow, DecisionRow, ConferralRow)
            .join(DecisionRow, DecisionRow.application_id == ApplicationRow.id)
            .outerjoin(ConferralRow, ConferralRow.decision_id == DecisionRow.id)
            .where(ApplicationRow.claimed_at.is_not(None))
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
        )
        if person_id is not None:
            query = query.where(ApplicationRow.person_id == person_id)
        return [Case(*row) for row in self._session.execute(query)]
