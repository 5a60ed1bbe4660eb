"""Rows and the tally of a placing: what is kept, whatever moves and whatever is chosen."""

import random
from itertools import product
from typing import Any

import pytest
from wallets import posed, programme, record

from degree.rules.rows import OUT, Counts, Problem, Row, Term
from degree.rules.tally import Tally


def everything() -> Problem:
    """Three buckets that share badges, a tree of choices, shares, variety and caps."""
    rules = programme(
        awards=[
            {
                "id": "X",
                "credits": 12,
                "rpl_cap": 8,
                "at_most": [{"id": "low", "share": 0.5, "where": {"level_max": 6}}],
                "at_least": [{"id": "own", "share": 0.25, "where": {"rpl": False}}],
                "requires": {
                    "any_of": ["a", {"all_of": ["b", {"badge": "ONE"}]}, {"attested": "viva"}]
                },
            }
        ],
        buckets={
            "a": {
                "min": 9,
                "max_badges": 2,
                "where": {"tag": "a"},
                "at_most": [{"id": "old", "share": 0.6, "where": {"rpl": True}}],
            },
            "b": {
                "min": 4,
                "where": {"tag": "b"},
                "at_least": [{"id": "high", "share": 0.5, "where": {"level": 7}}],
            },
            "c": {"min": 0, "where": {"any": True}},
        },
        attestations={"viva": {"says": "It was passed.", "by": "examiner"}},
        sharing={"max_badges": 1, "max_credits": 5, "between": [["a", "b"], ["b", "c"]]},
        distinct={
            "contexts": {"at_least": 2, "min_credits_each": 3},
            "validators": {"max_share_each": 0.7},
        },
    )
    records = [
        record("p", 5, tags="ab", contexts={"ke"}, judges=["j1"], code="ONE"),
        record("q", 4, tags="ab", level=6, contexts={"uk"}, judges=["j1", "j2"]),
        record("r", 3, tags="b", rpl=True, contexts={"ke", "uk"}, judges=["j2"]),
        record("s", 6, tags="a", rpl=True, judges=["j3"]),
        record("t", 2, tags="n", level=6, contexts={"ie"}, judges=["j1"]),
    ]
    return posed(rules, records)


PROBLEM = everything()


def given(problem: Problem, placed: list[int], row: Row) -> int:
    """What the records give to the row, added up plainly."""
    return sum(
        row.of(number, problem.options[number][taken])
        for number, taken in enumerate(placed)
        if taken != OUT
    )


def keeps(problem: Problem, placed: list[int]) -> bool:
    """Whether some choices keep every row, by trying them all."""
    sums = [given(problem, placed, row) for row in problem.rows]

    def held(row: Row, total: int, chosen: tuple[int, ...]) -> bool:
        total += sum(weight * chosen[each] for each, weight in row.choices.items())
        return total >= row.bound if row.asks else total <= row.bound

    return any(
        all(held(row, total, chosen) for row, total in zip(problem.rows, sums, strict=True))
        for chosen in product((0, 1), repeat=len(problem.choices))
    )


def drawn(dice: random.Random, problem: Problem) -> list[int]:
    return [dice.randrange(-1, len(options)) for options in problem.options]


@pytest.mark.parametrize("seed", range(6))
def test_the_rows_of_a_tally_follow_every_move(seed: int) -> None:
    dice = random.Random(seed)
    placed = drawn(dice, PROBLEM)
    tally = Tally(PROBLEM, placed)
    for _ in range(30):
        number = dice.randrange(len(placed))
        placed[number] = dice.randrange(-1, len(PROBLEM.options[number]))
        tally.move(number, placed[number])
        assert tally.placed == placed
        sums = [given(PROBLEM, placed, row) for row in PROBLEM.rows]
        assert [tally.sum(each) for each in range(len(sums))] == sums
        assert list(tally.below(PROBLEM.effects.alone)) == [
            each
            for each, (row, total) in enumerate(zip(PROBLEM.rows, sums, strict=True))
            if not row.choices and (total < row.bound if row.asks else total > row.bound)
        ]


def test_a_tally_keeps_what_some_choices_keep_and_nothing_else() -> None:
    dice = random.Random(3)
    found = set()
    tally = Tally(PROBLEM, [OUT] * len(PROBLEM.records))
    for placed in [drawn(dice, PROBLEM) for _ in range(200)]:
        for number, taken in enumerate(placed):
            tally.move(number, taken)
        kept = keeps(PROBLEM, placed)
        assert tally.keeps() is kept
        assert Tally(PROBLEM, placed).keeps() is kept
        assert (tally.broken() == []) is kept
        found.add(kept)
    assert found == {True, False}


def small(*rows: Row, choices: tuple[str, ...] = (), sizes: tuple[int, ...] = (5, 3)) -> Problem:
    """Records that fit the bucket a, or b too, with these rows alone."""
    records = [record(f"r{number}", size, tags="ab") for number, size in enumerate(sizes)]
    buckets: dict[str, Any] = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    problem = posed(programme(awards=[{"id": "X", "credits": 0}], buckets=buckets), records)
    return Problem(problem.award, problem.records, problem.options, rows, choices)


def row(*, asks: bool = True, bound: int, **facts: Any) -> Row:
    name = facts.pop("name", f"row-{bound}")
    return Row(name=name, path=name, asks=asks, bound=bound, **facts)


CREDITS = Term(None, {0: 50, 1: 30})


def has(tally: Tally, *rows: int) -> bool:
    """Whether these rows are kept."""
    return tally.has(tally.problem.effects.bits(rows))


def test_a_floor_is_kept_from_its_bound_and_a_ceiling_up_to_it() -> None:
    floors = [row(bound=bound, terms=(CREDITS,)) for bound in (49, 50, 51)]
    ceilings = [row(asks=False, bound=bound, terms=(CREDITS,)) for bound in (49, 50, 51)]
    tally = Tally(small(*floors, *ceilings), (0, OUT))
    assert tally.broken() == [2, 3]
    assert not tally.keeps()
    assert has(tally, 0, 1, 4, 5)
    assert not has(tally, 0, 2)
    assert has(tally)


def test_a_record_moves_only_within_the_rows_that_limit_it() -> None:
    rows = [row(asks=False, bound=bound, terms=(CREDITS,)) for bound in (79, 80, 29)]
    problem = small(*rows)
    tally, bits = Tally(problem, (0, OUT)), problem.effects.bits
    assert not tally.move_within(bits([0, 1]), 1, 0)
    assert tally.placed == [0, OUT]
    assert list(tally.below(bits([0, 1, 2]))) == [2]
    assert tally.move_within(bits([1]), 1, 0)
    assert tally.placed == [0, 0]
    assert list(tally.below(bits([0, 1, 2]))) == [0, 2]


def test_rooms_of_any_size_stay_apart() -> None:
    largest, amounts = 10**30, {0: 10**30, 1: 1}
    rows = [
        row(
            name=f"{asks} {bound} {times}",
            asks=asks,
            bound=bound,
            terms=(Term(None, amounts, times),),
        )
        for times in (-1, 1)
        for asks in (True, False)
        for bound in (-largest - 1, -largest, -1, 0, 1, largest, largest + 1)
    ]
    problem = small(*rows)
    for placed in product((OUT, 0), repeat=2):
        sums = [given(problem, list(placed), each) for each in rows]
        assert Tally(problem, placed).broken() == [
            number
            for number, (each, total) in enumerate(zip(rows, sums, strict=True))
            if (total < each.bound if each.asks else total > each.bound)
        ]


def test_of_badges_that_exclude_each_other_the_broken_pairs_are_found() -> None:
    pairs = [(0, 1), (0, 2), (1, 2), (2, 0), (1, 1), (0, 2)]
    terms = [(Term(0, {one: 1}), Term(1, {other: 1})) for one, other in pairs]
    problem = small(
        *(row(name=f"{n}", asks=False, bound=1, terms=each) for n, each in enumerate(terms)),
        row(bound=120, terms=(Term(None, {0: 50, 1: 30, 2: 40}),)),
        sizes=(5, 3, 4),
    )
    for placed in product((OUT, 0, 1), repeat=3):
        excluded = [
            number
            for number, (one, other) in enumerate(pairs)
            if placed[one] == 0 and placed[other] == 1
        ]
        tally = Tally(problem, placed)
        assert sorted(tally.below(problem.effects.ceilings)) == excluded
        assert tally.has(problem.effects.ceilings) is not bool(excluded)
        assert tally.broken() == [*excluded, *([6] if OUT in placed else [])]


def test_a_choice_is_made_where_its_rows_allow() -> None:
    open_ = row(name="z", bound=0, terms=(CREDITS,), choices={0: -50})
    wanted = row(name="root", bound=1, choices={0: 1})
    problem = small(open_, wanted, choices=("z",))
    assert Tally(problem, (0, OUT)).chosen() == [1]
    assert Tally(problem, (OUT, 0)).chosen() == [0]
    assert Tally(problem, (0, OUT)).keeps()
    assert Tally(problem, (OUT, 0)).broken() == [1]


def test_a_choice_weighs_against_a_limit_too() -> None:
    limit = row(name="l", asks=False, bound=60, terms=(CREDITS,), choices={0: 20})
    wanted = row(name="root", bound=1, choices={0: 1})
    problem = small(limit, wanted, choices=("z",))
    assert Tally(problem, (OUT, 0)).chosen() == [1]
    assert Tally(problem, (0, OUT)).chosen() == [0]


def test_what_shares_lack_is_added_up_unless_another_row_is_broken() -> None:
    def share(name: str, record: int) -> Row:
        half = (
            Term(None, {record: CREDITS.amounts[record]}, times=2),
            Term(None, CREDITS.amounts, -1),
        )
        return row(name=name, asks=False, bound=0, terms=half, ratio=True)

    problem = small(row(bound=30, terms=(CREDITS,)), share("r0", 0), share("r1", 1))
    assert Tally(problem, (0, 0)).lack() == 20  # 2 x 50 of 80
    assert Tally(problem, (OUT, 0)).lack() == 30  # 2 x 30 of 30
    assert Tally(problem, (OUT, OUT)).lack() is None
    tally = Tally(problem, (0, 0))
    assert [tally.lack_with(0, OUT), tally.lack_with(0, 0), tally.lack()] == [30, 20, 20]


def test_choices_below_a_choice_are_made_first() -> None:
    leaf = row(name="leaf", bound=0, terms=(CREDITS,), choices={0: -80})
    node = row(name="node", bound=0, choices={0: 1, 1: -1})
    root = row(name="root", bound=1, choices={1: 1})
    problem = small(leaf, node, root, choices=("leaf", "node"))
    assert Tally(problem, (0, 0)).chosen() == [1, 1]
    assert Tally(problem, (0, OUT)).chosen() == [0, 0]
    assert Tally(problem, (0, OUT)).broken() == [2]


@pytest.mark.parametrize(
    ("facts", "plain", "defines"),
    [
        ({"bound": 5, "terms": (CREDITS,)}, True, False),
        ({"bound": 5, "terms": (CREDITS,), "asks": False}, True, False),
        ({"bound": 5}, True, False),
        ({"bound": 0, "terms": (Term(None, {0: 1}, times=-1),)}, False, False),
        ({"bound": 0, "terms": (CREDITS,), "choices": {0: -50}}, False, True),
        ({"bound": -3, "choices": {0: -3}}, False, True),
        ({"bound": 1, "terms": (CREDITS,), "choices": {0: -50}}, False, False),
        ({"bound": 0, "terms": (CREDITS,), "choices": {0: 1}}, False, False),
        ({"bound": 0, "choices": {0: -1, 1: -1}}, False, False),
        ({"bound": 0, "choices": {0: -1}, "asks": False}, False, False),
        ({"bound": 0, "terms": (Term(None, {0: 1}, times=-1),), "choices": {0: -1}}, False, False),
    ],
)
def test_a_row_is_plain_or_defines_a_choice(
    facts: dict[str, Any], *, plain: bool, defines: bool
) -> None:
    assert (row(**facts).plain, row(**facts).defines) == (plain, defines)


def test_a_row_weighs_an_option_by_all_that_concerns_it() -> None:
    found = row(
        bound=0,
        terms=(Term(None, {0: 7}), Term(1, {0: 50, 1: 9}, times=2)),
        shared={0: 1000},
        exactly={0: (1,)},
    )
    assert [found.of(0, option) for option in ((0,), (1,), (0, 1))] == [7, 108, 1107]
    assert [found.of(1, option) for option in ((0,), (1,), (0, 1))] == [0, 18, 18]
    assert found.of(2, (1,)) == 0
    assert found.concerned() == {0, 1}
    assert row(bound=0, shared={3: 1}, exactly={4: (0,)}).concerned() == {3, 4}


def test_two_badges_in_two_buckets_exclude_each_other() -> None:
    one, other = Term(0, {0: 1}), Term(1, {1: 1})
    assert row(bound=1, asks=False, terms=(one, other)).is_pair
    assert not row(bound=1, asks=False, terms=(one,)).is_pair
    assert not row(bound=1, terms=(one, other)).is_pair
    assert not row(bound=0, asks=False, terms=(one, other), ratio=True).is_pair


def test_a_problem_sorts_its_rows() -> None:
    problem = small(
        row(name="floor", bound=5, terms=(CREDITS,)),
        row(name="limit", asks=False, bound=5, terms=(CREDITS,)),
        row(name="share", bound=0, terms=(Term(None, {0: 1}, times=-1),)),
        row(name="defining", bound=0, terms=(CREDITS,), choices={0: -5}),
        row(name="root", bound=1, choices={0: 1}),
        choices=("z",),
    )
    assert (problem.floors, problem.ceilings) == ((0,), (1,))
    assert problem.binding == (0, 1, 2, 4)


def test_a_problem_knows_who_fits_where() -> None:
    buckets = {
        "a": {"min": 0, "where": {"tag": "a"}, "max_badges": 1},
        "b": {"min": 0, "where": {"any": True}},
    }
    records = [record("x", 5, tags="a", rpl=True), record("y", 3), record("z", 0, tags="a")]
    rules = programme(
        awards=[{"id": "X", "credits": 0, "rpl_cap": 4, "max_below_level": {7: 9}}],
        buckets=buckets,
        sharing={"max_badges": 1},
    )
    problem = posed(rules, records)
    assert problem.able == (0, 1, 2)
    assert problem.credits == (50, 30, 0)
    assert problem.singles == ({0: 0, 1: 1}, {1: 0}, {0: 0, 1: 1})
    assert problem.widest_first == ((1, 0), (1,), (1, 0))


def test_who_fits_nowhere_is_not_able() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 0}], buckets={"a": {"min": 0, "where": {"tag": "a"}}}
    )
    problem = posed(rules, [record("x"), record("y", tags="a")])
    assert problem.able == (1,)
    assert problem.singles[0] == {}


def test_a_problem_can_keep_some_rules_alone() -> None:
    problem = PROBLEM.keeping(["distinct.contexts", "awards.X.credits"])
    assert {each.path for each in problem.rows} == {"distinct.contexts", "awards.X.credits"}
    assert problem.choices == PROBLEM.choices
    assert {each.counts for each in problem.rows} == {Counts.CREDITS, Counts.OTHER}
