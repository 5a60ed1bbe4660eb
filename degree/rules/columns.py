"""The columns of a problem for a solver: for records that no row tells apart, how many take each
option; then the choices."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

from degree.rules.rows import OUT, Problem, Row

_SHARED: Final = -1  # instead of a bucket
_ANYWHERE: Final = -2


class Columns:
    """Twins share their columns, if they may, so that no solver tries them in every order."""

    def __init__(self, problem: Problem, *, twins: bool = True) -> None:
        self.problem = problem
        self.classes = _twins(problem) if twins else [(record,) for record in problem.able]
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

    @cached_property
    def _of_record(self) -> dict[int, dict[int, list[int]]]:
        """For the first record of each class its columns: of all its options, of those with two
        buckets, and by bucket."""
        found = {}
        for members, first in zip(self.classes, self._first, strict=True):
            options = self.problem.options[members[0]]
            here: dict[int, list[int]] = {_ANYWHERE: [*range(first, first + len(options))]}
            for column, option in enumerate(options, first):
                for bucket in option:
                    here.setdefault(bucket, []).append(column)
                if len(option) > 1:
                    here.setdefault(_SHARED, []).append(column)
            found[members[0]] = here
        return found

    @cached_property
    def rows(self) -> list[dict[int, int]]:
        """The coefficients of each of the problem's rows by column."""
        return [self.of(row) for row in self.problem.rows]

    def of(self, row: Row) -> dict[int, int]:
        """The row's coefficients by column."""
        found: dict[int, int] = {}
        for term in row.terms:
            where = _ANYWHERE if term.bucket is None else term.bucket
            self._add(found, where, term.amounts, term.times)
        self._add(found, _SHARED, row.shared, 1)
        for choice, weight in row.choices.items():
            found[len(self.options) + choice] = weight
        return {column: found[column] for column in sorted(found) if found[column]}

    def _add(
        self, found: dict[int, int], where: int, amounts: Mapping[int, int], times: int
    ) -> None:
        for record, amount in amounts.items():
            if record in self._of_record:
                for column in self._of_record[record].get(where, ()):
                    found[column] = found.get(column, 0) + amount * times

    def member(self, place: int) -> int | None:
        """A record of which the place is; None for a choice."""
        if place >= len(self):
            return self.classes[place - len(self)][0]
        if place >= len(self.options):
            return None
        return self.classes[self.options[place][0]][0]

    def stands_apart(self, place: int) -> bool:
        """Whether no other place is the same: a class with a single option has its column."""
        if place < len(self):
            return True
        first, *_ = self.classes[place - len(self)]
        return len(self.problem.options[first]) > 1

    def counted(self, values: Sequence[float]) -> list[float]:
        """The values of all places: after those of columns how many of each class count."""
        return [*values, *(sum(values[column] for column in group) for group, _ in self.once)]

    @cached_property
    def excludes(self) -> list[int]:
        """For each place how many columns it excludes, by the rows on pairs of badges."""
        counts = [0] * len(self.places)
        for row, entries in zip(self.problem.rows, self.rows, strict=True):
            if row.is_pair:
                for column in entries:
                    counts[column] += 1
        return counts

    @cached_property
    def once(self) -> list[tuple[list[int], int]]:
        """For each class its columns, and how many records share them."""
        return [
            (
                list(range(first, first + len(self.problem.options[members[0]]))),
                len(members),
            )
            for first, members in zip(self._first, self.classes, strict=True)
        ]

    @cached_property
    def places(self) -> list[int]:
        """How many records each column can have at most, or each choice; then each class."""
        return [*self.most, *map(len, self.classes)]

    @cached_property
    def groups(self) -> list[tuple[list[int], int]]:
        """The same with choices, each of which stands alone."""
        choices = range(len(self.options), len(self))
        return [*self.once, *(([choice], 1) for choice in choices)]

    @cached_property
    def group_of(self) -> list[int]:
        """For each place the number of its group."""
        found = [0] * len(self.places)
        for number, (group, _) in enumerate(self.groups):
            for column in group:
                found[column] = number
        found[len(self) :] = range(len(self.classes))
        return found

    @property
    def credits(self) -> dict[int, int]:
        """The tenths of credit that each column of badges counts."""
        owned = self.problem.credits
        return {n: owned[self.classes[of][0]] for n, (of, _) in enumerate(self.options)}

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
