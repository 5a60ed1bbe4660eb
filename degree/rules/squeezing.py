"""How little a largest share lets count, where that is what an award fails by.

It is worked out anew from the rows, by the engine itself: a proof by cases tells only which rules
it used.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from degree.rules.branches import leaves
from degree.rules.cuts import rounded_bound
from degree.rules.rows import Counts, Problem, Row
from degree.rules.solving import Impossible, solve

_MOST_BADGES: Final = 60  # each question takes longer with more, and a reader waits for a dozen


@dataclass(frozen=True, slots=True, kw_only=True)
class Squeeze:
    """Within `share` for each label of a rule at most `most` tenths of credit can count, and the
    `parts`, rows with what they take in whole badges, need `needed` together. `labels` are those
    that are behind too much of any more."""

    rule: str
    share: Fraction
    most: int
    needed: int
    parts: tuple[tuple[Row, int], ...]
    labels: tuple[str, ...]


def squeeze(problem: Problem, paths: Collection[str]) -> Squeeze | None:
    """What the one share among these rules leaves, if that is less than the award's credit, or than
    these buckets take."""
    if len(problem.able) > _MOST_BADGES:
        return None
    shares = [row for row in problem.rows if row.path in paths and row.path.endswith("_share_each")]
    whole = [row for row in problem.rows if row.path == f"{problem.award.path}.credits"]
    if len({(row.path, _share(row)) for row in shares}) != 1 or not whole:
        return None
    buckets = {part.path for part in problem.award.parts} & set(paths)
    asked = [row for row in problem.rows if row.name in buckets and row.counts is Counts.CREDITS]
    parts = [(row, rounded_bound(problem, row)) for row in asked if row.plain and row.asks]
    if any(len(option) > 1 for options in problem.options for option in options):
        parts = []  # a badge that counts twice is not twice in the whole
    for needing in ([(whole[0], whole[0].bound)], parts):
        needed = sum(amount for _, amount in needing)
        found = _most(problem, shares[0].path, whole[0], below=needed)
        if found is not None:
            most, proof = found
            return Squeeze(
                rule=shares[0].path,
                share=_share(shares[0]),
                most=most,
                needed=needed,
                parts=tuple(needing),
                labels=_labels(shares, proof),
            )
    return None


def _share(row: Row) -> Fraction:
    part, whole = row.terms
    return Fraction(-whole.times, part.times)


def _labels(shares: Iterable[Row], proof: Impossible) -> tuple[str, ...]:
    """Those whose shares a proof uses, the one behind most credit first."""
    cuts = (*proof.cuts, *(leaves(proof.tree) if proof.tree else ()))
    used = {name for cut in cuts for name in cut.rows}
    there = [row for row in shares if row.name in used]
    there.sort(key=lambda row: (-sum(row.terms[0].amounts.values()), row.name))
    return tuple(row.name.partition("=")[2] for row in there)


def _most(problem: Problem, path: str, whole: Row, *, below: int) -> tuple[int, Impossible] | None:
    """The most credit that can count by the shares alone, if it is proved to be below an amount,
    with the proof that no more can."""
    alone = problem.keeping([path])

    def refusal(amount: int) -> Impossible | None:
        rows = (*alone.rows, whole._replace(bound=amount))
        solution = solve(replace(alone, rows=rows))
        return solution if isinstance(solution, Impossible) else None

    proof = refusal(below) if below else None
    if proof is None:
        return None
    sums = {0}
    for record in problem.able:
        sums |= {each + problem.credits[record] for each in sums}
    smaller = sorted(each for each in sums if each < below)
    low, high = 0, len(smaller)  # the first can be had, and what lies behind the last cannot
    while high - low > 1:
        middle = (low + high) // 2
        refused = refusal(smaller[middle])
        low, high = (low, middle) if refused else (middle, high)
        proof = refused or proof
    return smaller[low], proof
