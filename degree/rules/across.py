"""Requirements that look across all counted records: variety, judges' shares, order in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from degree.rules.exact import credits_text
from degree.rules.explain import Finding
from degree.rules.programme import Prerequisite
from degree.rules.records import Record
from degree.rules.requirements import OPEN, Placed, spoken


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """At least so many different labels (circles, judges) among the counted items."""

    path: str
    labels: tuple[frozenset[str], ...]
    at_least: int
    ids: tuple[str, ...]
    noun: str
    fewer_helps: bool = False

    def possible(self, placed: Placed) -> bool:
        return len(self._labels(placed, lowest=OPEN)) >= self.at_least

    def _labels(self, placed: Placed, *, lowest: int) -> frozenset[str]:
        return frozenset().union(
            *(labels for labels, place in zip(self.labels, placed, strict=True) if place >= lowest)
        )

    def finding(self, placed: Placed) -> Finding:
        labels = self._labels(placed, lowest=0)
        reason = f"{len(labels)} of {self.at_least} different {self.noun}"
        return Finding(rule=self.path, met=len(labels) >= self.at_least, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """At least so many contexts, each with so much counted credit."""

    path: str
    contexts: tuple[frozenset[str], ...]
    credits: tuple[int, ...]
    at_least: int
    each: int
    fewer_helps: bool = False

    def possible(self, placed: Placed) -> bool:
        return len(self._rich(self._sums(placed, lowest=OPEN))) >= self.at_least

    def _sums(self, placed: Placed, *, lowest: int) -> dict[str, int]:
        sums: dict[str, int] = {}
        for contexts, amount, place in zip(self.contexts, self.credits, placed, strict=True):
            if place >= lowest:
                for context in contexts:
                    sums[context] = sums.get(context, 0) + amount
        return sums

    def _rich(self, sums: dict[str, int]) -> list[str]:
        return sorted(context for context, amount in sums.items() if amount >= self.each)

    def finding(self, placed: Placed) -> Finding:
        sums = self._sums(placed, lowest=0)
        rich = self._rich(sums)
        each = credits_text(self.each)
        reason = f"{len(rich)} of {self.at_least} contexts with {each} credits or more"
        if sums:
            reason += ": " + ", ".join(
                f"{context} {credits_text(amount)}" for context, amount in sorted(sums.items())
            )
        return Finding(rule=self.path, met=len(rich) >= self.at_least, reason=reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """No judge stands behind more than `most` of the counted credit.

    `judged` gives the items of each judge. `heavy` are the judges whose items could exceed the
    share of the credit that the award asks for; nobody else can break the rule.
    """

    path: str
    judged: dict[str, tuple[int, ...]]
    heavy: tuple[str, ...]
    credits: tuple[int, ...]
    most: Fraction
    ids: tuple[str, ...]
    fewer_helps: bool = True

    def possible(self, placed: Placed) -> bool:
        """Whether each judge's share can be small enough, if the judge's open items are left out
        and all others are counted."""
        if not self.heavy:
            return True
        counted = [0 if place < 0 else amount for amount, place in self._pairs(placed)]
        open_ = [amount if place == OPEN else 0 for amount, place in self._pairs(placed)]
        most = sum(counted) + sum(open_)
        for judge in self.heavy:
            items = self.judged[judge]
            theirs = sum([counted[item] for item in items])
            others = most - sum([open_[item] for item in items])
            if theirs * self.most.denominator > self.most.numerator * others:
                return False
        return True

    def heaviest(self, placed: Placed) -> tuple[str, int]:
        """The judge behind the most counted credit, and how much that is."""
        counted = [0 if place < 0 else amount for amount, place in self._pairs(placed)]
        loads = [
            (sum([counted[item] for item in items]), judge) for judge, items in self.judged.items()
        ]
        amount, judge = max(loads, default=(0, ""))
        return judge, amount

    def finding(self, placed: Placed) -> Finding:
        judge, theirs = self.heaviest(placed)
        total = sum([amount for amount, place in self._pairs(placed) if place >= 0])
        met = theirs * self.most.denominator <= self.most.numerator * total
        reason = (
            f"no judge may stand behind more than {_percent(self.most)} of the counted credit; "
            f"the most is {credits_text(theirs)} of {credits_text(total)} credits"
        )
        if met:
            return Finding(rule=self.path, met=True, reason=reason)
        used = tuple(self.ids[item] for item in self.judged[judge] if placed[item] >= 0)
        return Finding(rule=self.path, met=False, reason=f"{reason} ({judge})", used=used)

    def _pairs(self, placed: Placed) -> Iterable[tuple[int, int]]:
        return zip(self.credits, placed, strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class InOrder:
    """Whatever fills the part `before` ended before whatever fills `after`."""

    prerequisite: Prerequisite
    records: tuple[Record, ...]
    before: int
    after: int
    fewer_helps: bool = True

    @property
    def path(self) -> str:
        return self.prerequisite.path

    def possible(self, placed: Placed) -> bool:
        return not self._out_of_order(placed)

    def _out_of_order(self, placed: Placed) -> list[str]:
        earlier = [self.records[item] for item, part in enumerate(placed) if part == self.before]
        later = [self.records[item] for item, part in enumerate(placed) if part == self.after]
        return [
            record.id
            for record in later
            if not all(self.prerequisite.in_order(first, record) for first in earlier)
        ]

    def finding(self, placed: Placed) -> Finding:
        wrong = self._out_of_order(placed)
        before = spoken(self.prerequisite.before)
        after = spoken(self.prerequisite.after)
        reason = (
            f"{before} is finished before {after}"
            if not wrong
            else (f"{before} was not finished before {after}")
        )
        return Finding(rule=self.path, met=not wrong, reason=reason, used=tuple(wrong))


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g} %"
