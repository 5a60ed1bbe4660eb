"""What can be done with the rows of any of the issuer's tables within one transaction."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import Select, bindparam, insert, select
from sqlalchemy.orm import Session

from issuer.tables.base import Base
from issuer.tables.credentials import EventRow
from vc.errors import Missing

Row = TypeVar("Row", bound=Base)

# Written as it is: nobody changes an event, so the session need not follow it.
_EVENT: Final = insert(EventRow)


class Rows:
    """The rows within one transaction; changes to them are written at its end."""

    def __init__(self, session: Session) -> None:
        self._session = session
        # SQLAlchemy forgets a row that nobody holds, and would ask for it again.
        self._held: dict[tuple[type[Base], tuple[Any, ...]], Base] = {}

    def add(self, *rows: Base) -> None:
        """New rows. A unique key that is taken ends the transaction in a Conflict."""
        self._session.add_all(rows)
        self._session.flush()

    def find(self, kind: type[Row], *key: Any) -> Row | None:
        """The row under a primary key, or None."""
        held = self._held.get((kind, key))
        return held if isinstance(held, kind) else self._read(_by_key(kind), kind, key)

    def get(self, kind: type[Row], *key: Any) -> Row:
        """The row under a primary key. Raises Missing."""
        return present(self.find(kind, *key), kind)

    def hold(self, kind: type[Row], *key: Any) -> Row:
        """Like get, and no other transaction changes the row before this one ends.

        What is decided by a state (open, closed) holds its row, so that a vote and the close
        cannot both happen first.
        """
        row: Row | None = self._read(_by_key_held(kind), kind, key)
        return present(row, kind)

    def every(self, kind: type[Row]) -> Sequence[Row]:
        """All rows of a table, by primary key."""
        return self._session.scalars(select(kind).order_by(*kind.__table__.primary_key)).all()

    def log(self, kind: str, *, about: str, at: datetime, **detail: Any) -> None:
        """Note an event; what a ballot says or who cast it never belongs here."""
        event = {"at": at, "kind": kind, "about": about, "detail": detail}
        self._session.connection().execute(_EVENT, event)

    def events(self, about: str) -> Sequence[EventRow]:
        """What happened to something, in order."""
        query = select(EventRow).where(EventRow.about == about).order_by(EventRow.id)
        return self._session.scalars(query).all()

    def latest_reason(self, about: str, kind: str) -> str:
        """The reason with which something of this kind happened last; empty when it never did."""
        reasons = [event.detail["reason"] for event in self.events(about) if event.kind == kind]
        return str(reasons[-1]) if reasons else ""

    def _read(self, query: Select[Row], kind: type[Row], key: tuple[Any, ...]) -> Row | None:
        values = {f"key_{number}": value for number, value in enumerate(key)}
        row = self._session.scalars(query, values).one_or_none()
        if row is not None:
            self._held[kind, key] = row
        return row


@cache
def _by_key(kind: type[Row]) -> Select[Row]:
    """The question for one row, made once: Session.get makes it anew each time, at twice the cost.

    Every key is one of our own columns, so there are as many questions as tables.
    """
    key = enumerate(kind.__table__.primary_key)
    return select(kind).where(*(column == bindparam(f"key_{number}") for number, column in key))


@cache
def _by_key_held(kind: type[Row]) -> Select[Row]:
    # A weaker lock than FOR UPDATE: rows that merely refer to this one can still be added,
    # and two writers who have each added one do not wait for each other for ever.
    return _by_key(kind).with_for_update(key_share=True).execution_options(populate_existing=True)


def present(row: Row | None, kind: type[Row]) -> Row:
    """The row. Raises Missing, in the words of its table, when there is none."""
    if row is None:
        what = kind.__name__.removesuffix("Row").lower()
        raise Missing(what, f"There is no such {what}.")
    return row
