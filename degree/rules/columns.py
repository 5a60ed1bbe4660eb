"""The columns of a problem for a solver: for records that no row tells apart, how many take each
option; then the choices."""

from collections.abc import Sequence
from functools import cached_property
from typing import Final

from degree.rules.rows import OUT, Problem, Row

_SHARED: Final = -1  # instead of a bucket
_ANYWHERE: Final = -2


class Columns:
    """Twins share their columns, so that no solver tries them in every order."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.classes = _twins(problem)
        self._class_of = {members[0]: number for number, members in enumerate(self.classes)}
        self.options = [
            (number, option)
            for number, members in enumerate(self.classes)
            for option in range(len(problem.options[members[0]]))
        ]
        self.most = [len(self.classes[number]) for number, _ in self.options]
        self.most += [1] * len(problem.choices)

    def __len__(self) -> int:
        return len(self.most)

    @cached_property
    def _first(self) -> list[int]:
        """The first column of each class."""
        firsts, column = [], 0
        for members in self.classes:
            firsts.append(column)
            column += len(self.problem.options[members[0]])
        return firsts

    def of(self, row: Row) -> dict[int, int]:
        """The row's coefficients by column."""
        found: dict[int, int] = {}
        for term in row.terms:
            for record, amount in term.amounts.items():
                if record in self._class_of:
                    first = self._first[self._class_of[record]]
                    for number, option in enumerate(self.problem.options[record]):
                        if term.bucket is None or term.bucket in option:
                            found[first + number] = (
                                found.get(first + number, 0) + amount * term.times
                            )
        for record in {*row.shared, *row.exactly}.intersection(self._class_of):
            first = self._first[self._class_of[record]]
            for number, option in enumerate(self.problem.options[record]):
                amount = row.shared.get(record, 0) if len(option) > 1 else 0
                amount += row.exactly.get(record) == option
                found[first + number] = found.get(first + number, 0) + amount
        for choice, weight in row.choices.items():
            found[len(self.options) + choice] = weight
        return {column: found[column] for column in sorted(found) if found[column]}

    def member(self, column: int) -> int | None:
        """A record of which the column is; None for a choice."""
        if column >= len(self.options):
            return None
        return self.classes[self.options[column][0]][0]

    @cached_property
    def excludes(self) -> list[int]:
        """For each column how many others it excludes, by the rows on pairs of badges."""
        counts = [0] * len(self)
        for row in self.problem.rows:
            if row.is_pair:
                for column in self.of(row):
                    counts[column] += 1
        return counts

    def once(self) -> list[tuple[list[int], int]]:
        """For each class its columns, and how many records share them."""
        return [
            (
                list(range(first, first + len(self.problem.options[members[0]]))),
                len(members),
            )
            for first, members in zip(self._first, self.classes, strict=True)
        ]

    def placing(self, values: Sequence[float]) -> tuple[int, ...]:
        """The placing that whole column values describe; the oldest of twins count first."""
        placed = [OUT] * len(self.problem.records)
        for members, first in zip(self.classes, self._first, strict=True):
            waiting = iter(members)
            for option in range(len(self.problem.options[members[0]])):
                for _ in range(round(values[first + option])):
                    placed[next(waiting)] = option
        return tuple(placed)


def _twins(problem: Problem) -> list[tuple[int, ...]]:
    """The records that can count, in groups that no row can tell apart."""
    seen: dict[int, list[tuple[int, int, int]]] = {record: [] for record in problem.able}
    for number, row in enumerate(problem.rows):
        for term in row.terms:
            here = _ANYWHERE if term.bucket is None else term.bucket
            for record, amount in term.amounts.items():
                if amount:
                    seen[record].append((number, here, amount * term.times))
        for record, amount in row.shared.items():
            seen[record].append((number, _SHARED, amount))
    groups: dict[object, list[int]] = {}
    for record, likeness in seen.items():
        groups.setdefault((problem.options[record], tuple(likeness)), []).append(record)
    return [tuple(members) for members in groups.values()]
