"""What a member's badges are today: those of the latest application, verified again.

Nothing of it is kept but in memory, and for minutes: whoever asks "what if" ten times over has
sixty badges verified once.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from degree.board.store import Store
from degree.catalogue import Catalogue
from degree.decided_on import as_it_stands
from degree.evidence import Evidence, NotARecord, Offer, records_from
from degree.progress.menus import offers
from degree.rules.ideals import trusted
from degree.rules.programme import Programme
from degree.rules.records import Wallet
from degree.rules.records_json import read_records
from degree.store import Case
from degree.tables import ApplicationRow, ConferralRow
from vc.effort import bounded, for_many
from vc.fetch import MOST_DOCUMENTS_AT_ONCE, Bounded, Fetcher, ReadOnce
from vc.verify import verify

FRESH: Final = timedelta(minutes=5)  # no longer than an issuer's own copies of its status lists
MOST_IN_MEMORY: Final = 64  # applications


@dataclass(frozen=True, slots=True, kw_only=True)
class Current:
    """What a member's latest application comes to: its badges as they were `verified_at`, and
    those that are no records. `programmes` are all versions; `case` is the latest audit, which
    stays; the `offers` are what those who are trusted now have on their menus; what was `conferred`
    on the member has the title of each award beside it, and has used its badges up."""

    case: Case
    programmes: tuple[Programme, ...]
    wallet: Wallet
    not_records: tuple[NotARecord, ...]
    offers: tuple[Offer, ...]
    conferred: tuple[tuple[ConferralRow, str], ...]
    verified_at: datetime

    @property
    def held(self) -> tuple[tuple[ConferralRow, str], ...]:
        """The awards that the member holds: what was conferred and not withdrawn."""
        return tuple((each, title) for each, title in self.conferred if each.withdrawal is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    at: datetime
    evidence: Evidence
    offers: tuple[Offer, ...]


class Desk:
    """Reads badges for the progress page; `now` gives aware UTC."""

    def __init__(
        self, store: Store, catalogue: Catalogue, fetcher: Fetcher, now: Callable[[], datetime]
    ) -> None:
        self.catalogue = catalogue
        self.now = now
        self._store = store
        self._fetcher = fetcher
        self._seen: dict[str, _Seen] = {}

    def current(self, person_id: str) -> Current | None:
        """The badges of the person's latest application; None where there is none."""
        with self._store.ledger() as ledger:
            case = ledger.latest_case(person_id)
            credentials = ledger.credentials(case.application.id) if case else ""
        if case is None:
            return None
        versions = self.catalogue.versions(case.application.programme)
        programmes = tuple(applied.programme for applied in versions)
        seen = self._fresh(case.application, credentials, programmes[-1])
        before = read_records(case.application.records)
        found = seen.evidence
        checked = replace(before, records=found.records, context_names=found.context_names)
        with self._store.ledger() as ledger:
            wallet = as_it_stands(ledger, case.application, checked)
            conferrals = [each for each, _ in ledger.conferrals(person_id) if each.is_carried_out]
        titles = {award.id: award.title for award in programmes[-1].awards}
        return Current(
            case=case,
            programmes=programmes,
            wallet=wallet,
            not_records=found.not_records,
            offers=seen.offers,
            conferred=tuple((each, titles.get(each.award, each.award)) for each in conferrals),
            verified_at=seen.at,
        )

    def _fresh(self, application: ApplicationRow, credentials: str, programme: Programme) -> _Seen:
        now, seen = self.now(), self._seen.get(application.id)
        if seen is None or now - seen.at > FRESH:
            seen = self._read(application, credentials, programme, now)
            self._seen.pop(application.id, None)
            self._seen[application.id] = seen
            for oldest in list(self._seen)[:-MOST_IN_MEMORY]:
                self._seen.pop(oldest, None)
        return seen

    def _read(
        self, application: ApplicationRow, credentials: str, programme: Programme, now: datetime
    ) -> _Seen:
        """All of it has one effort and a number of documents that may be fetched (ADR 21)."""
        fetcher = ReadOnce(Bounded(self._fetcher, most=MOST_DOCUMENTS_AT_ONCE))
        with bounded(for_many()):
            reports = [verify(each, now=now, fetcher=fetcher) for each in json.loads(credentials)]
        evidence = records_from(
            reports, holder=application.holder, membership_issuers=programme.gate.issuers
        )
        issuers = trusted(programme, today=now.date())
        return _Seen(at=now, evidence=evidence, offers=offers(issuers, fetcher=fetcher))
