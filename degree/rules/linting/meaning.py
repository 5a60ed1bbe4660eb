"""What filters say of each other: whether one takes nothing, or nothing that another does not.

A filter is written out as cases, of which each badge that it takes is one: conjunctions of simple
conditions, where a contradiction is seen at once. Both answers are exact, except that filters of
too many cases are answered with False, which claims nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from degree.rules.filters import Where
from degree.rules.records import Role

MOST_CASES: Final = 500

_ONE: Final = ("kinds", "roles", "codes", "issuers", "circles")  # of these a badge has one
_SEVERAL: Final = ("tags", "contexts")  # of these any number


class Meaning:
    """A filter, and the cases in which it takes a badge and in which it does not.

    One is made for each filter (`meaning_of`), so that it is compared by what it is.
    """

    __slots__ = ("fails", "holds")

    def __init__(self, where: Where) -> None:
        self.holds = _known(where, holds=True)
        self.fails = _known(where, holds=False)


@lru_cache(maxsize=65_536)
def meaning_of(*filters: Where) -> Meaning:
    """The meaning of the filters together."""
    return Meaning(filters[0] if len(filters) == 1 else Where(all_of=filters))


@lru_cache(maxsize=65_536)  # awards of one programme ask the same again and again
def takes_nothing(*filters: Meaning) -> bool:
    """Whether certainly no badge is taken by all of them."""
    return _contradictory(*(each.holds for each in filters))


@lru_cache(maxsize=65_536)
def within(*filters: Meaning, other: Meaning) -> bool:
    """Whether certainly every badge that all of them take is taken by the other."""
    return _contradictory(*(each.holds for each in filters), other.fails)


class _TooMany(Exception):
    """The filter has more cases than are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Conditions that hold together."""

    low: int = 0
    high: int | None = None
    rpl: bool | None = None
    mark: int | None = None  # there is one, and it is this or above
    below: int | None = None  # there is none, or it is below this
    one: Mapping[str, frozenset[str]] = field(default_factory=dict)
    none: Mapping[str, frozenset[str]] = field(default_factory=dict)
    some: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def possible(self) -> bool:
        """Whether a badge can be so."""
        return (
            (self.high is None or self.low <= self.high)
            and (self.mark is None or self.below is None or self.mark < self.below)
            and all(values - self._barred(name) for name, values in self.some)
            and all(values - self._barred(name) for name, values in self.one.items())
            and not self._barred("roles") >= frozenset(Role)
        )

    def _barred(self, name: str) -> frozenset[str]:
        return self.none.get(name, frozenset())


def _both(first: _Case, second: _Case) -> _Case | None:
    """What holds when both hold, or None when they cannot."""
    if None not in (first.rpl, second.rpl) and first.rpl is not second.rpl:
        return None
    one = dict(first.one)
    for name, values in second.one.items():
        one[name] = one[name] & values if name in one else values
    none = dict(first.none)
    for name, values in second.none.items():
        none[name] = none.get(name, frozenset()) | values
    together = _Case(
        low=max(first.low, second.low),
        high=_least(first.high, second.high),
        rpl=second.rpl if first.rpl is None else first.rpl,
        mark=max((each for each in (first.mark, second.mark) if each is not None), default=None),
        below=_least(first.below, second.below),
        one=one,
        none=none,
        some=(*first.some, *second.some),
    )
    return together if together.possible else None


def _least(first: int | None, second: int | None) -> int | None:
    return min((each for each in (first, second) if each is not None), default=None)


Cases = tuple[_Case, ...]


def _contradictory(*conditions: Cases | None) -> bool:
    """Whether the conditions certainly never hold together; None is of too many cases to tell."""
    known = [cases for cases in conditions if cases is not None]
    try:
        return not _product(known)
    except _TooMany:
        return False


def _known(where: Where, *, holds: bool) -> Cases | None:
    try:
        return _cases(where, holds=holds)
    except _TooMany:
        return None


@lru_cache(maxsize=4096)
def _cases(where: Where, *, holds: bool) -> Cases:
    """The cases in which the filter takes a badge, or does not."""
    conditions = [*_simple(where), *_nested(where)]
    if holds:
        return _product(positive for positive, _ in conditions)
    return _union(negative for _, negative in conditions)


def _simple(where: Where) -> Iterable[tuple[Cases, Cases]]:
    """Each simple condition as the cases in which it holds, and in which it does not."""
    if where.level:
        yield (_Case(low=where.level),), (_Case(high=where.level - 1),)
    if where.level_max is not None:
        yield (_Case(high=where.level_max),), (_Case(low=where.level_max + 1),)
    if where.mark is not None:
        yield (_Case(mark=where.mark),), (_Case(below=where.mark),)
    if where.rpl is not None:
        yield (_Case(rpl=where.rpl),), (_Case(rpl=not where.rpl),)
    for name in _ONE:
        values = frozenset(getattr(where, name))
        if values:
            yield (_Case(one={name: values}),), (_Case(none={name: values}),)
    for name in _SEVERAL:
        values = frozenset(getattr(where, name))
        if values:
            yield (_Case(some=((name, values),)),), (_Case(none={name: values}),)


def _nested(where: Where) -> Iterable[tuple[Cases, Cases]]:
    for part in where.all_of:
        yield _cases(part, holds=True), _cases(part, holds=False)
    if where.any_of:
        yield (
            _union(_cases(part, holds=True) for part in where.any_of),
            _product(_cases(part, holds=False) for part in where.any_of),
        )
    if where.negated is not None:
        yield _cases(where.negated, holds=False), _cases(where.negated, holds=True)


def _union(alternatives: Iterable[Cases]) -> Cases:
    found = tuple(case for cases in alternatives for case in cases)
    if len(found) > MOST_CASES:
        raise _TooMany
    return found


def _product(conditions: Iterable[Cases]) -> Cases:
    found: Cases = (_Case(),)
    for cases in conditions:
        if len(found) * len(cases) > 4 * MOST_CASES:
            raise _TooMany
        pairs = (_both(case, other) for case in found for other in cases)
        found = tuple(pair for pair in pairs if pair is not None)
    return _union([found])
