"""The judges of the engine on condonement and classes, as known by hand."""

from typing import Any

import pytest
from degree_hand import badge, bucket, class_, earned, programme
from degree_reading import Json

TWO = {"a": bucket("a"), "b": bucket("b")}


def passing(credits_: float, buckets: Json | None = None, **condonement: Any) -> Json:
    usual = {"max_credits": 30, "mark_floor": 40}
    return programme(credits_, buckets, pass_mark=50, condonement=usual | condonement)


def test_failed_badge_counts_by_condonement_only() -> None:
    failed = [badge("x", mark=49.9), badge("y", mark=50)]
    assert not earned(programme(20, pass_mark=50), failed)
    assert earned(programme(20), failed)
    assert earned(passing(20), failed)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"max_credits": 10}, True),
        ({"max_credits": 9.9}, False),
        ({"mark_floor": 45}, True),
        ({"mark_floor": 45.1}, False),
        ({"not_in": ["b"]}, True),
        ({"not_in": ["a"]}, False),
        ({"mean_at_least": 55}, True),
        ({"mean_at_least": 55.1}, False),
    ],
)
def test_condonement_has_its_limits(rule: Json, *, expected: bool) -> None:
    badges = [badge("x", mark=45, tags=["a"]), badge("y", mark=65, tags=["b"])]
    assert earned(passing(20, TWO, **rule), badges) is expected


def test_nothing_is_condoned_in_a_bucket_that_is_not_compensatable() -> None:
    assert not earned(passing(1, {"a": bucket("any", compensatable=False)}), [badge("x", mark=45)])


def test_mean_for_condonement_holds_only_where_something_is_condoned() -> None:
    rules = passing(10, mean_at_least=60)
    assert earned(rules, [badge("x", mark=50)])
    assert not earned(rules, [badge("x", mark=49)])
    assert earned(passing(20, mean_at_least=60), [badge("x", mark=49), badge("y", mark=71)])
    assert not earned(passing(20, mean_at_least=60), [badge("x", mark=49), badge("y", mark=70.9)])


def test_mean_for_condonement_leaves_marks_of_prior_learning_out_where_classes_do() -> None:
    badges = [badge("x", mark=45), badge("y", mark=60), badge("z", mark=100, rpl=True)]
    rules = passing(30, mean_at_least=53)
    assert earned(rules, badges)
    assert not earned(rules | classes({"id": "first"}), badges)


def classes(*some: Json, **rules: Any) -> Json:
    usual = {"rpl_marks": "excluded_from_mean", "classes": list(some)}
    return {"classification": usual | rules}


def first(criteria: Json, **rules: Any) -> Json:
    """One class, with these criteria, over two buckets and 20 credits."""
    return programme(20, TWO, **classes({"id": "first", **criteria}, **rules))


PAIR = [badge("x", mark=80, tags=["a"]), badge("y", mark=60, tags=["b"], first_attempt=False)]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({"mean": 70}, True),
        ({"mean": 70.1}, False),
        ({"bucket_means": {"a": 80}}, True),
        ({"bucket_means": {"a": 80, "b": 60.1}}, False),
        ({"credits_at": {"60": 20}}, True),
        ({"credits_at": {"60": 20.1}}, False),
        ({"credits_at": {"60.1": 20}}, False),
        ({"share_at": {"80": 0.5}}, True),
        ({"share_at": {"80": 0.51}}, False),
        ({"first_attempts": True}, False),
        ({"any_of": [{"mean": 71}, {"share_at": {"80": 0.5}}]}, True),
        ({"any_of": [{"mean": 71}, {"mean": 60, "share_at": {"80": 0.6}}]}, False),
        ({"any_of": [{"mean": 71}, {"bucket_means": {"b": 60}}]}, True),
        ({"mean": 70, "any_of": [{"credits_at": {"80": 11}}, {"credits_at": {"80": 10}}]}, True),
        ({"mean": 71, "any_of": [{"credits_at": {"80": 10}}]}, False),
    ],
)
def test_class_needs_all_it_says_and_one_alternative(criteria: Json, *, expected: bool) -> None:
    assert (class_(first(criteria), PAIR) == "first") is expected


def test_best_class_is_that_of_some_placing_not_of_all_badges() -> None:
    rules = programme(10, **classes({"id": "first", "mean": 70}, {"id": "second", "mean": 60}))
    badges = [badge("x", mark=70), badge("y", mark=40)]
    assert class_(rules, badges) == "first"
    assert class_(programme(20) | classes({"id": "first", "mean": 70}), badges) is None


def test_classes_are_tried_from_the_best() -> None:
    rules = first({"mean": 90}) | classes({"id": "first", "mean": 90}, {"id": "second", "mean": 60})
    assert class_(rules, PAIR) == "second"


def test_mean_is_rounded_half_up_where_the_programme_says_so() -> None:
    badges = [badge("x", 19, mark=70, tags=["a"]), badge("y", 1, mark=60, tags=["b"])]  # 69.5
    assert class_(first({"mean": 70}), badges) is None
    assert class_(first({"mean": 70}, mean_rounding="none"), badges) is None
    assert class_(first({"mean": 70}, mean_rounding="half_up"), badges) == "first"
    assert class_(first({"mean": 71}, mean_rounding="half_up"), badges) is None
    of_bucket = {"bucket_means": {"b": 60.5}}
    assert class_(first(of_bucket, mean_rounding="half_up"), badges) == "first"


def test_ungraded_badges_are_left_out_of_means() -> None:
    badges = [badge("x", mark=70, tags=["a"]), badge("y", tags=["b"])]
    assert class_(first({"mean": 70}), badges) == "first"
    assert class_(first({"share_at": {"70": 0.99}}), badges) == "first"
    assert class_(first({"bucket_means": {"b": 0}}), badges) is None


def test_every_class_needs_something_graded() -> None:
    badges = [badge("x", tags=["a"]), badge("y", tags=["b"])]
    assert class_(first({"first_attempts": True}), badges) is None
    some = [badges[0], badge("y", mark=1, tags=["b"])]
    assert class_(first({"first_attempts": True}), some) == "first"
    assert class_(first({"first_attempts": True}, graded_at_least=10), some) == "first"
    assert class_(first({"first_attempts": True}, graded_at_least=10.1), some) is None


@pytest.mark.parametrize(
    ("rpl_marks", "expected"), [("included", "first"), ("excluded_from_mean", None)]
)
def test_marks_of_prior_learning_count_where_they_are_included(
    rpl_marks: str, expected: str | None
) -> None:
    badges = [badge("x", mark=90, tags=["a"], rpl=True), badge("y", mark=60, tags=["b"])]
    assert class_(first({"mean": 70}, rpl_marks=rpl_marks), badges) == expected


@pytest.mark.parametrize(
    ("cap", "expected"),
    [({}, None), ({"cap_class": "pass"}, None), ({"cap_class": "second"}, "second"),
     ({"cap_class": "first"}, "first")],
)  # fmt: skip
def test_condoned_badge_caps_the_class(cap: Json, expected: str | None) -> None:
    two = classes({"id": "first", "mean": 50}, {"id": "second", "mean": 40})
    badges = [badge("x", mark=45), badge("y", mark=90)]
    assert class_(passing(20, **cap) | two, badges) == expected
    assert class_(passing(10, **cap) | two, badges) == "first"  # the failed one stays out


def test_award_outside_the_classification_has_no_class() -> None:
    assert class_(first({"mean": 1}, awards=["Other"]), PAIR) is None
