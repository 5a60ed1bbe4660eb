"""The rows that an award asks for by itself: its credits, levels and caps, its buckets, sharing."""

from typing import Any

from wallets import ISSUER, lines, posed, programme, record

from degree.rules.rows import Counts, Problem

OTHER = "did:web:other.example"
TAGGED: dict[str, dict[str, Any]] = {
    "a": {"min": 2, "where": {"tag": "a"}},
    "b": {"min": 0, "where": {"tag": "b"}},
}
BADGES = [
    record("x", 10, tags="ab"),
    record("y", 7.5, tags="a", level=6),
    record("z", 5, tags="b", level=5, rpl=True),
    record("u", 3, tags="c"),
]


def asked(records: list[Any] = BADGES, *, a: dict[str, Any] | None = None, **award: Any) -> Problem:
    """An award over the buckets a and b, with more said of a or of the award."""
    buckets = TAGGED | {"a": TAGGED["a"] | (a or {})}
    return posed(programme(awards=[{"id": "X", "credits": 20, **award}], buckets=buckets), records)


def row(name: str, problem: Problem) -> str:
    return lines(problem)[name]


def test_a_small_award_has_a_row_for_its_credits_and_one_for_each_bucket() -> None:
    assert lines(asked()) == {
        "awards.X.credits": "100 x + 75 y + 50 z >= 200",
        "awards.X.buckets.a": "100 x@a + 75 y >= 20",
        "awards.X.buckets.b": "100 x@b + 50 z >= 0",
    }


def test_the_rows_count_tenths_of_credit() -> None:
    assert {each.counts for each in asked().rows} == {Counts.CREDITS}
    assert [each.path for each in asked().rows] == [each.name for each in asked().rows]


def test_a_badge_without_credit_weighs_nothing() -> None:
    assert row("awards.X.credits", asked([record("x", 0, tags="a")])) == "0 >= 200"


def test_levels_count_from_and_up_to_the_level_that_is_named() -> None:
    problem = asked(min_at_level={6: 15, 7: 10}, max_below_level={5: 3, 6: 4})
    assert list(lines(problem).items())[1:5] == [
        ("awards.X.min_at_level.6", "100 x + 75 y >= 150"),
        ("awards.X.min_at_level.7", "100 x >= 100"),
        ("awards.X.max_below_level.5", "50 z <= 30"),
        ("awards.X.max_below_level.6", "75 y + 50 z <= 40"),
    ]
    assert {each.counts for each in problem.rows} == {Counts.CREDITS}


def test_prior_learning_and_reused_badges_have_their_caps() -> None:
    records = [*BADGES, record("w", 1, tags="b", used_in="a Diploma")]
    problem = asked(records, rpl_cap=4, reuse_cap=0)
    assert row("awards.X.rpl_cap", problem) == "50 z <= 40"
    assert row("awards.X.reuse_cap", problem) == "10 w <= 0"
    assert {each.counts for each in problem.rows} == {Counts.CREDITS}


def test_no_cap_has_no_row() -> None:
    assert "awards.X.rpl_cap" not in lines(asked())
    assert row("awards.X.rpl_cap", asked(rpl_cap=0)) == "50 z <= 0"


def test_a_bound_of_an_award_counts_credits_badges_or_a_share() -> None:
    problem = asked(
        at_least=[
            {"id": "new", "credits": 5, "where": {"level": 6}},
            {"id": "many", "badges": 2, "where": {"rpl": False}},
            {"id": "most", "share": 0.6, "where": {"tag": "a"}},
        ],
        at_most=[
            {"id": "old", "credits": 3, "where": {"level_max": 5}},
            {"id": "few", "badges": 1, "where": {"tag": "a"}},
            {"id": "less", "share": 0.25, "where": {"tag": "b"}},
        ],
    )
    assert list(lines(problem).items())[1:7] == [
        ("awards.X.at_least.new", "100 x + 75 y >= 50"),
        ("awards.X.at_least.many", "1 x + 1 y >= 2"),
        ("awards.X.at_least.most", "200 x + 150 y - 150 z >= 0"),  # 5·part - 3·all
        ("awards.X.at_most.old", "50 z <= 30"),
        ("awards.X.at_most.few", "1 x + 1 y <= 1"),
        ("awards.X.at_most.less", "300 x - 75 y + 150 z <= 0"),
    ]
    counts = {each.name.rpartition(".")[2]: each.counts for each in problem.rows}
    assert (counts["new"], counts["old"]) == (Counts.CREDITS, Counts.CREDITS)
    assert (counts["many"], counts["few"]) == (Counts.BADGES, Counts.BADGES)
    assert (counts["most"], counts["less"]) == (Counts.OTHER, Counts.OTHER)


def test_the_same_bound_may_stand_at_both_sides() -> None:
    same = {"id": "half", "credits": 10, "where": {"tag": "a"}}
    problem = asked(at_least=[same], at_most=[same])
    assert row("awards.X.at_least.half", problem) == "100 x + 75 y >= 100"
    assert row("awards.X.at_most.half", problem) == "100 x + 75 y <= 100"


def test_a_bucket_asks_for_credits_badges_and_bounds() -> None:
    problem = asked(
        a={
            "min_badges": 2,
            "at_least": [
                {"id": "high", "credits": 4, "where": {"level": 7}},
                {"id": "two", "badges": 2, "where": {"level_max": 6}},
                {"id": "third", "share": 0.25, "where": {"level": 7}},
            ],
        }
    )
    assert list(lines(problem).items())[1:6] == [
        ("awards.X.buckets.a", "100 x@a + 75 y >= 20"),
        ("awards.X.buckets.a.min_badges", "1 x@a + 1 y >= 2"),
        ("awards.X.buckets.a.at_least.high", "100 x@a >= 40"),
        ("awards.X.buckets.a.at_least.two", "1 y >= 2"),
        ("awards.X.buckets.a.at_least.third", "300 x@a - 75 y >= 0"),
    ]
    counts = {each.name: each.counts for each in problem.rows}
    assert counts["awards.X.buckets.a"] is Counts.CREDITS
    assert counts["awards.X.buckets.a.min_badges"] is Counts.BADGES


def test_a_bucket_allows_badges_credits_levels_and_bounds() -> None:
    problem = asked(
        a={
            "max_badges": 1,
            "max_credits": 9,
            "max_below_level": {5: 1, 6: 2},
            "at_most": [
                {"id": "old", "credits": 3, "where": {"level_max": 6}},
                {"id": "one", "badges": 1, "where": {"level": 7}},
                {"id": "half", "share": 0.5, "where": {"level": 7}},
            ],
        }
    )
    assert list(lines(problem).items())[3:] == [
        ("awards.X.buckets.a.max_badges", "1 x@a + 1 y <= 1"),
        ("awards.X.buckets.a.max_credits", "100 x@a + 75 y <= 90"),
        ("awards.X.buckets.a.max_below_level.5", "0 <= 10"),
        ("awards.X.buckets.a.max_below_level.6", "75 y <= 20"),
        ("awards.X.buckets.a.at_most.old", "75 y <= 30"),
        ("awards.X.buckets.a.at_most.one", "1 x@a <= 1"),
        ("awards.X.buckets.a.at_most.half", "100 x@a - 75 y <= 0"),
    ]
    counts = [each.counts for each in problem.rows][3:]
    assert counts == [
        *(Counts.BADGES, Counts.CREDITS, Counts.CREDITS, Counts.CREDITS),
        *(Counts.CREDITS, Counts.BADGES, Counts.OTHER),
    ]


def test_zero_is_an_amount_that_a_bucket_can_allow() -> None:
    problem = asked(a={"max_badges": 0, "max_credits": 0})
    assert row("awards.X.buckets.a.max_badges", problem) == "1 x@a + 1 y <= 0"
    assert row("awards.X.buckets.a.max_credits", problem) == "100 x@a + 75 y <= 0"


def test_an_award_says_itself_what_its_buckets_ask() -> None:
    problem = asked(buckets={"a": 15})
    assert lines(problem) == {
        "awards.X.credits": "100 x + 75 y >= 200",
        "awards.X.buckets.a": "100 x + 75 y >= 150",
    }
    assert [each.id for each in problem.records] == ["u", "x", "y", "z"]
    assert problem.options == ((), ((0,),), ((0,),), ())


def test_buckets_are_numbered_by_name_whatever_the_order_of_the_file() -> None:
    records = [record("x", tags=("late", "early"))]
    buckets = {name: {"min": 1, "where": {"tag": name}} for name in ("late", "early")}
    rules = programme(awards=[{"id": "X", "credits": 0}], buckets=buckets)
    problem = posed(rules, records)
    assert [part.bucket.name for part in problem.award.parts] == ["early", "late"]
    assert list(lines(problem))[1:] == ["awards.X.buckets.early", "awards.X.buckets.late"]


def shared(records: list[Any], **sharing: Any) -> Problem:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "abc"}
    return posed(
        programme(awards=[{"id": "X", "credits": 0}], buckets=buckets, sharing=sharing), records
    )


def test_a_shared_badge_has_an_option_for_each_pair_and_its_limits() -> None:
    problem = shared([record("x", 4, tags="abc"), record("y", 2, tags="ab")], max_badges=1)
    assert problem.options[0] == ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))
    assert problem.options[1] == ((0,), (1,), (0, 1))
    assert row("sharing.max_badges", problem) == ("1 x@a+b + 1 x@a+c + 1 x@b+c + 1 y@a+b <= 1")
    assert "sharing.max_credits" not in lines(problem)


def test_shared_credit_has_a_limit_of_its_own() -> None:
    records = [record("x", 4, tags="ab"), record("y", 2, tags="c")]
    problem = shared(records, max_badges=3, max_credits=5, between=[["b", "a"]])
    assert problem.options == (((0,), (1,), (0, 1)), ((2,),))
    assert list(lines(problem).items())[1:3] == [
        ("sharing.max_badges", "1 x@a+b <= 3"),
        ("sharing.max_credits", "40 x@a+b <= 50"),
    ]
    counts = {each.name: each.counts for each in problem.rows}
    assert counts["sharing.max_badges"] is Counts.BADGES
    assert counts["sharing.max_credits"] is Counts.CREDITS


def test_a_shared_badge_fills_both_buckets_and_counts_once_in_all() -> None:
    problem = shared([record("x", 4, tags="ab")], max_badges=1)
    assert row("awards.X.credits", problem) == "40 x >= 0"
    assert row("awards.X.buckets.a", problem) == "40 x@a + 40 x@a+b >= 0"
    assert row("awards.X.buckets.b", problem) == "40 x@b + 40 x@a+b >= 0"


def test_only_the_pairs_that_are_named_are_shared() -> None:
    problem = shared([record("x", 4, tags="abc")], max_badges=1, between=[["a", "c"]])
    assert problem.options[0] == ((0,), (1,), (2,), (0, 2))


def test_nothing_is_shared_where_no_badge_may_be() -> None:
    problem = shared([record("x", 4, tags="ab")], max_badges=0)
    assert problem.options[0] == ((0,), (1,))
    assert not [name for name in lines(problem) if name.startswith("sharing")]
    assert asked([record("x", tags="ab")]).options == (((0,), (1,)),)


def test_a_badge_without_credit_is_shared_where_no_credit_may_be() -> None:
    problem = shared([record("x", 0, tags="ab")], max_badges=1, max_credits=0)
    assert problem.options[0] == ((0,), (1,), (0, 1))
    assert row("sharing.max_credits", problem) == "0 <= 0"


def test_sharing_has_no_row_where_no_badge_fits_two_buckets() -> None:
    problem = shared([record("x", 4, tags="a"), record("y", 4, tags="b")], max_badges=1)
    assert not [name for name in lines(problem) if name.startswith("sharing")]


def test_an_issuer_is_a_filter_of_bounds_like_any_other() -> None:
    records = [record("x", 4, tags="a"), record("y", 2, tags="a", issuer=OTHER)]
    rules = programme(
        awards=[
            {
                "id": "X",
                "credits": 6,
                "at_most": [{"id": "partner", "badges": 0, "where": {"issuer": OTHER}}],
            }
        ],
        buckets=TAGGED,
        trust_lists={"ours": [ISSUER, OTHER]},
    )
    assert row("awards.X.at_most.partner", posed(rules, records)) == "1 y <= 0"
