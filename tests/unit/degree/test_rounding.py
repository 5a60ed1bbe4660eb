"""From a split flow to whole badges: what is laid out, mended, taken away and given back."""

from datetime import date
from typing import Any

from wallets import asked, record

from degree.rules.bounding import FlowBound
from degree.rules.desk import Desk
from degree.rules.naming import placements_of
from degree.rules.records import Record
from degree.rules.rounding import balanced, fullest, rounded, thrifty
from degree.rules.rows import OUT, Placing, Problem
from degree.rules.tally import Tally


def badge(name: str, credits_: float, tags: str, **facts: Any) -> Record:
    """Badges are as old as their names stand in the alphabet."""
    end = date(2024, 1, 1 + ord(name[0]) - ord("a"))
    return record(name, credits_, tags=tags, activity_start=end, activity_end=end, **facts)


def filled(problem: Problem, placed: Placing | None) -> dict[str, str] | None:
    """The buckets by record."""
    if placed is None:
        return None
    return {each.record: "+".join(each.buckets) for each in placements_of(problem, placed)}


def by_flow(problem: Problem) -> dict[str, str] | None:
    return filled(problem, rounded(problem, FlowBound(problem).sent()))


def test_a_record_is_placed_where_most_of_its_credit_flows() -> None:
    problem = asked({"p": 0, "q": 0, "r": 0}, [badge("a", 9, "pqr"), badge("b", 2, "q")])
    desk = Desk(problem)
    desk.follow({0: {0: 20, 1: 40, 2: 30}, 1: {}})
    assert filled(problem, desk.tally.placed) == {"a": "q"}


def test_records_that_are_not_split_are_placed_before_those_that_are() -> None:
    problem = asked(
        {"p": 0, "q": 0}, [badge("a", 6, "pq"), badge("b", 6, "p")], award={"rpl_cap": 6}
    )
    limited = asked(
        {"p": 0, "q": 0},
        [badge("a", 6, "pq", rpl=True), badge("b", 6, "p", rpl=True)],
        award={"rpl_cap": 6},
    )
    sent = {0: {0: 30, 1: 30}, 1: {0: 60}}
    for question, expected in ((problem, {"a": "p", "b": "p"}), (limited, {"b": "p"})):
        desk = Desk(question)
        desk.follow(sent)
        assert filled(question, desk.tally.placed) == expected


def test_where_the_first_bucket_has_no_room_the_next_is_taken() -> None:
    problem = asked({"p": 0, "q": 0}, [badge("a", 6, "pq")], buckets={"p": {"max_credits": 5}})
    desk = Desk(problem)
    desk.follow({0: {0: 40, 1: 20}})
    assert filled(problem, desk.tally.placed) == {"a": "q"}


def test_no_ceiling_is_ever_broken_and_what_just_fits_is_laid_out() -> None:
    records = [badge(name, 5, "p") for name in "abc"]
    for limits, expected in (
        ({"max_credits": 10}, 2),
        ({"max_credits": 9.9}, 1),
        ({"max_badges": 2}, 2),
        ({"max_badges": 0}, 0),
    ):
        desk = Desk(asked({"p": 0}, records, buckets={"p": limits}))
        assert len(list(desk.count_the_rest())) == expected


def test_the_rest_is_counted_from_the_oldest_in_the_bucket_that_takes_most() -> None:
    records = [badge("c", 1, "pq"), badge("b", 1, "q"), badge("a", 1, "pq"), badge("d", 1, "n")]
    problem = asked({"p": 0, "q": 0}, records)
    desk = Desk(problem)
    counted = list(desk.count_the_rest())
    assert [problem.records[number].id for number in counted] == ["a", "b", "c"]
    assert filled(problem, desk.tally.placed) == {"a": "q", "b": "q", "c": "q"}
    assert list(desk.count_the_rest()) == []


def test_what_is_laid_out_counts_as_soon_as_it_is_told() -> None:
    problem = asked({"p": 0}, [badge("a", 1, "p"), badge("b", 1, "p")])
    desk = Desk(problem)
    next(desk.count_the_rest())
    assert filled(problem, desk.tally.placed) == {"a": "p"}


def test_the_rest_goes_to_another_bucket_where_the_widest_is_full() -> None:
    problem = asked(
        {"p": 0, "q": 0},
        [badge(name, 5, "pq") for name in "ab"] + [badge("c", 5, "q")],
        buckets={"q": {"max_badges": 1}},
    )
    desk = Desk(problem)
    list(desk.count_the_rest())
    assert filled(problem, desk.tally.placed) == {"a": "q", "b": "p"}


def mended(problem: Problem, sent: dict[int, dict[int, int]]) -> tuple[bool, dict[str, str]]:
    desk = Desk(problem)
    desk.follow(sent)
    done = desk.mend_buckets()
    found = filled(problem, desk.tally.placed)
    assert found is not None
    return done, found


def test_a_bucket_that_is_short_takes_the_smallest_open_badge_that_closes_the_gap() -> None:
    records = [badge("a", 9, "p"), badge("b", 5, "p"), badge("c", 4, "p"), badge("d", 3, "p")]
    assert mended(asked({"p": 4}, records), {}) == (True, {"c": "p"})


def test_where_none_closes_the_gap_the_largest_come_first() -> None:
    records = [badge("a", 3, "p"), badge("b", 5, "p"), badge("c", 4, "p"), badge("d", 2, "p")]
    assert mended(asked({"p": 8}, records), {}) == (True, {"b": "p", "a": "p"})
    assert mended(asked({"p": 15}, records), {}) == (
        False,
        {"a": "p", "b": "p", "c": "p", "d": "p"},
    )


def test_a_badge_without_credit_mends_nothing() -> None:
    assert mended(asked({"p": 1}, [badge("a", 0, "p")]), {}) == (False, {})


def test_a_bucket_gives_up_what_it_does_not_need() -> None:
    records = [badge("a", 5, "pq"), badge("b", 5, "q")]
    problem = asked({"p": 5, "q": 5}, records)
    # a lies in q, where b is enough
    assert mended(problem, {0: {1: 50}, 1: {1: 50}}) == (True, {"a": "p", "b": "q"})


def test_a_bucket_keeps_what_it_needs() -> None:
    records = [badge("a", 5, "pq"), badge("b", 4, "q")]
    problem = asked({"p": 5, "q": 5}, records)
    assert mended(problem, {0: {1: 50}, 1: {1: 40}}) == (False, {"a": "q", "b": "q"})
    enough = asked({"p": 5, "q": 4}, records)
    assert mended(enough, {0: {1: 50}, 1: {1: 40}}) == (True, {"a": "p", "b": "q"})


def test_a_bucket_without_need_spares_everything() -> None:
    problem = asked({"p": 5, "q": 0}, [badge("a", 5, "pq")])
    assert mended(problem, {0: {1: 50}}) == (True, {"a": "p"})


def test_open_badges_are_taken_before_those_of_others() -> None:
    records = [badge("a", 5, "pq"), badge("b", 5, "pq")]
    problem = asked({"p": 5, "q": 0}, records)
    assert mended(problem, {0: {1: 50}}) == (True, {"a": "q", "b": "p"})


def test_a_badge_that_finds_no_room_goes_back_where_it_came_from() -> None:
    records = [badge("a", 5, "pq", level=6), badge("b", 3, "pq")]
    problem = asked({"p": 5, "q": 0}, records, buckets={"p": {"max_below_level": {6: 4}}})
    assert mended(problem, {0: {1: 50}, 1: {1: 30}}) == (False, {"a": "q", "b": "p"})


def test_a_badge_is_not_in_its_own_way() -> None:
    """What b takes of the limit where it lies it takes no more when it comes to p; a gives way."""
    records = [badge("a", 3, "r"), badge("b", 5, "pq", rpl=True)]
    order = {"before": "p", "after": "r", "finished": "before_end"}
    needs = {"p": 5, "q": 0, "r": 0}
    problem = asked(needs, records, award={"rpl_cap": 8}, prerequisites=[order])
    assert mended(problem, {0: {2: 30}, 1: {1: 50}}) == (True, {"b": "p"})


def test_buckets_are_all_mended_even_where_one_cannot_be() -> None:
    problem = asked({"p": 9, "q": 5}, [badge("a", 5, "p"), badge("b", 5, "q")])
    assert mended(problem, {}) == (False, {"a": "p", "b": "q"})


SHARE = {"at_most": [{"id": "low", "share": 0.5, "where": {"level_max": 6}}]}


def relieved(problem: Problem) -> dict[str, str] | None:
    desk = Desk(problem)
    list(desk.count_the_rest())
    desk.mend_buckets()
    desk.relieve()
    return filled(problem, desk.tally.placed)


def test_what_weighs_most_on_a_share_is_taken_away_until_it_is_kept() -> None:
    """11 of 16 are at level 6; 7 of 12 would still be too much, and 3 of 8 is not."""
    low = [badge("a", 3, "p", level=6), badge("b", 4, "p", level=6), badge("c", 4, "p", level=6)]
    problem = asked({"p": 8}, [*low, badge("d", 5, "p")], award=SHARE)
    assert relieved(problem) == {"a": "p", "d": "p"}


def test_what_a_bucket_or_the_award_needs_is_not_taken_away() -> None:
    low, high = badge("a", 6, "p", level=6), badge("b", 5, "p")
    other = badge("c", 6, "p", level=6)
    for needs, credits_, expected in (
        ({"p": 12}, 0, {"a": "p", "b": "p", "c": "p"}),
        ({"p": 0}, 12, {"a": "p", "b": "p", "c": "p"}),
        ({"p": 11}, 0, {"b": "p", "c": "p"}),
        ({"p": 0}, 11, {"b": "p", "c": "p"}),
        ({"p": 5}, 5, {"b": "p"}),
    ):
        problem = asked(needs, [low, high, other], credits_=credits_, award=SHARE)
        assert relieved(problem) == expected


def test_what_was_taken_away_is_not_brought_back_to_mend_a_bucket() -> None:
    """Without a the bucket p is short by 1, which c of q mends."""
    records = [
        badge("a", 6, "p", level=6),
        badge("b", 5, "p"),
        badge("c", 2, "pq"),
        badge("d", 2, "q"),
    ]
    award = {"at_most": [{"id": "low", "share": 0.35, "where": {"level_max": 6}}]}
    problem = asked({"p": 6, "q": 2}, records, award=award)
    desk = Desk(problem)
    desk.follow({0: {0: 60}, 1: {0: 50}, 2: {1: 20}, 3: {1: 20}})
    desk.relieve()
    assert filled(problem, desk.tally.placed) == {"b": "p", "c": "p", "d": "q"}


def test_a_floor_that_limits_a_share_is_relieved_as_well() -> None:
    award = {"at_least": [{"id": "high", "share": 0.5, "where": {"level": 7}}]}
    records = [badge("a", 3, "p", level=6), badge("b", 4, "p", level=6), badge("c", 3, "p")]
    problem = asked({"p": 5}, records, award=award)
    assert relieved(problem) == {"a": "p", "c": "p"}


def test_a_desk_without_broken_shares_stays_as_it_is() -> None:
    problem = asked({"p": 5}, [badge("a", 5, "p", level=6), badge("b", 6, "p")], award=SHARE)
    assert relieved(problem) == {"a": "p", "b": "p"}


def test_a_placing_that_the_flow_alone_makes_needs_no_more_badges() -> None:
    records = [badge("a", 5, "p"), badge("b", 5, "p"), badge("c", 5, "p")]
    assert by_flow(asked({"p": 10}, records)) == {"a": "p", "b": "p"}


def test_badges_are_added_one_by_one_until_it_is_enough() -> None:
    """The flow needs one badge; the contexts need two, and the newest is not wanted."""
    records = [
        badge("a", 5, "p", contexts={"ke"}),
        badge("b", 5, "p", contexts={"ke"}),
        badge("c", 5, "p", contexts={"uk"}),
        badge("d", 5, "p", contexts={"ie"}),
    ]
    problem = asked({"p": 5}, records, distinct={"contexts": {"at_least": 2}})
    assert by_flow(problem) == {"a": "p", "c": "p"}


def test_too_much_of_one_kind_is_taken_away_when_all_is_laid_out() -> None:
    """Counting all is too much at level 6, and so is what the flow uses."""
    low = [badge(name, 4, "p", level=6) for name in "abc"]
    high = [badge("d", 4, "pq"), badge("e", 4, "q")]
    problem = asked({"p": 4, "q": 4}, [*low, *high], credits_=8, award=SHARE)
    found = by_flow(problem)
    assert found is not None
    assert len([name for name in found if name in "abc"]) <= len(
        [name for name in found if name in "de"]
    )


def test_where_rounding_finds_nothing_it_says_nothing() -> None:
    records = [badge(name, 3, "pq") for name in "abc"]
    assert by_flow(asked({"p": 4, "q": 4}, records)) is None


def test_the_newest_that_are_not_needed_are_given_back_first() -> None:
    records = [badge(name, 5, "p") for name in "abcd"]
    problem = asked({"p": 10}, records)
    assert filled(problem, thrifty(problem, Tally(problem, (0, 0, 0, 0)))) == {"a": "p", "b": "p"}


def test_nothing_that_a_floor_needs_is_given_back() -> None:
    records = [badge("a", 5, "p"), badge("b", 6, "p"), badge("c", 4, "p")]
    problem = asked({"p": 9}, records)
    # without c there are 11, without b too few
    assert filled(problem, thrifty(problem, Tally(problem, (0, 0, 0)))) == {"a": "p", "b": "p"}
    exact = asked({"p": 10}, records)
    assert filled(exact, thrifty(exact, Tally(exact, (0, 0, 0)))) == {"a": "p", "b": "p"}
    more = asked({"p": 11.1}, records)
    assert filled(more, thrifty(more, Tally(more, (0, 0, 0)))) == {"a": "p", "b": "p", "c": "p"}


def test_nothing_that_variety_or_a_share_needs_is_given_back() -> None:
    records = [badge("a", 5, "p", contexts={"ke"}), badge("b", 5, "p", contexts={"uk"})]
    varied = asked({"p": 5}, records, distinct={"contexts": {"at_least": 2}})
    assert filled(varied, thrifty(varied, Tally(varied, (0, 0)))) == {"a": "p", "b": "p"}
    levels = [badge("a", 5, "p", level=6), badge("b", 5, "p")]
    shared = asked({"p": 5}, levels, award=SHARE)
    assert filled(shared, thrifty(shared, Tally(shared, (0, 0)))) == {"b": "p"}


HALVES = {
    "at_most": [
        {"id": "low", "share": 0.5, "where": {"level_max": 6}},
        {"id": "high", "share": 0.5, "where": {"level": 7}},
    ]
}


def test_what_a_share_holds_back_alone_is_given_back_together() -> None:
    """Any one of four would leave too much at one level, and two of them do."""
    for levels, expected in (((6, 7, 6, 7), {"a", "b"}), ((6, 6, 7, 7), {"b", "c"})):
        records = [
            badge(name, 5, "p", level=level) for name, level in zip("abcd", levels, strict=True)
        ]
        problem = asked({"p": 5}, records, credits_=10, award=HALVES)
        found = filled(problem, thrifty(problem, Tally(problem, (0, 0, 0, 0))))
        assert found is not None
        assert set(found) == expected


def test_what_cannot_go_together_either_stays() -> None:
    records = [badge("a", 5, "p", level=6), badge("b", 3, "p"), badge("c", 2, "p")]
    problem = asked({"p": 5}, records, credits_=6, award=HALVES)
    assert thrifty(problem, Tally(problem, (0, 0, 0))) == (0, 0, 0)


def test_what_does_not_count_is_left_where_it_is() -> None:
    problem = asked({"p": 5}, [badge("a", 5, "p"), badge("b", 5, "p")])
    assert thrifty(problem, Tally(problem, (0, OUT))) == (0, OUT)


def test_the_fullest_placing_counts_all_that_fits_side_by_side() -> None:
    records = [badge("a", 5, "pq"), badge("b", 5, "q"), badge("c", 5, "q", rpl=True)]
    problem = asked({"p": 5, "q": 20}, records, credits_=30, award={"rpl_cap": 4})
    found = filled(problem, fullest(problem, FlowBound(problem).sent()))
    assert found == {"a": "p", "b": "q"}


def test_the_fullest_placing_fills_the_buckets_that_can_be_filled() -> None:
    """The flow is empty: what is counted anywhere is brought to the bucket that needs it."""
    records = [badge("a", 5, "pq"), badge("b", 5, "q")]
    problem = asked({"p": 5, "q": 0}, records)
    assert filled(problem, fullest(problem, {})) == {"a": "p", "b": "q"}


def test_shares_are_balanced_by_letting_badges_go() -> None:
    low = [badge(name, 4, "p", level=6) for name in "abc"]
    problem = asked({"p": 4}, [*low, badge("d", 4, "p"), badge("e", 6, "p")], award=SHARE)
    placed = balanced(problem)
    assert placed is not None
    assert Tally(problem, placed).keeps()
    assert filled(problem, placed) == {"d": "p"}


def test_a_badge_that_a_floor_needs_does_not_go_for_a_share() -> None:
    records = [badge("a", 6, "p", level=6), badge("b", 4, "q", level=6), badge("c", 6, "q")]
    found = filled(problem := asked({"p": 6, "q": 4}, records, award=SHARE), balanced(problem))
    assert found == {"a": "p", "c": "q"}


def test_where_shares_lack_nothing_or_for_ever_nothing_is_balanced() -> None:
    low, high = badge("a", 5, "p", level=6), badge("b", 6, "p")
    assert balanced(asked({"p": 5}, [low, high])) is None
    assert balanced(asked({"p": 5}, [low, high], award=SHARE)) is None
    assert balanced(asked({"p": 5}, [low], award=SHARE)) is None
