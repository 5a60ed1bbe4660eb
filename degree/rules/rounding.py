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
    desk.relieve()
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
    """Give back what is not needed, the newest first: it stays free for another award.

    What all floors can spare is given back at once where the other rows allow it, else in halves.
    """
    kept = list(full)
    waiting = [[record for record in reversed(problem.able) if kept[record] != OUT]]
    while waiting:
        chunk = waiting.pop()
        spared = _spared(problem, kept, chunk)
        trial = [OUT if record in spared else taken for record, taken in enumerate(kept)]
        if next(problem.broken(trial, rows=problem.mixed), None) is None:
            kept = trial
        elif len(chunk) > 1:
            half = len(chunk) // 2
            waiting += (chunk[half:], chunk[:half])
    return tuple(kept)


def _spared(problem: Problem, kept: list[int], chunk: list[int]) -> frozenset[int]:
    """Those of the chunk that no floor needs, one after the other."""
    filling, spared = problem.filling(kept), set()
    spare = [filling.sum(row) - row.bound for row in problem.floors]
    for record in chunk:
        option = problem.options[record][kept[record]]
        left = [
            rest - row.of(record, option) for rest, row in zip(spare, problem.floors, strict=True)
        ]
        if min(left, default=0) >= 0:
            spare = left
            spared.add(record)
    return frozenset(spared)
