"""What the rules of an award say of sets of badges, written down for every set there is.

A set of badges is a whole number, badge i being in it when bit i is 1. The rules are those of
docs/degree.md, read as they stand there; paths are those of docs/decision-record.md.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import numpy as np
from degree_questions import Question
from degree_reading import (
    Badge,
    Json,
    credit,
    exactly,
    failed,
    holds_for,
    labels,
    takes,
    tenths,
    years_after,
)

Numbers = np.ndarray[Any, np.dtype[np.int64]]
Truths = np.ndarray[Any, np.dtype[np.bool_]]


class Sets:
    """Every set of some badges; tables are indexed by the set's number."""

    def __init__(self, badges: Sequence[Badge]) -> None:
        self.badges = badges

    def total(self, amount: Callable[[Badge], int]) -> Numbers:
        """For each set the sum of the amounts of its badges."""
        table = np.zeros(1, dtype=np.int64)
        for badge in self.badges:
            table = np.concatenate([table, table + amount(badge)])
        return table

    def count(self, among: Callable[[Badge], bool]) -> Numbers:
        return self.total(lambda badge: int(among(badge)))

    def credits(self, among: Callable[[Badge], bool] = lambda badge: True) -> Numbers:
        return self.total(lambda badge: badge.credits if among(badge) else 0)

    def latest(self, day: Callable[[Badge], date]) -> Numbers:
        return self._most(lambda badge: day(badge).toordinal(), -1)

    def earliest(self, day: Callable[[Badge], date]) -> Numbers:
        return -self._most(lambda badge: -day(badge).toordinal(), -(10**9))

    def _most(self, value: Callable[[Badge], int], of_none: int) -> Numbers:
        table = np.full(1, of_none, dtype=np.int64)
        for badge in self.badges:
            table = np.concatenate([table, np.maximum(table, value(badge))])
        return table


class Rules:
    """What an award says of sets of badges: a table for the counted, and some for each bucket."""

    def __init__(self, question: Question) -> None:
        self.question, self.programme, self.award = question, question.programme, question.award
        self.granted, self.path = question.granted, question.path
        self.sets = Sets(question.badges)

    def kept(self, row: str, keeps: Truths, *, limit_of: str = "") -> Truths:
        """The table of a rule, or all true if it is waived."""
        return keeps | self.granted.leave_out(row, limit_of=limit_of)

    def credit(self, row: str, stated: Any) -> int:
        return self.granted.tenths(row, credit(self.programme, stated))

    def counted(self) -> Truths:
        """What the award asks of all counted badges."""
        keeps = np.ones(2 ** len(self.sets.badges), dtype=np.bool_)
        for rules in (self._amounts(), self._distinct(), self._pairs(), self._condoned()):
            for row, keeps_it in rules:
                keeps &= self.kept(row, keeps_it)
        return keeps

    def _amounts(self) -> Iterator[tuple[str, Truths]]:
        award, path, total = self.award, self.path, self.sets.credits
        yield f"{path}.credits", total() >= self.credit(f"{path}.credits", award["credits"])
        for level, amount in award.get("min_at_level", {}).items():
            row, lowest = f"{path}.min_at_level.{level}", int(level)
            yield row, total(lambda b, n=lowest: b.level >= n) >= self.credit(row, amount)
        yield from self._below(path, award)
        for cap, among in (("rpl_cap", lambda b: b.rpl), ("reuse_cap", lambda b: b.used)):
            if cap in award:
                row = f"{path}.{cap}"
                yield row, total(among) <= self.credit(row, award[cap])
        yield from self.bounds(path, award, "at_least")
        yield from self.bounds(path, award, "at_most")

    def _below(self, path: str, rule: Json) -> Iterator[tuple[str, Truths]]:
        for level, amount in rule.get("max_below_level", {}).items():
            row, highest = f"{path}.max_below_level.{level}", int(level)
            below = self.sets.credits(lambda b, n=highest: b.level <= n)
            yield row, below <= self.credit(row, amount)

    def bounds(self, path: str, rule: Json, side: str) -> Iterator[tuple[str, Truths]]:
        for bound in rule.get(side, ()):
            row = f"{path}.{side}.{bound['id']}"
            among = lambda badge, where=bound["where"]: takes(where, badge)  # noqa: E731
            if "share" in bound:
                share = self.granted.share(row, exactly(bound["share"]))
                amount = self.sets.credits(among) * share.denominator
                asked: Numbers | int = self.sets.credits() * share.numerator
            elif "credits" in bound:
                amount, asked = self.sets.credits(among), self.credit(row, bound["credits"])
            else:
                amount = self.sets.count(among)
                asked = self.granted.number(row, bound["badges"])
            yield row, amount >= asked if side == "at_least" else amount <= asked

    def _distinct(self) -> Iterator[tuple[str, Truths]]:
        for dimension, rule in self.programme.get("distinct", {}).items():
            if not holds_for(rule, self.award):
                continue
            path, standing = f"distinct.{dimension}", np.zeros(1, dtype=np.int64)
            holder, badges = self.question.holder, self.sets.badges
            every = set().union(*(labels(dimension, badge, holder) for badge in badges))
            for label in sorted(every):
                behind = lambda b, d=dimension, x=label, h=holder: x in labels(d, b, h)  # noqa: E731
                amount, total = self.sets.credits(behind), self.sets.credits()
                stands = self.sets.count(behind) >= 1
                if "min_credits_each" in rule:
                    stands = amount >= credit(self.programme, rule["min_credits_each"])
                standing = standing + self.kept(f"{path}={label}", stands)
                if "max_share_each" in rule:
                    row = f"{path}.max_share_each={label}"
                    share = self.granted.share(row, exactly(rule["max_share_each"]))
                    yield row, amount * share.denominator <= total * share.numerator
                if "max_credits_each" in rule:
                    row = f"{path}.max_credits_each={label}"
                    yield row, amount <= self.credit(row, rule["max_credits_each"])
            if "at_least" in rule:
                yield path, standing >= self.granted.number(path, rule["at_least"])

    def _pairs(self) -> Iterator[tuple[str, Truths]]:
        for rule in self.programme.get("exclusions", ()):
            names = rule if isinstance(rule, list) else rule["one_of"]
            codes = sorted(name.removeprefix("badge:") for name in names)
            if isinstance(rule, list) or holds_for(rule, self.award):
                row = f"exclusions.{'+'.join(codes)}"
                twins = self.sets.count(lambda b, these=codes: b.code in these)
                yield row, twins <= 1
        for rule in self.programme.get("prerequisites", ()):
            if "badge" in rule and holds_for(rule, self.award):
                for badge in self.sets.badges:
                    if badge.code == rule["badge"]:
                        row = f"prerequisites.{rule['badge']}-needs-{rule['needs']}={badge.id}"
                        yield row, self._without(badge) | self._with_needed(rule, badge)

    def _without(self, badge: Badge) -> Truths:
        return self.sets.count(lambda b: b is badge) == 0

    def _with_needed(self, rule: Json, later: Badge) -> Truths:
        needed = [
            b for b in self.sets.badges if b.code == rule["needs"] and in_order(rule, b, later)
        ]
        return self.sets.count(lambda b: b in needed) > 0

    def _condoned(self) -> Iterator[tuple[str, Truths]]:
        rule = self.programme.get("condonement")
        if rule is None:
            return
        row = "condonement.max_credits"
        yield row, self.sets.credits(self.failed) <= self.credit(row, rule["max_credits"])
        if "mean_at_least" in rule:
            row = "condonement.mean_at_least"
            mean = self.granted.tenths(row, tenths(rule["mean_at_least"]))
            yield row, (self.sets.count(self.failed) == 0) | (self.above(mean) >= 0)

    def failed(self, badge: Badge) -> bool:
        return failed(self.programme, badge)

    def graded(self, badge: Badge) -> bool:
        rule = self.programme.get("classification", {"rpl_marks": "included"})
        return badge.mark is not None and not (badge.rpl and rule["rpl_marks"] != "included")

    def above(self, mean: int) -> Numbers:
        """At 0 or above where the mean of the graded badges is this one or better."""
        return self.sets.total(
            lambda b: b.credits * ((b.mark or 0) - mean) if self.graded(b) else 0
        )

    def allowed(self, bucket: str) -> Truths:
        """What the bucket always asks of the badges inside it."""
        path, rule = f"{self.path}.buckets.{bucket}", self.programme["buckets"][bucket]
        keeps = np.ones(2 ** len(self.sets.badges), dtype=np.bool_)
        limits = [*self._below(path, rule), *self.bounds(path, rule, "at_most")]
        if "max_badges" in rule:
            row = f"{path}.max_badges"
            most = self.granted.number(row, rule["max_badges"])
            limits.append((row, self.sets.count(lambda badge: True) <= most))
        if "max_credits" in rule:
            row = f"{path}.max_credits"
            limits.append((row, self.sets.credits() <= self.credit(row, rule["max_credits"])))
        for row, keeps_it in limits:
            keeps &= self.kept(row, keeps_it, limit_of=path)
        return keeps

    def filled(self, bucket: str) -> Truths:
        """What the bucket asks of the badges inside it where the award requires it."""
        path, rule = f"{self.path}.buckets.{bucket}", self.programme["buckets"][bucket]
        keeps = self.kept(path, self.sets.credits() >= self.question.minima[bucket])
        if "min_badges" in rule:
            row = f"{path}.min_badges"
            least = self.granted.number(row, rule["min_badges"])
            keeps = keeps & self.kept(row, self.sets.count(lambda badge: True) >= least)
        for row, keeps_it in self.bounds(path, rule, "at_least"):
            keeps = keeps & self.kept(row, keeps_it)
        return keeps


def in_order(rule: Json, first: Badge, later: Badge) -> bool:
    """Whether one badge comes in time before another, as a prerequisite understands it."""
    day = later.start if rule.get("finished") == "before_start" else later.end
    lapses = rule.get("lapses_after_years")
    return first.end <= day and (lapses is None or years_after(first.end, lapses) >= day)
