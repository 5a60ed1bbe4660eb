"""The registry: applications are audited here, and the audits kept."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from accounts.store import Person
from degree.catalogue import Catalogue
from degree.evidence import records_from
from degree.reception import not_records_as_json
from degree.rules.audit import audit
from degree.rules.explain import Decision
from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.records import Wallet
from degree.rules.records_json import read_records, records_as_json
from degree.rules.rendering import decision_as_json
from degree.store import Case, Ledger, Store
from degree.tables import AmendmentRow, ApplicationRow, ConferralRow, DecisionRow
from vc.documents import JsonObject
from vc.errors import Forbidden, Missing
from vc.fetch import Fetcher, ReadOnce
from vc.verify import verify

REGISTRAR: Final = "registrar"


@dataclass(frozen=True, slots=True)
class File:
    """A stored audit, opened: the case with the programme, the records and the decision.

    `source` is the programme's text as it was applied.
    """

    case: Case
    programme: Programme
    source: str
    wallet: Wallet
    decision: JsonObject

    @property
    def placements(self) -> Mapping[str, str]:
        """For the earned award: the bucket that each counted record fills, by record id."""
        earned = self.decision["earned"]
        return {
            placement["record"]: placement["bucket"]
            for outcome in self.decision["awards"]
            if outcome["award"] == earned
            for placement in outcome["placements"]
        }


class Registry:
    """Audits, and who may read them. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Catalogue,
        fetcher: Fetcher,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._fetcher = fetcher
        self._new_id = new_id

    def audit(self, application_id: str, *, now: datetime) -> DecisionRow:
        """Decide on the badges as they were last verified, and keep the decision.

        Raises Missing, and Conflict before the programme is in force.
        """
        with self._store.ledger() as ledger:
            application = ledger.application(application_id)
            wallet = _with_used(ledger, application)
        return self._decide(application, wallet, now)

    def audit_once(self, application_id: str, *, now: datetime) -> DecisionRow:
        """The application's audit; a fresh one only when there is none yet. Raises Missing."""
        with self._store.ledger() as ledger:
            decided = ledger.latest_decision(application_id)
        return decided or self.audit(application_id, now=now)

    def recheck(self, application_id: str, *, now: datetime) -> DecisionRow:
        """Verify the presented badges again, today, and decide. Raises Missing, Conflict."""
        with self._store.ledger() as ledger:
            credentials = json.loads(ledger.credentials(application_id))
            application = ledger.application(application_id)
        gate = self._catalogue.applied(application.programme).programme.gate
        fetcher = ReadOnce(self._fetcher)
        reports = [verify(document, now=now, fetcher=fetcher) for document in credentials]
        found = records_from(reports, holder=application.holder, membership_issuers=gate.issuers)
        with self._store.ledger() as ledger:
            application = ledger.application(application_id)
            # The day of registration stays: a card that was replaced since takes no years away.
            before = read_records(application.records)
            checked = replace(before, records=found.records, context_names=found.context_names)
            application.records = json.dumps(records_as_json(checked), ensure_ascii=False)
            application.not_records = not_records_as_json(found.not_records)
            # An issuer may have given a newer copy: the one that was read is the one that is kept.
            application.credentials = json.dumps(
                [
                    report.credential.document if report.credential else document
                    for report, document in zip(reports, credentials, strict=True)
                ],
                ensure_ascii=False,
            )
            application.checked_at = now
        return self.audit(application_id, now=now)

    def file(self, decision_id: str, *, reader: Person) -> File:
        """A stored audit for one who may read it: the member, or a registrar.

        Raises Missing; for anybody else too, so that nobody learns whose audits there are.
        """
        with self._store.ledger() as ledger:
            case = ledger.case(decision_id)
            source = ledger.ruleset(case.decision.ruleset)
        own = case.application.person_id == reader.id and case.application.claimed_at is not None
        if not own and REGISTRAR not in reader.roles:
            raise Missing("audit", "There is no such audit.")
        return _opened(case, source)

    def file_to_act_on(self, decision_id: str, registrar: Person) -> File:
        """A stored audit for one who may act on its award. Raises Missing, Forbidden."""
        if REGISTRAR not in registrar.roles:
            raise Forbidden("role", "Only a registrar decides about awards.")
        file = self.file(decision_id, reader=registrar)
        if file.case.application.person_id == registrar.id:
            sentence = "Another registrar must decide about what you have earned."
            raise Forbidden("own-award", sentence)
        return file

    def latest(self, person_id: str) -> Case | None:
        """The person's latest audit."""
        with self._store.ledger() as ledger:
            return ledger.latest_case(person_id)

    def cases(self) -> tuple[Case, ...]:
        """The latest audit of every applicant, the newest first."""
        with self._store.ledger() as ledger:
            return ledger.latest_cases()

    def awards(self, person_id: str) -> tuple[tuple[ConferralRow, DecisionRow], ...]:
        """What was conferred on a person, with the decisions behind it."""
        with self._store.ledger() as ledger:
            return ledger.conferrals(person_id)

    def amendments(self) -> tuple[tuple[AmendmentRow, ApplicationRow, ConferralRow], ...]:
        """What was done to awards after they were conferred, with whose they are; newest first."""
        with self._store.ledger() as ledger:
            return ledger.amendments()

    def _decide(self, application: ApplicationRow, wallet: Wallet, now: datetime) -> DecisionRow:
        applied = self._catalogue.applied(application.programme)
        decision = audit(applied.programme, wallet, today=now.date())
        row = DecisionRow(
            id=self._new_id(),
            application_id=application.id,
            ruleset=decision.digest,
            version=decision.version,
            answer=decision.answer.value,
            earned=decision.earned.award if decision.earned else None,
            records=json.dumps(records_as_json(wallet), ensure_ascii=False),
            decision=_written(decision),
            decided_at=now,
        )
        with self._store.ledger() as ledger:
            ledger.keep_ruleset(decision.digest, source=applied.source, now=now)
            ledger.add(row)
        return row


def _with_used(ledger: Ledger, application: ApplicationRow) -> Wallet:
    """The application's records; those that an award of this person counts already say so."""
    wallet = read_records(application.records)
    used: dict[str, str] = {}
    for conferral, decision in ledger.conferrals(application.person_id):
        if conferral.withdrawn_at is not None:
            continue
        for outcome in json.loads(decision.decision)["awards"]:
            if outcome["award"] == conferral.award:
                used |= dict.fromkeys(
                    (placement["record"] for placement in outcome["placements"]),
                    f"{conferral.award} of {conferral.conferred_at:%-d %B %Y}",
                )
    return replace(
        wallet,
        records=tuple(
            replace(record, used_in=used.get(record.id, "")) for record in wallet.records
        ),
    )


def _opened(case: Case, source: str) -> File:
    return File(
        case=case,
        programme=read_programme(source.encode()),
        source=source,
        wallet=read_records(case.decision.records),
        decision=json.loads(case.decision.decision),
    )


def _written(decision: Decision) -> str:
    return json.dumps(decision_as_json(decision), ensure_ascii=False)
