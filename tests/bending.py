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
