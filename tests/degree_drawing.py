"""Random wallets, gates and filters, and a plan: one placing drawn at random.

What follows (degree_instances.py) sets rules by what the plan gives.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from math import prod
from typing import Any

from degree_questions import question
from degree_reading import Json
from degree_sketch import HOLDER, OURS, PARTNER, STRANGER, TODAY, Sketch

DAYS = tuple(
    (date(2026, 6, 1) - timedelta(days=days)).isoformat()
    for days in (0, 35, 36, 120, 300, 301, 450, 620, 800, 1000, 1400, 1900)
)
REGISTERED = ("2023-09-01", "2024-02-29", "2024-10-05", "2025-09-01", "2025-09-01", "2025-12-01")
SIZES = (  # credits of badges, in UK credits
    (2, 3, 4, 5),
    (2, 2.5, 3, 3.5, 5, 7.5),
    (3, 3, 3, 6),
    (10, 15, 20, 30),
    (3.1, 3.7, 4.9, 5.3, 6.1),
    (4, 4, 6, 10),
)
TAGS, KINDS, CIRCLES = ("a", "b", "c", "d"), ("Project", "Essay", "Course"), ("north", "south", "")
CODES, CONTEXTS = ("K1", "K2", "K3", "K4", "OLD1"), ("ke", "uk", "fi")
JUDGES: tuple[Any, ...] = (
    "did:key:zJudge1",
    {"id": "did:key:zJudge2", "level": 7},
    {"id": "did:key:zJudge3", "level": 8},
    {"id": "did:key:zJudge4", "level": 6, "relation": "colleague"},
    {"id": "did:key:zJudge5", "level": 7, "relation": "line_manager"},
    {"id": "did:key:zJudge6", "level": 7},
)


def sketch(dice: random.Random, *, badges: tuple[int, int], most_placings: float) -> Sketch:
    """A head, a gate, buckets without amounts, a wallet and a plan."""
    draft = Sketch(
        dice=dice,
        strain=dice.choice((0, 0.04, 0.12, 0.3)),
        marks=dice.random() < 0.5,
        ects=dice.random() < 0.1,
        sizes=dice.choice(SIZES),
    )
    draft.programme = {
        "programme": "A random programme",
        "ruleset": {"id": "random", "version": "1", "in_force_from": "2020-01-01"},
        "trust_lists": {"ours": _trusted(draft)},
        "evidence_gate": _gate(draft),
    }
    if draft.ects:
        draft.programme["credit_unit"] = "ects"
    if draft.chance(0.15):
        old: Json = {"from": "badge:OLD1", "to": "badge:K1", "until": "2025-01-31"}
        draft.programme["equivalences"] = [old | ({"tags": ["a"]} if draft.chance(0.6) else {})]
    names = ["core", "project", "practice", "ethics", "electives"][: dice.choice((2, 3, 3, 4, 5))]
    draft.programme["buckets"] = {name: _bucket(draft) for name in names}
    _pass_mark(draft, names)
    if draft.chance(0.25):
        draft.programme["sharing"] = {"max_badges": dice.choice((1, 1, 2, 3))}
        if draft.chance(0.6):
            pairs = dice.sample(
                list(combinations(names, 2)), min(len(names) - 1, dice.randint(1, 2))
            )
            draft.programme["sharing"]["between"] = [list(pair) for pair in pairs]
    draft.wallet = _wallet(draft, dice.randint(*badges))
    _limit(draft, most_placings)
    _plan(draft)
    return draft


def _trusted(draft: Sketch) -> list[Any]:
    dated = {"issuer": PARTNER, "from": "2019-01-01", "until": draft.dice.choice(DAYS)}
    return [OURS, dated if draft.chance(0.5) else PARTNER]


def _gate(draft: Sketch) -> Json:
    dice, chance = draft.dice, draft.chance
    gate: Json = {"issuer_in": "trust_list@ours", "status": ["proof_valid", "not_revoked"]}
    if chance(0.75):
        gate["status"].append("not_expired")
    endorsements: Json = {"min": dice.choice((0, 1, 1, 2))}
    if chance(0.15):
        endorsements["distinct_endorsers"] = chance(0.3)
    if chance(0.3):
        endorsements["endorser_not_in"] = dice.choice((["holder"], ["holder", "line_manager"]))
    if chance(0.12):
        endorsements["endorser_level_min"] = dice.choice((6, 7))
    gate["endorsements"] = endorsements
    lives = {}
    for kind in ("rpl", "earned"):
        if chance(0.2):
            day = dice.choice(("registration", "decision"))
            lives[kind] = {"years": dice.choice((1, 2, 3)), "measured_at": day}
    if lives:
        gate["currency_years"] = lives
    if chance(0.2):
        gate["not_already_used_in_award"] = True
    return gate


def where(draft: Sketch, depth: int = 0) -> Json:
    """A random filter that takes some badges and leaves others."""
    dice = draft.dice
    parts: tuple[Callable[[], Json], ...] = (
        lambda: {"tag": dice.choice(TAGS)},
        lambda: {"tag": draft.some(TAGS, 2)},
        lambda: {"kind": dice.choice(KINDS)},
        lambda: {"kind": draft.some(KINDS, 2)},
        lambda: {"role": dice.choice(("participant", "co_provider"))},
        lambda: {"level": dice.choice((6, 7))},
        lambda: {"level_max": draft.dice.choice((5, 6))},
        lambda: {"rpl": draft.chance(0.2)},
        lambda: {"issuer": dice.choice((OURS, PARTNER))},
        lambda: {"circle": dice.choice(("north", "south"))},
        lambda: {"context": dice.choice(CONTEXTS)},
        lambda: {"code": draft.some(CODES[:4], 3)},
        lambda: {"mark": dice.choice((50, 60, 69.5))} if draft.marks else {"level": 7},
    )
    if depth < 2 and draft.chance(0.3):
        nested = [where(draft, depth + 1) for _ in range(2)]
        form: Json = dice.choice(
            ({"any_of": nested}, {"all_of": nested}, {"not": nested[0]}, {"any_of": nested})
        )
        return form | ({"level": 6} if draft.chance(0.2) else {})
    filter_ = dice.choice(parts)() | (dice.choice(parts)() if draft.chance(0.2) else {})
    if "level_max" in filter_ and filter_.get("level", 0) > filter_["level_max"]:
        del filter_["level"]
    return filter_


def _bucket(draft: Sketch) -> Json:
    bucket: Json = {"min": 0, "where": {"any": True} if draft.chance(0.2) else where(draft)}
    if draft.chance(0.15):
        bucket["rpl"] = False
    if draft.marks and draft.chance(0.12):
        bucket["min_mark"] = draft.dice.choice((50, 55.5, 60))
    return bucket


def _pass_mark(draft: Sketch, names: list[str]) -> None:
    if not draft.marks or draft.chance(0.25):
        return
    programme = draft.programme
    programme["pass_mark"] = draft.dice.choice((50, 49.5, 60))
    if draft.chance(0.7):
        programme["condonement"] = {"max_credits": 0, "mark_floor": draft.dice.choice((40, 45))}
        if draft.chance(0.4):
            programme["condonement"]["not_in"] = draft.some(names, 1)
        for bucket in programme["buckets"].values():
            if draft.chance(0.12):
                bucket["compensatable"] = False


def _wallet(draft: Sketch, number: int) -> Json:
    dice = draft.dice
    wallet: Json = {
        "form": "learnometer-records/1",
        "holder": HOLDER,
        "registered": dice.choice(REGISTERED),
        "records": [],
    }
    if draft.chance(0.15):
        first = date.fromisoformat(dice.choice(DAYS[:9]))
        last = first + timedelta(days=dice.choice((10, 40, 90)))
        wallet["interruptions"] = [{"first": first.isoformat(), "last": last.isoformat()}]
    for place in range(number):
        record = _record(draft, f"r{place:02}")
        for _ in range(6):  # most badges count somewhere
            alone = wallet | {"records": [record]}
            if question(draft.programme, alone, everywhere(draft.programme), TODAY).ways:
                break
            if draft.chance(0.1):
                break
            record = _record(draft, f"r{place:02}")
        wallet["records"].append(record)
    return wallet


def _record(draft: Sketch, name: str) -> Json:
    dice, chance = draft.dice, draft.chance
    shared = f"activity {dice.randint(1, 4)}" if chance(0.3) else ""
    # All badges of one activity began and ended on the same days.
    days = random.Random(shared) if shared else dice
    end = date.fromisoformat(days.choice(DAYS[:9] if chance(0.8) or shared else DAYS))
    start = end - timedelta(days=days.choice((0, 1, 40, 120)))
    judges = dice.sample([*JUDGES, HOLDER], dice.choice((1, 2, 2, 3, 3, 4)))
    record: Json = {
        "id": name,
        "title": f"Badge {name}",
        "issuer": dice.choices((OURS, PARTNER, STRANGER), (80, 16, 4))[0],
        "credits": dice.choice(draft.sizes),
        "level": dice.choices((5, 6, 7, 8), (1, 3, 7, 1))[0],
        "activity_start": start.isoformat(),
        "activity_end": end.isoformat(),
        "issued": (end + timedelta(days=dice.choice((0, 7, 30)))).isoformat(),
        "status": dice.choices(
            ("valid", "unknown", "expired", "revoked", "suspended", "invalid"),
            (84, 3, 4, 3, 3, 3),
        )[0],
        "role": dice.choices(("participant", "co_provider"), (65, 35))[0],
        "rpl": chance(0.2),
        "tags": draft.some(TAGS, 3),
        "contexts": draft.some(CONTEXTS, 2),
        "judges": judges + judges[:1] if chance(0.1) else judges,
        "kind": dice.choice(KINDS),
        "circle": dice.choice(CIRCLES),
        "activity": shared,
        "code": dice.choice(CODES) if chance(0.5) else "",
        "co_participants": draft.some([f"did:key:zPeer{n}" for n in range(5)] + [HOLDER], 3),
    }
    if draft.marks and chance(0.8):
        record["mark"] = dice.choice((42, 47.5, 50, 55, 60, 62, 65.5, 70, 71, 78))
        record["first_attempt"] = chance(0.88)
    if chance(0.12):
        record["used_in"] = "Another award"
    if chance(0.005):
        record["hypothetical"] = True
    return {key: value for key, value in record.items() if value != ""}


def everywhere(programme: Json) -> Json:
    """An award that lists every bucket and asks for nothing."""
    return {"id": "any", "credits": 0, "buckets": dict.fromkeys(programme["buckets"], 0)}


def placings(draft: Sketch) -> int:
    """How many placings there are."""
    asked = question(draft.programme, draft.wallet, everywhere(draft.programme), TODAY)
    return prod(len(ways) + 1 for ways in asked.ways)


def _limit(draft: Sketch, most: float) -> None:
    """Takes records away until there are no more placings than this."""
    while placings(draft) > most:
        draft.wallet["records"].pop()


def _plan(draft: Sketch) -> None:
    asked = question(draft.programme, draft.wallet, everywhere(draft.programme), TODAY)
    planned = 0.88 if len(asked.badges) <= 12 else 0.97  # of many badges some are to spare anyway
    shared, most = 0, draft.programme.get("sharing", {}).get("max_badges", 0)
    for badge, ways in zip(asked.badges, asked.ways, strict=True):
        way = draft.dice.choice(ways)
        if len(way) == 2 and shared == most:
            way = way[:1]
        shared += len(way) == 2
        if draft.chance(planned) and not badge.pending:
            draft.plan.append((badge, way))
