"""Wallets as members of degree/programmes/learnometer-msc.yaml would hold them."""

import random
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml
from degree_reading import Json
from degree_sketch import HOLDER, TODAY, plain

MSC = Path(__file__).parents[1] / "degree" / "programmes" / "learnometer-msc.yaml"
ISSUER = "did:web:localhost%3A8000:issuer:learnometer"
CIRCLE = tuple(f"did:key:zMember{number:02}" for number in range(35))
TAGS = (  # with how many of a hundred badges carry them
    ("research_methods", 18),
    ("reflective_practice", 22),
    ("ethics", 14),
    ("inclusion", 10),
    ("assessment", 12),
)
CODES = ("RM-101", "RM-LITE", "FAC-A", "FAC-A-2024")


def realistic(n_badges: int, seed: int) -> Json:
    """A wallet of this many badges, as JSON; from 10 to 1000 of them.

    Most members collect over three to five years, are judged by four to eight of their circle, and
    bring a little prior learning; two in three have a capstone. Badges carry no marks.
    """
    dice = random.Random(f"realistic {n_badges} {seed}")
    registered = date(2026 - dice.choice((2, 3, 3, 4, 5)), dice.choice((9, 10, 1)), 1)
    days = (TODAY - registered).days
    busy = dice.choice((0.0, 0.0, 0.15, 0.3))  # how much more often one judge is asked
    records = []
    for number in range(n_badges):
        end = registered + timedelta(days=dice.randint(20, days - 10))
        records.append(_badge(dice, number, end, plain(dice.randint(4, 40) * 5), busy))
    if dice.random() < 0.67 and n_badges >= 3:
        sizes: tuple[int, ...] = dice.choice(((60,), (30, 30), (40, 20), (30, 30, 20), (45,)))
        for record, size in zip(records, sizes, strict=False):
            end = TODAY - timedelta(days=dice.randint(10, 300))
            _dated(record, dice, end)
            record.update(credits=size, level=7, rpl=False, role="participant")
            record["tags"] = sorted({*record["tags"], "capstone"})
    dice.shuffle(records)
    wallet: Json = {
        "form": "learnometer-records/1",
        "holder": HOLDER,
        "registered": registered.isoformat(),
        "records": records,
    }
    if dice.random() < 0.15:
        first = registered + timedelta(days=dice.randint(100, days - 200))
        last = first + timedelta(days=dice.choice((60, 180)))
        wallet["interruptions"] = [{"first": first.isoformat(), "last": last.isoformat()}]
    return wallet


def _badge(dice: random.Random, number: int, end: date, size: int | float, busy: float) -> Json:
    judges = dice.sample(CIRCLE, dice.randint(4, 8))
    if dice.random() < busy and CIRCLE[0] not in judges:
        judges[0] = CIRCLE[0]
    record: Json = {
        "id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "title": f"Badge {number}",
        "issuer": ISSUER,
        "credits": size,
        "level": dice.choices((5, 6, 7, 8), (2, 12, 84, 2))[0],
        "status": dice.choices(("valid", "revoked", "expired"), (97, 1, 2))[0],
        "role": "co_provider" if dice.random() < 0.35 else "participant",
        "rpl": dice.random() < 0.08,
        "tags": sorted(tag for tag, often in TAGS if dice.random() * 100 < often),
        "contexts": dice.sample(("uk-primary", "ke-secondary", "fi-adult"), dice.choice((1, 1, 2))),
        "circle": f"https://circles.example/{dice.choice(('lake-shore', 'three-rivers'))}",
        "judges": [{"id": judge, "level": 7} for judge in judges],
    }
    if dice.random() < 0.03:
        record["code"] = dice.choice(CODES)
    if record["rpl"] and dice.random() < 0.7:
        end -= timedelta(days=dice.randint(700, 2000))
    _dated(record, dice, end)
    return record


def _dated(record: Json, dice: random.Random, end: date) -> None:
    record["activity_start"] = (end - timedelta(days=dice.randint(0, 120))).isoformat()
    record["activity_end"] = end.isoformat()
    record["issued"] = (end + timedelta(days=dice.randint(0, 20))).isoformat()


def programme_as_json(path: Path = MSC) -> Json:
    """A programme file as JSON (docs/decision-record.md)."""
    converted: Json = _converted(yaml.safe_load(path.read_bytes()))
    return converted


def _converted(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _converted(child) for key, child in value.items()}
    if isinstance(value, list):
        return [_converted(child) for child in value]
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, float) and value.is_integer() else value
