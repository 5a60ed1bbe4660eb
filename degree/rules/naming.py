"""Placings and proofs with names instead of numbers."""

from degree.rules.branches import Tree
from degree.rules.cuts import Cut
from degree.rules.explain import Cases, NamedSplit, Placement, Proof
from degree.rules.rows import Option, Placing, Problem
from degree.rules.solving import Impossible


def placements_of(problem: Problem, placed: Placing) -> tuple[Placement, ...]:
    """A placing with names, in the order of records' ids."""
    placements = [
        Placement(
            record=record.id,
            buckets=_names(problem, problem.options[number][taken]),
        )
        for number, (record, taken) in enumerate(zip(problem.records, placed, strict=True))
        if taken >= 0
    ]
    return tuple(sorted(placements, key=lambda placement: placement.record))


def proof_of(problem: Problem, found: Impossible) -> Proof:
    """The proof that an award cannot be had."""
    cases = _named(problem, found.tree) if found.tree else None
    return Proof(cuts=found.cuts, cases=cases, conflict=found.conflict)


def _named(problem: Problem, tree: Tree) -> Cases | Cut:
    """The tree with names instead of numbers."""
    if isinstance(tree, Cut):
        return tree
    split = tree.split
    if split.choice is not None:
        named = NamedSplit(choice=problem.choices[split.choice])
    else:
        named = NamedSplit(
            records=tuple(problem.records[number].id for number in split.records),
            buckets=_names(problem, split.option),
            at_most=split.at_most,
        )
    return Cases(split=named, low=_named(problem, tree.low), high=_named(problem, tree.high))


def _names(problem: Problem, option: Option) -> tuple[str, ...]:
    return tuple(sorted(problem.award.parts[bucket].bucket.name for bucket in option))
