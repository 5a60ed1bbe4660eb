"""Decision records written by hand, for the tests of the checker: no engine stands behind them."""

from collections.abc import Iterable, Mapping
from typing import Any

from degree.checker import digest

HOLDER = "did:key:zHolder"
TODAY = "2026-11-22"
SAID = {"authority": "Board", "rationale": "Ill.", "date": "2026-09-30", "expiry": "2027-09-30"}
CONCESSIONS = {"allowed": ["waive", "reduce", "accept", "forgive_year"]}
Document = dict[str, Any]


def badge(name: str, credit: float = 10, **facts: Any) -> Document:
    """A good level 7 badge with two judges, earned in the first registration year."""
    return {
        "id": name,
        "title": name.title(),
        "issuer": "did:web:issuer",
        "credits": credit,
        "level": 7,
        "activity_start": "2024-01-10",
        "activity_end": "2024-03-20",
        "issued": "2024-03-28",
        "status": "valid",
        "judges": ["did:key:zJ1", "did:key:zJ2"],
    } | facts


def programme(**rules: Any) -> Document:
    """The award X of 20 credits, any badges, from a trusted issuer."""
    return {
        "programme": "A small programme",
        "ruleset": {"id": "small", "version": "1", "in_force_from": "2020-01-01"},
        "trust_lists": {"all": ["did:web:issuer"]},
        "evidence_gate": {
            "issuer_in": "trust_list@all",
            "status": ["proof_valid", "not_revoked", "not_expired"],
            "endorsements": {"min": 2},
        },
        "buckets": {"main": {"min": 20, "where": {"any": True}}},
        "awards": [{"id": "X", "credits": 20}],
    } | rules


def placed(**buckets: str | list[str]) -> list[Document]:
    """Placements by record: `a="main"`."""
    return [
        {"record": name, "buckets": [where] if isinstance(where, str) else where}
        for name, where in sorted(buckets.items())
    ]


def yes(award: str = "X", *, classes: Any = None, **buckets: str | list[str]) -> Document:
    claim = {"award": award, "answer": "satisfied", "placements": placed(**buckets)}
    return claim if classes is None else claim | {"classes": classes}


def no(proof: Document, award: str = "X") -> Document:
    return {"award": award, "answer": "not_satisfied", "proof": proof}


def cut(needed: int, could_count: int, *rows: str, whole: bool = False, **times: int) -> Document:
    """A cut of rows, each taken once unless `times` says otherwise."""
    weights = dict.fromkeys(rows, 1) | times
    return {"rows": weights, "whole": whole, "needed": needed, "could_count": could_count}


def cuts(needed: int, could_count: int, *rows: str, whole: bool = False) -> Document:
    return {"cuts": [cut(needed, could_count, *rows, whole=whole)]}


def undecided(
    *,
    years: Iterable[int] = (),
    pending: Iterable[str] = (),
    search: bool = False,
    placements: list[Document] | None = None,
    proof: Document | None = None,
    award: str = "X",
) -> Document:
    because = {"years": list(years), "pending": list(pending), "search": search}
    return {
        "award": award,
        "answer": "undecided",
        "because": because,
        "placements": placements,
        "proof": proof,
    }


def verdict(version: Document, *claims: Document, **said: Any) -> Document:
    return {
        "programme": digest(version),
        "concessions": [],
        "set_aside": [],
        "awards": list(claims),
    } | said


def decision(
    versions: Document | list[Document],
    badges: list[Document],
    *verdicts: Document,
    outcome: Mapping[str, Any] | None = None,
    **wallet: Any,
) -> Document:
    """A record. A claim instead of a verdict is one of the only version; the outcome is its."""
    listed = versions if isinstance(versions, list) else [versions]
    if verdicts and "award" in verdicts[0]:
        verdicts = (verdict(listed[0], *verdicts),)
    last = verdicts[-1]
    won = next((c for c in last["awards"] if c["answer"] == "satisfied"), None)
    undecided_ = any(claim["answer"] == "undecided" for claim in last["awards"])
    classes = won.get("classes", []) if won else []
    return {
        "form": "learnometer-decision/2",
        "engine": {"learnometer": "0.1.0"},
        "today": TODAY,
        "programmes": {digest(version): version for version in listed},
        "wallet": {
            "form": "learnometer-records/1",
            "holder": HOLDER,
            "registered": "2023-09-01",
            "records": badges,
        }
        | wallet,
        "verdicts": list(verdicts),
        "outcome": {
            "programme": last["programme"],
            "answer": "undecided" if undecided_ else "satisfied" if won else "not_satisfied",
            "award": won and won["award"],
            "class": next((c["class"] for c in classes if c["answer"] == "satisfied"), None),
            "hypothetical": False,
        }
        | dict(outcome or {}),
        "approvals": [],
    }
