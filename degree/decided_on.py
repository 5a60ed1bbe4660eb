"""What a case is decided on: the records, what people granted, and what is spent already."""

import json
from dataclasses import replace

from degree.board.granted import with_exceptions
from degree.board.store import Ledger
from degree.rules.record_reading import read_decision
from degree.rules.records import Wallet
from degree.rules.records_json import read_records
from degree.tables import ApplicationRow
from degree.wording import day
from vc.documents import JsonObject


def as_kept(ledger: Ledger, application: ApplicationRow) -> Wallet:
    """The records as they were last verified, as they stand now."""
    return as_it_stands(ledger, application, read_records(application.records))


def as_it_stands(ledger: Ledger, application: ApplicationRow, wallet: Wallet) -> Wallet:
    """What is decided on: these records of it, and what people granted and said of the member.

    Records that an award of this person counts already say so.
    """
    granted = ledger.exceptions(application.person_id, programme=application.programme)
    wallet = with_exceptions(wallet, granted)
    used: dict[str, str] = {}
    for conferral, decision in ledger.conferrals(application.person_id):
        if conferral.withdrawn_at is not None:
            continue
        used |= dict.fromkeys(
            _counted(json.loads(decision.record), award=conferral.award),
            f"{conferral.award} of {day(conferral.conferred_at)}",
        )
    return replace(
        wallet,
        records=tuple(
            replace(record, used_in=used.get(record.id, "")) for record in wallet.records
        ),
    )


def _counted(record: JsonObject, *, award: str) -> frozenset[str]:
    """The records that an award counts by the verdict that decides."""
    earned = read_decision(record).outcome.earned
    if earned is None or earned.award != award:
        return frozenset()
    return frozenset(each.record for each in earned.counted)
