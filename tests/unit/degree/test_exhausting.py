"""Proofs by cases without a solver: few badges, all of which matter."""

from collections.abc import Iterator
from typing import Any

import pytest
from degree_instances import random_instance
from degree_realistic import programme_as_json, realistic
from degree_sketch import TODAY
from wallets import decided, posed, programme, record

from degree.checker import objections
from degree.rules import exhausting
from degree.rules.bench import Bench
from degree.rules.branches import Branch, leaves, split_row
from degree.rules.columns import Columns
from degree.rules.cuts import Cut, cut
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record
from degree.rules.explain import Cases
from degree.rules.grammar import programme_from_json
from degree.rules.posing import problem_for
from degree.rules.programme import Programme
from degree.rules.records import Record
from degree.rules.records_json import wallet_from_json
from degree.rules.rows import Problem, Row
from degree.rules.tally import Tally

HALVES = (7, 11, 13, 17, 19, 23, 29, 31, 37, 41)  # 228 in all; 114 = 41 + 37 + 29 + 7


def halves(a: float, b: float, **rules: Any) -> Programme:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in "ab"}
    return programme(
        awards=[{"id": "X", "credits": 0, "buckets": {"a": a, "b": b}, **rules}], buckets=buckets
    )


PARTS = (8, 8, 8, 8, 9, 9, 9)  # 59 in all; no half reaches 29.5 to 30 on both sides


def parts(*sizes: float) -> list[Record]:
    return [record(f"p{n:02}", size, tags="ab") for n, size in enumerate(sizes)]


def _exhausted(problem: Problem) -> Any:
    return exhausting.exhausted(Columns(problem))


def proved(stated: Programme, records: list[Record]) -> Branch:
    found = _exhausted(posed(stated, records))
    assert isinstance(found, Branch)
    return found


def test_the_one_partition_that_there_is_is_found() -> None:
    problem = posed(halves(114, 114), parts(*HALVES))
    found = _exhausted(problem)
    assert isinstance(found, tuple)
    assert Tally(problem, found).keeps()


def test_limits_are_kept_and_close_cases() -> None:
    prior = [record(f"r{size:02}", size, tags="ab", rpl=True) for size in HALVES]
    for cap, found_ in ((228, tuple), (227, Branch)):
        problem = posed(halves(114, 114, rpl_cap=cap), prior)
        assert isinstance(_exhausted(problem), found_)


def test_where_there_is_none_every_case_is_closed_by_a_cut() -> None:
    tree = proved(halves(30, 29), parts(*PARTS))
    assert all(cut.short > 0 for cut in leaves(tree))


def test_the_checker_accepts_such_a_proof_by_badges_that_count_or_do_not() -> None:
    programmes = [programme_from_json(programme_as_json())]
    decision = decide(programmes, wallet_from_json(realistic(18, 61)), today=TODAY)
    proof = decision.outcome.awards[-1].proof
    assert proof is not None
    assert "distinct.validators.max_share_each" in proof.conflict
    assert isinstance(proof.cases, Cases)
    assert proof.cases.split.buckets == ()
    assert _closed(proof.cases) <= 150  # one badge after the other, by size, it would be 280
    assert objections(decision_record(decision, learnometer="1")) == []


def test_rules_that_are_not_needed_for_it_are_left_out() -> None:
    problem = posed(halves(30, 29, min_at_level={7: 40}), parts(*PARTS))
    tree = _exhausted(problem)
    assert tree is not None
    used = {name for leaf in leaves(tree) for name in leaf.rows if not name.startswith("split")}
    assert used == {"awards.X.buckets.a", "awards.X.buckets.b"}


def test_of_too_many_cases_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exhausting, "_MOST_LEAVES", 3)
    assert _exhausted(posed(halves(30, 29), parts(*PARTS))) is None
    monkeypatch.undo()
    monkeypatch.setattr(exhausting, "_MOST_BADGES", 6)
    assert _exhausted(posed(halves(30, 29), parts(*PARTS))) is None
    monkeypatch.undo()
    monkeypatch.setattr(exhausting, "DEEPEST", 3)
    assert _exhausted(posed(halves(30, 29), parts(*PARTS))) is None
    monkeypatch.undo()
    monkeypatch.setattr(exhausting, "_MOST_WORK", 10)
    assert _exhausted(posed(halves(30, 29), parts(*PARTS))) is None


def test_of_too_many_names_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as the cuts and the splits of the proof have are not too many."""
    problem = posed(halves(30, 29), parts(*PARTS))
    tree = _exhausted(problem)
    names = sum(len(leaf.rows) for leaf in leaves(tree)) + sum(1 for _ in _splits(tree))
    monkeypatch.setattr(exhausting, "MOST_NAMES", names)
    assert _exhausted(problem) == tree
    monkeypatch.setattr(exhausting, "MOST_NAMES", names - 1)
    assert _exhausted(problem) is None


def test_leaving_out_rules_makes_no_proof_longer_than_any_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    programmes, wallet = [programme_from_json(programme_as_json())], realistic(18, 339)

    def closed() -> int:
        proof = decide(programmes, wallet_from_json(wallet), today=TODAY).outcome.awards[-1].proof
        assert proof is not None
        assert isinstance(proof.cases, Cases)
        return _closed(proof.cases)

    most = closed() - 1
    monkeypatch.setattr(exhausting, "_MOST_LEAVES", most)
    assert closed() <= most


def test_each_case_is_closed_as_its_rows_add_up() -> None:
    """What is left to a row as badges are parted is what its cut comes to."""
    closed = 0
    for seed in range(60):
        case = random_instance(seed)
        wallet = wallet_from_json(case.wallet)
        for stated in map(programme_from_json, case.programmes):
            bench = Bench(stated, wallet, (), case.today)
            for award in stated.awards:
                problem = problem_for(bench.case(hoping=True), award)
                found = _exhausted(problem)
                if isinstance(found, Branch | Cut):
                    closed += sum(1 for _ in _added_up(problem, found, []))
    assert closed > 500


def _added_up(problem: Problem, tree: Branch | Cut, held: list[Row]) -> Iterator[Cut]:
    if isinstance(tree, Cut):
        rows = {row.name: row for row in (*problem.rows, *held)}
        assert cut(problem, [(rows[name], times) for name, times in tree.rows.items()]) == tree
        yield tree
        return
    for side, high in ((tree.low, False), (tree.high, True)):
        row = split_row(tree.split, len(held) + 1, high=high)
        yield from _added_up(problem, side, [*held, row])


def test_many_ways_to_share_badges_do_not_lead_too_deep() -> None:
    names = [f"b{number}" for number in range(6)]
    stated = programme(
        awards=[{"id": "X", "credits": 10}],
        buckets={name: {"min": 0, "where": {"any": True}} for name in names},
        sharing={"max_badges": 40},
        distinct={"circles": {"at_least": 2}},
    )
    records = [record(f"r{number:02}", 10, circle="lake") for number in range(50)]
    assert _exhausted(posed(stated, records)) is None


def test_where_only_a_choice_does_not_come_out_nothing_is_said() -> None:
    stated = programme(
        awards=[{"id": "X", "credits": 10}],
        buckets={"a": {"min": 0, "where": {"tag": "a"}}},
        distinct={"circles": {"at_least": 2}},
    )
    assert _exhausted(posed(stated, [record("x", 10, tags="a", circle="lake")])) is None


def test_badges_that_are_alike_are_cases_of_their_own() -> None:
    tree = proved(halves(25, 25), parts(10, 10, 10, 10, 10))
    assert all(len(split.records) == 1 for split in _splits(tree))
    decision = decided(halves(25, 25), parts(10, 10, 10, 10, 10))
    assert objections(decision_record(decision, learnometer="1")) == []


def _splits(tree: Any) -> list[Any]:
    if not isinstance(tree, Branch):
        return []
    return [tree.split, *_splits(tree.low), *_splits(tree.high)]


def _closed(cases: Cases | Cut) -> int:
    return 1 if isinstance(cases, Cut) else _closed(cases.low) + _closed(cases.high)
