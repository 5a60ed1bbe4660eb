"""Reads `requires`: the tree of what an award needs, each node named by its path in the file."""

from collections.abc import Collection, Sequence
from typing import Final

from degree.rules.programme import Part
from degree.rules.reading import Keys, Reader
from degree.rules.requirements import (
    AllOf,
    Attested,
    Choose,
    Filled,
    Held,
    Needed,
    always_filled,
)

FORMS: Final = (("badge",), ("attested",), ("all_of",), ("any_of",), ("choose", "of"))
EXPECTED: Final = (
    "a bucket of the award, {badge: CODE}, {attested: NAME}, all_of, any_of, or choose with of"
)


def requires(
    place: Reader | None, award: str, parts: Sequence[Part], attested: Collection[str]
) -> AllOf:
    """What the award with the path `award` needs; mandatory buckets always. Faults are noted."""
    path = f"{award}.requires"
    if place is None:
        return AllOf(path=path, children=tuple(_filled(part) for part in parts))
    root = _Tree([part.bucket.name for part in parts], attested).node(place)
    children = root.children if isinstance(root, AllOf) else (root,)
    there = always_filled(root)
    added = (part for part in parts if part.bucket.mandatory and part.bucket.name not in there)
    return AllOf(path=path, children=(*children, *(_filled(part) for part in added)))


def _filled(part: Part) -> Filled:
    return Filled(path=part.path, bucket=part.bucket.name)


class _Tree:
    """Reads nodes over the buckets that the award lists and the attestations that there are."""

    def __init__(self, buckets: Sequence[str], attested: Collection[str]) -> None:
        self._buckets = buckets
        self._attested = tuple(attested)

    def node(self, place: Reader) -> Needed:
        """The node at this place."""
        if isinstance(place.value, str):
            return Filled(path=place.path, bucket=place.one_of(self._buckets, "bucket"))
        if not isinstance(place.value, dict):
            place.fault(EXPECTED)
            return AllOf(path=place.path, children=())
        keys = place.keys(optional=[key for form in FORMS for key in form])
        if tuple(sorted(keys)) not in FORMS:
            found = "the keys " + ", ".join(sorted(keys)) if keys else "none of them"
            place.fault(EXPECTED, found=found)
            return AllOf(path=place.path, children=())
        return self._written(place.path, keys)

    def _written(self, path: str, keys: Keys) -> Needed:
        if "badge" in keys:
            return Held(path=path, code=keys["badge"].text())
        if "attested" in keys:
            name = keys["attested"].one_of(self._attested, "attestation")
            return Attested(path=path, name=name)
        if "all_of" in keys:
            return AllOf(path=path, children=self._children(keys["all_of"]))
        if "any_of" in keys:
            return Choose(path=path, at_least=1, children=self._children(keys["any_of"]))
        children = self._children(keys["of"])
        number = keys["choose"].whole(least=1, most=max(len(children), 1))
        return Choose(path=path, at_least=number, children=children)

    def _children(self, place: Reader) -> tuple[Needed, ...]:
        return tuple(self.node(element) for element in place.elements(at_least=1))
