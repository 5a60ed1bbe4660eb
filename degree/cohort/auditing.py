"""Deciding a cohort in several processes, each of which reads the programme once.

# (1) the main process hands out wallets in small packs, a few ahead of what is done; (2) a worker
# reads, decides, and writes the decision record, whole or not at all; (3) lines come back in the
# order of the wallets.
"""

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Final, TextIO

from degree.cohort.sources import Source
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.explain import Decision
from degree.rules.grammar import programme_from_json
from degree.rules.programme import Programme
from degree.rules.records_json import read_records
from degree.rules.standing import Standing, standing
from vc.documents import JsonObject
from vc.errors import Refused, Unavailable

_PACK: Final = 16  # wallets that go to a worker at once
_AHEAD: Final = 2  # packs that wait for each worker
_LONGEST_STEM: Final = 80  # characters of a name kept in that of its record
_ODD: Final = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked of each wallet. `programmes` are the versions of one programme, as JSON.

    `out` is the folder for decision records, None for none; `version` is of this software.
    """

    programmes: tuple[JsonObject, ...]
    today: date
    version: str
    out: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What came of one wallet: where it stands, or the fault for which it could not be read.

    `record` is the name of its decision record, "" where none was written.
    """

    file: str
    holder: str = ""
    standing: Standing | None = None
    fault: str = ""
    record: str = ""


class Auditor:
    """Decides one wallet after the other by the same programme."""

    def __init__(self, task: Task) -> None:
        self._task = task
        self._programmes: Sequence[Programme] = [
            programme_from_json(each) for each in task.programmes
        ]

    def audit(self, source: Source) -> Line:
        """The line of one wallet; whatever is wrong with it stops no other."""
        try:
            wallet = read_records(source.read())
            decision = decide(self._programmes, wallet, today=self._task.today)
            return Line(
                file=source.name,
                holder=wallet.name or wallet.holder,
                standing=standing(decision),
                record=self._kept(decision, source),
            )
        except Refused as refusal:
            return Line(file=source.name, fault=str(refusal))

    def _kept(self, decision: Decision, source: Source) -> str:
        if self._task.out is None:
            return ""
        name = record_name(source)
        content = written(decision_record(decision, learnometer=self._task.version))
        with whole_file(self._task.out / name) as file:
            file.write(content.decode())
        return name


def record_name(source: Source) -> str:
    """The name of a decision record: that of the file, after the wallet's place in the cohort."""
    stem = _ODD.sub("-", os.fsencode(source.path.stem).decode("ascii", "replace"))
    line = f"-{source.line}" if source.line else ""
    return f"{source.number:06}-{stem[:_LONGEST_STEM]}{line}.json"


@contextmanager
def whole_file(path: Path, *, encoding: str = "utf-8") -> Iterator[TextIO]:
    """A file that is there whole or not at all, whenever the process is killed."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        with draft.open("w", encoding=encoding, newline="") as file:
            yield file
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def audit_all(task: Task, wallets: Iterable[Source], *, workers: int) -> Iterator[Line]:
    """A line for each wallet, in order, decided in so many processes; 1 starts none.

    Raises Unavailable when the system ends one of them, as for want of memory.
    """
    if workers == 1:
        auditor = Auditor(task)
        yield from (auditor.audit(source) for source in wallets)
        return
    # Nothing is inherited that a fork would share, such as the solver's threads.
    pool = ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_begin, initargs=(task,)
    )
    try:
        yield from _in_order(pool, wallets, ahead=workers * _AHEAD)
    except BrokenProcessPool as error:
        sentence = "A worker process was ended by the system: try fewer with --workers."
        raise Unavailable("worker", sentence) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _in_order(
    pool: ProcessPoolExecutor, wallets: Iterable[Source], *, ahead: int
) -> Iterator[Line]:
    waiting: deque[Future[list[Line]]] = deque()
    left = iter(wallets)
    while pack := list(islice(left, _PACK)):
        waiting.append(pool.submit(_audit_pack, pack))
        if len(waiting) > ahead:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


_auditor: Auditor | None = None  # of this worker process


def _begin(task: Task) -> None:
    global _auditor
    _auditor = Auditor(task)


def _audit_pack(pack: Sequence[Source]) -> list[Line]:
    assert _auditor is not None  # the pool begins with it
    return [_auditor.audit(source) for source in pack]
