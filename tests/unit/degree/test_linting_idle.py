"""Clauses that do nothing are told as such, and those that do something are not."""

from typing import Any

import pytest
from small_programme import ANY, AWARD, small
from wallets import written

from degree.rules.linting import Code, lint

T, U = ({"min": 1, "where": {"kind": name}} for name in "TU")
YEAR = {"at_least": 4, "of": "activity", "validated": True}
NONE = {**YEAR, "at_least": 0}
YEARS = {
    "every": "registration_year",
    "joined": YEAR,
    "co_provided": {**YEAR, "disjoint_from": "joined"},
    "misses": {"concession": "none"},
}
CONDONED = {"max_credits": 30, "mark_floor": 40}


def idle(**changes: Any) -> set[str]:
    """The paths of what never binds; the award lists both buckets."""
    awards = [{**AWARD, "credits": 100, "buckets": {"a": 10, "b": 5}}]
    facts = small(**{"evidence_gate__endorsements": {"min": 1}, "awards": awards, **changes})
    return {each.path for each in lint(written(facts)) if each.code is Code.NEVER_BINDS}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"evidence_gate__endorsements": {"min": 0}}, {"evidence_gate.endorsements.min"}),
        ({"sharing": {"max_badges": 1}}, set()),
        ({"sharing": {"max_badges": 0}}, {"sharing"}),
        ({"sharing": {"max_badges": 1, "max_credits": 0}}, {"sharing"}),
        ({"sharing": {"max_badges": 1, "between": [["a", "b"]]}}, set()),
        (
            {"buckets": {"a": T, "b": U}, "sharing": {"max_badges": 1, "between": [["a", "b"]]}},
            {"sharing.between"},
        ),
        (
            {
                "awards": [{**AWARD, "credits": 100}],
                "sharing": {"max_badges": 1, "between": [["a", "b"]]},
            },
            {"sharing.between"},
        ),
        ({"prerequisites": [{"before": "a", "after": "b"}]}, set()),
        (
            {
                "awards": [{**AWARD, "credits": 100}],
                "prerequisites": [{"before": "a", "after": "b"}],
            },
            {"prerequisites.a-before-b"},
        ),
        ({"prerequisites": [{"badge": "B", "needs": "A"}]}, set()),
        (
            {"buckets": {"a": T, "b": {"min": 1, "where": {"code": "A"}}}}
            | {"prerequisites": [{"badge": "B", "needs": "A"}]},
            set(),
        ),
        ({"distinct": {"issuers": {"at_least": 1}}}, {"distinct.issuers.at_least"}),
        ({"distinct": {"issuers": {"at_least": 1, "min_credits_each": 9}}}, set()),
        ({"distinct": {"kinds": {"at_least": 1}}}, set()),
        ({"obligations": YEARS}, set()),
        ({"obligations": {**YEARS, "joined": NONE}}, {"obligations.co_provided.disjoint_from"}),
        (
            {"obligations": {**YEARS, "co_provided": {**NONE, "disjoint_from": "joined"}}},
            {"obligations.co_provided.disjoint_from"},
        ),
        ({"obligations": {**YEARS, "joined": NONE, "co_provided": NONE}}, {"obligations"}),
        ({"obligations": {**YEARS, "co_provided": NONE}}, set()),
        ({"buckets__a": {"min": 10, "where": ANY, "compensatable": False}},
         {"buckets.a.compensatable"}),
        ({"pass_mark": 50, "condonement": CONDONED}, set()),
        ({"pass_mark": 40, "condonement": CONDONED}, {"condonement"}),
        ({"pass_mark": 40.1, "condonement": CONDONED}, set()),
        ({"pass_mark": 50, "condonement": {**CONDONED, "max_credits": 0}}, {"condonement"}),
        ({"pass_mark": 50, "condonement": {**CONDONED, "not_in": ["a"]}}, set()),
        ({"pass_mark": 50, "condonement": {**CONDONED, "not_in": ["a", "b"]}}, {"condonement"}),
        (
            {
                "pass_mark": 50,
                "condonement": {**CONDONED, "not_in": ["a"]},
                "buckets__a": {"min": 10, "where": ANY, "compensatable": False},
            },
            {"condonement.not_in"},
        ),
        (
            {
                "pass_mark": 50,
                "condonement": CONDONED,
                "buckets": {name: {"min": 1, "where": ANY, "min_mark": 50} for name in "ab"},
            },
            {"condonement"},
        ),
    ],
)  # fmt: skip
def test_a_clause_that_does_nothing_is_told(changes: dict[str, Any], told: set[str]) -> None:
    assert idle(**changes) == told


def test_a_cap_on_badges_that_the_gate_keeps_out_is_told() -> None:
    awards = [{**AWARD, "credits": 100, "buckets": {"a": 10, "b": 5}, "reuse_cap": 5}]
    assert idle(awards=awards) == set()
    kept_out = {"evidence_gate__not_already_used_in_award": True}
    assert idle(awards=awards, **kept_out) == {"awards.X.reuse_cap"}


@pytest.mark.parametrize(
    ("bucket", "path"),
    [
        ({"where": {"level": 7, "level_max": 6}}, "buckets.b.where"),
        ({"where": {"rpl": True}, "rpl": False}, "buckets.b.where"),
        ({"where": {"not": {"mark": 40}}, "min_mark": 40}, "buckets.b.where"),
        ({"where": {"issuer": "did:web:stranger"}}, "buckets.b.where"),
        (
            {"where": ANY, "at_most": [{"id": "n", "badges": 1, "where": {"not": ANY}}]},
            "buckets.b.at_most.n.where",
        ),
        ({"where": ANY, "rpl": False, "min_mark": 40}, None),
    ],
)
def test_a_filter_that_takes_nothing_is_told(bucket: dict[str, Any], path: str | None) -> None:
    awards = [{**AWARD, "credits": 100, "buckets": {"a": 10, "b": 0}}]
    facts = small(awards=awards, buckets__b={"min": 1, **bucket})
    found = {each.path for each in lint(written(facts)) if each.code is Code.TAKES_NOTHING}
    assert found == ({path} if path else set())
