"""A desk on which badges are laid out one by one while a placing is mended by hand, as it were.

It never breaks a ceiling, and proves nothing. Badges are not shared here.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from degree.rules.rows import OUT, Problem, Row
from degree.rules.tally import Tally

_OPEN: Final = -1  # not laid out (yet)
_AWAY: Final = -2  # taken away on purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class _Snapshot:
    """The desk as it stood, to go back to once."""

    placed: list[int]
    homes: list[int]
    filled: list[int]


class Desk:
    """A placing in the making, as a tally: what is not laid out does not count. The bucket of each
    record and the credit in each bucket are kept up to date."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self.tally = Tally(problem, [OUT] * len(problem.records))
        self._homes = [_OPEN] * len(problem.records)
        self._filled = [0] * len(problem.award.parts)
        paths = {part.path: number for number, part in enumerate(problem.award.parts)}
        floors = [problem.rows[number] for number in problem.floors]
        # The scarcest bucket first: what it takes is missed least elsewhere.
        scarce = sorted(
            (sum(row.terms[0].amounts.values()) - row.bound, row.name, row.bound)
            for row in floors
            if row.name in paths
        )
        self._needs = {paths[name]: need for _, name, need in scarce}

    def follow(self, sent: dict[int, dict[int, int]]) -> None:
        """Place each record where most of its credit flows, the unsplit ones first."""
        for record in sorted(sent, key=lambda record: len(sent[record])):
            homes = sent[record]
            for bucket in sorted(homes, key=homes.__getitem__, reverse=True):
                if self._place(record, bucket):
                    break

    def count_the_rest(self) -> Iterator[int]:
        """Lay out everything that still fits, the oldest first, in the bucket that takes most; each
        record as it is laid out."""
        for record in self._problem.able:
            if self._homes[record] == _OPEN:
                for bucket in self._problem.widest_first[record]:
                    if self._place(record, bucket):
                        yield record
                        break

    def mend_buckets(self) -> bool:
        """Fill each bucket that is short, by open badges, from buckets that have more than enough,
        or anew; whether none is short any more. Filling one anew may undo another: so twice."""
        for _ in range(2):
            for bucket in self._needs:
                if not self._mend(bucket):
                    self._fill_anew(bucket)
            if all(self._filled[bucket] >= need for bucket, need in self._needs.items()):
                return True
        return False

    def relieve(self) -> None:
        """Take away badges that weigh down a row which limits a share, as long as no bucket and
        no floor falls short."""
        effects = self._problem.effects
        mixed = effects.alone & ~effects.floors & ~effects.ceilings
        while True:
            broken = next(self.tally.below(mixed), None)
            if broken is None or not self._relieve(self._problem.rows[broken]):
                return

    def _relieve(self, row: Row) -> bool:
        sign = 1 if row.asks else -1
        weights = {
            record: weight
            for term in row.terms
            if sign * term.times < 0
            for record in term.amounts
            if (home := self._homes[record]) >= 0 and (weight := sign * row.of(record, (home,))) < 0
        }
        for record in sorted(weights, key=lambda record: (weights[record], record)):
            before = self._snapshot()
            self._take_away(record)
            self._homes[record] = _AWAY
            if self.mend_buckets() and self.tally.has(self._problem.effects.floors):
                return True
            self._restore(before)
        return False

    def _snapshot(self) -> _Snapshot:
        return _Snapshot(
            placed=list(self.tally.placed), homes=list(self._homes), filled=list(self._filled)
        )

    def _restore(self, before: _Snapshot) -> None:
        self.tally.follow(before.placed)
        self._homes, self._filled = before.homes, before.filled

    def _mend(self, bucket: int) -> bool:
        while (gap := self._needs[bucket] - self._filled[bucket]) > 0:
            if not any(self._place(record, bucket) for record in self._by_fit(bucket, gap)):
                return False
        return True

    def _fill_anew(self, bucket: int) -> None:
        """Empty the bucket and fill it with the largest badges; badges elsewhere that exclude one
        of them give way."""
        before, credits_ = self._snapshot(), self._problem.credits
        for record, home in enumerate(self._homes):
            if home == bucket:
                self._take_away(record)
        able = self._to_spare(bucket)
        for record in sorted(able, key=lambda record: (-credits_[record], record)):
            if self._filled[bucket] >= self._needs[bucket]:
                return
            if not self._place(record, bucket):
                self._bring_instead(record, bucket)
        if self._filled[bucket] < self._needs[bucket]:
            self._restore(before)

    def _bring_instead(self, record: int, bucket: int) -> None:
        """Place a record where only others that it excludes are in the way: take those away."""
        excluded = []
        for row in self._in_the_way(record, bucket):
            if not row.is_pair:
                return
            excluded += [
                other
                for term in row.terms
                for other in term.amounts
                if other != record and self._homes[other] == term.bucket
            ]
        for other in (record, *excluded):
            if self._homes[other] >= 0:
                self._take_away(other)
        self._place(record, bucket)

    def _in_the_way(self, record: int, bucket: int) -> list[Row]:
        """The ceilings that a record would break in a bucket."""
        before = self.tally.placed[record]
        self.tally.move(record, self._problem.singles[record][bucket])
        broken = list(self.tally.below(self._problem.effects.ceilings))
        self.tally.move(record, before)
        return [self._problem.rows[number] for number in broken]

    def _by_fit(self, bucket: int, gap: int) -> list[int]:
        """Badges that could come here: the smallest that closes the gap, else the largest; open
        ones before those that another bucket can spare."""
        size = self._problem.credits.__getitem__
        able = self._to_spare(bucket)
        able.sort(key=lambda record: self._homes[record] >= 0)
        able.sort(key=size)
        closing = bisect_left(able, gap, key=size)
        return able[closing:] + sorted(able[:closing], key=size, reverse=True)

    def _to_spare(self, bucket: int) -> list[int]:
        """Badges elsewhere that could fill the bucket: open ones, and those whose bucket keeps
        enough without them."""
        credits_ = self._problem.credits
        return [
            record
            for record in self._problem.fillers[bucket]
            if (home := self._homes[record]) not in (bucket, _AWAY)
            and (home < 0 or self._filled[home] - credits_[record] >= self._needs.get(home, 0))
        ]

    def _place(self, record: int, bucket: int) -> bool:
        """Lay a record out in a bucket, or move it there from another, if no ceiling is broken."""
        option = self._problem.singles[record][bucket]
        if not self.tally.move_within(self._problem.effects.ceilings, record, option):
            return False
        home, amount = self._homes[record], self._problem.credits[record]
        if home >= 0:
            self._filled[home] -= amount
        self._homes[record] = bucket
        self._filled[bucket] += amount
        return True

    def _take_away(self, record: int) -> None:
        self.tally.move(record, OUT)
        self._filled[self._homes[record]] -= self._problem.credits[record]
        self._homes[record] = _OPEN
