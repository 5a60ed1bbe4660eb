"""Plans for random programmes with every rule of the language in them.

Some badges of a wallet are earned anew, today: where they earn an award beside the others, no plan
may say that more is needed than they give, or that nothing helps.
"""

import json
import random
from dataclasses import replace

import pytest
from degree_instances import instance
from degree_sketch import Instance

from degree.rules.bench import Bench
from degree.rules.explain import Answer, AwardAnswer
from degree.rules.grammar import read_programme
from degree.rules.planning import plan
from degree.rules.programme import Award, Programme
from degree.rules.records import Record, Status, Wallet
from degree.rules.records_json import wallet_from_json
from vc.errors import Malformed

TRIALS = 3


def read(case: Instance) -> tuple[Programme, Wallet]:
    try:
        rules = read_programme(json.dumps(case.programmes[-1]).encode())
    except Malformed:
        pytest.skip("a programme that the grammar refuses")
    whole = wallet_from_json(case.wallet)
    known = (record for record in whole.records if record.status is not Status.UNKNOWN)
    return rules, replace(whole, records=tuple(known))


def bench(rules: Programme, held: Wallet, case: Instance) -> Bench:
    return Bench(rules, held, (), case.today)


def answer(rules: Programme, held: Wallet, award: Award, case: Instance) -> AwardAnswer:
    return bench(rules, held, case).answer(award)


def anew(record: Record, case: Instance) -> Record:
    return replace(
        record,
        activity_start=case.today,
        activity_end=case.today,
        issued=case.today,
        status=Status.VALID,
        used_in="",
        hypothetical=True,
    )


def check(seed: int) -> None:
    case = instance(seed)
    rules, whole = read(case)
    dice = random.Random(seed)
    for award in rules.awards:
        for _ in range(TRIALS):
            records = list(whole.records)
            dice.shuffle(records)
            new, kept = records[:3], records[3:]
            held = replace(whole, records=tuple(kept))
            badges = tuple(anew(record, case) for record in new)
            way = replace(held, records=(*kept, *badges))
            answered = answer(rules, way, award, case)
            found = plan(rules, held, award.id, today=case.today)
            if answered.answer is Answer.SATISFIED:
                counted = {each.record for each in answered.placements}
                cost = sum(each.credits_tenths for each in badges if each.id in counted)
                assert found.barred is None
                assert found.at_least <= cost
            if found.found and found.steps:
                assert found.at_least <= found.tenths
                planned = replace(held, records=(*kept, *found.badges))
                reached = answer(rules, planned, award, case)
                kept = bench(rules, planned, case).case(hoping=False).records
                assert {each.id for each in found.badges} <= {each.id for each in kept}
                is_for_the_board = bool(reached.because and reached.because.years)
                assert found.words or reached.answer is Answer.SATISFIED or is_for_the_board


@pytest.mark.parametrize("seed", range(24))
def test_no_plan_asks_for_more_than_some_way_gives_and_each_plan_earns_the_award(
    seed: int,
) -> None:
    check(seed)


@pytest.mark.exhaustive
@pytest.mark.parametrize("seed", range(24, 400))
def test_the_same_for_many_more_programmes(seed: int) -> None:
    check(seed)
