"""Rules on variety in the question for an award with new badges: what labels these could bring."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from degree.rules.earnable import MOST_BADGES, Earnable, badges_of, credit_of
from degree.rules.filters import Where
from degree.rules.programme import Dimension, Distinct
from degree.rules.rows import Problem, Row, Term

_LIMITS: Final = re.compile(r"\.max_(share|credits)_each$")
# Of these a badge carries one label; of the others any number.
_SINGLE: Final = frozenset({Dimension.CIRCLES, Dimension.ISSUERS, Dimension.KINDS})


class Variety:
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
        return row._replace(terms=(label._replace(amounts=self._old(label.amounts)), *others))

    def _label(self, rule: Distinct, row: Row) -> Row:
        """What stands behind a label, with all new badges that could carry it."""
        label = _where(rule.dimension, row.name.removeprefix(f"{rule.path}="))
        able = [kind for kind in self._kinds if label is None or kind.ideal.could(label)]
        (term,) = row.terms
        new = credit_of(able) if rule.credits_each else badges_of(able)
        amounts = self._old(term.amounts) | new
        return row._replace(terms=(Term(None, amounts),))

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
        yield row._replace(choices={**row.choices, **dict.fromkeys(fresh, 1)})
        # A badge of one label brings one; with several labels each badge could bring all.
        groups = [tuple(fresh)] if single else [(each,) for each in fresh]
        for number, group in enumerate(groups):
            name, each = f"plan.{rule.path}#{number}", rule.credits_each
            yield _at_least(name, badges_of(able), dict.fromkeys(group, -1))
            if each:
                weights = dict.fromkeys(group, -each)
                if single:
                    weights |= self._gaps(rule)
                new = credit_of(self._kinds if single else able)
                yield _at_least(f"{name}.credits", new, weights)

    def _most_fresh(self, rule: Distinct, row: Row, labels: Collection[str]) -> int:
        most = min(MOST_BADGES, max(0, row.bound))
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


def _at_least(name: str, amounts: dict[int, int], choices: dict[int, int]) -> Row:
    path = name.partition("#")[0]
    terms = (Term(None, amounts),)
    return Row(name=name, path=path, asks=True, bound=0, terms=terms, choices=choices)
