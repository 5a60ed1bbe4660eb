"""What can be seen before anything is placed: rows that ask too much, and the flow bound."""

from wallets import asked, record

from degree.rules.bounding import FlowBound, plain_cuts
from degree.rules.cuts import Cut
from degree.rules.rows import Problem

X = "awards.X"


def simple(problem: Problem) -> list[tuple[dict[str, int], int, int]]:
    """Each cut with the ends of its rows' names, what it needs and what could count."""
    assert not any(cut.whole for cut in plain_cuts(problem))
    return [short(cut) for cut in plain_cuts(problem)]


def short(cut: Cut) -> tuple[dict[str, int], int, int]:
    rows = {name.removeprefix(f"{X}."): times for name, times in cut.rows.items()}
    return rows, cut.needed, cut.could_count


def flowing(problem: Problem) -> list[tuple[dict[str, int], int, int]]:
    bound = FlowBound(problem)
    assert bound.short is bool(bound.cuts())
    return [short(cut) for cut in bound.cuts()]


def test_every_row_that_asks_for_more_than_there_is_is_a_cut_of_its_own() -> None:
    records = [record("x", 10, tags="a"), record("y", 5, tags="b", level=6)]
    problem = asked(
        {"a": 11, "b": 5},
        records,
        credits_=20,
        buckets={"b": {"min_badges": 2}},
        award={"min_at_level": {7: 10.1}},
    )
    assert simple(problem) == [
        ({"credits": 1}, 200, 150),
        ({"min_at_level.7": 1}, 101, 100),
        ({"buckets.a": 1}, 110, 100),
        ({"buckets.b.min_badges": 1}, 2, 1),
    ]


def test_what_is_just_enough_is_no_cut() -> None:
    records = [record("x", 10, tags="a"), record("y", 5, tags="b", level=6)]
    problem = asked({"a": 10, "b": 5}, records, credits_=15, award={"min_at_level": {7: 10}})
    assert simple(problem) == []


def test_a_requirement_that_nothing_could_meet_is_a_cut() -> None:
    problem = asked(
        {"a": 0},
        [],
        award={"requires": {"attested": "viva"}},
        attestations={"viva": {"says": "It was passed.", "by": "examiner"}},
    )
    assert simple(problem) == [({"requires": 1}, 1, 0)]


def test_the_most_of_a_row_is_exact_where_badges_are_shared() -> None:
    """Both buckets could have the badge; a row over all counts it once."""
    records = [record("x", 10, tags="ab")]
    problem = asked({"a": 10, "b": 10}, records, credits_=15, sharing={"max_badges": 1})
    assert simple(problem) == [({"credits": 1}, 150, 100)]


def test_a_row_and_a_limit_on_it_contradict_together() -> None:
    records = [record(f"r{n}", 10, tags="a", rpl=n > 0) for n in range(3)]
    problem = asked({"a": 25}, records, award={"rpl_cap": 14})
    assert simple(problem) == [({"buckets.a": 1, "rpl_cap": 1}, 250, 240)]
    assert simple(asked({"a": 24}, records, award={"rpl_cap": 14})) == []


def test_of_the_limits_the_one_that_leaves_most_missing_is_named() -> None:
    records = [record(f"r{n}", 10, tags="a", rpl=n > 0, level=6) for n in range(3)]
    award = {"rpl_cap": 12, "max_below_level": {6: 21}}
    assert simple(asked({"a": 25}, records, award=award)) == [
        ({"buckets.a": 1, "max_below_level.6": 1}, 250, 210)
    ]
    award = {"rpl_cap": 8, "max_below_level": {6: 21}}
    assert simple(asked({"a": 25}, records, award=award)) == [
        ({"buckets.a": 1, "rpl_cap": 1}, 250, 180)
    ]


def test_of_equal_limits_the_first_is_named() -> None:
    records = [record(f"r{n}", 10, tags="a", rpl=True, level=6) for n in range(3)]
    award = {"rpl_cap": 20, "max_below_level": {6: 20}}
    assert simple(asked({"a": 25}, records, award=award)) == [
        ({"buckets.a": 1, "max_below_level.6": 1}, 250, 200)
    ]


def test_a_limit_of_a_bucket_holds_back_that_bucket_alone() -> None:
    records = [record(f"{name}{n}", 10, tags=name) for name in "ab" for n in range(2)]
    limits = {"a": {"max_credits": 12}, "b": {"max_below_level": {7: 13}}}
    problem = asked({"a": 15, "b": 15}, records, credits_=30, buckets=limits)
    assert simple(problem) == [
        ({"buckets.a": 1, "buckets.a.max_credits": 1}, 150, 120),
        ({"buckets.b": 1, "buckets.b.max_below_level.7": 1}, 150, 130),
    ]


def test_a_limit_of_badges_is_no_limit_of_credit() -> None:
    records = [record(f"r{n}", 10, tags="a") for n in range(3)]
    assert simple(asked({"a": 25}, records, buckets={"a": {"max_badges": 1}})) == []


def test_a_need_of_badges_is_not_held_against_a_limit() -> None:
    records = [record(f"r{n}", 10, tags="a", rpl=True) for n in range(3)]
    problem = asked({"a": 0}, records, buckets={"a": {"min_badges": 3}}, award={"rpl_cap": 1})
    assert simple(problem) == []


def test_a_limit_on_what_is_shared_is_not_held_against_a_need() -> None:
    records = [record("x", 10, tags="ab")]
    sharing = {"max_badges": 1, "max_credits": 1}
    assert simple(asked({"a": 10}, records, sharing=sharing)) == []
    both = asked({"a": 10, "b": 10}, records, sharing=sharing)
    assert simple(both) == []


def test_buckets_that_compete_for_one_badge_are_named_together_by_the_flow() -> None:
    records = [record("x", 6, tags="ab"), record("y", 20, tags="c")]
    problem = asked({"a": 5, "b": 5, "c": 10}, records)
    assert simple(problem) == []
    assert flowing(problem) == [({"buckets.a": 1, "buckets.b": 1}, 100, 60)]


def test_buckets_that_share_nothing_are_cut_apart() -> None:
    records = [record("x", 6, tags="ab"), record("y", 6, tags="cd")]
    problem = asked({"a": 5, "b": 5, "c": 4, "d": 3}, records)
    assert flowing(problem) == [
        ({"buckets.a": 1, "buckets.b": 1}, 100, 60),
        ({"buckets.c": 1, "buckets.d": 1}, 70, 60),
    ]


def test_a_need_that_can_be_met_is_not_in_the_cut() -> None:
    records = [record("x", 6, tags="ab"), record("y", 9, tags="bc")]
    problem = asked({"a": 6, "b": 9, "c": 3}, records)
    assert flowing(problem) == [({"buckets.b": 1, "buckets.c": 1, "buckets.a": 1}, 180, 150)]
    problem = asked({"a": 5, "b": 4, "c": 7}, records)
    assert flowing(problem) == [({"buckets.a": 1, "buckets.b": 1, "buckets.c": 1}, 160, 150)]
    problem = asked({"a": 6, "c": 3}, records)
    assert flowing(problem) == []


def test_the_flow_is_held_back_by_a_limit_over_several_buckets() -> None:
    records = [record(f"{name}{n}", 5, tags=name, rpl=True) for name in "ab" for n in range(2)]
    problem = asked({"a": 8, "b": 8}, records, award={"rpl_cap": 15})
    assert simple(problem) == []
    assert flowing(problem) == [({"buckets.a": 1, "buckets.b": 1, "rpl_cap": 1}, 160, 150)]


def test_the_flow_is_held_back_by_a_limit_of_a_bucket() -> None:
    """What a may not take goes to b alone, and b cannot give back enough."""
    records = [record(f"r{n}", 5, tags="ab", level=6) for n in range(2)]
    records += [record("s", 2, tags="a")]
    limited = {"a": {"max_below_level": {6: 4}}}
    problem = asked({"a": 6.5, "b": 0}, records, buckets=limited)
    assert simple(problem) == [({"buckets.a": 1, "buckets.a.max_below_level.6": 1}, 65, 60)]
    problem = asked({"a": 6, "b": 6.5}, records, buckets=limited)
    assert flowing(problem) == [({"buckets.a": 1, "buckets.b": 1}, 125, 120)]


def test_what_the_award_needs_beyond_its_buckets_flows_on() -> None:
    records = [record("x", 10, tags="a", rpl=True), record("y", 10, tags="b", rpl=True)]
    problem = asked({"a": 3, "b": 3}, records, credits_=19, award={"rpl_cap": 18})
    assert simple(problem) == [({"credits": 1, "rpl_cap": 1}, 190, 180)]
    assert flowing(problem) == [({"credits": 1, "rpl_cap": 1}, 190, 180)]


def test_the_rest_of_the_award_is_cut_with_the_limits_of_its_buckets() -> None:
    records = [record(f"{name}{n}", 5, tags=name) for name in "ab" for n in range(2)]
    limits = {"a": {"max_credits": 7}, "b": {"max_credits": 6}}
    problem = asked({"a": 5, "b": 5}, records, credits_=14, buckets=limits)
    assert simple(problem) == []
    assert flowing(problem) == [
        ({"credits": 1, "buckets.a.max_credits": 1, "buckets.b.max_credits": 1}, 140, 130)
    ]


def test_buckets_that_need_more_than_the_award_leave_no_rest() -> None:
    records = [record("x", 10, tags="a"), record("y", 10, tags="b")]
    assert flowing(asked({"a": 10, "b": 10}, records, credits_=5)) == []


def test_what_flows_into_each_bucket_is_told_by_record() -> None:
    records = [record("x", 6, tags="ab"), record("y", 5, tags="b"), record("z", 2, tags="n")]
    problem = asked({"a": 4, "b": 7}, records)
    bound = FlowBound(problem)
    assert not bound.short
    assert bound.sent() == {0: {0: 40, 1: 20}, 1: {1: 50}}


def test_what_no_bucket_needs_flows_to_the_award_only_as_far_as_it_is_needed() -> None:
    records = [record("x", 6, tags="a"), record("y", 5, tags="a", level=6)]
    assert FlowBound(asked({"a": 0}, records)).sent() == {0: {}, 1: {}}
    sent = FlowBound(asked({"a": 0}, records, credits_=8)).sent()
    assert sent == {0: {0: 60}, 1: {0: 20}}


def test_higher_levels_flow_first() -> None:
    records = [record("low", 6, tags="a", level=6), record("top", 6, tags="a", level=7)]
    problem = asked({"a": 6}, records)
    assert [each.id for each in problem.records] == ["low", "top"]
    assert FlowBound(problem).sent() == {1: {0: 60}, 0: {}}


def test_a_shared_badge_flows_into_one_bucket_and_makes_no_wrong_no() -> None:
    records = [record("x", 10, tags="ab")]
    problem = asked({"a": 10, "b": 10}, records, sharing={"max_badges": 1})
    bound = FlowBound(problem)
    assert bound.short
    assert bound.cuts() == ()


def test_chosen_buckets_need_nothing_of_the_flow() -> None:
    records = [record("x", 6, tags="ab")]
    either = {"requires": {"any_of": ["a", "b"]}}
    assert flowing(asked({"a": 5, "b": 5}, records, award=either)) == []


def test_bounds_of_credit_limit_the_flow_and_shares_do_not() -> None:
    records = [record(f"r{n}", 10, tags="a", kind="K") for n in range(2)]
    bound = {"id": "k", "where": {"kind": "K"}}
    few = asked({"a": 15}, records, award={"at_most": [{**bound, "credits": 12}]})
    assert simple(few) == [({"buckets.a": 1, "at_most.k": 1}, 150, 120)]
    assert flowing(few) == [({"buckets.a": 1, "at_most.k": 1}, 150, 120)]
    part = asked({"a": 15}, records, award={"at_most": [{**bound, "share": 0.5}]})
    assert (simple(part), flowing(part)) == ([], [])


def test_a_need_beside_the_credits_and_buckets_is_no_need_of_the_flow() -> None:
    records = [record("x", 10, tags="a", kind="K")]
    bound = {"id": "k", "credits": 5, "where": {"kind": "L"}}
    problem = asked({"a": 10}, records, award={"at_least": [bound]})
    assert simple(problem) == [({"at_least.k": 1}, 50, 0)]
    assert flowing(problem) == []
