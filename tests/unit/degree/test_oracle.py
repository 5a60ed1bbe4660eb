"""The engine against a second opinion that tries every placing, on random small wallets."""

import random
from datetime import date, timedelta
from typing import Any

import pytest
from degree_oracle import can_be_earned
from wallets import JUDGES, TODAY, outline, record, wallet, written

from degree.rules.audit import audit
from degree.rules.explain import Answer
from degree.rules.grammar import read_programme
from degree.rules.records import Record

TAGS = ("a", "b", "c")


def random_outline(dice: random.Random) -> dict[str, Any]:
    """One award over two or three buckets, with some of every rule that couples records."""
    names = TAGS[: dice.choice((2, 2, 3))]
    buckets: dict[str, Any] = {}
    for name in names:
        bucket: dict[str, Any] = {"min": 0, "where": {"tag": name}}
        if dice.random() < 0.3:
            bucket["where"] = {"any": True}
        if dice.random() < 0.3:
            bucket["rpl"] = False
        if dice.random() < 0.25:
            bucket["max_badges"] = dice.choice((1, 2))
        if dice.random() < 0.25:
            bucket["max_below_level"] = {6: dice.choice((3, 5, 8))}
        buckets[name] = bucket
    award: dict[str, Any] = {
        "id": "X",
        "credits": dice.randint(6, 16),
        "buckets": {name: dice.choice((0, 3, 4, 5, 7.5)) for name in names},
    }
    limits = (
        ("rpl_cap", dice.choice((3, 5, 8)), 0.4),
        ("min_at_level", {7: dice.choice((4, 8, 10))}, 0.5),
        ("max_below_level", {6: dice.choice((3, 6))}, 0.25),
    )
    award.update({key: value for key, value, chance in limits if dice.random() < chance})
    return outline(awards=[award], buckets=buckets, **_clauses(dice, names))


def _clauses(dice: random.Random, names: tuple[str, ...]) -> dict[str, Any]:
    clauses: dict[str, Any] = {"distinct": {}}
    if dice.random() < 0.3:
        clauses["distinct"]["contexts"] = {"at_least": 2, "min_credits_each": dice.choice((3, 5))}
    if dice.random() < 0.2:
        clauses["distinct"]["circles"] = {"at_least": 2}
    if dice.random() < 0.4:
        share = dice.choice((0.34, 0.5, 0.6))
        clauses["distinct"]["validators"] = {"at_least": 2, "max_share_per_validator": share}
    if dice.random() < 0.3:
        clauses["exclusions"] = [["badge:K1", "badge:K2"]]
    if dice.random() < 0.3:
        clauses["prerequisites"] = [{"before": names[0], "after": names[1]}]
    return clauses


def random_records(dice: random.Random) -> list[Record]:
    records = []
    for number in range(dice.randint(3, 6)):
        end = date(2024, 1, 1) + timedelta(days=dice.randrange(4))
        records.append(
            record(
                f"r{number}",
                dice.choice((2, 2.5, 3, 3, 4, 5)),
                tags=dice.sample(TAGS, dice.choice((1, 2, 2, 3))),
                level=dice.choice((6, 7, 7)),
                rpl=dice.random() < 0.3,
                activity_start=end,
                activity_end=end,
                code=dice.choice(("K1", "K2", "", "")),
                circle=dice.choice(("north", "south")),
                contexts=frozenset(dice.sample(("ke", "uk", "fi"), dice.choice((1, 2)))),
                judges=tuple(dice.sample(JUDGES[:5], 2)),
            )
        )
    return records


@pytest.mark.parametrize("seed", range(400))
def test_engine_agrees_with_trying_every_placing(seed: int) -> None:
    dice = random.Random(seed)
    facts, records = random_outline(dice), random_records(dice)
    decision = audit(read_programme(written(facts)), wallet(records), today=TODAY)
    expected = can_be_earned(facts, facts["awards"][0], records)
    assert decision.answer is (Answer.SATISFIED if expected else Answer.NOT_SATISFIED)
