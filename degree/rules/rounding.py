"""From a split flow to whole badges: place what fits, and see whether it is enough.

A rounding can find an allocation; that it finds none says nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from degree.rules.problem import Problem
from degree.rules.requirements import OPEN, OUT, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """A complete placing, and whether every requirement holds on it."""

    placed: tuple[int, ...]
    complete: bool


def rounded(problem: Problem, placed: Placed, sent: dict[int, dict[int, int]]) -> Rounded:
    """Try what the flow uses alone, then everything that fits; the thriftiest that is enough."""
    desk = _Desk(problem, placed)
    desk.follow(sent)
    desk.mend_parts()
    lean = desk.closed()
    if holds(problem, lean):
        return Rounded(placed=lean, complete=True)
    desk.count_the_rest()
    full = desk.closed()
    if holds(problem, full):
        return Rounded(placed=_thrifty(problem, placed, full), complete=True)
    return Rounded(placed=full, complete=False)


def holds(problem: Problem, placed: Placed) -> bool:
    return all(requirement.possible(placed) for requirement in problem.requirements)


def _thrifty(problem: Problem, before: Placed, full: tuple[int, ...]) -> tuple[int, ...]:
    """Give back what is not needed, the newest first: it stays free for another award."""
    kept = list(full)
    for item in reversed(range(len(kept))):
        if before[item] == OPEN and kept[item] >= 0:
            home, kept[item] = kept[item], OUT
            if not holds(problem, kept):
                kept[item] = home
    return tuple(kept)


class _Desk:
    """Places open items one by one, as long as no ceiling breaks and no order is violated."""

    def __init__(self, problem: Problem, placed: Placed) -> None:
        self._problem = problem
        self._placed = list(placed)
        self._left = [cap.amount - cap.counted(placed) for cap in problem.ceilings]

    def closed(self) -> tuple[int, ...]:
        return tuple(OUT if place == OPEN else place for place in self._placed)

    def follow(self, sent: dict[int, dict[int, int]]) -> None:
        """Place each item where most of its credit flows, the unsplit ones first."""
        for item in sorted(sent, key=lambda item: len(sent[item])):
            for home in sorted(sent[item], key=lambda home: -sent[item][home]):
                if self._place(item, home):
                    break

    def mend_parts(self) -> None:
        """Fill parts that splitting left short, each with the badge that fits its gap best."""
        for floor in self._problem.floors:
            if floor.part is None:
                continue
            while (gap := floor.amount - floor.counted(self._placed)) > 0:
                spare = self._spare(floor.part)
                enough = [item for item in spare if self._problem.credits[item] >= gap]
                ranked = sorted(enough, key=self._problem.credits.__getitem__) + sorted(
                    (item for item in spare if item not in enough),
                    key=lambda item: -self._problem.credits[item],
                )
                if not any(self._place(item, floor.part) for item in ranked):
                    break

    def count_the_rest(self) -> None:
        for item in self._open():
            any(self._place(item, home) for home in reversed(self._problem.homes[item]))

    def _open(self) -> Iterable[int]:
        return [item for item, place in enumerate(self._placed) if place == OPEN]

    def _spare(self, part: int) -> list[int]:
        credits_ = self._problem.credits
        return [
            item for item in self._open() if credits_[item] and part in self._problem.homes[item]
        ]

    def _place(self, item: int, home: int) -> bool:
        burdens = self._problem.burdens[item][home]
        if any(self._left[cap] < amount for cap, amount in burdens):
            return False
        self._placed[item] = home
        if not all(order.possible(self._placed) for order in self._problem.orders):
            self._placed[item] = OPEN
            return False
        for cap, amount in burdens:
            self._left[cap] -= amount
        return True
