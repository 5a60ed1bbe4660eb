"""Forged records: the checker refuses them, or what they still say is true."""

import json
import random
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from decision_mutants import mutant
from decision_records import rich
from degree_answers import answer_of, in_order, placed_well
from degree_highs import judged_by_highs
from degree_instances import instance, large_instance
from degree_oracle import best_of
from degree_realistic import programme_as_json, realistic
from degree_sketch import TODAY

from degree.checker import objections
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.grammar import programme_from_json
from degree.rules.records_json import wallet_from_json

Record = dict[str, Any]


def decided(programmes: Any, wallet: Any) -> Record:
    read = [programme_from_json(programme) for programme in programmes]
    decision = decide(read, wallet_from_json(wallet), today=TODAY)
    record: Record = json.loads(written(decision_record(decision, learnometer="0.1.0")))
    return record


def mutants(record: Record, seed: int, many: int) -> Iterator[Record]:
    for number in range(many):
        dice = random.Random(f"{seed} {number}")
        changed = mutant(record, dice)
        yield mutant(changed, dice) if dice.random() < 0.3 else changed


def told_by(said: list[str]) -> tuple[list[int | str], Any] | None:
    """Where an objection says what should stand there, and what."""
    found = re.fullmatch(r"([\w.\[\]]+): it is ([\[{\"\d-].*|true|false|null)", said[0])
    if found is None:
        return None
    keys = re.findall(r"\w+", found[1])
    return [int(key) if key.isdigit() else key for key in keys], json.loads(found[2])


def stubborn(record: Record) -> bool:
    """Whether the checker accepts the record when whoever forged it follows its objections."""
    for _ in range(12):
        if not (said := objections(record)):
            return True
        told = told_by(said)
        if told is None:
            return False
        (*way, last), value = told
        inner: Any = record
        for key in way:
            inner = inner[key]
        inner[last] = value
    return False


def is_true(record: Record, judge: Any) -> bool:
    """Whether a judge that shares nothing with the checker says the same."""
    programmes, today = list(record["programmes"].values()), date.fromisoformat(record["today"])
    said = in_order(answer_of(record, programmes))
    if said != in_order(judge(programmes, record["wallet"], today)):
        return False
    return all(placed_well(record, verdict) for verdict in record["verdicts"])


def lies(record: Record, seed: int, many: int, judge: Any) -> list[int]:
    """The mutants that the checker accepts though they are not true; none must raise."""
    return [
        number
        for number, changed in enumerate(mutants(record, seed, many))
        if stubborn(changed) and changed != record and not is_true(changed, judge)
    ]


@pytest.mark.parametrize("seed", range(20))
def test_changed_record_of_a_small_case_is_refused_or_true(seed: int) -> None:
    case = instance(seed)
    assert lies(decided(case.programmes, case.wallet), seed, 30, best_of) == []


def test_changed_record_of_a_realistic_wallet_is_refused_or_true() -> None:
    record = decided((programme_as_json(),), realistic(25, 1))
    assert lies(record, 0, 12, judged_by_highs) == []


def test_no_change_makes_the_checker_raise() -> None:
    heard = [objections(changed) for changed in mutants(rich(), 0, 100)]
    assert sum(map(bool, heard)) > 50


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(20, 320))
def test_many_changed_records_are_refused_or_true(seed: int) -> None:
    case = instance(seed)
    assert lies(decided(case.programmes, case.wallet), seed, 60, best_of) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(60))
def test_many_changed_records_of_large_cases_are_refused_or_true(seed: int) -> None:
    case = large_instance(seed)
    assert lies(decided(case.programmes, case.wallet), seed, 20, judged_by_highs) == []
