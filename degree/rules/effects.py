"""What each record and each choice does to the rows of a problem, worked out once for all tallies.

Amounts are signed so that more is always better: what a row asks for counts up, what it limits
counts down.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rows know their effects
    from degree.rules.rows import Option, Problem, Row, Term

Weights = Sequence[tuple[int, int]]  # rows by number, and how much weighs on them


@dataclass(frozen=True, slots=True)
class Binding:
    """The rows that a placing can break, by what it takes to see whether it does.

    Those `alone` hang on records only. Those `pooled` share a pool: by the pool and how many times
    it counts. Those `choosing` hang on choices too.
    """

    alone: list[int] = field(default_factory=list)
    pooled: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    choosing: list[int] = field(default_factory=list)


class Effects:
    """The effects on the rows of one problem.

    Amounts that several rows have in common (all counted credit, in shares) are pools: summed up
    once, whatever the number of rows.
    """

    def __init__(self, problem: "Problem") -> None:
        records = range(len(problem.records))
        self._rows = problem.rows
        self._anywhere: list[list[tuple[int, int]]] = [[] for _ in records]
        self._within: list[dict[int, list[tuple[int, int]]]] = [{} for _ in records]
        self._shared: list[list[tuple[int, int]]] = [[] for _ in records]
        self.in_pools: list[list[tuple[int, int]]] = [[] for _ in records]
        self.pool_of: dict[int, tuple[int, int]] = {}  # row: its pool, and how many times
        self._known: dict[int, int] = {}  # pools, by the identity of their amounts
        self.room = [-row.bound if row.asks else row.bound for row in problem.rows]
        self.choices = [_signed_choices(row) if row.choices else () for row in problem.rows]
        for number, row in enumerate(problem.rows):
            self._add(number, row)
        self.deciders = self._deciders(len(problem.choices))
        self.thresholds = tuple(self._threshold(rows, n) for n, rows in enumerate(self.deciders))
        self.binding = self._sorted(problem)

    @property
    def pools(self) -> int:
        """How many pools there are."""
        return len(self._known)

    def of(self, record: int, option: "Option") -> Iterator[Weights]:
        """How a record weighs on rows by an option; pools apart."""
        yield self._anywhere[record]
        for bucket in option:
            yield self._within[record].get(bucket, ())
        if len(option) > 1:
            yield self._shared[record]

    def _add(self, number: int, row: "Row") -> None:
        sign = 1 if row.asks else -1
        for term in row.terms:
            times = sign * term.times
            if term.bucket is not None:
                for record, amount in term.amounts.items():
                    self._within[record].setdefault(term.bucket, []).append(
                        (number, amount * times)
                    )
            elif row.ratio and term is row.terms[1]:
                self.pool_of[number] = (self._pool(term), times)
            else:
                for record, amount in term.amounts.items():
                    self._anywhere[record].append((number, amount * times))
        for record, amount in row.shared.items():
            self._shared[record].append((number, amount * sign))

    def _pool(self, term: "Term") -> int:
        if id(term.amounts) not in self._known:
            self._known[id(term.amounts)] = len(self._known)
            for record, amount in term.amounts.items():
                self.in_pools[record].append((self._known[id(term.amounts)], amount))
        return self._known[id(term.amounts)]

    def _deciders(self, choices: int) -> tuple[list[int], ...]:
        """For each choice the rows that speak against it: those in which it weighs down."""
        against: tuple[list[int], ...] = tuple([] for _ in range(choices))
        for number, weights in enumerate(self.choices):
            for choice, weight in weights:
                if weight < 0:
                    against[choice].append(number)
        return against

    def _threshold(self, deciders: Sequence[int], choice: int) -> tuple[int, int] | None:
        """Where one row alone decides on a choice: that row, and the least room that allows it."""
        if len(deciders) != 1:
            return None
        (number,) = deciders
        row = self._rows[number]
        if not row.defines or number in self.pool_of:
            return None
        return number, -row.choices[choice]

    def _sorted(self, problem: "Problem") -> Binding:
        binding = Binding()
        for number in problem.binding:
            if self.choices[number]:
                binding.choosing.append(number)
            elif number in self.pool_of:
                binding.pooled.setdefault(self.pool_of[number], []).append(number)
            else:
                binding.alone.append(number)
        return binding


def _signed_choices(row: "Row") -> Weights:
    """The choices in a row, those that weigh it down first."""
    sign = 1 if row.asks else -1
    return sorted(
        ((choice, weight * sign) for choice, weight in row.choices.items()),
        key=lambda each: each[1],
    )
