"""What the board keeps, in transactions."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

import degree.store
from accounts.store import Person
from degree.board.tables import (
    ApprovalRow,
    ExceptionRow,
    ItemRow,
    MeetingRow,
    QualityRow,
)
from degree.roles import CAPACITIES
from degree.tables import ApplicationRow, DecisionRow
from vc.errors import Conflict, Missing


@dataclass(frozen=True, slots=True)
class Latest:
    """A member's latest application in a programme, and its latest audit."""

    application: ApplicationRow
    decision: DecisionRow


class Store(degree.store.Store):
    """The office's tables with those of the board, in transactions."""

    @contextmanager
    def ledger(self) -> Iterator["Ledger"]:
        """One transaction: committed at the end, or rolled back whole when an error leaves it."""
        with self._sessions.begin() as session:
            yield Ledger(session)


class Ledger(degree.store.Ledger):
    """What can be read and written within one transaction. Rows stay readable after it."""

    def quality(self, decision_id: str) -> QualityRow | None:
        """What issuers said of the badges of a decision; None where they were not asked."""
        return self._session.get(QualityRow, decision_id)

    def approvals(self, decision_id: str) -> tuple[ApprovalRow, ...]:
        """Who approved a decision, the registrar first."""
        query = select(ApprovalRow).where(ApprovalRow.decision_id == decision_id)
        rows = self._session.scalars(query)
        return tuple(sorted(rows, key=lambda row: CAPACITIES.index(row.role)))

    def approved(self) -> frozenset[str]:
        """The decisions that have both approvals."""
        query = select(ApprovalRow.decision_id).group_by(ApprovalRow.decision_id)
        return frozenset(self._session.scalars(query.having(func.count() == len(CAPACITIES))))

    def approve(self, row: ApprovalRow) -> None:
        """Keep an approval. Raises Conflict when the role or the person has approved already."""
        try:
            self.add(row)
        except IntegrityError as error:
            sentence = "Somebody was faster: read the case again."
            raise Conflict("approved", sentence) from error

    def hold_current(self, decision: DecisionRow) -> None:
        """Let nobody decide anew before this transaction ends.

        Raises Conflict when it was decided anew already.
        """
        self.hold_application(decision.application_id)
        latest = self.latest_decision(decision.application_id)
        if latest is None or latest.id != decision.id:
            sentence = "The case was decided anew in the meantime: read the new audit."
            raise Conflict("decided-anew", sentence)

    def exceptions(self, person_id: str, *, programme: str) -> tuple[ExceptionRow, ...]:
        """All that was ever entered for a member in a programme, the oldest first."""
        query = select(ExceptionRow).where(
            ExceptionRow.person_id == person_id, ExceptionRow.programme == programme
        )
        in_order = query.order_by(ExceptionRow.entered_at, ExceptionRow.id)
        return tuple(self._session.scalars(in_order))

    def waiting_exceptions(self, kinds: Collection[str]) -> tuple[ExceptionRow, ...]:
        """What of these kinds nobody has confirmed or withdrawn yet, the oldest first."""
        query = select(ExceptionRow).where(
            ExceptionRow.kind.in_(kinds),
            ExceptionRow.confirmed_at.is_(None),
            ExceptionRow.withdrawn_at.is_(None),
        )
        in_order = query.order_by(ExceptionRow.entered_at, ExceptionRow.id)
        return tuple(self._session.scalars(in_order))

    def latest(self, person_id: str, *, programme: str) -> Latest | None:
        """How a member's case stands in a programme: by the latest audit."""
        row = self._session.execute(
            select(ApplicationRow, DecisionRow)
            .join(DecisionRow, DecisionRow.application_id == ApplicationRow.id)
            .where(
                ApplicationRow.person_id == person_id,
                ApplicationRow.programme == programme,
                ApplicationRow.claimed_at.is_not(None),
            )
            .order_by(DecisionRow.decided_at.desc(), DecisionRow.id)
            .limit(1)
        ).first()
        return Latest(*row) if row else None

    def exception(self, exception_id: str) -> ExceptionRow:
        """One of them, which nobody else changes before this transaction ends. Raises Missing."""
        query = select(ExceptionRow).where(ExceptionRow.id == exception_id).with_for_update()
        row = self._session.scalar(query.execution_options(populate_existing=True))
        if row is None:
            raise Missing("exception", "There is no such exception.")
        return row

    def confirm(self, row: ExceptionRow, by: Person, *, now: datetime) -> None:
        """Note who confirmed it. Raises Conflict when it is confirmed or withdrawn already."""
        if row.withdrawn_at is not None or row.confirmed_at is not None:
            raise Conflict("exception", "It was confirmed or withdrawn in the meantime.")
        row.confirmed_by, row.confirmed_by_name, row.confirmed_at = by.id, by.name, now

    def withdraw(self, row: ExceptionRow, by: Person, *, why: str, now: datetime) -> None:
        """Note who withdrew it and why. Raises Conflict when somebody did already."""
        if row.withdrawn_at is not None:
            raise Conflict("exception", "It was withdrawn in the meantime.")
        row.withdrawn_by, row.withdrawn_by_name, row.withdrawn_at = by.id, by.name, now
        row.withdrawn_why = why

    def meetings(self) -> tuple[MeetingRow, ...]:
        """Every meeting, the latest first."""
        query = select(MeetingRow).order_by(MeetingRow.held_on.desc(), MeetingRow.called_at.desc())
        return tuple(self._session.scalars(query))

    def meeting(self, meeting_id: str) -> MeetingRow:
        """A meeting. Raises Missing."""
        return _present(self._session.get(MeetingRow, meeting_id))

    def hold_meeting(self, meeting_id: str) -> MeetingRow:
        """A meeting, which nobody else changes before this transaction ends.

        Raises Missing, and Conflict when its minutes are closed.
        """
        query = select(MeetingRow).where(MeetingRow.id == meeting_id).with_for_update()
        row = _present(self._session.scalar(query.execution_options(populate_existing=True)))
        if row.closed_at is not None:
            raise Conflict("closed", "The minutes of this meeting are closed.")
        return row

    def on_agendas(self) -> frozenset[tuple[str, str]]:
        """The cases on the agendas of meetings to come: (person, programme)."""
        query = (
            select(ItemRow.person_id, ItemRow.programme)
            .join(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
            .where(MeetingRow.closed_at.is_(None))
        )
        return frozenset((person, programme) for person, programme in self._session.execute(query))


def _present(row: MeetingRow | None) -> MeetingRow:
    if row is None:
        raise Missing("meeting", "There is no such meeting.")
    return row
