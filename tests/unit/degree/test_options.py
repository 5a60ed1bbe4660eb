"""What a record may do in an award: the buckets that take it, pairs, deadlines, concessions."""

from datetime import date
from typing import Any

import pytest
from wallets import case, granted, interruption, option_name, posed, programme, record

from degree.rules.posing import deadline
from degree.rules.rows import Problem

BUCKETS: dict[str, dict[str, Any]] = {
    "a": {"min": 0, "where": {"tag": "a"}},
    "b": {"min": 0, "where": {"any": True}},
}


def asked(
    records: list[Any], *, a: dict[str, Any] | None = None, facts: Any = None, **clauses: Any
) -> Problem:
    award = {"id": "X", "credits": 0, **clauses.pop("award", {})}
    buckets = BUCKETS | {"a": BUCKETS["a"] | (a or {})}
    return posed(programme(awards=[award], buckets=buckets, **clauses), records, **(facts or {}))


def homes(problem: Problem) -> dict[str, list[str]]:
    return {
        record.id: [option_name(problem, option) for option in options]
        for record, options in zip(problem.records, problem.options, strict=True)
    }


def home(badge: Any, **clauses: Any) -> list[str]:
    return homes(asked([badge], **clauses))[badge.id]


def test_a_badge_fits_every_bucket_whose_filter_takes_it() -> None:
    records = [record("x", tags="a"), record("y", tags="c")]
    assert homes(asked(records)) == {"x": ["a", "b"], "y": ["b"]}


def test_prior_learning_fits_where_it_is_allowed() -> None:
    prior = record("x", tags="a", rpl=True)
    assert home(prior) == ["a", "b"]
    assert home(prior, a={"rpl": False}) == ["b"]
    assert home(record("x", tags="a"), a={"rpl": False}) == ["a", "b"]


@pytest.mark.parametrize(("mark", "fits"), [(None, False), (549, False), (550, True), (900, True)])
def test_a_bucket_may_ask_for_a_mark(mark: int | None, *, fits: bool) -> None:
    found = home(record("x", tags="a", mark=mark), a={"min_mark": 55})
    assert found == (["a", "b"] if fits else ["b"])


CONDONED = {"pass_mark": 50, "condonement": {"max_credits": 20, "mark_floor": 40}}


@pytest.mark.parametrize(
    ("mark", "clauses", "found"),
    [
        (499, {"pass_mark": 50}, []),
        (500, {"pass_mark": 50}, ["a", "b"]),
        (None, {"pass_mark": 50}, ["a", "b"]),
        (10, {}, ["a", "b"]),
        (499, CONDONED, ["a", "b"]),
        (400, CONDONED, ["a", "b"]),
        (399, CONDONED, []),
        (450, CONDONED | {"a": {"compensatable": False}}, ["b"]),
        (500, CONDONED | {"a": {"compensatable": False}}, ["a", "b"]),
        (
            450,
            {"pass_mark": 50, "condonement": CONDONED["condonement"] | {"not_in": ["a"]}},  # type: ignore[operator]
            ["b"],
        ),
    ],
)
def test_a_failed_badge_fits_where_it_can_be_condoned(
    mark: int | None, clauses: dict[str, Any], found: list[str]
) -> None:
    assert home(record("x", tags="a", mark=mark), **clauses) == found


def test_only_the_buckets_of_the_award_are_options() -> None:
    assert home(record("x", tags="a"), award={"buckets": {"a": 0}}) == ["a"]
    assert home(record("x", tags="c"), award={"buckets": {"a": 0}}) == []


def test_a_badge_that_ended_after_the_time_of_registration_fits_nowhere() -> None:
    limited = {"max_registration_years": 1}
    last = record("x", tags="a", activity_end=date(2024, 8, 31))
    late = record("y", tags="a", activity_end=date(2024, 9, 1))
    assert homes(asked([last, late], award=limited)) == {"x": ["a", "b"], "y": []}
    assert homes(asked([last, late])) == {"x": ["a", "b"], "y": ["a", "b"]}


def test_the_time_of_registration_stands_still_in_an_interruption() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0, "max_registration_years": 2}], buckets=BUCKETS
    )
    award = rules.awards[0]
    assert deadline(case(rules, []), award) == date(2025, 8, 31)
    pause = interruption(date(2024, 1, 1), date(2024, 1, 10))
    assert deadline(case(rules, [], interruptions=(pause,)), award) == date(2025, 9, 10)


def test_an_award_without_limit_has_no_deadline() -> None:
    rules = programme(awards=[{"id": "X", "credits": 0}], buckets=BUCKETS)
    assert deadline(case(rules, []), rules.awards[0]) == date.max


@pytest.mark.parametrize(
    ("path", "fits"),
    [
        ("awards.X.max_registration_years", True),
        ("awards.X", True),
        ("awards.X.credits", False),
    ],
)
def test_the_limit_of_registration_can_be_waived(path: str, *, fits: bool) -> None:
    late = record("y", tags="a", activity_end=date(2024, 9, 1))
    found = home(
        late,
        award={"max_registration_years": 1},
        facts={"concessions": (granted("waive", path=path),)},
    )
    assert found == (["a", "b"] if fits else [])


def accepted(name: str, bucket: str) -> dict[str, Any]:
    return {"concessions": (granted("accept", record=name, bucket=bucket),)}


def test_a_concession_lets_a_badge_into_a_bucket_that_does_not_take_it() -> None:
    records = [record("x", tags="c"), record("y", tags="c")]
    assert homes(asked(records, facts=accepted("x", "a"))) == {"x": ["a", "b"], "y": ["b"]}


def test_a_badge_that_passes_by_a_concession_alone_fits_only_there() -> None:
    strange = record("x", tags="a", issuer="did:web:other.example")
    assert home(strange, facts=accepted("x", "a")) == ["a"]
    assert home(strange, facts=accepted("x", "b")) == ["b"]


def test_a_concession_lets_in_what_failed_or_is_prior_learning() -> None:
    failed = record("x", tags="a", mark=100, rpl=True)
    facts = accepted("x", "a")
    assert home(failed, a={"rpl": False}, facts=facts, pass_mark=50) == ["a"]


def test_a_concession_does_not_lift_the_deadline() -> None:
    late = record("x", tags="a", activity_end=date(2024, 9, 1))
    limited = {"max_registration_years": 1}
    assert home(late, award=limited, facts=accepted("x", "a")) == []


def test_records_stand_in_the_order_in_which_they_were_earned() -> None:
    records = [
        record("c", activity_end=date(2024, 3, 1)),
        record("b", activity_end=date(2024, 3, 2)),
        record("a", activity_end=date(2024, 3, 2)),
    ]
    assert [each.id for each in asked(records).records] == ["c", "a", "b"]
