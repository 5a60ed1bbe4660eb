"""What may happen to an award after it was conferred: a correction of its papers, or its end.

Nothing is deleted. Each amendment stays on record with its reason, who decided it on which ground,
and who carried it out.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from accounts.store import Person
from degree.files import File
from degree.papers import Papers
from degree.registry import Registry
from degree.store import Store
from degree.tables import CORRECTION, WITHDRAWAL, AmendmentRow, ConferralRow
from vc.errors import Conflict, Malformed


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Why an award is amended: the reason in words, the rule or body that decided, and when."""

    reason: str
    authority: str
    decided_on: date


class Amending:
    """Withdrawals and corrections of awards. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        papers: Papers,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._papers = papers
        self._new_id = new_id

    def file(self, decision_id: str, registrar: Person) -> File:
        """The audit of an award that may be amended. Raises Forbidden, Missing, Conflict."""
        file = self._registry.file_to_act_on(decision_id, registrar)
        file.conferred()
        return file

    def name(self, file: File) -> str:
        """What the papers of an award call the holder. Raises Missing."""
        return self._papers.earned(file.conferred(), file).holder_name

    def withdraw(
        self, decision_id: str, registrar: Person, grounds: Grounds, *, now: datetime
    ) -> ConferralRow:
        """Take an award back: all its papers are revoked, and its badges are free again.

        When the university could not be reached, asking again goes on from there. Raises
        Forbidden, Missing, Malformed, Conflict, Unavailable.
        """
        file = self.file(decision_id, registrar)
        with self._store.ledger() as ledger:
            conferral = ledger.hold(file.conferred().id)
            if conferral.withdrawn_at is not None:
                raise Conflict("withdrawn", "This award was withdrawn before.")
            if conferral.withdrawal is None:
                amendment = self._amendment(conferral, WITHDRAWAL, registrar, grounds, now=now)
                conferral.amendments.append(amendment)
        return self._papers.carry_out(conferral.id, file, now=now)

    def correct(
        self, decision_id: str, registrar: Person, grounds: Grounds, *, name: str, now: datetime
    ) -> ConferralRow:
        """Have the papers of an award signed anew, with the holder's `name` as it is right.

        Once the new ones are signed, the old ones are revoked. When the university could not be
        reached, `Conferring.go_on` does; when it would not sign, nothing has changed. Raises
        Forbidden, Missing, Malformed, Conflict, Unavailable.
        """
        file = self.file(decision_id, registrar)
        with self._store.ledger() as ledger:
            conferral = ledger.hold(file.conferred().id)
            _expect_correctable(conferral)
        seed = self._new_id()
        edition = self._papers.edition(file, seed=seed, number=conferral.edition + 1)
        with self._store.ledger() as ledger:
            conferral = ledger.hold(conferral.id)
            if conferral.edition >= edition[0].edition:
                raise Conflict("corrected", "Somebody else has just corrected it: read it again.")
            _expect_correctable(conferral)
            amendment = self._amendment(
                conferral, CORRECTION, registrar, grounds, name=name, now=now
            )
            conferral.amendments.append(amendment)
            conferral.papers.extend(edition)
        return self._papers.carry_out(conferral.id, file, now=now)

    def _amendment(
        self,
        conferral: ConferralRow,
        kind: str,
        registrar: Person,
        grounds: Grounds,
        *,
        name: str = "",
        now: datetime,
    ) -> AmendmentRow:
        if not conferral.conferred_at.date() <= grounds.decided_on <= now.date():
            sentence = "The day lies between that on which it was conferred and today."
            raise Malformed("decided-on", sentence, place="decided_on")
        return AmendmentRow(
            id=self._new_id(),
            edition=conferral.edition + 1,
            kind=kind,
            name=name,
            reason=grounds.reason,
            authority=grounds.authority,
            decided_on=grounds.decided_on,
            made_by=registrar.id,
            made_by_name=registrar.name,
            made_at=now,
        )


def _expect_correctable(conferral: ConferralRow) -> None:
    if conferral.withdrawal is not None:
        raise Conflict("withdrawn", "This award was withdrawn: there is nothing to correct.")
    if not conferral.is_carried_out:
        sentence = "The university has not done yet what was asked of it before."
        raise Conflict("carried-out", sentence)
