"""The question for one award, as rows over options and choices (docs/decision-record.md).

A record takes one of its options (the bucket that it fills, or two where badges may be shared) or
none. A choice is 0 or 1: whether an alternative holds, or a label counts. Each rule is a row: whole
numbers times these, at least or at most a bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cached_property
from typing import Final

from degree.rules.programme import Award
from degree.rules.records import Record

OUT: Final = -1  # the option of a record that does not count

Option = tuple[int, ...]  # the buckets that it fills, by their number in the award
Placing = Sequence[int]  # for each record the number of its option, or OUT


class Counts(Enum):
    """What the numbers of a row are."""

    CREDITS = auto()  # tenths
    BADGES = auto()
    OTHER = auto()  # shares, marks, choices


@dataclass(frozen=True, slots=True)
class Term:
    """What records add to a row, `times` their amounts: when counted anywhere (bucket None), or in
    one bucket. Amounts are never negative. Rows may have one mapping of amounts in common, which is
    then summed up once."""

    bucket: int | None
    amounts: Mapping[int, int]
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule: it `asks` for at least `bound`, or else allows at most that.

    `path` is the rule's, `name` is the row's own. `shared` is added by records that fill two
    buckets, 1 by each record of `exactly` that takes just this option; `choices` are by number. The
    two terms of a `ratio` are a part and the whole by which the part is measured.
    """

    name: str
    path: str
    asks: bool
    bound: int
    terms: tuple[Term, ...] = ()
    choices: Mapping[int, int] = field(default_factory=dict)
    shared: Mapping[int, int] = field(default_factory=dict)
    exactly: Mapping[int, Option] = field(default_factory=dict)
    counts: Counts = Counts.OTHER
    ratio: bool = False

    @property
    def is_pair(self) -> bool:
        """Whether it says that two badges in two buckets exclude each other."""
        return len(self.terms) == 2 and not self.asks and not self.ratio

    @cached_property
    def plain(self) -> bool:
        """Whether it has no choice and no coefficient below 0: a floor or a ceiling."""
        return not self.choices and all(term.times > 0 for term in self.terms)

    @cached_property
    def defines(self) -> bool:
        """Whether it holds of itself as long as its one choice is not made."""
        return (
            self.asks
            and self.bound <= 0
            and len(self.choices) == 1
            and min(self.choices.values()) < 0
            and all(term.times > 0 for term in self.terms)
        )

    def of(self, record: int, option: Option) -> int:
        """The coefficient of an option."""
        total = 0
        for term in self.terms:
            if term.bucket is None or term.bucket in option:
                total += term.amounts.get(record, 0) * term.times
        total += self.exactly.get(record) == option
        return total + (self.shared.get(record, 0) if len(option) > 1 else 0)

    def concerned(self) -> frozenset[int]:
        """The records that have a coefficient."""
        return frozenset(self.shared).union(self.exactly, *(term.amounts for term in self.terms))


@dataclass(frozen=True)
class Problem:
    """`options[i]` are those of record i, none where it fits nowhere.

    `rows` come in the order of the rules, `choices` are names, children before parents.
    """

    award: Award
    records: tuple[Record, ...]
    options: tuple[tuple[Option, ...], ...]
    rows: tuple[Row, ...]
    choices: tuple[str, ...]

    @cached_property
    def able(self) -> tuple[int, ...]:
        """The records that can count at all."""
        return tuple(index for index, options in enumerate(self.options) if options)

    @cached_property
    def credits(self) -> tuple[int, ...]:
        """Tenths of credit of each record."""
        return tuple(record.credits_tenths for record in self.records)

    @cached_property
    def floors(self) -> tuple[int, ...]:
        """The plain rows that ask, by number."""
        return tuple(n for n, row in enumerate(self.rows) if row.asks and row.plain)

    @cached_property
    def ceilings(self) -> tuple[int, ...]:
        """The plain rows that limit, by number."""
        return tuple(n for n, row in enumerate(self.rows) if not row.asks and row.plain)

    @cached_property
    def mixed(self) -> tuple[int, ...]:
        """The binding rows that are not plain, by number."""
        return tuple(n for n in self.binding if not self.rows[n].plain)

    @cached_property
    def binding(self) -> tuple[int, ...]:
        """The rows that a placing can break; the others only say when a choice may be made."""
        return tuple(n for n, row in enumerate(self.rows) if not row.defines)

    @cached_property
    def singles(self) -> tuple[dict[int, int], ...]:
        """For each record the number of the option that fills just a bucket, by bucket."""
        return tuple(
            {option[0]: number for number, option in enumerate(options) if len(option) == 1}
            for options in self.options
        )

    @cached_property
    def widest_first(self) -> tuple[tuple[int, ...], ...]:
        """For each record its buckets, first the one that takes most records."""
        sizes = [0] * len(self.award.parts)
        for singles in self.singles:
            for bucket in singles:
                sizes[bucket] += 1
        return tuple(
            tuple(sorted(singles, key=lambda bucket: -sizes[bucket])) for singles in self.singles
        )

    @cached_property
    def burdens(self) -> tuple[dict[int, tuple[tuple[int, int], ...]], ...]:
        """For each record and bucket the ceilings on which it weighs, and how much."""
        found: list[dict[int, list[tuple[int, int]]]] = [
            {bucket: [] for bucket in singles} for singles in self.singles
        ]
        for number in self.ceilings:
            for term in self.rows[number].terms:
                for record, amount in term.amounts.items():
                    weights = found[record]
                    for bucket in weights if term.bucket is None else (term.bucket,):
                        if amount and bucket in weights:
                            weights[bucket].append((number, amount * term.times))
        return tuple({bucket: tuple(weights) for bucket, weights in here.items()} for here in found)

    @cached_property
    def effects(self) -> "Effects":
        """What each record does to the rows, for tallies."""
        return Effects(self)

    def keeping(self, paths: Iterable[str]) -> "Problem":
        """The same question with the rules of these paths alone."""
        kept = frozenset(paths)
        return replace(self, rows=tuple(row for row in self.rows if row.path in kept))


class Effects:
    """What each record does to the rows of a problem, worked out once.

    Amounts that several rows have in common (all counted credit, in shares) are pools: summed up
    once, whatever the number of rows.
    """

    def __init__(self, problem: Problem) -> None:
        self.rows = problem.rows
        self.pools: list[int] = []
        self.in_pools: dict[int, list[tuple[int, int]]] = {n: [] for n in problem.able}
        self._on_rows: dict[int, list[tuple[int | None, int, int]]] = {n: [] for n in problem.able}
        self.pool_of: dict[int, tuple[int, int]] = {}  # row: its pool, and how many times
        known: dict[int, int] = {}
        for number, row in enumerate(problem.rows):
            for term in row.terms:
                if row.ratio and term.bucket is None and term is row.terms[1]:
                    if id(term.amounts) not in known:
                        known[id(term.amounts)] = len(known)
                        for record, amount in term.amounts.items():
                            self.in_pools[record].append((known[id(term.amounts)], amount))
                    self.pool_of[number] = (known[id(term.amounts)], term.times)
                    continue
                for record, amount in term.amounts.items():
                    self._on_rows[record].append((term.bucket, number, amount * term.times))
        self.pools = [0] * len(known)
        self.deciders = _deciders(problem)
        self.thresholds = tuple(self._threshold(choice) for choice in range(len(self.deciders)))
        self._by_option: dict[tuple[int, Option], tuple[tuple[int, int], ...]] = {}

    def _threshold(self, choice: int) -> tuple[int, int] | None:
        """Where one row alone decides on a choice: that row, and the least sum that allows it."""
        if len(self.deciders[choice]) != 1:
            return None
        (number,) = self.deciders[choice]
        row = self.rows[number]
        if not row.defines or number in self.pool_of:
            return None
        return number, row.bound - row.choices[choice]

    def of(self, record: int, option: Option) -> tuple[tuple[int, int], ...]:
        """The rows on which a record weighs by an option, and how much; pools apart."""
        key = (record, option)
        if key not in self._by_option:
            weights = [
                (number, amount)
                for bucket, number, amount in self._on_rows[record]
                if bucket is None or bucket in option
            ]
            if len(option) > 1:
                weights += [
                    (number, row.shared[record])
                    for number, row in enumerate(self.rows)
                    if record in row.shared
                ]
            self._by_option[key] = tuple(weights)
        return self._by_option[key]


def _deciders(problem: Problem) -> tuple[tuple[int, ...], ...]:
    """For each choice the rows that speak against it: those in which it weighs down."""
    against: list[list[int]] = [[] for _ in problem.choices]
    for number, row in enumerate(problem.rows):
        for choice, weight in row.choices.items():
            if (weight < 0) is row.asks:
                against[choice].append(number)
    return tuple(tuple(rows) for rows in against)
