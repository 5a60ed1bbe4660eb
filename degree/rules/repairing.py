"""From badges that split to whole badges, by local search: one badge moves at a time, to wherever
leaves the rows to lack least.

It finds most placings that there are in a few milliseconds, where HiGHS takes ten times as long;
that it finds none says nothing. Rows that stay broken count for more and more, so that it is not
held where no one move helps (P. Morris, The breakout method, AAAI 1993), and no move is undone at
once. Numbers are whole, so that sums are the same on every machine.
"""

from collections.abc import Sequence
from typing import Any, Final

from degree.rules.columns import Columns

_MOST_STEPS: Final = 4  # for each badge; most placings that are found take a dozen in all
_REST: Final = 10  # steps until a move may be undone
_MOST_NUMBERS: Final = 2_000_000  # in the table of moves: 16 MB
_EXACT: Final = 1 << 53  # from here on floats leave whole numbers out
_FINEST: Final = 1 << 20  # how much more one unit may count for in a row of ones than in others


def repaired(columns: Columns, values: Sequence[float]) -> tuple[int, ...] | None:
    """Whole column values that keep every row, on the way from those nearest to `values`."""
    steps = _MOST_STEPS * len(columns.problem.able)
    if _is_too_large(columns, steps):
        return None
    whole = [round(value) for value in values]
    moves: list[tuple[int, int]] = []
    for group, most in columns.groups:
        left = most
        for column in sorted(group, key=lambda column: -values[column]):
            whole[column] = min(whole[column], left)
            left -= whole[column]
        places = [*group, len(whole)]  # to count nowhere is a column too
        whole.append(left)
        moves += [(here, there) for here in places for there in places if here != there]
    repair = _Repair(columns, whole, moves)
    for step in range(steps):
        if not repair.lacks():
            return tuple(map(int, repair.values[: len(columns)]))
        repair.move(step)
    return None


def _is_too_large(columns: Columns, steps: int) -> bool:
    """Whether the table of moves is, or what rows could come to, which must be exact as a float."""
    moves = sum(len(group) * (len(group) + 1) for group, _ in columns.groups)
    costs = 0
    for row, entries in zip(columns.problem.rows, columns.rows, strict=True):
        largest = max(map(abs, entries.values()), default=1)
        most = abs(row.bound) + sum(abs(each) * columns.most[n] for n, each in entries.items())
        costs += most * (_FINEST // largest + 1) * (steps + 1)
    return moves * len(columns.rows) > _MOST_NUMBERS or costs >= _EXACT


class _Repair:
    """Column values on their way to keep every row.

    `lack` is what each row lacks, below 0 what it has to spare; `adds` what each move gives to it.
    """

    def __init__(self, columns: Columns, values: list[int], moves: list[tuple[int, int]]) -> None:
        import numpy  # it comes with the solver, and is as slow to import

        self._numpy: Any = numpy
        signs = [1 if row.asks else -1 for row in columns.problem.rows]
        gives = numpy.zeros((len(columns.rows), len(values)))
        lack = numpy.zeros(len(columns.rows))
        for number, (entries, sign) in enumerate(zip(columns.rows, signs, strict=True)):
            gives[number, list(entries)] = [amount * sign for amount in entries.values()]
            lack[number] = columns.problem.rows[number].bound * sign
        self.values = numpy.array(values, dtype=float)
        self._lack = lack - gives @ self.values
        self._from, self._to = numpy.array(moves, dtype=int).reshape(-1, 2).T
        self._adds = gives[:, self._to] - gives[:, self._from]
        self._rested = numpy.zeros(len(moves))
        back = {move: number for number, move in enumerate(moves)}
        self._back = [back[there, here] for here, there in moves]
        largest = numpy.maximum(numpy.abs(gives).max(axis=1, initial=1), 1)
        self._unit = numpy.maximum(numpy.rint(_FINEST / largest), 1)
        self._counts = self._unit.copy()

    def lacks(self) -> bool:
        """Whether a row is broken."""
        return bool(self._lack.max(initial=0) > 0)

    def move(self, step: int) -> None:
        """Make the best of the moves that help a broken row; where none is for the better, broken
        rows count for more from now on."""
        numpy, broken = self._numpy, self._lack > 0
        able = (self._adds[broken] > 0).any(axis=0)
        able &= (self.values[self._from] > 0) & (self._rested <= step)
        (tried,) = able.nonzero()
        after = numpy.maximum(self._lack[:, None] - self._adds[:, tried], 0)
        costs = self._counts @ after
        if costs.min(initial=numpy.inf) >= self._counts @ numpy.maximum(self._lack, 0):
            self._counts[broken] += self._unit[broken]
        if len(tried):
            best = tried[costs.argmin()]
            self.values[self._from[best]] -= 1
            self.values[self._to[best]] += 1
            self._lack -= self._adds[:, best]
            self._rested[self._back[best]] = step + _REST
