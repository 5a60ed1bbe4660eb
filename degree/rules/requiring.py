"""What an award requires beside its buckets, and what of it no placing of these badges can give.

Each leaf of the tree is looked at alone, as if all badges were free for it: what is lacking even
then is lacking whatever else is required.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from degree.rules.programme import Award
from degree.rules.requirements import AllOf, Choose, Filled, Needed
from degree.rules.rows import Problem, Row

Leaves = tuple[Needed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """Something required with the ways to have it that lack least, each as what is lacking."""

    node: Needed
    ways: tuple[Leaves, ...]


def required(award: Award) -> Iterator[Needed]:
    """What is required together, without the buckets."""
    return (node for node in _flat(award.requires) if not isinstance(node, Filled))


def lacks(problem: Problem) -> Iterator[Lack]:
    """What is required and cannot be had, whatever the placing."""
    tree = _Tree(problem)
    for node in required(problem.award):
        ways = tree.ways(node)
        if all(ways):
            yield Lack(node=node, ways=ways)


def _flat(node: Needed) -> Iterator[Needed]:
    if isinstance(node, AllOf):
        for child in node.children:
            yield from _flat(child)
    else:
        yield node


class _Tree:
    """The rows of a question, by the rules of the tree."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._rows: dict[str, list[Row]] = {}
        for row in problem.rows:
            self._rows.setdefault(row.path, []).append(row)
        self._paths = {part.bucket.name: part.path for part in problem.award.parts}

    def ways(self, node: Needed) -> tuple[Leaves, ...]:
        """The ways to have a node that lack fewest leaves; an empty one where nothing is lacking.

        What a concession waives has no row, and lacks nothing.
        """
        if isinstance(node, AllOf):
            return (self._together(self._asked_of(node)),)
        if isinstance(node, Choose):
            if node.path not in self._rows:
                return ((),)
            every = sorted((way for child in node.children for way in self.ways(child)), key=len)
            if node.at_least > 1:
                children = sorted(node.children, key=lambda child: len(self.ways(child)[0]))
                return (self._together(children[: node.at_least]),)
            return tuple(way for way in every if len(way) == len(every[0]))
        return ((),) if self._could(node) else ((node,),)

    def _together(self, nodes: Iterable[Needed]) -> Leaves:
        return tuple(leaf for node in nodes for leaf in self.ways(node)[0])

    def _asked_of(self, node: AllOf) -> list[Needed]:
        names = {row.name for row in self._rows.get(node.path, ())}
        return [
            child for number, child in enumerate(node.children) if f"{node.path}#{number}" in names
        ]

    def _could(self, leaf: Needed) -> bool:
        path = self._paths[leaf.bucket] if isinstance(leaf, Filled) else leaf.path
        own = [path, f"{path}.min_badges"] if isinstance(leaf, Filled) else [path]
        return all(self._reachable(row) for each in own for row in self._rows.get(each, ()))

    def _reachable(self, row: Row) -> bool:
        asked = row.bound - sum(weight for weight in row.choices.values() if weight < 0)
        options = self._problem.options
        most = sum(
            max((row.of(record, option) for option in options[record]), default=0)
            for record in row.concerned()
        )
        return most >= asked
