"""Columns for the solver: records that no row tells apart share them."""

from typing import Any

import pytest
from wallets import posed, programme, record

from degree.rules.columns import Columns
from degree.rules.records import Record
from degree.rules.rows import OUT, Problem, Row, Term


def asked(records: list[Record], award: dict[str, Any] | None = None, **clauses: Any) -> Problem:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    awards = [{"id": "X", "credits": 5, **(award or {})}]
    return posed(programme(awards=awards, buckets=buckets, **clauses), records)


def classes(problem: Problem) -> list[list[str]]:
    return [
        [problem.records[number].id for number in members] for members in Columns(problem).classes
    ]


TWINS = [record("x", 5, tags="ab"), record("y", 5, tags="ab")]


def test_records_that_are_alike_to_every_row_are_twins() -> None:
    assert classes(asked([*TWINS, record("z", 5, tags="a")])) == [["x", "y"], ["z"]]


@pytest.mark.parametrize(
    ("changes", "award", "clauses"),
    [
        ({"credits_tenths": 60}, {}, {}),
        ({"level": 6}, {"max_below_level": {6: 10}}, {}),
        ({"rpl": True}, {"rpl_cap": 10}, {}),
        ({"tags": "a"}, {}, {}),
        ({"contexts": {"ke"}}, {}, {"distinct": {"contexts": {"at_least": 1}}}),
        ({"code": "ONE"}, {"requires": {"badge": "ONE"}}, {}),
    ],
)
def test_what_a_row_looks_at_tells_records_apart(
    changes: dict[str, Any], award: dict[str, Any], clauses: dict[str, Any]
) -> None:
    other = record("y", 5, **{"tags": "ab", **changes})
    assert classes(asked([TWINS[0], other], award, **clauses)) == [["x"], ["y"]]


def test_what_no_row_looks_at_tells_nobody_apart() -> None:
    other = record("y", 5, tags="ab", level=6, rpl=True, code="ONE", contexts={"ke"})
    assert classes(asked([TWINS[0], other])) == [["x", "y"]]


def test_shared_credit_tells_badges_apart() -> None:
    zero = asked([record("x", 0, tags="ab"), record("y", 0, tags="ab")], sharing={"max_badges": 1})
    assert classes(zero) == [["x", "y"]]
    shared = Row(name="s", path="s", asks=False, bound=1, shared={0: 1})
    only = Problem(zero.award, zero.records, zero.options, (shared,), ())
    assert classes(only) == [["x"], ["y"]]


def test_how_much_is_shared_tells_badges_apart() -> None:
    base = asked([record("x", 0, tags="ab"), record("y", 0, tags="ab")])

    def sharing(first: int, second: int) -> Problem:
        row = Row(name="s", path="s", asks=False, bound=1, shared={0: first, 1: second})
        return Problem(base.award, base.records, base.options, (row,), ())

    assert classes(sharing(1, 1)) == [["x", "y"]]
    assert classes(sharing(1, 2)) == [["x"], ["y"]]


def test_the_bucket_and_the_amount_of_a_row_tell_badges_apart() -> None:
    base = asked(TWINS)

    def with_rows(*terms: Term) -> Problem:
        row = Row(name="r", path="r", asks=True, bound=0, terms=terms)
        return Problem(base.award, base.records, base.options, (row,), ())

    assert classes(with_rows(Term(None, {0: 5}), Term(0, {1: 5}))) == [["x"], ["y"]]
    assert classes(with_rows(Term(1, {0: 5}), Term(0, {1: 5}))) == [["x"], ["y"]]
    assert classes(with_rows(Term(0, {0: 5}), Term(0, {1: 6}))) == [["x"], ["y"]]
    assert classes(with_rows(Term(0, {0: 2}, times=3), Term(0, {1: 3}, times=2))) == [["x", "y"]]
    assert classes(with_rows(Term(0, {0: 0}))) == [["x", "y"]]


def test_who_fits_nowhere_has_no_column() -> None:
    assert classes(asked([record("n", tags="c"), *TWINS])) == [["x", "y"]]


def columns() -> Columns:
    """Twins in a and b, one in b alone, one shared; two choices."""
    problem = asked(
        [
            record("n", tags="c"),
            *TWINS,
            record("z", 7, tags="b"),
        ],
        {"requires": {"any_of": ["a", "b"]}},
        sharing={"max_badges": 1},
    )
    return Columns(problem)


def test_columns_stand_by_class_and_option_then_by_choice() -> None:
    found = columns()
    assert found.classes == [(1, 2), (3,)]
    assert found.options == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert found.most == [2, 2, 2, 1, 1, 1]
    assert len(found) == 6
    assert found.once == [([0, 1, 2], 2), ([3], 1)]


def test_a_row_has_the_coefficients_of_one_twin() -> None:
    found = columns()
    said = {row.name.removeprefix("awards.X."): found.of(row) for row in found.problem.rows}
    assert said == {
        "credits": {0: 50, 1: 50, 2: 50, 3: 70},
        "sharing.max_badges": {2: 1},
        "buckets.a": {0: 50, 2: 50},
        "buckets.b": {1: 50, 2: 50, 3: 70},
        "requires": {4: 1, 5: 1},
    }


def test_choices_stand_alone_beside_the_classes() -> None:
    assert columns().groups == [([0, 1, 2], 2), ([3], 1), ([4], 1), ([5], 1)]


def test_columns_of_badges_count_the_credit_of_one() -> None:
    assert columns().credits == {0: 50, 1: 50, 2: 50, 3: 70}


def test_terms_that_cancel_out_leave_no_coefficient() -> None:
    terms = (Term(None, {1: 5}, times=2), Term(0, {1: 5}, times=-2), Term(None, {0: 9}))
    row = Row(name="r", path="r", asks=True, bound=0, terms=terms, choices={1: -3})
    assert columns().of(row) == {1: 10, 5: -3}


def test_a_row_on_one_twin_alone_is_found_by_the_first_of_them() -> None:
    row = Row(name="r", path="r", asks=True, bound=0, terms=(Term(1, {2: 5, 3: 4}),))
    assert columns().of(row) == {3: 4}


def test_whole_values_place_the_oldest_of_the_twins_first() -> None:
    found = columns()
    assert found.placing([1, 1, 0, 0, 1, 0]) == (OUT, 0, 1, OUT)
    assert found.placing([0, 0.9999, 0, 1.0001, 0, 0]) == (OUT, 1, OUT, 0)
    assert found.placing([0, 0, 2, 0, 0, 0]) == (OUT, 2, 2, OUT)
    assert found.placing([0, 0, 0, 0, 0, 0]) == (OUT, OUT, OUT, OUT)


def test_places_know_how_many_columns_they_exclude() -> None:
    records = [record("x", 5, tags="a"), record("y", 6, tags="b"), record("z", 7, tags="b")]
    base = asked(records)

    def pair(name: str, *, asks: bool = False, one: bool = False) -> Row:
        terms = (Term(0, {0: 1}), Term(1, {1 if name == "y" else 2: 1}))
        return Row(name=name, path=name, asks=asks, bound=1, terms=terms[:1] if one else terms)

    rows = (
        pair("y"),
        pair("z"),
        pair("z", asks=True),
        pair("z", one=True),
    )
    problem = Problem(base.award, base.records, base.options, rows, ("choice",))
    assert Columns(problem).excludes == [2, 1, 1, 0, *(0 for _ in records)]
