"""Conferring: an award that an audit found becomes a credential that the university signs."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from accounts.store import Person
from degree.award import degree_credential
from degree.checker import objections
from degree.reception import Addresses
from degree.registry import REGISTRAR, File, Registry
from degree.store import ConferralRow, Store
from degree.university import University
from vc.errors import Conflict, Forbidden, Missing


@dataclass(frozen=True, slots=True)
class Conferred:
    """An award that is conferred: the credential's id, and a fresh offer of it to the holder.

    `decision_id` is of the audit that it rests on.
    """

    decision_id: str
    credential_id: str
    offer_uri: str


class Conferring:
    """Conferrals, and the offers of them to their holders. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        registry: Registry,
        university: University,
        addresses: Addresses,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._registry = registry
        self._university = university
        self._addresses = addresses
        self._new_id = new_id

    def confer(self, decision_id: str, registrar: Person, *, now: datetime) -> Conferred:
        """Confer the award that an audit found, once per person and award.

        The badges are verified again first: what was revoked since the audit does not carry an
        award. When the university could not be reached, asking again goes on from there; when it
        would not sign, asking again begins anew. Raises Forbidden, Missing, Conflict, Unavailable.
        """
        if REGISTRAR not in registrar.roles:
            raise Forbidden("role", "Only a registrar confers awards.")
        file = self._registry.file(decision_id, reader=registrar)
        if file.case.application.person_id == registrar.id:
            raise Forbidden("own-award", "Another registrar must confer what you have earned.")
        conferral = self._begun(file)
        if conferral is None:
            file = self._still_earned(file, registrar, now)
            conferral = self._reserve(file, registrar, now)
        else:
            file = self._registry.file(conferral.decision_id, reader=registrar)
        if conferral.credential_id is None:
            self._sign(conferral, file)
        return self.offer(conferral.decision_id, reader=registrar)

    def offer(self, decision_id: str, *, reader: Person) -> Conferred:
        """A fresh offer of a conferred award. Raises Missing, Unavailable."""
        conferral = self._registry.file(decision_id, reader=reader).case.conferral
        if conferral is None or conferral.credential_id is None:
            raise Missing("conferral", "Nothing was conferred on this audit.")
        return Conferred(
            decision_id, conferral.credential_id, self._university.offer(conferral.credential_id)
        )

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
        if conferral is not None and conferral.credential_id is not None:
            raise Conflict("conferred", "This award was conferred on this person before.")
        return conferral

    def _still_earned(self, file: File, registrar: Person, now: datetime) -> File:
        earned = file.earned
        again = self._registry.recheck(file.case.application.id, now=now)
        if again.earned != earned:
            sentence = (
                f"The badges were verified again, and {earned} is not earned by them any more: "
                "read the new audit."
            )
            raise Conflict("not-earned-today", sentence)
        return self._registry.file(again.id, reader=registrar)

    def _reserve(self, file: File, registrar: Person, now: datetime) -> ConferralRow:
        earned = file.earned
        # The checker reads what was stored, and knows nothing of how it was found.
        against = objections(file.record)
        if against:
            raise Conflict("objection", f"The checker objects: {against[0]}.")
        conferral = ConferralRow(
            id=self._new_id(),
            decision_id=file.case.decision.id,
            person_id=file.case.application.person_id,
            programme=file.programme.id,
            award=earned,
            conferred_by=registrar.id,
            conferred_at=now,
        )
        with self._store.ledger() as ledger:
            ledger.reserve(conferral)
        return conferral

    def _sign(self, conferral: ConferralRow, file: File) -> None:
        award = next(award for award in file.programme.awards if award.id == conferral.award)
        credential = degree_credential(
            programme=file.programme,
            source=file.source,
            award=award,
            wallet=file.wallet,
            placements=file.placements,
            credential_id=uuid.UUID(hex=conferral.id).urn,
            issuer={
                "id": self._university.did,
                "type": ["Profile"],
                "name": self._university.name,
            },
            programme_url=self._addresses.programme(file.programme.id),
            now=conferral.conferred_at,
        )
        try:
            self._university.issue(credential)
        except Forbidden:
            # Nothing was signed, and by the time it may be, the badges are to be looked at again.
            with self._store.ledger() as ledger:
                ledger.release(conferral.id)
            raise
        with self._store.ledger() as ledger:
            ledger.signed(conferral.id, credential_id=credential["id"])
