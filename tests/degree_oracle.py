"""The independent judge of small cases: it tries every placing, shares no code with the engine."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from degree_judging import OracleAnswer, judged
from degree_questions import Question
from degree_reading import Json, exactly, holds_for, tenths, years_after
from degree_sets import Numbers, Rules, Truths


def best(programme: Json, wallet: Json, today: date) -> OracleAnswer:
    """The whole answer, for wallets of about 12 badges."""
    return best_of([programme], wallet, today)


def best_of(programmes: Sequence[Json], wallet: Json, today: date) -> OracleAnswer:
    """The whole answer on several versions of one programme."""
    return judged(programmes, wallet, today, lambda question: Placings(question).any_keeps)


class Placings:
    """Every placing of the badges: which set is counted, which is in each bucket, which in two.

    Of the placings only those are looked at further whose counted badges keep the award's rules.
    """

    def __init__(self, question: Question) -> None:
        self.question, self.rules = question, Rules(question)
        self.programme, self.granted = question.programme, question.granted
        names = list(question.minima)
        self.counted: Numbers = np.zeros(1, dtype=np.int64)
        self.twice = self.counted
        self.inside = dict.fromkeys(names, self.counted)
        for number, ways in enumerate(question.ways):
            bit, some = 1 << number, [(), *ways]
            self.counted = _each(self.counted, [bit if way else 0 for way in some])
            self.twice = _each(self.twice, [bit if len(way) == 2 else 0 for way in some])
            for name in names:
                inside = [bit if name in way else 0 for way in some]
                self.inside[name] = _each(self.inside[name], inside)
        self._keep_only(self.rules.counted()[self.counted])
        self._keep_only(self._shares())
        for name in names:
            self._keep_only(self.rules.allowed(name)[self.inside[name]])
        for rule in self.programme.get("prerequisites", ()):
            if "before" in rule and {rule["before"], rule["after"]} <= set(names):
                self._keep_only(self._in_order(rule))
        self.fills = {name: self.rules.filled(name)[self.inside[name]] for name in names}
        unknown = sum(1 << n for n, badge in enumerate(question.badges) if badge.pending)
        self.known = self.counted & unknown == 0

    def any_keeps(self, class_: Json | None, *, pending: bool) -> bool:
        """Whether any placing keeps all rules of the award, and of the class."""
        keeps = self._required(pending=pending)
        if not pending:
            keeps = keeps & self.known
        if class_ is not None and keeps.any():
            keeps = keeps & self._class(class_)
        return bool(keeps.any())

    def _keep_only(self, keeps: Truths) -> None:
        self.counted, self.twice = self.counted[keeps], self.twice[keeps]
        self.inside = {name: sets[keeps] for name, sets in self.inside.items()}

    def _all(self) -> Truths:
        return np.ones(len(self.counted), dtype=np.bool_)

    def _shares(self) -> Truths:
        rule, sets, keeps = self.programme.get("sharing", {}), self.rules.sets, self._all()
        if "max_badges" in rule:
            row = "sharing.max_badges"
            most = self.granted.number(row, rule["max_badges"])
            keeps &= self.rules.kept(row, sets.count(lambda badge: True) <= most)[self.twice]
        if "max_credits" in rule:
            row = "sharing.max_credits"
            most = self.rules.credit(row, rule["max_credits"])
            keeps &= self.rules.kept(row, sets.credits() <= most)[self.twice]
        return keeps

    def _in_order(self, rule: Json) -> Truths:
        """Whether the last of the one bucket is in time for the first of the other."""
        row = f"prerequisites.{rule['before']}-before-{rule['after']}"
        if not holds_for(rule, self.question.award) or self.granted.leave_out(row):
            return self._all()
        before, after = self.inside[rule["before"]], self.inside[rule["after"]]
        sets, ended = self.rules.sets, lambda badge: badge.end
        of_later = (lambda b: b.start) if rule.get("finished") == "before_start" else ended
        keeps = sets.latest(ended)[before] <= sets.earliest(of_later)[after]
        if "lapses_after_years" in rule:
            lapses = sets.earliest(lambda b: years_after(b.end, rule["lapses_after_years"]))
            keeps &= lapses[before] >= sets.latest(of_later)[after]
        return keeps

    # What the award requires.

    def _required(self, *, pending: bool) -> Truths:
        award, path = self.question.award, f"{self.question.path}.requires"
        tree = award.get("requires", {"all_of": list(self.fills)})
        keeps = self._node(tree, path, pending=pending)
        mandatory = [n for n in self.fills if self.programme["buckets"][n].get("mandatory")]
        for name in (*mandatory, *_always(tree)):
            keeps = keeps & self.fills[name]
        return keeps

    def _node(self, node: str | Json, path: str, *, pending: bool) -> Truths:
        if isinstance(node, str):
            return self.fills[node]
        if self.granted.leave_out(path):
            return self._all()
        if "badge" in node:
            held = self.rules.sets.count(lambda badge: badge.code == node["badge"])
            return held[self.counted] > 0
        if "attested" in node:
            good = {"yes", "pending"} if pending else {"yes"}
            return self._all() & (self.question.attested[node["attested"]] in good)
        key = "of" if "choose" in node else next(iter(node))
        some = [
            self._node(child, f"{path}.{key}[{n}]", pending=pending)
            for n, child in enumerate(node[key])
        ]
        asked = {"all_of": len(some), "any_of": 1, "of": node.get("choose", 0)}[key]
        return np.sum(some, axis=0) >= asked

    # What a class asks.

    def _class(self, class_: Json) -> Truths:
        rule, path = self.programme["classification"], f"classification.{class_['id']}"
        least = max(1, self.rules.credit(f"{path}.graded", rule.get("graded_at_least", 0)))
        graded = self.rules.sets.credits(self.rules.graded)
        keeps = self.rules.kept(f"{path}.graded", graded >= least)[self.counted]
        keeps = keeps & self._criteria(class_, path)
        if class_.get("first_attempts"):
            resits = self.rules.sets.count(lambda badge: not badge.first_attempt)
            keeps &= self.rules.kept(f"{path}.first_attempts", resits == 0)[self.counted]
        if self._above_the_cap(class_):
            condoned = self.rules.sets.count(self.rules.failed)
            keeps &= self.rules.kept(f"{path}.uncondoned", condoned == 0)[self.counted]
        if "any_of" in class_ and not self.granted.leave_out(f"{path}.any_of"):
            some = [
                self._criteria(alternative, f"{path}.any_of[{n}]")
                for n, alternative in enumerate(class_["any_of"])
            ]
            keeps &= np.any(some, axis=0)
        return keeps

    def _above_the_cap(self, class_: Json) -> bool:
        if "condonement" not in self.programme:
            return False
        ids = [some["id"] for some in self.programme["classification"]["classes"]]
        cap = self.programme["condonement"].get("cap_class", "pass")
        return cap == "pass" or ids.index(class_["id"]) < ids.index(cap)

    def _criteria(self, asked: Json, path: str) -> Truths:
        """What a class or one of its alternatives says of marks."""
        sets, graded, keeps = self.rules.sets, self.rules.graded, self._all()
        if "mean" in asked:
            row = f"{path}.mean"
            keeps &= self.rules.kept(row, self._mean(row, asked["mean"]))[self.counted]
        for bucket, mean in asked.get("bucket_means", {}).items():
            inside = self.inside.get(bucket, np.zeros_like(self.counted))
            row = f"{path}.graded.{bucket}"
            keeps &= self.rules.kept(row, sets.count(graded) > 0)[inside]
            row = f"{path}.bucket_means.{bucket}"
            keeps &= self.rules.kept(row, self._mean(row, mean))[inside]
        for mark, amount in asked.get("credits_at", {}).items():
            row, at = f"{path}.credits_at.{mark}", self._graded_at(mark)
            keeps &= self.rules.kept(row, at >= self.rules.credit(row, amount))[self.counted]
        for mark, least in asked.get("share_at", {}).items():
            row, at = f"{path}.share_at.{mark}", self._graded_at(mark)
            share = self.granted.share(row, exactly(least))
            enough = at * share.denominator >= sets.credits(graded) * share.numerator
            keeps &= self.rules.kept(row, enough)[self.counted]
        return keeps

    def _mean(self, row: str, stated: object) -> Truths:
        half_up = self.programme["classification"].get("mean_rounding") == "half_up"
        mean = self.granted.tenths(row, tenths(stated)) - (5 if half_up else 0)
        return self.rules.above(mean) >= 0

    def _graded_at(self, mark: str) -> Numbers:
        return self.rules.sets.credits(
            lambda b: self.rules.graded(b) and (b.mark or 0) >= tenths(mark)
        )


def _each(placings: Numbers, bits: Sequence[int]) -> Numbers:
    """The placings of some badges, each with every way of one more."""
    return np.concatenate([placings + bit for bit in bits])


def _always(node: str | Json) -> list[str]:
    """The buckets that are required whatever is chosen."""
    if isinstance(node, str):
        return [node]
    return [name for child in node.get("all_of", ()) for name in _always(child)]
