"""Concessions: when they count, what they change, and that both decisions are shown."""

from typing import Any

import pytest
from checker_cases import CREDITS, DUTY, TWO, said
from decision_records import (
    CONCESSIONS,
    SAID,
    Document,
    badge,
    cuts,
    no,
    placed,
    programme,
    undecided,
    verdict,
    yes,
)


def ended(name: str, day: str, **facts: Any) -> Document:
    return badge(name, activity_start="2020-01-01", activity_end=day, **facts)


THREE = [ended("p", "2024-08-31"), ended("q", "2024-09-01"), ended("r", "2026-08-31")]
PLACES = {"p": "main", "q": "main"}


def conceded(*said_: Document, rules: Document | None = None, **changes: Any) -> Any:
    """A version that allows concessions, and the wallet's."""
    version = programme(concessions=CONCESSIONS | (rules or {}), **changes)
    return version, [{"id": f"c{n}", **SAID, **each} for n, each in enumerate(said_, 1)]


def with_and_without(
    version: Document, badges: list[Document], short: Document, won: Document, ids: list[str],
    concessions: list[Document], **more: Any,
) -> str:  # fmt: skip
    verdicts = [verdict(version, short, **more), verdict(version, won, concessions=ids)]
    return said(version, badges, *verdicts, concessions=concessions)


SHORT = no(cuts(200, 100, CREDITS))
WAIVE = {"action": "waive", "path": CREDITS}
REDUCE = {"action": "reduce", "path": CREDITS, "to": 10}


def lowered(**rules: Any) -> Document:
    return {"buckets": {"main": {"min": 0, "where": {"any": True}}}} | rules


@pytest.mark.parametrize("concession", [WAIVE, REDUCE])
def test_decision_stands_without_concessions_and_with_them(concession: Document) -> None:
    version, wallet = conceded(concession, **lowered())
    won = yes(p="main")
    assert with_and_without(version, TWO[:1], SHORT, won, ["c1"], wallet) == ""
    heard = said(version, TWO[:1], verdict(version, SHORT), concessions=wallet)
    assert '["c1"]]' in heard
    heard = said(version, TWO[:1], verdict(version, won, concessions=["c1"]), concessions=wallet)
    assert ", []]" in heard
    heard = with_and_without(version, TWO[:1], won, won, ["c1"], wallet)
    assert "verdicts[0].awards[0].placements: awards.X.credits" in heard


@pytest.mark.parametrize(
    ("said_", "rules"),
    [
        ({"date": "2026-11-23"}, {}),
        ({"expiry": "2026-11-21"}, {}),
        ({"date": None}, {}),
        ({"authority": None}, {"requires": ["authority"]}),
        ({"rationale": ""}, {"requires": ["rationale"]}),
        ({"clause_ref": None}, {"requires": ["clause_ref"]}),
        ({}, {"allowed": ["reduce"]}),
        ({}, {"never": [CREDITS]}),
        ({}, {"never": ["awards.X"]}),
        ({"path": "awards.X"}, {"never": [CREDITS]}),
    ],
)
def test_concession_that_may_not_be_made_is_not_applied(said_: Document, rules: Document) -> None:
    version, wallet = conceded(WAIVE | said_, rules=rules, **lowered())
    wallet = [{key: value for key, value in wallet[0].items() if value is not None}]
    assert said(version, TWO[:1], SHORT, concessions=wallet) == ""
    heard = with_and_without(version, TWO[:1], SHORT, yes(p="main"), ["c1"], wallet)
    assert "verdicts, by programme and concessions" in heard


def test_concession_counts_from_its_date_to_its_expiry() -> None:
    for days in ({"date": "2026-11-22"}, {"expiry": "2026-11-22"}, {"expiry": "2026-11-23"}):
        version, wallet = conceded(WAIVE | days, **lowered())
        assert with_and_without(version, TWO[:1], SHORT, yes(p="main"), ["c1"], wallet) == ""


def test_programme_that_speaks_of_no_concession_allows_none() -> None:
    version = programme(**lowered())
    _, wallet = conceded(WAIVE)
    assert said(version, TWO[:1], SHORT, concessions=wallet) == ""


def test_waived_bucket_keeps_its_limits() -> None:
    bucket = {
        "min": 20,
        "where": {"any": True},
        "min_badges": 3,
        "max_badges": 1,
        "at_least": [{"id": "t", "badges": 1, "where": {"tag": "t"}}],
    }
    path = "awards.X.buckets.main"
    waive = {"action": "waive", "path": path}
    award = [{"id": "X", "credits": 10}]
    version, wallet = conceded(waive, buckets={"main": bucket}, awards=award)
    short = no(cuts(1, 0, f"{path}.at_least.t"))
    assert with_and_without(version, TWO, short, yes(p="main"), ["c1"], wallet) == ""
    heard = with_and_without(version, TWO, short, yes(p="main", q="main"), ["c1"], wallet)
    assert f"{path}.max_badges does not hold" in heard


def test_waived_path_takes_what_is_under_it() -> None:
    rule = {"distinct": {"kinds": {"at_least": 3, "max_credits_each": 5}}}
    version, wallet = conceded({"action": "waive", "path": "distinct.kinds"}, **rule)
    badges = [badge("p", kind="K"), badge("q", kind="K")]
    short = no(cuts(3, 1, "distinct.kinds"))
    assert with_and_without(version, badges, short, yes(**PLACES), ["c1"], wallet) == ""


EVERY = {"id": "t", "where": {"any": True}}
TWO_BADGES = {"at_least": [EVERY | {"badges": 2}]}
HALF = {"at_most": [EVERY | {"share": 0.5}]}


@pytest.mark.parametrize(
    ("path", "to", "rules", "holds"),
    [
        (CREDITS, 10, {}, True),
        (CREDITS, 10.1, {}, False),
        (CREDITS, 10.09, {}, True),
        ("awards.X.at_least.t", 1, TWO_BADGES, True),
        ("awards.X.at_least.t", 1.9, TWO_BADGES, True),
        ("awards.X.at_most.t", 1, HALF, True),
        ("awards.X.at_most.t", 0.6, HALF, False),
        ("awards.X.at_mos", 1, HALF, False),
    ],
)
def test_reduced_amount_is_the_one_said(
    path: str, to: Any, rules: Document, *, holds: bool
) -> None:
    award = [{"id": "X", "credits": 20 if path == CREDITS else 10} | rules]
    reduce = {"action": "reduce", "path": path, "to": to}
    version, wallet = conceded(reduce, **lowered(awards=award))
    search = undecided(search=True)
    heard = with_and_without(version, TWO[:1], search, yes(p="main"), ["c1"], wallet)
    assert heard == "" if holds else "verdicts[1].awards[0].placements: awards.X" in heard


def test_accepted_badge_counts_in_that_bucket_alone() -> None:
    accept = {"action": "accept", "record": "q", "bucket": "b"}
    buckets = {
        "a": {"min": 0, "where": {"any": True}},
        "b": {"min": 0, "where": {"tag": "none"}, "rpl": False, "min_mark": 90},
    }
    version, wallet = conceded(accept, buckets=buckets)
    badges = [badge("p"), badge("q", judges=[], rpl=True)]
    out = [{"record": "q", "rule": "evidence_gate.endorsements"}]

    def heard(place: str) -> str:
        won = yes(p="a", q=place)
        return with_and_without(version, badges, SHORT, won, ["c1"], wallet, set_aside=out)

    assert heard("b") == ""
    assert "q may not count in a" in heard("a")


def test_accepted_badge_needs_a_valid_status() -> None:
    accept = {"action": "accept", "record": "q", "bucket": "main"}
    version, wallet = conceded(accept)
    badges = [badge("p"), badge("q", status="revoked")]
    out = [{"record": "q", "rule": "evidence_gate.status"}]
    verdicts = [verdict(version, SHORT, set_aside=out)]
    verdicts += [verdict(version, SHORT, set_aside=out, concessions=["c1"])]
    assert said(version, badges, *verdicts, concessions=wallet) == ""
    verdicts[1] = verdict(version, yes(**PLACES), set_aside=out, concessions=["c1"])
    assert "q may not count in main" in said(version, badges, *verdicts, concessions=wallet)


def test_forgiven_year_counts_as_kept() -> None:
    forgive = {"action": "forgive_year", "year": 3}
    version, wallet = conceded(forgive, obligations=DUTY)
    one = undecided(years=[3], placements=placed(**PLACES))
    heard = with_and_without(version, THREE[:2], one, yes(**PLACES), ["c1"], wallet)
    assert heard == ""
    version, wallet = conceded(forgive | {"year": 2}, obligations=DUTY)
    heard = with_and_without(version, THREE[:2], one, yes(**PLACES), ["c1"], wallet)
    assert "missed and not forgiven are the years [3]" in heard


def test_what_concessions_touch_may_be_barred() -> None:
    for concession, never in (
        ({"action": "accept", "record": "q", "bucket": "main"}, "buckets.main"),
        ({"action": "forgive_year", "year": 3}, "obligations"),
    ):
        version, wallet = conceded(concession, rules={"never": [never]})
        assert said(version, TWO[:1], SHORT, concessions=wallet) == ""
