"""What is kept of a batch while it is checked, and for an hour or two of its result."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    LargeBinary,
    String,
    Text,
    Update,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

from accounts.store import Instant

_AT_A_TIME = 20  # batches that one request forgets


class Base(DeclarativeBase):
    """The tables with the prefix verifier_ that hold batches."""


class BatchRow(Base):
    """One file of many, known by the SHA-256 of its address's token.

    `content` is the file until everything in it is checked, and then nothing. At `forgotten_at`
    the row goes with all its items.
    """

    __tablename__ = "verifier_batch"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    forgotten_at: Mapped[datetime] = mapped_column(Instant, index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)


class ItemRow(Base):
    """One row or member; `result` is the JSON of its lines, once it is checked.

    Whoever checks it has taken it at `taken_at`; another takes it when nothing came of that.
    """

    __tablename__ = "verifier_batch_item"

    batch_id: Mapped[str] = mapped_column(ForeignKey(BatchRow.id), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    taken_at: Mapped[datetime | None] = mapped_column(Instant, default=None)
    result: Mapped[str | None] = mapped_column(Text, default=None)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as it stands: its file's name, and how much of it is checked."""

    id: str
    name: str
    created_at: datetime
    forgotten_at: datetime
    items: int
    checked: int


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
    """What can be read and written within one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, batch: BatchRow, *, items: int) -> None:
        """Keep a new batch, none of whose items is checked."""
        self._session.add(batch)
        self._session.flush()
        self._session.add_all(ItemRow(batch_id=batch.id, place=place) for place in range(items))

    def unfinished(self) -> int:
        """How many batches still hold their file."""
        query = select(func.count()).where(BatchRow.content.is_not(None))
        return self._session.scalar(query) or 0

    def batch(self, token_digest: str, *, now: datetime) -> Batch | None:
        """The batch with this token, unless its time is over."""
        row = self._session.scalar(select(BatchRow).where(BatchRow.token_digest == token_digest))
        if row is None or row.forgotten_at <= now:
            return None
        count = select(func.count(), func.count(ItemRow.result)).where(ItemRow.batch_id == row.id)
        items, checked = self._session.execute(count).one()
        return Batch(row.id, row.name, row.created_at, row.forgotten_at, items, checked)

    def content(self, batch_id: str) -> bytes | None:
        """The file, as long as it is kept."""
        return self._session.scalar(select(BatchRow.content).where(BatchRow.id == batch_id))

    def take(self, batch_id: str, *, now: datetime, stale: datetime) -> int | None:
        """The place of an item for this caller alone to check; None when none is left to take.

        One that was taken before `stale`, and of which nothing came, is taken again.
        """
        free = (
            select(ItemRow.place)
            .where(
                ItemRow.batch_id == batch_id,
                ItemRow.result.is_(None),
                or_(ItemRow.taken_at.is_(None), ItemRow.taken_at < stale),
            )
            .order_by(ItemRow.place)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        place = self._session.scalar(free)
        if place is not None:
            self._session.execute(_item(batch_id, place).values(taken_at=now))
        return place

    def settle(self, batch_id: str, place: int, *, result: str) -> None:
        """Keep an item's result."""
        self._session.execute(_item(batch_id, place).values(result=result))

    def drop_content(self, batch_id: str) -> None:
        """Let go of the file: everything in it is checked."""
        this = update(BatchRow).where(BatchRow.id == batch_id)
        self._session.execute(this.values(content=None))

    def results(self, batch_id: str) -> Sequence[str]:
        """The results so far, in the order of the file."""
        query = (
            select(ItemRow.result)
            .where(ItemRow.batch_id == batch_id, ItemRow.result.is_not(None))
            .order_by(ItemRow.place)
        )
        return [result for result in self._session.scalars(query) if result is not None]

    def forget(self, *batch_ids: str) -> None:
        """Delete batches with all their items."""
        self._session.execute(delete(ItemRow).where(ItemRow.batch_id.in_(batch_ids)))
        self._session.execute(delete(BatchRow).where(BatchRow.id.in_(batch_ids)))

    def forget_old(self, *, now: datetime) -> int:
        """Delete batches whose time is over, some of them at a time; how many it was."""
        # What another transaction deletes already is left to it: two never wait for each other.
        old = (
            select(BatchRow.id)
            .where(BatchRow.forgotten_at <= now)
            .limit(_AT_A_TIME)
            .with_for_update(skip_locked=True)
        )
        ids = self._session.scalars(old).all()
        if ids:
            self.forget(*ids)
        return len(ids)


def _item(batch_id: str, place: int) -> Update:
    return update(ItemRow).where(ItemRow.batch_id == batch_id, ItemRow.place == place)
