"""Places whole badges exactly: a flow bound, a rounding, and branching where they disagree.

Badges do not split, so the question is as hard as partition. Each step of the search bounds the
partly placed problem by flow (relaxation.py: short is a proof), tries to round the flow to whole
badges (rounding.py: success is an answer), and otherwise decides one badge in every way that is
left. An answer is never guessed: FOUND carries the placing, IMPOSSIBLE means that every way was
closed, and a search that reaches its limit GAVE_UP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from degree.rules.problem import Problem
from degree.rules.relaxation import Relaxation
from degree.rules.requirements import OPEN, OUT
from degree.rules.rounding import Rounded, holds, rounded

# Steps of one search: a number and not a time, so that every machine gives the same answer. A step
# takes two or three milliseconds with 60 badges.
MOST_STEPS: Final = 400
MOST_STEPS_PER_CONFLICT: Final = 100  # for each requirement left out on trial


class Result(Enum):
    """How a search ended."""

    FOUND = auto()
    IMPOSSIBLE = auto()
    GAVE_UP = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """`placed` is the allocation when FOUND, otherwise the fullest placing of the first step."""

    result: Result
    placed: tuple[int, ...]
    steps: int


def allocate(problem: Problem, *, most_steps: int = MOST_STEPS) -> Allocation:
    """The exact answer for one award, or GAVE_UP after `most_steps`."""
    search = _Search(problem, most_steps)
    found = search.visit([OPEN] * len(problem.records))
    if found is not None:
        return Allocation(result=Result.FOUND, placed=found, steps=search.steps)
    result = Result.GAVE_UP if search.gave_up else Result.IMPOSSIBLE
    return Allocation(result=result, placed=search.first_placing, steps=search.steps)


def conflict(problem: Problem) -> tuple[str, ...]:
    """Rules of an impossible problem that cannot hold together, none of them idle as far as the
    limited search can tell: each is left out on trial, and stays out while the rest conflicts."""
    core = problem
    for path in [requirement.path for requirement in problem.requirements]:
        trial = core.without(path)
        if allocate(trial, most_steps=MOST_STEPS_PER_CONFLICT).result is Result.IMPOSSIBLE:
            core = trial
    return tuple(requirement.path for requirement in core.requirements)


class _Search:
    def __init__(self, problem: Problem, most_steps: int) -> None:
        self._problem = problem
        self._most_steps = most_steps
        self.steps = 0
        self.gave_up = False
        self.first_placing: tuple[int, ...] = ()

    def visit(self, placed: list[int]) -> tuple[int, ...] | None:
        """An allocation that keeps what is placed, or None when there is none (or on giving up)."""
        if self.steps >= self._most_steps:
            self.gave_up = True
            return None
        self.steps += 1
        placed = _indispensable_placed(self._problem, _impossible_out(self._problem, placed))
        relaxation = Relaxation(self._problem, placed)
        short = relaxation.fill_award()
        sent = relaxation.sent()
        trial = None if short and self.first_placing else rounded(self._problem, placed, sent)
        if trial is not None and not self.first_placing:
            self.first_placing = trial.placed
        if trial is not None and trial.complete:
            return trial.placed
        if short or trial is None or not holds(self._problem, placed) or OPEN not in placed:
            return None
        return self._branch(placed, sent, trial)

    def _branch(
        self, placed: list[int], sent: dict[int, dict[int, int]], trial: Rounded
    ) -> tuple[int, ...] | None:
        item, leave_out_first = self._item_to_decide(placed, sent, trial)
        ways = self._ways(item, placed, sent.get(item, {}))
        for way in sorted(ways, key=lambda way: way != OUT) if leave_out_first else ways:
            child = list(placed)
            child[item] = way
            found = self.visit(child)
            if found is not None or self.gave_up:
                return found
        return None

    def _item_to_decide(
        self, placed: Sequence[int], sent: dict[int, dict[int, int]], trial: Rounded
    ) -> tuple[int, bool]:
        """A badge that the flow splits; else one that could mend the first broken requirement,
        and whether leaving it out is the better first try."""
        credits_ = self._problem.credits
        split = [item for item, homes in sent.items() if len(homes) > 1]
        if split:
            return self._first_twin(max(split, key=credits_.__getitem__), placed), False
        broken = next(
            requirement
            for requirement in self._problem.requirements
            if not requirement.possible(trial.placed)
        )
        open_ = [item for item, place in enumerate(placed) if place == OPEN]
        used = set(broken.finding(trial.placed).used)
        concerned = [item for item in open_ if self._problem.records[item].id in used]
        item = max(concerned or open_, key=credits_.__getitem__)
        return self._first_twin(item, placed), broken.fewer_helps

    def _first_twin(self, item: int, placed: Sequence[int]) -> int:
        """Among badges that no rule can tell apart the earliest open one is decided first."""
        while (before := self._problem.twin_before[item]) is not None and placed[before] == OPEN:
            item = before
        return item

    def _ways(self, item: int, placed: Sequence[int], sent: dict[int, int]) -> list[int]:
        """What is left to try: the part that the flow prefers first, leaving it out last.

        Twins are placed in the order of parts, so that no two ways differ only by swapping them.
        """
        homes = sorted(self._problem.homes[item], key=lambda home: -sent.get(home, 0))
        before = self._problem.twin_before[item]
        if before is None:
            return [*homes, OUT]
        if placed[before] == OUT:
            return [OUT]
        return [*(home for home in homes if home >= placed[before]), OUT]


def _impossible_out(problem: Problem, placed: Sequence[int]) -> list[int]:
    """Leave out the badges that no ceiling leaves room for."""
    left = [cap.amount - cap.counted(placed) for cap in problem.ceilings]
    fixed = list(placed)
    for item, burdens in enumerate(problem.burdens):
        if fixed[item] == OPEN and all(
            any(left[cap] < amount for cap, amount in weights) for weights in burdens.values()
        ):
            fixed[item] = OUT
    return fixed


def _indispensable_placed(problem: Problem, placed: list[int]) -> list[int]:
    """Place the badges without which a part cannot be filled by any means."""
    fixed = list(placed)
    for floor in problem.floors:
        if floor.part is None:
            continue
        here = (floor.part, OPEN)
        eligible = [
            item for item, place in enumerate(fixed) if place in here and floor.amounts[item]
        ]
        spare = sum([floor.amounts[item] for item in eligible]) - floor.amount
        for item in eligible:
            if fixed[item] == OPEN and floor.amounts[item] > spare >= 0:
                fixed[item] = floor.part
    return fixed
