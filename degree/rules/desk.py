"""A desk on which badges are laid out one by one while a placing is mended by hand, as it were.

It never breaks a ceiling, and proves nothing. Badges are not shared here.
"""

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
    left: dict[int, int]
    filled: list[int]


class Desk:
    """A placing in the making: for each record its bucket. What is left of each ceiling and the
    credit in each bucket are kept up to date."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._placed = [_OPEN] * len(problem.records)
        self._left = {number: problem.rows[number].bound for number in problem.ceilings}
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

    def placing(self) -> tuple[int, ...]:
        """The placing as it stands; what is not laid out does not count."""
        singles = self._problem.singles
        return tuple(
            singles[record][bucket] if bucket >= 0 else OUT
            for record, bucket in enumerate(self._placed)
        )

    def follow(self, sent: dict[int, dict[int, int]]) -> None:
        """Place each record where most of its credit flows, the unsplit ones first."""
        for record in sorted(sent, key=lambda record: len(sent[record])):
            homes = sent[record]
            for bucket in sorted(homes, key=homes.__getitem__, reverse=True):
                if self._place(record, bucket):
                    break

    def count_the_rest(self) -> Iterator[tuple[int, int]]:
        """Lay out everything that still fits, the oldest first, in the bucket that takes most; each
        record with the number of its option."""
        for record in self._problem.able:
            if self._placed[record] == _OPEN:
                for bucket in self._problem.widest_first[record]:
                    if self._place(record, bucket):
                        yield record, self._problem.singles[record][bucket]
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
        rows, tally = self._problem.rows, Tally(self._problem, self.placing())
        shares = [number for number in self._problem.mixed if not rows[number].choices]
        while True:
            broken = next(tally.broken(shares), None)
            if broken is None or not self._relieve(rows[broken], tally):
                return

    def _relieve(self, row: Row, tally: Tally) -> bool:
        options, sign = self._problem.options, 1 if row.asks else -1
        weights = {
            record: weight
            for record, taken in enumerate(tally.placed)
            if taken >= 0 and (weight := sign * row.of(record, options[record][taken])) < 0
        }
        for record in sorted(weights, key=lambda record: (weights[record], record)):
            before = self._snapshot()
            self._take_away(record)
            self._placed[record] = _AWAY
            mended = self.mend_buckets()
            tally.follow(self.placing())
            if mended and tally.keeps(self._problem.floors):
                return True
            self._restore(before)
        tally.follow(self.placing())
        return False

    def _snapshot(self) -> _Snapshot:
        return _Snapshot(
            placed=list(self._placed), left=dict(self._left), filled=list(self._filled)
        )

    def _restore(self, before: _Snapshot) -> None:
        self._placed, self._left, self._filled = before.placed, before.left, before.filled

    def _mend(self, bucket: int) -> bool:
        while (gap := self._needs[bucket] - self._filled[bucket]) > 0:
            if not any(self._bring(record, bucket) for record in self._by_fit(bucket, gap)):
                return False
        return True

    def _fill_anew(self, bucket: int) -> None:
        """Empty the bucket and fill it with the largest badges; badges elsewhere that exclude one
        of them give way."""
        before, credits_ = self._snapshot(), self._problem.credits
        for record, home in enumerate(self._placed):
            if home == bucket:
                self._take_away(record)
        able = self._to_spare(bucket)
        for record in sorted(able, key=lambda record: (-credits_[record], record)):
            if self._filled[bucket] >= self._needs[bucket]:
                return
            if not self._bring(record, bucket):
                self._bring_instead(record, bucket)
        if self._filled[bucket] < self._needs[bucket]:
            self._restore(before)

    def _bring_instead(self, record: int, bucket: int) -> None:
        """Place a record where only others that it excludes are in the way: take those away."""
        rows, excluded = self._problem.rows, []
        for ceiling, amount in self._problem.burdens[record][bucket]:
            if self._left[ceiling] >= amount:
                continue
            if not rows[ceiling].is_pair:
                return
            excluded += [
                other
                for term in rows[ceiling].terms
                for other in term.amounts
                if other != record and self._placed[other] == term.bucket
            ]
        if self._placed[record] >= 0:
            self._take_away(record)
        for other in excluded:
            if self._placed[other] >= 0:
                self._take_away(other)
        self._place(record, bucket)

    def _by_fit(self, bucket: int, gap: int) -> list[int]:
        """Badges that could come here: the smallest that closes the gap, else the largest; open
        ones before those that another bucket can spare."""
        credits_ = self._problem.credits

        def fit(record: int) -> tuple[bool, int, bool]:
            closes = credits_[record] >= gap
            amount = credits_[record] if closes else -credits_[record]
            return (not closes, amount, self._placed[record] >= 0)

        return sorted(self._to_spare(bucket), key=fit)

    def _to_spare(self, bucket: int) -> list[int]:
        """Badges elsewhere that could fill the bucket: open ones, and those whose bucket keeps
        enough without them."""
        credits_ = self._problem.credits
        return [
            record
            for record in self._problem.fillers[bucket]
            if (home := self._placed[record]) not in (bucket, _AWAY)
            and (home < 0 or self._filled[home] - credits_[record] >= self._needs.get(home, 0))
        ]

    def _bring(self, record: int, bucket: int) -> bool:
        home = self._placed[record]
        if home < 0:
            return self._place(record, bucket)
        self._take_away(record)
        if self._place(record, bucket):
            return True
        self._place(record, home)
        return False

    def _place(self, record: int, bucket: int) -> bool:
        burdens = self._problem.burdens[record][bucket]
        left = self._left
        for ceiling, amount in burdens:
            if left[ceiling] < amount:
                return False
        for ceiling, amount in burdens:
            left[ceiling] -= amount
        self._placed[record] = bucket
        self._filled[bucket] += self._problem.credits[record]
        return True

    def _take_away(self, record: int) -> None:
        bucket = self._placed[record]
        for ceiling, amount in self._problem.burdens[record][bucket]:
            self._left[ceiling] += amount
        self._filled[bucket] -= self._problem.credits[record]
        self._placed[record] = _OPEN
