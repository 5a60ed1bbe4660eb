"""Proofs by the solver: cuts where badges could be split, and trees of cases where they cannot."""

from typing import Any

import pytest
from degree_instances import large_instance
from degree_realistic import programme_as_json, realistic
from degree_sketch import TODAY, Instance
from wallets import posed, programme, record

from degree.rules import closing, highs, proving
from degree.rules.bench import Bench
from degree.rules.branches import Branch, Split, Tree, leaves, split_row
from degree.rules.columns import Columns
from degree.rules.cuts import Cut, cut
from degree.rules.deciding import decide
from degree.rules.explain import AwardAnswer, Cases, NamedSplit
from degree.rules.grammar import programme_from_json
from degree.rules.naming import placements_of, proof_of
from degree.rules.posing import problem_for
from degree.rules.proving import Prover, proved
from degree.rules.records import Record
from degree.rules.records_json import wallet_from_json
from degree.rules.rows import Problem, Row, Term
from degree.rules.solving import Impossible


def asked(
    needs: dict[str, float],
    records: list[Record],
    *,
    credits_: float = 0,
    award: dict[str, Any] | None = None,
    **clauses: Any,
) -> Problem:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in needs}
    awards = [{"id": "X", "credits": credits_, "buckets": needs, **(award or {})}]
    return posed(programme(awards=awards, buckets=buckets, **clauses), records)


def sized(*sizes: float, tags: str = "ab") -> list[Record]:
    return [record(f"r{n}", size, tags=tags) for n, size in enumerate(sizes)]


def root_cut(problem: Problem) -> Cut | None:
    root = Prover(problem).root()
    return root if isinstance(root, Cut) else None


A, B = "awards.X.buckets.a", "awards.X.buckets.b"


def test_buckets_that_compete_are_cut_where_badges_could_be_split() -> None:
    found = root_cut(asked({"a": 5, "b": 5}, sized(6)))
    assert found == Cut(rows={A: 1, B: 1}, whole=False, needed=100, could_count=60)


def test_sizes_that_do_not_fit_are_cut_in_whole_badges() -> None:
    found = root_cut(asked({"a": 4, "b": 4}, sized(3, 3, 3)))
    assert found == Cut(rows={A: 1, B: 1}, whole=True, needed=120, could_count=90)


def test_where_split_badges_would_do_there_is_no_cut() -> None:
    assert root_cut(asked({"a": 4, "b": 4}, sized(4, 4))) is None
    assert root_cut(asked({"a": 4, "b": 4}, sized(5, 3, 3, 3))) is None


def test_multipliers_follow_what_the_rows_weigh() -> None:
    """A share against a need: prior learning, of which there is too much, is a quarter at most."""
    records = [record("old", 9, tags="a", rpl=True), record("new", 2, tags="a")]
    award = {"at_most": [{"id": "prior", "share": 0.25, "where": {"rpl": True}}]}
    found = root_cut(asked({"a": 5}, records, award=award))
    # a: old + new >= 50; 3·old - new <= 0: three times the first less the second
    assert found == Cut(
        rows={A: 3, "awards.X.at_most.prior": 1}, whole=False, needed=150, could_count=80
    )


def excluding(**more: Any) -> Problem:
    """One of p and q may count: q would fill b, but then nothing is left for a."""
    records = [
        record("p", 3, tags="ab", code="P"),
        record("q", 5, tags="ab", code="Q"),
        record("r", 3, tags="b"),
    ]
    return asked({"a": 1, "b": 5}, records, exclusions=[["badge:P", "badge:Q"]], **more)


def checked(problem: Problem, tree: Tree, splits: tuple[Row, ...] = ()) -> int:
    """How many cuts close the tree, each of them found again with the splits above it."""
    if isinstance(tree, Cut):
        rows = {row.name: row for row in (*problem.rows, *splits)}
        assert cut(problem, [(rows[n], t) for n, t in tree.rows.items()], whole=tree.whole) == tree
        return 1
    depth = len(splits) + 1
    return sum(
        checked(problem, side, (*splits, split_row(tree.split, depth, high=high)))
        for side, high in ((tree.low, False), (tree.high, True))
    )


def test_a_tree_has_two_sides_and_every_leaf_is_a_cut() -> None:
    problem = excluding()
    assert root_cut(problem) is None
    tree = proved(problem)
    assert isinstance(tree, Branch)
    cuts = list(leaves(tree))
    assert checked(problem, tree) == len(cuts)
    assert len(cuts) >= 2
    assert not tree.split.at_most
    assert tree.split.choice is None


def pairs_of(number: int) -> Problem:
    """So many badges of 3, two of which make a need of 5, over so many needs that one is short."""
    names = [f"n{n}" for n in range(number)]
    records = [
        record(f"r{n}", 3, tags=names, code=f"C{n}", level=6 + n % 2) for n in range(2 * number - 1)
    ]
    return asked(dict.fromkeys(names, 5), records)


def test_a_pigeonhole_needs_no_tree() -> None:
    found = root_cut(pairs_of(5))
    assert found is not None
    assert (found.whole, found.needed, found.could_count) == (True, 300, 270)


def test_caps_that_cross_are_cut_together_in_whole_badges() -> None:
    """Either cap of 8 has room for the 5 or the 4, so that both are never there with each 5."""
    records = [
        record("low", 5, tags="a", level=6),
        record("prior", 5, tags="a", rpl=True),
        record("both", 4, tags="a", level=6, rpl=True),
        record("good", 3, tags="a"),
    ]
    award = {"rpl_cap": 8, "max_below_level": {6: 8}}
    either = ("rpl_cap", "max_below_level.6")
    found = root_cut(asked({"a": 14}, records, award=award))
    assert found in [
        Cut(rows={A: 1, f"awards.X.{cap}": 1}, whole=True, needed=140, could_count=130)
        for cap in either
    ]
    assert root_cut(asked({"a": 13}, records, award=award)) is None


def test_twins_are_split_by_how_many_of_them_take_an_option() -> None:
    low = split_row(Split(records=(1, 2), option=(0,), at_most=1), 3, high=False)
    high = split_row(Split(records=(1, 2), option=(0,), at_most=1), 3, high=True)
    assert (low.name, low.asks, low.bound) == ("split 3", False, 1)
    assert (high.name, high.asks, high.bound) == ("split 3", True, 2)
    assert low.exactly == high.exactly == {1: (0,), 2: (0,)}
    assert (low.path, low.choices) == ("", {})


def test_a_choice_is_split_into_made_and_not_made() -> None:
    low, high = (split_row(Split(choice=4), 1, high=high) for high in (False, True))
    assert (low.asks, low.bound, low.choices) == (False, 0, {4: 1})
    assert (high.asks, high.bound, high.choices) == (True, 1, {4: 1})
    assert (low.exactly, high.exactly) == ({}, {})


def test_leaves_are_told_from_the_low_side_to_the_high() -> None:
    a, b, c = (Cut(rows={name: 1}, whole=False, needed=1, could_count=0) for name in "abc")
    split = Split(choice=0)
    tree = Branch(split=split, low=a, high=Branch(split=split, low=b, high=c))
    assert list(leaves(tree)) == [a, b, c]
    assert list(leaves(a)) == [a]


def test_what_can_be_placed_is_never_proved_impossible() -> None:
    assert proved(asked({"a": 3, "b": 3}, sized(3, 3))) is None
    assert root_cut(asked({"a": 3, "b": 3}, sized(3, 3))) is None


def test_a_proof_is_given_up_at_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = excluding()
    assert proved(problem, most_leaves=1) is None
    tree = proved(problem, most_leaves=100)
    assert isinstance(tree, Branch)
    names = sum(len(leaf.rows) for leaf in leaves(tree)) + len(tree.split.records)
    monkeypatch.setattr(proving, "MOST_NAMES", names)
    assert proved(problem) == tree
    monkeypatch.setattr(proving, "MOST_NAMES", names - 1)
    assert proved(problem) is None
    monkeypatch.undo()
    monkeypatch.setattr(highs.Relaxation, "solve", lambda _: None)
    assert proved(problem) is None
    assert root_cut(problem) is None


@pytest.mark.parametrize(
    ("weights", "first"),
    [
        ((0.5, 0.25, 0.0), [2, 1, 0]),
        ((1.0, 1.0), [1, 1]),
        ((0.3, 0.2), [3, 2]),
        ((0.75, 0.5, 0.25), [3, 2, 1]),
        ((1.0, 0.4), [5, 2]),
        ((7.0, 5.0), [7, 5]),
        ((1.0, 1e-12), [1, 0]),
        ((2.5, 1.0), [5, 2]),
        ((1.125, 1.0), [9, 8]),
        ((17 / 12, 1.0), [17, 12]),
    ],
)
def test_multipliers_are_the_simplest_whole_ones_first(
    weights: tuple[float, ...], first: list[int]
) -> None:
    assert next(iter(closing._whole(weights))) == first


def test_multipliers_without_a_simple_proportion_are_fine_ones() -> None:
    found = list(closing._whole((1.0, 0.7182818)))
    assert found == [[1_000, 718], [100_000, 71_828], [10_000_000, 7_182_818]]
    assert list(closing._whole((0.5, 0.25)))[1:] == [
        [1_000, 500],
        [100_000, 50_000],
        [10_000_000, 5_000_000],
    ]


def split_at(
    values: tuple[float, ...], excludes: list[int] | None = None, *, choices_first: bool = False
) -> Split | None:
    """Of two twins with two options, another record with one, and a choice."""
    records = [record(f"r{n}", 3, tags="ab") for n in range(2)] + [record("s", 4, tags="b")]
    prover = Prover(asked({"a": 1, "b": 1}, records, award={"requires": {"any_of": ["a", "b"]}}))
    assert len(prover.columns) == 5
    if excludes:
        prover.columns.__dict__["excludes"] = excludes
    prover._choices_first = choices_first
    broken = prover._broken(values)
    return prover._split(broken[0], values) if broken else None


@pytest.mark.parametrize(
    ("values", "excludes", "split"),
    [
        ((0.0, 1.0, 1.0, 0.0, 1.0), None, None),
        ((0.000001, 1.0, 0.999999, 0.0, 1.0), None, None),
        ((1.4, 0.5, 0.0, 0.0, 0.0), None, Split(records=(0, 1), option=(1,), at_most=0)),
        ((1.5, 0.5, 0.0, 0.0, 0.0), None, Split(records=(0, 1), option=(0,), at_most=1)),
        ((1.4, 0.3, 0.7, 0.0, 0.0), None, Split(records=(0, 1), option=(0,), at_most=1)),
        ((1.2, 0.3, 0.4, 0.0, 0.0), None, Split(records=(2,), option=(1,), at_most=0)),
        ((1.2, 0.3, 0.4, 0.5, 0.0), None, Split(records=(2,), option=(1,), at_most=0)),
        ((1.0, 0.0, 1.0, 0.5, 0.0), None, Split(choice=0)),
        ((1.0, 0.0, 1.0, 0.2, 0.5), None, Split(choice=1)),
        ((1.2, 0.3, 0.5, 0.0, 0.0), [1, 0, 0, 0, 0], Split(records=(0, 1), option=(0,), at_most=1)),
        ((1.2, 0.3, 0.5, 0.0, 0.0), [1, 2, 0, 0, 0], Split(records=(0, 1), option=(1,), at_most=0)),
        ((1.2, 0.3, 0.5, 0.0, 0.0), [2, 1, 0, 0, 0], Split(records=(0, 1), option=(0,), at_most=1)),
        ((1.0, 0.3, 0.5, 0.0, 0.0), [9, 0, 0, 0, 0], Split(records=(2,), option=(1,), at_most=0)),
    ],
)
def test_what_promises_most_is_the_column_that_excludes_most_or_is_least_whole(
    values: tuple[float, ...], excludes: list[int] | None, split: Split | None
) -> None:
    assert split_at(values, excludes) == split


def test_choices_come_first_or_last() -> None:
    values = (1.0, 0.0, 0.5, 0.2, 0.0)
    assert split_at(values) == Split(records=(2,), option=(1,), at_most=0)
    assert split_at(values, choices_first=True) == Split(choice=0)


def decided(case: Instance) -> list[AwardAnswer]:
    programmes = [programme_from_json(each) for each in case.programmes]
    decision = decide(programmes, wallet_from_json(case.wallet), today=case.today)
    return [award for verdict in decision.verdicts for award in verdict.awards]


def test_choices_are_split_first_where_splitting_badges_leads_to_many_cases() -> None:
    case = large_instance(83)  # by badges it takes more than 2,000 cases, by choices 2
    assert not any(award.because and award.because.search for award in decided(case))


def test_looking_at_both_sides_of_a_column_before_it_is_split_leaves_few_cases() -> None:
    """Without it there are hundreds."""
    rules, wallet = programme_from_json(programme_as_json()), wallet_from_json(realistic(40, 389))
    case = Bench(rules, wallet, (), TODAY).case(hoping=False)
    tree = proved(problem_for(case, rules.award("MSc")))
    assert tree is not None
    assert len(list(leaves(tree))) <= 40


def test_a_proof_is_told_with_names_instead_of_numbers() -> None:
    a, b = (Cut(rows={name: 1}, whole=False, needed=1, could_count=0) for name in "ab")
    problem = asked({"a": 1, "b": 1}, sized(3, 3), award={"requires": {"any_of": ["b", "a"]}})
    shared = Branch(split=Split(records=(1, 0), option=(1, 0), at_most=1), low=a, high=b)
    tree = Branch(split=Split(choice=1), low=shared, high=b)
    proof = proof_of(problem, Impossible(tree=tree, conflict=("x", "y")))
    assert proof.conflict == ("x", "y")
    assert proof.cases == Cases(
        split=NamedSplit(choice=A),
        low=Cases(
            split=NamedSplit(records=("r1", "r0"), buckets=("a", "b"), at_most=1), low=a, high=b
        ),
        high=b,
    )
    assert proof_of(problem, Impossible((a, b))).cuts == (a, b)
    assert proof_of(problem, Impossible((a, b))).cases is None


def test_a_placing_is_told_with_names_in_the_order_of_ids() -> None:
    records = [record("z", 3, tags="a"), record("n", 3, tags="b"), record("b", 1, tags="ab")]
    problem = asked({"a": 1, "b": 1}, records, sharing={"max_badges": 1})
    assert [each.id for each in problem.records] == ["b", "n", "z"]
    found = placements_of(problem, (2, -1, 0))
    assert [(each.record, each.buckets) for each in found] == [("b", ("a", "b")), ("z", ("a",))]


def row(name: str, *, asks: bool = True, bound: int, terms: tuple[Term, ...]) -> Row:
    return Row(name=name, path=name, asks=asks, bound=bound, terms=terms)


def relaxed(*rows: Row) -> tuple[highs.Relaxation, Columns]:
    """A badge of 5 for a or b, and one of 3 for b."""
    base = asked({"a": 0, "b": 0}, [record("x", 5, tags="ab"), record("y", 3, tags="b")])
    problem = Problem(base.award, base.records, base.options, rows, ())
    columns = Columns(problem)
    return highs.Relaxation(columns, rows), columns


IN_A, IN_B = Term(0, {0: 50}), Term(1, {0: 50, 1: 30})


def test_the_relaxation_tells_what_is_missing_in_badges_of_the_largest_size() -> None:
    relaxation, _ = relaxed(row("a", bound=60, terms=(IN_A,)), row("b", bound=30, terms=(IN_B,)))
    found = relaxation.solve()
    assert found is not None
    assert found.missing == pytest.approx(0.2)
    assert found.weights == pytest.approx((0.02, 0.0))
    assert found.values == pytest.approx((1.0, 0.0, 1.0))


def test_the_relaxation_weighs_limits_as_well() -> None:
    limit = row("l", asks=False, bound=20, terms=(IN_A,))
    relaxation, _ = relaxed(row("a", bound=30, terms=(IN_A,)), limit)
    found = relaxation.solve()
    assert found is not None
    assert found.missing == pytest.approx(0.2)
    assert found.weights == pytest.approx((0.02, 0.02))


def test_a_badge_that_splits_misses_nothing() -> None:
    relaxation, _ = relaxed(row("a", bound=25, terms=(IN_A,)), row("b", bound=55, terms=(IN_B,)))
    found = relaxation.solve()
    assert found is not None
    assert found.missing == pytest.approx(0.0)
    assert found.values == pytest.approx((0.5, 0.5, 1.0))


def test_bounds_of_columns_come_and_go() -> None:
    relaxation, _ = relaxed(row("a", bound=25, terms=(IN_A,)), row("b", bound=55, terms=(IN_B,)))
    for asks, weights in ((False, (0.02, 0.0)), (True, (0.0, 0.02))):
        relaxation.push(0, int(asks), asks=asks)
        found = relaxation.solve()
        assert found is not None
        assert found.missing == pytest.approx(0.5)
        assert found.weights == pytest.approx(weights)
        relaxation.pop()
    again = relaxation.solve()
    assert again is not None
    assert again.missing == pytest.approx(0.0)


def test_a_bound_within_another_gives_way_to_it() -> None:
    base = asked({"a": 0}, sized(5, 5, 5, tags="a"))
    rows = (row("all", bound=150, terms=(Term(None, dict.fromkeys(range(3), 50)),)),)
    relaxation = highs.Relaxation(
        Columns(Problem(base.award, base.records, base.options, rows, ())), rows
    )
    for bounds, missing in (((2, 1), 2.0), ((2,), 1.0), ((), 0.0)):
        for bound in bounds:
            relaxation.push(0, bound, asks=False)
        found = relaxation.solve()
        assert found is not None
        assert found.missing == pytest.approx(missing)
        for _ in bounds:
            relaxation.pop()


@pytest.mark.parametrize(
    ("gives", "bounds", "expected"),
    [
        ((5, 3), {(0, False): 0}, {(0, False): 2}),  # rather than the first, each takes the second
        ((5, -3), {(0, False): 0}, {(0, False): 5}),  # or counts nowhere
        ((5, 3), {(1, True): 1}, {(1, True): 2}),  # one must take the second
        ((5, -3), {(1, True): 1}, {(1, True): 8}),
        ((5, 3), {(0, False): 1, (1, False): 0}, {(0, False): 5, (1, False): 3}),
        ((5, 3), {(0, False): 1, (1, False): 1}, {(0, False): 5, (1, False): 3}),
        ((5, 3), {(0, False): 1, (1, False): 2}, {(0, False): 2}),
        ((5, 3), {(0, False): 2}, {(0, False): 2}),
        ((5, 3), {(0, True): 1}, {}),
        ((5, 3), {(0, True): 1, (1, True): 1}, {(1, True): 2}),
        ((5, 3), {(1, True): 2}, {(1, True): 2}),
        ((-5, -3), {(0, False): 0}, {}),
        ((-5, -3), {(0, True): 1}, {(0, True): 5}),
    ],
)
def test_splits_weigh_what_makes_a_badge_give_the_same_wherever_it_may_go(
    gives: tuple[int, int],
    bounds: dict[tuple[int, bool], int],
    expected: dict[tuple[int, bool], int],
) -> None:
    """Of two twins in two buckets: at most so many, or at least."""
    columns = Columns(asked({"a": 1, "b": 1}, sized(3, 3)))
    rows = {
        (column, asks): Row(name=f"{column} {asks}", path="", asks=asks, bound=bound)
        for (column, asks), bound in bounds.items()
    }
    found = closing._of_splits(columns, gives, rows)
    assert {row.name: times for row, times in found} == {
        rows[key].name: times for key, times in expected.items()
    }


def test_a_split_of_a_choice_weighs_what_the_choice_gives() -> None:
    problem = asked({"a": 1, "b": 1}, sized(3, 3), award={"requires": {"any_of": ["a", "b"]}})
    columns = Columns(problem)
    for gives, asks, expected in ((4, False, 4), (4, True, 0), (-4, True, 4), (-4, False, 0)):
        row = split_row(Split(choice=0), 1, high=asks)
        found = list(closing._of_splits(columns, [0, 0, gives, 0], {(2, asks): row}))
        assert found == ([(row, expected)] if expected else [])


def test_a_record_takes_one_option_and_twins_as_many_as_they_are() -> None:
    base = asked({"a": 0, "b": 0}, sized(5, 5))
    for bound, missing in ((100, 0.0), (150, 1.0)):
        rows = (row("all", bound=bound, terms=(Term(None, {0: 50, 1: 50}),)),)
        columns = Columns(Problem(base.award, base.records, base.options, rows, ()))
        found = highs.Relaxation(columns, rows).solve()
        assert found is not None
        assert found.missing == pytest.approx(missing)


def test_a_search_finds_whole_badges_or_that_there_are_none() -> None:
    found = highs.search(Columns(asked({"a": 4, "b": 4}, sized(3, 5, 3))))
    assert found.ended is highs.Ended.FOUND
    assert all(abs(value - round(value)) < 1e-6 for value in found.values)
    none = highs.search(Columns(asked({"a": 4, "b": 4}, sized(3, 3, 3))))
    assert none == highs.Whole(highs.Ended.IMPOSSIBLE)


def test_a_search_takes_the_cheapest() -> None:
    columns = Columns(asked({"a": 4}, [record("x", 5, tags="a"), record("y", 6, tags="a")]))
    for dear, cheap in ((0, 1), (1, 0)):
        found = highs.search(columns, objective={dear: 2.0, cheap: 1.0})
        assert [round(value) for value in found.values] == [int(n == cheap) for n in (0, 1)]


def test_a_search_without_time_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highs, "MOST_SECONDS", 0.0)
    found = highs.search(Columns(excluding()))
    assert found.ended in (highs.Ended.GAVE_UP, highs.Ended.IMPOSSIBLE)


def test_the_version_of_the_solver_is_known() -> None:
    assert [int(part) >= 0 for part in highs.version().split(".")] == [True, True, True]
