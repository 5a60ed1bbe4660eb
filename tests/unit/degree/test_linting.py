"""Remarks on programmes: that they are made where they are due, and of what they say."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from small_programme import ANY, AWARD, BUCKETS, small
from wallets import PROGRAMMES, written

from degree.rules.faults import Faulty
from degree.rules.linting import Code, Remark, lint


def remarks(**changes: Any) -> dict[tuple[str, str], Remark]:
    """The remarks on the small programme with these changes, by code and path."""
    # The small programme asks for no endorsements and lists one bucket of two; be silent of both.
    changes = {"evidence_gate__endorsements": {"min": 1}, **changes}
    found = lint(written(small(**changes)))
    return {
        (each.code.value, each.path): each
        for each in found
        if each.path not in changes.get("but", ())
    }


def codes(**changes: Any) -> set[tuple[str, str]]:
    return set(remarks(**changes)) - {("unused", "buckets.b")}


def codes_of(code: Code, **changes: Any) -> set[str]:
    return {path for found, path in codes(**changes) if found == code.value}


def award(**changes: Any) -> dict[str, Any]:
    return {**AWARD, "credits": 100, "buckets": {"a": 10, "b": 5}, **changes}


def test_programme_without_anything_strange_has_no_remarks() -> None:
    assert codes() == set()
    assert lint((PROGRAMMES / "learnometer-msc.yaml").read_bytes()) == ()


def test_remark_says_where_it_stands_and_why() -> None:
    (remark,) = lint(
        written(small(evidence_gate__endorsements={"min": 1}, awards=[award(rpl_cap=5)], buckets={
            "a": {**BUCKETS["a"], "rpl": False}, "b": {**BUCKETS["b"], "rpl": False},
        }))
    )  # fmt: skip
    assert str(remark) == (
        "line 15, awards.X.rpl_cap: It never binds: no badge that can count is of this kind."
        " [never-binds]"
    )


def test_faults_come_before_remarks() -> None:
    with pytest.raises(Faulty):
        lint(written(small(awards__0__credits="many")))


STRANGE: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "strange_programmes.yaml").read_text()
)


@pytest.mark.parametrize("case", STRANGE, ids=lambda case: case["what"])
def test_strange_rule_is_told(case: dict[str, Any]) -> None:
    code, path = case["remark"].split()
    assert path in codes_of(Code(code), **case["change"])


def test_rule_that_never_binds_is_told_alone() -> None:
    for case in STRANGE:
        code, path = case["remark"].split()
        if code == Code.NEVER_BINDS:
            assert codes_of(Code.NEVER_BINDS, **case["change"]) == {path}, case["what"]


def test_buckets_that_share_badges_do_not_starve_each_other() -> None:
    starving = {
        "awards": [award(buckets={"a": 20, "b": 20}, rpl_cap=30)],
        "buckets": {name: {"min": 1, "where": {"rpl": True}} for name in "ab"},
        "sharing": {"max_badges": 2},
    }
    told = {path for code, path in codes(**starving) if code == "never-satisfied"}
    assert told == {"awards.X.credits"}  # 100 of what at most 30 counts


def test_filter_that_takes_nothing_is_told() -> None:
    wheres: list[dict[str, Any]] = [
        {"level": 7, "level_max": 6},
        {"all_of": [{"kind": "a"}, {"kind": "b"}]},
        {"tag": "a", "not": {"tag": ["a", "b"]}},
        {"not": {"role": ["participant", "co_provider"]}},
        {"mark": 50, "not": {"mark": 40}},
        {"not": {"any": True}},
    ]
    for where in wheres:
        assert codes_of(Code.TAKES_NOTHING, buckets__b={"min": 1, "where": where}) == set()
        listed = {"awards": [award()], "buckets__b": {"min": 1, "where": where}}
        assert codes_of(Code.TAKES_NOTHING, **listed) == {"buckets.b.where"}, where


def test_dead_alternative_is_told() -> None:
    tree = {"any_of": ["a", {"all_of": ["b", {"badge": "A"}]}, {"badge": "Z"}]}
    only = {name: {"min": 1, "where": {"code": name}} for name in "ab"}
    found = codes_of(Code.DEAD_BRANCH, awards=[award(requires=tree)], buckets=only)
    assert found == {"awards.X.requires.any_of[1]", "awards.X.requires.any_of[2]"}


def test_badge_that_needs_one_that_cannot_count_is_told() -> None:
    only = {name: {"min": 1, "where": {"code": name}} for name in "ab"}
    rules = [{"badge": "a", "needs": "z"}, {"badge": "y", "needs": "a"}]
    found = codes(awards=[award()], buckets=only, prerequisites=rules)
    assert ("dead-branch", "prerequisites.a-needs-z") in found
    assert ("never-binds", "prerequisites.y-needs-a") in found


OURS = {"id": "ours", "credits": 20, "where": {"kind": "A"}}
THEIRS = {"id": "theirs", "credits": 30, "where": {"kind": "A"}}
# What the higher award asks, where the lower one says something of the kind.
HIGHER: dict[str, Any] = {
    "reuse_cap": 30,
    "max_registration_years": 3,
    "min_at_level": {7: 40},
    "max_below_level": {6: 40},
    "at_least": [OURS],
    "at_most": [THEIRS],
}


@pytest.mark.parametrize(
    ("lower", "told"),
    [
        ({}, True),
        ({"rpl_cap": 40}, True),
        ({"rpl_cap": 60}, False),
        ({"credits": 90}, False),
        ({"buckets": {"a": 10, "b": 4}}, False),
        ({"buckets": {"a": 10, "b": 5, "c": 0}}, False),
        ({"requires": "a"}, False),
        ({"reuse_cap": 30}, True),
        ({"max_registration_years": 3}, True),
        ({"min_at_level": {7: 50}}, True),
        ({"min_at_level": {7: 30, 6: 40}}, False),
        ({"min_at_level": {7: 40}}, True),
        ({"min_at_level": {7: 39}}, False),
        ({"min_at_level": {6: 40}}, False),
        ({"max_below_level": {6: 40}}, True),
        ({"max_below_level": {5: 20}}, False),
        ({"max_below_level": {6: 41}}, False),
        ({"at_least": [OURS]}, True),
        ({"at_least": [{**OURS, "credits": 21}]}, True),
        ({"at_least": [{**OURS, "credits": 19}]}, False),
        ({"at_least": [{"id": "ours", "badges": 20, "where": {"kind": "A"}}]}, False),
        ({"at_least": [{**OURS, "where": {"kind": "B"}}]}, False),
        ({"at_most": [THEIRS]}, True),
        ({"at_most": [{**THEIRS, "credits": 29}]}, True),
        ({"at_most": [{**THEIRS, "credits": 31}]}, False),
    ],
)
def test_award_below_one_that_asks_no_more_is_told(lower: dict[str, Any], told: object) -> None:
    (asked,) = [key for key in lower if key in HIGHER] or [""]
    higher = {asked: HIGHER[asked]} if asked else {}
    awards = [award(rpl_cap=50, **higher), award(**{"id": "Y", "rpl_cap": 50, **lower})]
    changes = {"awards": awards, "buckets__c": {"min": 1, "where": ANY}}
    assert codes_of(Code.NEVER_CONFERRED, **changes) == ({"awards.Y"} if told else set())


def test_award_of_another_pathway_can_be_conferred() -> None:
    awards = [award(pathway="digital"), award(id="Y")]
    assert codes_of(Code.NEVER_CONFERRED, awards=awards) == set()


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        ({"mean": 70, "bucket_means": {"a": 60}}, True),
        ({"mean": 71, "any_of": [{"bucket_means": {"a": 65}}, {"bucket_means": {"a": 60}}]}, True),
        ({"mean": 71, "any_of": [{"bucket_means": {"a": 65}}, {"mean": 80}]}, False),
        ({"mean": 70}, False),
        ({"mean": 69, "bucket_means": {"a": 60}}, False),
    ],
)
def test_class_below_one_that_asks_no_more_is_told(worse: dict[str, Any], told: object) -> None:
    better = {"id": "distinction", "mean": 70, "bucket_means": {"a": 60}}
    rule = {"rpl_marks": "included", "classes": [better, {"id": "merit", **worse}]}
    found = codes_of(Code.NEVER_CONFERRED, classification=rule)
    assert found == ({"classification.merit"} if told else set())


def test_class_with_a_condoned_badge_can_stand_below_an_equal_one_without() -> None:
    rule = {"rpl_marks": "included", "classes": [{"id": "a", "mean": 70}, {"id": "b", "mean": 70}]}
    condonement = {"max_credits": 30, "mark_floor": 40, "cap_class": "b"}
    changes = {"classification": rule, "condonement": condonement, "pass_mark": 50}
    assert codes_of(Code.NEVER_CONFERRED, **changes) == set()


def test_class_with_a_mean_in_a_bucket_that_the_award_does_not_list_is_told() -> None:
    rule = {"rpl_marks": "included", "classes": [{"id": "merit", "bucket_means": {"b": 60}}]}
    assert codes_of(Code.CLASS_OUT_OF_REACH, classification=rule) == {"classification.merit"}


def test_asking_for_more_than_the_award_is_of_is_told() -> None:
    assert codes_of(Code.ASKS_MORE, awards=[award(min_at_level={7: 101})]) == {
        "awards.X.min_at_level.7"
    }
    assert codes_of(Code.ASKS_MORE, awards=[award(buckets={"a": 60, "b": 60})]) == {
        "awards.X.credits"
    }


def test_names_that_nothing_uses_are_told() -> None:
    changes = {
        "trust_lists__old": ["did:web:a"],
        "attestations": {"viva": {"says": "x", "by": "y"}},
        "concessions": {"allowed": ["forgive_year"]},
    }
    assert set(remarks(**changes)) == {
        ("unused", "trust_lists.old"),
        ("unused", "attestations.viva"),
        ("unused", "buckets.b"),
        ("unused", "concessions.allowed"),
    }


def test_child_that_stands_twice_is_told() -> None:
    tree = {"choose": 2, "of": ["a", {"badge": "A"}, "a"]}
    assert codes_of(Code.TWICE, awards__0__requires=tree) == {"awards.X.requires.of[2]"}


def test_clause_that_names_every_award_is_told() -> None:
    awards = [award(), award(id="Y", credits=50)]
    rule = {"kinds": {"at_least": 2, "awards": ["Y", "X"]}}
    assert codes_of(Code.ALL_AWARDS, awards=awards, distinct=rule) == {"distinct.kinds.awards"}


def test_ceiling_of_a_bucket_is_told_only_when_it_binds_for_no_award() -> None:
    ceiling = {**BUCKETS["a"], "max_below_level": {6: 30}}
    strict, free = award(max_below_level={6: 30}), award(id="Y", credits=90)
    path = "buckets.a.max_below_level.6"
    assert path in codes_of(Code.NEVER_BINDS, awards=[strict], buckets__a=ceiling)
    assert path not in codes_of(Code.NEVER_BINDS, awards=[strict, free], buckets__a=ceiling)
