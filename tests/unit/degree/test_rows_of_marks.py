"""The rows about marks: condoned badges, and what a class asks for beside the award."""

from typing import Any

import pytest
from wallets import case, granted, line, lines, posed, programme, record

from degree.rules.posing import classed, problem_for
from degree.rules.programme import Programme
from degree.rules.rows import Counts, Problem

BUCKETS = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
BADGES = [
    record("x", 10, tags="a", mark=650),
    record("y", 5, tags="ab", mark=480),
    record("z", 4, tags="b", mark=800, rpl=True),
    record("u", 2, tags="b"),
    record("v", 1, tags="c", mark=900),
    record("w", 0, tags="a", mark=450),
]


def rules(**clauses: Any) -> Programme:
    listed = {"awards": [{"id": "X", "credits": 0}], "buckets": BUCKETS, "pass_mark": 50}
    return programme(**listed | clauses)


def condoning(**more: Any) -> dict[str, Any]:
    return {"condonement": {"max_credits": 5, "mark_floor": 40, **more}}


def classes(*listed: dict[str, Any], rpl: str = "included", **more: Any) -> dict[str, Any]:
    return {"classification": {"rpl_marks": rpl, "classes": list(listed), **more}}


def rows(problem: Problem, start: str) -> dict[str, str]:
    return {name: said for name, said in lines(problem).items() if name.startswith(start)}


def of_class(number: int, stated: Programme, records: list[Any] = BADGES, **facts: Any) -> Problem:
    """The question for a class, less what the award asks by itself."""
    before = case(stated, records, **facts)
    assert stated.classification is not None
    problem = problem_for(before, stated.awards[0])
    return classed(problem, before, stated.classification.classes[number])


def said(*listed: dict[str, Any], number: int = 0, **more: Any) -> dict[str, str]:
    return rows(of_class(number, rules(**classes(*listed, **more))), "classification")


def test_condoned_credit_has_its_limit() -> None:
    problem = posed(rules(**condoning()), BADGES)
    assert rows(problem, "condonement") == {"condonement.max_credits": "50 y <= 50"}
    assert problem.rows[-1].counts is Counts.CREDITS
    assert problem.choices == ()


def test_the_mean_is_asked_for_only_where_a_failed_badge_counts() -> None:
    problem = posed(rules(**condoning(mean_at_least=50)), BADGES)
    assert problem.choices == ("condonement.used",)
    # credit times (mark - mean): 100·(650-500), 50·(480-500), 40·(800-500); M is what pulls down
    assert rows(problem, "condonement") == {
        "condonement.max_credits": "50 y <= 50",
        "condonement.used": "- 1 w - 1 y + 2 [condonement.used] >= 0",
        "condonement.mean_at_least": (
            "15000 x - 1000 y + 12000 z - 1000 [condonement.used] >= -1000"
        ),
    }
    assert {row.counts for row in problem.rows[-2:]} == {Counts.OTHER}


def test_without_condonement_or_failed_badges_there_is_no_row_about_it() -> None:
    assert rows(posed(rules(), BADGES), "condonement") == {}
    passed = [record("x", 10, tags="a", mark=500)]
    assert rows(posed(rules(**condoning(mean_at_least=50)), passed), "condonement") == {}


def test_means_leave_prior_learning_out_where_the_classification_does() -> None:
    stated = rules(
        **condoning(mean_at_least=50), **classes({"id": "k", "mean": 60}, rpl="excluded_from_mean")
    )
    assert lines(posed(stated, BADGES))["condonement.mean_at_least"] == (
        "15000 x - 1000 y - 1000 [condonement.used] >= -1000"
    )


def test_every_class_needs_graded_credit() -> None:
    assert said({"id": "k"}) == {"classification.k.graded": "100 x + 40 z >= 1"}
    assert said({"id": "k"}, graded_at_least=6) == {"classification.k.graded": "100 x + 40 z >= 60"}
    assert said({"id": "k"}, rpl="excluded_from_mean") == {"classification.k.graded": "100 x >= 1"}


def test_a_class_asks_for_a_mean_over_all_that_is_graded() -> None:
    found = said({"id": "k", "mean": 70})
    assert found["classification.k.mean"] == "- 5000 x + 4000 z >= 0"


def test_means_may_be_rounded_half_up() -> None:
    found = said({"id": "k", "mean": 70, "bucket_means": {"b": 70}}, mean_rounding="half_up")
    assert found["classification.k.mean"] == "- 4500 x + 4200 z >= 0"
    assert found["classification.k.bucket_means.b"] == "4200 z >= 0"


def test_a_class_asks_for_means_in_buckets_and_some_graded_credit_there() -> None:
    stated = rules(**condoning(), **classes({"id": "k", "bucket_means": {"b": 60, "a": 70.5}}))
    problem = of_class(0, stated)
    assert list(rows(problem, "classification").items())[1:5] == [
        ("classification.k.bucket_means.a", "- 5500 x - 11250 y@a >= 0"),
        ("classification.k.graded.a", "100 x + 50 y@a >= 1"),
        ("classification.k.bucket_means.b", "- 6000 y@b + 8000 z >= 0"),
        ("classification.k.graded.b", "50 y@b + 40 z >= 1"),
    ]
    counts = {row.name: row.counts for row in problem.rows}
    assert counts["classification.k.graded.a"] is Counts.OTHER


def test_the_mean_of_a_bucket_that_the_award_does_not_list_does_not_exist() -> None:
    stated = rules(
        awards=[{"id": "X", "credits": 0, "buckets": {"a": 0}}],
        **classes({"id": "k", "bucket_means": {"b": 60}}),
    )
    found = rows(of_class(0, stated), "classification")
    assert found["classification.k.bucket_means.b"] == "0 >= 0"
    assert found["classification.k.graded.b"] == "0 >= 1"


def test_a_class_asks_for_credit_and_for_a_share_from_a_mark_on() -> None:
    found = said(
        {
            "id": "k",
            "credits_at": {"80": 3, "65": 9, "69.5": 1},
            "share_at": {"65": 0.75, "80.1": 0.1},
        }
    )
    assert list(found.items())[1:] == [
        ("classification.k.credits_at.65", "100 x + 40 z >= 90"),
        ("classification.k.credits_at.69.5", "40 z >= 10"),
        ("classification.k.credits_at.80", "40 z >= 30"),
        ("classification.k.share_at.65", "100 x + 40 z >= 0"),
        ("classification.k.share_at.80.1", "- 100 x - 40 z >= 0"),
    ]


def test_credit_from_a_mark_on_is_told_in_credit() -> None:
    problem = of_class(0, rules(**classes({"id": "k", "credits_at": {"65": 9}})))
    assert problem.rows[-1].counts is Counts.CREDITS
    assert problem.rows[-2].counts is Counts.CREDITS


def test_a_class_may_allow_first_attempts_only() -> None:
    records = [*BADGES, record("again", 1, tags="b", first_attempt=False)]
    problem = of_class(0, rules(**classes({"id": "k", "first_attempts": True})), records)
    assert lines(problem)["classification.k.first_attempts"] == "1 again <= 0"
    assert problem.rows[-1].counts is Counts.BADGES


@pytest.mark.parametrize(
    ("cap", "number", "kept_from"),
    [
        ("pass", 0, True),
        ("pass", 1, True),
        ("second", 0, True),
        ("second", 1, False),
        ("second", 2, False),
        ("first", 0, False),
    ],
)
def test_a_condoned_badge_keeps_from_the_classes_above_the_cap(
    cap: str, number: int, *, kept_from: bool
) -> None:
    three = classes({"id": "first"}, {"id": "second"}, {"id": "third"})
    problem = of_class(number, rules(**condoning(cap_class=cap), **three))
    name = f"classification.{('first', 'second', 'third')[number]}.uncondoned"
    assert (lines(problem).get(name) == "1 w + 1 y <= 0") is kept_from
    assert (name in lines(problem)) is kept_from
    if kept_from:
        assert problem.rows[-1].counts is Counts.BADGES


def test_without_condonement_no_class_asks_for_badges_that_were_not_condoned() -> None:
    assert "classification.k.uncondoned" not in said({"id": "k"})


def test_one_alternative_of_several_is_enough() -> None:
    stated = rules(
        **condoning(),
        **classes(
            {
                "id": "k",
                "any_of": [
                    {"mean": 70, "bucket_means": {"b": 60}},
                    {"credits_at": {"70": 3}, "share_at": {"70": 0.5}},
                ],
            }
        ),
    )
    problem = of_class(0, stated)
    one, two = "classification.k.any_of[0]", "classification.k.any_of[1]"
    assert problem.choices == (one, two)
    found = rows(problem, "classification")
    assert list(found.items())[2:] == [
        # 100·(650-700), 50·(480-700) and 40·(800-700); what pulls down comes to 16000
        (f"{one}.mean", f"- 5000 x - 11000 y + 4000 z - 16000 [{one}] >= -16000"),
        (f"{one}.bucket_means.b", f"- 6000 y@b + 8000 z - 6000 [{one}] >= -6000"),
        (f"{one}.graded.b", f"50 y@b + 40 z - 1 [{one}] >= 0"),
        (f"{two}.credits_at.70", f"40 z - 30 [{two}] >= 0"),
        (f"{two}.share_at.70", f"- 100 x - 50 y + 40 z - 150 [{two}] >= -150"),
        ("classification.k.any_of", f"1 [{one}] + 1 [{two}] >= 1"),
    ]
    assert list(found)[1] == "classification.k.uncondoned"


def test_the_rows_of_the_award_stay_below_those_of_the_class() -> None:
    problem = of_class(0, rules(**classes({"id": "k", "mean": 60})))
    award = posed(rules(), BADGES)
    assert problem.rows[: len(award.rows)] == award.rows


CLASSED = {
    **condoning(mean_at_least=50),
    **classes(
        {
            "id": "k",
            "mean": 60,
            "bucket_means": {"b": 60},
            "credits_at": {"70": 3},
            "first_attempts": True,
            "any_of": [{"mean": 60}],
        }
    ),
}


@pytest.mark.parametrize(
    ("path", "to", "expected"),
    [
        ("condonement.max_credits", 2.55, "50 y <= 25"),
        (
            "condonement.mean_at_least",
            49.96,
            "15100 x - 950 y + 12040 z - 950 [condonement.used] >= -950",
        ),
        ("classification.k.mean", 59.99, "5100 x - 5950 y + 8040 z >= 0"),
        ("classification.k.bucket_means.b", 61, "- 6500 y@b + 7600 z >= 0"),
        ("classification.k.credits_at.70", 2, "40 z >= 20"),
        ("classification.k.graded", 7, "100 x + 50 y + 40 z >= 70"),
        ("classification.k.graded", 0, "100 x + 50 y + 40 z >= 1"),
        ("classification.k.graded.b", 7, "50 y@b + 40 z >= 1"),
        ("condonement.used", 7, "- 1 w - 1 y + 2 [condonement.used] >= 0"),
        # These are no amounts of the programme's.
        ("classification.k.uncondoned", 7, "1 w + 1 y <= 0"),
        ("classification.k.first_attempts", 7, "0 <= 0"),
        ("classification.k.any_of", 7, "1 [classification.k.any_of[0]] >= 1"),
    ],
)
def test_amounts_of_rules_about_marks_are_reduced(path: str, to: float, expected: str) -> None:
    conceded = (granted("reduce", path=path, to=to),)
    problem = of_class(0, rules(**CLASSED), concessions=conceded)
    (row,) = [row for row in problem.rows if row.name == path]
    assert line(problem, row) == expected


def test_a_share_from_a_mark_on_is_reduced_to_a_share() -> None:
    stated = rules(**classes({"id": "k", "share_at": {"70": 0.5}}))
    path = "classification.k.share_at.70"
    problem = of_class(0, stated, concessions=(granted("reduce", path=path, to=0.2),))
    assert lines(problem)[path] == "- 100 x + 160 z >= 0"


def test_a_reduced_mean_is_still_rounded() -> None:
    stated = rules(**classes({"id": "k", "mean": 70}, mean_rounding="half_up"))
    conceded = (granted("reduce", path="classification.k.mean", to=66),)
    problem = of_class(0, stated, concessions=conceded)
    assert lines(problem)["classification.k.mean"] == "- 500 x + 5800 z >= 0"
