"""A small programme file, and what can be done to it or another: changed in places, or bent."""

import random
from copy import deepcopy
from typing import Any

from wallets import outline

ANY = {"any": True}
AWARD: dict[str, Any] = {"id": "X", "credits": 10, "buckets": {"a": 10}}
BUCKETS: dict[str, Any] = {"a": {"min": 10, "where": ANY}, "b": {"min": 5, "where": {"tag": "b"}}}
JUNK: list[Any] = [
    *(None, True, 0, -1, 1.5, 10**9, "", " ", "x", "a.b", [], {}, [[]], [None], {"": 1}),
    *({"any": True}, {"id": "X"}, "2026-02-30", "badge:", "trust_list@", 1e-7, ["x", "x"]),
]


def small(**changes: Any) -> dict[str, Any]:
    """The file as a mapping; a change is a clause, or a part of one such as awards__0__credits."""
    facts = deepcopy(outline(awards=[AWARD], buckets=BUCKETS))
    for path, value in changes.items():
        place: Any = facts
        *outer, last = path.split("__")
        for step in outer:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = value
    return facts


def bent(document: Any, dice: random.Random) -> Any:
    """The document with one value replaced, left out, doubled, or under another key."""
    document = deepcopy(document)
    place = document
    while place:
        step = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
        inner = place[step]
        if isinstance(inner, dict | list) and inner and dice.random() < 0.8:
            place = inner
            continue
        match dice.randrange(4):
            case 0:
                del place[step]
            case 1 if isinstance(place, dict):
                place[dice.choice(["x", "awards", "min", "a b"])] = place.pop(step)
            case 2 if isinstance(place, list):
                place.append(deepcopy(inner))
            case _:
                place[step] = deepcopy(dice.choice(JUNK))
        break
    return document
