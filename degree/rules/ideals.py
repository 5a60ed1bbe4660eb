"""Ideal new badges: what could be earned for an award, in as few kinds as lose nothing.

For each bucket (and each two that a badge may fill) there is one for each way to please as many
rules as possible at once. Whatever new badge counts there, one of these does at least as well in
every rule that looks at what badges are; variety is left to who plans.

Beside those ideals stand plain ones, which ask for no more than the buckets do, at each level that
makes a difference: what a plan need not ask for, it should not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Final

from degree.rules.case import Case
from degree.rules.drafting import HIGHEST_MARK, Draft, NewBadges, parts_of
from degree.rules.filters import Where
from degree.rules.programme import Award, Bucket, Part, Programme
from degree.rules.records import Record
from degree.rules.requirements import Held, everything

COMMON_MARK: Final = 500  # tenths, where the programme names no pass mark
MARKS: Final = tuple(range(50, 1000, 50))
MOST_TRIED: Final = 256  # sets of wishes for one bucket


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A filter that a new badge had better fulfil, or had better not."""

    where: Where
    taken: bool

    @property
    def is_for_a_code(self) -> bool:
        """Whether it is for badges with one code, whatever else they are."""
        codes = self.where.codes
        return self.taken and len(codes) == 1 and self.where == Where(codes=codes)


# For means. It is no part of what a kind of badge is: lower marks may do as well.
_BEST_MARK: Final = Wish(where=Where(mark=HIGHEST_MARK), taken=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideal:
    """A kind of new badge that fills these buckets, by name. `taken` and `refused` are the filters
    that make it what it is: any badge that keeps them is as good."""

    buckets: tuple[str, ...]
    badges: NewBadges
    draft: Draft
    taken: tuple[Where, ...]
    refused: tuple[Where, ...]

    def record(self, *, day: date, best_mark: bool) -> Record:
        """One of these badges, with the best mark or with the lowest common one that will do."""
        best = self.draft.record(day=day)
        if best_mark or best.mark is None:
            return best
        marks = (self.badges.passing or COMMON_MARK, *MARKS)
        lower = (replace(best, mark=mark) for mark in marks)
        return next((record for record in lower if self.allows(record)), best)

    def could(self, where: Where, *, be: bool = True) -> bool:
        """Whether any of these badges is taken by a filter, or with `be` False is not."""
        taken, refused = ((where,), ()) if be else ((), (where,))
        found = self.badges.draft((*self.taken, *taken), (*self.refused, *refused))
        return found is not None

    def allows(self, record: Record) -> bool:
        """Whether this badge is one of these."""
        failed = record.mark is not None and record.mark < (self.badges.passing or 0)
        return (
            not failed
            and all(where.takes(record) for where in self.taken)
            and not any(where.takes(record) for where in self.refused)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ideals:
    """All kinds for one award; `complete` says that none is missing."""

    kinds: tuple[Ideal, ...]
    complete: bool


def ideals(case: Case, award: Award, *, today: date) -> Ideals:
    """The kinds of new badges for an award, issued today by those who are trusted today."""
    programme = case.programme
    badges = _new_badges(programme, today=today)
    pairs = combinations(award.parts, 2) if programme.sharing else ()
    kinds: list[Ideal] = []
    complete = True
    for parts in (*((part,) for part in award.parts), *pairs):
        search = _Search(programme, award, parts, badges)
        kinds += search.found()
        complete = complete and search.finished
    return Ideals(kinds=tuple(kinds), complete=complete)


def plain_ideals(programme: Programme, award: Award, kinds: Iterable[Ideal]) -> tuple[Ideal, ...]:
    """For each kind those that only fill its buckets, and have its code, from the lowest level."""
    buckets = {part.bucket.name: part.bucket for part in award.parts}
    found: dict[object, Ideal] = {}
    for kind in kinds:
        filled = [buckets[name] for name in kind.buckets]
        wishes = [Wish(where=where, taken=True) for where in kind.taken]
        codes = [wish for wish in wishes if wish.is_for_a_code]
        asked = [*(wish for bucket in filled for wish in _musts(bucket)), *codes]
        for level in _levels([*asked, *_wishes(programme, award, filled)]):
            above = Wish(where=Where(level=level + 1), taken=False)
            plain = _kind(kind.badges, kind.buckets, [*asked, above])
            if plain is not None:
                record = plain.draft.record(day=date.min)
                found.setdefault((kind.buckets, record.code, record.level), plain)
    return tuple(found.values())


def _levels(wishes: Iterable[Wish]) -> list[int]:
    """The levels from which a filter takes a badge, or no longer does."""
    levels = {1}
    for where in (part for wish in wishes for part in parts_of(wish.where)):
        levels |= {max(1, where.level)}
        levels |= set() if where.level_max is None else {where.level_max + 1}
    return sorted(levels)


def fitting(programme: Programme, bucket: Bucket, *, today: date) -> Ideal | None:
    """The new badges that fit a bucket, whatever else they are; None where none can."""
    return _kind(_new_badges(programme, today=today), (bucket.name,), list(_musts(bucket)))


def _new_badges(programme: Programme, *, today: date) -> NewBadges:
    return NewBadges(
        issuers=trusted(programme, today=today),
        passing=programme.pass_mark,
        marked=programme.is_marked,
    )


def trusted(programme: Programme, *, today: date) -> frozenset[str]:
    """The issuers whose badges count when they are issued today."""
    return frozenset(
        each.issuer for each in programme.gate.trusted if each.first <= today <= each.last
    )


class _Search:
    """The largest sets of wishes that one badge in these buckets can fulfil."""

    def __init__(
        self,
        programme: Programme,
        award: Award,
        parts: tuple[Part, ...],
        badges: NewBadges,
    ) -> None:
        buckets = [part.bucket for part in parts]
        self._names = tuple(sorted(bucket.name for bucket in buckets))
        self._badges = badges
        self._must = [wish for bucket in buckets for wish in _musts(bucket)]
        wishes = [*_wishes(programme, award, buckets), *([_BEST_MARK] if badges.marked else [])]
        self._wishes = [wish for wish in dict.fromkeys(wishes) if self._ideal([wish]) is not None]
        self.finished = True

    def found(self) -> list[Ideal]:
        """One kind for each such set; none where no badge fits at all."""
        kept: list[tuple[frozenset[int], Ideal]] = []
        waiting = self._largest()
        tried = set(waiting)
        while waiting:
            wanted = waiting.pop(0)
            if any(wanted <= larger for larger, _ in kept):
                continue
            ideal = self._ideal([self._wishes[number] for number in sorted(wanted)])
            if ideal is not None:
                kept.append((wanted, ideal))
                continue
            for number in sorted(wanted):
                fewer = wanted - {number}
                if fewer not in tried:
                    tried.add(fewer)
                    waiting.append(fewer)
            if len(tried) > MOST_TRIED:
                self.finished = False
                break
        return [ideal for _, ideal in kept]

    def _largest(self) -> list[frozenset[int]]:
        """All wishes, but of those for codes only one: a badge has one code."""
        codes = [number for number, wish in enumerate(self._wishes) if wish.is_for_a_code]
        others = frozenset(range(len(self._wishes))).difference(codes)
        return [others | {code} for code in codes] or [others]

    def _ideal(self, wishes: Iterable[Wish]) -> Ideal | None:
        return _kind(self._badges, self._names, [*self._must, *wishes])


def _kind(badges: NewBadges, buckets: tuple[str, ...], wishes: list[Wish]) -> Ideal | None:
    """The badges that fulfil all of these wishes; None where none can."""
    best = [wish.where for wish in wishes if wish == _BEST_MARK]
    taken = tuple(wish.where for wish in wishes if wish.taken and wish != _BEST_MARK)
    refused = tuple(wish.where for wish in wishes if not wish.taken)
    found = badges.draft((*taken, *best), refused)
    if found is None:
        return None
    return Ideal(buckets=buckets, badges=badges, draft=found, taken=taken, refused=refused)


def _musts(bucket: Bucket) -> Iterator[Wish]:
    """What a badge must be to count in a bucket."""
    yield Wish(where=bucket.where, taken=True)
    if not bucket.rpl:
        yield Wish(where=Where(rpl=True), taken=False)
    if bucket.min_mark is not None:
        yield Wish(where=Where(mark=bucket.min_mark), taken=True)


def _wishes(programme: Programme, award: Award, buckets: list[Bucket]) -> Iterator[Wish]:
    """What rules ask of badges, or would rather not have."""
    rules: list[Award | Bucket] = [award, *buckets]
    for each in rules:
        yield from (Wish(where=bound.where, taken=True) for bound in each.at_least)
        yield from (Wish(where=bound.where, taken=False) for bound in each.at_most)
        for ceiling in each.ceilings:
            yield Wish(where=Where(level_max=ceiling.level), taken=False)
    yield from (Wish(where=Where(level=floor.level), taken=True) for floor in award.floors)
    yield Wish(where=Where(rpl=True), taken=False)
    for needs in programme.needs:
        if award.id in needs.awards:
            yield Wish(where=Where(codes=frozenset({needs.code})), taken=False)
    for exclusion in programme.exclusions:
        if award.id in exclusion.awards:
            yield Wish(where=Where(codes=exclusion.codes), taken=False)
    needed = {needs.needed for needs in programme.needs if award.id in needs.awards}
    needed |= {each.code for each in everything(award.requires) if isinstance(each, Held)}
    for code in sorted(needed):
        yield Wish(where=Where(codes=frozenset({code})), taken=True)
