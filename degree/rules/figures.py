"""Statistics over many decisions: how many earned what, how long it took, and what is missing.

They are added up one standing after the other, so that any number of them takes little memory.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from degree.rules.explain import Answer
from degree.rules.standing import Standing


@dataclass(slots=True)
class Spread:
    """How often each amount came: credits in tenths, or days. Quartiles are amounts that came."""

    times: Counter[int] = field(default_factory=Counter)

    @property
    def members(self) -> int:
        """Of how many there is an amount."""
        return self.times.total()

    def quartile(self, number: int) -> int:
        """The least amount that `number` quarters of the members do not exceed; 0 of nobody."""
        reached = 0
        for amount, times in sorted(self.times.items()):
            reached += times
            if 4 * reached >= number * self.members:
                return amount
        return 0

    @property
    def median(self) -> int:
        """What half of the members do not exceed."""
        return self.quartile(2)

    def within(self, least: int, below: int) -> int:
        """How many are from `least` and below `below`."""
        return sum(times for amount, times in self.times.items() if least <= amount < below)


@dataclass(slots=True)
class Missing:
    """How many lack what these rules ask together; `short` where that is an amount of credit."""

    members: int = 0
    short: Spread = field(default_factory=Spread)


@dataclass(slots=True)
class Figures:
    """The statistics. Awards and classes are ids, None where there is none.

    `credits` and `buckets` are of the members who stand `towards` the award, by award and by award
    and bucket; `days` are by earned award; `missing` is by award and the paths of rules; `reasons`
    are those of standing.py.
    """

    answers: Counter[Answer] = field(default_factory=Counter)
    awards: Counter[str | None] = field(default_factory=Counter)
    classes: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    credits: dict[str, Spread] = field(default_factory=dict)
    buckets: dict[tuple[str, str], Spread] = field(default_factory=dict)
    days: dict[str, Spread] = field(default_factory=dict)
    missing: dict[tuple[str, tuple[str, ...]], Missing] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def members(self) -> int:
        """How many decisions there are."""
        return self.answers.total()

    def add(self, one: Standing) -> None:
        """Count one decision more."""
        self.answers[one.answer] += 1
        self.awards[one.award] += 1
        if one.award is not None:
            self.classes[one.award, one.class_] += 1
        if one.award is not None and one.days is not None:
            self.days.setdefault(one.award, Spread()).times[one.days] += 1
        if one.towards is not None:
            self.credits.setdefault(one.towards, Spread()).times[one.counted] += 1
            for bucket, amount in one.buckets.items():
                self.buckets.setdefault((one.towards, bucket), Spread()).times[amount] += 1
        for each in one.lacking:
            lacking = self.missing.setdefault((each.award, each.rules), Missing())
            lacking.members += 1
            if each.short is not None:
                lacking.short.times[each.short] += 1
        self.reasons.update(one.reasons)

    def most_missing(self, award: str) -> list[tuple[tuple[str, ...], Missing]]:
        """What is missing for an award, the most often first."""
        found = [(rules, each) for (id_, rules), each in self.missing.items() if id_ == award]
        return sorted(found, key=lambda pair: (-pair[1].members, pair[0]))


def figures(standings: Iterable[Standing]) -> Figures:
    """The statistics over these decisions."""
    found = Figures()
    for each in standings:
        found.add(each)
    return found


def without_small_groups(
    groups: Mapping[str, int], *, least: int
) -> Iterator[tuple[str | None, int]]:
    """Groups of a whole with their members, so that nobody can be picked out; None names a rest.

    Groups below `least` are put into the rest, and so are the next smallest ones until the rest has
    `least` members: what was left out of a whole could otherwise be worked out. Nothing comes of a
    whole below `least`.
    """
    kept = {name: members for name, members in groups.items() if members >= least}
    rest = sum(groups.values()) - sum(kept.values())
    for name in sorted(kept, key=lambda name: kept[name]):
        if not 0 < rest < least:
            break
        rest += kept.pop(name)
    yield from kept.items()
    if rest >= least:
        yield None, rest
