"""A question as a whole number programme: a variable, 0 or 1, for each way of each badge.

What is asked only under a condition has a variable for the condition. docs/degree.md is read here a
second time: nothing is shared with degree_oracle.py but what is said of single badges.
"""

from collections.abc import Callable, Collection, Iterator, Mapping

from degree_model import Model, Terms, added, times
from degree_questions import Question
from degree_reading import Badge, Json, credit, exactly, holds_for, labels, takes, years_after


class Programming:
    """One question as a model, without what is said of marks."""

    def __init__(self, asked: Question, *, pending: bool) -> None:
        self.asked, self.programme, self.award = asked, asked.programme, asked.award
        self.granted, self.pending, self.model = asked.granted, pending, Model()
        self.ways = {
            badge.id: {way: self.model.variable() for way in ways}
            for badge, ways in zip(asked.badges, asked.ways, strict=True)
        }
        for badge in asked.badges:
            allowed = 1 if pending or not badge.pending else 0
            self.model.at_most(self.counted(badge), allowed)
        self._award()
        self.filled = {name: self.model.variable() for name in asked.minima}
        for name in asked.minima:
            self._bucket(name)
        self._requirements()
        self._distinct()
        self._pairs()
        self._sharing()

    def place(self, placings: Mapping[str, Collection[str]]) -> bool:
        """Lets nothing but these placings be; whether there are such ways at all."""
        for badge in self.asked.badges:
            taken = set(placings.get(badge.id, ()))
            for way, variable in self.ways[badge.id].items():
                if set(way) == taken:
                    self.model.at_least({variable: 1}, 1)
                else:
                    self.model.at_most({variable: 1}, 0)
        known = {badge.id: [set(way) for way in self.ways[badge.id]] for badge in self.asked.badges}
        return all(set(taken) in known.get(record, ()) for record, taken in placings.items())

    def counted(self, badge: Badge) -> Terms:
        return dict.fromkeys(self.ways[badge.id].values(), 1)

    def inside(self, badge: Badge, bucket: str) -> Terms:
        return {variable: 1 for way, variable in self.ways[badge.id].items() if bucket in way}

    def total(self, weight: Callable[[Badge], int], bucket: str | None = None) -> Terms:
        """The sum of weights over what is counted, or over what is in a bucket."""
        where = self.counted if bucket is None else lambda badge: self.inside(badge, bucket)
        return added(*(times(weight(badge), where(badge)) for badge in self.asked.badges))

    def credits(self, among: Callable[[Badge], bool], bucket: str | None = None) -> Terms:
        return self.total(lambda badge: badge.credits * among(badge), bucket)

    def amount(self, row: str, stated: object) -> int:
        return self.granted.tenths(row, credit(self.programme, stated))

    def holds(self, row: str) -> bool:
        return not self.granted.leave_out(row)

    def _award(self) -> None:
        award, path = self.award, self.asked.path
        if self.holds(row := f"{path}.credits"):
            self.model.at_least(self.credits(anyone), self.amount(row, award["credits"]))
        for level, amount in award.get("min_at_level", {}).items():
            if self.holds(row := f"{path}.min_at_level.{level}"):
                high = self.credits(lambda b, n=int(level): b.level >= n)
                self.model.at_least(high, self.amount(row, amount))
        caps = {"rpl_cap": lambda b: b.rpl, "reuse_cap": lambda b: b.used}
        for cap, among in caps.items():
            if cap in award and self.holds(row := f"{path}.{cap}"):
                self.model.at_most(self.credits(among), self.amount(row, award[cap]))
        for terms, least in self._bounds(path, award, "at_least"):
            self.model.at_least(terms, least)
        for terms, most in (*self._below(path, award), *self._bounds(path, award, "at_most")):
            self.model.at_most(terms, most)

    def _below(
        self, path: str, rule: Json, bucket: str | None = None
    ) -> Iterator[tuple[Terms, int]]:
        for level, amount in rule.get("max_below_level", {}).items():
            row = f"{path}.max_below_level.{level}"
            if not self.granted.leave_out(row, limit_of=path):
                low = self.credits(lambda b, n=int(level): b.level <= n, bucket)
                yield low, self.amount(row, amount)

    def _bounds(
        self, path: str, rule: Json, side: str, bucket: str | None = None
    ) -> Iterator[tuple[Terms, int]]:
        """What is compared, and with what."""
        spared = path if bucket is not None and side == "at_most" else ""
        for bound in rule.get(side, ()):
            row = f"{path}.{side}.{bound['id']}"
            if self.granted.leave_out(row, limit_of=spared):
                continue
            among = lambda badge, where=bound["where"]: takes(where, badge)  # noqa: E731
            if "badges" in bound:
                number = self.granted.number(row, bound["badges"])
                yield self.total(lambda b, a=among: int(a(b)), bucket), number
            elif "credits" in bound:
                yield self.credits(among, bucket), self.amount(row, bound["credits"])
            else:
                share = self.granted.share(row, exactly(bound["share"]))
                part = times(share.denominator, self.credits(among, bucket))
                yield added(part, times(-share.numerator, self.credits(anyone, bucket))), 0

    def _bucket(self, name: str) -> None:
        """The limits of a bucket, and what it asks for where its variable is 1."""
        path, rule = f"{self.asked.path}.buckets.{name}", self.programme["buckets"][name]
        limits = [*self._below(path, rule, name), *self._bounds(path, rule, "at_most", name)]
        row = f"{path}.max_badges"
        if "max_badges" in rule and not self.granted.leave_out(row, limit_of=path):
            number = self.granted.number(row, rule["max_badges"])
            limits.append((self.total(lambda badge: 1, name), number))
        row = f"{path}.max_credits"
        if "max_credits" in rule and not self.granted.leave_out(row, limit_of=path):
            limits.append((self.credits(anyone, name), self.amount(row, rule["max_credits"])))
        for terms, most in limits:
            self.model.at_most(terms, most)
        asks = [*self._bounds(path, rule, "at_least", name)]
        if self.holds(path):
            asks.append((self.credits(anyone, name), self.asked.minima[name]))
        if "min_badges" in rule and self.holds(row := f"{path}.min_badges"):
            number = self.granted.number(row, rule["min_badges"])
            asks.append((self.total(lambda badge: 1, name), number))
        for terms, least in asks:
            self.model.when(self.filled[name], terms, least)

    def _requirements(self) -> None:
        tree = self.award.get("requires", {"all_of": list(self.filled)})
        sure = [n for n in self.filled if self.programme["buckets"][n].get("mandatory")]
        everywhere, todo = [], [tree]
        while todo:  # whatever stands below all_of alone is required in any case
            node = todo.pop()
            if isinstance(node, str):
                everywhere.append(node)
            else:
                todo.extend(node.get("all_of", ()))
        for name in {*sure, *everywhere}:
            self.model.at_least({self.filled[name]: 1}, 1)
        self.model.at_least({self._node(tree, f"{self.asked.path}.requires"): 1}, 1)

    def _node(self, node: str | Json, path: str) -> int:
        """A variable that may be 1 only where the node holds."""
        if isinstance(node, str):
            return self.filled[node]
        holds = self.model.variable()
        if not self.holds(path):
            return holds
        if "badge" in node:
            held = self.total(lambda badge: int(badge.code == node["badge"]))
            self.model.when(holds, held, 1)
        elif "attested" in node:
            word = self.asked.attested[node["attested"]]
            if word == "no" or (word == "pending" and not self.pending):
                self.model.at_most({holds: 1}, 0)
        else:
            key = next(key for key in ("all_of", "any_of", "of") if key in node)
            places = [f"{path}.{key}[{number}]" for number in range(len(node[key]))]
            children = [self._node(c, p) for c, p in zip(node[key], places, strict=True)]
            number = {"all_of": len(children), "any_of": 1, "of": node.get("choose")}[key]
            self.model.when(holds, added(*({child: 1} for child in children)), number)
        return holds

    def _distinct(self) -> None:
        for dimension, rule in self.programme.get("distinct", {}).items():
            if holds_for(rule, self.award):
                self._variety(f"distinct.{dimension}", dimension, rule)

    def _variety(self, path: str, dimension: str, rule: Json) -> None:
        of = {b.id: labels(dimension, b, self.asked.holder) for b in self.asked.badges}
        standing: Terms = {}
        for label in sorted(frozenset().union(*of.values())):
            behind = lambda badge, x=label: x in of[badge.id]  # noqa: E731
            stands = self.model.variable()
            standing[stands] = 1
            if self.holds(f"{path}={label}"):
                if "min_credits_each" in rule:
                    least = credit(self.programme, rule["min_credits_each"])
                    self.model.when(stands, self.credits(behind), least)
                else:
                    self.model.when(stands, self.total(behind), 1)
            row = f"{path}.max_share_each={label}"
            if "max_share_each" in rule and self.holds(row):
                share = self.granted.share(row, exactly(rule["max_share_each"]))
                part = times(share.denominator, self.credits(behind))
                whole = times(share.numerator, self.credits(anyone))
                self.model.at_most(added(part, times(-1, whole)), 0)
            row = f"{path}.max_credits_each={label}"
            if "max_credits_each" in rule and self.holds(row):
                most = self.amount(row, rule["max_credits_each"])
                self.model.at_most(self.credits(behind), most)
        if "at_least" in rule and self.holds(path):
            self.model.at_least(standing, self.granted.number(path, rule["at_least"]))

    def _pairs(self) -> None:
        for rule in self.programme.get("exclusions", ()):
            listed = {"one_of": rule} if isinstance(rule, list) else rule
            codes = {name.removeprefix("badge:") for name in listed["one_of"]}
            row = f"exclusions.{'+'.join(sorted(codes))}"
            if holds_for(listed, self.award) and self.holds(row):
                self.model.at_most(self.total(lambda b, c=codes: int(b.code in c)), 1)
        for rule in self.programme.get("prerequisites", ()):
            if not holds_for(rule, self.award):
                continue
            if "before" in rule:
                self._before(rule)
            else:
                self._needs(rule)

    def _before(self, rule: Json) -> None:
        before, after = rule["before"], rule["after"]
        if not self.holds(f"prerequisites.{before}-before-{after}"):
            return
        for first in self.asked.badges:
            for later in self.asked.badges:
                if not in_time(rule, first, later):
                    both = added(self.inside(first, before), self.inside(later, after))
                    self.model.at_most(both, 1)

    def _needs(self, rule: Json) -> None:
        path = f"prerequisites.{rule['badge']}-needs-{rule['needs']}"
        for badge in self.asked.badges:
            if badge.code == rule["badge"] and self.holds(f"{path}={badge.id}"):
                helps = self.total(
                    lambda b, x=badge: int(b.code == rule["needs"] and in_time(rule, b, x))
                )
                self.model.at_least(added(helps, times(-1, self.counted(badge))), 0)

    def _sharing(self) -> None:
        rule = self.programme.get("sharing", {})
        ways = [(badge, *way) for badge in self.asked.badges for way in self.ways[badge.id].items()]
        shared = [(badge, variable) for badge, way, variable in ways if len(way) == 2]
        if "max_badges" in rule and self.holds(row := "sharing.max_badges"):
            most = self.granted.number(row, rule["max_badges"])
            self.model.at_most({variable: 1 for _, variable in shared}, most)
        if "max_credits" in rule and self.holds(row := "sharing.max_credits"):
            credits_ = {variable: badge.credits for badge, variable in shared}
            self.model.at_most(credits_, self.amount(row, rule["max_credits"]))


def anyone(badge: Badge) -> bool:
    return True


def in_time(rule: Json, first: Badge, later: Badge) -> bool:
    """Whether the one ended when the other began or ended, or before, and not too long before."""
    by = {"before_start": later.start, "before_end": later.end}[rule.get("finished", "before_end")]
    if "lapses_after_years" in rule and by > years_after(first.end, rule["lapses_after_years"]):
        return False
    return first.end <= by
