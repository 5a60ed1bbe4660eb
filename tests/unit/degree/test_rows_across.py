"""The rows that look at all counted badges: variety, order in time, exclusions."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from wallets import HOLDER, ISSUER, granted, lines, posed, programme, record

from degree.rules.across import in_time, labelled
from degree.rules.programme import Dimension, Finished, Order
from degree.rules.rows import Counts, Problem

OTHER = "did:web:other.example"


def asked(records: list[Any], *, credits_: float = 0, **clauses: Any) -> Problem:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    facts = {key: clauses.pop(key) for key in ("concessions", "holder") if key in clauses}
    return posed(
        programme(
            awards=[{"id": "X", "credits": credits_}],
            buckets=buckets,
            trust_lists={"ours": [ISSUER, OTHER]},
            **clauses,
        ),
        records,
        **facts,
    )


def rows(problem: Problem, start: str) -> dict[str, str]:
    return {name: said for name, said in lines(problem).items() if name.startswith(start)}


BADGES = [
    record("x", 10, tags="a", contexts={"ke", "uk"}, judges=["j1", HOLDER]),
    record("y", 5, tags="b", contexts={"uk"}, judges=["j1", "j2"]),
    record("z", 0, tags="b", contexts={"ke"}, judges=["j2"]),
    record("u", 3, tags="c", contexts={"ie"}),
]


def test_different_labels_each_stand_behind_a_counted_badge() -> None:
    problem = asked(BADGES, distinct={"contexts": {"at_least": 2}})
    assert problem.choices == ("distinct.contexts=ke", "distinct.contexts=uk")
    assert list(rows(problem, "distinct").items()) == [
        ("distinct.contexts=ke", "1 x + 1 z - 1 [distinct.contexts=ke] >= 0"),
        ("distinct.contexts=uk", "1 x + 1 y - 1 [distinct.contexts=uk] >= 0"),
        ("distinct.contexts", "1 [distinct.contexts=ke] + 1 [distinct.contexts=uk] >= 2"),
    ]
    assert {row.path for row in problem.rows[3:]} == {"distinct.contexts"}
    assert {row.counts for row in problem.rows[3:]} == {Counts.OTHER}


def test_different_labels_may_each_need_so_much_credit() -> None:
    rule = {"at_least": 1, "min_credits_each": 1.5}
    problem = asked(BADGES, distinct={"contexts": rule})
    assert rows(problem, "distinct.contexts=") == {
        "distinct.contexts=ke": "100 x - 15 [distinct.contexts=ke] >= 0",
        "distinct.contexts=uk": "100 x + 50 y - 15 [distinct.contexts=uk] >= 0",
    }


def test_no_label_may_stand_behind_more_than_its_share() -> None:
    problem = asked(BADGES, credits_=12, distinct={"validators": {"max_share_each": 0.4}})
    # 2·all - 5·theirs; j1 could stand behind 150 of at least 120 and j2 behind 50, of 48 at most
    assert rows(problem, "distinct") == {
        "distinct.validators.max_share_each=j1": "- 300 x - 150 y >= 0",
        "distinct.validators.max_share_each=j2": "200 x - 150 y >= 0",
    }
    assert {row.path for row in problem.rows[3:]} == {"distinct.validators.max_share_each"}
    assert {row.counts for row in problem.rows[3:]} == {Counts.OTHER}
    assert problem.choices == ()


def test_a_label_that_cannot_have_too_large_a_share_needs_no_row() -> None:
    rule = {"distinct": {"validators": {"max_share_each": 0.4}}}
    assert "distinct.validators.max_share_each=j2" not in lines(
        asked(BADGES, credits_=12.5, **rule)
    )
    assert "distinct.validators.max_share_each=j2" in lines(asked(BADGES, credits_=12.4, **rule))


@pytest.mark.parametrize(
    ("concession", "there"),
    [
        (granted("waive", path="awards.X.credits"), True),
        (granted("reduce", path="awards.X.credits", to=12), True),
        (granted("reduce", path="awards.X.credits", to=13), False),
        (granted("reduce", path="distinct.validators.max_share_each", to=0.1), True),
    ],
)
def test_how_large_a_share_could_be_depends_on_what_is_conceded(
    concession: Any, *, there: bool
) -> None:
    problem = asked(
        BADGES,
        credits_=13,
        distinct={"validators": {"max_share_each": 0.4}},
        concessions=(concession,),
    )
    assert ("distinct.validators.max_share_each=j2" in lines(problem)) is there


def test_no_label_may_stand_behind_more_credit_than_the_most() -> None:
    problem = asked(BADGES, distinct={"issuers": {"max_credits_each": 12}})
    (name,) = rows(problem, "distinct")
    assert name == f"distinct.issuers.max_credits_each={ISSUER}"
    assert lines(problem)[name] == "100 x + 50 y <= 120"
    assert problem.rows[-1].path == "distinct.issuers.max_credits_each"
    assert problem.rows[-1].counts is Counts.CREDITS


def test_rules_of_one_dimension_and_of_several_stand_together() -> None:
    problem = asked(
        [record("x", 10, tags="a", kind="K", circle="c")],
        distinct={
            "kinds": {"at_least": 1, "max_credits_each": 4, "max_share_each": 0.5},
            "circles": {"at_least": 1},
        },
    )
    assert list(rows(problem, "distinct")) == [
        *("distinct.circles=c", "distinct.circles"),
        *("distinct.kinds=K", "distinct.kinds"),
        *("distinct.kinds.max_share_each=K", "distinct.kinds.max_credits_each=K"),
    ]


def test_what_holds_for_other_awards_has_no_row_here() -> None:
    buckets = {"a": {"min": 0, "where": {"tag": "a"}}, "b": {"min": 0, "where": {"tag": "b"}}}
    other = {"awards": ["Y"]}
    rules = programme(
        awards=[{"id": "X", "credits": 0}, {"id": "Y", "credits": 0}],
        buckets=buckets,
        distinct={"kinds": {"at_least": 1, **other}},
        prerequisites=[
            {"before": "a", "after": "b", **other},
            {"badge": "ONE", "needs": "TWO", **other},
        ],
        exclusions=[{"one_of": ["badge:ONE", "badge:TWO"], **other}],
    )
    early, late = date(2024, 1, 1), date(2025, 1, 1)
    records = [
        record("x", tags="a", code="ONE", kind="K", activity_start=early, activity_end=late),
        record("y", tags="b", code="TWO", activity_start=early, activity_end=early),
    ]
    assert len(lines(posed(rules, records))) == 3


@pytest.mark.parametrize(
    ("dimension", "labels"),
    [
        (Dimension.CONTEXTS, {"ke"}),
        (Dimension.CIRCLES, {"north"}),
        (Dimension.VALIDATORS, {"j1"}),
        (Dimension.CO_PARTICIPANTS, {"amy"}),
        (Dimension.ISSUERS, {ISSUER}),
        (Dimension.KINDS, {"Thesis"}),
    ],
)
def test_a_badge_carries_labels_in_six_dimensions_and_the_holder_is_none(
    dimension: Dimension, labels: set[str]
) -> None:
    full = record(
        "x",
        contexts={"ke", ""},
        circle="north",
        judges=["j1", HOLDER],
        co_participants={"amy", HOLDER},
        kind="Thesis",
    )
    assert labelled(dimension, full, holder=HOLDER) == labels


def test_a_badge_without_label_has_none() -> None:
    bare = record("x")
    assert labelled(Dimension.CIRCLES, bare, holder=HOLDER) == set()
    assert labelled(Dimension.KINDS, bare, holder=HOLDER) == set()


def ended(name: str, day: date, **facts: Any) -> Any:
    return record(name, activity_start=day.replace(month=1), activity_end=day, **facts)


FIRST, THEN = date(2024, 3, 1), date(2024, 5, 1)


@pytest.mark.parametrize(
    ("order", "start", "end", "holds"),
    [
        (Order(), date(2024, 1, 1), FIRST, True),
        (Order(), date(2024, 1, 1), date(2024, 2, 29), False),
        (Order(finished=Finished.BEFORE_START), FIRST, THEN, True),
        (Order(finished=Finished.BEFORE_START), date(2024, 2, 29), THEN, False),
        (Order(lapses_after_years=1), THEN, date(2025, 3, 1), True),
        (Order(lapses_after_years=1), THEN, date(2025, 3, 2), False),
        (Order(finished=Finished.BEFORE_START, lapses_after_years=1), THEN, date(2027, 1, 1), True),
    ],
)
def test_an_activity_comes_in_time_before_another_until_it_lapses(
    order: Order, start: date, end: date, *, holds: bool
) -> None:
    later = record("later", activity_start=start, activity_end=end)
    assert in_time(order, ended("first", FIRST), later) is holds


def test_badges_out_of_order_do_not_fill_the_two_buckets_together() -> None:
    records = [
        ended("x", THEN, tags="a"),
        ended("y", FIRST, tags="ab"),
        ended("z", date(2024, 6, 1), tags="b"),
    ]
    problem = asked(records, prerequisites=[{"before": "a", "after": "b"}])
    path = "prerequisites.a-before-b"
    assert rows(problem, "prerequisites") == {f"{path}=x,y": "1 y@b + 1 x <= 1"}
    assert (problem.rows[-1].path, problem.rows[-1].counts) == (path, Counts.BADGES)


@pytest.mark.parametrize("shared", [True, False])
def test_a_badge_that_fills_both_buckets_is_in_order_with_itself_or_may_not(
    *, shared: bool
) -> None:
    records = [
        ended("x", FIRST, tags="ab"),
        replace(ended("day", FIRST, tags="ab"), activity_start=FIRST),
    ]
    rule = {"before": "a", "after": "b", "finished": "before_start"}
    problem = asked(
        records, prerequisites=[rule], **({"sharing": {"max_badges": 2}} if shared else {})
    )
    itself = {
        name for name in rows(problem, "prerequisites") if name.endswith(("=x,x", "=day,day"))
    }
    assert itself == ({"prerequisites.a-before-b=x,x"} if shared else set())


def test_an_order_of_buckets_holds_only_where_the_award_lists_both() -> None:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    records = [ended("x", THEN, tags="a"), ended("y", FIRST, tags="b")]
    for listed in ({"a": 0}, {"b": 0}):
        rules = programme(
            awards=[{"id": "X", "credits": 0, "buckets": listed}],
            buckets=buckets,
            prerequisites=[{"before": "a", "after": "b"}],
        )
        assert rows(posed(rules, records), "prerequisites") == {}


def test_a_badge_counts_only_beside_the_one_that_it_needs() -> None:
    records = [
        ended("old", FIRST, tags="a", code="ONE"),
        ended("late", date(2024, 7, 1), tags="a", code="ONE"),
        ended("x", THEN, tags="b", code="TWO"),
        ended("y", date(2024, 2, 1), tags="b", code="TWO"),
        ended("n", FIRST, tags="c", code="ONE"),
    ]
    problem = asked(records, prerequisites=[{"badge": "TWO", "needs": "ONE"}])
    path = "prerequisites.TWO-needs-ONE"
    assert rows(problem, "prerequisites") == {
        f"{path}=y": "- 1 y >= 0",
        f"{path}=x": "1 old - 1 x >= 0",
    }
    assert {row.path for row in problem.rows[3:]} == {path}


def test_of_badges_that_exclude_each_other_one_counts() -> None:
    records = [
        record("x", tags="a", code="ONE"),
        record("y", tags="b", code="TWO"),
        record("z", tags="b", code="THREE"),
        record("n", tags="c", code="TWO"),
    ]
    clause = [["badge:TWO", "badge:ONE"]]
    problem = asked(records, exclusions=clause)
    assert rows(problem, "exclusions") == {"exclusions.ONE+TWO": "1 x + 1 y <= 1"}
    assert problem.rows[-1].counts is Counts.BADGES
    assert rows(asked(records[1:], exclusions=clause), "exclusions") == {}
