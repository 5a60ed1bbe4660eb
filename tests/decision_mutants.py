"""Decision records with one thing changed: mostly lies, sometimes as true as before."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from degree.checker import digest

Path = tuple[Any, ...]
Document = dict[str, Any]

STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 7.0, 0.05, 1e300, 2**53, 10**30, float("nan"), "", "x"),
    *("\ud800", "2026-02-30", "9999-12-31", "0001-01-01", [], {}, [[]], ["x"], {"any": True}),
)


def mutant(record: Document, dice: random.Random) -> Document:
    """The record with one change; mostly with the digests of its programmes that follow."""
    copied: Document = copy.deepcopy(record)
    try:
        dice.choice(CHANGES)(copied, dice)
    except (KeyError, TypeError, IndexError, AttributeError):  # what was changed before is gone
        return copied
    return _keyed_again(copied) if dice.random() < 0.8 else copied


def _keyed_again(record: Document) -> Document:
    """With the digests of its programmes as they now are."""
    try:
        new = {key: digest(programme) for key, programme in record["programmes"].items()}
        record["programmes"] = {new[key]: each for key, each in record["programmes"].items()}
        for part in (*record["verdicts"], record["outcome"]):
            part["programme"] = new.get(part["programme"], part["programme"])
    except Exception:  # what has no digest stays as it is
        return record
    return record


def _places(value: Any, path: Path = ()) -> Iterator[Path]:
    items: Any = ()
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*path, key)
        yield from _places(inner, (*path, key))


def _at(value: Any, path: Path) -> Any:
    for key in path:
        value = value[key]
    return value


def _place(record: Document, dice: random.Random) -> Path:
    """Anywhere, in each part of the record as often."""
    part = dice.choice(("programmes", "wallet", "verdicts", "verdicts", "outcome", "today"))
    return (part, *dice.choice([(), *_places(record.get(part))]))


def _those(record: Document, holds: Callable[[Path, Any], bool]) -> list[Path]:
    places = ((path, _at(record, path)) for path in _places(record))
    return [path for path, value in places if holds(path, value)]


def _put(record: Document, path: Path, value: Any) -> None:
    _at(record, path[:-1])[path[-1]] = value


def _another_value(record: Document, dice: random.Random) -> None:
    path = _place(record, dice)
    _put(record, path, copy.deepcopy(dice.choice(STRANGE)))


def _near_value(record: Document, dice: random.Random) -> None:
    """A number a little more or less, a text that stands elsewhere, the other truth."""
    plain = _those(record, lambda _, value: isinstance(value, bool | int | float | str))
    by_part = [path for path in plain if path[0] == dice.choice(("programmes", "wallet"))]
    path = dice.choice(by_part or plain)
    value = _at(record, path)
    if isinstance(value, bool):
        _put(record, path, not value)
    elif isinstance(value, str):
        others = [_at(record, other) for other in plain if other[-1] == path[-1]]
        others += [_at(record, dice.choice(plain))]
        _put(record, path, dice.choice(others))
    else:
        others = (value + 1, value - 1, value + 0.5, value * 2, float(value), -value, value + 0.1)
        _put(record, path, dice.choice(others))


def _drop(record: Document, dice: random.Random) -> None:
    path = _place(record, dice)
    del _at(record, path[:-1])[path[-1]]


def _add(record: Document, dice: random.Random) -> None:
    """One more key, mostly one that stands elsewhere, or a member of a list twice."""
    wide = _those(record, lambda path, value: isinstance(value, dict | list) and bool(value))
    path = dice.choice(wide)
    inside = _at(record, path)
    if isinstance(inside, list):
        inside.insert(dice.randrange(len(inside) + 1), copy.deepcopy(dice.choice(inside)))
    else:
        other = dice.choice([each for each in _places(record) if isinstance(each[-1], str)])
        key = dice.choice((other[-1], other[-1], "surplus"))
        inside[key] = copy.deepcopy(_at(record, other))


def _swap(record: Document, dice: random.Random) -> None:
    lists = _those(record, lambda _, value: isinstance(value, list) and len(value) > 1)
    if lists:
        members = _at(record, dice.choice(lists))
        one, other = dice.sample(range(len(members)), 2)
        members[one], members[other] = members[other], members[one]


def _swap_subtrees(record: Document, dice: random.Random) -> None:
    """What stands under one key in place of what stands under the same key elsewhere."""
    key = dice.choice(("proof", "placements", "cut", "cuts", "rows", "answer", "award", "classes",
                       "awards", "concessions", "because", "buckets", "where", "class", "tree",
                       "split", "conflict", "years", "pending", "requires"))  # fmt: skip
    same = _those(record, lambda path, _: path[-1] == key)
    if len(same) > 1:
        one, other = dice.sample(same, 2)
        value = copy.deepcopy(_at(record, other))
        _put(record, one, value)


def _move(record: Document, dice: random.Random) -> None:
    """A placement into other buckets, out of them, or of a record that was not placed."""
    lists = _those(record, lambda path, value: path[-1] == "placements" and bool(value))
    if not lists:
        return
    placements = _at(record, dice.choice(lists))
    buckets = sorted({name for each in record["programmes"].values() for name in each["buckets"]})
    wanted = sorted(dice.sample(buckets, min(len(buckets), dice.choice((1, 1, 1, 2)))))
    how = dice.random()
    if how < 0.6:
        dice.choice(placements)["buckets"] = wanted
    elif how < 0.8:
        placements.remove(dice.choice(placements))
    else:
        name = dice.choice(record["wallet"]["records"])["id"]
        placements.append({"record": name, "buckets": wanted})
        placements.sort(key=lambda placed: placed["record"])


def _recut(record: Document, dice: random.Random) -> None:
    """A cut with other multipliers, other rows, other sums; or all of it taken several times."""
    cuts = _those(record, lambda _, value: isinstance(value, dict) and "could_count" in value)
    if not cuts:
        return
    cut = _at(record, dice.choice(cuts))
    name = dice.choice(sorted(cut["rows"]))
    how = dice.random()
    if how < 0.25:
        cut["rows"][name] += dice.choice((1, -1, 2, 10))
    elif how < 0.45:
        times = dice.choice((2, 3))
        cut["rows"] = {row: size * times for row, size in cut["rows"].items()}
        cut["needed"], cut["could_count"] = cut["needed"] * times, cut["could_count"] * times
    elif how < 0.55:
        cut["whole"] = not cut["whole"]
    elif how < 0.7:
        known = {row for each in cuts for row in _at(record, each)["rows"]}
        cut["rows"][dice.choice([*sorted(known), "split 1", "split 2"])] = dice.choice((1, 1, 2))
    elif how < 0.8:
        del cut["rows"][name]
    else:
        more = dice.choice((1, -1, 10))
        cut[dice.choice(("needed", "could_count"))] += more


def _claims(record: Document, answer: str) -> list[Path]:
    claimed = _those(record, lambda path, value: path[-1] == "answer" and value == answer)
    return [path[:-1] for path in claimed if path[0] == "verdicts"]


def _deny(record: Document, dice: random.Random) -> None:
    """A no where there was a yes, with a cut that proves nothing."""
    if claims := _claims(record, "satisfied"):
        claim = _at(record, dice.choice(claims))
        rows = {f"awards.{claim.get('award', 'X')}.credits": dice.choice((1, 2))}
        cut = {"rows": rows, "whole": dice.random() < 0.5, "needed": 0, "could_count": 0}
        kept = {key: claim[key] for key in ("award", "class") if key in claim}
        claim.clear()
        claim.update(kept, answer="not_satisfied", proof={"cuts": [cut]})


def _grant(record: Document, dice: random.Random) -> None:
    """A yes where there was a no, with every badge placed in some bucket that takes it."""
    if claims := _claims(record, "not_satisfied"):
        path = dice.choice(claims)
        claim, buckets = _at(record, path), {}
        verdict = _at(record, path[:2])
        for name, rules in record["programmes"][verdict["programme"]]["buckets"].items():
            tags = rules["where"].get("tag", [])
            tags = {tags} if isinstance(tags, str) else {*tags}
            for badge in record["wallet"]["records"]:
                if not tags or tags & {*badge.get("tags", [])}:
                    buckets[badge["id"]] = name
        out = {aside["record"] for aside in verdict["set_aside"]}
        kept = {key: claim[key] for key in ("award", "class") if key in claim}
        placements = [
            {"record": name, "buckets": [buckets[name]]} for name in sorted({*buckets} - out)
        ]
        claim.clear()
        claim.update(kept, answer="satisfied", placements=placements)
        after = path[-1] + 1
        del _at(record, path[:-1])[after:]


CHANGES: tuple[Callable[[Document, random.Random], None], ...] = (
    *(_another_value, _near_value, _near_value, _drop, _add, _swap),
    *(_swap_subtrees, _move, _move, _recut, _recut, _deny, _grant),
)
