"""The question for one award, as rows over options and choices (docs/decision-record.md).

A record takes one of its options (the bucket that it fills, or two where badges may be shared) or
none. A choice is 0 or 1: whether an alternative holds, or a label counts. Each rule is a row: whole
numbers times these, at least or at most a bound.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cached_property
from types import MappingProxyType
from typing import Final, NamedTuple

from degree.rules.effects import Effects
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


# Hundreds of terms and rows are written for one award: as named tuples, in a third of the time.
class Term(NamedTuple):
    """What records add to a row, `times` their amounts: when counted anywhere (bucket None), or in
    one bucket. Amounts are never negative. Rows may have one mapping of amounts in common, which is
    then summed up once."""

    bucket: int | None
    amounts: Mapping[int, int]
    times: int = 1


class Row(NamedTuple):
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
    choices: Mapping[int, int] = MappingProxyType({})
    shared: Mapping[int, int] = MappingProxyType({})
    exactly: Mapping[int, Option] = MappingProxyType({})
    counts: Counts = Counts.OTHER
    ratio: bool = False

    @property
    def is_pair(self) -> bool:
        """Whether it says that two badges in two buckets exclude each other."""
        return len(self.terms) == 2 and not self.asks and not self.ratio

    @property
    def plain(self) -> bool:
        """Whether it has no choice and no coefficient below 0: a floor or a ceiling."""
        return not self.choices and not self.ratio and all(term.times > 0 for term in self.terms)

    @property
    def defines(self) -> bool:
        """Whether it holds of itself as long as its one choice is not made."""
        return (
            len(self.choices) == 1
            and self.asks
            and self.bound <= 0
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
    def fillers(self) -> tuple[tuple[int, ...], ...]:
        """For each bucket the records whose credit can fill it, alone."""
        found: tuple[list[int], ...] = tuple([] for _ in self.award.parts)
        for record in self.able:
            if self.credits[record]:
                for bucket in self.singles[record]:
                    found[bucket].append(record)
        return tuple(map(tuple, found))

    @cached_property
    def widest_first(self) -> tuple[tuple[int, ...], ...]:
        """For each record its buckets, first the one that takes most records."""
        sizes = [0] * len(self.award.parts)
        for singles in self.singles:
            for bucket in singles:
                sizes[bucket] += 1
        return tuple(
            tuple(sorted(singles, key=sizes.__getitem__, reverse=True)) for singles in self.singles
        )

    @cached_property
    def effects(self) -> Effects:
        """What each record and choice does to the rows, for tallies."""
        return Effects(self)

    def keeping(self, paths: Iterable[str]) -> "Problem":
        """The same question with the rules of these paths alone."""
        kept = frozenset(paths)
        return replace(self, rows=tuple(row for row in self.rows if row.path in kept))
