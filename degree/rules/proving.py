"""Proofs that no placing keeps the rows: one cut, or a tree of cases each closed by a cut.

The solver proposes, exact arithmetic disposes: a leaf is closed only by a cut that holds in whole
numbers. Where no proof is found within the limit, nothing is proved.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from degree.rules.columns import Columns
from degree.rules.cuts import Cut, cut, rounded_bound
from degree.rules.highs import Relaxation, Relaxed
from degree.rules.rows import Problem, Row

MOST_LEAVES: Final = 2_000
# Which way of splitting leads to few cases differs from question to question: each is tried with a
# few before one of them is given all. The leaves of a turn, and whether choices are split first.
_TURNS: Final = ((100, False), (60, True), (MOST_LEAVES, False))
_DEEPEST: Final = 200  # splits on one way down the tree
_CLOSE: Final = 1e-6  # of what is missing: less is the solver's rounding
_SPLIT: Final = 1e-5  # of a column's distance from a whole number
_SMALL: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12)  # whole multiples of the least weight, tried first
_FINE: Final = (10**3, 10**5, 10**7)  # of the greatest, in case none of them is enough
_FINEST: Final = (10**9, 10**12)  # for credit in any amounts, one record of which is very large


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Of these records at most so many take the option with just these buckets, or more do; or a
    choice is not made, or is."""

    records: tuple[int, ...] = ()
    option: tuple[int, ...] = ()
    at_most: int = 0
    choice: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A case split in two, each proved."""

    split: Split
    low: "Tree"
    high: "Tree"


Tree = Cut | Branch


def root_cut(problem: Problem) -> Cut | None:
    """One cut that proves that no placing keeps every row, where badges could split or not."""
    return _Prover(problem).root()


def proved(
    problem: Problem,
    *,
    divisible: frozenset[int] = frozenset(),
    most_leaves: int = MOST_LEAVES,
) -> Tree | None:
    """A proof that no placing keeps every row, or None where none was found in so many leaves.

    The `divisible` records may take a part of an option.
    """
    for turn, choices_first in _TURNS:
        prover = _Prover(problem, divisible, min(turn, most_leaves), choices_first=choices_first)
        tree = prover.proof()
        if tree is not None or turn >= most_leaves:
            return tree
    return None


def leaves(tree: Tree) -> Iterator[Cut]:
    """Every cut in the tree."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Cut):
            yield each
        else:
            waiting += (each.high, each.low)


class _Prover:
    def __init__(
        self,
        problem: Problem,
        divisible: frozenset[int] = frozenset(),
        most_leaves: int = MOST_LEAVES,
        *,
        choices_first: bool = False,
    ) -> None:
        self._problem, self._divisible = problem, divisible
        self._choices_first = choices_first
        whole = tuple(
            row
            if divisible and not divisible.isdisjoint(row.concerned())
            else replace(row, bound=rounded_bound(problem, row))
            for row in problem.rows
        )
        self._columns = Columns(problem)
        self._relaxation = Relaxation(self._columns, whole)
        self._originals = {row.name: row for row in (whole if divisible else problem.rows)}
        self._left = most_leaves

    def root(self) -> Cut | None:
        relaxed = self._relaxation.solve()
        return self._cut(relaxed) if relaxed and relaxed.missing > _CLOSE else None

    def proof(self) -> Tree | None:
        return self._close(1)

    def _close(self, depth: int) -> Tree | None:
        if not self._left or depth > _DEEPEST:
            return None
        relaxed = self._relaxation.solve()
        if relaxed is None:
            self._left = 0
            return None
        if relaxed.missing > _CLOSE:
            closed = self._cut(relaxed)
            if closed is not None:
                self._left -= 1
                return closed
        split = _split(
            self._columns, relaxed.values, self._divisible, choices_first=self._choices_first
        )
        if split is None:
            self._left = 0
            return None
        low = self._side(split, depth, high=False)
        high = self._side(split, depth, high=True) if low is not None else None
        return Branch(split=split, low=low, high=high) if low and high else None

    def _side(self, split: Split, depth: int, *, high: bool) -> Tree | None:
        self._relaxation.push(split_row(split, depth, high=high))
        try:
            return self._close(depth + 1)
        finally:
            self._relaxation.pop()

    def _cut(self, relaxed: Relaxed) -> Cut | None:
        rows = [self._originals.get(row.name, row) for row in self._relaxation.rows]
        for multipliers in _whole(relaxed.weights, _FINEST if self._divisible else ()):
            weighted = list(zip(rows, multipliers, strict=True))
            for whole in (False,) if self._divisible else (False, True):
                found = cut(self._problem, weighted, whole=whole)
                if found is not None:
                    return found
        return None


def split_row(split: Split, depth: int, *, high: bool) -> Row:
    """The row that one side of a split adds."""
    name = f"split {depth}"
    bound = split.at_most + 1 if high else split.at_most
    if split.choice is not None:
        return Row(name=name, path="", asks=high, bound=bound, choices={split.choice: 1})
    exactly = dict.fromkeys(split.records, split.option)
    return Row(name=name, path="", asks=high, bound=bound, exactly=exactly)


def _split(
    columns: Columns,
    values: Sequence[float],
    divisible: frozenset[int] = frozenset(),
    *,
    choices_first: bool = False,
) -> Split | None:
    """A column that is not whole: of badges or of choices, whichever are split first; of those one
    that excludes most others, else the least whole."""
    best, most = None, (False, 0, _SPLIT)
    for column, value in enumerate(values):
        if divisible and columns.member(column) in divisible:
            continue
        distance, is_choice = abs(value - round(value)), column >= len(columns.options)
        worth = (is_choice is choices_first, columns.excludes[column], distance)
        if distance > _SPLIT and worth > most:
            best, most = column, worth
    if best is None:
        return None
    if best >= len(columns.options):
        return Split(choice=best - len(columns.options))
    number, option = columns.options[best]
    members = columns.classes[number]
    return Split(
        records=members,
        option=columns.problem.options[members[0]][option],
        at_most=int(values[best]),
    )


def _whole(weights: Sequence[float], finer: tuple[int, ...] = ()) -> Iterable[list[int]]:
    """Whole multipliers in about the proportion of the weights, the simplest first."""
    greatest = max(weights)
    kept = [weight if weight > greatest * 1e-9 else 0.0 for weight in weights]
    least = min(weight for weight in kept if weight)
    for times in _SMALL:
        scaled = [weight / least * times for weight in kept]
        if all(abs(each - round(each)) < 1e-4 * max(1.0, each) for each in scaled):
            yield [round(each) for each in scaled]
            break
    for fine in (*_FINE, *finer):
        yield [round(weight / greatest * fine) for weight in kept]
