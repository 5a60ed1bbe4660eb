"""What a query asks of a credential's content: a path and values (DCQL, sections 6.3 and 7)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed

PathStep = str | int | None
Value = str | int | bool
ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MOST: Final = 32  # steps of a path, or values to choose from


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """One claim that a credential must have; with `values`, it must have one of them.

    A step of `path` is a member's name, an index, or None for each element of an array. `id` is
    the name under which claim sets refer to it.
    """

    path: tuple[PathStep, ...]
    values: tuple[Value, ...] = ()
    id: str = ""

    def document(self) -> JsonObject:
        """The entry in `claims`."""
        entry: JsonObject = {"path": list(self.path)}
        if self.values:
            entry["values"] = list(self.values)
        return entry | {"id": self.id} if self.id else entry

    def matches(self, credential: JsonObject) -> bool:
        """Whether `credential` has the claim, with one of the values."""
        found = selected(credential, self.path)
        if not self.values:
            return bool(found)
        return any(_same(value, wanted) for value in found for wanted in self.values)


def selected(document: JsonObject, path: Sequence[PathStep]) -> list[Any]:
    """What a claims path pointer selects (section 7.1); nothing where it fits nowhere."""
    found: list[Any] = [document]
    for step in path:
        found = [value for node in found for value in _inside(node, step)]
    return found


def _inside(node: Any, step: PathStep) -> list[Any]:
    if isinstance(step, str):
        return [node[step]] if isinstance(node, dict) and step in node else []
    if not isinstance(node, list):
        return []
    return node if step is None else node[step : step + 1]


def read_claims(entries: Any, place: str) -> tuple[ClaimQuery, ...]:
    """The claims of a credential query; absent is none. Raises Malformed naming `place`."""
    if entries is None:
        return ()
    if not isinstance(entries, list) or not 0 < len(entries) <= _MOST:
        raise Malformed("dcql", "claims is a list of claims.", place=place)
    return tuple(_read_claim(entry, f"{place}/{index}") for index, entry in enumerate(entries))


def _read_claim(entry: Any, place: str) -> ClaimQuery:
    if not isinstance(entry, dict):
        raise Malformed("dcql", "A claim is an object with a path.", place=place)
    path, values = entry.get("path"), entry.get("values", [])
    if not _is_list(path, _is_step) or not path:
        raise Malformed("dcql", "A claim names its path.", place=f"{place}/path")
    if not _is_list(values, _is_value) or ("values" in entry and not values):
        raise Malformed(
            "dcql", "values are strings, integers or booleans.", place=f"{place}/values"
        )
    claim_id = entry.get("id", "")
    if "id" in entry and not (isinstance(claim_id, str) and ID.fullmatch(claim_id)):
        raise Malformed("dcql", "A claim has no proper id.", place=f"{place}/id")
    return ClaimQuery(tuple(path), tuple(values), claim_id)


def read_claim_sets(
    entries: Any, claims: tuple[ClaimQuery, ...], place: str
) -> tuple[frozenset[str], ...]:
    """The sets of claims of which one will do; absent is none. Raises Malformed naming `place`."""
    named = [claim.id for claim in claims if claim.id]
    if len(set(named)) != len(named):
        raise Malformed("dcql", "Two claims have one id.", place=place)
    if entries is None:
        return ()

    def is_set(entry: Any) -> bool:
        return _is_list(entry, named.__contains__) and bool(entry)

    # Section 6.1: with claim sets every claim has an id, and each set names some of them.
    if len(named) != len(claims) or not entries or not _is_list(entries, is_set):
        raise Malformed("dcql", "A claim set names claims of the request.", place=place)
    return tuple(frozenset(entry) for entry in entries)


def _is_list(value: Any, is_element: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(map(is_element, value))


def _is_step(value: Any) -> bool:
    is_index = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value is None or isinstance(value, str) or is_index


def _is_value(value: Any) -> bool:
    return isinstance(value, str | int)


def _same(value: Any, wanted: Value) -> bool:
    # In Python True equals 1; in JSON it does not.
    return type(value) is type(wanted) and bool(value == wanted)
