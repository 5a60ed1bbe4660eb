"""Whole number programmes of 0 and 1, solved by HiGHS and checked in whole numbers."""

from collections.abc import Iterable
from math import gcd

import highspy
import numpy as np

Terms = dict[int, int]  # coefficients by variable


def added(*several: Terms) -> Terms:
    total: Terms = {}
    for terms in several:
        for variable, coefficient in terms.items():
            total[variable] = total.get(variable, 0) + coefficient
    return total


def times(factor: int, terms: Terms) -> Terms:
    return {variable: factor * coefficient for variable, coefficient in terms.items()}


class Model:
    """Variables that are 0 or 1, and rows that must hold together."""

    def __init__(self) -> None:
        self.columns = 0
        self._rows: list[tuple[Terms, int]] = []

    def variable(self) -> int:
        self.columns += 1
        return self.columns - 1

    def at_least(self, terms: Terms, least: int) -> None:
        """Adds a row: the terms come to this or more."""
        self._rows.append(({v: c for v, c in terms.items() if c}, least))

    def at_most(self, terms: Terms, most: int) -> None:
        self.at_least(times(-1, terms), -most)

    def when(self, choice: int | None, terms: Terms, least: int) -> None:
        """Adds a row that holds where the choice is 1; always without a choice."""
        if choice is None:
            self.at_least(terms, least)
            return
        lowest = sum(min(0, coefficient) for coefficient in terms.values())
        if least > lowest:
            self.at_least(added(terms, {choice: lowest - least}), lowest)

    def solvable(self) -> bool:
        """Whether some values keep all rows."""
        rows = [_smaller(terms, least) for terms, least in self._rows]
        if any(not terms and least > 0 for terms, least in rows):
            return False
        rows = [(terms, least) for terms, least in rows if terms]
        solver = _solver()
        solver.passModel(_matrix(self.columns, rows))
        solver.run()
        status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kSolveError:
            # Once in some thousand models presolve stumbles over its own reductions.
            solver.setOptionValue("presolve", "off")
            solver.run()
            status = solver.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return False
        if status == highspy.HighsModelStatus.kModelEmpty:
            return True
        if status != highspy.HighsModelStatus.kOptimal:
            raise AssertionError(f"HiGHS ends with {status}")
        values = [round(value) for value in solver.getSolution().col_value]
        for terms, least in rows:
            found = sum(coefficient * values[variable] for variable, coefficient in terms.items())
            assert found >= least, f"HiGHS breaks a row by {least - found}"
        return True


def _smaller(terms: Terms, least: int) -> tuple[Terms, int]:
    """The row divided by what all coefficients share; its bound is rounded up."""
    shared = gcd(*terms.values()) or 1
    return {v: c // shared for v, c in terms.items()}, -(-least // shared)


def _solver() -> highspy.Highs:
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
    return solver


def _matrix(columns: int, rows: Iterable[tuple[Terms, int]]) -> highspy.HighsLp:
    starts, lower = [0], list[int]()
    indices, values = list[int](), list[int]()
    for terms, least in rows:
        indices.extend(terms)
        values.extend(terms.values())
        starts.append(len(indices))
        lower.append(least)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, len(lower)
    model.col_cost_ = np.zeros(columns)
    model.col_lower_, model.col_upper_ = np.zeros(columns), np.ones(columns)
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    model.row_lower_ = np.array(lower, dtype=np.double)
    model.row_upper_ = np.full(len(lower), highspy.kHighsInf)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.num_col_, model.a_matrix_.num_row_ = columns, len(lower)
    model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    model.a_matrix_.index_ = np.array(indices, dtype=np.int32)
    model.a_matrix_.value_ = np.array(values, dtype=np.double)
    return model
