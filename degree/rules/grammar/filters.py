"""Reads `where`: which badges a rule means."""

from typing import Final

from degree.rules.filters import Where
from degree.rules.reading import Reader
from degree.rules.records import Role

KEYS: Final = (
    *("any", "tag", "kind", "role", "code", "issuer", "circle", "context"),
    *("level", "level_max", "mark", "rpl", "all_of", "any_of", "not"),
)


def where(place: Reader) -> Where:
    """The filter at this place. Faults are noted."""
    keys = place.keys(optional=KEYS)
    if "any" in keys:
        if keys["any"].value is False or (keys["any"].truth() and len(keys) > 1):
            keys["any"].fault("any: true alone, or other filters without it")
        return Where()
    if place.value == {}:
        place.fault("any: true, or at least one of " + ", ".join(KEYS[1:]), found="no filter")
    return Where(
        tags=keys.read("tag", _texts, otherwise=frozenset()),
        kinds=keys.read("kind", _texts, otherwise=frozenset()),
        roles=keys.read("role", _roles, otherwise=frozenset()),
        codes=keys.read("code", _texts, otherwise=frozenset()),
        issuers=keys.read("issuer", _texts, otherwise=frozenset()),
        circles=keys.read("circle", _texts, otherwise=frozenset()),
        contexts=keys.read("context", _texts, otherwise=frozenset()),
        level=keys.read("level", Reader.level, otherwise=0),
        level_max=keys.read("level_max", Reader.level, otherwise=None),
        mark=keys.read("mark", Reader.mark, otherwise=None),
        rpl=keys.read("rpl", Reader.truth, otherwise=None),
        all_of=keys.read("all_of", _several, otherwise=()),
        any_of=keys.read("any_of", _several, otherwise=()),
        negated=keys.read("not", where, otherwise=None),
    )


def _texts(place: Reader) -> frozenset[str]:
    return frozenset(place.texts())


def _roles(place: Reader) -> frozenset[Role]:
    several = isinstance(place.value, list)
    places = place.elements(at_least=1) if several else [place]
    return frozenset(element.member(Role) for element in places)


def _several(place: Reader) -> tuple[Where, ...]:
    return tuple(where(element) for element in place.elements(at_least=1))
