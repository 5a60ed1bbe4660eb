"""Records, wallets and programme files for the tests of the degree rules."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.records import Interruption, Judge, Record, Status, Wallet

ISSUER = "did:web:localhost%3A8000:issuer:learnometer"
HOLDER = "did:key:zHolder"
TODAY = date(2026, 11, 22)
REGISTERED = date(2023, 9, 1)
JUDGES = tuple(f"did:key:zJudge{number}" for number in range(12))
PROGRAMMES = Path(__file__).parents[1] / "degree" / "programmes"


def record(name: str, credits_: float = 10, **changes: Any) -> Record:
    """A good level 7 badge with two judges, earned in the first registration year.

    A judge may be given by name alone.
    """
    facts: dict[str, Any] = {
        "id": name,
        "title": name.capitalize(),
        "issuer": ISSUER,
        "credits_tenths": round(credits_ * 10),
        "level": 7,
        "activity_start": date(2024, 1, 10),
        "activity_end": date(2024, 3, 20),
        "issued": date(2024, 3, 28),
        "status": Status.VALID,
        "judges": JUDGES[:2],
    }
    facts.update(changes)
    for names in ("tags", "contexts", "co_participants"):
        facts[names] = frozenset(facts.get(names, ()))
    facts["judges"] = tuple(
        Judge(each) if isinstance(each, str) else each for each in facts["judges"]
    )
    return Record(**facts)


def wallet(records: Iterable[Record], **changes: Any) -> Wallet:
    facts: dict[str, Any] = {"holder": HOLDER, "registered": REGISTERED, "records": tuple(records)}
    facts.update(changes)
    return Wallet(**facts)


def interruption(first: date, last: date) -> Interruption:
    return Interruption(first=first, last=last)


def outline(
    *,
    awards: list[dict[str, Any]],
    buckets: Mapping[str, dict[str, Any]],
    **clauses: Any,
) -> dict[str, Any]:
    """A small programme as the file's mapping: trusts ISSUER, asks for no endorsements."""
    return {
        "programme": "A small programme",
        "ruleset": {"id": "small", "version": "1", "in_force_from": date(2020, 1, 1)},
        "trust_lists": {"ours": [ISSUER]},
        "awards": awards,
        "evidence_gate": {
            "issuer_in": "trust_list@ours",
            "status": ["proof_valid", "not_revoked", "not_expired"],
            "endorsements": {"min": 0},
        },
        "buckets": dict(buckets),
        **clauses,
    }


class _Plain(yaml.SafeDumper):
    """Writes equal values twice instead of as aliases, which programmes do not use."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(facts: dict[str, Any]) -> bytes:
    return yaml.dump(facts, Dumper=_Plain, sort_keys=False).encode()


def programme(**facts: Any) -> Programme:
    return read_programme(written(outline(**facts)))


def learnometer_msc() -> Programme:
    return read_programme((PROGRAMMES / "learnometer-msc.yaml").read_bytes())
