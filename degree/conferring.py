"""Conferring: an award that an audit found becomes papers that the university signs."""

import uuid
from collections.abc import Callable
from datetime import datetime

from accounts.store import Person
from degree.board.approving import Approving
from degree.board.store import Store
from degree.checker import objections
from degree.files import File
from degree.papers import Papers
from degree.registry import Registry
from degree.tables import ConferralRow, PaperRow, case_of
from vc.errors import Conflict, Gone, Missing


class Conferring:
    """Conferrals, and the offers of their papers to the holders. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        approving: Approving,
        papers: Papers,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._approving = approving
        self._papers = papers
        self._new_id = new_id

    def confer(self, decision_id: str, registrar: Person, *, now: datetime) -> ConferralRow:
        """Confer the award that an audit found, once per person and award while it stands.

        Two people have approved the audit's decision, which is the last one of its case. The
        badges are verified again first: what was revoked since then does not carry an award, and
        whatever comes out otherwise today is for them to approve anew.

        When the university could not be reached, asking again goes on from there, unless nothing
        is signed and a badge has changed since; when it would not sign, asking again begins anew.
        Raises Forbidden, Missing, Conflict, Unavailable.
        """
        file = self._registry.file_to_act_on(decision_id, registrar)
        conferral = self._begun(file)
        if conferral is None:
            with self._store.ledger() as ledger:
                self._approving.expect_both(ledger, file)
            self._registry.expect_unchanged(file, now=now)
            conferral = self._reserve(file, registrar, now)
        else:
            file = self._registry.file(conferral.decision_id, reader=registrar)
            self._expect_genuine(conferral, file, now)
        return self._papers.carry_out(conferral.id, file, now=now)

    def go_on(self, decision_id: str, registrar: Person, *, now: datetime) -> ConferralRow:
        """Ask the university again for what is left to do. Raises as `confer` does."""
        file = self._registry.file_to_act_on(decision_id, registrar)
        conferral = file.case.conferral
        if conferral is None or conferral.is_carried_out:
            raise Conflict("carried-out", "Nothing waits for the university here.")
        self._expect_genuine(conferral, file, now)
        return self._papers.carry_out(conferral.id, file, now=now)

    def paper(self, decision_id: str, number: int, *, reader: Person) -> PaperRow:
        """A paper of an award that holds. Raises Missing."""
        conferral = self._registry.file(decision_id, reader=reader).case.conferral
        if conferral is not None and conferral.withdrawal is None:
            for paper in conferral.current:
                if paper.number == number and paper.signed_at is not None:
                    return paper
        raise Missing("paper", "There is no such paper of an award that holds.")

    def offer(self, decision_id: str, number: int, *, reader: Person) -> str:
        """A fresh offer of a paper: an openid-credential-offer address.

        Raises Missing, Unavailable.
        """
        paper = self.paper(decision_id, number, reader=reader)
        return self._papers.university.offer(paper.credential_id)

    def supplement(self, decision_id: str, *, reader: Person) -> bytes:
        """The diploma supplement of an award, as a PDF.

        Raises Missing, Gone for an award that was withdrawn, Conflict before all is signed.
        """
        file = self._registry.file(decision_id, reader=reader)
        conferral = file.conferred()
        if conferral.withdrawal is not None:
            raise Gone("withdrawn", "This award was withdrawn, and its papers with it.")
        if conferral.to_sign:
            raise Conflict("unsigned", "The university has not signed all papers of the award yet.")
        return self._papers.supplement(conferral, file)

    def _begun(self, file: File) -> ConferralRow | None:
        """A conferral of the same award that waits for the university's signature.

        Raises Conflict when the award is conferred already, or was not earned.
        """
        earned = file.earned
        if earned is None:
            raise Conflict("not-earned", "No award is earned by this audit.")
        with self._store.ledger() as ledger:
            conferral = ledger.conferral(
                file.case.application.person_id, programme=file.programme.id, award=earned
            )
        if conferral is not None and not conferral.to_sign:
            raise Conflict("conferred", "This award was conferred on this person before.")
        return conferral

    def _expect_genuine(self, conferral: ConferralRow, file: File, now: datetime) -> None:
        """An award is of badges that are good on the day on which its first paper is signed."""
        if conferral.to_sign == conferral.papers:
            self._registry.expect_genuine(file, now=now)

    def _reserve(self, file: File, registrar: Person, now: datetime) -> ConferralRow:
        earned = file.earned
        # The checker reads what was stored, and knows nothing of how it was found.
        against = objections(file.record)
        if against:
            raise Conflict("objection", f"The checker objects: {against[0]}.")
        new_id = self._new_id()
        conferral = ConferralRow(
            id=new_id,
            decision_id=file.case.decision.id,
            person_id=file.case.application.person_id,
            programme=file.programme.id,
            award=earned,
            conferred_by=registrar.id,
            conferred_at=now,
            papers=self._papers.edition(file, seed=new_id, number=1),
        )
        about, award = case_of(file.case.application), conferral.award
        with self._store.ledger() as ledger:
            self._registry.expect_standing(ledger, file)
            self._approving.expect_both(ledger, file)
            ledger.reserve(conferral)
            ledger.log("conferred", about=about, by=registrar, at=now, award=award)
        return conferral
