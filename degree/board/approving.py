"""Two people approve what a decision found: a registrar and an external examiner, by passkey.

An approval is of one decision record, by its digest. When the case is decided anew, it starts with
none; and only what both have approved is conferred.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from accounts.passkeys import Passkeys
from accounts.store import Person
from degree.board.approvals import expect_another_key, expect_signed, signed_digest
from degree.board.store import Ledger, Store
from degree.board.tables import ApprovalRow
from degree.files import File
from degree.registry import Registry
from degree.roles import CAPACITIES, EXAMINER, REGISTRAR
from degree.tables import case_of
from vc.errors import Conflict, Forbidden, Refused

_SPOKEN: Final = {REGISTRAR: "a registrar", EXAMINER: "an external examiner"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """How far a decision is approved: `given` by capacity, and the capacities that are `missing`.

    `is_open` says whether approvals are taken at all; `mine` is the capacity in which the reader
    can approve now, empty where they cannot.
    """

    given: dict[str, ApprovalRow]
    missing: tuple[str, ...]
    is_open: bool
    mine: str


class Approving:
    """Takes approvals, and says whether a decision has both. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        passkeys: Passkeys,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._passkeys = passkeys
        self._new_id = new_id

    def seen(self, file: File, reader: Person) -> Approvals:
        """How far a decision is approved, as its reader may go on."""
        given = {row.role: row for row in file.approvals}
        missing = tuple(one for one in CAPACITIES if one not in given)
        is_open = bool(missing) and self._closed(file) is None
        free = [one for one in missing if self._refusal(file, reader, one) is None]
        mine = free[0] if is_open and free else ""
        return Approvals(given=given, missing=missing, is_open=is_open, mine=mine)

    def complete(self) -> frozenset[str]:
        """The ids of the decisions that both have approved."""
        with self._store.ledger() as ledger:
            return ledger.approved()

    def approve(
        self, decision_id: str, person: Person, *, capacity: str, response: str, now: datetime
    ) -> ApprovalRow:
        """Approve what a decision found; `response` is what the person's passkey answered.

        Raises Forbidden, Missing, Conflict where there is nothing to approve or no longer, and as
        Passkeys.approve does.
        """
        file = self._registry.file(decision_id, reader=person)
        refusal = self._refusal(file, person, capacity) or self._closed(file)
        if refusal:
            raise refusal
        # The passkey's check is a transaction of its own, so what was read may have changed since.
        signature = self._passkeys.approve(
            person, digest=signed_digest(file.record), response=response, now=now
        )
        row = ApprovalRow(
            id=self._new_id(),
            decision_id=decision_id,
            role=capacity,
            person_id=person.id,
            name=person.name,
            approved_at=now,
            signature=json.dumps(signature.as_json()),
        )
        with self._store.ledger() as ledger:
            ledger.hold_current(file.case.decision)
            expect_another_key(row, ledger.approvals(decision_id))
            ledger.approve(row)
            about = case_of(file.case.application)
            ledger.log(
                "approved", about=about, by=person, at=now, decision=decision_id, role=capacity
            )
        return row

    def expect_both(self, ledger: Ledger, file: File) -> None:
        """That both approved the decision that stands, until the transaction ends.

        Raises Conflict.
        """
        ledger.hold_current(file.case.decision)
        given = {row.role: row for row in ledger.approvals(file.case.decision.id)}
        missing = [_SPOKEN[one] for one in CAPACITIES if one not in given]
        if missing:
            sentence = f"This decision still needs the approval of {' and of '.join(missing)}."
            raise Conflict("approvals", sentence)
        for row in given.values():
            expect_signed(row, file.record, party=self._passkeys.party)

    def _closed(self, file: File) -> Refused | None:
        """Why nobody can approve the decision."""
        if file.case.conferral is not None:
            return Conflict("conferred", "The award was conferred by this decision.")
        if file.decision.hypothetical:
            return Conflict("hypothetical", "This only asks what would be.")
        if file.earned is None:
            return Conflict("not-earned", "No award is earned by this audit.")
        with self._store.ledger() as ledger:
            latest = ledger.latest_decision(file.case.application.id)
        if latest is not None and latest.id != file.case.decision.id:
            sentence = "The case was decided anew in the meantime: read the new audit."
            return Conflict("decided-anew", sentence)
        return None

    def _refusal(self, file: File, person: Person, capacity: str) -> Refused | None:
        """Why this person cannot approve in this capacity."""
        if capacity not in CAPACITIES or capacity not in person.roles:
            return Forbidden("role", "Your account may not approve this.")
        if file.case.application.person_id == person.id:
            return Forbidden("own-case", "Nobody approves their own award.")
        if person.id in {row.person_id for row in file.approvals}:
            return Conflict("approved", "You have approved it: somebody else must approve it too.")
        if capacity in {row.role for row in file.approvals}:
            return Conflict("approved", f"It has the approval of {_SPOKEN[capacity]} already.")
        return None
