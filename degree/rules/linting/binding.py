"""Rules that never bind: whatever badges there are, another rule has decided before."""

from collections.abc import Iterator
from fractions import Fraction

from degree.rules.linting.demands import Demands, Floor
from degree.rules.linting.reach import COUNTED, under
from degree.rules.linting.remarks import Code, Remark
from degree.rules.programme import Unit


def never_binding(demands: Demands) -> Iterator[Remark]:
    """The ceilings and floors of an award that never bind, by their paths in the award."""
    yield from _ceilings(demands)
    yield from _floors(demands)


def _remark(path: str, sentence: str) -> Remark:
    return Remark(code=Code.NEVER_BINDS, path=path, sentence=f"It never binds: {sentence}.")


def _ceilings(demands: Demands) -> Iterator[Remark]:
    idle: set[str] = set()  # what never binds is no reason why another does not
    for ceiling in demands.ceilings:
        parts = demands.everywhere if ceiling.part is None else (ceiling.part,)
        if demands.takes_none(ceiling.where, parts):
            idle.add(ceiling.path)
            yield _remark(ceiling.path, "no badge that can count is of this kind")
        elif ceiling.unit in COUNTED:
            idle.add(ceiling.path)
            most = demands.most(ceiling.where, ceiling.unit, parts, without=idle)
            if most is not None and most <= ceiling.amount:
                yield _remark(ceiling.path, "other rules allow no more")
            else:
                idle.remove(ceiling.path)


def _floors(demands: Demands) -> Iterator[Remark]:
    # The credits of an award and of its buckets mostly come to the same, and are said all the same.
    whole = f"{demands.award.path}.credits"
    buckets = {part.path for part in demands.parts}
    idle: set[int] = set()  # by their places: a bucket's min and its first badge have one path
    for number, floor in enumerate(demands.floors):
        if floor.implied or floor.path == whole or (floor.path in buckets and not floor.amount):
            continue
        others = [each for n, each in enumerate(demands.floors) if n not in idle]
        if floor.path in buckets:
            others = [each for each in others if each.path != whole and each.amount > floor.amount]
        reason = _idle(demands, floor, others)
        if reason:
            idle.add(number)
            yield _remark(floor.path, reason)


def _idle(demands: Demands, floor: Floor, others: list[Floor]) -> str:
    if not floor.amount:
        return "it asks for nothing"
    if floor.unit is Unit.SHARE:
        all_ = demands.takes_all(floor.where, floor.parts)
        return "every badge that can count is of this kind" if all_ else ""
    for other in others:
        if other is floor or other.unit is not floor.unit:
            continue
        covered = demands.falls_under(other, floor.where, floor.parts)
        if covered and other.amount >= floor.amount:
            return f"{other.path} asks for as much"
    if len(floor.parts) > 1 and not demands.shares:
        needs = under(demands, floor)
        if sum(needs.values(), Fraction(0)) >= floor.amount:
            names = " and ".join(demands.parts[number].bucket.name for number in needs)
            return f"{names} ask for as much"
    return ""
