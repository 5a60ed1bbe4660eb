"""The question for one award, as rows over options and choices (docs/decision-record.md).

A record takes one of its options (the bucket that it fills, or two where badges may be shared) or
none. A choice is 0 or 1: whether an alternative holds, or a label counts. Each rule is a row: whole
numbers times these, at least or at most a bound.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    one bucket. Rows may have one mapping of amounts in common, which is then summed up once."""

    bucket: int | None
    amounts: Mapping[int, int]
    times: int = 1


@dataclass(frozen=True, kw_only=True)
class Row:
    """One rule: it `asks` for at least `bound`, or else allows at most that.

    `path` is the rule's, `name` is the row's own. `shared` is added by records that fill two
    buckets, 1 by each record of `exactly` that takes just this option; `choices` are by number.
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

    @cached_property
    def plain(self) -> bool:
        """Whether it has no choice and no coefficient below 0: a floor or a ceiling."""
        return not self.choices and all(
            amount * term.times >= 0 for term in self.terms for amount in term.amounts.values()
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


@dataclass(frozen=True, slots=True)
class Filling:
    """A placing turned round: which records count, are in each bucket, and are in two."""

    counted: frozenset[int]
    inside: tuple[frozenset[int], ...]
    shared: frozenset[int]
    _sums: dict[tuple[int | None, int], int] = field(default_factory=dict)

    def sum(self, row: Row) -> int:
        """What the records give to a row."""
        total = 0
        for term in row.terms:
            key = (term.bucket, id(term.amounts))
            if key not in self._sums:
                here = self.counted if term.bucket is None else self.inside[term.bucket]
                amounts = [amount for record, amount in term.amounts.items() if record in here]
                self._sums[key] = sum(amounts)
            total += self._sums[key] * term.times
        if row.shared:
            total += sum([n for record, n in row.shared.items() if record in self.shared])
        return total


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
    def floors(self) -> tuple[Row, ...]:
        """The plain rows that ask."""
        return tuple(row for row in self.rows if row.asks and row.plain)

    @cached_property
    def ceilings(self) -> tuple[Row, ...]:
        """The plain rows that limit."""
        return tuple(row for row in self.rows if not row.asks and row.plain)

    @cached_property
    def mixed(self) -> tuple[Row, ...]:
        """All other rows."""
        return tuple(row for row in self.rows if not row.plain)

    @cached_property
    def singles(self) -> tuple[dict[int, int], ...]:
        """For each record the number of the option that fills just a bucket, by bucket."""
        return tuple(
            {option[0]: number for number, option in enumerate(options) if len(option) == 1}
            for options in self.options
        )

    @cached_property
    def burdens(self) -> tuple[dict[int, tuple[tuple[int, int], ...]], ...]:
        """For each record and bucket the ceilings, by number, on which it weighs, and how much."""
        found: list[dict[int, list[tuple[int, int]]]] = [
            {bucket: [] for bucket in singles} for singles in self.singles
        ]
        for number, row in enumerate(self.ceilings):
            for term in row.terms:
                for record, amount in term.amounts.items():
                    weights = found[record]
                    for bucket in weights if term.bucket is None else (term.bucket,):
                        if amount and bucket in weights:
                            weights[bucket].append((number, amount * term.times))
        return tuple({bucket: tuple(weights) for bucket, weights in here.items()} for here in found)

    @cached_property
    def _deciders(self) -> tuple[tuple[Row, ...], ...]:
        """For each choice the rows that speak against it: those in which it weighs down."""
        rows: list[list[Row]] = [[] for _ in self.choices]
        for row in self.rows:
            for choice, weight in row.choices.items():
                if (weight < 0) is row.asks:
                    rows[choice].append(row)
        return tuple(tuple(against) for against in rows)

    def filling(self, placed: Placing) -> Filling:
        """The placing, turned round."""
        inside: list[list[int]] = [[] for _ in self.award.parts]
        counted, shared = [], []
        for record, taken in enumerate(placed):
            if taken >= 0:
                option = self.options[record][taken]
                counted.append(record)
                for bucket in option:
                    inside[bucket].append(record)
                if len(option) > 1:
                    shared.append(record)
        buckets = tuple(frozenset(members) for members in inside)
        return Filling(frozenset(counted), buckets, frozenset(shared))

    def chosen(self, filling: Filling) -> list[int]:
        """Each choice as high as its rows allow."""
        values: list[int] = []
        for number, against in enumerate(self._deciders):
            values.append(1)
            if not all(self._holds(row, filling, values) for row in against):
                values[number] = 0
        return values

    def broken(self, placed: Placing, *, rows: Iterable[Row] | None = None) -> Iterator[Row]:
        """The rows that the placing does not keep, choices being made in its favour."""
        filling = self.filling(placed)
        values: list[int] | None = None
        for row in self.rows if rows is None else rows:
            if row.choices and values is None:
                values = self.chosen(filling)
            if not self._holds(row, filling, values or ()):
                yield row

    def _holds(self, row: Row, filling: Filling, values: Sequence[int]) -> bool:
        total = filling.sum(row)
        if row.choices:
            total += sum([weight * values[choice] for choice, weight in row.choices.items()])
        return total >= row.bound if row.asks else total <= row.bound

    def keeping(self, paths: Iterable[str]) -> "Problem":
        """The same question with the rules of these paths alone."""
        kept = frozenset(paths)
        return replace(self, rows=tuple(row for row in self.rows if row.path in kept))
