"""From a split flow to whole badges: place what fits, and see whether it is enough.

A rounding can find an allocation; that it finds none says nothing.
"""

from dataclasses import dataclass

from degree.rules.desk import Desk
from degree.rules.problem import Problem
from degree.rules.requirements import OPEN, OUT, Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounded:
    """A complete placing, and whether every requirement holds on it."""

    placed: tuple[int, ...]
    complete: bool


def rounded(problem: Problem, placed: Placed, sent: dict[int, dict[int, int]]) -> Rounded:
    """Try what the flow uses alone, then everything that fits; the thriftiest that is enough."""
    desk = Desk(problem, placed)
    desk.follow(sent)
    desk.mend_parts()
    lean = desk.closed()
    if holds(problem, lean):
        return Rounded(placed=lean, complete=True)
    desk.count_the_rest()
    desk.mend_parts()
    full = desk.closed()
    desk.relieve_judges()
    for enough in (full, desk.closed()):
        if holds(problem, enough):
            return Rounded(placed=_thrifty(problem, placed, enough), complete=True)
    return Rounded(placed=full, complete=False)


def holds(problem: Problem, placed: Placed) -> bool:
    """Whether the placing breaks no requirement; open items count as they help most."""
    return all(requirement.possible(placed) for requirement in problem.requirements)


def _thrifty(problem: Problem, before: Placed, full: tuple[int, ...]) -> tuple[int, ...]:
    """Give back what is not needed, the newest first: it stays free for another award."""
    kept = list(full)
    spare = [floor.counted(kept) - floor.amount for floor in problem.floors]
    for item in reversed(range(len(kept))):
        if before[item] != OPEN or kept[item] < 0:
            continue
        home = kept[item]
        left = [
            rest - (floor.amounts[item] if floor.part in (None, home) else 0)
            for rest, floor in zip(spare, problem.floors, strict=True)
        ]
        if min(left, default=0) >= 0:
            kept[item] = OUT
            if all(rule.possible(kept) for rule in problem.across):
                spare = left
            else:
                kept[item] = home
    return tuple(kept)
