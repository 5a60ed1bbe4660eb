"""The question for an award with badges that are still to be earned.

Beside the wallet's badges stand new ones: of each ideal kind any number of badges, and any amount
of credit in whole steps, written as records of 1, 2, 4 … steps. They may bring any labels that
rules on variety ask for, within what they can carry; what limits labels does not bind them. So
every way to earn the award with new badges is among the answers, and the least credit over all
answers is never more than the least that must be earned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import Final

from degree.rules.case import Case
from degree.rules.earnable import MOST_BADGES, Earnable, credit_of
from degree.rules.ideals import Ideal
from degree.rules.posing import problem_for
from degree.rules.programme import Award, Dimension, Distinct
from degree.rules.records import Record
from degree.rules.rows import Counts, Option, Problem, Row, Term
from degree.rules.variety import Variety

CAP: Final = "plan.credits"  # the row that limits the credit of new badges
_BEYOND: Final = 1_000_000  # tenths of credit, more than anybody earns
_FOR_A_MEAN: Final = 20  # times the credit that is held: one mark in a hundred is made up by it


@dataclass(frozen=True, slots=True, kw_only=True)
class Earning:
    """The question; the first `held` records are the wallet's. `fresh` are for each dimension of
    which labels are counted the choices of those that no badge of the wallet carries."""

    problem: Problem
    held: int
    kinds: tuple[Earnable, ...]
    fresh: Mapping[Dimension, tuple[int, ...]]

    @property
    def divisible(self) -> frozenset[int]:
        """The records of credit, if it comes in any amounts."""
        whole = any(len(kind.credits) > 1 for kind in self.kinds)
        return frozenset() if whole else frozenset(credit_of(self.kinds))

    def within(self, tenths: int, bucket: str = "") -> "Earning":
        """The same question with at most so much credit in new badges, or in those of a bucket."""
        kinds = [each for each in self.kinds if not bucket or bucket in each.ideal.buckets]
        cap = Row(
            name=f"{CAP}.{bucket}" if bucket else CAP,
            path=CAP,
            asks=False,
            bound=tenths,
            terms=(Term(None, credit_of(kinds)),),
            counts=Counts.CREDITS,
        )
        return replace(self, problem=replace(self.problem, rows=(*self.problem.rows, cap)))


def earning(
    case: Case,
    award: Award,
    kinds: Iterable[Ideal],
    *,
    step: int | None,
    best_mark: bool,
    today: date,
    ample: bool = False,
) -> Earning:
    """The question for an award with new badges of these kinds, in steps of so many tenths, or with
    None in any amounts: one record for each kind, of which any part may count. There is as much
    credit as rules ask for, or where it is `ample` as shares and means could take."""
    held = len(case.records)
    plain = problem_for(case, award)
    posed_kinds, most = tuple(kinds), _most_badges(plain)
    rules = [rule for rule in case.programme.distinct if award.id in rule.awards]
    unit = (step or 1) << max(
        4, (_most_credit(plain, rules, ample=ample) // (step or 1)).bit_length()
    )
    new = [
        replace(record, id=f"plan:{number}:{place}", credits_tenths=0 if place else unit)
        for number, ideal in enumerate(posed_kinds)
        for record in (ideal.record(day=today, best_mark=best_mark),)
        for place in range(most + 1)
    ]
    posed = problem_for(replace(case, records=(*case.records, *new)), award)
    names = posed.award.bucket_names
    written = _Written(posed, held=held, unit=unit, step=step or unit)
    for number, ideal in enumerate(posed_kinds):
        option = tuple(sorted(names.index(name) for name in ideal.buckets))
        first = held + number * (most + 1)
        if option in posed.options[first]:
            written.add(ideal, first, option, most)
    return written.earning(rules)


def _most_credit(problem: Problem, rules: Iterable[Distinct], *, ample: bool) -> int:
    """As much credit as all rules that ask for some ask for together; where it is to be ample, many
    times that, and all that is held, if shares or means are to be brought about by more of it."""
    variety = tuple(rules)
    asked = sum(_asked(problem, Counts.CREDITS))
    asked += sum(rule.at_least * rule.credits_each for rule in variety)
    ratios = [row.terms for row in problem.rows if row.ratio]
    thresholds = [Fraction(-whole.times, part.times) for part, whole in ratios]
    thresholds += [rule.max_share for rule in variety if rule.max_share is not None]
    if not ample or not thresholds:
        return asked
    return min(_BEYOND, (asked + sum(problem.credits)) * max(map(_dilution, thresholds)))


def _dilution(threshold: Fraction) -> int:
    """How many times as much it may take until a share, or a mean, is where it must be."""
    if not 0 < threshold < 1:
        return _FOR_A_MEAN
    return ceil(1 / min(threshold, 1 - threshold))


def _most_badges(problem: Problem) -> int:
    """As many badges as any rule that counts them asks for, and one at least."""
    return min(MOST_BADGES, max([1, *_asked(problem, Counts.BADGES)]))


def _asked(problem: Problem, counts: Counts) -> list[int]:
    """How much each rule that counts these asks for; variety may count either."""
    return [
        max(row.bound, *(-weight for weight in row.choices.values()), 0)
        for row in problem.rows
        if row.asks and (row.counts is counts or row.path.startswith("distinct."))
    ]


class _Written:
    """The posed rows, with a large badge of each kind turned into steps of credit."""

    def __init__(self, posed: Problem, *, held: int, unit: int, step: int) -> None:
        self._posed, self._held, self._unit, self._step = posed, held, unit, step
        self._records: list[Record] = list(posed.records[:held])
        self._options: list[tuple[Option, ...]] = list(posed.options[:held])
        self._kinds: list[Earnable] = []
        self._large: dict[int, int] = {}  # the large badge: its kind
        self._small: dict[int, int] = {}  # each whole badge, as it was posed: its new number
        # By the identity of amounts as they were posed: rows have mappings in common.
        self._known: dict[int, dict[int, int]] = {}

    def add(self, ideal: Ideal, first: int, option: Option, most: int) -> None:
        """Let new badges of a kind take an option."""
        large, tenths = self._posed.records[first], self._step
        credits_: dict[int, int] = {}
        while not credits_ or tenths < self._unit:
            credits_[len(self._records)] = tenths
            name = f"{large.id}:{tenths}"
            self._put(replace(large, id=name, credits_tenths=tenths), option)
            tenths *= 2
        badges = []
        for posed in range(first + 1, first + 1 + most):
            self._small[posed] = len(self._records)
            badges.append(len(self._records))
            self._put(self._posed.records[posed], option)
        self._large[first] = len(self._kinds)
        self._kinds.append(Earnable(ideal=ideal, credits=credits_, badges=tuple(badges)))

    def _put(self, record: Record, option: Option) -> None:
        self._records.append(record)
        self._options.append((option,))

    def earning(self, rules: Iterable[Distinct]) -> Earning:
        """The whole question, with these rules on variety."""
        variety = Variety(self._posed, self._kinds, self._held, rules)
        rows = [row for each in self._posed.rows for row in variety.read(self._row(each))]
        links = (
            Row(
                name=f"plan.badges#{number}",
                path="plan.badges",
                asks=False,
                bound=0,
                terms=(
                    Term(None, kind.credits),
                    Term(None, dict.fromkeys(kind.badges, 1), times=-self._unit),
                ),
            )
            for number, kind in enumerate(self._kinds)
        )
        return Earning(
            problem=Problem(
                award=self._posed.award,
                records=tuple(self._records),
                options=tuple(self._options),
                rows=(*rows, *links),
                choices=(*self._posed.choices, *variety.names),
            ),
            held=self._held,
            kinds=tuple(self._kinds),
            fresh=variety.fresh,
        )

    def _row(self, row: Row) -> Row:
        terms = tuple(term._replace(amounts=self._amounts(term.amounts)) for term in row.terms)
        return row._replace(terms=terms, shared=self._amounts(row.shared))

    def _amounts(self, amounts: Mapping[int, int]) -> dict[int, int]:
        """A large badge's amount of credit is shared out by steps; that of one badge is dropped,
        for badges are counted apart."""
        if id(amounts) not in self._known:
            found: dict[int, int] = {}
            for number, amount in amounts.items():
                if number < self._held:
                    found[number] = amount
                elif number in self._large and amount % self._unit == 0:
                    kind = self._kinds[self._large[number]]
                    for record, tenths in kind.credits.items():
                        found[record] = amount // self._unit * tenths
                elif number in self._small:
                    found[self._small[number]] = amount
            self._known[id(amounts)] = found
        return self._known[id(amounts)]
