"""Proofs that no placing keeps the rows: one cut, or a tree of cases each closed by a cut.

The solver proposes, exact arithmetic disposes: a leaf is closed only by a cut that holds in whole
numbers. Where no proof is found within the limit, nothing is proved.
"""

from collections.abc import Sequence
from typing import Final

from degree.rules.branches import DEEPEST, MOST_NAMES, Branch, Split, Tree, split_row
from degree.rules.closing import Closing
from degree.rules.columns import Columns
from degree.rules.cuts import Cut
from degree.rules.highs import Relaxation, Relaxed
from degree.rules.rows import Problem, Row

MOST_LEAVES: Final = 500
# Which way of splitting leads to few cases differs from question to question: each is tried with a
# few before one of them is given all. The leaves of a turn, and whether choices are split first.
_TURNS: Final = ((30, True), (30, False), (60, True), (MOST_LEAVES, False))
# Columns of which both sides are looked at before one is split: trees that would have hundreds of
# cases have a dozen then.
_TRIED: Final = 12
# Questions to the solver: so that a proof hangs on what was asked and not on how fast it is.
_MOST_ASKED: Final = 4_000
_CLOSE: Final = 1e-6  # of what is missing: less is the solver's rounding
_SPLIT: Final = 1e-5  # of a column's distance from a whole number


def proved(
    problem: Problem,
    *,
    divisible: frozenset[int] = frozenset(),
    most_leaves: int = MOST_LEAVES,
) -> Tree | None:
    """A proof that no placing keeps every row, or None where none was found in so many leaves.

    The `divisible` records may take a part of an option.
    """
    return Prover(problem, divisible).tree(most_leaves)


class Prover:
    """Proves one problem; what the solver knows of it is kept from one case to the next."""

    def __init__(self, problem: Problem, divisible: frozenset[int] = frozenset()) -> None:
        self.columns = Columns(problem)
        self._divisible = divisible
        self._closing = Closing(self.columns, divisible)
        self._relaxation = Relaxation(self.columns, self._closing.rounded)
        self._held: list[tuple[int, Row]] = []  # splits from the root down, by place
        self._left, self._choices_first = 0, True  # leaves of a turn, and its way
        self._names = 0  # of rows and records that a turn's proof may still take
        self._asked = 0

    def root(self) -> Cut | Sequence[float] | None:
        """One cut that proves that no placing keeps every row, where badges could split or not;
        else the column values that lack least where they split. None where the solver fails."""
        relaxed = self._relaxation.solve()
        return (self._cut(relaxed) or relaxed.values) if relaxed else None

    def tree(self, most_leaves: int = MOST_LEAVES) -> Tree | None:
        """A proof by cases, or None where none was found in so many leaves."""
        for turn, self._choices_first in _TURNS:
            self._left, self._names = min(turn, most_leaves), MOST_NAMES
            tree = self._close()
            if tree is not None or turn >= most_leaves:
                return tree
        return None

    def _close(self) -> Tree | None:
        if not self._left or len(self._held) >= DEEPEST:
            return None
        relaxed = self._solved()
        if relaxed is None:
            self._left = 0
            return None
        closed = self._cut(relaxed)
        if closed is not None:
            self._left -= 1
            self._names -= len(closed.rows)
            return closed if self._names >= 0 else None
        values = self.columns.counted(relaxed.values)
        place = self._place(values)
        if place is None:
            self._left = 0
            return None
        split = self._split(place, values)
        self._names -= len(split.records)
        low = self._side(place, split, high=False)
        high = self._side(place, split, high=True) if low is not None else None
        return Branch(split=split, low=low, high=high) if low and high else None

    def _solved(self) -> Relaxed | None:
        self._asked += 1
        return self._relaxation.solve() if self._asked <= _MOST_ASKED else None

    def _cut(self, relaxed: Relaxed) -> Cut | None:
        if relaxed.missing <= _CLOSE:
            return None
        held = {(place, row.asks): row for place, row in self._held}
        return self._closing.cut(relaxed.weights, held)

    def _side(self, place: int, split: Split, *, high: bool) -> Tree | None:
        row = split_row(split, len(self._held) + 1, high=high)
        self._held.append((place, row))
        self._relaxation.push(place, row.bound, asks=high)
        try:
            return self._close()
        finally:
            self._relaxation.pop()
            self._held.pop()

    def _place(self, values: Sequence[float]) -> int | None:
        """The place to split: of those that promise most the one both of whose sides are closed,
        or one of them, or that lack most together. None where all are whole."""
        best, most = None, (-1, 0.0)
        for place in self._broken(values)[:_TRIED]:
            promise = self._promise(place, int(values[place]))
            if promise > most:
                best, most = place, promise
            if promise[0] == 2:
                break
        return best

    def _broken(self, values: Sequence[float]) -> list[int]:
        """The places that are not whole: of badges or of choices, whichever are split first; of
        those the ones that exclude most others, then whole classes, then the least whole."""
        columns = self.columns
        far = {
            place: distance
            for place, value in enumerate(values)
            if (distance := abs(value - round(value))) > _SPLIT
            and columns.stands_apart(place)
            and columns.member(place) not in self._divisible
        }
        return sorted(
            far,
            key=lambda place: (
                (columns.member(place) is None) is not self._choices_first,
                -columns.excludes[place],
                place < len(columns),
                -far[place],
            ),
        )

    def _promise(self, place: int, at_most: int) -> tuple[int, float]:
        missing = [self._missing(place, at_most + high, asks=high) for high in (False, True)]
        return sum(each > _CLOSE for each in missing), sum(missing)

    def _missing(self, place: int, bound: int, *, asks: bool) -> float:
        self._relaxation.push(place, bound, asks=asks)
        relaxed = self._solved()
        self._relaxation.pop()
        return relaxed.missing if relaxed else 0.0

    def _split(self, place: int, values: Sequence[float]) -> Split:
        columns, at_most = self.columns, int(values[place])
        if place >= len(columns):
            return Split(records=columns.classes[place - len(columns)], at_most=at_most)
        if place >= len(columns.options):
            return Split(choice=place - len(columns.options))
        number, option = columns.options[place]
        members = columns.classes[number]
        buckets = columns.problem.options[members[0]][option]
        return Split(records=members, option=buckets, at_most=at_most)
