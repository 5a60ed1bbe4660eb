"""A placing that only shows how far a member has come, set right for readers: what fits a specific
bucket stands there before it stands where anything fits. It proves nothing, and breaks no limit.
"""

from collections.abc import Collection

from degree.rules.filters import Where
from degree.rules.rows import OUT, Placing, Problem
from degree.rules.tally import Tally


def settled(problem: Problem, placed: Placing, *, keeping: Collection[int]) -> tuple[int, ...]:
    """The same badges and perhaps more, the most specific buckets filled first; the rows of
    `keeping`, by number, are kept and stay so."""
    desk = _Settling(problem, placed, keeping)
    for bucket in sorted(desk.needs, key=desk.width):
        while desk.fill(bucket):
            pass
    desk.count_the_rest()
    return tuple(desk.tally.placed)


class _Settling:
    def __init__(self, problem: Problem, placed: Placing, keeping: Collection[int]) -> None:
        self._problem = problem
        rows = problem.rows
        self._limits = problem.effects.bits(row for row in keeping if not rows[row].choices)
        self._choosing = [row for row in keeping if rows[row].choices]
        self.tally = Tally(problem, placed)
        paths = {part.path: number for number, part in enumerate(problem.award.parts)}
        self.needs = {
            paths[problem.rows[number].name]: number
            for number in problem.floors
            if problem.rows[number].name in paths
        }

    def width(self, bucket: int) -> tuple[bool, int]:
        """How much fits a bucket."""
        where = self._problem.award.parts[bucket].bucket.where
        return where == Where(), len(self._problem.fillers[bucket])

    def fill(self, bucket: int) -> bool:
        """Bring one badge to a bucket that is short: the smallest that is enough, else the
        largest."""
        gap = self._problem.rows[self.needs[bucket]].bound - self.tally.sum(self.needs[bucket])
        if gap <= 0:
            return False
        credits_ = self._problem.credits
        able = [record for record in self._problem.fillers[bucket] if self._is_free(record, bucket)]
        able.sort(key=lambda r: (credits_[r] < gap, abs(credits_[r] - gap), r))
        return any(self._move(record, self._problem.singles[record][bucket]) for record in able)

    def count_the_rest(self) -> None:
        """Count whatever still fits, and then what fits beside that: a share has more room in a
        larger whole."""
        while sum(self._counts(record) for record in self._problem.able):
            pass

    def _counts(self, record: int) -> bool:
        """Whether a record can be counted that was not."""
        return self.tally.placed[record] == OUT and any(
            self._move(record, self._problem.singles[record][bucket])
            for bucket in self._problem.widest_first[record]
        )

    def _is_free(self, record: int, bucket: int) -> bool:
        taken = self.tally.placed[record]
        if taken == OUT:
            return True
        home = self._problem.options[record][taken]
        return len(home) == 1 and self.width(home[0]) > self.width(bucket)

    def _move(self, record: int, taken: int) -> bool:
        before = self.tally.placed[record]
        self.tally.move(record, taken)
        if self.tally.has(self._limits) and not self.tally.breaks(0, self._choosing):
            return True
        self.tally.move(record, before)
        return False
