"""How near a member has come to an award that is refused: a placing that keeps every rule but those
that are in the way, so that a reader sees these broken and no others. It proves nothing.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice, product
from typing import Final

from degree.rules.bounding import FlowBound
from degree.rules.cuts import cut
from degree.rules.explain import Proof
from degree.rules.rounding import fullest
from degree.rules.rows import OUT, Counts, Placing, Problem, Row
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
    of little is soon too large. Where it is short whatever else is kept, as much is to count as
    fits side by side. Where years were missed, nothing is near.
    """
    proofs = [proof] if proof and not proof.years else []
    sets: list[frozenset[str]] = []
    while 0 < len(proofs) <= _MOST_PROOFS:
        sets = list(islice(_in_the_way(problem, proofs), _MOST_TRIED))
        if near := _best(
            problem, proofs, [(each, _lowered(problem, each, proofs)) for each in sets]
        ):
            return near
        further = solve(_lowered(problem, sets[0], proofs)) if sets else GaveUp()
        if not isinstance(further, Impossible):
            break
        restated = _restated(problem, further)
        if _told(restated) <= {told for each in proofs for told in _told(each)}:
            break
        proofs.append(restated)
    left = [(each, _left(problem, each)) for each in sets]
    return _best(problem, proofs, left) or _with_less(problem, proofs)


def _with_less(problem: Problem, proofs: Sequence[Proof]) -> Nearest | None:
    """The nearest of those that count as much as fits, where a cut is about nothing else."""
    own = f"{problem.award.path}.credits"
    sets = list(islice(_in_the_way(problem, proofs, less=True), _MOST_TRIED))
    if not any(own in each for each in sets):
        return None
    placed = as_much_as_fits(problem)
    wrong = {problem.rows[number].path for number in Tally(problem, placed).broken()}
    if any(wrong <= each for each in sets):
        return Nearest(placed=placed, further=tuple(proofs[1:]))
    counted = sum(problem.credits[record] for record in problem.able if placed[record] != OUT)
    ways = []
    for each in sets:
        question = _lowered(problem, each - {own}, proofs)
        rows = [
            row._replace(bound=min(row.bound, counted)) if row.path == own else row
            for row in question.rows
        ]
        ways.append((each, replace(question, rows=tuple(rows))))
    return _best(problem, proofs, ways)


def _best(
    problem: Problem, proofs: Sequence[Proof], ways: Iterable[tuple[Collection[str], Problem]]
) -> Nearest | None:
    """The nearest of the placings that are at hand where these rules are broken."""
    placings = []
    for broken, question in ways:
        placed = at_hand(question)
        if placed is not None:
            rows = [n for n in problem.binding if problem.rows[n].path not in broken]
            placings.append(settled(problem, placed, keeping=rows))
    if not placings:
        return None
    placed = min(placings, key=lambda placing: _missing(problem, placing))
    return Nearest(placed=placed, further=tuple(proofs[1:]))


def _told(proof: Proof) -> set[frozenset[str]]:
    """The sets of rules that a proof is about."""
    return {frozenset(each.rows) for each in proof.cuts} | {frozenset(proof.conflict)}


def as_much_as_fits(problem: Problem) -> Placing:
    """What counts side by side within the limits, whichever other rules are kept."""
    # The others play no part, and to weigh badges for them would take most of the time.
    problem = replace(problem, rows=tuple(row for row in problem.rows if row.plain))
    placed = fullest(problem, FlowBound(problem).sent())
    return settled(problem, placed, keeping=problem.ceilings)


def _in_the_way(
    problem: Problem, proofs: Iterable[Proof], *, less: bool = False
) -> Iterator[frozenset[str]]:
    """The paths of rules without which the proofs fall: one that each cut asks for, and one of each
    conflict, but never the award's own credit; with `less` that too where nothing else is asked.
    Credit comes first, since it can be earned."""
    asking = [row for row in problem.rows if row.asks]
    amounts = {row.path for row in asking if _is_amount(row)}
    # A proof that counts what is pending may know rows that are not here.
    ways = [
        {row.path for row in asking if row.name in each.rows}
        for proof in proofs
        for each in proof.cuts
    ]
    ways += [set(proof.conflict) for proof in proofs if proof.conflict]
    own = {f"{problem.award.path}.credits"}
    ways = [paths - own or (paths if less else set()) for paths in ways]
    ranked = [sorted(paths, key=lambda path: (path not in amounts, path)) for paths in ways]
    yield from dict.fromkeys(map(frozenset, product(*ranked)))


def _lowered(problem: Problem, broken: Collection[str], proofs: Iterable[Proof]) -> Problem:
    """The question without these rules; those whose credit a cut is about still ask for as much as
    there could be beside the others."""
    most: dict[str, int] = {}
    for each in (each for proof in proofs for each in proof.cuts):
        asking = [row for row in problem.rows if row.name in each.rows and row.asks]
        lower = [row for row in asking if row.path in broken]
        if len(lower) == 1 and all(_is_amount(row) and each.rows[row.name] == 1 for row in asking):
            others = sum(row.bound for row in asking) - lower[0].bound
            known = most.get(lower[0].name, lower[0].bound)
            most[lower[0].name] = max(0, min(known, each.could_count - others))
    rows = [
        row._replace(bound=most[row.name]) if row.path in broken else row
        for row in problem.rows
        if row.path not in broken or row.name in most
    ]
    return replace(problem, rows=tuple(rows))


def _restated(problem: Problem, further: Impossible) -> Proof:
    """What was found of a question that asks for less, of the one that was asked; to be told, not
    recorded, since the cases of a conflict are left out."""
    rows = {row.name: row for row in problem.rows}
    cuts = [
        cut(problem, [(rows[name], times) for name, times in each.rows.items()], whole=each.whole)
        for each in further.cuts
    ]
    return Proof(cuts=tuple(each for each in cuts if each), conflict=further.conflict)


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
