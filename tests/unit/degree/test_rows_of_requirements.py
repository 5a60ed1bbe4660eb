"""The rows of what an award requires: the tree of buckets, badges, attestations and choices."""

from typing import Any

from wallets import lines, posed, programme, record

from degree.rules.records import Attestation, Word
from degree.rules.rows import Counts, Problem

BUCKETS: dict[str, dict[str, Any]] = {
    name: {"min": minimum, "where": {"tag": name}} for name, minimum in (("a", 2), ("b", 3))
}
BADGES = [record("x", 10, tags="ab", code="ONE"), record("y", 5, tags="b", code="TWO")]
A, B = "awards.X.buckets.a", "awards.X.buckets.b"
ROOT = "awards.X.requires"


def required(node: Any, buckets: dict[str, Any] = BUCKETS, **facts: Any) -> Problem:
    rules = programme(
        awards=[{"id": "X", "credits": 0, "requires": node}],
        buckets=buckets,
        attestations={"viva": {"says": "It was passed.", "by": "examiner"}},
    )
    return posed(rules, BADGES, **facts)


def asked(node: Any, **facts: Any) -> dict[str, str]:
    """The rows but that of the award's credits."""
    said = lines(required(node, **facts))
    del said["awards.X.credits"]
    return said


def test_what_is_required_outright_has_no_choice() -> None:
    problem = required({"all_of": ["b", "a"]})
    assert problem.choices == ()
    assert list(lines(problem).items())[1:] == [
        (A, "100 x@a >= 20"),
        (B, "100 x@b + 50 y >= 30"),
    ]


def test_a_single_bucket_may_be_all_that_is_required() -> None:
    assert asked("b") == {B: "100 x@b + 50 y >= 30"}


def test_a_bucket_that_is_not_required_asks_for_nothing_and_still_allows_no_more() -> None:
    limited = BUCKETS | {"a": {**BUCKETS["a"], "min_badges": 1, "max_badges": 1}}
    assert asked("b", buckets=limited) == {
        B: "100 x@b + 50 y >= 30",
        f"{A}.max_badges": "1 x@a <= 1",
    }


def test_a_mandatory_bucket_is_always_required() -> None:
    mandatory = BUCKETS | {"a": {**BUCKETS["a"], "mandatory": True}}
    assert asked("b", buckets=mandatory)[A] == "100 x@a >= 20"


def test_one_of_several_is_a_choice_that_lowers_what_the_others_ask() -> None:
    problem = required({"any_of": ["a", "b"]})
    assert problem.choices == (A, B)
    assert list(lines(problem).items())[1:] == [
        (A, f"100 x@a - 20 [{A}] >= 0"),
        (B, f"100 x@b + 50 y - 30 [{B}] >= 0"),
        (ROOT, f"1 [{A}] + 1 [{B}] >= 1"),
    ]
    assert [row.counts for row in problem.rows][1:] == [
        *(Counts.CREDITS, Counts.CREDITS, Counts.OTHER)
    ]


def test_what_a_chosen_bucket_asks_hangs_on_its_one_choice() -> None:
    more = {
        **BUCKETS["b"],
        "min_badges": 2,
        "at_least": [
            {"id": "one", "badges": 1, "where": {"code": "ONE"}},
            {"id": "much", "credits": 4, "where": {"code": "TWO"}},
            {"id": "half", "share": 0.4, "where": {"code": "TWO"}},
        ],
    }
    said = asked({"any_of": ["a", "b"]}, buckets=BUCKETS | {"b": more})
    assert said[f"{B}.min_badges"] == f"1 x@b + 1 y - 2 [{B}] >= 0"
    assert said[f"{B}.at_least.one"] == f"1 x@b - 1 [{B}] >= 0"
    assert said[f"{B}.at_least.much"] == f"50 y - 40 [{B}] >= 0"
    # 5·part - 2·all, and all of 2·150 where the bucket is not chosen
    assert said[f"{B}.at_least.half"] == f"- 200 x@b + 150 y - 300 [{B}] >= -300"


def test_a_bucket_without_a_minimum_hangs_on_nothing() -> None:
    free = BUCKETS | {"a": {**BUCKETS["a"], "min": 0}}
    said = asked({"any_of": ["a", "b"]}, buckets=free)
    assert said[A] == "100 x@a >= 0"
    assert said[ROOT] == f"1 [{A}] + 1 [{B}] >= 1"


def test_a_choice_of_so_many_asks_for_so_many() -> None:
    node = {"choose": 2, "of": ["a", "b", {"badge": "TWO"}]}
    said = asked(node)
    assert said[f"{ROOT}.of[2]"] == f"1 y - 1 [{ROOT}.of[2]] >= 0"
    assert said[ROOT] == f"1 [{A}] + 1 [{B}] + 1 [{ROOT}.of[2]] >= 2"


def test_nodes_below_a_choice_have_choices_children_first() -> None:
    node = {
        "any_of": [
            {"all_of": ["a", {"badge": "ONE"}]},
            {"choose": 2, "of": ["a", "b", {"badge": "TWO"}]},
            {"any_of": ["b", {"attested": "viva"}]},
        ]
    }
    problem = required(node)
    first, second, third = (f"{ROOT}.any_of[{number}]" for number in range(3))
    assert problem.choices == (
        *(A, f"{first}.all_of[1]", first),
        *(B, f"{second}.of[2]", second),
        *(f"{third}.any_of[1]", third),
    )
    said = lines(problem)
    assert said[f"{first}.all_of[1]"] == f"1 x - 1 [{first}.all_of[1]] >= 0"
    assert said[f"{first}#0"] == f"1 [{A}] - 1 [{first}] >= 0"
    assert said[f"{first}#1"] == f"1 [{first}.all_of[1]] - 1 [{first}] >= 0"
    assert first not in said
    assert said[second] == f"1 [{A}] + 1 [{B}] + 1 [{second}.of[2]] - 2 [{second}] >= 0"
    assert said[third] == f"1 [{B}] + 1 [{third}.any_of[1]] - 1 [{third}] >= 0"
    assert said[ROOT] == f"1 [{first}] + 1 [{second}] + 1 [{third}] >= 1"
    paths = {row.name: row.path for row in problem.rows}
    assert paths[f"{first}#0"] == first


def test_a_required_all_of_makes_its_children_required_and_has_no_row() -> None:
    node = {"all_of": ["a", {"all_of": ["b", {"badge": "TWO"}]}, {"any_of": [{"badge": "ONE"}]}]}
    said = asked(node)
    inner = f"{ROOT}.all_of[1].all_of[1]"
    only = f"{ROOT}.all_of[2].any_of[0]"
    assert list(said) == [A, B, inner, only, f"{ROOT}.all_of[2]"]
    assert said[A] == "100 x@a >= 20"
    assert said[inner] == "1 y >= 1"
    assert said[only] == f"1 x - 1 [{only}] >= 0"
    assert said[f"{ROOT}.all_of[2]"] == f"1 [{only}] >= 1"


def test_a_bucket_that_is_required_anyway_needs_no_choice_elsewhere() -> None:
    below, last = f"{ROOT}.all_of[1].any_of[0]", f"{ROOT}.all_of[1].any_of[1]"
    node = {"all_of": ["a", {"any_of": [{"choose": 2, "of": ["a", "b"]}, {"all_of": ["a", "b"]}]}]}
    problem = required(node)
    said = lines(problem)
    assert problem.choices == (B, below, last)
    assert said[A] == "100 x@a >= 20"
    assert said[below] == f"1 [{B}] - 2 [{below}] >= -1"
    assert f"{last}#0" not in said
    assert said[f"{last}#1"] == f"1 [{B}] - 1 [{last}] >= 0"


def test_a_choice_among_what_is_required_anyway_is_less_to_ask() -> None:
    node = {"all_of": ["a", {"choose": 2, "of": ["a", "b"]}]}
    assert asked(node)[f"{ROOT}.all_of[1]"] == f"1 [{B}] >= 1"


def test_a_bucket_that_stands_twice_has_one_choice_which_weighs_twice_where_both_stand() -> None:
    node = {"any_of": [{"all_of": ["a", "b"]}, {"all_of": ["a", {"badge": "ONE"}]}]}
    problem = required(node)
    assert list(problem.choices).count(A) == 1
    assert [row.name for row in problem.rows].count(A) == 1


def test_a_badge_that_is_required_must_be_counted() -> None:
    problem = required({"badge": "TWO"})
    assert lines(problem)[ROOT] == "1 y >= 1"
    assert problem.rows[1].counts is Counts.BADGES
    assert asked({"badge": "NONE"})[ROOT] == "0 >= 1"


def test_an_attestation_that_was_given_asks_for_nothing() -> None:
    said = asked({"attested": "viva"}, attestations={"viva": Attestation(value=Word.YES)})
    assert ROOT not in said


def test_an_attestation_that_was_refused_or_is_pending_cannot_be_met() -> None:
    for given in (
        {},
        {"viva": Attestation(value=Word.NO)},
        {"viva": Attestation(value=Word.PENDING)},
    ):
        assert asked({"attested": "viva"}, attestations=given)[ROOT] == "0 >= 1"


def test_hope_meets_what_is_pending_and_not_what_was_refused() -> None:
    for given in ({}, {"viva": Attestation(value=Word.PENDING)}):
        assert ROOT not in asked({"attested": "viva"}, attestations=given, hoping=True)
    refused = {"viva": Attestation(value=Word.NO)}
    assert asked({"attested": "viva"}, attestations=refused, hoping=True)[ROOT] == "0 >= 1"


def test_an_attestation_below_a_choice_closes_it_or_leaves_it_free() -> None:
    node = {"any_of": ["a", {"attested": "viva"}]}
    leaf = f"{ROOT}.any_of[1]"
    assert asked(node)[leaf] == f"- 1 [{leaf}] >= 0"
    given = asked(node, attestations={"viva": Attestation(value=Word.YES)})
    assert leaf not in given
    assert given[ROOT] == f"1 [{A}] + 1 [{leaf}] >= 1"
