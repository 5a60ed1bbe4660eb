"""How near a member has come to an award that is refused: a placing that keeps every rule but those
that are in the way, so that a reader sees these broken and no others. It proves nothing.
"""

from collections.abc import Collection, Iterator
from fractions import Fraction
from itertools import islice, product
from typing import Final

from degree.rules.bounding import FlowBound
from degree.rules.explain import Proof
from degree.rules.rounding import fullest
from degree.rules.rows import Counts, Placing, Problem, Row
from degree.rules.settling import settled
from degree.rules.solving import Found, solve
from degree.rules.tally import Tally

_MOST_TRIED: Final = 6  # sets of rules; a reader waits while each is left out on trial


def nearest(problem: Problem, proof: Proof | None) -> Placing | None:
    """Such a placing, the one of those found in which least credit is missing or too much.

    The award's own credit is never left out: for a member who has just begun that would show
    nothing at all, since a share of little is soon too large.
    """
    placings = [
        placing
        for broken in islice(_in_the_way(problem, proof), _MOST_TRIED)
        if f"{problem.award.path}.credits" not in broken
        and (placing := _without(problem, broken)) is not None
    ]
    return min(placings, key=lambda placing: _missing(problem, placing), default=None)


def as_much_as_fits(problem: Problem) -> Placing:
    """What counts side by side within the limits, whichever other rules are kept."""
    placed = fullest(problem, FlowBound(problem).sent())
    return settled(problem, placed, keeping=problem.ceilings)


def _in_the_way(problem: Problem, proof: Proof | None) -> Iterator[frozenset[str]]:
    """The paths of rules without which the proof falls: one that each cut asks for, or one of those
    in conflict. Credit comes first, since it can be earned."""
    if proof is None:
        return
    asking = [row for row in problem.rows if row.asks]
    amounts = {row.path for row in asking if _is_amount(row)}
    # A proof that counts what is pending may know rows that are not here.
    ways = [{row.path for row in asking if row.name in cut.rows} for cut in proof.cuts]
    ways += [set(proof.conflict)] if proof.conflict else []
    ranked = [sorted(paths, key=lambda path: (path not in amounts, path)) for paths in ways]
    yield from map(frozenset, product(*ranked))


def _without(problem: Problem, broken: Collection[str]) -> Placing | None:
    """A placing that keeps all rules but these, and comes as near to them as it can be brought."""
    kept = {row.path for row in problem.rows} - set(broken)
    found = solve(problem.keeping(kept))
    if not isinstance(found, Found):
        return None
    rows = [number for number in problem.binding if problem.rows[number].path in kept]
    return settled(problem, found.placed, keeping=rows)


def _missing(problem: Problem, placed: Placing) -> tuple[int, Fraction]:
    """How many rows are broken that are about no credit, and by how much credit the others are."""
    tally, others, lacking = Tally(problem, placed), 0, Fraction(0)
    for number in tally.broken():
        row = problem.rows[number]
        if _is_amount(row) or row.ratio:
            unit = abs(row.terms[0].times) if row.ratio else 1
            lacking += Fraction(abs(row.bound - tally.sum(number)), unit)
        else:
            others += 1
    return others, lacking


def _is_amount(row: Row) -> bool:
    """Whether it asks for credit in any case."""
    return row.asks and row.plain and row.counts is Counts.CREDITS
