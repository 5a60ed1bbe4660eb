"""Writes the rows of one award down; concessions leave rows out or change their amounts here."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import cached_property

from degree.rules.case import Case
from degree.rules.filters import Where
from degree.rules.programme import Award
from degree.rules.records import Record
from degree.rules.rows import Counts, Option, Problem, Row, Term

Options = tuple[tuple[Option, ...], ...]


class Writing:
    """The rows and choices of one award so far."""

    def __init__(
        self, case: Case, award: Award, options: Options, *, begun: Problem | None = None
    ) -> None:
        self.case = case
        self.award = award
        self.options = options
        self.able = tuple(number for number, each in enumerate(options) if each)
        self._rows: list[Row] = list(begun.rows) if begun else []
        self._choices: list[str] = list(begun.choices) if begun else []

    def problem(self) -> Problem:
        """All that was written."""
        return Problem(
            award=self.award,
            records=self.case.records,
            options=self.options,
            rows=tuple(self._rows),
            choices=tuple(self._choices),
        )

    @cached_property
    def members(self) -> tuple[tuple[int, ...], ...]:
        """For each part of the award the records that have an option there."""
        able = frozenset(self.able)
        return tuple(
            tuple(number for number in self.case.taken(part.bucket) if number in able)
            for part in self.award.parts
        )

    def pool(self, bucket: int | None) -> tuple[int, ...]:
        """The records that could count, in a bucket or anywhere."""
        return self.able if bucket is None else self.members[bucket]

    def credits(
        self, bucket: int | None, keep: Callable[[Record], bool] | None = None
    ) -> dict[int, int]:
        """Tenths of credit of the records that could count there and are to be kept."""
        records, credits_ = self.case.records, self.case.credits
        if keep is None:
            return {n: credits_[n] for n in self.pool(bucket) if credits_[n]}
        return {n: credits_[n] for n in self.pool(bucket) if credits_[n] and keep(records[n])}

    def badges(self, bucket: int | None, where: Where | None = None) -> dict[int, int]:
        """1 for each of the records that could count there and that the filter takes."""
        records = self.case.records
        return {n: 1 for n in self.pool(bucket) if where is None or where.takes(records[n])}

    def choice(self, name: str) -> int:
        """A new choice; its number names it in rows."""
        self._choices.append(name)
        return len(self._choices) - 1

    def amount(self, name: str, written: int | Fraction, counts: Counts) -> int | Fraction:
        """The amount of a rule, or what a concession makes of it, in tenths for credits."""
        granted = self.case.relief.amount(name)
        if granted is None:
            return written
        if counts is Counts.CREDITS:
            return int(granted * 10)
        return int(granted) if counts is Counts.BADGES else granted

    def ask(
        self,
        name: str,
        amount: int | Fraction,
        bucket: int | None,
        amounts: Mapping[int, int],
        *,
        counts: Counts,
        when: int | None = None,
        fixed: bool = False,
    ) -> None:
        """At least an amount; with `when` only where that choice is made. What is `fixed` cannot
        be reduced by a concession."""
        bound = int(amount if fixed else self.amount(name, amount, counts))
        self.row(
            name,
            asks=True,
            bound=0 if when is not None else bound,
            terms=(Term(bucket, amounts),),
            choices={} if when is None or not bound else {when: -bound},
            counts=counts,
        )

    def limit(
        self,
        name: str,
        amount: int | Fraction,
        bucket: int | None,
        amounts: Mapping[int, int],
        *,
        counts: Counts,
        fixed: bool = False,
    ) -> None:
        """At most an amount."""
        bound = int(amount if fixed else self.amount(name, amount, counts))
        terms = (Term(bucket, amounts),)
        self.row(name, asks=False, bound=bound, terms=terms, counts=counts)

    def ratio(
        self,
        name: str,
        bucket: int | None,
        part: Mapping[int, int],
        whole: Mapping[int, int],
        ratio: int | Fraction,
        *,
        asks: bool = True,
        when: int | None = None,
        slack: int | None = None,
    ) -> None:
        """Part to whole is at least (or most) this ratio: q·part - p·whole against 0.

        With `when` only where that choice is made; otherwise it gets `slack`, by default the sum of
        what weighs down.
        """
        q, p = ratio.denominator, ratio.numerator
        terms = (Term(bucket, part, times=q), Term(bucket, whole, times=-p))
        if when is None:
            self.row(name, asks=asks, bound=0, terms=terms, ratio=True)
            return
        if slack is None:
            slack = sum(max(0, p * amount - q * part.get(n, 0)) for n, amount in whole.items())
        choices = {when: -slack}
        self.row(name, asks=asks, bound=-slack, terms=terms, choices=choices, ratio=True)

    def row(
        self,
        name: str,
        *,
        asks: bool,
        bound: int,
        path: str = "",
        terms: tuple[Term, ...] = (),
        choices: Mapping[int, int] | None = None,
        shared: Mapping[int, int] | None = None,
        counts: Counts = Counts.OTHER,
        ratio: bool = False,
    ) -> None:
        """A row, unless a concession waives it."""
        if self.case.relief.waived and self.case.relief.waives(name, path):
            return
        self._rows.append(
            Row(
                name=name,
                path=path or name,
                asks=asks,
                bound=bound,
                terms=terms,
                choices=choices or {},
                shared=shared or {},
                counts=counts,
                ratio=ratio,
            )
        )
