"""The question for an award with badges that are still to be earned.

Beside the wallet's badges stand new ones: of each ideal kind any number of badges, and any amount
of credit in whole steps, written as records of 1, 2, 4 … steps. They may bring any labels that
rules on variety ask for, within what they can carry; what limits labels does not bind them. So
every way to earn the award with new badges is among the answers, and the least credit over all
answers is never more than the least that must be earned.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from degree.rules.case import Case
from degree.rules.filters import Where
from degree.rules.ideals import Ideal
from degree.rules.posing import problem_for
from degree.rules.programme import Award, Dimension, Distinct
from degree.rules.records import Record
from degree.rules.rows import Counts, Option, Problem, Row, Term

CAP: Final = "plan.credits"  # the row that limits the credit of new badges
_LIMITS: Final = re.compile(r"\.max_(share|credits)_each$")
_MOST_BADGES: Final = 60  # of a kind
# Of these a badge carries one label; of the others any number.
_SINGLE: Final = frozenset({Dimension.CIRCLES, Dimension.ISSUERS, Dimension.KINDS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Earnable:
    """A kind of new badge in the question: its records of credit, with their tenths, and those of
    whole badges, by number."""

    ideal: Ideal
    credits: Mapping[int, int]
    badges: tuple[int, ...]


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
        return frozenset() if whole else frozenset(n for kind in self.kinds for n in kind.credits)

    def within(self, tenths: int, bucket: str = "") -> "Earning":
        """The same question with at most so much credit in new badges, or in those of a bucket."""
        kinds = [each for each in self.kinds if not bucket or bucket in each.ideal.buckets]
        amounts = {n: each for kind in kinds for n, each in kind.credits.items()}
        cap = Row(
            name=f"{CAP}.{bucket}" if bucket else CAP,
            path=CAP,
            asks=False,
            bound=tenths,
            terms=(Term(None, amounts),),
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
) -> Earning:
    """The question for an award with new badges of these kinds, in steps of so many tenths, or with
    None in any amounts: one record for each kind, of which any part may count."""
    held = len(case.records)
    plain = problem_for(case, award)
    posed_kinds, most = tuple(kinds), _most_badges(plain)
    unit = (step or 1) << max(4, (_most_credit(plain) // (step or 1)).bit_length())
    new = [
        replace(record, id=f"plan:{number}:{place}", credits_tenths=0 if place else unit)
        for number, ideal in enumerate(posed_kinds)
        for record in (ideal.record(day=today, best_mark=best_mark),)
        for place in range(most + 1)
    ]
    posed = problem_for(replace(case, records=(*case.records, *new)), award)
    names = [part.bucket.name for part in posed.award.parts]
    written = _Written(posed, held=held, unit=unit, step=step or unit)
    for number, ideal in enumerate(posed_kinds):
        option = tuple(sorted(names.index(name) for name in ideal.buckets))
        first = held + number * (most + 1)
        if option in posed.options[first]:
            written.add(ideal, first, option, most)
    return written.earning(rule for rule in case.programme.distinct if award.id in rule.awards)


def _most_credit(problem: Problem) -> int:
    """As much credit as all rules that ask for some ask for together."""
    asked = [
        max(row.bound, *(-weight for weight in row.choices.values()), 0)
        for row in problem.rows
        if row.asks and (row.counts is Counts.CREDITS or row.path.startswith("distinct."))
    ]
    return sum(asked)


def _most_badges(problem: Problem) -> int:
    """As many badges as any rule that counts them asks for, and one at least."""
    asked = [
        max(row.bound, *(-weight for weight in row.choices.values()), 0)
        for row in problem.rows
        if row.asks and (row.counts is Counts.BADGES or row.path.startswith("distinct."))
    ]
    return min(_MOST_BADGES, max(1, *asked, 0))


class _Written:
    """The posed rows, with a large badge of each kind turned into steps of credit."""

    def __init__(self, posed: Problem, *, held: int, unit: int, step: int) -> None:
        self._posed, self._held, self._unit, self._step = posed, held, unit, step
        self._records: list[Record] = list(posed.records[:held])
        self._options: list[tuple[Option, ...]] = list(posed.options[:held])
        self._kinds: list[Earnable] = []
        self._large: dict[int, int] = {}  # the large badge: its kind
        self._small: dict[int, int] = {}  # each whole badge, as it was posed: its new number
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
        variety = _Variety(self._posed, self._kinds, self._held, rules)
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
        terms = tuple(replace(term, amounts=self._amounts(term.amounts)) for term in row.terms)
        return replace(row, terms=terms, shared=self._amounts(row.shared))

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


class _Variety:
    """The rows on labels, with what new badges could carry."""

    def __init__(
        self,
        posed: Problem,
        kinds: Sequence[Earnable],
        held: int,
        rules: Iterable[Distinct],
    ) -> None:
        self._posed, self._kinds, self._held = posed, kinds, held
        self._rules = {rule.path: rule for rule in rules}
        self.names: list[str] = []  # of the new choices
        self.fresh: dict[Dimension, tuple[int, ...]] = {}

    def read(self, row: Row) -> Iterator[Row]:
        """What becomes of a row on labels, and the rows that it takes beside itself."""
        rule = self._rules.get(_LIMITS.sub("", row.path))
        if rule is None:
            yield row
        elif row.path != rule.path:
            yield self._unlimited(rule, row)
        elif row.name != rule.path:
            yield self._label(rule, row)
        else:
            yield from self._variety(rule, row)

    def _unlimited(self, rule: Distinct, row: Row) -> Row:
        """A limit on a label, without the new badges: they could carry another. Where only one
        issuer is trusted now, they could not."""
        issuers = {issuer for kind in self._kinds for issuer in kind.ideal.badges.issuers}
        if rule.dimension is Dimension.ISSUERS and len(issuers) < 2:
            return row
        label, *others = row.terms
        return replace(row, terms=(replace(label, amounts=self._old(label.amounts)), *others))

    def _label(self, rule: Distinct, row: Row) -> Row:
        """What stands behind a label, with all new badges that could carry it."""
        label = _where(rule.dimension, row.name.removeprefix(f"{rule.path}="))
        able = [kind for kind in self._kinds if label is None or kind.ideal.could(label)]
        (term,) = row.terms
        amounts = self._old(term.amounts) | _new(able, credits_=bool(rule.credits_each))
        return replace(row, terms=(Term(None, amounts),))

    def _variety(self, rule: Distinct, row: Row) -> Iterator[Row]:
        """The count of labels, with those that new badges bring."""
        labels = {
            name.removeprefix(f"{rule.path}="): number
            for number, name in enumerate(self._posed.choices)
            if name.startswith(f"{rule.path}=")
        }
        seen = _where(rule.dimension, *labels) if labels else None
        single = rule.dimension in _SINGLE
        able = [
            kind
            for kind in self._kinds
            if seen is None or not single or kind.ideal.could(seen, be=False)
        ]
        first = len(self._posed.choices) + len(self.names)
        fresh = range(first, first + self._most_fresh(rule, row, labels))
        self.names += (f"plan.{rule.path}={number}" for number in range(len(fresh)))
        self.fresh[rule.dimension] = tuple(fresh)
        yield replace(row, choices={**row.choices, **dict.fromkeys(fresh, 1)})
        # A badge of one label brings one; with several labels each badge could bring all.
        groups = [tuple(fresh)] if single else [(each,) for each in fresh]
        for number, group in enumerate(groups):
            name, each = f"plan.{rule.path}#{number}", rule.credits_each
            yield _at_least(name, _new(able, credits_=False), dict.fromkeys(group, -1))
            if each:
                weights = dict.fromkeys(group, -each)
                if single:
                    weights |= self._gaps(rule)
                new = _new(self._kinds if single else able, credits_=True)
                yield _at_least(f"{name}.credits", new, weights)

    def _most_fresh(self, rule: Distinct, row: Row, labels: Collection[str]) -> int:
        most = min(_MOST_BADGES, max(0, row.bound))
        if rule.dimension is Dimension.ISSUERS:
            issuers = {issuer for kind in self._kinds for issuer in kind.ideal.badges.issuers}
            most = min(most, len(issuers.difference(labels)))
        return most

    def _gaps(self, rule: Distinct) -> dict[int, int]:
        """For each label of the wallet what all its badges together lack of the credit asked."""
        gaps = {}
        for row in self._posed.rows:
            if row.path == rule.path and row.name != rule.path:
                (term,), (choice,) = row.terms, row.choices
                gap = rule.credits_each - sum(self._old(term.amounts).values())
                if gap > 0:
                    gaps[choice] = -gap
        return gaps

    def _old(self, amounts: Mapping[int, int]) -> dict[int, int]:
        return {number: amount for number, amount in amounts.items() if number < self._held}


def _where(dimension: Dimension, *labels: str) -> Where | None:
    """The badges with one of these labels, where a filter can tell."""
    names = frozenset(labels)
    match dimension:
        case Dimension.CONTEXTS:
            return Where(contexts=names)
        case Dimension.CIRCLES:
            return Where(circles=names)
        case Dimension.ISSUERS:
            return Where(issuers=names)
        case Dimension.KINDS:
            return Where(kinds=names)
        case _:
            return None


def _new(kinds: Iterable[Earnable], *, credits_: bool) -> dict[int, int]:
    """The credit of new badges of these kinds, or their number."""
    if credits_:
        return {number: tenths for kind in kinds for number, tenths in kind.credits.items()}
    return {number: 1 for kind in kinds for number in kind.badges}


def _at_least(name: str, amounts: dict[int, int], choices: dict[int, int]) -> Row:
    path = name.partition("#")[0]
    terms = (Term(None, amounts),)
    return Row(name=name, path=path, asks=True, bound=0, terms=terms, choices=choices)
