"""A proof by cases: a case is split in two until a cut closes it (docs/decision-record.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from degree.rules.cuts import Cut
from degree.rules.rows import Row, Term

DEEPEST: Final = 200  # splits on one way down a tree, which is read and written by recursion

# Of rows in the cuts of one proof, and of records in its splits, together: above a megabyte, which
# whoever checks it reads in some seconds.
MOST_NAMES: Final = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Of these records at most so many take the option with just these buckets, or count at all
    where it names none, or more do; or a choice is not made, or is."""

    records: tuple[int, ...] = ()
    option: tuple[int, ...] = ()
    at_most: int = 0
    choice: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """A case split in two, each proved."""

    split: Split
    low: "Tree"
    high: "Tree"


Tree = Cut | Branch


def leaves(tree: Tree) -> Iterator[Cut]:
    """Every cut in the tree."""
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        if isinstance(each, Cut):
            yield each
        else:
            waiting += (each.high, each.low)


def split_row(split: Split, depth: int, *, high: bool) -> Row:
    """The row that one side of a split adds."""
    name = f"split {depth}"
    bound = split.at_most + 1 if high else split.at_most
    if split.choice is not None:
        return Row(name=name, path="", asks=high, bound=bound, choices={split.choice: 1})
    if not split.option:
        terms = (Term(None, dict.fromkeys(split.records, 1)),)
        return Row(name=name, path="", asks=high, bound=bound, terms=terms)
    exactly = dict.fromkeys(split.records, split.option)
    return Row(name=name, path="", asks=high, bound=bound, exactly=exactly)
