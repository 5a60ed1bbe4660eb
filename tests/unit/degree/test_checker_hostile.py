"""Hostile records: whatever they hold, the checker answers with objections, and never raises."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from decision_records import CREDITS, Document, badge, cuts, decision, no, programme, rich, yes

from degree.checker import check, digest, objections


def places_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from places_of(inner, (*path, key))


def edited(record: Document, path: tuple[Any, ...], edit: Callable[[Any, Any], None]) -> Document:
    copy = json.loads(json.dumps(record))
    inner: Any = copy
    for key in path[:-1]:
        inner = inner[key]
    edit(inner, path[-1] if path else None)
    return copy


def test_unknown_key_is_refused_wherever_it_stands() -> None:
    record = rich()
    objects = [path for path in places_of(record) if isinstance(_at(record, path), dict)]
    for path in objects:
        if path and path[-1] in ("engine", "context_names"):
            continue  # where any name may stand
        copy = edited(record, (*path, "surplus"), lambda inner, key: inner.update({key: "x"}))
        assert objections(copy), path


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


OTHERS: tuple[Any, ...] = (
    *(
        None,
        True,
        -1,
        0,
        3,
        10**30,
        0.05,
        1e300,
        float("nan"),
        2**53,
        1.0000001,
        object(),
        (),
        b"x",
    ),
    *(
        "",
        "x",
        "a",
        "main",
        "X",
        "2026-02-30",
        "2024-02-29",
        "\ud800",
        [],
        {},
        [[]],
        {"a": 1},
        ["a"],
    ),
)


def rekeyed(record: Document) -> Document:
    """With the digest of its programme as it now is, so that more than the digest is looked at."""
    (version,) = record["programmes"].values()
    try:
        key = digest(version)
    except Exception:
        return record
    record["programmes"] = {key: version}
    for part in (*record["verdicts"], record["outcome"]):
        part["programme"] = key
    return record


def tried(path: tuple[Any, ...], edit: Callable[[Any, Any], None]) -> list[str]:
    copy = edited(rich(), path, edit)
    return objections(rekeyed(copy) if path[0] == "programmes" and len(path) > 2 else copy)


def every_place(share: int, of: int) -> list[tuple[Any, ...]]:
    """Every so-manieth place in the record, beside the whole."""
    return list(places_of(rich()))[1:][share::of]


def try_all_others(places: list[tuple[Any, ...]], others: tuple[Any, ...]) -> None:
    for path in places:
        for other in others:
            said = tried(path, lambda inner, key, other=other: inner.__setitem__(key, other))
            assert isinstance(said, list), (path, other)
        assert isinstance(tried(path, lambda inner, key: inner.pop(key)), list), path
        if isinstance(path[-1], int):
            said = tried(path, lambda inner, key: inner.insert(key, inner[key]))
            assert isinstance(said, list), path


def test_no_value_of_another_type_raises() -> None:
    for n, other in enumerate((None, {"a": 1}, [[]], "x", 0, 10**30, [], True)):
        try_all_others(every_place(n, 24), (other,))


@pytest.mark.exhaustive
def test_no_other_value_raises_anywhere() -> None:
    try_all_others(every_place(0, 1), OTHERS)


@pytest.mark.parametrize("record", [None, 1, "x", [], {}, [rich()], float("inf"), object()])
def test_what_is_no_record_is_refused(record: Any) -> None:
    assert objections(record)


@pytest.mark.parametrize(
    ("text", "objection"),
    [
        (b"", "it is not JSON"),
        (b"{", "it is not JSON"),
        (b"\xff", "can't decode byte 0xff in position 0"),
        (b'{"a": NaN}', "neither a text nor a number"),
        (b'{"a": -Infinity}', "neither a text nor a number"),
        (b'{"a": 1' + b"0" * 10_000 + b"}", "it is not JSON"),
        (b'{"a": 1' + b"0" * 20 + b"}", "neither a text nor a number"),
        (b'{"a": 1e9999}', "neither a text nor a number"),
        (b'{"a": 1.' + b"0" * 10_000 + b"}", "neither a text nor a number"),
        (b'{"a": 1, "a": 2}', "a key: 'a' stands twice"),
        (b"[" * 100_000, "it is not JSON: maximum recursion depth"),
        (b'{"a":' * 700 + b"1" + b"}" * 700, "nested"),
        (b'{"form": 1}', "engine is missing"),
        (b'{"a": 1e999}', "neither a text nor a number"),
        (b'{"a": 0e-999}', "the key 'a' is not known"),
        (b'{"a": "\\ud800"}', "neither a text"),
        (b'{"\\ud800": 1}', "a key is no text"),
        (b"null", "an object is expected"),
    ],
)
def test_hostile_text_is_refused_with_a_sentence(text: bytes, objection: str) -> None:
    assert objection in "\n".join(check(text))


def test_huge_amounts_are_worked_out_or_refused_without_harm() -> None:
    most = 2**53 - 1
    version = programme(awards=[{"id": "X", "credits": most}])
    badges = [badge(name, most - 1) for name in "pq"]
    heard = objections(decision(version, badges, yes(p="main", q="main")))
    assert heard == []
    version = programme(awards=[{"id": "X", "credits": most // 20}])
    badges = [badge("p", most // 20 - 1)]
    rows = cuts(most // 20 * 10, most // 20 * 10 - 10, CREDITS, whole=True)
    assert objections(decision(version, badges[:1], no(rows))) == []


def test_days_at_the_ends_of_the_calendar_do_no_harm() -> None:
    duty = {"at_least": 0, "of": "activity", "validated": True}
    obligations = {
        "every": "registration_year",
        "joined": duty,
        "co_provided": duty,
        "misses": {"concession": "none"},
        "pauses": "authorised_interruptions",
    }
    gate = programme()["evidence_gate"]
    gate["currency_years"] = {"earned": {"years": 10**15, "measured_at": "decision"}}
    version = programme(
        obligations=obligations,
        evidence_gate=gate,
        awards=[{"id": "X", "credits": 20, "max_registration_years": 10**15}],
    )
    badges = [badge("p", activity_start="0001-01-01"), badge("q", activity_end="9999-12-31")]
    pauses = [{"first": "0001-01-01", "last": "9999-12-31"}]
    for registered in ("0001-01-01", "9999-12-31"):
        claim = yes(p="main", q="main")
        record = decision(version, badges, claim, registered=registered, interruptions=pauses)
        assert objections(record | {"today": "9999-12-31"}) == []
