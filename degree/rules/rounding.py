"""From a split flow to whole badges: place what fits, and see whether it is enough.

A rounding can find a placing; that it finds none says nothing.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from degree.rules.desk import Desk
from degree.rules.rows import OUT, Placing, Problem
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
    """Begin with all that fits, then let shares be balanced."""
    if not problem.effects.shares:
        return None
    tally = Tally(problem, fullest(problem, {}))
    places = {record: problem.singles[record].values() for record in problem.able}
    return thrifty(problem, tally) if _balances(tally, places) else None


def _balances(tally: Tally, places: Mapping[int, Collection[int]]) -> bool:
    """Whether all is kept once one badge more goes, or comes to one of its places, at a time:
    whichever leaves shares to lack least, though it may be more than before. None moves twice."""
    left = dict(places) if tally.lack() else {}
    for _ in range(_MOST_MOVES):
        move = min(_moves(tally, left), default=None)
        if move is None:
            return False
        lack, record, taken = move
        tally.move(record, taken)
        del left[record]
        if not lack:
            return tally.keeps()
    return False


def _moves(tally: Tally, places: Mapping[int, Collection[int]]) -> Iterator[tuple[int, int, int]]:
    """What shares would lack if a record moved, the record, and where to."""
    for record, able in places.items():
        for taken in able if tally.placed[record] == OUT else (OUT,):
            lack = tally.lack_with(record, taken)
            if lack is not None:
                yield lack, record, taken


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
    _give_back(problem, tally, Tally.keeps)
    placed = tuple(tally.placed)
    if not problem.effects.shares or _counted(problem, placed) <= problem.award.credits:
        return placed
    # Each that a share holds back alone may go together with others: begin with as little as
    # would do without shares, and balance that.
    _give_back(problem, tally, _keeps_but_shares)
    places = {record: (taken,) for record, taken in enumerate(placed) if taken != OUT}
    if tally.keeps() or _balances(tally, places):
        _give_back(problem, tally, Tally.keeps)
        placed = min(placed, tuple(tally.placed), key=lambda each: _counted(problem, each))
    return placed


def _give_back(problem: Problem, tally: Tally, keeps: Callable[[Tally], bool]) -> None:
    for record in reversed(problem.able):
        taken = tally.placed[record]
        if taken != OUT:
            tally.move(record, OUT)
            if not keeps(tally):
                tally.move(record, taken)


def _keeps_but_shares(tally: Tally) -> bool:
    effects = tally.problem.effects
    return tally.has(effects.alone & ~effects.shares) and not tally.breaks(0, effects.chosen)


def _counted(problem: Problem, placed: Placing) -> int:
    return sum(problem.credits[record] for record in problem.able if placed[record] != OUT)
