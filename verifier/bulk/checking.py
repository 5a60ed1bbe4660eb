"""Checking a file of many: at once for a command, or in turns while somebody looks on.

Nothing runs behind the pages. Each look at a batch checks some of it and keeps what was found, in
whichever process it lands; a process that ends takes at most one item's work with it, and after a
while another takes that item up.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from vc.encoding import base64url_encode
from vc.errors import Malformed, Missing, Unavailable
from verifier.bulk.intake import Intake, opened
from verifier.bulk.item import Item
from verifier.bulk.remembering import Remembering
from verifier.bulk.result import Row, row_of
from verifier.bulk.store import Batch, BatchRow, Store
from verifier.checked import Checked, could_not_be_had
from verifier.desk import Desk
from verifier.handing import Handed, in_file

KEPT: Final = timedelta(hours=2)  # how long anything of a batch is kept
MOST_BATCHES: Final = 100  # that hold their file at a time, of at most six megabytes each
AT_A_TIME: Final = 50  # items that one look checks at most
TURN: Final = timedelta(seconds=3)  # and how long it begins new ones
_STALE: Final = timedelta(minutes=5)  # more than the slowest item takes
_TOKEN_BYTES: Final = 24


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one item: a check, or several where a link shows several."""

    item: Item
    checked: list[Checked]

    def rows(self) -> list[Row]:
        """The lines of the result."""
        return [row_of(one, item=self.item) for one in self.checked]


def check_all(desk: Desk, intake: Intake, *, now: datetime) -> Iterator[Found]:
    """What is found of each item, one by one; what is wrong with one never stops the others."""
    desk = replace(desk, fetcher=Remembering(desk.fetcher))
    for place in range(len(intake.names)):
        yield _check(desk, intake.item(place), now)


def _check(desk: Desk, item: Item, now: datetime) -> Found:
    if item.fault:
        refusal = Malformed("item", item.fault)
        return Found(item, [could_not_be_had(refusal, now=now, name=item.name)])
    return Found(item, desk.examine([Handed(item.name, item.source)], now=now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batches:
    """The batches of one verifier. Times are given by `clock`, tokens made from `entropy`."""

    store: Store
    desk: Desk
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]

    def open(self, name: str, content: bytes) -> str:
        """Take a file in; the result is the token of its address, which is kept nowhere.

        Raises Malformed for a file that is neither CSV nor ZIP, Unavailable while too many wait.
        """
        items, now = len(opened(content).names), self.clock()
        token = base64url_encode(self.entropy(_TOKEN_BYTES))
        batch = BatchRow(
            id=self.entropy(16).hex(),
            token_digest=_digest(token),
            name=in_file(name, b"").name,
            created_at=now,
            forgotten_at=now + KEPT,
            content=content,
        )
        self.tidy()
        with self.store.ledger() as ledger:
            if ledger.unfinished() >= MOST_BATCHES:
                sentence = "Many files are being checked at the moment. Try again in a while."
                raise Unavailable("batches", sentence)
            ledger.add(batch, items=items)
        return token

    def tidy(self) -> None:
        """Delete what is past its time; every look at these pages does."""
        with self.store.ledger() as ledger:
            ledger.forget_old(now=self.clock())

    def batch(self, token: str) -> Batch:
        """The batch as it stands. Raises Missing for an unknown token, and after its time."""
        self.tidy()
        with self.store.ledger() as ledger:
            found = ledger.batch(_digest(token), now=self.clock())
        if found is None:
            raise Missing("batch", "Nothing is at this address any more. Hand the file over again.")
        return found

    def proceed(self, token: str) -> Batch:
        """Check some more of the batch, and say how it stands. Raises Missing."""
        batch = self.batch(token)
        if batch.checked < batch.items:
            self._turn(batch.id)
            batch = self.batch(token)
            if batch.checked == batch.items:
                with self.store.ledger() as ledger:
                    ledger.drop_content(batch.id)
        return batch

    def rows(self, batch: Batch) -> list[Row]:
        """The lines of the result so far, in the order of the file."""
        with self.store.ledger() as ledger:
            results = ledger.results(batch.id)
        return [Row(**line) for result in results for line in json.loads(result)]

    def forget(self, token: str) -> None:
        """Delete the batch and all that was found. Raises Missing."""
        batch = self.batch(token)
        with self.store.ledger() as ledger:
            ledger.forget(batch.id)

    def _turn(self, batch_id: str) -> None:
        began = self.clock()
        with self.store.ledger() as ledger:
            content = ledger.content(batch_id)
        if content is None:
            return  # somebody else has just finished it
        intake = opened(content)
        desk = replace(self.desk, fetcher=Remembering(self.desk.fetcher))
        for _ in range(AT_A_TIME):
            now = self.clock()
            if now - began > TURN:
                return
            with self.store.ledger() as ledger:
                place = ledger.take(batch_id, now=now, stale=now - _STALE)
            if place is None:
                return
            found = _check(desk, intake.item(place), now)
            result = json.dumps([asdict(row) for row in found.rows()])
            with self.store.ledger() as ledger:
                ledger.settle(batch_id, place, result=result)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
