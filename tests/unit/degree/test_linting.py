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
    assert all(each.sentence and "None" not in each.sentence for each in found)
    return {
        (each.code.value, each.path): each
        for each in found
        if each.path not in changes.get("but", ())
    }


def codes(**changes: Any) -> set[tuple[str, str]]:
    return set(remarks(**changes)) - {("unused", "buckets.b")}


def codes_of(code: Code, **changes: Any) -> set[str]:
    return {path for found, path in codes(**changes) if found == code.value}


YEAR = {"at_least": 1, "of": "activity", "validated": True}
YEARS = {
    "every": "registration_year",
    "joined": YEAR,
    "co_provided": YEAR,
    "misses": {"concession": "none"},
}


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


def share(name: str, amount: float, kind: str) -> dict[str, Any]:
    return {"id": name, "share": amount, "where": {"kind": kind}}


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ({"at_least": [share("t", 0.5, "T"), share("u", 0.5, "U")]}, set()),
        ({"at_least": [share("t", 0.5, "T"), share("u", 0.51, "U")]}, {"at_least.u"}),
        ({"at_least": [share("t", 0.6, "T"), share("u", 0.6, "T")]}, set()),
        ({"at_least": [share("t", 0.5, "T")], "at_most": [share("u", 0.5, "T")]}, set()),
        (
            {
                "at_least": [share("t", 0.5, "T")],
                "at_most": [share("u", 0.4, "T"), share("v", 0.3, "T"), share("w", 0.3, "W")],
            },
            {"at_most.u", "at_most.v"},
        ),
        ({"at_most": [{"id": "all", "share": 0.9, "where": ANY}]}, {"at_most.all"}),
    ],
)
def test_shares_that_contradict_each_other_are_told(rules: dict[str, Any], told: set[str]) -> None:
    found = codes_of(Code.NEVER_SATISFIED, awards=[award(**rules)])
    assert found == {f"awards.X.{path}" for path in told}


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


@pytest.mark.parametrize(
    ("alternative", "dead"),
    [
        ({"choose": 2, "of": ["b", {"badge": "Z"}]}, True),
        ({"choose": 1, "of": ["b", {"badge": "Z"}]}, False),
        ({"any_of": [{"badge": "Z"}, {"badge": "Y"}]}, True),
        ({"all_of": ["b", {"badge": "Z"}]}, True),
        ({"all_of": ["b", {"badge": "b"}]}, False),
        ({"attested": "viva"}, False),
    ],
)
def test_alternative_within_an_alternative_is_dead_where_too_little_of_it_can_hold(
    alternative: dict[str, Any], *, dead: bool
) -> None:
    only = {name: {"min": 1, "where": {"code": name}} for name in "ab"}
    awards = [award(requires={"any_of": ["a", alternative]})]
    viva = {"viva": {"says": "x", "by": "y"}}
    found = codes_of(Code.DEAD_BRANCH, awards=awards, buckets=only, attestations=viva)
    assert found == ({"awards.X.requires.any_of[1]"} if dead else set())


def test_choice_of_which_too_little_can_hold_is_never_satisfied() -> None:
    only = {name: {"min": 1, "where": {"code": name}} for name in "ab"}
    for number, told in ((1, set()), (2, {"awards.X.requires"})):
        tree = {"choose": number, "of": ["a", {"badge": "Z"}]}
        changes = {"awards": [award(requires=tree, buckets={"a": 10})], "buckets": only}
        assert codes_of(Code.NEVER_SATISFIED, **changes) == told


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


@pytest.mark.parametrize(
    "clause",
    [
        {"distinct": {"kinds": {"at_least": 2}}},
        {"prerequisites": [{"before": "a", "after": "b"}]},
        {"prerequisites": [{"badge": "B", "needs": "A"}]},
        {"exclusions": [["badge:A", "badge:B"]]},
        {"obligations": YEARS},
    ],
)
@pytest.mark.parametrize(("holds_for", "told"), [(["X"], False), (["Y"], True), (["X", "Y"], True)])
def test_award_below_one_with_rules_of_its_own_can_be_conferred(
    clause: dict[str, Any], holds_for: list[str], *, told: bool
) -> None:
    ((name, said),) = clause.items()
    rule: Any = {"kinds": {"at_least": 2, "awards": holds_for}}
    if name == "exclusions":
        rule = [{"one_of": said[0], "awards": holds_for}]
    elif name == "prerequisites":
        rule = [{**said[0], "awards": holds_for}]
    elif name == "obligations":
        rule = {**said, "awards": holds_for}
    awards = [award(), award(id="Y")]
    found = codes_of(Code.NEVER_CONFERRED, awards=awards, **{name: rule})
    assert found == ({"awards.Y"} if told else set())


def test_each_award_that_nobody_gets_is_told() -> None:
    awards = [award(), award(id="Y"), award(id="Z")]
    assert codes_of(Code.NEVER_CONFERRED, awards=awards) == {"awards.Y", "awards.Z"}


@pytest.mark.parametrize(("code", "told"), [("A", True), ("B", False)])
def test_award_that_requires_another_choice_can_be_conferred(code: str, *, told: bool) -> None:
    higher, lower = ({"any_of": ["a", {"badge": each}]} for each in ("A", code))
    awards = [award(requires=higher), award(id="Y", requires=lower)]
    assert codes_of(Code.NEVER_CONFERRED, awards=awards) == ({"awards.Y"} if told else set())


def test_award_of_another_pathway_can_be_conferred() -> None:
    awards = [award(pathway="digital"), award(id="Y")]
    assert codes_of(Code.NEVER_CONFERRED, awards=awards) == set()


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        ({"mean": 70, "bucket_means": {"a": 60}}, True),
        ({"mean": 71, "bucket_means": {"a": 61}}, True),
        ({"mean": 70, "bucket_means": {"a": 59}}, False),
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


@pytest.mark.parametrize("clause", ["credits_at", "share_at"])
@pytest.mark.parametrize(
    ("mark", "amount", "told"),
    [(70, 0.5, True), (75, 0.5, True), (70, 0.6, True), (65, 0.6, False), (75, 0.4, False)],
)
def test_class_that_asks_for_as_much_at_as_high_a_mark_is_told(
    clause: str, mark: int, amount: float, *, told: bool
) -> None:
    better, worse = {"id": "a", clause: {70: 0.5}}, {"id": "b", clause: {mark: amount}}
    rule = {"rpl_marks": "included", "classes": [better, worse]}
    found = codes_of(Code.NEVER_CONFERRED, classification=rule)
    assert found == ({"classification.b"} if told else set())


def test_each_class_that_nobody_gets_is_told() -> None:
    classes = [{"id": name, "mean": 70} for name in "abc"]
    rule = {"rpl_marks": "included", "classes": classes}
    found = codes_of(Code.NEVER_CONFERRED, classification=rule)
    assert found == {"classification.b", "classification.c"}


def test_class_of_first_attempts_can_stand_above_an_equal_one_with_resits() -> None:
    classes = [{"id": "a", "mean": 70, "first_attempts": True}, {"id": "b", "mean": 70}]
    rule = {"rpl_marks": "included", "classes": classes}
    assert codes_of(Code.NEVER_CONFERRED, classification=rule) == set()
    turned = {"rpl_marks": "included", "classes": [classes[1], classes[0]]}
    assert codes_of(Code.NEVER_CONFERRED, classification=turned) == {"classification.a"}


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


def test_an_award_out_of_reach_is_not_also_told_to_ask_for_much() -> None:
    much = {"min_at_level": {7: 101}}
    dead = {"requires": {"any_of": ["a", {"badge": "Z"}]}}
    only = {name: {"min": 1, "where": {"code": name}} for name in "ab"}
    alive = codes(awards=[award(**much, **dead)], buckets=only)
    assert ("dead-branch", "awards.X.requires.any_of[1]") in alive
    assert ("asks-more", "awards.X.min_at_level.7") in alive
    low = {name: {"min": 1, "where": {"level_max": 6}} for name in "ab"}
    never = codes(awards=[award(**much)], buckets=low)
    assert ("never-satisfied", "awards.X.min_at_level.7") in never
    assert not [code for code, _ in never if code == "asks-more"]


@pytest.mark.parametrize(
    ("floor", "sentence"),
    [
        ({"min_at_level": {7: 60.5}}, "it needs 60.5 UK credits, and no badge can count for it"),
        ({"rpl": 20}, "it needs 20 UK credits, and at most 7.5 UK credits can count for it"),
        ({"badges": 3}, "it needs 3 badges, and at most 1 badge can count for it"),
    ],
)
def test_what_is_out_of_reach_is_told_with_its_amounts(floor: Any, sentence: str) -> None:
    clauses: dict[str, Any] = floor
    if "rpl" in floor:
        prior = {"id": "prior", "credits": 20, "where": {"rpl": True}}
        clauses = {"rpl_cap": 7.5, "at_least": [prior]}
    if "badges" in floor:
        few = {"id": "few", "badges": 1, "where": {"kind": "K"}}
        clauses = {"at_most": [few], "at_least": [{**few, "id": "more", "badges": 3}]}
    low = {name: {"min": 1, "where": {"level_max": 6}} for name in "ab"}
    buckets = low if "min_at_level" in floor else BUCKETS
    found = remarks(awards=[award(**clauses)], buckets=buckets)
    said = [each.sentence for (code, _), each in found.items() if code == "never-satisfied"]
    assert f"It can never be satisfied: {sentence}." in said


def test_where_no_badge_may_stand_there_is_no_credit_either() -> None:
    shut = {"a": {"min": 0, "where": ANY, "max_badges": 0}}
    one = {"a": {"min": 0, "where": ANY, "max_badges": 1}}
    awards = [award(buckets={"a": 0})]
    path = ("never-satisfied", "awards.X.credits")
    assert path in codes(awards=awards, buckets=shut)
    assert path not in codes(awards=awards, buckets=one)
    none = {"a": {"min": 0, "where": ANY, "max_credits": 0, "min_badges": 1}}
    assert ("never-satisfied", "awards.X.buckets.a.min_badges") not in codes(
        awards=awards, buckets=none
    )


def test_a_limit_in_a_bucket_is_measured_by_that_bucket() -> None:
    far = {"id": "far", "credits": 5, "where": {"kind": "Z"}}
    buckets = {"a": {"min": 10, "where": {"kind": "K"}, "at_most": [far]}, "b": BUCKETS["b"]}
    found = codes_of(Code.NEVER_BINDS, awards=[award()], buckets=buckets)
    assert found == {"buckets.a.at_most.far"}


def test_a_class_is_in_reach_of_awards_that_have_none() -> None:
    classes = [{"id": "merit", "bucket_means": {"b": 60}}]
    rule = {"rpl_marks": "included", "awards": ["X"], "classes": classes}
    awards = [award(), award(id="Y", credits=50, buckets={"a": 10})]
    assert codes_of(Code.CLASS_OUT_OF_REACH, awards=awards, classification=rule) == set()


def test_what_asks_for_too_much_is_told_once() -> None:
    much = award(min_at_level={7: 101}, buckets={"a": 60, "b": 60})
    assert codes_of(Code.ASKS_MORE, awards=[much]) == {"awards.X.min_at_level.7"}


@pytest.mark.parametrize(
    ("trusted", "sentence"),
    [
        (1, "3 issuers are needed, and one issuer is trusted"),
        (2, "3 issuers are needed, and 2 issuers are trusted"),
    ],
)
def test_more_issuers_than_are_trusted_are_told(trusted: int, sentence: str) -> None:
    lists = {"ours": [f"did:web:{number}" for number in range(trusted)]}
    found = remarks(trust_lists=lists, distinct={"issuers": {"at_least": 3}})
    remark = found["never-satisfied", "distinct.issuers"]
    assert remark.sentence == f"It can never be satisfied: {sentence}."


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


def test_what_never_binds_in_a_bucket_of_several_awards_is_told_once() -> None:
    bucket = {"min": 0, "where": {"rpl": True}, "max_credits": 10}
    capped = {"buckets": {"a": 0, "b": 5}, "rpl_cap": 5}
    awards = [award(**capped), award(**capped, id="Y", pathway="digital")]
    found = codes_of(Code.NEVER_BINDS, awards=awards, buckets__a=bucket)
    assert found == {"buckets.a.max_credits"}


def test_ceiling_of_a_bucket_is_told_only_when_it_binds_for_no_award() -> None:
    ceiling = {**BUCKETS["a"], "max_below_level": {6: 30}}
    strict, free = award(max_below_level={6: 30}), award(id="Y", credits=90)
    path = "buckets.a.max_below_level.6"
    assert path in codes_of(Code.NEVER_BINDS, awards=[strict], buckets__a=ceiling)
    assert path not in codes_of(Code.NEVER_BINDS, awards=[strict, free], buckets__a=ceiling)
