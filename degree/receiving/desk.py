"""The use cases of a receiving university: read a wallet, read it again, take the dossier along.

Nothing is kept: a reading goes out with its page, sealed, and comes back with it.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Final

from degree.catalogue import FOLDER, Catalogue, read_catalogue
from degree.receiving.carrying import Carrier
from degree.receiving.deciding import PROGRAMME, Deciding
from degree.receiving.dossier import Drawing, dossier
from degree.receiving.handed import (
    ADDRESS,
    FILES,
    at_address,
    bounded,
    in_files,
    nothing_given,
)
from degree.receiving.judged import Question
from degree.receiving.presented import RECORDS, Presented, as_stated, presented
from degree.receiving.reading import Reading
from degree.rules.linting import Remark
from degree.rules.programme import Programme
from degree.rules.records_json import records_as_json
from vc.documents import written
from vc.errors import Malformed
from vc.fetch import Fetcher
from vc.model import timestamp

ELSEWHERE: Final = FOLDER / "elsewhere"
LARGEST_PROGRAMME: Final = 65_536  # bytes; the largest of ours has 5,000


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What a reader brings: a programme file or the id of one of those here; a wallet by its
    address and files, or a file of records. `registered` is for wallets of credentials."""

    programme: bytes = field(default=b"", repr=False)
    chosen: str = ""
    address: str = ""
    files: tuple[tuple[str, bytes], ...] = field(default=(), repr=False)
    records: bytes = field(default=b"", repr=False)
    registered: date
    name: str = ""


class NoWallet(Malformed):
    """There is no wallet, and no fault in the programme; `remarks` are those on it."""

    def __init__(self, remarks: tuple[Remark, ...]) -> None:
        refusal = nothing_given()
        super().__init__(refusal.code, refusal.sentence, place=refusal.place)
        self.remarks = remarks


class Shelf:
    """The programmes that can be chosen: our own, and the encodings of published rules."""

    def __init__(self, own: Catalogue, *, community: str) -> None:
        self._own = own
        self._community = community

    @property
    def own(self) -> tuple[Programme, ...]:
        """Those that this installation offers, by title."""
        return self._own.all()

    @property
    def elsewhere(self) -> tuple[Programme, ...]:
        """The encodings, by title."""
        return self._encoded.all()

    def sources(self, programme_id: str) -> tuple[str, ...]:
        """The texts of all versions of one of them. Raises Missing."""
        known = {programme.id for programme in self.own}
        catalogue = self._own if programme_id in known else self._encoded
        return tuple(applied.source for applied in catalogue.versions(programme_id))

    @cached_property
    def _encoded(self) -> Catalogue:
        """Read when somebody first asks for them: nine files take a second."""
        return read_catalogue(ELSEWHERE, community=self._community)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Reads wallets by programmes. Times are aware UTC; `software` is the version of this program.

    `author` is in whose name a dossier is printed.
    """

    shelf: Shelf
    fetcher: Fetcher
    carrier: Carrier
    software: str
    author: str
    deciding: Deciding = field(default_factory=Deciding)

    def read(self, brought: Brought, *, now: datetime) -> Reading:
        """The wallet, read by the programme. Without a wallet only the programme is read.

        Raises Malformed whose place is a field, its kinds Faulty (with every fault of a programme
        or of records), NoWallet and NothingHolds; Missing, Conflict before the programme is in
        force, and Unavailable.
        """
        sources = self._sources(brought)
        shown = self._presented(brought, now) if _has_wallet(brought) else None
        answer = self.deciding.judge(
            Question(
                sources=sources,
                with_remarks=bool(brought.programme),
                wallet=written(records_as_json(shown.wallet)).decode() if shown else "",
                trusting=(),
                today=now.date(),
                software=self.software,
            )
        )
        if answer.judged is None or shown is None:
            raise NoWallet(answer.remarks)
        return Reading(
            judged=answer.judged,
            remarks=answer.remarks,
            sources=sources,
            is_own=bool(brought.programme),
            is_stated=bool(brought.records),
            trusting=(),
            holder=shown.wallet.holder,
            name=shown.wallet.name,
            registered=shown.wallet.registered,
            today=now.date(),
            checked_at=timestamp(now),
            exhibits=shown.exhibits,
            aside=shown.aside,
        )

    def read_again(self, reading: Reading, *, trusting: frozenset[str]) -> Reading:
        """The same wallet, as if these issuers were trusted too; only those that came up can be.

        Raises Malformed, Unavailable.
        """
        offered = {*reading.trusting, *reading.judged.untrusted}
        chosen = tuple(sorted(trusting & offered))
        answer = self.deciding.judge(
            Question(
                sources=reading.sources,
                with_remarks=False,
                wallet=json.dumps(json.loads(reading.judged.record)["wallet"]),
                trusting=chosen,
                today=reading.today,
                software=self.software,
            )
        )
        assert answer.judged is not None  # there is a wallet
        return replace(reading, judged=answer.judged, trusting=chosen)

    def paper(self, reading: Reading, *, award: str) -> bytes:
        """The dossier for one of its awards, as a PDF. Raises Missing, Malformed, Unavailable."""
        return self.deciding.draw(
            Drawing(
                dossier=dossier(reading, award_id=award),
                software=f"learnometer {self.software}",
                author=self.author,
                when=reading.checked_at,
            )
        )

    def _sources(self, brought: Brought) -> tuple[str, ...]:
        if brought.programme and brought.chosen:
            sentence = "Choose a programme from the list, or bring a file of your own: not both."
            raise Malformed("both", sentence, place=PROGRAMME)
        if not brought.programme:
            if not brought.chosen:
                sentence = "Bring a programme file, or choose one from the list."
                raise Malformed("nothing-given", sentence, place=PROGRAMME)
            return self.shelf.sources(brought.chosen)
        if len(brought.programme) > LARGEST_PROGRAMME:
            sentence = f"The programme file is larger than {LARGEST_PROGRAMME:,} bytes."
            raise Malformed("yaml-size", sentence, place=PROGRAMME)
        try:
            return (brought.programme.decode("utf-8"),)
        except UnicodeDecodeError as error:
            sentence = f"The programme file is not UTF-8: byte {error.start} is at fault."
            raise Malformed("yaml-utf8", sentence, place=PROGRAMME) from error

    def _presented(self, brought: Brought, now: datetime) -> Presented:
        if brought.records:
            if brought.address or brought.files:
                sentence = "Hand over credentials or a file of records, not both."
                raise Malformed("both", sentence, place=RECORDS)
            return as_stated(brought.records, name=brought.name)
        handed = in_files(brought.files)
        if brought.address:
            handed += at_address(brought.address, fetcher=self.fetcher)
        return presented(
            bounded(handed),
            registered=brought.registered,
            name=brought.name,
            fetcher=self.fetcher,
            now=now,
            place=ADDRESS if brought.address else FILES,
        )


def _has_wallet(brought: Brought) -> bool:
    return bool(brought.records or brought.address or brought.files)
