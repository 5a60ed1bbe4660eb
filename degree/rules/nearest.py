"""How near a member has come to an award that is refused: a placing that keeps every rule but those
that are in the way, so that a reader sees these broken and no others. It proves nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from typing import Final

from degree.rules.bounding import FlowBound
from degree.rules.explain import Proof
from degree.rules.naming import proof_of
from degree.rules.rounding import fullest
from degree.rules.rows import Counts, Placing, Problem, Row
from degree.rules.settling import settled
from degree.rules.solving import GaveUp, Impossible, at_hand, solve
from degree.rules.tally import Tally

_MOST_TRIED: Final = 4  # sets of rules; a reader waits while each is left out on trial
_MOST_PROOFS: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """Such a placing, and the proofs that stand in the way beside the one of the answer."""

    placed: Placing
    further: tuple[Proof, ...]


def nearest(problem: Problem, proof: Proof | None) -> Nearest | None:
    """The placing, of those found, in which least credit is missing or too much.

    Where the rest cannot be kept either, what proves that is in the way too. The award's own credit
    is never left out: for a member who has just begun that would show nothing at all, since a share
    of little is soon too large. Where years were missed, nothing is near.
    """
    proofs = [proof] if proof and not proof.years else []
    while 0 < len(proofs) <= _MOST_PROOFS:
        sets = [
            broken
            for broken in islice(_in_the_way(problem, proofs), _MOST_TRIED)
            if f"{problem.award.path}.credits" not in broken
        ]
        placings = [each for broken in sets for each in _without(problem, broken, proofs)]
        if placings:
            placed = min(placings, key=lambda placing: _missing(problem, placing))
            return Nearest(placed=placed, further=tuple(proofs[1:]))
        further = solve(_left(problem, sets[0])) if sets else GaveUp()
        if not isinstance(further, Impossible):
            break
        proofs.append(proof_of(problem, further))
    return None


def as_much_as_fits(problem: Problem) -> Placing:
    """What counts side by side within the limits, whichever other rules are kept."""
    placed = fullest(problem, FlowBound(problem).sent())
    return settled(problem, placed, keeping=problem.ceilings)


def _in_the_way(problem: Problem, proofs: Iterable[Proof]) -> Iterator[frozenset[str]]:
    """The paths of rules without which the proofs fall: one that each cut asks for, and one of each
    conflict. Credit comes first, since it can be earned."""
    asking = [row for row in problem.rows if row.asks]
    amounts = {row.path for row in asking if _is_amount(row)}
    # A proof that counts what is pending may know rows that are not here.
    ways = [
        {row.path for row in asking if row.name in cut.rows}
        for proof in proofs
        for cut in proof.cuts
    ]
    ways += [set(proof.conflict) for proof in proofs if proof.conflict]
    ranked = [sorted(paths, key=lambda path: (path not in amounts, path)) for paths in ways]
    yield from map(frozenset, product(*ranked))


def _without(
    problem: Problem, broken: Collection[str], proofs: Iterable[Proof]
) -> Iterator[Placing]:
    """A placing without these rules, if one is at hand. Those that one cut closes alone ask for as
    much as there could be, if that can be had."""
    cuts = [cut for proof in proofs for cut in proof.cuts if list(cut.rows.values()) == [1]]
    most = {name: cut.could_count for cut in cuts for name in cut.rows}
    left = _left(problem, broken)
    lower = [
        row._replace(bound=most[row.name])
        for row in problem.rows
        if row.path in broken and row.name in most
    ]
    placed = at_hand(replace(left, rows=(*lower, *left.rows))) if lower else None
    placed = placed or at_hand(left)
    if placed is not None:
        rows = [n for n in problem.binding if problem.rows[n].path not in broken]
        yield settled(problem, placed, keeping=rows)


def _left(problem: Problem, broken: Collection[str]) -> Problem:
    return problem.keeping({row.path for row in problem.rows}.difference(broken))


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
