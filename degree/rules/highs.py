"""Tier 2: HiGHS, where flow and rounding do not decide. The only user of highspy.

It is imported on first use: 0.2 s and 20 MB that most decisions never need. What it says is never
believed: a placing is checked row by row, and a "no" needs a cut or a tree of cuts. It runs on one
thread with a fixed seed and counts nodes, so that the same version decides the same everywhere; the
time limit is a last resort, after which nothing is decided.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cache
from typing import Any, Final

from degree.rules.columns import Columns
from degree.rules.rows import Row

MOST_NODES: Final = 20_000
MOST_SECONDS: Final = 20.0


class Ended(Enum):
    """How a search for whole badges ended."""

    FOUND = auto()
    IMPOSSIBLE = auto()
    GAVE_UP = auto()


@dataclass(frozen=True, slots=True)
class Whole:
    """The outcome of a search, and the column values when something was found."""

    ended: Ended
    values: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The least that is missing when badges may split: 0 when nothing is.

    `weights` are the dual value of each row, not below 0; `values` are of the columns.
    """

    missing: float
    weights: Sequence[float]
    values: Sequence[float]


@cache
def _modules() -> tuple[Any, Any]:
    import highspy
    import numpy

    return highspy, numpy


def load() -> None:
    """Import the solver now instead of at the first hard wallet."""
    _modules()


def version() -> str:
    """The version of the solver."""
    from importlib.metadata import version as installed

    return installed("highspy")


def search(columns: Columns, *, objective: dict[int, float] | None = None) -> Whole:
    """Whole column values that keep every row, whichever are found first; with `objective`, those
    of the least cost."""
    highspy, _ = _modules()
    solver = _silent(highspy)
    rows, costs = columns.problem.rows, objective
    if costs is None:  # the first will do, and is found sooner with something to aim at
        costs = {column: -float(amount) for column, amount in columns.credits.items()}
        solver.setOptionValue("mip_max_improving_sols", 1)
    solver.passModel(_model(columns, rows, whole=True, costs=costs))
    solver.setOptionValue("mip_max_nodes", MOST_NODES)
    solver.run()
    status, known = solver.getModelStatus(), highspy.HighsModelStatus
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return Whole(Ended.IMPOSSIBLE)
    solution = solver.getSolution()
    if status in (known.kOptimal, known.kSolutionLimit) and solution.value_valid:
        return Whole(Ended.FOUND, tuple(solution.col_value))
    return Whole(Ended.GAVE_UP)


class Relaxation:
    """The linear relaxation with a price on whatever a row misses; the bounds of places, columns
    or whole classes of records, come and go (Columns.places). The rows are those of the columns'
    problem, which may be bounded more tightly."""

    def __init__(self, columns: Columns, rows: Sequence[Row]) -> None:
        self._highspy, _ = _modules()
        self._columns, self._rows = columns, rows
        self._solver = _silent(self._highspy)
        self._solver.setOptionValue("presolve", "off")  # it would take longer than the rest
        self._solver.passModel(_model(columns, rows, whole=False, costs={}))
        self._bounds = [(0, most) for most in columns.places]
        self._before: list[tuple[int, tuple[int, int]]] = []

    def push(self, place: int, bound: int, *, asks: bool) -> None:
        """Hold a place to at least `bound`, or else at most that."""
        least, most = self._bounds[place]
        self._before.append((place, (least, most)))
        self._hold(place, (bound, most) if asks else (least, bound))

    def pop(self) -> None:
        """Let go of the last bound."""
        self._hold(*self._before.pop())

    def _hold(self, place: int, bounds: tuple[int, int]) -> None:
        self._bounds[place] = bounds
        least, most = map(float, bounds)
        if place < len(self._columns):
            self._solver.changeColBounds(place, least, most)
        else:
            row = len(self._rows) + place - len(self._columns)
            self._solver.changeRowBounds(row, least, most)

    def solve(self) -> Relaxed | None:
        """The least missing; None when the solver fails."""
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        weights = [
            max(0.0, dual if row.asks else -dual)
            for dual, row in zip(solution.row_dual, self._rows, strict=False)  # classes follow
        ]
        missing = self._solver.getInfoValue("objective_function_value")[1]
        return Relaxed(missing, weights, solution.col_value[: len(self._columns)])


def _silent(highspy: Any) -> Any:
    # The class beneath highspy.Highs: that one switches on callbacks, and prints a banner doing so.
    solver = highspy.highs._Highs()  # noqa: SLF001 - as said
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("time_limit", MOST_SECONDS)
    return solver


def _model(columns: Columns, rows: Sequence[Row], *, whole: bool, costs: dict[int, float]) -> Any:
    """The rows as ranges, then each class of records once; where badges may split, each row gets a
    priced column for what it misses."""
    highspy, numpy = _modules()
    infinity = highspy.kHighsInf
    starts: list[int] = [0]
    indices: list[int] = []
    values: list[float] = []
    lower: list[float] = []
    upper: list[float] = []
    prices: list[float] = []
    for number, (row, entries) in enumerate(zip(rows, columns.rows, strict=True)):
        indices += entries
        values += entries.values()
        if not whole:
            indices.append(len(columns) + number)
            values.append(1.0 if row.asks else -1.0)
            prices.append(1.0 / max(map(abs, entries.values()), default=1))
        starts.append(len(indices))
        lower.append(row.bound if row.asks else -infinity)
        upper.append(infinity if row.asks else row.bound)
    for group, most in columns.once:
        indices += group
        values += [1.0] * len(group)
        starts.append(len(indices))
        lower.append(-infinity)
        upper.append(most)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(columns) + len(prices), len(lower)
    model.col_cost_ = _floats(numpy, [costs.get(n, 0.0) for n in range(len(columns))] + prices)
    model.col_lower_ = numpy.zeros(model.num_col_)
    model.col_upper_ = _floats(numpy, [*map(float, columns.most), *[infinity] * len(prices)])
    model.row_lower_, model.row_upper_ = _floats(numpy, lower), _floats(numpy, upper)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = _ints(numpy, starts)
    model.a_matrix_.index_ = _ints(numpy, indices)
    model.a_matrix_.value_ = _floats(numpy, values)
    if whole:
        model.integrality_ = [highspy.HighsVarType.kInteger] * model.num_col_
    return model


def _ints(numpy: Any, values: list[int]) -> Any:
    return numpy.array(values, dtype=numpy.int32)


def _floats(numpy: Any, values: list[Any]) -> Any:
    return numpy.array(values, dtype=numpy.float64)
