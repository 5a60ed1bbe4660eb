"""A wrong programme file is refused with all its faults at once, each with its place."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from small_programme import AWARD, BUCKETS, small
from wallets import written

from degree.rules.faults import Fault, Faulty
from degree.rules.grammar import programme_from_json, read_programme


def faults_of(source: bytes | dict[str, Any]) -> tuple[Fault, ...]:
    with pytest.raises(Faulty) as refused:
        read_programme(source if isinstance(source, bytes) else written(source))
    return refused.value.faults


def test_all_faults_are_told_at_once_with_path_and_line() -> None:
    source = b"""programme: Wrong in many places
ruleset: {id: w, version: 1, in_force_from: 2026-13-01}
trust_lists: {ours: ["did:web:example.org"]}
awards:
  - {id: X, credits: 10.25, buckets: {a: 10, nowhere: 5}}
evidence_gate:
  issuer_in: trust_list@theirs
  status: [proof_valid, not_revoked]
  endorsements: {min: two}
buckets:
  a: {min: 10, where: {colour: red}}
  a: {min: 10, where: {any: true}}
obligation: {}
"""
    found = [(fault.line, fault.path) for fault in faults_of(source)]
    assert found == [
        (2, "ruleset.in_force_from"),
        (5, "awards.X.buckets.nowhere"),
        (5, "awards.X.credits"),
        (7, "evidence_gate.issuer_in"),
        (9, "evidence_gate.endorsements.min"),
        (11, "buckets.a.where.colour"),
        (12, "buckets.a"),
        (13, "obligation"),
    ]


def test_fault_says_what_was_found_and_what_was_expected() -> None:
    (fault,) = faults_of(small(awards__0__credits="many"))
    assert fault.found == "the text 'many'"
    assert fault.expected == "an amount of credit with at most one decimal, such as 20 or 7.5"


def test_a_refusal_lists_its_faults_line_by_line() -> None:
    with pytest.raises(Faulty) as refused:
        read_programme(written(small(pass_mark=101, credit_unit="us")))
    first, second = refused.value.faults
    assert str(refused.value) == f"2 faults:\n  {first}\n  {second}"
    assert str(first) == (
        f"line {first.line}, pass_mark: found 101; expected a mark from 0 to 100 with at most one "
        "decimal, such as 70 or 69.5."
    )
    with pytest.raises(Faulty) as alone:
        read_programme(written(small(pass_mark=101)))
    assert str(alone.value) == f"one fault:\n  {first}"


def test_faults_of_json_have_paths_and_no_lines() -> None:
    with pytest.raises(Faulty) as refused:
        programme_from_json(json.loads(json.dumps(small(awards__0__credits=-1), default=str)))
    (fault,) = refused.value.faults
    assert (fault.path, fault.line) == ("awards.X.credits", 0)
    assert str(fault).startswith("awards.X.credits: found -1")


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("x" * 60, f"the text '{'x' * 60}'"),
        ("x" * 61, f"the text '{'x' * 60}…'"),
        (True, "true"),
        (None, "nothing"),
        ([1, 2], "a list of 2"),
        ({"a": 1}, "a mapping"),
        (-1, "-1"),
    ],
)
def test_what_was_found_is_quoted(value: Any, found: str) -> None:
    (fault,) = faults_of(small(awards__0__credits=value))
    assert fault.found == found


def test_unknown_key_is_told_with_the_keys_that_there_are() -> None:
    (fault,) = faults_of(small(sharing={"max_badges": 1, "most": 2}))
    assert (fault.path, fault.found) == ("sharing.most", "the unknown key 'most'")
    assert fault.expected == "between or max_badges or max_credits"
    (missing,) = faults_of(small(sharing={"max_credits": 1}))
    assert (missing.path, missing.found) == ("sharing", "no such key")
    assert missing.expected == "the key 'max_badges'"


@pytest.mark.parametrize(("names", "ends"), [(20, "b18 or b19"), (21, "b19 or another of 21")])
def test_long_lists_of_what_could_stand_there_are_cut(names: int, ends: str) -> None:
    buckets = {f"b{number:02}": {"min": 1, "where": {"any": True}} for number in range(names)}
    (fault,) = faults_of(small(buckets=buckets, awards=[{**AWARD, "buckets": {"x": 1}}]))
    assert (fault.path, fault.found) == ("awards.X.buckets.x", "the bucket 'x'")
    assert fault.expected.endswith(ends)


def test_yes_is_a_text_and_not_true() -> None:
    (fault,) = faults_of(written(small()).replace(b"any: true", b"any: yes"))
    assert (fault.found, fault.expected) == ("the text 'yes'", "true or false")


def test_mandatory_bucket_cannot_be_asked_for_less_in_an_award() -> None:
    facts = small(buckets__a={**BUCKETS["a"], "mandatory": True}, awards__0__buckets={"a": 5})
    (fault,) = faults_of(facts)
    assert fault.path == "awards.X.buckets.a"
    assert fault.expected == "10 or more UK credits, because the bucket is mandatory"


def test_awards_must_stand_from_the_highest() -> None:
    (fault,) = faults_of(small(awards=[AWARD, {**AWARD, "id": "Y", "credits": 20}]))
    assert fault.expected == "the awards from the highest to the lowest"


def test_long_lists_of_faults_are_cut_in_the_sentence_and_kept_whole_beside_it() -> None:
    with pytest.raises(Faulty) as refused:
        read_programme(written(small(**{f"clause{n}": 1 for n in range(500)})))
    assert len(refused.value.faults) == 500
    assert str(refused.value).endswith("and 300 more")


MEANINGLESS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "meaningless_programmes.yaml").read_text()
)


@pytest.mark.parametrize("case", MEANINGLESS, ids=lambda case: case["what"])
def test_what_cannot_mean_anything_is_refused_where_it_stands(case: dict[str, Any]) -> None:
    (fault,) = faults_of(small(**case["change"]))
    assert fault.path == case["fault"]
    assert "" not in (fault.found or "", fault.expected or "")  # in words, whichever they are


def test_circle_of_prerequisites_is_looked_for_in_each_award_alone() -> None:
    there = [
        {"before": "a", "after": "b", "awards": ["X"]},
        {"before": "b", "after": "a", "awards": ["Y"]},
    ]
    both = {"a": 1, "b": 1}
    awards = [{**AWARD, "buckets": both}, {**AWARD, "id": "Y", "buckets": both}]
    facts = small(awards=awards, prerequisites=there)
    assert len(read_programme(written(facts)).prerequisites) == 2


@pytest.mark.parametrize(
    "path", ["awards.X.credits", "awards.X", "awards", "buckets.a", "awards.X.buckets.a"]
)
def test_never_may_name_a_rule_or_what_holds_rules(path: str) -> None:
    facts = small(concessions={"allowed": ["waive"], "never": [path]})
    programme = read_programme(written(facts))
    assert programme.concessions is not None
    assert programme.concessions.never == {path}


@pytest.mark.parametrize(
    ("changes", "path", "what"),
    [
        ({"awards__0__requires": {"attested": "v"}}, "awards.X.requires.attested", "attestation"),
        (
            {"buckets": {}, "sharing": {"max_badges": 1, "between": [["a", "b"]]}},
            "sharing.between[0][0]",
            "bucket",
        ),
        (
            {"buckets": {}, "prerequisites": [{"before": "a", "after": "b"}]},
            "prerequisites[0].before",
            "bucket",
        ),
        (
            {"buckets": {}, "prerequisites": [{"before": "a", "after": "b"}]},
            "prerequisites[0].after",
            "bucket",
        ),
        (
            {"awards": [], "distinct": {"kinds": {"at_least": 1, "awards": ["X"]}}},
            "distinct.kinds.awards[0]",
            "award",
        ),
        (
            {
                "buckets": {},
                "pass_mark": 40,
                "condonement": {"max_credits": 1, "mark_floor": 1, "not_in": ["a"]},
            },
            "condonement.not_in[0]",
            "bucket",
        ),
    ],
)
def test_where_there_is_none_to_name_that_is_said(
    changes: dict[str, Any], path: str, what: str
) -> None:
    with pytest.raises(Faulty) as refused:
        read_programme(written(small(**changes)))
    expected = {each.path: each.expected for each in refused.value.faults}
    assert expected[path] == f"no {what}, as there is none"


def test_every_unknown_bucket_of_an_award_is_told() -> None:
    with pytest.raises(Faulty) as refused:
        read_programme(written(small(awards__0__buckets={"x": 1, "a": 10, "y": 1})))
    assert {each.path for each in refused.value.faults} == {
        "awards.X.buckets.x",
        "awards.X.buckets.y",
    }
    assert refused.value.code == "programme"
