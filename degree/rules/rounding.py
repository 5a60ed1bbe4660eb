"""From a split flow to whole badges: place what fits, and see whether it is enough.

A rounding can find a placing; that it finds none says nothing.
"""

from degree.rules.desk import Desk
from degree.rules.rows import OUT, Problem


def rounded(problem: Problem, sent: dict[int, dict[int, int]]) -> tuple[int, ...] | None:
    """Try what the flow uses alone, then everything that fits; the thriftiest that is enough."""
    desk = Desk(problem)
    desk.follow(sent)
    desk.mend_buckets()
    lean = desk.placing()
    if holds(problem, lean):
        return thrifty(problem, lean)
    desk.count_the_rest()
    desk.mend_buckets()
    full = desk.placing()
    if holds(problem, full):
        return thrifty(problem, full)
    desk.relieve(problem.mixed)
    relieved = desk.placing()
    return thrifty(problem, relieved) if holds(problem, relieved) else None


def fullest(problem: Problem, sent: dict[int, dict[int, int]]) -> tuple[int, ...]:
    """As much as can be counted side by side, to show how far a member has come."""
    desk = Desk(problem)
    desk.follow(sent)
    desk.count_the_rest()
    desk.mend_buckets()
    return desk.placing()


def holds(problem: Problem, placed: tuple[int, ...]) -> bool:
    """Whether the placing breaks no row."""
    return next(problem.broken(placed), None) is None


def thrifty(problem: Problem, full: tuple[int, ...]) -> tuple[int, ...]:
    """Give back what is not needed, the newest first: it stays free for another award."""
    kept = list(full)
    filling = problem.filling(kept)
    spare = [filling.sum(row) - row.bound for row in problem.floors]
    for record in reversed(problem.able):
        if kept[record] == OUT:
            continue
        option = problem.options[record][kept[record]]
        left = [
            rest - row.of(record, option) for rest, row in zip(spare, problem.floors, strict=True)
        ]
        if min(left, default=0) < 0:
            continue
        before, kept[record] = kept[record], OUT
        if next(problem.broken(kept, rows=problem.mixed), None) is None:
            spare = left
        else:
            kept[record] = before
    return tuple(kept)
