"""Split badges made whole by moving one at a time; what it finds keeps every row."""

import random
from dataclasses import replace
from typing import Any

import pytest
from degree_families import planted
from degree_sketch import TODAY
from wallets import posed, programme, record

from degree.rules import repairing
from degree.rules.bench import Bench
from degree.rules.columns import Columns
from degree.rules.grammar import programme_from_json
from degree.rules.posing import problem_for
from degree.rules.records import Record
from degree.rules.records_json import wallet_from_json
from degree.rules.repairing import repaired
from degree.rules.rows import Problem
from degree.rules.tally import Tally


def asked(
    needs: dict[str, float], records: list[Record], award: dict[str, Any] | None = None
) -> Problem:
    buckets = {name: {"min": 0, "where": {"tag": name}} for name in needs}
    awards = [{"id": "X", "credits": 0, "buckets": needs, **(award or {})}]
    return posed(programme(awards=awards, buckets=buckets), records)


def sized(*sizes: float) -> list[Record]:
    return [record(f"r{n}", size, tags="ab") for n, size in enumerate(sizes)]


def test_what_is_whole_and_kept_stays_as_it_is() -> None:
    problem = asked({"a": 4, "b": 5}, sized(4, 5))
    assert repaired(Columns(problem), (1.0, 0.0, 0.0, 1.0)) == (1, 0, 0, 1)


def test_badges_that_split_come_to_where_they_are_needed() -> None:
    problem = asked({"a": 8, "b": 7}, sized(3, 4, 5, 3))
    columns = Columns(problem)
    found = repaired(columns, [0.5] * len(columns))
    assert found is not None
    assert Tally(problem, columns.placing(found)).keeps()


def test_twins_are_rounded_to_no_more_than_they_are() -> None:
    columns = Columns(asked({"a": 3, "b": 3}, sized(3, 3, 3)))
    assert columns.most == [3, 3]
    assert repaired(columns, (1.5, 1.5)) == (2, 1)


def test_choices_are_made_and_unmade() -> None:
    award = {"requires": {"any_of": ["a", "b"]}}
    columns = Columns(asked({"a": 5, "b": 9}, sized(6), award))
    assert len(columns) == 4
    assert repaired(columns, (0.0, 1.0, 0.0, 1.0)) == (1, 0, 1, 0)


def test_limits_are_kept_too() -> None:
    records = [record("x", 6, tags="a", rpl=True), record("y", 5, tags="a")]
    problem = asked({"a": 5}, records, {"rpl_cap": 5})
    assert repaired(Columns(problem), (1.0, 0.0)) == (0, 1)


def test_where_nothing_is_found_nothing_is_said() -> None:
    problem = asked({"a": 4, "b": 4}, sized(3, 3, 3))
    assert repaired(Columns(problem), (1.5, 1.5)) is None


def test_what_no_badge_can_mend_is_left() -> None:
    assert repaired(Columns(asked({"a": 4}, [])), ()) is None


def test_a_table_that_would_be_too_large_is_not_made(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = Columns(asked({"a": 4, "b": 4}, sized(4, 4)))
    assert repaired(columns, (1.0, 1.0)) is not None
    monkeypatch.setattr(repairing, "_MOST_NUMBERS", 10)
    assert repaired(columns, (1.0, 1.0)) is None


def test_amounts_beyond_what_a_machine_counts_exactly_are_left_alone() -> None:
    records = [record(f"r{n}", 10**30 + n, tags="a") for n in range(3)]
    base = asked({"a": 1}, records)
    rows = tuple(row._replace(bound=2 * 10**31) for row in base.rows if row.terms)
    columns = Columns(replace(base, rows=rows))
    assert repaired(columns, [0.0] * len(columns)) is None


@pytest.mark.parametrize("seed", range(4))
def test_planted_awards_are_found_from_anywhere_near(seed: int) -> None:
    case = planted(60, 20, 0.75, seed)
    rules, wallet = programme_from_json(case.programme), wallet_from_json(case.wallet)
    problem = problem_for(Bench(rules, wallet, (), TODAY).case(hoping=False), rules.awards[0])
    columns, dice = Columns(problem), random.Random(seed)
    found = repaired(columns, [dice.random() for _ in range(len(columns))])
    assert found is not None
    assert Tally(problem, columns.placing(found)).keeps()
