"""What people granted and said of one case, as a part of the wallet that is decided on."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from typing import Final

from degree.board.tables import ExceptionRow
from degree.rules.records import Attestation, Concession, Interruption, Wallet
from degree.rules.records_json import read_records, records_as_json

_NOTHING: Final = Wallet(holder="nobody", registered=date(2000, 1, 1), records=())


class Kind(StrEnum):
    """What an exception is."""

    CONCESSION = "concession"
    ATTESTATION = "attestation"
    INTERRUPTION = "interruption"


# What holds once a second person has confirmed it; a word is somebody else's already.
BY_TWO: Final = frozenset({Kind.CONCESSION, Kind.INTERRUPTION})


def of_concession(concession: Concession) -> str:
    """A concession as it is kept: a wallet with nothing else in it, as JSON."""
    return _written(replace(_NOTHING, concessions=(concession,)))


def of_attestation(name: str, attestation: Attestation) -> str:
    """An attestation as it is kept."""
    return _written(replace(_NOTHING, attestations={name: attestation}))


def of_interruption(interruption: Interruption) -> str:
    """An authorised interruption as it is kept."""
    return _written(replace(_NOTHING, interruptions=(interruption,)))


def part_of(row: ExceptionRow) -> Wallet:
    """The wallet with nothing but this exception in it."""
    return read_records(row.said)


def in_force(row: ExceptionRow) -> bool:
    """Whether it takes part in decisions: not withdrawn, and confirmed where that is needed."""
    waits = row.kind in BY_TWO and row.confirmed_at is None
    return row.withdrawn_at is None and not waits


def with_exceptions(wallet: Wallet, rows: Iterable[ExceptionRow]) -> Wallet:
    """The wallet with those that are in force; of two attestations of one thing the later."""
    for row in rows:
        if in_force(row):
            part = part_of(row)
            wallet = replace(
                wallet,
                interruptions=(*wallet.interruptions, *part.interruptions),
                attestations={**wallet.attestations, **part.attestations},
                concessions=(*wallet.concessions, *part.concessions),
            )
    return wallet


def _written(part: Wallet) -> str:
    said = json.dumps(records_as_json(part), ensure_ascii=False)
    read_records(said)  # refuses with the place what no decision could read
    return said
