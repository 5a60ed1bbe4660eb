"""Answers the question for one award exactly, or says that it could not.

# (1) rows that ask for more than there is, (2) whole badges by the scarcest bucket first, (3) the
# flow bound, (4) the flow rounded to whole badges or, where shares are asked, all that fits
# balanced until they are kept: plain Python, and enough for most wallets.
# (5) HiGHS: a cut of the linear relaxation, (6) its split badges repaired to whole ones, (7) all
# cases, where they are few (before the repair, where badges are few), (8) a search for whole
# badges, (9) a tree of cuts where it found none.
An answer is never guessed: a placing keeps every row, and a "no" carries its proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from degree.rules import highs
from degree.rules.bounding import FlowBound, plain_cuts
from degree.rules.branches import Branch, Tree, leaves
from degree.rules.columns import Columns
from degree.rules.cuts import Cut
from degree.rules.exhausting import exhausted
from degree.rules.proving import Prover
from degree.rules.repairing import repaired
from degree.rules.rounding import balanced, rounded, thrifty
from degree.rules.rows import Problem
from degree.rules.tally import Tally

# All cases of so many are gone through as soon as a repair is tried, and end it either way.
_FEW_BADGES: Final = 20
# Of a proof by fewer rules than the first; few that are found take more.
_MOST_LEAVES_AGAIN: Final = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A placing that keeps every row."""

    placed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Impossible:
    """No placing keeps every row: each of the cuts proves it, or the tree of cases does.

    `conflict` are the paths of the rules that the tree uses, none of which can be left out as far
    as the search can tell.
    """

    cuts: tuple[Cut, ...] = ()
    tree: Branch | None = None
    conflict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GaveUp:
    """Neither was found within the limits."""


Solution = Found | Impossible | GaveUp


def solve(problem: Problem) -> Solution:
    """The exact answer, or GaveUp."""
    return _plainly(problem) or _by_solver(problem)


def at_hand(problem: Problem) -> tuple[int, ...] | None:
    """A placing that is found without going through cases; that there is none says nothing."""
    plain = _plainly(problem)
    if plain is not None:
        return plain.placed if isinstance(plain, Found) else None
    relaxed = _relaxed(Prover(problem))
    found = GaveUp() if relaxed is None or isinstance(relaxed, Cut) else _found(problem, relaxed)
    return found.placed if isinstance(found, Found) else None


def _plainly(problem: Problem) -> Found | Impossible | None:
    """What can be said without the solver."""
    cuts = plain_cuts(problem)
    if cuts:
        return Impossible(cuts)
    placed = rounded(problem, {})
    if placed is not None:
        return Found(placed)
    bound = FlowBound(problem)
    cuts = bound.cuts() if bound.short else ()
    if cuts:
        return Impossible(cuts)
    # Where shares are asked, what flows breaks them as well.
    placed = balanced(problem) if problem.effects.shares else rounded(problem, bound.sent())
    return Found(placed) if placed is not None else None


def _by_solver(problem: Problem) -> Solution:
    prover = Prover(problem)
    root = prover.root()
    if isinstance(root, Cut):
        return _impossible(problem, root)
    few = len(problem.able) <= _FEW_BADGES
    ended = exhausted(prover.columns) if few else None
    if ended is None and root is not None:
        ended = _repaired(prover.columns, root)
    if ended is None and not few:
        ended = exhausted(prover.columns)
    if isinstance(ended, Cut | Branch):
        return _impossible(problem, ended)
    if ended is not None:
        return _found(problem, ended)
    whole = highs.search(prover.columns)
    if whole.ended is highs.Ended.FOUND:
        return _found(problem, prover.columns.placing(whole.values))
    tree = prover.tree() if whole.ended is highs.Ended.IMPOSSIBLE else None
    return _impossible(problem, _least(problem, tree)) if tree is not None else GaveUp()


def _found(problem: Problem, placed: tuple[int, ...]) -> Found | GaveUp:
    """The placing without what it does not need, if it is one that keeps every row."""
    tally = Tally(problem, placed)
    return Found(thrifty(problem, tally)) if tally.keeps() else GaveUp()


def _impossible(problem: Problem, tree: Tree) -> Impossible:
    if isinstance(tree, Cut):
        return Impossible((tree,))
    return Impossible(tree=tree, conflict=tuple(sorted(_paths(problem, tree))))


def _relaxed(prover: Prover) -> tuple[int, ...] | Cut | None:
    """One cut, or a placing near to where badges may split, as far as the solver can tell."""
    root = prover.root()
    if root is None or isinstance(root, Cut):
        return root
    return _repaired(prover.columns, root)


def _repaired(columns: Columns, root: Sequence[float]) -> tuple[int, ...] | None:
    values = repaired(columns, root)
    return columns.placing(values) if values is not None else None


def _least(problem: Problem, tree: Tree) -> Tree:
    """The proof with as few rules as it takes: each is left out on trial, and stays out where that
    is proved too."""
    for path in _paths(problem, tree):
        kept = _paths(problem, tree)
        if path in kept:
            kept.remove(path)
            tree = _refuted(problem.keeping(kept)) or tree
    return tree


def _refuted(problem: Problem) -> Tree | None:
    """A proof of few cases."""
    prover = Prover(problem)
    relaxed = _relaxed(prover)
    if relaxed is not None:
        return relaxed if isinstance(relaxed, Cut) else None
    whole = highs.search(prover.columns)
    return prover.tree(_MOST_LEAVES_AGAIN) if whole.ended is highs.Ended.IMPOSSIBLE else None


def _paths(problem: Problem, tree: Tree) -> list[str]:
    """The paths of the rules that a proof uses, in the order of the rules."""
    used = {name for leaf in leaves(tree) for name in leaf.rows}
    return list(dict.fromkeys(row.path for row in problem.rows if row.name in used))
