"""Reads the codes by which a programme names badges, and keeps the paths made of them apart."""

from collections.abc import Iterable

from degree.rules.reading import Reader
from degree.rules.rule_paths import enclosing


def badge(place: Reader) -> str:
    """The code in `badge:CODE`. Faults are noted."""
    kind, _, code = place.text().partition(":")
    if kind != "badge" or not code.strip():
        place.fault("badge:CODE, with the code of an achievement")
    return code


def keep_apart(places: Iterable[tuple[str, Reader]]) -> None:
    """Note a fault where a path is another's, or would be read as a part of another."""
    rules: set[str] = set()
    within: set[str] = set()  # the paths of earlier rules, and all in which they would lie
    for path, place in places:
        if path in within or not rules.isdisjoint(enclosing(path)):
            place.fault("a rule that is not yet there", found=f"the path {path} a second time")
        rules.add(path)
        within.update(enclosing(path))
