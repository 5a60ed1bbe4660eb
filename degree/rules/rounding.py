"""From a split flow to whole badges: place what fits, and see whether it is enough.

A rounding can find a placing; that it finds none says nothing.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from degree.rules.desk import Desk
from degree.rules.rows import OUT, Problem
from degree.rules.tally import Tally

_MOST_MOVES: Final = 30  # to balance shares; most wallets that can be balanced take a dozen


def rounded(problem: Problem, sent: dict[int, dict[int, int]]) -> tuple[int, ...] | None:
    """Begin with what flows (or with nothing), fill the buckets, then count one badge more at a
    time until it is enough, then all that fits without those that weigh too much; the thriftiest
    that is enough."""
    desk = Desk(problem)
    desk.follow(sent)
    desk.mend_buckets()
    if desk.tally.keeps():
        return thrifty(problem, desk.tally)
    for _ in desk.count_the_rest():
        if desk.tally.keeps():
            return thrifty(problem, desk.tally)
    desk.mend_buckets()
    desk.relieve()
    return thrifty(problem, desk.tally) if desk.tally.keeps() else None


def balanced(problem: Problem) -> tuple[int, ...] | None:
    """Begin with all that fits, then let one badge more go or come at a time: whichever leaves
    shares to lack least, though it may be more than before. None moves twice."""
    if not problem.effects.shares:
        return None
    tally = Tally(problem, fullest(problem, {}))
    left = list(problem.able) if tally.lack() else []
    for _ in range(_MOST_MOVES):
        move = min(_moves(problem, tally, left), default=None)
        if move is None:
            return None
        lack, record, taken = move
        tally.move(record, taken)
        left.remove(record)
        if not lack:
            return thrifty(problem, tally) if tally.keeps() else None
    return None


def _moves(
    problem: Problem, tally: Tally, records: Iterable[int]
) -> Iterator[tuple[int, int, int]]:
    """What shares would lack if a record moved, the record, and where to."""
    for record in records:
        before = tally.placed[record]
        for taken in problem.singles[record].values() if before == OUT else (OUT,):
            tally.move(record, taken)
            lack = tally.lack()
            if lack is not None:
                yield lack, record, taken
        tally.move(record, before)


def fullest(problem: Problem, sent: dict[int, dict[int, int]]) -> tuple[int, ...]:
    """As much as can be counted side by side, to show how far a member has come."""
    desk = Desk(problem)
    desk.follow(sent)
    for _ in desk.count_the_rest():
        pass
    desk.mend_buckets()
    return tuple(desk.tally.placed)


def thrifty(problem: Problem, tally: Tally) -> tuple[int, ...]:
    """Give back what is not needed, the newest first: it stays free for another award."""
    for record in reversed(problem.able):
        taken = tally.placed[record]
        if taken != OUT:
            tally.move(record, OUT)
            if not tally.keeps():
                tally.move(record, taken)
    return tuple(tally.placed)
