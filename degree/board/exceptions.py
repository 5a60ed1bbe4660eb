"""Exceptions of a case: concessions, attestations and authorised interruptions, with who and why.

Concessions and interruptions need two people, neither of whom is the member: one enters it, another
confirms it.
Whatever changes what is in force has the case decided anew; nothing is deleted, only withdrawn.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from accounts.store import Person
from degree.board.granted import (
    BY_TWO,
    Kind,
    of_attestation,
    of_concession,
    of_interruption,
    part_of,
)
from degree.board.interruptions import expect_meant
from degree.board.naming import Names, names_of
from degree.board.offering import Choices, choices, expect_applicable
from degree.board.showing import says
from degree.board.store import Latest, Ledger, Store
from degree.board.tables import ExceptionRow
from degree.catalogue import Catalogue
from degree.files import File
from degree.registry import Registry
from degree.roles import EXAMINER, REGISTRAR
from degree.rules.programme import Programme
from degree.rules.records import Attestation, Concession, Interruption
from degree.rules.records_json import read_records
from degree.rules.versions import admissible
from degree.tables import DecisionRow, EventRow, case_of
from vc.errors import Forbidden, Malformed, Missing

_REGISTRAR: Final = frozenset({REGISTRAR})
_EITHER: Final = frozenset({REGISTRAR, EXAMINER})


@dataclass(frozen=True, slots=True)
class Waiting:
    """An exception that waits for a second person, its case's latest audit, and what it says."""

    row: ExceptionRow
    latest: Latest
    says: str


class Exceptions:
    """The exceptions of all cases. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        catalogue: Catalogue,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._catalogue = catalogue
        self._new_id = new_id

    def choices(self, file: File, *, now: datetime) -> Choices:
        """What an exception of this case can name."""
        today = now.date()
        return choices(self._versions(file, today), file.wallet, today=today)

    def of(self, file: File) -> tuple[ExceptionRow, ...]:
        """All that was ever entered for the member in the programme, the oldest first."""
        application = file.case.application
        with self._store.ledger() as ledger:
            return ledger.exceptions(application.person_id, programme=application.programme)

    def events(self, file: File) -> tuple[EventRow, ...]:
        """What was done in the case, in order."""
        with self._store.ledger() as ledger:
            return ledger.events(case_of(file.case.application))

    def waiting(self) -> tuple[Waiting, ...]:
        """The exceptions that wait for a second person, the oldest first."""
        with self._store.ledger() as ledger:
            found = [
                (row, ledger.latest(row.person_id, programme=row.programme))
                for row in ledger.waiting_exceptions(BY_TWO)
            ]
        return tuple(
            Waiting(row, latest, says(part_of(row), self._names(latest)))
            for row, latest in found
            if latest is not None
        )

    def grant(
        self, decision_id: str, concession: Concession, by: Person, *, now: datetime
    ) -> ExceptionRow:
        """Enter a concession, which then waits for a second person; its id is ours to give.

        Raises Forbidden, Missing, and Malformed when it could not apply.
        """
        file = self._case(decision_id, by, may=_REGISTRAR)
        today = now.date()
        versions, offered = self._versions(file, today), self.choices(file, now=now)
        expect_applicable(concession, offered, versions, today=today)
        row_id = self._new_id()
        said = of_concession(replace(concession, id=row_id))
        return self._enter(file, Kind.CONCESSION, said, by, now, row_id=row_id)

    def attest(
        self,
        decision_id: str,
        name: str,
        attestation: Attestation,
        by: Person,
        *,
        why: str,
        now: datetime,
    ) -> DecisionRow:
        """Enter somebody's word; the new audit. Raises Forbidden, Missing, Malformed, Conflict."""
        file = self._case(decision_id, by, may=_EITHER)
        if name not in dict(self.choices(file, now=now).attestations):
            raise Malformed("attestation", "The programme asks for no such word.", place="name")
        self._enter(file, Kind.ATTESTATION, of_attestation(name, attestation), by, now, why=why)
        return self._decided_anew(file, now)

    def interrupt(
        self,
        decision_id: str,
        interruption: Interruption,
        by: Person,
        *,
        authority: str,
        clause: str = "",
        why: str,
        now: datetime,
    ) -> ExceptionRow:
        """Authorise an interruption, which then waits for a second person.

        Raises Forbidden, Missing, and Malformed when it cannot be meant.
        """
        file = self._case(decision_id, by, may=_REGISTRAR)
        others = [
            each
            for row in self.of(file)
            if row.kind == Kind.INTERRUPTION and row.withdrawn_at is None
            for each in part_of(row).interruptions
        ]
        registered, today = file.wallet.registered, now.date()
        expect_meant(interruption, registered=registered, others=others, today=today)
        said = of_interruption(interruption)
        return self._enter(
            file, Kind.INTERRUPTION, said, by, now, authority=authority, clause=clause, why=why
        )

    def confirm(
        self, decision_id: str, exception_id: str, by: Person, *, now: datetime
    ) -> DecisionRow:
        """Let a concession or an interruption apply, as the second person; the new audit.

        Raises Forbidden, Missing, and Conflict when somebody was faster.
        """
        file = self._case(decision_id, by, may=_EITHER)
        with self._store.ledger() as ledger:
            row = _of_case(ledger.exception(exception_id), file)
            if row.kind not in BY_TWO:
                raise Missing("exception", "This needs no second person.")
            if row.entered_by == by.id:
                sentence = "You entered it yourself: somebody else must confirm it."
                raise Forbidden("second-person", sentence)
            ledger.confirm(row, by, now=now)
            _log(ledger, "exception-confirmed", file, row, by, now)
        return self._decided_anew(file, now)

    def withdraw(
        self, decision_id: str, exception_id: str, by: Person, *, why: str, now: datetime
    ) -> DecisionRow:
        """Let an exception hold no longer; the new audit. Raises Forbidden, Missing, Conflict."""
        file = self._case(decision_id, by, may=_REGISTRAR)
        with self._store.ledger() as ledger:
            row = _of_case(ledger.exception(exception_id), file)
            ledger.withdraw(row, by, why=why, now=now)
            _log(ledger, "exception-withdrawn", file, row, by, now)
        return self._decided_anew(file, now)

    def _case(self, decision_id: str, by: Person, *, may: frozenset[str]) -> File:
        if not by.roles & may:
            raise Forbidden("role", "Your account may not do this.")
        file = self._registry.file(decision_id, reader=by)
        if file.case.application.person_id == by.id:
            raise Forbidden("own-case", "Nobody makes exceptions in their own case.")
        return file

    def _enter(
        self,
        file: File,
        kind: Kind,
        said: str,
        by: Person,
        now: datetime,
        *,
        row_id: str = "",
        authority: str = "",
        clause: str = "",
        why: str = "",
    ) -> ExceptionRow:
        application = file.case.application
        row = ExceptionRow(
            id=row_id or self._new_id(),
            person_id=application.person_id,
            programme=application.programme,
            kind=kind.value,
            said=said,
            authority=authority,
            clause=clause,
            why=why,
            entered_by=by.id,
            entered_by_name=by.name,
            entered_at=now,
        )
        with self._store.ledger() as ledger:
            ledger.add(row)
            _log(ledger, "exception-entered", file, row, by, now)
        return row

    def _decided_anew(self, file: File, now: datetime) -> DecisionRow:
        return self._registry.audit(file.case.application.id, now=now)

    def _versions(self, file: File, today: date) -> tuple[Programme, ...]:
        """The versions that may decide on the case."""
        all_ = self._all_versions(file.case.application.programme)
        return admissible(all_, file.wallet.registered, today=today)

    def _all_versions(self, programme: str) -> tuple[Programme, ...]:
        return tuple(applied.programme for applied in self._catalogue.versions(programme))

    def _names(self, latest: Latest) -> Names:
        application = latest.application
        return names_of(
            self._all_versions(application.programme), read_records(application.records)
        )


def _log(
    ledger: Ledger, kind: str, file: File, row: ExceptionRow, by: Person, now: datetime
) -> None:
    about = case_of(file.case.application)
    ledger.log(kind, about=about, by=by, at=now, exception=row.id, what=row.kind)


def _of_case(row: ExceptionRow, file: File) -> ExceptionRow:
    application = file.case.application
    if (row.person_id, row.programme) != (application.person_id, application.programme):
        raise Missing("exception", "There is no such exception in this case.")
    return row
