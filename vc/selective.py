"""Choosing statements of a document by JSON pointers, so that some can be shown without the rest.

Source: W3C VC-DI-ECDSA 1.0, section 3.4. The specification names unnamed nodes in the expanded
document and compacts that again, which can change the places that pointers lead to. Here they are
named in the document as it stands, and the statements are the same.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from vc.canonical import canonical_labels, statements
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.json_ld import Dataset, expand, to_dataset

_NAME: Final = "urn:bnid:"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MOST_POINTERS: Final = 256
MOST_STATEMENTS: Final = 1_000  # each has a signature of its own; the fullest badge makes 300
_PLACE: Final = re.compile(r"0|[1-9][0-9]{0,5}")

Label = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document ready to be chosen from.

    `document` has a name for every node, `statements` are its N-Quads with their final labels,
    sorted, and `labels` lead from a node's name to its label.
    """

    document: JsonObject
    statements: tuple[str, ...]
    labels: Mapping[str, str]

    def indexes(self, pointers: Sequence[str]) -> frozenset[int]:
        """Which statements the values at `pointers` make. Raises Malformed naming the pointer."""
        selection = select(self.document, pointers)
        if not selection:
            return frozenset()
        dataset = _dataset(expand(selection))
        wanted = set(statements(_relabelled(dataset, self.labels)))
        found = frozenset(index for index, text in enumerate(self.statements) if text in wanted)
        if len(found) != len(wanted):
            raise Malformed("pointer", "What the pointers choose is not all in the document.")
        return found

    def numbered(self, pointers: Sequence[str]) -> dict[int, str]:
        """The labels, without `_:`, by the numbers that canonicalising only the selection gives."""
        dataset = _dataset(expand(select(self.document, pointers)))
        return {
            int(number.removeprefix("_:c14n")): self.labels[name].removeprefix("_:")
            for name, number in canonical_labels(dataset).items()
        }


def labelled(document: JsonObject, *, label: Label) -> Labelled:
    """`document` with its statements; `label` gives the final label of a canonical one (`c14n0`).

    Raises Malformed for a document whose meaning is not certain, and for one with named graphs
    (as a credential within a credential has), of which no part can be shown by itself.
    """
    named, expanded = _named(document)
    dataset = _dataset(expanded)
    if set(dataset) != {"@default"}:
        sentence = "Parts of a credential that holds others cannot be shown by themselves."
        raise Malformed("selective", sentence)
    canonical = canonical_labels(deepcopy(dataset))
    labels = {name: "_:" + label(given.removeprefix("_:")) for name, given in canonical.items()}
    found = tuple(statements(_relabelled(dataset, labels)))
    if len(found) > MOST_STATEMENTS:
        raise Malformed("selective", f"It makes more than {MOST_STATEMENTS:,} statements.")
    return Labelled(named, found, labels)


def select(document: JsonObject, pointers: Sequence[str]) -> JsonObject:
    """The parts of `document` at `pointers` (RFC 6901), with what names and types the way there.

    Section 3.4.13; nothing for no pointers. Raises Malformed for one that leads nowhere.
    """
    if len(pointers) > MOST_POINTERS:
        raise Malformed("pointer", f"There are more than {MOST_POINTERS} pointers.")
    if not pointers:
        return {}
    selection: JsonObject = {"@context": deepcopy(document["@context"]), **_identity(document)}
    wanted: dict[tuple[str, ...], None] = {}
    for pointer in pointers:
        tokens = tuple(_tokens(pointer))
        _refuse_nowhere(document, tokens, pointer)
        wanted[tokens] = None
    for tokens in wanted:
        # What stands within another choice is there already: no value is copied twice.
        if not any(tokens[:depth] in wanted for depth in range(len(tokens))):
            _choose(document, selection, tokens)
    chosen: JsonObject = _dense(selection)
    return chosen


def _refuse_nowhere(document: JsonObject, tokens: Sequence[str], pointer: str) -> None:
    value: Any = document
    for token in tokens:
        try:
            value = value[_key(value, token)]
        except (KeyError, IndexError, TypeError) as error:
            sentence = "The pointer leads to nothing in the document."
            raise Malformed("pointer", sentence, place=pointer[:200]) from error


def _choose(document: JsonObject, selection: JsonObject, tokens: Sequence[str]) -> None:
    """Copy the value that `tokens` lead to from `document` into `selection`."""
    if not tokens:
        selection.update(deepcopy(document))
        return
    value: Any = document
    chosen: Any = selection
    for token in tokens[:-1]:
        key = _key(value, token)
        value = value[key]
        chosen = chosen.setdefault(key, _Sparse() if isinstance(value, list) else _identity(value))
    key = _key(value, tokens[-1])
    chosen[key] = deepcopy(value[key])


class _Sparse(dict[int, Any]):
    """The items of a list that were chosen, by their places."""


def _dense(node: Any) -> Any:
    if isinstance(node, _Sparse):
        return [_dense(node[index]) for index in sorted(node)]
    if isinstance(node, dict):
        return {key: _dense(value) for key, value in node.items()}
    return node


def _identity(node: Any) -> JsonObject:
    """What a node is called and what it is: an unnamed part would be another node."""
    if not isinstance(node, dict):
        return {}
    return {key: deepcopy(node[key]) for key in ("id", "type") if key in node}


def _key(value: Any, token: str) -> Any:
    """What a token is in a value: in a list a place, one past the end where it names none."""
    if not isinstance(value, list):
        return token
    return int(token) if _PLACE.fullmatch(token) else len(value)


def _tokens(pointer: str) -> Iterator[str]:
    if pointer and not pointer.startswith("/"):
        sentence = "A JSON pointer is empty or starts with a slash."
        raise Malformed("pointer", sentence, place=pointer[:200])
    for token in pointer.split("/")[1:]:
        if "~" in token.replace("~0", "").replace("~1", ""):
            sentence = "A ~ in a JSON pointer is followed by 0 or 1."
            raise Malformed("pointer", sentence, place=pointer[:200])
        yield token.replace("~1", "/").replace("~0", "~")


def _named(document: JsonObject) -> tuple[JsonObject, Any]:
    """`document` with a name for each unnamed node, and its expanded form.

    What looks like a node in JSON may be none: the object of a JSON literal or of a language
    map. So every object is given a name, and those keep it that turn out to be nodes.
    """
    if any(iri.startswith((_NAME, "_:")) for iri in _iris(expand(document))):
        raise Malformed("selective", "The document names a node by a blank label.")
    tried = _given_names(document)
    names = set(_iris(expand(tried)))
    named: JsonObject = _only(tried, names)
    return named, expand(named)


def _given_names(document: JsonObject) -> JsonObject:
    count = 0

    def walk(node: Any) -> Any:
        nonlocal count
        if isinstance(node, list):
            return [walk(item) for item in node]
        if not isinstance(node, dict) or "@value" in node:
            return node
        own = {key: walk(value) if key != "@context" else value for key, value in node.items()}
        if "id" in own:
            return own
        count += 1
        return {**own, "id": f"{_NAME}{count}"}

    result: JsonObject = walk(document)
    return result


def _only(node: Any, names: set[str]) -> Any:
    if isinstance(node, list):
        return [_only(item, names) for item in node]
    if not isinstance(node, dict):
        return node
    given = node.get("id")
    drop = isinstance(given, str) and given.startswith(_NAME) and given not in names
    return {
        key: value if key == "@context" else _only(value, names)
        for key, value in node.items()
        if not (drop and key == "id")
    }


def _iris(expanded: Any) -> Iterator[str]:
    """What nodes, and the nodes and types that they refer to, are called."""
    if isinstance(expanded, list):
        for item in expanded:
            yield from _iris(item)
    elif isinstance(expanded, dict) and "@value" not in expanded:
        if isinstance(expanded.get("@id"), str):
            yield expanded["@id"]
        yield from (one for one in expanded.get("@type", ()) if isinstance(one, str))
        for value in expanded.values():
            yield from _iris(value)


def _dataset(expanded: Any) -> Dataset:
    """The statements of a document with names for all nodes, with blank nodes in their place."""
    dataset = _with_named_lists(to_dataset(expanded))
    for triples in dataset.values():
        for triple in triples:
            for term in (triple["subject"], triple["object"]):
                if term["type"] == "IRI" and term["value"].startswith(_NAME):
                    term.update(type="blank node", value=f"_:{term['value']}")
    return dataset


def _with_named_lists(dataset: Dataset) -> Dataset:
    """Lists' nodes named after what they belong to: they are numbered in each document anew."""
    triples = dataset.get("@default", [])
    rest = {
        one["subject"]["value"]: one["object"]["value"]
        for one in triples
        if one["predicate"]["value"] == f"{_RDF}rest"
    }
    given: dict[str, str] = {}
    for one in triples:
        head = one["object"]["value"]
        is_node = one["object"]["type"] == "blank node"
        if not is_node or head not in rest or one["predicate"]["value"] == f"{_RDF}rest":
            continue
        owner = f"{one['subject']['value']} {one['predicate']['value']}"
        place = 0
        while head in rest:
            if head in given:
                raise Malformed("selective", "A list leads back to itself.")
            given[head] = f"_:{owner} {place}"
            head, place = rest[head], place + 1
    if len(set(given.values())) != len(given):
        raise Malformed("selective", "A property has two lists, which cannot be told apart.")
    for one in triples:
        for term in (one["subject"], one["object"]):
            if term["type"] == "blank node":
                term["value"] = given.get(term["value"], term["value"])
    return dataset


def _relabelled(dataset: Dataset, labels: Mapping[str, str]) -> Dataset:
    copied: Dataset = deepcopy(dataset)
    for triples in copied.values():
        for triple in triples:
            for term in (triple["subject"], triple["object"]):
                if term["type"] == "blank node":
                    term["value"] = labels.get(term["value"], term["value"])
    return copied
