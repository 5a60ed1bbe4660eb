"""Cuts: rows added up, the most that a wallet can give, and the sums that whole badges make."""

import random
from itertools import product
from typing import Any

import pytest
from wallets import posed, programme, record

from degree.rules.cuts import Cut, cut, rounded_bound
from degree.rules.rows import OUT, Option, Problem, Row, Term


def fits(*tags: str, sizes: tuple[float, ...] = (), sharing: Any = None) -> Problem:
    """A question without rows: record n has the size n and fits the buckets named in its tag."""
    buckets: dict[str, Any] = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    clauses = {"sharing": sharing} if sharing else {}
    rules = programme(awards=[{"id": "X", "credits": 0}], buckets=buckets, **clauses)
    listed = zip(tags, sizes or (1,) * len(tags), strict=True)
    records = [record(f"r{n}", size, tags=tag) for n, (tag, size) in enumerate(listed)]
    return posed(rules, records)


def row(name: str = "row", *, asks: bool = True, bound: int, **facts: Any) -> Row:
    return Row(name=name, path=name, asks=asks, bound=bound, **facts)


def over(*amounts: int, bucket: int | None = None, times: int = 1) -> Term:
    return Term(bucket, {n: amount for n, amount in enumerate(amounts) if amount}, times)


def test_a_row_that_asks_for_more_than_there_is_contradicts_alone() -> None:
    floor = row("floor", bound=81, terms=(over(50, 30),))
    assert cut(fits("a", "b"), [(floor, 1)]) == Cut(
        rows={"floor": 1}, whole=False, needed=81, could_count=80
    )


def test_a_row_that_can_just_be_kept_is_no_cut() -> None:
    assert cut(fits("a", "b"), [(row(bound=80, terms=(over(50, 30),)), 1)]) is None


def test_what_is_missing_is_needed_less_what_could_count() -> None:
    found = cut(fits("a"), [(row(bound=81, terms=(over(50),)), 1)])
    assert found is not None
    assert found.short == 31


def test_a_record_gives_by_its_best_option_and_not_by_all() -> None:
    """Both buckets want the one badge; it is worth more in b."""
    a = row("a", bound=50, terms=(over(50, bucket=0),))
    b = row("b", bound=50, terms=(over(50, bucket=1),))
    assert cut(fits("ab"), [(a, 1), (b, 1)]) == Cut(
        rows={"a": 1, "b": 1}, whole=False, needed=100, could_count=50
    )
    assert cut(fits("ab"), [(a, 1), (b, 3)]) == Cut(
        rows={"a": 1, "b": 3}, whole=False, needed=200, could_count=150
    )


def test_a_shared_badge_gives_to_both_buckets_and_uses_up_what_may_be_shared() -> None:
    problem = fits("ab", "ab", sharing={"max_badges": 1})
    a = row("a", bound=90, terms=(over(50, 50, bucket=0),))
    b = row("b", bound=90, terms=(over(50, 50, bucket=1),))
    assert cut(problem, [(a, 1), (b, 1)]) is None
    shared = row("shared", asks=False, bound=1, shared={0: 1, 1: 1})
    # Alone a badge gives 50, shared 100 - 40: 2 times 60 against 180 - 40.
    assert cut(problem, [(a, 1), (b, 1), (shared, 40)]) == Cut(
        rows={"a": 1, "b": 1, "shared": 40}, whole=False, needed=180, could_count=160
    )


def test_a_limit_takes_away_and_is_no_need() -> None:
    floor = row("floor", bound=60, terms=(over(50, 30),))
    limit = row("limit", asks=False, bound=20, terms=(over(50),))
    assert cut(fits("a", "b"), [(floor, 1), (limit, 1)]) == Cut(
        rows={"floor": 1, "limit": 1}, whole=False, needed=60, could_count=50
    )


def test_a_limit_with_terms_below_nothing_helps_no_record_to_give_less_than_nothing() -> None:
    limit = row("limit", asks=False, bound=-5, terms=(over(50, 30),))
    assert cut(fits("a", "b"), [(limit, 1)]) == Cut(
        rows={"limit": 1}, whole=False, needed=0, could_count=-5
    )


def test_a_share_counts_against_a_record_what_it_weighs_down() -> None:
    """Of 3·part - 2·all: the first gives 50, the second would take 60 and is left out."""
    share = row("share", bound=51, terms=(over(50, times=3), over(50, 30, times=-2)))
    assert cut(fits("a", "b"), [(share, 1)]) == Cut(
        rows={"share": 1}, whole=False, needed=51, could_count=50
    )


def test_choices_give_where_they_weigh_and_only_then() -> None:
    choosing = row("choosing", bound=4, choices={0: 1, 1: 2, 2: -7})
    assert cut(fits("a"), [(choosing, 1)]) == Cut(
        rows={"choosing": 1}, whole=False, needed=4, could_count=3
    )
    against = row("against", bound=0, choices={1: -2})
    # choice 1 cancels out; what is left can give 1
    assert cut(fits("a"), [(choosing, 1), (against, 1)]) == Cut(
        rows={"choosing": 1, "against": 1}, whole=False, needed=4, could_count=1
    )


def test_a_split_counts_one_option_exactly() -> None:
    problem = fits("ab", "ab", sharing={"max_badges": 2})
    high = row("split 1", bound=2, exactly={0: (0, 1), 1: (0, 1)})
    low = row("split 1", asks=False, bound=0, exactly={0: (1,), 1: (1,)})
    assert cut(problem, [(high, 1)]) is None
    assert cut(problem, [(row("x", bound=3, exactly=high.exactly), 1)]) is not None
    b = row("b", bound=101, terms=(over(50, 50, bucket=1),))
    both = row("both", asks=False, bound=0, shared={0: 1, 1: 1})
    assert cut(problem, [(b, 1), (low, 50)]) == Cut(
        rows={"b": 1, "split 1": 50}, whole=False, needed=101, could_count=100
    )
    assert cut(problem, [(b, 1), (low, 50), (both, 50)]) == Cut(
        rows={"b": 1, "split 1": 50, "both": 50}, whole=False, needed=101, could_count=0
    )


def test_two_splits_of_one_option_add_up() -> None:
    problem = fits("ab", sharing={"max_badges": 2})
    split = row("split", bound=1, exactly={0: (0, 1)})
    other = row("other", bound=2, exactly={0: (0, 1)})
    assert cut(problem, [(split, 1), (other, 1)]) == Cut(
        rows={"split": 1, "other": 1}, whole=False, needed=3, could_count=2
    )


def test_a_row_that_is_not_used_is_not_named() -> None:
    floor, other = row("floor", bound=81, terms=(over(50),)), row("other", bound=9)
    found = cut(fits("a"), [(floor, 2), (other, 0)])
    assert found is not None
    assert (found.rows, found.needed, found.could_count) == ({"floor": 2}, 162, 100)


def test_whole_badges_make_a_cut_where_split_ones_do_not() -> None:
    """Three badges of 3 for two needs of 4: each need takes two of them."""
    problem = fits("ab", "ab", "ab")
    a = row("a", bound=40, terms=(over(30, 30, 30, bucket=0),))
    b = row("b", bound=40, terms=(over(30, 30, 30, bucket=1),))
    assert cut(problem, [(a, 1), (b, 1)]) is None
    assert cut(problem, [(a, 1), (b, 1)], whole=True) == Cut(
        rows={"a": 1, "b": 1}, whole=True, needed=120, could_count=90
    )


def test_a_limit_in_whole_badges_is_lowered() -> None:
    problem = fits("a", "a")
    floor = row("floor", bound=50, terms=(over(40, 40),))
    limit = row("limit", asks=False, bound=70, terms=(over(40, 40),))
    assert cut(problem, [(floor, 1), (limit, 1)]) is None
    # rounded: at least 80, at most 40
    assert cut(problem, [(floor, 1), (limit, 1)], whole=True) == Cut(
        rows={"floor": 1, "limit": 1}, whole=True, needed=80, could_count=40
    )


def floor_of(problem: Problem, bound: int, *amounts: int, **facts: Any) -> int:
    return rounded_bound(problem, row(bound=bound, terms=(over(*amounts, **facts),)))


def limit_of(problem: Problem, bound: int, *amounts: int, **facts: Any) -> int:
    found = row(asks=False, bound=bound, terms=(over(*amounts, **facts),))
    return rounded_bound(problem, found)


@pytest.mark.parametrize(
    ("amounts", "need", "least"),
    [
        ((30, 30, 30), 40, 60),
        ((30, 30, 30), 60, 60),
        ((30, 30, 30), 61, 90),
        ((30, 30, 30), 0, 0),
        ((30, 30, 30), -5, 0),
        ((30, 30, 30), 91, 91),
        ((25, 40, 70), 60, 65),
        ((25, 40, 70), 66, 70),
        ((7, 11, 13), 12, 13),
        ((7, 11, 13), 19, 20),
        ((6, 10), 7, 10),
        ((6, 10), 11, 16),
        ((), 10, 10),
    ],
)
def test_a_need_is_raised_to_the_least_sum_of_whole_badges(
    amounts: tuple[int, ...], need: int, least: int
) -> None:
    assert floor_of(fits("a", "a", "a"), need, *amounts) == least


@pytest.mark.parametrize(
    ("amounts", "limit", "most"),
    [
        ((30, 30, 30), 40, 30),
        ((30, 30, 30), 60, 60),
        ((30, 30, 30), 59, 30),
        ((30, 30, 30), 29, 0),
        ((30, 30, 30), 0, 0),
        ((30, 30, 30), -5, -5),
        ((30, 30, 30), 500, 90),
        ((25, 40, 70), 64, 40),
        ((6, 10), 15, 10),
        ((), 10, 10),
    ],
)
def test_a_limit_is_lowered_to_the_greatest_sum_of_whole_badges(
    amounts: tuple[int, ...], limit: int, most: int
) -> None:
    assert limit_of(fits("a", "a", "a"), limit, *amounts) == most


def test_a_badge_gives_to_a_bucket_or_not_at_all() -> None:
    """The second badge fits only a, which the row does not count."""
    problem = fits("ab", "a", "b")
    assert floor_of(problem, 1, 50, 30, 20, bucket=1) == 20
    assert floor_of(problem, 21, 50, 30, 20, bucket=1) == 50
    assert floor_of(problem, 71, 50, 30, 20, bucket=1) == 71


def test_a_shared_badge_gives_one_amount_or_another() -> None:
    """Counted 10 in b, 7 anywhere: 7, 17 by b, and never 24."""
    problem = fits("ab", sharing={"max_badges": 1})
    found = row(bound=8, terms=(over(7), over(10, bucket=1)), shared={0: 4})
    assert rounded_bound(problem, found) == 17
    assert rounded_bound(problem, row(bound=18, terms=found.terms, shared={0: 4})) == 21
    assert rounded_bound(problem, row(bound=22, terms=found.terms, shared={0: 4})) == 22


@pytest.mark.parametrize(
    "facts",
    [
        {"terms": (over(30, 30),), "choices": {0: 1}},
        {"terms": (over(30, 30), over(1, times=-1))},
    ],
)
def test_a_row_that_is_not_plain_is_never_rounded(facts: dict[str, Any]) -> None:
    assert rounded_bound(fits("a", "a"), row(bound=40, **facts)) == 40
    assert rounded_bound(fits("a", "a"), row(asks=False, bound=40, **facts)) == 40


def values(problem: Problem, found: Row, taken: tuple[Option | int, ...]) -> int:
    return sum(found.of(n, each) for n, each in enumerate(taken) if isinstance(each, tuple))


@pytest.mark.parametrize("seed", range(25))
def test_every_placing_of_whole_badges_keeps_a_rounded_row_as_it_kept_the_row(seed: int) -> None:
    """And a cut that was found holds against every placing."""
    dice = random.Random(seed)
    problem = fits("ab", "b", "ab", "a", sharing={"max_badges": dice.randrange(3)})
    amounts = [dice.choice((15, 20, 40, 60)) for _ in range(4)]
    rows = [
        row(
            f"row {n}",
            asks=dice.random() < 0.6,
            bound=dice.randrange(0, 120, 5),
            terms=(over(*amounts, bucket=dice.choice((None, 0, 1))),),
            shared=dict.fromkeys(range(dice.randrange(4)), dice.choice((5, 20))),
        )
        for n in range(3)
    ]
    placings = list(product(*[(OUT, *options) for options in problem.options]))
    for each in rows:
        bound = rounded_bound(problem, each)
        sums = {values(problem, each, taken) for taken in placings}
        keeping = {
            total for total in sums if (total >= each.bound) is each.asks or total == each.bound
        }
        assert keeping == {
            total for total in sums if (total >= bound) is each.asks or total == bound
        }
        if keeping:
            assert bound == (min(keeping) if each.asks else max(keeping))
    for whole in (False, True):
        if cut(problem, [(each, dice.randrange(1, 3)) for each in rows], whole=whole):
            assert not any(
                all(
                    values(problem, each, taken) >= each.bound
                    if each.asks
                    else values(problem, each, taken) <= each.bound
                    for each in rows
                )
                for taken in placings
            )
