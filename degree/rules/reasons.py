"""Why not: what an award still needs, and why a record is not counted, in words and numbers."""

from collections.abc import Iterable

from degree.rules.exact import credits_text
from degree.rules.explain import Shortfall
from degree.rules.gate import SetAside
from degree.rules.problem import Problem
from degree.rules.relaxation import Cut, Relaxation
from degree.rules.requirements import OPEN, OUT, Placed, spoken


def shortfalls(problem: Problem) -> tuple[Shortfall, ...]:
    """What no placing can fill, each with its proof; empty when splitting badges would do.

    First each part alone, then parts that compete for the same badges, then the whole award and
    its levels, all by amounts of credit; only when these suffice, by the sizes of whole badges.
    """
    nothing_placed = [OPEN] * len(problem.records)
    found = [cut for part in range(len(problem.award.parts)) for cut in _alone(problem, part)]
    relaxation = Relaxation(problem, nothing_placed, whole=False)
    for cut in relaxation.cuts():
        singly = sum(alone.short for alone in found if set(alone.parts) <= set(cut.parts))
        if cut.short > singly:
            found.append(cut)
    if relaxation.fill_award() > relaxation.short_of_parts:
        found += [cut for cut in relaxation.cuts() if cut.award]
    named = [_by_credit(problem, cut) for cut in found]
    for floor in problem.floors:
        if floor.level:
            named += _at_level(problem, nothing_placed, floor.level)
    if not named:
        whole = Relaxation(problem, nothing_placed)
        whole.fill_award()
        named = [_by_size(problem, cut) for cut in whole.cuts()]
    return tuple(named)


def _alone(problem: Problem, part: int) -> list[Cut]:
    return Relaxation(problem, [OPEN] * len(problem.records), only=part, whole=False).cuts()


def left_out(problem: Problem, placed: Placed, *, otherwise: str) -> tuple[SetAside, ...]:
    """The reason for each record that fits the award but is not counted: the rule in its way, or
    else `otherwise`."""
    aside = []
    for item, place in enumerate(placed):
        if place == OUT:
            rule, reason = _in_the_way(problem, placed, item) or (problem.award.path, otherwise)
            record = problem.records[item].id
            aside.append(SetAside(record=record, rule=rule, reason=reason))
    return tuple(aside)


def _at_level(problem: Problem, placed: list[int], level: int) -> list[Shortfall]:
    relaxation = Relaxation(problem, placed, level=level, whole=False)
    relaxation.fill_award()
    return [_by_credit(problem, cut, level=level) for cut in relaxation.cuts()]


def _by_credit(problem: Problem, cut: Cut, *, level: int = 0) -> Shortfall:
    could = cut.needed - cut.short
    who, verb = _who(problem, cut)
    which = f" at level {level} or above" if level else ""
    limits = f" ({'; '.join(cap.says for cap in cut.limits)})" if cut.limits else ""
    sentence = (
        f"{who} {verb} {credits_text(cut.needed)} credits{which}; all that could count comes to "
        f"{credits_text(could)}{limits}: earn at least {credits_text(cut.short)} more."
    )
    return _shortfall(problem, cut, sentence, level=level, at_least=cut.short)


def _by_size(problem: Problem, cut: Cut) -> Shortfall:
    could = cut.needed - cut.short
    who, verb = _who(problem, cut)
    sentence = (
        f"A badge counts whole and in one place only. In whole badges {who} {verb} at least "
        f"{credits_text(cut.needed)} credits; all that could count comes to "
        f"{credits_text(could)}: another badge is needed."
    )
    return _shortfall(problem, cut, sentence, level=0, at_least=0)


def _shortfall(
    problem: Problem, cut: Cut, sentence: str, *, level: int, at_least: int
) -> Shortfall:
    award = problem.award
    paths = [award.parts[part].path for part in cut.parts]
    if level:
        paths = [f"{award.path}.min_at_level.{level}"]
    elif cut.award:
        paths.insert(0, f"{award.path}.credits")
    return Shortfall(
        requirements=tuple(paths),
        needed=cut.needed,
        could_count=cut.needed - cut.short,
        at_least=at_least,
        candidates=tuple(problem.records[item].id for item in sorted(cut.items)),
        limits=tuple(cap.path for cap in cut.limits),
        sentence=sentence[0].upper() + sentence[1:],
    )


def _who(problem: Problem, cut: Cut) -> tuple[str, str]:
    if cut.award:
        return f"the {problem.award.id}", "needs in all"
    names = [spoken(problem.award.parts[part].bucket.name) for part in cut.parts]
    return (names[0], "needs") if len(names) == 1 else (_listed(names), "together need")


def _listed(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _in_the_way(problem: Problem, placed: Placed, item: int) -> tuple[str, str] | None:
    obstacles = [_obstacle(problem, placed, item, home) for home in problem.homes[item]]
    return obstacles[0] if all(obstacles) else None


def _obstacle(problem: Problem, placed: Placed, item: int, home: int) -> tuple[str, str] | None:
    """The rule that keeps the item out of this part beside all that is counted, in words."""
    for number, amount in problem.burdens[item][home]:
        cap = problem.ceilings[number]
        if cap.counted(placed) + amount > cap.amount:
            return cap.path, f"{cap.says}, and these are used up"
    trial = list(placed)
    trial[item] = home
    for order in problem.orders:
        if not order.possible(trial):
            return order.path, order.finding(trial).reason
    return None
