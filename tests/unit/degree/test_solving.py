"""Cases made to fool greedy placing, split credit, and searches without bounds."""

from typing import Any

import pytest
from wallets import TODAY, programme, record, wallet

from degree.rules.allocation import Result, allocate
from degree.rules.audit import audit
from degree.rules.explain import Answer, Decision
from degree.rules.posing import problem_for
from degree.rules.programme import Programme
from degree.rules.records import Record


def buckets_by_tag(needs: dict[str, float], *, credits_: float = 0, **award: Any) -> Programme:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in needs}
    return programme(
        awards=[{"id": "X", "credits": credits_, "buckets": needs, **award}], buckets=buckets
    )


def decided(rules: Programme, records: list[Record]) -> Decision:
    return audit(rules, wallet(records), today=TODAY)


def test_three_badges_of_three_do_not_fill_two_needs_of_four() -> None:
    """Split, nine credits would fill eight; whole, one bucket stays at three."""
    records = [record(name, 3, tags=("a", "b")) for name in "xyz"]
    decision = decided(buckets_by_tag({"a": 4, "b": 4}), records)
    assert decision.answer is Answer.NOT_SATISFIED
    (shortfall,) = decision.awards[0].shortfalls
    assert shortfall.at_least == 0
    assert "whole" in shortfall.sentence


def test_one_small_badge_more_makes_the_two_needs_of_four_fit() -> None:
    records = [record(name, 3, tags=("a", "b")) for name in "wxyz"]
    assert decided(buckets_by_tag({"a": 4, "b": 4}), records).answer is Answer.SATISFIED


def test_exact_partition_is_found() -> None:
    sizes = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41)  # 228 in all; 114 = 41 + 37 + 29 + 7
    records = [record(f"p{size}", size, tags=("a", "b")) for size in sizes]
    assert decided(buckets_by_tag({"a": 114, "b": 114}), records).answer is Answer.SATISFIED


def test_partition_that_misses_by_one_is_a_no_and_not_a_guess() -> None:
    sizes = (8, 8, 8, 8, 9, 9, 9)  # 59 in all; no half reaches 29.5 to 30 on both sides
    records = [record(f"p{n}", size, tags=("a", "b")) for n, size in enumerate(sizes)]
    assert decided(buckets_by_tag({"a": 30, "b": 29}), records).answer is Answer.NOT_SATISFIED


def test_pigeonhole_is_a_no_at_once() -> None:
    """Eight badges cannot fill nine buckets; satisfiability solvers search here for minutes."""
    names = [f"b{number}" for number in range(9)]
    records = [record(f"r{number}", 10, tags=names) for number in range(8)]
    rules = buckets_by_tag(dict.fromkeys(names, 10))
    problem, _ = problem_for(rules.awards[0], rules, wallet(records), records)
    allocation = allocate(problem)
    assert (allocation.result, allocation.steps) == (Result.IMPOSSIBLE, 1)


@pytest.mark.parametrize("first", ["a", "z"])
def test_flexible_badge_is_kept_for_the_bucket_that_only_it_can_fill(first: str) -> None:
    """In-order greedy gives the flexible badge away, whichever of the two comes first."""
    flexible = record(f"{first}-flexible", 10, tags=("a", "b"))
    plain = record("m-plain", 10, tags=("a",))
    decision = decided(buckets_by_tag({"a": 10, "b": 10}), [flexible, plain])
    placed = {entry.record: entry.bucket for entry in decision.awards[0].placements}
    assert placed == {flexible.id: "b", plain.id: "a"}


def test_smaller_badges_are_preferred_where_the_largest_would_break_the_cap() -> None:
    rules = buckets_by_tag({"a": 10}, rpl_cap=5)
    records = [
        record("big", 8, tags=("a",), rpl=True),
        record("small", 5, tags=("a",), rpl=True),
        record("earned", 5, tags=("a",)),
    ]
    assert decided(rules, records).answer is Answer.SATISFIED


def test_crossing_caps_of_prior_learning_and_level_are_kept_together() -> None:
    rules = buckets_by_tag(
        {"a": 0}, credits_=20, rpl_cap=5, min_at_level={7: 10}, max_below_level={6: 10}
    )
    low = [record(f"low{n}", 5, tags=("a",), level=6) for n in range(3)]
    prior = [record(f"prior{n}", 5, tags=("a",), rpl=True) for n in range(3)]
    assert decided(rules, [*low, *prior]).answer is Answer.NOT_SATISFIED
    earned = record("earned", 5, tags=("a",))
    assert decided(rules, [*low, *prior, earned]).answer is Answer.SATISFIED


def test_search_that_reaches_its_limit_is_undecided_and_never_no() -> None:
    records = [record(f"p{n}", size, tags=("a", "b")) for n, size in enumerate((5, 7, 11, 13, 20))]
    rules = buckets_by_tag({"a": 28, "b": 28})
    problem, _ = problem_for(rules.awards[0], rules, wallet(records), records)
    assert allocate(problem, most_steps=0).result is Result.GAVE_UP


def test_shortfall_names_the_buckets_that_compete_and_the_least_to_earn() -> None:
    records = [record("x", 6, tags=("a", "b")), record("y", 20, tags=("c",))]
    decision = decided(buckets_by_tag({"a": 5, "b": 5, "c": 10}), records)
    (shortfall,) = decision.awards[0].shortfalls
    assert shortfall.requirements == ("awards.X.buckets.a", "awards.X.buckets.b")
    assert (shortfall.needed, shortfall.could_count, shortfall.at_least) == (100, 60, 40)
    assert shortfall.candidates == ("x",)
    assert shortfall.sentence == (
        "A and b together need 10 credits; all that could count comes to 6: earn at least 4 more."
    )


def test_shortfall_names_the_cap_that_holds_credit_back() -> None:
    records = [record(f"r{n}", 10, tags=("a",), rpl=True) for n in range(3)]
    decision = decided(buckets_by_tag({"a": 20}, rpl_cap=10), records)
    (shortfall,) = decision.awards[0].shortfalls
    assert shortfall.limits == ("awards.X.rpl_cap",)
    assert "at most 10 credits of prior learning" in shortfall.sentence


def test_judge_with_too_large_a_share_is_diluted_by_counting_more() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 20, "buckets": {"a": 10, "b": 10}}],
        buckets={"a": {"min": 0, "where": {"tag": "a"}}, "b": {"min": 0, "where": {"any": True}}},
        distinct={"validators": {"at_least": 2, "max_share_per_validator": 0.4}},
    )
    mine = [record(f"m{n}", 10, tags=("a",), judges=("did:key:zA", "did:key:zB")) for n in "1"]
    other = [record(f"o{n}", 10, judges=(f"did:key:z{n}", f"did:key:zz{n}")) for n in "12"]
    assert decided(rules, [*mine, *other]).answer is Answer.SATISFIED
    decision = decided(rules, [*mine, *other[:1]])
    assert decision.answer is Answer.NOT_SATISFIED
    assert "distinct.validators.max_share_per_validator" in decision.awards[0].conflict
