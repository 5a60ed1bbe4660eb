"""The engine against two judges that share no code with it (degree_oracle.py, degree_highs.py)."""

import json
import math
import random
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from degree_answers import answer_of, in_order, placed_well
from degree_highs import judged_by_highs
from degree_instances import Instance, instance, large_instance, planted, random_instance
from degree_judging import OracleAnswer
from degree_oracle import best_of
from degree_reading import Json
from degree_realistic import programme_as_json, realistic
from degree_sketch import TODAY
from hypothesis import given, settings
from hypothesis import strategies as st

from degree.checker import objections
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.grammar import programme_from_json
from degree.rules.records_json import wallet_from_json


def engine_record(programmes: Sequence[Json], wallet: Json, today: date) -> Json:
    """The decision record of the engine (docs/decision-record.md), from the JSON forms.

    Whatever the engine says, the stand-alone checker accepts it.
    """
    read = [programme_from_json(programme) for programme in programmes]
    decision = decide(read, wallet_from_json(wallet), today=today)
    record = json.loads(written(decision_record(decision, learnometer="0.1.0")))
    assert objections(record) == []
    return record


def engine_answer(programmes: Sequence[Json], wallet: Json, today: date) -> OracleAnswer:
    """What the engine says, in the judges' terms."""
    return answer_of(engine_record(programmes, wallet, today), programmes)


Judge = Callable[[Sequence[Json], Json, date], OracleAnswer]


def disagreements(cases: Sequence[Instance], judge: Judge) -> list[int]:
    """The seeds of the cases in which the engine says anything else, or names a wrong placing."""
    return [case.seed for case in cases if not _agrees(case, judge)]


def _agrees(case: Instance, judge: Judge) -> bool:
    record = engine_record(case.programmes, case.wallet, case.today)
    return _agrees_with(record, case, judge)


def _agrees_with(record: Json, case: Instance, judge: Judge) -> bool:
    judged = judge(case.programmes, case.wallet, case.today)
    if in_order(answer_of(record, case.programmes)) != in_order(judged):
        return False
    return all(placed_well(record, verdict) for verdict in record["verdicts"])


def gave_up(record: Json) -> bool:
    """Whether the search left something to the board; nothing else leaves a class undecided."""
    awards = [award for verdict in record["verdicts"] for award in verdict["awards"]]
    return any(
        award.get("because", {}).get("search")
        or (
            not any(badge["status"] == "unknown" for badge in record["wallet"]["records"])
            and any(each["answer"] == "undecided" for each in award.get("classes", ()))
        )
        for award in awards
    )


def chunk(make: Callable[[int], Instance], number: int, size: int) -> list[Instance]:
    return [make(seed) for seed in range(number * size, number * size + size)]


@pytest.mark.parametrize("ten", range(25))
def test_engine_agrees_with_trying_every_placing(ten: int) -> None:
    assert disagreements(chunk(instance, ten, 10), best_of) == []


@pytest.mark.parametrize("seed", range(20))
def test_engine_agrees_with_whole_number_programming(seed: int) -> None:
    assert disagreements([large_instance(seed)], judged_by_highs) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("hundred", range(3, 203))
def test_engine_agrees_on_twenty_thousand_small_cases(hundred: int) -> None:
    assert disagreements(chunk(instance, hundred, 100), best_of) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("twenty", range(1, 101))
def test_engine_agrees_on_two_thousand_large_cases(twenty: int) -> None:
    """Or refers to the board what it can neither place nor prove; that is no no, and rare."""
    cases = chunk(large_instance, twenty, 20)
    records = [engine_record(each.programmes, each.wallet, each.today) for each in cases]
    decided = [(r, case) for r, case in zip(records, cases, strict=True) if not gave_up(r)]
    assert len(decided) >= len(cases) - 1
    wrong = [case.seed for r, case in decided if not _agrees_with(r, case, judged_by_highs)]
    assert wrong == []


@pytest.mark.parametrize("badges", [10, 25, 40, 60])
def test_engine_agrees_on_realistic_wallets(badges: int) -> None:
    rules = (programme_as_json(),)
    cases = [
        Instance(family="realistic", seed=seed, programmes=rules, wallet=realistic(badges, seed))
        for seed in range(5)
    ]
    assert disagreements(cases, judged_by_highs) == []


RANKS = {"not_satisfied": 0, "undecided": 1, "satisfied": 2}


def ranks(answer: OracleAnswer, *, conceded: bool) -> dict[tuple[int, str], int]:
    """How good the answer on each award of each version is; those below a satisfied one as it."""
    return {
        (version, award.award): RANKS[award.answer]
        for version in {verdict.version for verdict in answer.verdicts}
        for award in answer.verdict(version=version, conceded=conceded).awards
    }


def never_better(less: OracleAnswer, more: OracleAnswer) -> bool:
    """Whether no award is better off with fewer badges."""
    for conceded in (False, True):
        with_all = ranks(more, conceded=conceded)
        for award, rank in ranks(less, conceded=conceded).items():
            if rank > with_all.get(award, 2):
                return False
    return True


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), place=st.integers(0, 11))
def test_removing_a_badge_never_improves_the_verdict(seed: int, place: int) -> None:
    case = random_instance(seed)
    fewer: dict[str, Any] = deepcopy(case.wallet)
    del fewer["records"][place % len(fewer["records"])]
    less = engine_answer(case.programmes, fewer, case.today)
    more = engine_answer(case.programmes, case.wallet, case.today)
    assert never_better(less, more)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), other=st.integers(0, 10**6))
def test_adding_a_badge_never_worsens_the_verdict(seed: int, other: int) -> None:
    case, donor = random_instance(seed), random_instance(other)
    added = donor.wallet["records"][0] | {"id": "added"}
    larger = case.wallet | {"records": [*case.wallet["records"], added]}
    less = engine_answer(case.programmes, case.wallet, case.today)
    more = engine_answer(case.programmes, larger, case.today)
    assert never_better(less, more)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), shuffling=st.randoms(use_true_random=False))
def test_order_of_records_plays_no_part(seed: int, shuffling: random.Random) -> None:
    case = random_instance(seed, badges=(4, 20), most_placings=math.inf)
    mixed = deepcopy(case.wallet)
    shuffling.shuffle(mixed["records"])
    records = [engine_record(case.programmes, wallet, TODAY) for wallet in (case.wallet, mixed)]
    for record in records:
        record.pop("wallet")
    assert records[0] == records[1]


PLANTED = [
    *[(12, 4, tightness) for tightness in (0.75, 0.9, 1.0)],
    *[(60, 20, tightness) for tightness in (0.75, 0.9, 1.0)],
    (60, 8, 1.0),
    (120, 30, 0.9),
]


@pytest.mark.parametrize(("badges", "buckets", "tightness"), PLANTED)
def test_planted_award_is_never_refused(badges: int, buckets: int, tightness: float) -> None:
    for seed in range(2):
        case = planted(badges, buckets, tightness, seed)
        record = engine_record(case.programmes, case.wallet, case.today)
        answers = ["satisfied"] if tightness < 1 else ["satisfied", "undecided"]  # by the search
        assert record["outcome"]["answer"] in answers


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize(("badges", "buckets"), [(60, 20), (250, 50), (500, 100)])
def test_large_planted_award_is_never_refused(badges: int, buckets: int, seed: int) -> None:
    case = planted(badges, buckets, 0.9, seed)
    assert engine_answer(case.programmes, case.wallet, case.today).answer == "satisfied"
