"""What a badge must be, and how it is read before."""

import json
from typing import Any

import pytest
from checker_cases import CREDITS, TWO, said
from decision_records import (
    Document,
    badge,
    cuts,
    no,
    programme,
    verdict,
    yes,
)


def gate(**rules: Any) -> Document:
    base = programme()
    return base | {"evidence_gate": base["evidence_gate"] | rules}


def aside(*rules: str, needed: int = 200, could: int = 100) -> Document:
    """The verdict where q is kept out by this rule."""
    listed = [{"record": "q", "rule": f"evidence_gate.{rule}"} for rule in rules]
    return {"set_aside": listed, "awards": [no(cuts(needed, could, CREDITS))]}


@pytest.mark.parametrize(
    ("rules", "facts", "rule"),
    [
        ({}, {"issuer": "did:web:other"}, "issuer_in"),
        ({}, {"status": "revoked"}, "status"),
        ({}, {"status": "suspended"}, "status"),
        ({}, {"status": "expired"}, "status"),
        ({}, {"status": "invalid"}, "status"),
        ({"status": ["proof_valid", "not_revoked"]}, {"status": "expired"}, ""),
        ({}, {"judges": ["did:key:zJ1"]}, "endorsements"),
        ({}, {"judges": ["did:key:zJ1", "did:key:zJ1"]}, "endorsements"),
        (
            {"endorsements": {"min": 2, "distinct_endorsers": False}},
            *({"judges": ["did:key:zJ1", "did:key:zJ1"]}, ""),
        ),
        ({}, {"judges": ["did:key:zJ1", "did:key:zHolder"]}, ""),
        (
            {"endorsements": {"min": 2, "endorser_not_in": ["holder"]}},
            *({"judges": ["did:key:zJ1", "did:key:zHolder"]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_not_in": ["line_manager"]}},
            *({"judges": [{"id": "a", "relation": "line_manager"}]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_level_min": 7}},
            *({"judges": [{"id": "a", "level": 6}, "b"]}, "endorsements"),
        ),
        (
            {"endorsements": {"min": 1, "endorser_level_min": 7}},
            *({"judges": [{"id": "a", "level": 7}, "b"]}, ""),
        ),
        (
            {"currency_years": {"earned": {"years": 2, "measured_at": "decision"}}},
            *({"activity_end": "2024-11-21"}, "currency_years.earned"),
        ),
        (
            {"currency_years": {"earned": {"years": 2, "measured_at": "decision"}}},
            *({"activity_end": "2024-11-22"}, ""),
        ),
        (
            {"currency_years": {"rpl": {"years": 2, "measured_at": "registration"}}},
            *({"activity_start": "2020-01-01", "activity_end": "2021-08-31", "rpl": True},),
            "currency_years.rpl",
        ),
        (
            {"currency_years": {"rpl": {"years": 2, "measured_at": "registration"}}},
            *({"activity_start": "2020-01-01", "activity_end": "2021-09-01", "rpl": True}, ""),
        ),
        ({"not_already_used_in_award": True}, {"used_in": "Y"}, "not_already_used_in_award"),
        ({"not_already_used_in_award": False}, {"used_in": "Y"}, ""),
        ({}, {"status": "revoked", "issuer": "did:web:other", "judges": []}, "issuer_in"),
        ({}, {"status": "revoked", "judges": []}, "status"),
    ],
)
def test_gate_keeps_out_by_the_first_rule_that_fails(
    rules: Document, facts: Document, rule: str
) -> None:
    version = gate(**rules)
    if "currency_years" in rules:  # q alone is of the age in question
        badges = [badge("p", activity_end="2026-01-01"), badge("q", **facts)]
    else:
        badges = [badge("p"), badge("q", **facts)]
    if "endorsements" in rules:
        badges[0]["judges"] = [{"id": "a", "level": 8}, {"id": "b", "level": 8}]
    out = verdict(version) | aside(rule)
    satisfied = verdict(version, yes(p="main", q="main"))
    assert said(version, badges, out if rule else satisfied) == ""
    heard = said(version, badges, satisfied if rule else verdict(version) | aside("status"))
    kept_out = [{"record": "q", "rule": f"evidence_gate.{rule}"}] if rule else []
    assert f"set_aside: it is {json.dumps(kept_out)}" in heard


def test_trust_of_an_issuer_may_begin_and_end() -> None:
    entry = {"issuer": "did:web:issuer", "from": "2024-03-28", "until": "2024-03-28"}
    version = programme(trust_lists={"all": [entry]})
    assert said(version, TWO, yes(p="main", q="main")) == ""
    for issued in ("2024-03-27", "2024-03-29"):
        badges = [badge("p"), badge("q", issued=issued)]
        assert said(version, badges, verdict(version) | aside("issuer_in")) == ""


def test_old_code_is_read_as_the_new_one_with_its_tags_before_everything() -> None:
    rule = {"from": "badge:OLD", "to": "badge:NEW", "tags": ["t"], "until": "2024-03-28"}
    where = {"code": "NEW", "tag": "t"}
    chained = {"from": "badge:NEW", "to": "badge:NEWER", "until": "2030-01-01"}
    version = programme(equivalences=[rule, chained], buckets={"main": {"min": 20, "where": where}})
    badges = [badge("p", code="OLD"), badge("q", code="OLD")]
    assert said(version, badges, yes(p="main", q="main")) == ""
    badges[1]["issued"] = "2024-03-29"
    assert "q may not count in main" in said(version, badges, yes(p="main", q="main"))
