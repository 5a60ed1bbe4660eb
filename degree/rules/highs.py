"""Tier 2: HiGHS, where flow and rounding do not decide. The only user of highspy.

It is imported on first use: 0.2 s and 20 MB that most decisions never need. What it says is never
believed: a placing is checked row by row, and a "no" needs a cut or a tree of cuts. It runs on one
thread with a fixed seed and counts nodes, so that the same version decides the same everywhere; the
time limit is a last resort, after which nothing is decided.
"""

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
    weights: tuple[float, ...]
    values: tuple[float, ...]


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
    """Whole column values that keep every row; with `objective`, those of the least cost."""
    highspy, _ = _modules()
    solver = _silent(highspy)
    rows = columns.problem.rows
    solver.passModel(_model(columns, rows, whole=True, elastic=False, costs=objective or {}))
    solver.setOptionValue("mip_max_nodes", MOST_NODES)
    solver.run()
    status, known = solver.getModelStatus(), highspy.HighsModelStatus
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return Whole(Ended.IMPOSSIBLE)
    solution = solver.getSolution()
    if status == known.kOptimal and solution.value_valid:
        return Whole(Ended.FOUND, tuple(solution.col_value))
    return Whole(Ended.GAVE_UP)


class Relaxation:
    """The linear relaxation with a price on whatever is missing; splits come and go."""

    def __init__(self, columns: Columns, rows: tuple[Row, ...]) -> None:
        self._highspy, self._numpy = _modules()
        self._columns = columns
        self._rows = list(rows)
        self._fixed = len(rows)
        self._solver = _silent(self._highspy)
        self._solver.passModel(_model(columns, rows, whole=False, elastic=True, costs={}))
        self._first = len(rows) + len(columns.once())

    def push(self, row: Row) -> None:
        """Hold a split too."""
        entries = self._columns.of(row)
        infinity = self._highspy.kHighsInf
        lower, upper = (row.bound, infinity) if row.asks else (-infinity, row.bound)
        # What a split misses is priced as one badge, so that its weight is bounded too.
        count = self._solver.getNumCol()
        self._solver.addCol(1.0, 0.0, infinity, 0, _ints(self._numpy, []), _floats(self._numpy, []))
        sign = 1.0 if row.asks else -1.0
        indices, values = [*entries, count], [*map(float, entries.values()), sign]
        self._solver.addRow(
            lower, upper, len(indices), _ints(self._numpy, indices), _floats(self._numpy, values)
        )
        self._rows.append(row)

    def pop(self) -> None:
        """Let go of the last split."""
        self._rows.pop()
        last_row, last_column = self._solver.getNumRow() - 1, self._solver.getNumCol() - 1
        self._solver.deleteRows(1, _ints(self._numpy, [last_row]))
        self._solver.deleteCols(1, _ints(self._numpy, [last_column]))

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows with the splits on them."""
        return tuple(self._rows)

    def solve(self) -> Relaxed | None:
        """The least missing; None when the solver fails."""
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._solver.getSolution()
        duals = solution.row_dual
        numbers = [*range(self._fixed), *range(self._first, self._solver.getNumRow())]
        weights = tuple(
            max(0.0, duals[number] if row.asks else -duals[number])
            for number, row in zip(numbers, self._rows, strict=True)
        )
        missing = self._solver.getInfoValue("objective_function_value")[1]
        values = tuple(solution.col_value[: len(self._columns)])
        return Relaxed(missing, weights, values)


def _silent(highspy: Any) -> Any:
    # The class beneath highspy.Highs: that one switches on callbacks, and prints a banner doing so.
    solver = highspy.highs._Highs()  # noqa: SLF001
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 0)
    solver.setOptionValue("time_limit", MOST_SECONDS)
    return solver


def _model(
    columns: Columns, rows: tuple[Row, ...], *, whole: bool, elastic: bool, costs: dict[int, float]
) -> Any:
    """The rows as ranges, then each class of records once; elastic rows get a priced column."""
    highspy, numpy = _modules()
    infinity = highspy.kHighsInf
    starts: list[int] = [0]
    indices: list[int] = []
    values: list[float] = []
    lower: list[float] = []
    upper: list[float] = []
    prices: list[float] = []
    for number, row in enumerate(rows):
        entries = columns.of(row)
        indices += entries
        values += entries.values()
        if elastic:
            indices.append(len(columns) + number)
            values.append(1.0 if row.asks else -1.0)
            prices.append(1.0 / max(map(abs, entries.values()), default=1))
        starts.append(len(indices))
        lower.append(row.bound if row.asks else -infinity)
        upper.append(infinity if row.asks else row.bound)
    for group, most in columns.once():
        indices += group
        values += [1.0] * len(group)
        starts.append(len(indices))
        lower.append(-infinity)
        upper.append(most)
    model = highspy.HighsLp()
    extra = len(rows) if elastic else 0
    model.num_col_, model.num_row_ = len(columns) + extra, len(lower)
    model.col_cost_ = _floats(numpy, [costs.get(n, 0.0) for n in range(len(columns))] + prices)
    model.col_lower_ = numpy.zeros(model.num_col_)
    model.col_upper_ = _floats(numpy, [*map(float, columns.most), *[infinity] * extra])
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
