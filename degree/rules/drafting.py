"""Badges that filters would take: finds a record that some filters take and others do not.

A `Draft` is all records that are still possible. A filter narrows it, in several ways where it
gives alternatives; every way is tried, so that no draft means no record.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.filters import Where
from degree.rules.records import Record, Role, Status

HIGHEST_MARK: Final = 1000  # tenths
COMMON_LEVEL: Final = 7  # of what a master's degree mostly counts

_Names = frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a record may still be; "" stands for every name that no filter mentions.

    `tags` and `contexts` are those that it must have, the others those that it must not.
    """

    issuers: _Names
    levels: frozenset[int]
    marks: frozenset[int | None]
    kinds: _Names
    codes: _Names
    circles: _Names
    roles: frozenset[Role] = frozenset(Role)
    rpl: frozenset[bool] = frozenset({False, True})
    tags: _Names = frozenset()
    other_tags: _Names = frozenset()
    contexts: _Names = frozenset()
    other_contexts: _Names = frozenset()

    def record(self, *, day: date) -> Record:
        """The most useful of these records, of an activity on that day: earned rather than prior
        learning, at level 7 if that will do, with the best mark."""
        high = [level for level in self.levels if level >= COMMON_LEVEL]
        return Record(
            id="",
            title="",
            issuer=min(self.issuers),
            credits_tenths=0,
            level=min(high) if high else max(self.levels),
            activity_start=day,
            activity_end=day,
            issued=day,
            status=Status.VALID,
            role=Role.PARTICIPANT if Role.PARTICIPANT in self.roles else Role.CO_PROVIDER,
            rpl=False not in self.rpl,
            code=min(self.codes),
            kind=min(self.kinds),
            circle=min(self.circles),
            tags=self.tags,
            contexts=self.contexts,
            mark=max((mark for mark in self.marks if mark is not None), default=None),
            hypothetical=True,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBadges:
    """What new badges can be at all: by these issuers, with no mark below `passing`; without
    `marked` they have a mark only where filters name some."""

    issuers: frozenset[str]
    passing: int | None
    marked: bool

    def draft(self, taken: Iterable[Where], refused: Iterable[Where]) -> Draft | None:
        """A draft of those that all of `taken` take and none of `refused` do."""
        taken, refused = tuple(taken), tuple(refused)
        filters = [part for where in (*taken, *refused) for part in parts_of(where)]
        named = [
            mark for where in filters if where.mark is not None for mark in _around(where.mark)
        ]
        least = self.passing or 0
        marks = {least, HIGHEST_MARK, *named} if self.marked or named else set()
        start = Draft(
            issuers=self.issuers,
            levels=frozenset(range(1, HIGHEST_LEVEL + 1)),
            marks=frozenset({None} | {mark for mark in marks if mark >= least}),
            kinds=frozenset({""}.union(*(where.kinds for where in filters))),
            codes=frozenset({""}.union(*(where.codes for where in filters))),
            circles=frozenset({""}.union(*(where.circles for where in filters))),
        )
        return next(_all(taken, refused, start), None) if self.issuers else None


def _around(mark: int) -> tuple[int, ...]:
    return (mark, mark - 1) if mark else (mark,)


def parts_of(where: Where) -> Iterator[Where]:
    """A filter and all that it is made of."""
    yield where
    nested = (*where.all_of, *where.any_of, *((where.negated,) if where.negated else ()))
    for each in nested:
        yield from parts_of(each)


def _all(taken: tuple[Where, ...], refused: tuple[Where, ...], start: Draft) -> Iterator[Draft]:
    """Every way to keep all of these filters, and none of those."""
    if taken:
        for narrowed in _taking(taken[0], start):
            yield from _all(taken[1:], refused, narrowed)
    elif refused:
        for narrowed in _refusing(refused[0], start):
            yield from _all((), refused[1:], narrowed)
    else:
        yield start


def _taking(where: Where, start: Draft) -> Iterator[Draft]:
    most = HIGHEST_LEVEL if where.level_max is None else where.level_max
    narrowed = replace(
        start,
        levels=frozenset(level for level in start.levels if where.level <= level <= most),
        marks=frozenset(
            mark
            for mark in start.marks
            if where.mark is None or (mark is not None and mark >= where.mark)
        ),
        kinds=start.kinds & where.kinds if where.kinds else start.kinds,
        codes=start.codes & where.codes if where.codes else start.codes,
        circles=start.circles & where.circles if where.circles else start.circles,
        issuers=start.issuers & where.issuers if where.issuers else start.issuers,
        roles=start.roles & where.roles if where.roles else start.roles,
        rpl=start.rpl if where.rpl is None else start.rpl & {where.rpl},
    )
    if _is_empty(narrowed):
        return
    for tags in _hits(where.tags, narrowed.tags, narrowed.other_tags):
        for contexts in _hits(where.contexts, narrowed.contexts, narrowed.other_contexts):
            here = replace(narrowed, tags=tags, contexts=contexts)
            refused = (where.negated,) if where.negated else ()
            for each in where.any_of or (None,):
                taken = where.all_of if each is None else (*where.all_of, each)
                yield from _all(taken, refused, here)


def _hits(asked: _Names, had: _Names, others: _Names) -> Iterator[_Names]:
    """The ways to have one of the names asked for."""
    if not asked or asked & had:
        yield had
        return
    for name in sorted(asked - others):
        yield had | {name}


def _refusing(where: Where, start: Draft) -> Iterator[Draft]:
    """The ways to break one part of a filter; what takes everything cannot be broken."""
    ways: list[Draft] = []
    if where.level:
        ways.append(replace(start, levels=frozenset(n for n in start.levels if n < where.level)))
    if where.level_max is not None:
        high = frozenset(level for level in start.levels if level > where.level_max)
        ways.append(replace(start, levels=high))
    if where.mark is not None:
        low = frozenset(mark for mark in start.marks if mark is None or mark < where.mark)
        ways.append(replace(start, marks=low))
    if where.kinds:
        ways.append(replace(start, kinds=start.kinds - where.kinds))
    if where.codes:
        ways.append(replace(start, codes=start.codes - where.codes))
    if where.circles:
        ways.append(replace(start, circles=start.circles - where.circles))
    if where.issuers:
        ways.append(replace(start, issuers=start.issuers - where.issuers))
    if where.roles:
        ways.append(replace(start, roles=start.roles - where.roles))
    if where.rpl is not None:
        ways.append(replace(start, rpl=start.rpl - {where.rpl}))
    if where.tags and not where.tags & start.tags:
        ways.append(replace(start, other_tags=start.other_tags | where.tags))
    if where.contexts and not where.contexts & start.contexts:
        ways.append(replace(start, other_contexts=start.other_contexts | where.contexts))
    yield from (way for way in ways if not _is_empty(way))
    for each in where.all_of:
        yield from _refusing(each, start)
    if where.any_of:
        yield from _all((), where.any_of, start)
    if where.negated is not None:
        yield from _taking(where.negated, start)


def _is_empty(draft: Draft) -> bool:
    return not all(
        (
            *(draft.levels, draft.marks, draft.kinds, draft.codes),
            *(draft.circles, draft.issuers, draft.roles, draft.rpl),
        )
    )
