"""Cases made to fool greedy placing, split credit, and searches without bounds."""

from typing import Any

import pytest
from wallets import TODAY, posed, programme, record, wallet

from degree.rules import highs, solving
from degree.rules.bench import Bench
from degree.rules.branches import Branch, Split, leaves
from degree.rules.cuts import Cut
from degree.rules.explain import Answer, AwardAnswer
from degree.rules.highs import Ended, Whole
from degree.rules.posing import problem_for
from degree.rules.programme import Programme
from degree.rules.proving import Prover
from degree.rules.records import Record
from degree.rules.rows import Problem
from degree.rules.solving import Found, GaveUp, Impossible, solve
from degree.rules.tally import Tally


def buckets_by_tag(needs: dict[str, float], *, credits_: float = 0, **award: Any) -> Programme:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in needs}
    return programme(
        awards=[{"id": "X", "credits": credits_, "buckets": needs, **award}], buckets=buckets
    )


def bench(rules: Programme, records: list[Record]) -> Bench:
    return Bench(rules, wallet(records), (), TODAY)


def answered(rules: Programme, records: list[Record]) -> AwardAnswer:
    return bench(rules, records).answer(rules.awards[0])


def answer(rules: Programme, records: list[Record]) -> Answer:
    return answered(rules, records).answer


def test_three_badges_of_three_do_not_fill_two_needs_of_four() -> None:
    """Split, nine credits would fill eight; whole, one bucket stays at three."""
    records = [record(name, 3, tags=("a", "b")) for name in "xyz"]
    found = answered(buckets_by_tag({"a": 4, "b": 4}), records)
    assert found.answer is Answer.NOT_SATISFIED
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert cut.whole
    assert cut.rows == {"awards.X.buckets.a": 1, "awards.X.buckets.b": 1}
    assert (cut.needed, cut.could_count) == (120, 90)


def test_one_small_badge_more_makes_the_two_needs_of_four_fit() -> None:
    records = [record(name, 3, tags=("a", "b")) for name in "wxyz"]
    assert answer(buckets_by_tag({"a": 4, "b": 4}), records) is Answer.SATISFIED


def test_exact_partition_is_found() -> None:
    sizes = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41)  # 228 in all; 114 = 41 + 37 + 29 + 7
    records = [record(f"p{size}", size, tags=("a", "b")) for size in sizes]
    assert answer(buckets_by_tag({"a": 114, "b": 114}), records) is Answer.SATISFIED


def test_partition_that_misses_by_one_is_a_no_and_not_a_guess() -> None:
    sizes = (8, 8, 8, 8, 9, 9, 9)  # 59 in all; no half reaches 29.5 to 30 on both sides
    records = [record(f"p{n}", size, tags=("a", "b")) for n, size in enumerate(sizes)]
    assert answer(buckets_by_tag({"a": 30, "b": 29}), records) is Answer.NOT_SATISFIED


def test_pigeonhole_is_a_no_by_one_cut() -> None:
    """Eight badges cannot fill nine buckets; satisfiability solvers search here for minutes."""
    names = [f"b{number}" for number in range(9)]
    records = [record(f"r{number}", 10, tags=names) for number in range(8)]
    found = answered(buckets_by_tag(dict.fromkeys(names, 10)), records)
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert (cut.needed, cut.could_count, cut.whole) == (900, 800, False)


@pytest.mark.parametrize("first", ["a", "z"])
def test_flexible_badge_is_kept_for_the_bucket_that_only_it_can_fill(first: str) -> None:
    """In-order greedy gives the flexible badge away, whichever of the two comes first."""
    flexible = record(f"{first}-flexible", 10, tags=("a", "b"))
    plain = record("m-plain", 10, tags=("a",))
    found = answered(buckets_by_tag({"a": 10, "b": 10}), [flexible, plain])
    placed = {each.record: each.buckets for each in found.placements}
    assert placed == {flexible.id: ("b",), plain.id: ("a",)}


def test_smaller_badges_are_preferred_where_the_largest_would_break_the_cap() -> None:
    rules = buckets_by_tag({"a": 10}, rpl_cap=5)
    records = [
        record("big", 8, tags=("a",), rpl=True),
        record("small", 5, tags=("a",), rpl=True),
        record("earned", 5, tags=("a",)),
    ]
    assert answer(rules, records) is Answer.SATISFIED


def test_crossing_caps_of_prior_learning_and_level_are_kept_together() -> None:
    rules = buckets_by_tag(
        {"a": 0}, credits_=20, rpl_cap=5, min_at_level={7: 10}, max_below_level={6: 10}
    )
    low = [record(f"low{n}", 5, tags=("a",), level=6) for n in range(3)]
    prior = [record(f"prior{n}", 5, tags=("a",), rpl=True) for n in range(3)]
    assert answer(rules, [*low, *prior]) is Answer.NOT_SATISFIED
    earned = record("earned", 5, tags=("a",))
    assert answer(rules, [*low, *prior, earned]) is Answer.SATISFIED


def test_search_that_reaches_its_limit_is_undecided_and_never_no(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sizes = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    records = [record(f"p{size}", size, tags=("a", "b")) for size in sizes]
    rules = buckets_by_tag({"a": 114, "b": 114})
    on_the_bench = bench(rules, records)
    unrepaired(monkeypatch)
    monkeypatch.setattr(highs, "search", lambda columns: Whole(Ended.GAVE_UP))
    problem = problem_for(on_the_bench.case(hoping=False), rules.awards[0])
    assert isinstance(solve(problem), GaveUp)
    found = on_the_bench.answer(rules.awards[0])
    assert found.answer is Answer.UNDECIDED
    assert found.because is not None
    assert found.because.search


def test_cut_names_the_buckets_that_compete_and_what_is_missing() -> None:
    records = [record("x", 6, tags=("a", "b")), record("y", 20, tags=("c",))]
    found = answered(buckets_by_tag({"a": 5, "b": 5, "c": 10}), records)
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert cut.rows == {"awards.X.buckets.a": 1, "awards.X.buckets.b": 1}
    assert (cut.needed, cut.could_count, cut.short) == (100, 60, 40)


def test_cut_names_the_cap_that_holds_credit_back() -> None:
    records = [record(f"r{n}", 10, tags=("a",), rpl=True) for n in range(3)]
    found = answered(buckets_by_tag({"a": 20}, rpl_cap=10), records)
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert cut.rows == {"awards.X.buckets.a": 1, "awards.X.rpl_cap": 1}
    assert (cut.needed, cut.could_count) == (200, 100)


def test_judge_with_too_large_a_share_is_diluted_by_counting_more() -> None:
    rules = programme(
        awards=[{"id": "X", "credits": 20, "buckets": {"a": 10, "b": 10}}],
        buckets={"a": {"min": 0, "where": {"tag": "a"}}, "b": {"min": 0, "where": {"any": True}}},
        distinct={"validators": {"at_least": 2, "max_share_each": 0.4}},
    )
    mine = [record(f"m{n}", 10, tags=("a",), judges=("did:key:zA", "did:key:zB")) for n in "1"]
    other = [record(f"o{n}", 10, judges=(f"did:key:z{n}", f"did:key:zz{n}")) for n in "12"]
    assert answer(rules, [*mine, *other]) is Answer.SATISFIED
    found = answered(rules, [*mine, *other[:1]])
    assert found.answer is Answer.NOT_SATISFIED
    assert found.proof is not None
    (cut,) = found.proof.cuts
    assert "distinct.validators.max_share_each" in {name.partition("=")[0] for name in cut.rows}


def forbidden(monkeypatch: pytest.MonkeyPatch, *steps: str) -> None:
    """Steps of the way that must not be gone."""

    def refuse(*_: object) -> None:
        raise AssertionError("this step was not needed")

    for step in steps:
        monkeypatch.setattr(highs if step == "search" else solving, step, refuse)


def test_rows_that_ask_for_too_much_are_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden(monkeypatch, "FlowBound", "rounded", "Prover")
    found = solve(posed(buckets_by_tag({"a": 4, "b": 5}), [record("x", 3, tags="a")]))
    assert isinstance(found, Impossible)
    assert [list(each.rows) for each in found.cuts] == [
        ["awards.X.buckets.a"],
        ["awards.X.buckets.b"],
    ]
    assert (found.tree, found.conflict) == (None, ())


def test_whole_badges_are_laid_out_before_anything_flows(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden(monkeypatch, "FlowBound", "Prover")
    records = [record("x", 6, tags="ab"), record("y", 4, tags="a")]
    assert isinstance(solve(posed(buckets_by_tag({"a": 4, "b": 5}), records)), Found)


def test_the_flow_is_looked_at_next(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden(monkeypatch, "Prover")
    found = solve(posed(buckets_by_tag({"a": 4, "b": 5}), [record("x", 6, tags="ab")]))
    assert isinstance(found, Impossible)
    assert [each.could_count for each in found.cuts] == [60]


def test_a_rounded_flow_that_is_enough_needs_no_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden(monkeypatch, "Prover")
    records = [record("x", 6, tags="ab"), record("y", 4, tags="a")]
    assert solve(posed(buckets_by_tag({"a": 4, "b": 5}), records)) == Found((1, 0))


def test_a_cut_of_the_relaxation_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    forbidden(monkeypatch, "repaired", "search")
    records = [record(name, 3, tags="ab") for name in "xyz"]
    found = solve(posed(buckets_by_tag({"a": 4, "b": 4}), records))
    assert isinstance(found, Impossible)
    assert [each.whole for each in found.cuts] == [True]


def halves() -> Problem:
    """One exact partition, which placing by hand does not find, and some badges too many."""
    sizes = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
    records = [record(f"p{size:02}", size, tags="ab") for size in sizes]
    return posed(buckets_by_tag({"a": 114, "b": 114}), records)


def unrepaired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is found before the solver's search."""
    for step in ("repaired", "exhausted"):
        monkeypatch.setattr(solving, step, lambda *_: None)


def unproved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Prover, "tree", lambda *_: None)


def test_what_splits_is_repaired_before_anything_is_searched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(solving, "rounded", lambda *_: None)
    forbidden(monkeypatch, "search")
    records = [record(name, 5, tags="ab") for name in "wxyz"]
    problem = posed(buckets_by_tag({"a": 4, "b": 8}), records)
    found = solve(problem)
    assert isinstance(found, Found)
    assert Tally(problem, found.placed).keeps()


def test_a_search_finds_what_placing_by_hand_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    unrepaired(monkeypatch)
    found = solve(halves())
    assert isinstance(found, Found)
    assert Tally(halves(), found.placed).keeps()


def test_what_a_search_finds_is_thrifty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(solving, "rounded", lambda *_: None)
    unrepaired(monkeypatch)
    records = [record(name, 5, tags="a") for name in "xyz"]
    problem = posed(buckets_by_tag({"a": 5}), records)
    monkeypatch.setattr(highs, "search", lambda columns: Whole(Ended.FOUND, (3.0,)))
    assert solve(problem) == Found((0, -1, -1))


def test_what_a_search_finds_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    unrepaired(monkeypatch)
    problem = halves()
    wrong = Whole(Ended.FOUND, (0.0,) * (2 * len(problem.records)))
    monkeypatch.setattr(highs, "search", lambda columns: wrong)
    assert solve(problem) == GaveUp()


def test_a_no_of_a_search_is_not_believed_without_a_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    unrepaired(monkeypatch)
    unproved(monkeypatch)
    monkeypatch.setattr(highs, "search", lambda columns: Whole(Ended.IMPOSSIBLE))
    assert solve(halves()) == GaveUp()


def excluding(**award: Any) -> Problem:
    """One of p and q may count: q would fill b, but then nothing is left for a."""
    rules = programme(
        awards=[{"id": "X", "credits": 0, **award}],
        buckets={
            "a": {"min": 1, "where": {"tag": "a"}},
            "b": {"min": 5, "where": {"tag": "b"}},
        },
        exclusions=[["badge:P", "badge:Q"]],
    )
    records = [
        record("p", 3, tags="ab", code="P"),
        record("q", 5, tags="ab", code="Q"),
        record("r", 3, tags="b"),
    ]
    return posed(rules, records)


CONFLICT = ("awards.X.buckets.a", "awards.X.buckets.b", "exclusions.P+Q")


def test_cases_are_proved_by_a_tree_with_the_rules_that_conflict() -> None:
    found = solve(excluding(rpl_cap=2, min_at_level={7: 5}))
    assert isinstance(found, Impossible)
    assert found.cuts == ()
    assert found.tree is not None
    assert found.conflict == CONFLICT
    used = {name for leaf in leaves(found.tree) for name in leaf.rows}
    assert {name for name in used if not name.startswith("split")} == set(CONFLICT)


def a_cut(*names: str) -> Cut:
    return Cut(rows=dict.fromkeys(names, 1), whole=False, needed=1, could_count=0)


def test_what_a_proof_can_do_without_is_left_out_of_it() -> None:
    problem = excluding(rpl_cap=2, min_at_level={7: 5})
    wordy = Branch(
        split=Split(choice=0),
        low=a_cut("awards.X.rpl_cap", "awards.X.buckets.a", "awards.X.buckets.b"),
        high=a_cut("awards.X.min_at_level.7", "exclusions.P+Q", "split 1"),
    )
    found = solving._least(problem, wordy)
    assert tuple(sorted(solving._paths(problem, found))) == CONFLICT
    assert found != wordy


def test_a_proof_that_cannot_be_made_smaller_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    tree = Branch(split=Split(choice=0), low=a_cut(CONFLICT[1]), high=a_cut(CONFLICT[0]))
    unproved(monkeypatch)
    assert solving._least(excluding(), tree) == tree


def test_a_proof_that_becomes_a_single_cut_is_told_as_one() -> None:
    records = [record(name, 3, tags="ab") for name in "xyz"]
    problem = posed(buckets_by_tag({"a": 4, "b": 4}, rpl_cap=0), records)
    names = ("awards.X.rpl_cap", "awards.X.buckets.a", "awards.X.buckets.b")
    found = solving._least(
        problem, Branch(split=Split(choice=0), low=a_cut(*names), high=a_cut(*names))
    )
    assert isinstance(found, Cut)
    assert list(found.rows) == list(names[1:])
