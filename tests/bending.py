"""Every way to bend a JSON document by one value, one key or one member."""

import copy
from collections.abc import Iterator
from typing import Any

from vc.documents import JsonObject

Way = tuple[Any, ...]


def leaves(node: Any, path: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Every value that is no object and no list, with the way to it."""
    if isinstance(node, dict | list):
        for key, value in _items(node):
            yield from leaves(value, (*path, key))
    else:
        yield path, node


def paths(node: Any, path: Way = ()) -> Iterator[Way]:
    """The way to every part of a document."""
    for key, value in _items(node):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*path, key))


def changes(value: Any) -> Iterator[Any]:
    """The value with each one of its characters changed, and with one more."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, str):
        for position in range(len(value)):
            other = "x" if value[position] != "x" else "y"
            yield value[:position] + other + value[position + 1 :]
        yield value + "x"
    else:
        yield value + 1


def mutations(document: JsonObject) -> Iterator[tuple[Way, JsonObject]]:
    """The document bent at every place and in many ways: characters, values, members, parts."""
    for path, value in leaves(document):
        for change in [*changes(value), *(_misspellings(value) if isinstance(value, str) else ())]:
            yield path, bent(document, path, change)
    for path in paths(document):
        yield path, without(document, path)
        if isinstance(path[-1], str):
            yield path, misspelt(document, path)
        for other in ({}, [], "", 0, True):
            yield path, bent(document, path, other)


def _misspellings(value: str) -> Iterator[str]:
    """At each place a character left out, doubled, in the other case, or with its neighbour."""
    for position, character in enumerate(value):
        before, after = value[:position], value[position + 1 :]
        yield before + after
        yield before + character * 2 + after
        if character != character.swapcase():
            yield before + character.swapcase() + after
        if after and after[0] != character:
            yield before + after[0] + character + after[1:]


def bent(document: JsonObject, path: Way, value: Any) -> JsonObject:
    """The document with another value at one place."""
    result = copy.deepcopy(document)
    _at(result, path[:-1])[path[-1]] = value
    return result


def misspelt(document: JsonObject, path: Way) -> JsonObject:
    """The document with another name for one member."""
    result = copy.deepcopy(document)
    node = _at(result, path[:-1])
    node[f"{path[-1]}x"] = node.pop(path[-1])
    return result


def without(document: JsonObject, path: Way) -> JsonObject:
    """The document without one of its parts."""
    result = copy.deepcopy(document)
    del _at(result, path[:-1])[path[-1]]
    return result


def _items(node: Any) -> Iterator[tuple[Any, Any]]:
    yield from node.items() if isinstance(node, dict) else enumerate(node)


def _at(node: Any, path: Way) -> Any:
    for key in path:
        node = node[key]
    return node
