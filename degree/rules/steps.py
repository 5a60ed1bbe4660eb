"""The steps of a plan: badges by what they are for, and how much of each is proved to be needed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from degree.rules.earning import Earning
from degree.rules.filters import ANY
from degree.rules.least import proved_least
from degree.rules.minting import Badge
from degree.rules.programme import Award
from degree.rules.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Badges to earn for these buckets: so many tenths of credit in one badge or several.

    `must` tenths of them are proved to be needed there: no way with as little credit as this plan
    has less of it in the bucket. What `is_open` is for a bucket that takes any badge. `badges` are
    those with which it was decided: of level, mark and code like them others will do.
    """

    buckets: tuple[str, ...]
    badges: tuple[Record, ...]
    must: int = 0
    is_open: bool = False

    @property
    def tenths(self) -> int:
        """The credit in them."""
        return sum(badge.credits_tenths for badge in self.badges)

    @property
    def is_needed(self) -> bool:
        """Whether all of it must be there, and nowhere else."""
        return not self.is_open and 0 < self.tenths == self.must

    @property
    def level(self) -> int | None:
        """The lowest level that will do; None where any does."""
        level = self.badges[0].level
        return level if level > 1 else None


def open_buckets(award: Award) -> frozenset[str]:
    """The buckets of an award that take any badge."""
    buckets = (part.bucket for part in award.parts)
    return frozenset(
        bucket.name
        for bucket in buckets
        if bucket.where == ANY and bucket.rpl and bucket.min_mark is None
    )


def steps_of(badges: Sequence[Badge], award: Award, whole: Earning | None) -> tuple[Step, ...]:
    """The steps of these badges. `whole` is the question for any new badges, if none is left out:
    without it nothing is proved to be needed."""
    together: dict[object, Step] = {}
    is_open = open_buckets(award)
    for ideal, badge in badges:
        key = (ideal.buckets, badge.code, badge.rpl, badge.level, badge.mark)
        begun = Step(buckets=ideal.buckets, badges=(), is_open=is_open.issuperset(ideal.buckets))
        step = together.setdefault(key, begun)
        together[key] = replace(step, badges=(*step.badges, badge))
    steps = tuple(together.values())
    if whole is None:
        return steps
    within = whole.within(sum(step.tenths for step in steps))
    names = dict.fromkeys(step.buckets for step in steps if len(step.buckets) == 1)
    needed = {name: proved_least(within, _amount(steps, name), name) for (name,) in names}
    return tuple(_proved(steps, needed))


def _amount(steps: Iterable[Step], bucket: str) -> int:
    return sum(step.tenths for step in steps if bucket in step.buckets)


def _proved(steps: Iterable[Step], needed: dict[str, int]) -> Iterable[Step]:
    """The steps with what is needed of each; that of a bucket is shared out in their order."""
    for step in steps:
        left = needed.get(step.buckets[0], 0) if len(step.buckets) == 1 else 0
        must = min(step.tenths, left)
        if must:
            needed[step.buckets[0]] -= must
        yield replace(step, must=must)
