"""The judges of the engine on awards, buckets and requirements, as known by hand."""

from typing import Any

import pytest
from degree_hand import ANY, badge, bucket, earned, programme
from degree_reading import Json

TWO = {"a": bucket("a"), "b": bucket("b")}


def tagged(name: str, size: float, *tags: str, **facts: Any) -> Json:
    return badge(name, size, tags=list(tags), **facts)


def of_two(a: float, b: float, **rules: Any) -> Json:
    return programme(1, TWO, award={"buckets": {"a": a, "b": b}}, **rules)


def test_award_needs_its_credits_to_the_tenth() -> None:
    assert earned(programme(20), [badge("x", 12.5), badge("y", 7.5)])
    assert not earned(programme(20), [badge("x", 12.5), badge("y", 7.4)])


def test_credits_in_ects_are_two_uk_credits_each() -> None:
    assert earned(programme(7.5, credit_unit="ects"), [badge("x", 15)])
    assert not earned(programme(7.5, credit_unit="ects"), [badge("x", 14.9)])


def test_badge_counts_in_one_bucket_only() -> None:
    both = tagged("x", 10, "a", "b")
    assert earned(of_two(10, 0), [both])
    assert not earned(of_two(10, 10), [both])


def test_badges_do_not_split() -> None:
    three = [tagged(name, 3, "a", "b") for name in "xyz"]
    assert earned(of_two(6, 3), three)
    assert not earned(of_two(4, 4), three)


def test_scarce_badge_goes_where_only_it_can_go() -> None:
    assert earned(of_two(10, 10), [tagged("x", 10, "a", "b"), tagged("y", 10, "a")])


def test_badge_of_no_bucket_does_not_count() -> None:
    assert not earned(of_two(0, 0), [tagged("x", 10, "c")])


@pytest.mark.parametrize(
    ("award", "expected"),
    [
        ({"min_at_level": {"7": 10}}, True),
        ({"min_at_level": {"7": 10.1}}, False),
        ({"credits": 20, "max_below_level": {"6": 10}}, True),
        ({"credits": 20, "max_below_level": {"6": 9.9}}, False),
        ({"max_below_level": {"6": 9.9}}, True),  # the one at level 6 stays out
    ],
)
def test_levels_are_bounded_over_what_counts(award: Json, *, expected: bool) -> None:
    badges = [badge("high", 10), badge("low", 10, level=6)]
    assert earned(programme(1, award=award), badges) is expected


@pytest.mark.parametrize(("cap", "expected"), [(10, True), (9.9, False)])
def test_prior_learning_and_reuse_are_capped(cap: float, *, expected: bool) -> None:
    prior = [badge("x", 10, rpl=True), badge("y", 10)]
    used = [badge("x", 10, used_in="BSc"), badge("y", 10)]
    assert earned(programme(20, award={"rpl_cap": cap}), prior) is expected
    assert earned(programme(20, award={"reuse_cap": cap}), used) is expected


@pytest.mark.parametrize(
    ("side", "bound", "expected"),
    [
        ("at_least", {"credits": 10}, True),
        ("at_least", {"credits": 10.5}, False),
        ("at_least", {"badges": 2}, True),
        ("at_least", {"badges": 3}, False),
        ("at_least", {"share": 0.25}, True),
        ("at_least", {"share": 0.26}, False),
        ("at_most", {"credits": 10}, True),
        ("at_most", {"credits": 9}, False),
        ("at_most", {"badges": 2}, True),
        ("at_most", {"badges": 1}, False),
        ("at_most", {"share": 0.25}, True),
        ("at_most", {"share": 0.24}, False),
    ],
)
def test_bounds_hold_in_award_and_bucket(side: str, bound: Json, *, expected: bool) -> None:
    badges = [badge("x", 5, kind="K"), badge("y", 5, kind="K"), badge("z", 30, kind="L")]
    rule = {side: [{"id": "some", "where": {"kind": "K"}, **bound}]}
    assert earned(programme(40, award=rule), badges) is expected
    assert earned(programme(40, {"all": bucket("any", **rule)}), badges) is expected


def test_share_can_be_cured_by_counting_less() -> None:
    rule = {"at_most": [{"id": "some", "where": {"kind": "K"}, "share": 0.5}]}
    badges = [badge("x", 10, kind="K"), badge("y", 10, kind="K"), badge("z", 10, kind="L")]
    assert earned(programme(20, award=rule), badges)
    assert not earned(programme(20.1, award=rule), badges)


@pytest.mark.parametrize(
    ("rule", "most"),
    [
        ({"max_badges": 2}, 20),
        ({"max_credits": 25}, 20),
        ({"max_below_level": {"6": 10}}, 20),
        ({"max_below_level": {"5": 10}}, 30),
        ({"rpl": False}, 20),
        ({"min_mark": 50}, 10),
    ],
)
def test_bucket_takes_no_more_than_it_allows(rule: Json, most: int) -> None:
    badges = [badge("x", mark=50), badge("y", mark=49.9, level=6, rpl=True), badge("z", level=6)]
    buckets = {"all": bucket("any", **rule)}
    assert earned(programme(most, buckets), badges)
    assert not earned(programme(most + 0.1, buckets), badges)


def test_what_a_bucket_asks_holds_where_it_is_required() -> None:
    rules = {"min_badges": 2, "at_least": [{"id": "k", "credits": 5, "where": {"kind": "K"}}]}
    buckets = {"a": bucket("a", **rules), "b": bucket("b")}
    either = programme(1, buckets, award={"requires": {"any_of": ["a", "b"]}})
    both = programme(1, buckets)
    one, other = tagged("x", 10, "a", kind="K"), tagged("y", 10, "a", kind="L")
    assert earned(both, [one, other])
    assert not earned(both, [one])
    assert not earned(both, [other, other | {"id": "z"}])
    assert earned(either, [one])


def test_limit_holds_where_the_bucket_is_not_required() -> None:
    buckets = {"a": bucket("a", max_badges=1), "b": bucket("b")}
    rules = programme(20, buckets, award={"requires": {"all_of": ["b"]}})
    assert not earned(rules, [tagged("x", 10, "a"), tagged("y", 10, "a")])


def test_mandatory_bucket_is_required_wherever_it_is_listed() -> None:
    buckets = {"a": bucket("a", mandatory=True) | {"min": 10}, "b": bucket("b")}
    listing = {"buckets": {"a": 10, "b": 0}, "requires": {"any_of": ["a", "b"]}}
    leaving = {"buckets": {"b": 0}, "requires": {"all_of": ["b"]}}
    assert not earned(programme(1, buckets, award=listing), [tagged("x", 10, "b")])
    assert earned(programme(1, buckets, award=leaving), [tagged("x", 10, "b")])


def test_award_without_buckets_asks_for_the_minimum_of_each() -> None:
    buckets = {"a": bucket("a") | {"min": 10}, "b": bucket("b") | {"min": 5}}
    assert earned(programme(1, buckets), [tagged("x", 10, "a"), tagged("y", 5, "b")])
    assert not earned(programme(1, buckets), [tagged("x", 10, "a")])


def test_badges_count_only_in_the_listed_buckets() -> None:
    rules = programme(10, TWO, award={"buckets": {"a": 0}})
    assert not earned(rules, [tagged("x", 10, "b")])


BOTH = {"all_of": ["a", "b"]}


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        (BOTH, False),
        ({"any_of": ["a", "b"]}, True),
        ({"any_of": ["b", BOTH]}, False),
        ({"choose": 1, "of": ["a", "b", {"badge": "K"}]}, True),
        ({"choose": 2, "of": ["a", "b", {"badge": "K"}]}, True),
        ({"choose": 3, "of": ["a", "b", {"badge": "K"}]}, False),
        ({"all_of": ["a", {"any_of": ["b", {"all_of": ["a", {"badge": "K"}]}]}]}, True),
        ({"all_of": ["a", {"badge": "L"}]}, False),
        ({"all_of": ["a", {"attested": "yes"}]}, True),
        ({"all_of": ["a", {"attested": "no"}]}, False),
        ({"any_of": ["b", {"attested": "no"}, {"all_of": ["a", {"attested": "yes"}]}]}, True),
    ],
)
def test_requirements_are_a_tree(tree: Json, *, expected: bool) -> None:
    award = {"buckets": {"a": 10, "b": 10}, "requires": tree}
    names = {name: {"says": "It is so.", "by": "somebody"} for name in ("yes", "no")}
    rules = programme(10, TWO, award=award, attestations=names)
    words = {name: {"value": name} for name in ("yes", "no")}
    assert earned(rules, [tagged("x", 10, "a", code="K")], attestations=words) is expected


def test_badge_that_is_named_must_count() -> None:
    buckets = {"a": bucket("a", max_badges=1), "b": bucket("b")}
    rules = programme(10, buckets, award={"requires": {"badge": "K"}})
    named, other = tagged("x", 4, "a", code="K"), tagged("y", 8, "a")
    assert not earned(rules, [named, other])  # the one bucket has room for one of them
    assert earned(rules, [named, other | {"tags": ["b"]}])


@pytest.mark.parametrize(
    ("sharing", "expected"),
    [
        ({"max_badges": 0}, False),
        ({"max_badges": 1}, False),
        ({"max_badges": 2}, True),
        ({"max_badges": 2, "max_credits": 20}, True),
        ({"max_badges": 2, "max_credits": 19}, False),
        ({"max_badges": 2, "between": [["b", "a"]]}, True),
        ({"max_badges": 2, "between": [["a", "c"]]}, False),
    ],
)
def test_shared_badges_fill_two_buckets(sharing: Json, *, expected: bool) -> None:
    buckets = TWO | {"c": bucket("c")}
    award = {"buckets": {"a": 20, "b": 20, "c": 0}}
    rules = programme(20, buckets, award=award, sharing=sharing)
    badges = [tagged("x", 10, "a", "b"), tagged("y", 10, "a", "b")]
    assert earned(rules, badges) is expected


def test_shared_badge_counts_once_in_the_award() -> None:
    rules = programme(10.1, TWO, sharing={"max_badges": 1})
    assert not earned(rules, [tagged("x", 10, "a", "b")])


WHERE: list[tuple[Json, bool]] = [
    (ANY, True),
    ({"tag": "t"}, True),
    ({"tag": ["u", "t"]}, True),
    ({"tag": "u"}, False),
    ({"tag": "t", "level": 7}, True),
    ({"tag": "t", "level": 8}, False),
    ({"level_max": 7}, True),
    ({"level_max": 6}, False),
    ({"rpl": False}, True),
    ({"rpl": True}, False),
    ({"kind": "Project"}, True),
    ({"kind": ["Essay"]}, False),
    ({"role": "co_provider"}, True),
    ({"role": "participant"}, False),
    ({"code": "K"}, True),
    ({"code": ["L", "M"]}, False),
    ({"issuer": "did:web:ours.example"}, True),
    ({"issuer": "did:web:else.example"}, False),
    ({"circle": "north"}, True),
    ({"circle": "south"}, False),
    ({"context": ["ke", "fi"]}, True),
    ({"context": "fi"}, False),
    ({"mark": 60}, True),
    ({"mark": 60.1}, False),
    ({"any_of": [{"tag": "u"}, {"kind": "Project"}]}, True),
    ({"any_of": [{"tag": "u"}, {"kind": "Essay"}]}, False),
    ({"all_of": [{"tag": "t"}, {"kind": "Project"}]}, True),
    ({"all_of": [{"tag": "t"}, {"kind": "Essay"}]}, False),
    ({"not": {"tag": "u"}}, True),
    ({"not": {"tag": "t"}}, False),
    ({"tag": "t", "any_of": [{"all_of": [{"mark": 50}, {"not": {"level": 8}}]}]}, True),
]


@pytest.mark.parametrize(("where", "expected"), WHERE)
def test_filter_takes_what_it_says(where: Json, *, expected: bool) -> None:
    facts = {"kind": "Project", "role": "co_provider", "code": "K", "circle": "north", "mark": 60}
    whole = tagged("x", 10, "t", contexts=["ke"], **facts)
    assert earned(programme(1, {"all": bucket(where)}), [whole]) is expected


def test_badge_without_a_mark_has_none_that_is_high_enough() -> None:
    assert not earned(programme(1, {"all": bucket({"mark": 0})}), [badge("x")])
