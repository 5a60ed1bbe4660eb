"""Has a stranger's programme applied, or a dossier drawn, in a process of its own."""

import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from degree.receiving.dossier import Drawing
from degree.receiving.judged import Answer, Question, Refusal
from degree.receiving.values import as_json, from_json
from degree.rules.faults import Faulty
from vc.errors import Conflict, Malformed, Refused, Unavailable

PROGRAMME: Final = "programme"  # the place of a refusal, and the code of a programme with faults
_CHILD: Final = Path(__file__).with_name("child.py")
SECONDS: Final = 10  # of processor time; real programmes and wallets take a few tenths
_PATIENCE: Final = 60  # seconds by the clock, on however busy a machine
_AT_ONCE: Final = 2  # in one process of ours, so that strangers do not take the whole machine
_WAITING: Final = 2  # besides; each holds a thread that other pages need
_KINDS: Final[Mapping[str, type[Refused]]] = {"Malformed": Malformed, "Conflict": Conflict}
_log = logging.getLogger(__name__)

Run = Callable[[bytes], bytes]


def in_a_child(question: bytes, *, seconds: int = SECONDS) -> bytes:
    """The answer of a new process, which has so many seconds of processor time.

    Raises Malformed when they, or its bytes, were not enough, and Unavailable for a fault of ours.
    """
    child = [sys.executable, "-I", str(_CHILD), str(seconds)]
    # It is given nothing of our surroundings, among which are secrets.
    surroundings = {"OPENBLAS_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own file; what strangers wrote is its input
            child,
            input=question,
            capture_output=True,
            env=surroundings,
            timeout=_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise _too_much() from error
    if ended.returncode < 0 or b"MemoryError" in ended.stderr:
        raise _too_much()
    if ended.returncode:
        _log.error("nothing was decided or drawn: %s", ended.stderr.decode()[-4_000:])
        sentence = "This could not be done, by a fault of this office."
        raise Unavailable("deciding", sentence)
    return ended.stdout


@dataclass(frozen=True, slots=True)
class Deciding:
    """Asks through `run`, a few at a time."""

    run: Run = field(default=lambda question: in_a_child(question))
    _places: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE)
    )
    _room: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE + _WAITING)
    )

    def judge(self, question: Question) -> Answer:
        """What the programme says of the wallet, and what is to be remarked on the programme.

        Raises Faulty with every fault of the programme, Malformed, Conflict before it is in force,
        and Unavailable.
        """
        answer = from_json(Answer, json.loads(self._asked(question)))
        if answer.faults:
            raise Faulty(PROGRAMME, answer.faults)
        if answer.refusal is not None:
            raise _refused(answer.refusal)
        return answer

    def draw(self, drawing: Drawing) -> bytes:
        """The PDF. Raises Malformed and Unavailable."""
        return self._asked(drawing)

    def _asked(self, question: Question | Drawing) -> bytes:
        asked = json.dumps(as_json(question), ensure_ascii=False).encode()
        with _one_of(self._room, patience=0), _one_of(self._places, patience=_PATIENCE / 2):
            return self.run(asked)


@contextmanager
def _one_of(places: threading.BoundedSemaphore, *, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise Unavailable("busy", "Others are being served. Try again in a minute.")
    try:
        yield
    finally:
        places.release()


def _refused(refusal: Refusal) -> Refused:
    kind = _KINDS.get(refusal.kind, Malformed)
    place = f"{refusal.place}: " if refusal.place else ""
    return kind(refusal.code, f"{place}{refusal.sentence}", place=PROGRAMME)


def _too_much() -> Malformed:
    sentence = (
        "Reading this wallet by this programme takes more work than is done here. On a machine of "
        "your own, learnometer degree audit does it."
    )
    return Malformed("too-much-work", sentence, place=PROGRAMME)
