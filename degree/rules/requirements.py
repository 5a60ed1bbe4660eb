"""What an award requires: a tree of what must hold, and ways through it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The bucket with this name is filled."""

    path: str
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A badge with this code is counted."""

    path: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attested:
    """A person has attested it."""

    path: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllOf:
    """Every child holds."""

    path: str
    children: tuple["Needed", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choose:
    """At least so many children hold; `any_of` is 1 of them."""

    path: str
    at_least: int
    children: tuple["Needed", ...]


Needed = Filled | Held | Attested | AllOf | Choose


def everything(node: Needed) -> Iterator[Needed]:
    """The node and all that stands below it."""
    yield node
    if isinstance(node, AllOf | Choose):
        for child in node.children:
            yield from everything(child)


def certain(node: Needed) -> Iterator[Needed]:
    """What must hold whatever is chosen; of a choice only that there is one."""
    if isinstance(node, AllOf):
        for child in node.children:
            yield from certain(child)
    else:
        yield node


def always_filled(node: Needed) -> frozenset[str]:
    """The buckets that must be filled whatever is chosen."""
    return frozenset(each.bucket for each in certain(node) if isinstance(each, Filled))


def attested(node: Needed) -> frozenset[str]:
    """The names of all words that are asked for, certainly or by choice."""
    return frozenset(each.name for each in everything(node) if isinstance(each, Attested))
