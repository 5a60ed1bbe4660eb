"""What nobody can reach: awards whose rules cannot hold together, and dead alternatives.

A remark says so only where it is certain, whatever badges there are; concessions are left out.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from degree.rules.filters import ANY
from degree.rules.linting.demands import Ceiling, Demands, Floor
from degree.rules.linting.meaning import meaning_of, takes_nothing
from degree.rules.linting.remarks import Code, Remark, told
from degree.rules.programme import Dimension, Distinct, Unit
from degree.rules.requirements import AllOf, Attested, Choose, Filled, Held, Needed

COUNTED: Final = (Unit.CREDITS, Unit.BADGES)


def out_of_reach(demands: Demands) -> Iterator[Remark]:
    """Why the award can never be satisfied, and which of its alternatives can never hold."""
    for floor in demands.floors:
        reason = _unreachable(demands, floor)
        if reason:
            yield Remark(code=Code.NEVER_SATISFIED, path=floor.path, sentence=reason)
    yield from _starved(demands)
    yield from _shares(demands)
    for child in demands.award.requires.children:
        yield from _Tree(demands).remarks(child)
    for rule in demands.programme.distinct:
        if demands.award.id in rule.awards and rule.dimension is Dimension.ISSUERS:
            yield from _issuers(demands, rule)


def _unreachable(demands: Demands, floor: Floor) -> str:
    if floor.unit not in COUNTED or not floor.amount:
        return ""
    most = demands.most(floor.where, floor.unit, floor.parts)
    if most is None or most >= floor.amount:
        return ""
    needed = told(floor.amount, floor.unit)
    if not most:
        return f"It can never be satisfied: it needs {needed}, and no badge can count for it."
    able = told(most, floor.unit)
    return f"It can never be satisfied: it needs {needed}, and at most {able} can count for it."


def _starved(demands: Demands) -> Iterator[Remark]:
    """Required buckets that together need more of the same badges than may count."""
    if demands.shares:
        return
    for ceiling in demands.ceilings:
        if ceiling.part is not None or ceiling.unit not in COUNTED:
            continue
        needs = under(demands, ceiling)
        total = sum(needs.values(), Fraction(0))
        if len(needs) > 1 and total > ceiling.amount and max(needs.values()) <= ceiling.amount:
            names = " and ".join(demands.parts[number].bucket.name for number in needs)
            needed, most = told(total, ceiling.unit), told(ceiling.amount, ceiling.unit)
            sentence = (
                f"{demands.award.id} can never be satisfied: {names} together need {needed} of"
                f" badges of which at most {most} count."
            )
            yield Remark(code=Code.NEVER_SATISFIED, path=ceiling.path, sentence=sentence)


def under(demands: Demands, rule: Ceiling | Floor) -> dict[int, Fraction]:
    """What each required bucket asks for of the badges that the rule looks at, as far as known."""
    needs: dict[int, Fraction] = {}
    for floor in demands.floors:
        if len(floor.parts) == 1 and floor.parts[0] in demands.required:
            (number,) = floor.parts
            looked_at = demands.falls_under(floor, rule.where, demands.everywhere)
            if floor.unit is rule.unit and floor.amount and looked_at:
                needs[number] = max(floor.amount, needs.get(number, Fraction(0)))
    return needs


def _shares(demands: Demands) -> Iterator[Remark]:
    """Shares that contradict each other, where there must be some credit to have a share of."""
    for part in (None, *demands.required):
        parts = demands.everywhere if part is None else (part,)
        if demands.award.credits if part is None else demands.parts[part].minimum:
            floors = [
                each for each in demands.floors if each.unit is Unit.SHARE and each.parts == parts
            ]
            ceilings = [
                each for each in demands.ceilings if each.unit is Unit.SHARE and each.part == part
            ]
            yield from _contradicting(demands, parts, floors, ceilings)


def _contradicting(
    demands: Demands, parts: tuple[int, ...], floors: list[Floor], ceilings: list[Ceiling]
) -> Iterator[Remark]:
    all_ = Floor(path="", unit=Unit.SHARE, amount=Fraction(1), where=meaning_of(ANY), parts=parts)
    for number, floor in enumerate(floors):
        if demands.takes_none(floor.where, parts):
            yield _never(floor.path, "no badge that can count is of this kind")
        for other in floors[number + 1 :]:
            apart = demands.takes_none(other.where, parts) or all(
                takes_nothing(floor.where, other.where, demands.filters[n]) for n in parts
            )
            if apart and floor.amount + other.amount > 1:
                yield _never(other.path, f"with {floor.path} it asks for more than there is")
    for ceiling in ceilings:
        for floor in (*floors, all_):
            covered = demands.falls_under(floor, ceiling.where, parts)
            if covered and floor.amount > ceiling.amount:
                what = f"{floor.path} asks for more" if floor.path else "it takes in every badge"
                yield _never(ceiling.path, what)
                break


def _never(path: str, why: str) -> Remark:
    sentence = f"It can never be satisfied: {why}."
    return Remark(code=Code.NEVER_SATISFIED, path=path, sentence=sentence)


class _Tree:
    """Looks through what an award requires for alternatives that can never hold."""

    def __init__(self, demands: Demands) -> None:
        self._demands = demands
        self._numbers = {part.bucket.name: n for n, part in enumerate(demands.parts)}

    def remarks(self, node: Needed) -> Iterator[Remark]:
        """Of a node that must hold; its leaves are among the floors."""
        if isinstance(node, AllOf):
            for child in node.children:
                yield from self.remarks(child)
        elif isinstance(node, Choose):
            dead = [child for child in node.children if self._dead(child)]
            able = len(node.children) - len(dead)
            if able < node.at_least:
                why = f"{node.at_least} of it must hold, and {able} can"
                yield _never(node.path, why)
            else:
                for child in dead:
                    sentence = "This alternative can never hold."
                    yield Remark(code=Code.DEAD_BRANCH, path=child.path, sentence=sentence)

    def _dead(self, node: Needed) -> bool:
        match node:
            case Filled():
                floors = self._demands.of_bucket(self._numbers[node.bucket])
                return any(_unreachable(self._demands, floor) for floor in floors)
            case Held():
                return bool(_unreachable(self._demands, self._demands.of_badge(node)))
            case Attested():
                return False
            case AllOf():
                return any(self._dead(child) for child in node.children)
            case Choose():
                able = sum(not self._dead(child) for child in node.children)
                return able < node.at_least


def _issuers(demands: Demands, rule: Distinct) -> Iterator[Remark]:
    trusted = len(demands.programme.gate.issuers)
    who = "one issuer is" if trusted == 1 else f"{trusted} issuers are"
    if rule.at_least > trusted:
        yield _never(rule.path, f"{rule.at_least} issuers are needed, and {who} trusted")
    if rule.max_share is not None and rule.max_share * trusted < 1 and demands.award.credits:
        yield _never(f"{rule.path}.max_share_each", f"only {who} trusted")
    if rule.max_credits is not None and rule.max_credits * trusted < demands.award.credits:
        yield _never(f"{rule.path}.max_credits_each", f"only {who} trusted")


def asks_more(demands: Demands) -> Iterator[Remark]:
    """Rules that ask for more credit than the award says that it is of."""
    award = demands.award
    whole = told(award.credits, Unit.CREDITS)
    found = False
    for floor in demands.floors:
        if floor.unit is Unit.CREDITS and floor.amount > award.credits:
            found = True
            asked = told(floor.amount, floor.unit)
            sentence = f"It asks for {asked}, more than the {whole} of {award.id} in all."
            yield Remark(code=Code.ASKS_MORE, path=floor.path, sentence=sentence)
    total = sum(demands.parts[number].minimum for number in demands.required)
    if total > award.credits and not found and not demands.shares:
        asked = told(total, Unit.CREDITS)
        sentence = f"The required buckets ask for {asked} together, more than {whole}."
        yield Remark(code=Code.ASKS_MORE, path=f"{award.path}.credits", sentence=sentence)
