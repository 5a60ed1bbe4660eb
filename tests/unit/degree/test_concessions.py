"""Which concessions apply on a day, and what they change in the rows."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from wallets import TODAY, decided, granted, line, lines, posed, programme, record, wallet

from degree.checker import objections
from degree.rules.concessions import NO_RELIEF, Relief, applying, grounds, refusal, relief
from degree.rules.deciding import verdict
from degree.rules.decision_record import decision_record
from degree.rules.grammar.paths import paths, reducible, waivable
from degree.rules.programme import ConcessionRules
from degree.rules.records import Action, Concession
from degree.rules.rows import Problem

EVERY = frozenset(Action)
RULES = ConcessionRules(path="concessions", allowed=EVERY, requires=frozenset(), never=frozenset())
WAIVED = granted("waive", path="distinct.circles")


def why(concession: Concession = WAIVED, rules: ConcessionRules | None = RULES) -> str:
    return refusal(rules, concession, today=TODAY)


def test_a_concession_applies_when_nothing_speaks_against_it() -> None:
    assert why() == ""


def test_a_programme_without_rules_for_them_allows_none() -> None:
    assert why(rules=None) == "the programme allows no concessions"


def test_an_action_must_be_allowed() -> None:
    rules = replace(RULES, allowed=frozenset({Action.WAIVE}))
    assert why(WAIVED, rules) == ""
    forgiven = granted("forgive_year", year=1)
    assert why(forgiven, rules) == "the programme does not allow to forgive year"


def test_a_concession_counts_from_its_date_to_its_expiry() -> None:
    assert why(replace(WAIVED, granted=TODAY)) == ""
    later = replace(WAIVED, granted=date(2026, 11, 23))
    assert why(later) == "it holds from 2026-11-23 only"
    assert why(replace(WAIVED, expiry=TODAY)) == ""
    assert why(replace(WAIVED, expiry=date(2026, 11, 21))) == "it expired on 2026-11-21"


@pytest.mark.parametrize(
    ("requires", "said", "reason"),
    [
        ({"authority"}, {"authority": "Board"}, ""),
        ({"date"}, {}, ""),
        ({"rationale", "authority"}, {}, "it does not say its authority and its rationale"),
        ({"authority"}, {"authority": ""}, "it does not say its authority"),
        ({"clause_ref"}, {"rationale": "Ill."}, "it does not say its clause"),
        ({"expiry"}, {}, "it does not say its last day"),
    ],
)
def test_a_concession_says_what_the_programme_requires(
    requires: set[str], said: dict[str, str], reason: str
) -> None:
    rules = replace(RULES, requires=frozenset(requires))
    assert why(replace(WAIVED, said=said), rules) == reason


def test_an_expiry_is_said_by_having_one() -> None:
    rules = replace(RULES, requires=frozenset({"expiry"}))
    assert why(replace(WAIVED, expiry=TODAY), rules) == ""


@pytest.mark.parametrize(
    ("action", "facts", "never", "touched"),
    [
        ("waive", {"path": "awards.X.credits"}, "awards.X.credits", "awards.X.credits"),
        ("waive", {"path": "awards.X.credits"}, "awards.X", "awards.X.credits"),
        ("waive", {"path": "awards.X"}, "awards.X.credits", "awards.X"),
        ("waive", {"path": "distinct.circles=c"}, "distinct.circles", "distinct.circles=c"),
        ("waive", {"path": "awards.X.requires#0"}, "awards.X.requires", "awards.X.requires#0"),
        ("waive", {"path": "awards.X.credits"}, "awards.X.cred", ""),
        ("waive", {"path": "awards.X.credits"}, "awards.Y", ""),
        ("reduce", {"path": "awards.X.credits"}, "awards.X.credits", "awards.X.credits"),
        ("accept", {"record": "x", "bucket": "a"}, "buckets.a", "buckets.a"),
        ("accept", {"record": "x", "bucket": "a"}, "buckets.b", ""),
        ("forgive_year", {"year": 1}, "obligations", "obligations"),
        ("forgive_year", {"year": 1}, "buckets", ""),
    ],
)
def test_nobody_touches_what_is_never_to_be_touched(
    action: str, facts: dict[str, Any], never: str, touched: str
) -> None:
    rules = replace(RULES, never=frozenset({"somewhere.else", never}))
    reason = f"nobody may make a concession on {touched}" if touched else ""
    assert why(granted(action, **facts), rules) == reason


def test_those_that_apply_stand_in_the_order_of_the_wallet() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
        concessions={"allowed": ["waive"]},
    )
    late, good, other = (replace(WAIVED, id=name) for name in ("late", "good", "other"))
    late = replace(late, granted=date(2027, 1, 1))
    presented = wallet([], concessions=(other, late, good))
    assert [each.id for each in applying(rules, presented, today=TODAY)] == ["other", "good"]


def test_relief_is_what_all_of_them_change() -> None:
    found = relief(
        (
            WAIVED,
            granted("reduce", path="awards.X.credits", to=50),
            granted("reduce", path="awards.X.credits", to=40.5),
            granted("accept", record="x", bucket="a"),
            granted("forgive_year", year=2),
        )
    )
    assert found == Relief(
        waived=frozenset({"distinct.circles"}),
        amounts={"awards.X.credits": Fraction(81, 2)},
        accepted=frozenset({("x", "a")}),
        forgiven=frozenset({2}),
    )
    assert relief(()) == NO_RELIEF


BUCKETS = {
    "a": {
        "min": 2,
        "min_badges": 1,
        "max_badges": 3,
        "max_credits": 90,
        "where": {"tag": "a"},
        "at_least": [
            {"id": "long", "credits": 1, "where": {"level": 7}},
            {"id": "half", "share": 0.5, "where": {"level": 7}},
        ],
        "at_most": [{"id": "few", "badges": 2, "where": {"level": 7}}],
    },
    "ab": {"min": 1, "where": {"tag": "b"}},
}
RECORDS = [
    record("x", 10, tags="ab", contexts={"ke"}, judges=["j"], code="ONE", circle="c"),
    record("y", 5, tags="b", level=6, judges=["j"], rpl=True, code="TWO"),
]
PROGRAMME = programme(
    awards=[
        {
            "id": "X",
            "credits": 20,
            "min_at_level": {7: 10},
            "rpl_cap": 5,
            "requires": {"all_of": ["a", {"any_of": ["ab", {"badge": "ONE"}]}]},
        }
    ],
    buckets=BUCKETS,
    distinct={
        "contexts": {"at_least": 2},
        "circles": {"at_least": 1, "min_credits_each": 4, "max_credits_each": 9},
        "validators": {"max_share_each": 0.4},
    },
    sharing={"max_badges": 2, "max_credits": 10},
    exclusions=[["badge:ONE", "badge:TWO"]],
)
A = "awards.X.buckets.a"
WHOLE = lines(posed(PROGRAMME, RECORDS))


def conceded(*concessions: Concession) -> Problem:
    return posed(PROGRAMME, RECORDS, concessions=concessions)


@pytest.mark.parametrize(
    ("path", "gone"),
    [
        ("awards.X.credits", ["awards.X.credits"]),
        ("awards.X.cred", []),
        (A, [A, f"{A}.min_badges", f"{A}.at_least.long", f"{A}.at_least.half"]),
        (f"{A}.at_least", [f"{A}.at_least.long", f"{A}.at_least.half"]),
        (f"{A}.max_badges", [f"{A}.max_badges"]),
        ("awards.X.min_at_level", ["awards.X.min_at_level.7"]),
        (
            "awards.X.requires.all_of[1]",
            ["awards.X.requires.all_of[1].any_of[1]", "awards.X.requires.all_of[1]"],
        ),
        ("distinct.contexts", ["distinct.contexts=ke", "distinct.contexts"]),
        (
            "distinct.circles",
            ["distinct.circles=c", "distinct.circles", "distinct.circles.max_credits_each=c"],
        ),
        ("distinct.circles.max_credits_each", ["distinct.circles.max_credits_each=c"]),
        ("sharing", ["sharing.max_badges", "sharing.max_credits"]),
        ("exclusions.ONE+TWO", ["exclusions.ONE+TWO"]),
    ],
)
def test_waiving_a_path_leaves_out_its_rows_and_no_others(path: str, gone: list[str]) -> None:
    found = lines(conceded(granted("waive", path=path)))
    assert [name for name in WHOLE if name not in found] == gone
    assert {name: WHOLE[name] for name in found} == found


@pytest.mark.parametrize(
    ("path", "to", "expected"),
    [
        ("awards.X.credits", 12.34, "100 x + 50 y >= 123"),
        ("awards.X.min_at_level.7", 2, "100 x >= 20"),
        ("awards.X.rpl_cap", 7, "50 y <= 70"),
        (A, 1, "100 x@a + 100 x@a+ab >= 10"),
        (f"{A}.min_badges", 0, "1 x@a + 1 x@a+ab >= 0"),
        (f"{A}.min_badges", 2.9, "1 x@a + 1 x@a+ab >= 2"),
        (f"{A}.max_badges", 1, "1 x@a + 1 x@a+ab <= 1"),
        (f"{A}.max_credits", 1, "100 x@a + 100 x@a+ab <= 10"),
        (f"{A}.at_least.long", 3, "100 x@a + 100 x@a+ab >= 30"),
        (f"{A}.at_least.half", 0.25, "300 x@a + 300 x@a+ab >= 0"),
        (f"{A}.at_most.few", 1, "1 x@a + 1 x@a+ab <= 1"),
        (
            "awards.X.buckets.ab",
            4,
            "100 x@ab + 100 x@a+ab + 50 y - 40 [awards.X.buckets.ab] >= 0",
        ),
        ("distinct.contexts", 1, "1 [distinct.contexts=ke] >= 1"),
        ("distinct.circles=c", 1, "100 x - 40 [distinct.circles=c] >= 0"),
        ("distinct.circles.max_credits_each=c", 1, "100 x <= 10"),
        ("sharing.max_badges", 1, "1 x@a+ab <= 1"),
        ("sharing.max_credits", 5.5, "100 x@a+ab <= 55"),
        ("exclusions.ONE+TWO", 2, "1 x + 1 y <= 1"),
        (
            "awards.X.requires.all_of[1].any_of[1]",
            0,
            "1 x - 1 [awards.X.requires.all_of[1].any_of[1]] >= 0",
        ),
    ],
)
def test_reducing_a_path_changes_the_amount_of_its_row_alone(
    path: str, to: float, expected: str
) -> None:
    problem = conceded(granted("reduce", path=path, to=to))
    found = lines(problem)
    assert found[path] == expected
    assert {**found, path: ""} == {**WHOLE, path: ""}


def test_the_amount_for_each_label_is_reduced_by_the_rules_own_path() -> None:
    reduced = granted("reduce", path="distinct.circles.max_credits_each", to=3)
    assert lines(conceded(reduced))["distinct.circles.max_credits_each=c"] == "100 x <= 30"
    share = granted("reduce", path="distinct.validators.max_share_each", to=0.2)
    (row,) = [row for row in conceded(share).rows if row.path.endswith("max_share_each")]
    assert line(conceded(share), row) == "- 400 x - 200 y >= 0"


def test_of_two_that_reduce_one_row_the_later_counts() -> None:
    twice = (
        granted("reduce", id="c1", path="awards.X.credits", to=1),
        granted("reduce", id="c2", path="awards.X.credits", to=2),
    )
    assert lines(conceded(*twice))["awards.X.credits"] == "100 x + 50 y >= 20"


def test_a_waived_share_of_no_label_is_gone_whatever_the_label() -> None:
    waived = granted("waive", path="distinct.validators")
    assert "distinct.validators.max_share_each=j" not in lines(conceded(waived))


def test_waiving_one_label_leaves_those_alone_that_begin_as_it_does() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}],
        buckets={"a": {"min": 0, "where": {"any": True}}},
        distinct={"contexts": {"max_credits_each": 5}},
        concessions={"allowed": ["waive"], "requires": ["authority"]},
    )
    path = "distinct.contexts.max_credits_each"
    waived = granted("waive", path=f"{path}=uni")
    badges = [record("x", 10, contexts={"uni", "uni.example", "uni#1", "uni=1"})]
    names = [row.name for row in posed(rules, badges, concessions=(waived,)).rows]
    labels = ("uni#1", "uni.example", "uni=1")
    assert [name for name in names if "=" in name] == [f"{path}={each}" for each in labels]
    decision = decided(rules, badges, concessions=(waived,))
    assert objections(decision_record(decision, learnometer="1")) == []


def test_accepting_into_a_bucket_that_there_is_not_changes_nothing() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0, "buckets": {"a": 0}}],
        buckets={name: {"min": 0, "where": {"tag": name}} for name in "ab"},
    )
    strange = record("x", tags="a", issuer="did:web:other.example")
    for bucket, aside in (("nowhere", ["x"]), ("b", []), ("a", [])):
        conceded = (granted("accept", record="x", bucket=bucket),)
        found = verdict(rules, wallet([strange]), conceded, today=TODAY)
        assert [each.record for each in found.set_aside] == aside


def test_what_can_be_waived_or_reduced_changes_rows_and_what_cannot_changes_none() -> None:
    """Of each path that concessions may name, whether its rows are gone or others."""
    can_waive, can_reduce = waivable(PROGRAMME), reducible(PROGRAMME)
    assert can_reduce < can_waive < paths(PROGRAMME)
    for path in paths(PROGRAMME):
        gone = lines(conceded(granted("waive", path=path))) != WHOLE
        other = lines(conceded(granted("reduce", path=path, to=1.5))) != WHOLE
        assert gone <= (path in can_waive), path
        assert other <= (path in can_reduce), path
    assert {"buckets.a", "buckets.ab"} == paths(PROGRAMME) - can_waive


def test_every_ground_against_a_concession_is_told_with_the_parts_at_fault() -> None:
    rules = replace(RULES, requires=frozenset({"clause_ref"}), never=frozenset({"distinct"}))
    found = grounds(rules, replace(WAIVED, said={}, expiry=date(2026, 1, 1)), today=TODAY)
    assert [each.parts for each in found] == [("expiry",), ("clause_ref",), ("path",)]
