"""Decision records written by hand, for the tests of the checker: no engine stands behind them."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import yaml

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
    classes = won.get("classes") or [] if won else []
    undecided_ = any(each["answer"] == "undecided" for each in (*last["awards"], *classes))
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


# One record with most of everything ---------------------------------------------------------------

CREDITS = "awards.X.credits"
RULES = """
programme: A programme with most of the language
ruleset: {id: small, version: 2026.1, in_force_from: "2020-01-01", supersedes: null, source: E1,
          choose: start_version_or_better}
pass_mark: 40
trust_lists: {all: ["did:web:issuer", {issuer: "did:web:old", until: "2020-12-31"}]}
evidence_gate:
  issuer_in: trust_list@all
  status: [proof_valid, not_revoked, not_expired]
  endorsements: {min: 2}
equivalences: [{from: "badge:OLD", to: "badge:NEW", tags: [t], until: "2025-01-01"}]
buckets:
  main: {min: 20, where: {not: {tag: none}}, max_credits: 500, min_badges: 1,
         max_below_level: {"6": 30}, at_most: [{id: few, badges: 9, where: {any: true}}]}
  side: {min: 10, where: {all_of: [{tag: [t, u]}, {level: 6}]}}
awards:
  - {id: W, credits: 90, max_registration_years: 9, pathway: other}
  - {id: X, credits: 60, requires: {any_of: [side, {badge: C}]}}
  - {id: Y, credits: 30, requires: {all_of: [main, {attested: viva}]}}
  - {id: Z, credits: 20, min_at_level: {"7": 10}, rpl_cap: 10.5, buckets: {main: 20},
     at_least: [{id: own, share: 0.34, where: {any: true}}]}
sharing: {max_badges: 1, max_credits: 10, between: [[main, side]]}
distinct: {validators: {at_least: 2, max_share_each: 0.99}}
prerequisites: [{badge: B, needs: A, lapses_after_years: 5}, {before: side, after: main}]
exclusions: [["badge:P", "badge:Q"], {one_of: ["badge:R", "badge:S"], awards: [Z]}]
condonement: {max_credits: 10, mark_floor: 30, mean_at_least: 40}
classification:
  rpl_marks: excluded_from_mean
  awards: [Z]
  mean_rounding: half_up
  classes:
    - {id: top, any_of: [{mean: 70}, {credits_at: {"69.5": 50}}]}
    - {id: good, bucket_means: {main: 50}}
attestations: {viva: {says: Passed., by: examiner}}
concessions: {allowed: [waive, accept], requires: [authority], never: [awards.X]}
"""
BADGES = [
    badge("a", mark=60.5, code="OLD", contexts=["ke"], role="co_provider"),
    badge("b", mark=58, rpl=False, activity="act", co_participants=["x"], circle="urn:c"),
    badge("c", 7.5, status="revoked", judges=[{"id": "j", "level": 7, "relation": "peer"}]),
    badge("d", 5, status="unknown", first_attempt=False, kind="K", used_in="PGCert"),
    badge("e", 5, hypothetical=True, digest="sha256:00", judges=["j4", {"id": "j5"}]),
]


@cache
def rich() -> Document:
    """A record with all three answers, classes, a tree, a concession and most of the language."""
    version = yaml.safe_load(RULES)
    places = placed(a="main", b="main", e="main")
    top = {"class": "top", "answer": "not_satisfied", "proof": TOP}
    good = {"class": "good", "answer": "satisfied", "placements": places}
    hangs = undecided(
        award="Y",
        pending=["attested:viva", "d"],
        placements=placed(a="main", b="main", d="main", e="main"),
        proof=cuts(1, 0, "awards.Y.requires.all_of[1]"),
    )
    claims = [
        no({"tree": SPLIT, "conflict": [CREDITS]}),
        hangs,
        yes("Z", a="main", b="main", e="main", classes=[top, good]),
    ]
    aside = [{"record": "c", "rule": "evidence_gate.status"}]
    concession = {"id": "c1", "action": "waive", "path": "sharing.max_credits", **SAID}
    return decision(
        version,
        BADGES,
        verdict(version, *claims, set_aside=aside),
        verdict(version, *claims, set_aside=aside, concessions=["c1"]),
        outcome={"hypothetical": True},
        concessions=[concession],
        pathway="mine",
        name="A. Member",
        interruptions=[{"first": "2024-01-01", "last": "2024-02-01"}],
        attestations={"other": {"value": "no", "by": "me", "on": "2026-01-01"}},
    )


SPLIT: Document = {
    "split": {"records": ["a", "b"], "in": ["main"], "at_most": 1},
    "low": {"cut": cut(600, 300, CREDITS)},
    "high": {"cut": cut(600, 300, CREDITS)},
}
WHY = "classification.top.any_of"
TOP: Document = {
    "cuts": [
        {
            "rows": {WHY: 20_500, f"{WHY}[0].mean": 1, f"{WHY}[1].credits_at.69.5": 41,
                     "classification.top.graded": 1},
            "whole": False, "needed": 1, "could_count": 0,
        }
    ]
}  # fmt: skip
