"""What the verifier keeps of what it asked wallets: little, and only for minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from accounts.store import Instant

_AT_A_TIME: Final = 200  # questions: whoever asks next waits for no more than these to be deleted


class Base(DeclarativeBase):
    """The tables with the prefix verifier_ that hold what was asked of wallets."""


class Outcome(StrEnum):
    """What became of a question."""

    OPEN = "open"
    SHOWN = "shown"
    DECLINED = "declined"


class QuestionRow(Base):
    """One question of one browser, which proves itself by a cookie; of that the SHA-256 is kept.

    `credentials` is the JSON list of what was shown. A question that was answered on the asker's
    own device waits until the browser comes back with the response code (`returned_at`). At
    `forgotten_at` the row and everything in it is deleted.
    """

    __tablename__ = "verifier_question"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    asker_digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    issuer: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime] = mapped_column(Instant)
    forgotten_at: Mapped[datetime] = mapped_column(Instant, index=True)
    outcome: Mapped[str] = mapped_column(String(10), default=Outcome.OPEN.value)
    answered_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    holder: Mapped[str | None] = mapped_column(Text, default=None)
    credentials: Mapped[str | None] = mapped_column(Text, default=None)
    code_digest: Mapped[str | None] = mapped_column(String(64), default=None)
    needs_return: Mapped[bool] = mapped_column(default=False)
    returned_at: Mapped[datetime | None] = mapped_column(Instant, default=None)


class RequestRow(Base):
    """One way to answer a question: the request behind the QR code, or that behind the button."""

    __tablename__ = "verifier_request"

    state: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    question_id: Mapped[str] = mapped_column(ForeignKey(QuestionRow.id), index=True)
    same_device: Mapped[bool]


class Store:
    """The tables, in transactions."""

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

    def add(self, question: QuestionRow, *requests: RequestRow) -> None:
        """Keep a new question with the ways to answer it."""
        self._session.add(question)
        self._session.flush()
        self._session.add_all(requests)

    def question(self, question_id: str) -> QuestionRow | None:
        """The question with this id."""
        return self._session.get(QuestionRow, question_id)

    def request(self, state: str) -> tuple[RequestRow, QuestionRow] | None:
        """The request with this state, and the question that it asks."""
        query = (
            select(RequestRow, QuestionRow)
            .join(QuestionRow, RequestRow.question_id == QuestionRow.id)
            .where(RequestRow.state == state)
        )
        found = self._session.execute(query).first()
        return (found[0], found[1]) if found else None

    def requests(self, question_id: str) -> dict[bool, RequestRow]:
        """The ways to answer a question, by whether they lead back to the asker's own device."""
        query = select(RequestRow).where(RequestRow.question_id == question_id)
        return {row.same_device: row for row in self._session.scalars(query)}

    def close(self, question_id: str, *, now: datetime, **answer: object) -> bool:
        """Write the answer to an open question; False when it is not open any more.

        Of two answers at the same moment the second finds no open question.
        """
        closed = self._session.execute(
            update(QuestionRow)
            .where(
                QuestionRow.id == question_id,
                QuestionRow.outcome == Outcome.OPEN.value,
                QuestionRow.expires_at > now,
            )
            .values(answered_at=now, **answer)
            .returning(QuestionRow.id)
        )
        return closed.first() is not None

    def forget(self, *question_ids: str) -> None:
        """Delete questions, their requests and what was shown."""
        ids = RequestRow.question_id.in_(question_ids)
        self._session.execute(delete(RequestRow).where(ids))
        self._session.execute(delete(QuestionRow).where(QuestionRow.id.in_(question_ids)))

    def forget_old(self, *, now: datetime) -> int:
        """Delete questions whose time has come, some of them at a time; how many it was."""
        # What another transaction deletes already is left to it: two never wait for each other.
        old = (
            select(QuestionRow.id)
            .where(QuestionRow.forgotten_at <= now)
            .limit(_AT_A_TIME)
            .with_for_update(skip_locked=True)
        )
        ids = self._session.scalars(old).all()
        if ids:
            self.forget(*ids)
        return len(ids)
