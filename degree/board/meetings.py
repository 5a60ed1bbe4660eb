"""The board's meetings: called by a registrar, with an agenda of cases and minutes.

Minutes are written by registrars until one of them closes them, and stay as they are then. What
the board resolves is written down here and carried out elsewhere: by an exception, by approvals.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from accounts.store import Person
from degree.board.minutes import Minute, Minutes, version, would_change
from degree.board.store import Ledger, Store
from degree.board.tables import ItemRow, MeetingRow
from degree.files import File
from degree.registry import Registry
from degree.roles import REGISTRAR
from degree.wording import day
from vc.errors import Conflict, Forbidden, Malformed

_LONGEST_AGO: Final = timedelta(days=365)
_LONGEST_AHEAD: Final = timedelta(days=730)
CHANGED_MEANWHILE: Final = "changed-meanwhile"  # the code of that refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """When and where a meeting is, and who takes the chair."""

    held_on: date
    place: str
    chair: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A case on an agenda, with the audit that is before the board."""

    item: ItemRow
    file: File


class Meetings:
    """The meetings of the board. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._new_id = new_id

    def all(self) -> tuple[MeetingRow, ...]:
        """Every meeting, the latest first."""
        with self._store.ledger() as ledger:
            return ledger.meetings()

    def meeting(self, meeting_id: str) -> MeetingRow:
        """A meeting. Raises Missing."""
        with self._store.ledger() as ledger:
            return ledger.meeting(meeting_id)

    def agenda(self, meeting: MeetingRow, reader: Person) -> tuple[Listed, ...]:
        """The cases of a meeting in their order, for one who may read them. Raises Missing.

        Until a case is minuted, its latest audit is before the board.
        """
        return tuple(
            Listed(item, self._registry.file(self._before(item), reader=reader))
            for item in meeting.items
        )

    def on_agendas(self) -> frozenset[tuple[str, str]]:
        """The cases on the agendas of meetings to come: (person, programme)."""
        with self._store.ledger() as ledger:
            return ledger.on_agendas()

    def call(self, called: Called, by: Person, *, now: datetime) -> MeetingRow:
        """Call a meeting. Raises Forbidden, and Malformed for a day that cannot be meant."""
        _expect_registrar(by)
        _expect_near(called.held_on, today=now.date())
        row = MeetingRow(
            id=self._new_id(),
            held_on=called.held_on,
            place=called.place,
            chair=called.chair,
            called_by=by.id,
            called_by_name=by.name,
            called_at=now,
        )
        with self._store.ledger() as ledger:
            ledger.add(row)
            ledger.log("meeting-called", about=row.id, by=by, at=now, **_said(called))
        return row

    def move(self, meeting_id: str, called: Called, by: Person, *, now: datetime) -> None:
        """Hold a meeting at another time or place, or by another chair.

        Raises Forbidden, Missing, Conflict, and Malformed for a day that cannot be meant.
        """
        _expect_registrar(by)
        with self._store.ledger() as ledger:
            row = ledger.hold_meeting(meeting_id)
            if called.held_on != row.held_on:
                _expect_near(called.held_on, today=now.date())
            row.held_on, row.place, row.chair = called.held_on, called.place, called.chair
            ledger.log("meeting-moved", about=row.id, by=by, at=now, **_said(called))

    def put_on_agenda(
        self, meeting_id: str, decision_id: str, by: Person, *, now: datetime
    ) -> None:
        """Put a case on the agenda, as the last one. Raises Forbidden, Missing, Conflict."""
        _expect_registrar(by)
        application = self._registry.file(decision_id, reader=by).case.application
        with self._store.ledger() as ledger:
            meeting = ledger.hold_meeting(meeting_id)
            case = (application.person_id, application.programme)
            if case in {(item.person_id, item.programme) for item in meeting.items}:
                raise Conflict("agenda", f"{application.name} is on this agenda already.")
            row = ItemRow(
                id=self._new_id(),
                meeting_id=meeting.id,
                number=len(meeting.items) + 1,
                person_id=application.person_id,
                programme=application.programme,
                decision_id=decision_id,
            )
            meeting.items.append(row)
            about, number = meeting.id, row.number
            ledger.log(
                "put-on-agenda", about=about, by=by, at=now, decision=decision_id, number=number
            )

    def write(
        self,
        meeting_id: str,
        minutes: Minutes,
        by: Person,
        *,
        expected_version: str,
        now: datetime,
    ) -> None:
        """Write the minutes, in place of what was written before; the log keeps every text.

        Raises Forbidden, Missing, Malformed, and Conflict when the minutes are closed, or were
        changed since `expected_version` was read.
        """
        _expect_registrar(by)
        with self._store.ledger() as ledger:
            meeting = ledger.hold_meeting(meeting_id)
            self._write(ledger, meeting, minutes, by, expected_version, now)

    def close(
        self,
        meeting_id: str,
        minutes: Minutes,
        by: Person,
        *,
        expected_version: str,
        now: datetime,
    ) -> None:
        """Write the minutes and close them: nothing in them changes any more.

        Raises as `write` does, and Conflict before the meeting, and while something is open;
        nothing is written then.
        """
        _expect_registrar(by)
        with self._store.ledger() as ledger:
            meeting = ledger.hold_meeting(meeting_id)
            self._write(ledger, meeting, minutes, by, expected_version, now)
            if now.date() < meeting.held_on:
                raise Conflict("minutes", "The meeting has not been held yet.")
            if not meeting.present:
                raise Conflict("minutes", "The minutes do not say yet who was present.")
            if left := [str(item.number) for item in meeting.items if not item.resolution]:
                sentence = f"No resolution is written yet on {', '.join(left)} of the agenda."
                raise Conflict("minutes", sentence)
            meeting.closed_by, meeting.closed_by_name, meeting.closed_at = by.id, by.name, now
            ledger.log("minutes-closed", about=meeting.id, by=by, at=now)

    def _write(
        self,
        ledger: Ledger,
        meeting: MeetingRow,
        minutes: Minutes,
        by: Person,
        expected_version: str,
        now: datetime,
    ) -> None:
        if unknown := minutes.of_cases.keys() - {item.number for item in meeting.items}:
            sentence = f"There is no case {min(unknown)} on this agenda."
            raise Malformed("agenda", sentence, place=f"minute-{min(unknown)}")
        if not would_change(meeting, minutes):
            return
        if version(meeting) != expected_version:
            sentence = "Somebody saved these minutes after you had opened them."
            raise Conflict(CHANGED_MEANWHILE, sentence)
        heads = minutes.heads
        if any(getattr(meeting, name) != text for name, text in heads.items()):
            for name, text in heads.items():
                setattr(meeting, name, text)
            ledger.log("minutes-written", about=meeting.id, by=by, at=now, **heads)
        for item in meeting.items:
            if minute := minutes.of_cases.get(item.number):
                self._minute(ledger, item, minute, by, now)

    def _minute(
        self, ledger: Ledger, item: ItemRow, minute: Minute, by: Person, now: datetime
    ) -> None:
        resolution = minute.resolution.value if minute.resolution else ""
        if (item.resolution, item.minute) == (resolution, minute.text):
            return
        if item.person_id == by.id:
            raise Forbidden("own-case", "Nobody writes the minutes of their own case.")
        latest = ledger.latest(item.person_id, programme=item.programme)
        item.decision_id = latest.decision.id if latest else item.decision_id
        item.resolution, item.minute = resolution, minute.text
        item.minuted_by, item.minuted_by_name, item.minuted_at = by.id, by.name, now
        ledger.log(
            "minuted",
            about=item.meeting_id,
            by=by,
            at=now,
            number=item.number,
            decision=item.decision_id,
            resolution=resolution,
            minute=minute.text,
        )

    def _before(self, item: ItemRow) -> str:
        """The audit of the case that is, or was, before the board."""
        if item.resolution:
            return item.decision_id
        with self._store.ledger() as ledger:
            latest = ledger.latest(item.person_id, programme=item.programme)
        return latest.decision.id if latest else item.decision_id


def _expect_registrar(by: Person) -> None:
    if REGISTRAR not in by.roles:
        raise Forbidden("role", "Only a registrar does this.")


def _expect_near(held_on: date, *, today: date) -> None:
    """Minutes may be written down late, but not after years; and nobody meets years from now."""
    first, last = today - _LONGEST_AGO, today + _LONGEST_AHEAD
    if not first <= held_on <= last:
        sentence = f"A day from {day(first)} to {day(last)} is expected."
        raise Malformed("meeting", sentence, place="held_on")


def _said(called: Called) -> dict[str, str]:
    return {
        "held_on": called.held_on.isoformat(),
        "place": called.place,
        "chair": called.chair,
    }
