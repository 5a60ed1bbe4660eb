"""The decision record: what it holds; it is read back as it was, and made again byte for byte."""

import json
import random
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from wallets import (
    REGISTERED,
    TODAY,
    decided,
    granted,
    interruption,
    programme,
    record,
    wallet,
)

from degree.rules import bench, highs
from degree.rules.deciding import decide
from degree.rules.decision_record import decision_record, digest, inputs, replayed, written
from degree.rules.explain import Decision
from degree.rules.grammar import programme_from_json
from degree.rules.record_reading import read_decision
from degree.rules.records import Attestation, Role, Status, Word
from degree.rules.rendering import decision_as_text
from degree.rules.solving import GaveUp
from vc.errors import Malformed

BUCKETS: dict[str, dict[str, Any]] = {
    "a": {"min": 1, "where": {"tag": "a"}},
    "b": {"min": 5, "where": {"tag": "b"}},
}
YEARS = {
    "every": "registration_year",
    "joined": {"at_least": 1, "of": "activity", "validated": True},
    "co_provided": {"at_least": 0, "of": "activity", "validated": True},
    "misses": {"concession": "allowed", "max": 3, "approver": "board"},
    "awards": ["Y"],
}


def satisfied() -> Decision:
    """With a class that is reached, one that is not, and a badge that was revoked."""
    classes = [{"id": "first", "mean": 70}, {"id": "second", "mean": 60}]
    rules = programme(
        awards=[{"id": "X", "credits": 8}],
        buckets=BUCKETS,
        classification={"rpl_marks": "included", "classes": classes},
        sharing={"max_badges": 1},
    )
    records = [
        record("x", 8, tags="ab", mark=655),
        record("r", 1, status=Status.REVOKED),
        record("n", 1, issuer="did:web:other.example"),
    ]
    return decided(rules, records, name="Amina", context_names={"ke": "Kenya"})


def excluded(**clauses: Any) -> Decision:
    """A no by cases, and one by a cut in whole badges."""
    listed = clauses.pop("awards", [{"id": "X", "credits": 0}])
    rules = programme(
        awards=listed, buckets=BUCKETS, exclusions=[["badge:P", "badge:Q"]], **clauses
    )
    records = [
        record("p", 3, tags="ab", code="P"),
        record("q", 5, tags="ab", code="Q"),
        record("r", 3, tags="b"),
    ]
    return decided(rules, records)


def pending() -> Decision:
    """Undecided, by a badge and a word; below it a year is missed; then an award is had."""
    awards = [
        {"id": "X", "credits": 8, "requires": {"all_of": ["a", "b", {"attested": "viva"}]}},
        {"id": "Y", "credits": 4, "buckets": {"a": 1}},
        {"id": "Z", "credits": 3, "buckets": {"a": 1}},
    ]
    rules = programme(
        awards=awards,
        buckets=BUCKETS,
        obligations=YEARS,
        attestations={"viva": {"says": "It was passed.", "by": "examiner"}},
    )
    records = [record("x", 4, tags="a"), record("y", 6, tags="b", status=Status.UNKNOWN)]
    return decided(rules, records, attestations={"viva": Attestation(value=Word.PENDING)})


def too_late() -> Decision:
    """A no by years."""
    rules = programme(
        awards=[{"id": "Y", "credits": 1}],
        buckets=BUCKETS,
        obligations=YEARS | {"misses": {"concession": "none"}},
    )
    records = [record("x", 4, tags="ab", role=Role.CO_PROVIDER, activity="act", circle="c")]
    pause = interruption(date(2024, 1, 1), date(2024, 1, 31))
    return decided(rules, records, interruptions=(pause,))


def conceded() -> Decision:
    """Two versions, each with and without concessions, of which one does not apply."""
    rules = [
        programme(
            awards=[{"id": "X", "credits": credits_, "pathway": "digital"}],
            buckets=BUCKETS,
            ruleset={
                "id": "small",
                "version": version,
                "in_force_from": day,
                "choose": "start_version_or_better",
            },
            concessions={"allowed": ["reduce", "accept"]},
        )
        for version, day, credits_ in (("1", date(2020, 1, 1), 20), ("2", date(2024, 1, 1), 19.5))
    ]
    facts = {
        "pathway": "digital",
        "concessions": (
            granted("reduce", id="c1", path="awards.X.credits", to=6.5),
            granted("waive", id="c2", path="awards.X.credits", expiry=date(2027, 1, 1)),
            granted("accept", id="c3", record="s", bucket="a"),
        ),
    }
    strange = record("s", 2, tags="a", issuer="did:web:other.example")
    return decided(rules, [strange, record("x", 6, tags="b", hypothetical=True)], **facts)


DECISIONS = {each.__name__: each for each in (satisfied, excluded, pending, too_late, conceded)}
every = pytest.mark.parametrize("name", DECISIONS)


def kept(decision: Decision) -> dict[str, Any]:
    """The record as it comes back from where it was kept."""
    found: dict[str, Any] = json.loads(written(decision_record(decision, learnometer="1.2.3")))
    return found


@every
def test_a_decision_is_read_back_from_its_record_as_it_was(name: str) -> None:
    decision = DECISIONS[name]()
    again = read_decision(kept(decision))
    assert again == decision
    assert decision_as_text(again) == decision_as_text(decision)
    assert again.answer is decision.answer


@every
def test_a_decision_made_again_has_the_same_bytes(name: str) -> None:
    found = kept(DECISIONS[name]())
    assert written(replayed(found, learnometer="1.2.3")) == written(found)


@every
def test_neither_the_order_of_records_nor_that_of_keys_plays_a_part(name: str) -> None:
    decision, dice = DECISIONS[name](), random.Random(1)
    records = list(decision.wallet.records)
    dice.shuffle(records)
    documents = {each.programme.digest: each.programme.document for each in decision.verdicts}
    programmes = [programme_from_json(turned(each)) for each in reversed(documents.values())]
    assert {each.digest for each in programmes} == set(documents)
    again = decide(
        programmes, replace(decision.wallet, records=tuple(records)), today=decision.today
    )
    first, second = kept(decision), kept(again)
    assert first["verdicts"] == second["verdicts"]
    assert first["outcome"] == second["outcome"]


def turned(value: Any) -> Any:
    """The same with every mapping in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(each) for each in value] if isinstance(value, list) else value


def test_a_record_says_what_it_rests_on() -> None:
    decision = satisfied()
    found = kept(decision)
    digest_ = decision.outcome.programme.digest
    assert found["form"] == "learnometer-decision/2"
    assert found["engine"] == {"learnometer": "1.2.3", "highspy": highs.version()}
    assert found["today"] == "2026-11-22"
    assert list(found["programmes"]) == [digest_]
    assert found["programmes"][digest_]["programme"] == "A small programme"
    assert found["wallet"]["form"] == "learnometer-records/1"
    assert found["wallet"]["name"] == "Amina"
    assert found["approvals"] == []


def test_a_yes_is_written_with_its_placements_and_classes() -> None:
    decision = satisfied()
    (verdict,) = kept(decision)["verdicts"]
    shared = [{"record": "x", "buckets": ["a", "b"]}]
    (award,) = verdict["awards"]
    first, second = award.pop("classes")
    assert verdict == {
        "programme": decision.outcome.programme.digest,
        "concessions": [],
        "set_aside": [
            {"record": "n", "rule": "evidence_gate.issuer_in"},
            {"record": "r", "rule": "evidence_gate.status"},
        ],
        "awards": [{"award": "X", "answer": "satisfied", "placements": shared}],
    }
    assert (first["class"], first["answer"], set(first)) == (
        "first",
        "not_satisfied",
        {"class", "answer", "proof"},
    )
    assert second == {"class": "second", "answer": "satisfied", "placements": shared}


def test_a_no_by_cases_is_written_as_a_tree() -> None:
    (verdict,) = kept(excluded())["verdicts"]
    (award,) = verdict["awards"]
    assert award["answer"] == "not_satisfied"
    assert set(award) == {"award", "answer", "proof"}
    tree = award["proof"]["tree"]
    assert set(award["proof"]) == {"tree", "conflict"}
    assert set(tree) == {"split", "low", "high"}
    assert set(tree["split"]) == {"records", "in", "at_most"}
    assert tree["split"]["at_most"] == 0
    while "cut" not in tree:
        tree = tree["low"]
    assert set(tree["cut"]) == {"rows", "whole", "needed", "could_count"}
    assert award["proof"]["conflict"] == [
        "awards.X.buckets.a",
        "awards.X.buckets.b",
        "exclusions.P+Q",
    ]


def test_a_no_by_cuts_is_written_with_each_of_them() -> None:
    decision = excluded(awards=[{"id": "X", "credits": 20, "rpl_cap": 0}])
    (award,) = kept(decision)["verdicts"][0]["awards"]
    assert award["proof"] == {
        "cuts": [
            {
                "rows": {"awards.X.credits": 1},
                "whole": False,
                "needed": 200,
                "could_count": 110,
            }
        ]
    }


def test_what_is_undecided_is_written_both_ways() -> None:
    found = kept(pending())
    first, second, third = found["verdicts"][0]["awards"]
    assert first["because"] == {"years": [], "pending": ["attested:viva", "y"], "search": False}
    assert [each["record"] for each in first["placements"]] == ["x", "y"]
    assert first["proof"]["cuts"]
    assert second["because"] == {"years": [2, 3], "pending": [], "search": False}
    assert [each["record"] for each in second["placements"]] == ["x"]
    assert second["proof"] is None
    assert (third["answer"], set(third)) == ("satisfied", {"award", "answer", "placements"})
    assert found["outcome"] == {
        "programme": found["verdicts"][0]["programme"],
        "answer": "undecided",
        "award": "Z",
        "class": None,
        "hypothetical": False,
    }


def test_a_search_that_gave_up_is_written_without_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "solve", lambda _: GaveUp())
    decision = satisfied()
    (award,) = kept(decision)["verdicts"][0]["awards"]
    assert award == {
        "award": "X",
        "answer": "undecided",
        "because": {"years": [], "pending": [], "search": True},
        "placements": None,
        "proof": None,
    }
    assert read_decision(kept(decision)) == decision


def test_a_no_by_years_is_written_with_the_years() -> None:
    (award,) = kept(too_late())["verdicts"][0]["awards"]
    assert award == {"award": "Y", "answer": "not_satisfied", "proof": {"years": [1, 2, 3]}}


def test_verdicts_with_concessions_come_last_and_name_them() -> None:
    found = kept(conceded())
    assert [each["concessions"] for each in found["verdicts"]] == [
        [],
        [],
        ["c1", "c3"],
        ["c1", "c3"],
    ]
    assert found["outcome"]["award"] == "X"
    assert found["outcome"]["hypothetical"] is True
    assert len(found["programmes"]) == 2


def test_an_outcome_names_the_class_that_was_reached() -> None:
    outcome = kept(satisfied())["outcome"]
    assert (outcome["award"], outcome["class"], outcome["answer"]) == ("X", "second", "satisfied")
    nothing = kept(excluded())["outcome"]
    assert (nothing["award"], nothing["class"], nothing["answer"]) == (None, None, "not_satisfied")


def test_approvals_are_kept_and_are_no_part_of_the_digest() -> None:
    found = kept(satisfied())
    approved = found | {"approvals": [{"by": "board"}]}
    assert digest(approved) == digest(found)
    assert digest(found).startswith("sha256:")
    assert len(digest(found)) == 71
    assert digest(found | {"today": "2026-11-23"}) != digest(found)
    assert replayed(approved, learnometer="1.2.3") == approved
    bare = {key: value for key, value in found.items() if key != "approvals"}
    assert replayed(bare, learnometer="1.2.3") == found


def test_a_record_made_by_another_version_is_made_again_by_this_one() -> None:
    found = kept(satisfied())
    assert replayed(found, learnometer="2")["engine"]["learnometer"] == "2"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"form": "learnometer-decision/1"}, "form"),
        ({"form": None}, "form"),
        ({"programmes": None}, "programmes"),
        ({"programmes": {}}, "programmes"),
        ({"programmes": []}, "programmes"),
        ({"today": None}, "today"),
        ({"today": 20261122}, "today"),
        ({"today": "22 November"}, "today"),
        ({"today": "20261122"}, "today"),
        ({"today": "9999-12-31"}, "today"),
        ({"today": "2200-01-01"}, "today"),
        ({"today": "1899-12-31"}, "today"),
        ({"wallet": None}, "wallet"),
        ({"wallet": []}, "wallet"),
    ],
)
def test_a_record_that_lacks_what_a_decision_needs_is_refused_with_the_place(
    changes: dict[str, Any], place: str
) -> None:
    with pytest.raises(Malformed) as refused:
        inputs(kept(satisfied()) | changes)
    assert refused.value.place == place
    assert refused.value.code == place
    assert "expected" in refused.value.sentence


def test_what_was_decided_on_is_in_the_record() -> None:
    decision = satisfied()
    programmes, presented, today = inputs(kept(decision))
    assert programmes == [decision.outcome.programme]
    assert (presented, today) == (decision.wallet, TODAY)
    assert presented.registered == REGISTERED


def test_the_bytes_of_a_record_are_canonical() -> None:
    assert written({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


def test_a_wallet_that_hides_nothing_is_written_whole() -> None:
    """Everything that a record or a case can say comes back."""
    full = record(
        "x",
        12.5,
        tags="ab",
        contexts={"ke"},
        co_participants={"amy"},
        mark=655,
        first_attempt=False,
        code="ONE",
        kind="K",
        activity="act",
        circle="c",
        used_in="PGCert",
        digest="z123",
        rpl=True,
    )
    presented = wallet([full], name="A", context_names={"ke": "Kenya"})
    rules = programme(awards=[{"id": "X", "credits": 0}], buckets=BUCKETS)
    found = kept(decide([rules], presented, today=TODAY))
    assert inputs(found)[1] == presented
