"""Answers the question for one award exactly, or says that it could not.

# (1) rows that ask for more than there is, (2) whole badges by the scarcest bucket first, (3) the
# flow bound, (4) the flow rounded to whole badges, (5) all that fits, balanced until shares are
# kept: plain Python, and enough for most wallets.
# (6) HiGHS: a cut of the linear relaxation, (7) its split badges repaired to whole ones, (8) a
# search for whole badges, (9) a tree of cuts where it found none.
An answer is never guessed: a placing keeps every row, and a "no" carries its proof.
"""

from dataclasses import dataclass
from typing import Final

from degree.rules import highs
from degree.rules.bounding import FlowBound, plain_cuts
from degree.rules.branches import Branch, Tree, leaves
from degree.rules.cuts import Cut
from degree.rules.proving import MOST_LEAVES, Prover
from degree.rules.repairing import repaired
from degree.rules.rounding import balanced, rounded, thrifty
from degree.rules.rows import Problem
from degree.rules.tally import Tally

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
    """A placing that is found without a search; that there is none says nothing."""
    plain = _plainly(problem)
    if plain is not None:
        return plain.placed if isinstance(plain, Found) else None
    prover = Prover(problem)
    root = prover.root()
    if root is None or isinstance(root, Cut):
        return None
    values = repaired(prover.columns, root)
    if values is None:
        return None
    tally = Tally(problem, prover.columns.placing(values))
    return thrifty(problem, tally) if tally.keeps() else None


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
    placed = rounded(problem, bound.sent())
    if placed is None:
        placed = balanced(problem)
    return Found(placed) if placed is not None else None


def _by_solver(problem: Problem) -> Solution:
    ended = _decided(problem, MOST_LEAVES)
    if ended is None:
        return GaveUp()
    if isinstance(ended, Cut | Branch):
        return _least(problem, ended)
    tally = Tally(problem, ended)
    return Found(thrifty(problem, tally)) if tally.keeps() else GaveUp()


def _decided(problem: Problem, most_leaves: int) -> tuple[int, ...] | Tree | None:
    """A placing as far as the solver can tell, or the proof that there is none."""
    prover = Prover(problem)
    root = prover.root()
    if root is None or isinstance(root, Cut):
        return root
    columns = prover.columns
    values = repaired(columns, root)
    if values is not None:
        return columns.placing(values)
    whole = highs.search(columns)
    if whole.ended is highs.Ended.FOUND:
        return columns.placing(whole.values)
    return prover.tree(most_leaves) if whole.ended is highs.Ended.IMPOSSIBLE else None


def _least(problem: Problem, tree: Tree) -> Impossible:
    """The proof with as few rules as it takes: each is left out on trial, and stays out where that
    is proved too."""
    if isinstance(tree, Cut):
        return Impossible((tree,))
    for path in _paths(problem, tree):
        kept = _paths(problem, tree)
        if path in kept:
            kept.remove(path)
            smaller = _decided(problem.keeping(kept), _MOST_LEAVES_AGAIN)
            if isinstance(smaller, Cut | Branch):
                tree = smaller
    if isinstance(tree, Cut):
        return Impossible((tree,))
    return Impossible(tree=tree, conflict=tuple(sorted(_paths(problem, tree))))


def _paths(problem: Problem, tree: Tree) -> list[str]:
    """The paths of the rules that a proof uses, in the order of the rules."""
    used = {name for leaf in leaves(tree) for name in leaf.rows}
    return list(dict.fromkeys(row.path for row in problem.rows if row.name in used))
