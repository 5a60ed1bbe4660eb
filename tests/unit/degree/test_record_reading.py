"""A decision of whatever kind comes back from its record, and is told in the same words."""

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest
from degree_instances import instance
from wallets import decided, programme, record

from degree.rules.cuts import Cut
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, written
from degree.rules.explain import Answer, Cases, Decision, NamedSplit, Proof
from degree.rules.grammar import programme_from_json
from degree.rules.record_reading import read_decision
from degree.rules.records import Role, Status
from degree.rules.records_json import wallet_from_json
from degree.rules.rendering import decision_as_text


def kept(decision: Decision) -> Decision:
    """The decision as it comes back from where its record was kept."""
    return read_decision(json.loads(written(decision_record(decision, learnometer="1"))))


def random_decision(seed: int) -> Decision:
    case = instance(seed)
    # A record keeps mappings in the order of the alphabet; the order of buckets is not its matter.
    documents = [json.loads(json.dumps(each, sort_keys=True)) for each in case.programmes]
    programmes = [programme_from_json(each) for each in documents]
    return decide(programmes, wallet_from_json(case.wallet), today=case.today)


def changed(seeds: Iterable[int]) -> list[int]:
    """The cases whose decision is another, or is told otherwise, after it was kept."""
    decisions = ((seed, random_decision(seed)) for seed in seeds)
    return [seed for seed, decision in decisions if not _same(decision, kept(decision))]


def _same(decision: Decision, again: Decision) -> bool:
    return again == decision and decision_as_text(again) == decision_as_text(decision)


def test_decisions_of_every_kind_come_back_from_their_records() -> None:
    assert changed(range(60)) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("thousand", range(5))
def test_thousands_of_decisions_come_back_from_their_records(thousand: int) -> None:
    assert changed(range(thousand * 1000, thousand * 1000 + 1000)) == []


def test_every_case_of_a_proof_comes_back() -> None:
    decision = random_decision(1)
    cut = Cut(rows={"awards.MSc.credits": 2}, whole=True, needed=3, could_count=1)
    inner = Cases(split=NamedSplit(choice="awards.MSc.requires.any_of[0]"), low=cut, high=cut)
    split = NamedSplit(records=("r1", "r2"), buckets=("core",), at_most=2)
    proof = Proof(cases=Cases(split=split, low=inner, high=cut), conflict=("awards.MSc.credits",))
    answer = replace(
        decision.outcome.awards[0],
        answer=Answer.NOT_SATISFIED,
        placements=(),
        classes=(),
        because=None,
        proof=proof,
    )
    outcome = replace(decision.outcome, awards=(answer,))
    verdicts = tuple(outcome if it is decision.outcome else it for it in decision.verdicts)
    again = kept(replace(decision, outcome=outcome, verdicts=verdicts))
    assert again.outcome.awards[0].proof == proof


@pytest.mark.parametrize(("credits_", "misses"), [(1, "none"), (90, "allowed")])
def test_a_no_comes_back_with_the_years_as_they_were_kept(credits_: int, misses: str) -> None:
    """By years it shows those that pending badges would keep, by credit those that are kept."""
    years = {
        "every": "registration_year",
        "joined": {"at_least": 1, "of": "activity", "validated": True},
        "co_provided": {"at_least": 0, "of": "activity", "validated": True},
        "misses": {"concession": misses} | ({"max": 9} if misses == "allowed" else {}),
        "awards": ["X"],
    }
    buckets = {"a": {"min": 1, "where": {"tag": "a"}}}
    rules = programme(awards=[{"id": "X", "credits": credits_}], buckets=buckets, obligations=years)
    joined = record("x", 4, tags="a", role=Role.PARTICIPANT, activity="act", status=Status.UNKNOWN)
    decision = decided(rules, [joined])
    (answer,) = decision.outcome.awards
    assert answer.answer is Answer.NOT_SATISFIED
    assert [each.kept for each in answer.years].count(True) == (misses == "none")
    assert kept(decision) == decision


def test_a_no_in_spite_of_pending_badges_names_the_rules_that_they_come_under() -> None:
    """Of two badges that exclude each other one is pending: without it no such rule is there."""
    rules = programme(
        awards=[{"id": "X", "credits": 10}],
        buckets={"a": {"min": 0, "where": {"tag": "a"}}},
        exclusions=[["badge:P", "badge:Q"]],
    )
    records = [
        record("p", 5, tags="a", code="P"),
        record("q", 5, tags="a", code="Q", status=Status.UNKNOWN),
    ]
    decision = decided(rules, records)
    assert decision.answer is Answer.NOT_SATISFIED
    said = decision_as_text(decision)
    needed = "These rules cannot be kept together with these badges: all credits and "
    assert f"Why not: {needed}" in said
    assert decision_as_text(kept(decision)) == said
