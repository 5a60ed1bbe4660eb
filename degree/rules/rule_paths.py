"""Paths of rules and names of their rows, as texts: which belongs to which.

What belongs to a rule follows its path: a rule within it after a full stop, a row of it after # or
after = (docs/decision-record.md).
"""

import re
from collections.abc import Collection
from typing import Final

_BELOW: Final = re.compile("[.#=]")


def lies_in(name: str, path: str) -> bool:
    """Whether a name is the path, or belongs to the rule with that path."""
    return name == path or (name.startswith(path) and bool(_BELOW.match(name, len(path))))


def enclosing(path: str) -> list[str]:
    """The path and every beginning of it that could be the path of a rule to which it belongs."""
    return [path, *(path[: cut.start()] for cut in _BELOW.finditer(path))]


def pair_of(path: str, first: str, second: str) -> str:
    """The name of a rule's row on two records, which tells their ids apart whatever is in them."""
    pair = (each.replace("\\", r"\\").replace(",", r"\,") for each in (first, second))
    return f"{path}={','.join(pair)}"


def rule_of(row: str, rules: Collection[str]) -> str:
    """The path of the rule that a row stands for; `rules` are those with badges' codes in them, in
    which anything may stand."""
    plain = re.split("[#=]", row, maxsplit=1)[0]
    return next((path for path in enclosing(row) if path in rules), plain)
