"""How much work is done for what was handed over at once, however much of it lies within another.

Each document has limits of its own. But whoever writes one chooses how many others it holds, and
each of those would have the same limits anew: two hundred small ones could take a verifier minutes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Final

from vc.documents import JsonObject
from vc.model import Outcome, Step

CODE: Final = "too-much-work"
# What takes as long in a JSON-LD document as so many values that are no objects: an object, and
# each context that is met on the way, by its own name or by a type that has one.
_OBJECT: Final = 4
_CONTEXT: Final = 8
_TYPES: Final = ("type", "@type")
# Badges and their endorsements are met alone and within all around them: 9 bytes for each step.
_BYTES_A_STEP: Final = 7


class Exhausted(Exception):
    """The work allowed for this is done. It speaks of the whole, and against no part of it.

    No Refused, because a part that is refused is told to be at fault. vc.verify, vc.presentation
    and vc.proofs.vp_jwt make a step of it; whoever else checks within a limit has to.
    """

    def step(self) -> Step:
        """The step that says so, which decides nothing."""
        sentence = "It would take more work than is done for what is handed over at once."
        return Step("effort", Outcome.UNKNOWN, sentence, CODE)


@dataclass(slots=True)
class Effort:
    """What may still be done.

    `signatures` in checks of Ed25519, of which each other kind counts for several (0.1 ms);
    `steps` of putting documents in canonical form, see `steps_in` (0.02 ms); `labelling` in the
    units of vc.canonical (0.004 ms); `processes` for older credentials (half a second). What is
    done is taken off the effort `around` it too.
    """

    signatures: int
    steps: int
    labelling: int
    processes: int
    around: "Effort | None" = None

    def spend(
        self, *, signatures: int = 0, steps: int = 0, labelling: int = 0, processes: int = 0
    ) -> None:
        """Take off what is about to be done. Raises Exhausted."""
        self.signatures -= signatures
        self.steps -= steps
        self.labelling -= labelling
        self.processes -= processes
        if min(self.signatures, self.steps, self.labelling, self.processes) < 0:
            raise Exhausted
        if self.around is not None:
            self.around.spend(
                signatures=signatures, steps=steps, labelling=labelling, processes=processes
            )


def for_one() -> Effort:
    """For one credential and all in it: a badge of 128 judges, a learner record of 256 KiB."""
    return Effort(signatures=2_000, steps=30_000, labelling=10_000, processes=2)


def for_record(size: int) -> Effort:
    """For a learner record of so many bytes, which is looked at as a whole, and then each badge.

    What takes no more than one credential has as much; forty badges of five judges have 107,000.
    """
    return replace(for_one(), steps=max(for_one().steps, size // _BYTES_A_STEP))


def for_many() -> Effort:
    """For a presentation, or all that one person hands over at once: 256 badges of five judges."""
    return Effort(signatures=4_000, steps=200_000, labelling=20_000, processes=4)


_left: ContextVar[Effort | None] = ContextVar("effort_left", default=None)


@contextmanager
def bounded(effort: Effort) -> Iterator[None]:
    """Whatever is checked within has `effort` for it, and no more than is left around it.

    In this thread: what is handed to another has no limit there.
    """
    before = _left.set(replace(effort, around=_left.get()))
    try:
        yield
    finally:
        _left.reset(before)


def spend(*, signatures: int = 0, steps: int = 0, labelling: int = 0, processes: int = 0) -> None:
    """Take off what is about to be done, where a limit is set. Raises Exhausted."""
    left = _left.get()
    if left is not None:
        left.spend(signatures=signatures, steps=steps, labelling=labelling, processes=processes)


def steps_in(document: JsonObject) -> int:
    """How many steps it takes to put a JSON-LD document in canonical form, roughly."""
    steps, waiting = 0, list[Any]([document])
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            steps += _OBJECT + _CONTEXT * _contexts_of(value)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
        else:
            steps += 1
    return steps


def _contexts_of(node: JsonObject) -> int:
    """How many contexts a node brings that are not among those which are worked out once.

    Two types, as a credential has, go with the object; and so does a context by its address.
    """
    types = sum(len(types) for name in _TYPES if isinstance(types := node.get(name), list))
    own = node.get("@context", [])
    objects = sum(isinstance(one, dict) for one in (own if isinstance(own, list) else [own]))
    return max(0, types - 2) + objects
