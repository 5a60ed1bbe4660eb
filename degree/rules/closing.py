"""From the solver's weights, or from one row alone, to a cut in whole numbers.

The solver says how much each rule weighs, about. What the splits above a case weigh follows from
that exactly, so that nothing is lost where weights are rounded.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from degree.rules.columns import Columns
from degree.rules.cuts import Cut, cut, rounded_bound
from degree.rules.rows import Row

Hold = tuple[int, bool]  # a place (Columns.places), and whether the row of the split asks
Held = Mapping[Hold, Row]  # the row of the last split there, which holds it most
Bounds = Mapping[Hold, int]

_SMALL: Final = (1, 2, 3, 4, 5, 6, 8, 10, 12)  # whole multiples of the least weight, tried first
_FINE: Final = (10**3, 10**5, 10**7)  # of the greatest, in case none of them is enough
_FINEST: Final = (10**9, 10**12)  # for credit in any amounts, one record of which is very large


class Closing:
    """Closes the cases of one problem. The `divisible` records may take a part of an option."""

    def __init__(self, columns: Columns, divisible: Collection[int]) -> None:
        self._columns = columns
        problem = columns.problem
        self.rounded = tuple(
            row
            if not row.concerned().isdisjoint(divisible)
            else row._replace(bound=rounded_bound(problem, row))
            for row in problem.rows
        )
        self._finer = _FINEST if divisible else ()
        # A cut in whole badges would round again, and also where records may be divided.
        self._rows = self.rounded if divisible else problem.rows
        self._ways = (False,) if divisible else (False, True)

    def cut(self, weights: Sequence[float], held: Held) -> Cut | None:
        """A cut in which rows have about these weights, none below 0."""
        for multipliers in _whole(weights, self._finer):
            rows = [(row, times) for row, times in zip(self._rows, multipliers, strict=True)]
            rows += _of_splits(self._columns, self._gives(multipliers), held)
            for whole in self._ways:
                found = cut(self._columns.problem, rows, whole=whole)
                if found is not None:
                    return found
        return None

    def _gives(self, multipliers: Sequence[int]) -> list[int]:
        """What each column gives to the rows together."""
        gives = [0] * len(self._columns)
        for row, entries, times in zip(self._rows, self._columns.rows, multipliers, strict=True):
            if times:
                signed = times if row.asks else -times
                for column, amount in entries.items():
                    gives[column] += amount * signed
        return gives


class OneRow:
    """Closes cases by one row of a problem and splits that tell whether a badge counts, and how.

    What a split weighs depends on those of the same badge alone, and is worked out once. The most
    that is left to the row is what some badges give: rounding to whole badges adds nothing.
    """

    def __init__(self, columns: Columns, number: int) -> None:
        self._columns = columns
        self._row = columns.problem.rows[number]
        self._gives = [0] * len(columns)
        for column, amount in columns.rows[number].items():
            self._gives[column] = amount if self._row.asks else -amount
        self._known: dict[tuple[Hold, ...], list[tuple[Hold, int]]] = {}

    def cut(self, held: Mapping[int, tuple[Hold, ...]], names: Mapping[Hold, str], by: int) -> Cut:
        """The cut of a case, from what holds each badge, in the order of the splits, how that is
        called, and how much too little is left to the row, which is exact: the cut proves it."""
        rows = {self._row.name: 1}
        needed = self._row.bound if self._row.asks else 0
        for badge in sorted(held):
            for hold, times in self._weights(badge, held[badge]):
                rows[names[hold]] = times
                needed += times if hold[1] else 0  # for one badge
        return Cut(rows=rows, whole=False, needed=needed, could_count=needed - by)

    def names(self, held: Mapping[int, tuple[Hold, ...]]) -> int:
        """How many rows the cut of a case names."""
        return 1 + sum([len(self._weights(badge, holds)) for badge, holds in held.items() if holds])

    def _weights(self, badge: int, holds: tuple[Hold, ...]) -> list[tuple[Hold, int]]:
        found = self._known.get(holds)
        if found is None:
            bounds = {hold: int(hold[1]) for hold in holds}
            found = self._known[holds] = list(_weights(self._columns, badge, self._gives, bounds))
        return found


def _of_splits(columns: Columns, gives: Sequence[int], held: Held) -> Iterator[tuple[Row, int]]:
    """The splits with their multipliers."""
    bounds = {hold: row.bound for hold, row in held.items()}
    for number in sorted({columns.group_of[place] for place, _ in held}):
        for hold, times in _weights(columns, number, gives, bounds):
            yield held[hold], times


def _weights(
    columns: Columns, number: int, gives: Sequence[int], held: Bounds
) -> Iterator[tuple[Hold, int]]:
    """The multipliers that leave least to give to the splits of one group: then a badge gives the
    same wherever it is free to go."""
    whole, (group, members) = len(columns) + number, columns.groups[number]
    last = _last(group, held.get((whole, True), 0), held.get((whole, False), members), gives, held)
    if last and (whole, last < 0) in held:
        yield (whole, last < 0), abs(last)
    for column in group:
        more = gives[column] - last
        if more and (column, more < 0) in held:
            yield (column, more < 0), abs(more)


def _last(group: Iterable[int], fewest: int, most: int, gives: Sequence[int], held: Bounds) -> int:
    """What one member more would give, the others giving as much as they are free to; below 0
    where the last of the fewest takes more than it gives."""
    least = {column: held[column, True] for column in group if (column, True) in held}
    must, left = fewest - sum(least.values()), most - sum(least.values())
    for column in sorted(group, key=lambda column: -gives[column]):
        gain = gives[column]
        if gain <= 0 and must <= 0:
            return 0
        if (column, False) not in held:
            return gain
        room = held[column, False] - least.get(column, 0)
        if (left if gain > 0 else must) < room:
            return gain
        must, left = must - room, left - room
    return 0


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
