"""The registry: applications are audited here, and the audits kept."""

import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from accounts.store import Person
from degree.board.approvals import with_approvals
from degree.board.quality import as_text, asked
from degree.board.store import Ledger, Store
from degree.board.tables import QualityRow
from degree.catalogue import Applied, Catalogue
from degree.checker import objections
from degree.decided_on import as_kept
from degree.evidence import records_from
from degree.files import File, opened
from degree.reception import not_records_as_json
from degree.roles import REGISTRAR, STAFF
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.explain import Decision
from degree.rules.figures import Figures
from degree.rules.record_reading import read_decision
from degree.rules.records import Record
from degree.rules.records_json import read_records, records_as_json
from degree.rules.standing import Standing, standing
from degree.store import Case
from degree.tables import AmendmentRow, ApplicationRow, ConferralRow, DecisionRow
from vc.documents import JsonObject
from vc.errors import Conflict, Forbidden, Missing
from vc.fetch import Fetcher, ReadOnce
from vc.verify import verify

_ATTEMPTS: Final = 5  # at deciding on a case in which somebody is busy
_TICK: Final = timedelta(microseconds=1)  # what the databases tell apart


@dataclass(frozen=True, slots=True)
class _Decided:
    """A decision that is not kept yet, with the versions that could have decided."""

    application: ApplicationRow
    versions: tuple[Applied, ...]
    decision: Decision
    record: JsonObject


class Registry:
    """Audits, and who may read them. Times are aware UTC; `version` is of this software."""

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Catalogue,
        fetcher: Fetcher,
        version: str,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._fetcher = fetcher
        self._version = version
        self._new_id = new_id
        self._standings: dict[str, Standing] = {}

    def audit(self, application_id: str, *, now: datetime) -> DecisionRow:
        """Decide on the badges as they were last verified, and keep the decision.

        What is in force of what people granted and said of the member takes part. The issuers of
        the badges that count are asked what audits found of them. Raises Missing, and Conflict
        before the programme is in force.
        """
        for _ in range(_ATTEMPTS):
            decided = self._decided(application_id, now)
            row = self._kept(decided, now)
            if row is not None:
                told = as_text(asked(decided.decision, self._fetcher))
                with self._store.ledger() as ledger:
                    ledger.add(QualityRow(decision_id=row.id, asked_at=now, told=told))
                return row
        raise Conflict("busy", "This case keeps changing. Try again in a moment.")

    def audit_once(self, application_id: str, *, now: datetime) -> DecisionRow:
        """The application's audit; a fresh one only when there is none yet. Raises Missing."""
        with self._store.ledger() as ledger:
            decided = ledger.latest_decision(application_id)
        return decided or self.audit(application_id, now=now)

    def recheck(self, application_id: str, *, now: datetime) -> DecisionRow:
        """Verify the presented badges again, today, and decide. Raises Missing, Conflict."""
        self._verify_again(application_id, now)
        return self.audit(application_id, now=now)

    def expect_unchanged(self, file: File, *, now: datetime) -> None:
        """That the badges, verified again, come to the same by the rules as they are today.

        Where they do not, the case is decided anew, and Conflict says so. Raises Missing.
        """
        application_id = file.case.application.id
        self._verify_again(application_id, now)
        today = json.loads(written(self._decided(application_id, now).record))
        if all(today[part] == file.record[part] for part in ("wallet", "outcome")):
            return
        again = self.audit(application_id, now=now)
        sentence = "The badges were verified again, and the case was decided anew"
        sentence += (
            ": the new audit needs approvals of its own."
            if again.earned == file.earned
            else f": {file.earned} is not earned by them any more. Read the new audit."
        )
        raise Conflict("changed", sentence)

    def expect_genuine(self, file: File, *, now: datetime) -> None:
        """That the badges that an award counts, verified again, come to what they came to.

        Raises Conflict, Missing.
        """
        application_id = file.case.application.id
        self._verify_again(application_id, now)
        with self._store.ledger() as ledger:
            wallet = read_records(ledger.application(application_id).records)
        today = {record.id: _as_shown(record) for record in wallet.records}
        changed = [
            f"“{record.title}”"
            for record in file.wallet.records
            if record.id in file.placements and today.get(record.id) != _as_shown(record)
        ]
        if changed:
            raise Conflict(
                "changed",
                f"Verified again, {', '.join(changed)} came to something else, and no paper of the "
                "award is signed yet. Withdraw it, or ask again once that is mended.",
            )

    def expect_standing(self, ledger: Ledger, file: File) -> None:
        """That what was decided on is still so, until the transaction ends: which awards count
        these badges, and what people granted. Raises Conflict, Missing."""
        application = ledger.hold_application(file.case.application.id)
        ledger.hold_holder(application.holder)
        if as_kept(ledger, application) != file.wallet:
            sentence = "The case has changed in the meantime: read it again, and ask again."
            raise Conflict("changed", sentence)

    def _verify_again(self, application_id: str, now: datetime) -> None:
        """Put what the badges come to today in place of what they came to before."""
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

    def file(self, decision_id: str, *, reader: Person) -> File:
        """A stored audit for one who may read it: the member, registrars and examiners.

        Raises Missing; for anybody else too, so that nobody learns whose audits there are.
        """
        with self._store.ledger() as ledger:
            case = ledger.case(decision_id)
            source = ledger.ruleset(case.decision.ruleset)
            approvals = ledger.approvals(decision_id)
            quality = ledger.quality(decision_id)
        own = case.application.person_id == reader.id and case.application.claimed_at is not None
        if not own and not reader.roles & STAFF:
            raise Missing("audit", "There is no such audit.")
        return opened(case, source, approvals, quality)

    def record(self, decision_id: str) -> bytes:
        """A decision record with its approvals, as it is handed out. Raises Missing."""
        with self._store.ledger() as ledger:
            record = json.loads(ledger.decision(decision_id).record)
            return written(with_approvals(record, ledger.approvals(decision_id)))

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

    def figures(self) -> Mapping[str, Figures]:
        """Statistics over the latest audit of every applicant, by the id of the programme."""
        with self._store.ledger() as ledger:
            latest = ledger.latest_decisions()
        found: dict[str, Figures] = {}
        for programme, decision_id in latest:
            found.setdefault(programme, Figures()).add(self._standing(decision_id))
        # An audit never changes, but only the latest ones are asked for again.
        kept = {decision_id for _, decision_id in latest}
        self._standings = {id_: each for id_, each in self._standings.items() if id_ in kept}
        return found

    def awards(self, person_id: str) -> tuple[tuple[ConferralRow, DecisionRow], ...]:
        """What was conferred on a person, with the decisions behind it."""
        with self._store.ledger() as ledger:
            return ledger.conferrals(person_id)

    def _standing(self, decision_id: str) -> Standing:
        if decision_id not in self._standings:
            with self._store.ledger() as ledger:
                record = json.loads(ledger.decision(decision_id).record)
            self._standings[decision_id] = standing(read_decision(record))
        return self._standings[decision_id]

    def amendments(self) -> tuple[tuple[AmendmentRow, ApplicationRow, ConferralRow], ...]:
        """What was done to awards after they were conferred, with whose they are; newest first."""
        with self._store.ledger() as ledger:
            return ledger.amendments()

    def _decided(self, application_id: str, now: datetime) -> _Decided:
        with self._store.ledger() as ledger:
            application = ledger.application(application_id)
            wallet = as_kept(ledger, application)
        versions = self._catalogue.versions(application.programme)
        decision = decide([applied.programme for applied in versions], wallet, today=now.date())
        if decision.hypothetical:
            raise Conflict("hypothetical", "One of these badges is hypothetical: nobody has it.")
        record = decision_record(decision, learnometer=self._version)
        # The checker knows nothing of how the decision was found; what it refuses is not kept.
        if against := objections(record):
            raise Conflict("objection", f"The checker refuses this decision: {against[0]}")
        return _Decided(application, versions, decision, record)

    def _kept(self, decided: _Decided, now: datetime) -> DecisionRow | None:
        """The decision as it is kept; None when the case has changed while it was decided."""
        outcome = decided.decision.outcome
        row = DecisionRow(
            id=self._new_id(),
            application_id=decided.application.id,
            ruleset=outcome.programme.digest,
            version=outcome.programme.version,
            answer=decided.decision.answer.value,
            earned=outcome.earned.award if outcome.earned else None,
            record=written(decided.record).decode(),
            decided_at=now,
        )
        with self._store.ledger() as ledger:
            application = ledger.hold_application(row.application_id)
            if as_kept(ledger, application) != decided.decision.wallet:
                return None
            # Of two that were asked for at once, the one that is kept later is the later one.
            earlier = ledger.latest_decision(application.id)
            if earlier is not None:
                row.decided_at = max(now, earlier.decided_at + _TICK)
            for applied in decided.versions:
                ledger.keep_ruleset(applied.programme.digest, source=applied.source, now=now)
            ledger.add(row)
        return row


def _as_shown(record: Record) -> Record:
    return replace(record, used_in="")
