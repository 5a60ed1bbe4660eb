"""What keeps a badge that fits nowhere from the bucket that it comes nearest to.

It is found by trial: the same badge with another mark, at another level, as prior learning or not.
A bucket that asks for another tag or kind is not near.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

from degree.rules.case import Case
from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.drafting import HIGHEST_MARK
from degree.rules.filters import Where
from degree.rules.programme import Award, Bucket, Part
from degree.rules.records import Record

_LEVELS: Final = range(1, HIGHEST_LEVEL + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearly:
    """The `bucket` would take the badge with this mark in tenths, at this level, and if it were
    prior learning or not; None is for what is not in the way."""

    bucket: str
    mark: int | None = None
    level: int | None = None
    rpl: bool | None = None

    @property
    def changes(self) -> int:
        """How many of them are in the way."""
        return sum(each is not None for each in (self.mark, self.level, self.rpl))


def nearly(case: Case, award: Award, record: Record) -> Nearly | None:
    """The bucket for which least of the badge would have to be otherwise, the first of several;
    None where that would not be enough. The badge fits no bucket of the award."""
    if record.id in case.admitted:  # what a concession admits counts in the bucket that it names
        return None
    parts = [part for part in award.parts if _could_take(case, part.bucket, record)]
    ways = (way for part in parts for way in _ways(case, part, record))
    return min(ways, key=lambda way: way.changes, default=None)


def _could_take(case: Case, bucket: Bucket, record: Record) -> bool:
    """Whether it would with the best of marks, at one end or the other, or as it is: so much is
    tried first, since most badges that fit nowhere are of another subject."""
    levels = (record.level, HIGHEST_LEVEL, 1)
    return any(
        _takes(case, bucket, replace(record, mark=HIGHEST_MARK, level=level, rpl=rpl))
        for level, rpl in product(levels, (record.rpl, not record.rpl))
    )


def _ways(case: Case, part: Part, record: Record) -> Iterator[Nearly]:
    """Every way in which the bucket would take it: the lowest mark comes first, then the nearest
    level from below."""
    own, bucket = record.level, part.bucket
    levels = [None, *(each for each in _LEVELS if each > own), *reversed(range(1, own))]
    for mark, level, rpl in product(_marks(case, bucket, record), levels, (None, not record.rpl)):
        changed = replace(
            record,
            mark=record.mark if mark is None else mark,
            level=own if level is None else level,
            rpl=record.rpl if rpl is None else rpl,
        )
        if _takes(case, bucket, changed):
            yield Nearly(bucket=bucket.name, mark=mark, level=level, rpl=rpl)


def _marks(case: Case, bucket: Bucket, record: Record) -> list[int | None]:
    """The marks that could make a difference, from the lowest."""
    named = {bucket.min_mark, case.programme.pass_mark, *_named(bucket.where)}
    own = -1 if record.mark is None else record.mark
    return [None, *sorted(mark for mark in named if mark is not None and mark > own)]


def _named(where: Where) -> Iterator[int | None]:
    yield where.mark
    inner = (*where.all_of, *where.any_of, *([where.negated] if where.negated else []))
    for each in inner:
        yield from _named(each)


def _takes(case: Case, bucket: Bucket, record: Record) -> bool:
    return bool(replace(case, records=(record,)).taken(bucket))
