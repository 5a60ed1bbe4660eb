"""The JSON of records and of what is said of a case: read strictly, written back the same."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from degree.rules.faults import Faulty
from degree.rules.records import (
    Action,
    Attestation,
    Concession,
    Interruption,
    Judge,
    Record,
    Role,
    Status,
    Wallet,
    Word,
)
from degree.rules.records_json import read_records, records_as_json, wallet_from_json
from vc.errors import Malformed

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"

days = st.dates(date(1900, 1, 1), date(2199, 12, 31))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=5).filter(
    lambda text: bool(text.strip())
)
names = st.just("") | texts
sets = st.frozensets(texts, max_size=3)


@st.composite
def records(draw: st.DrawFn) -> Record:
    start, end = sorted([draw(days), draw(days)])
    return Record(
        id=draw(texts),
        title=draw(texts),
        issuer=draw(texts),
        credits_tenths=draw(st.integers(0, 1_000_000)),
        level=draw(st.integers(1, 8)),
        activity_start=start,
        activity_end=end,
        issued=draw(days),
        status=draw(st.sampled_from(Status)),
        role=draw(st.sampled_from(Role)),
        rpl=draw(st.booleans()),
        code=draw(names),
        kind=draw(names),
        activity=draw(names),
        circle=draw(names),
        tags=draw(sets),
        contexts=draw(sets),
        judges=tuple(draw(st.lists(st.builds(Judge, texts, st.integers(0, 8), names), max_size=3))),
        co_participants=draw(sets),
        mark=draw(st.none() | st.integers(0, 1000)),
        first_attempt=draw(st.booleans()),
        hypothetical=draw(st.booleans()),
        used_in=draw(names),
        digest=draw(names),
    )


@st.composite
def concessions(draw: st.DrawFn) -> Concession:
    granted, expiry = sorted([draw(days), draw(days)])
    action = draw(st.sampled_from(Action))
    path = draw(texts) if action in (Action.WAIVE, Action.REDUCE) else ""
    accepts = action is Action.ACCEPT
    millionths = draw(st.integers(0, 10**11))
    return Concession(
        id=draw(texts),
        action=action,
        granted=granted,
        expiry=draw(st.sampled_from([None, expiry])),
        path=path,
        to=Fraction(millionths, 10**6) if action is Action.REDUCE else None,
        record=draw(texts) if accepts else "",
        bucket=draw(texts) if accepts else "",
        year=draw(st.integers(1, 100)) if action is Action.FORGIVE_YEAR else 0,
        said=draw(
            st.dictionaries(st.sampled_from(["authority", "rationale", "clause_ref"]), texts)
        ),
    )


@st.composite
def wallets(draw: st.DrawFn) -> Wallet:
    pauses = draw(st.lists(st.tuples(days, days).map(sorted), max_size=2))
    attestations = st.builds(
        Attestation, value=st.sampled_from(Word), by=names, on=st.none() | days
    )
    return Wallet(
        holder=draw(texts),
        registered=draw(days),
        records=tuple(draw(st.lists(records(), max_size=3, unique_by=lambda each: each.id))),
        interruptions=tuple(Interruption(first=first, last=last) for first, last in pauses),
        name=draw(names),
        context_names=draw(st.dictionaries(texts, texts, max_size=2)),
        pathway=draw(names),
        attestations=draw(st.dictionaries(texts, attestations, max_size=2)),
        concessions=tuple(
            draw(st.lists(concessions(), max_size=2, unique_by=lambda each: each.id))
        ),
    )


RECORD: dict[str, Any] = {
    "id": "a",
    "title": "Action research",
    "issuer": "did:web:a",
    "credits": 12.5,
    "level": 7,
    "activity_start": "2024-01-10",
    "activity_end": "2024-03-20",
    "issued": "2024-03-28",
    "status": "valid",
}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "form": "learnometer-records/1",
        "holder": "did:key:z",
        "registered": "2023-09-01",
        "records": [RECORD],
        **changes,
    }


def of_record(**changes: Any) -> dict[str, Any]:
    return document(records=[{**RECORD, **changes}])


def paths_of(facts: dict[str, Any]) -> list[str]:
    with pytest.raises(Faulty) as refused:
        read_records(json.dumps(facts))
    return [fault.path for fault in refused.value.faults]


@given(wallets())
@settings(max_examples=40, deadline=None)
def test_wallet_comes_back_as_it_was_written(wallet: Wallet) -> None:
    assert read_records(json.dumps(records_as_json(wallet))) == wallet
    assert wallet_from_json(records_as_json(wallet)) == wallet


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("[a-z]*.json")), ids=lambda path: path.stem)
def test_example_records_are_read_and_come_back(path: Path) -> None:
    wallet = read_records(path.read_bytes())
    assert wallet.records
    assert wallet_from_json(records_as_json(wallet)) == wallet


def test_record_is_a_first_attempt_and_real_unless_it_says_otherwise() -> None:
    (record,) = wallet_from_json(document()).records
    assert (record.first_attempt, record.hypothetical, record.mark) == (True, False, None)


def test_judge_is_a_name_or_says_more() -> None:
    judges = ["did:key:a", {"id": "did:key:b", "level": 7, "relation": "line_manager"}]
    (record,) = wallet_from_json(of_record(judges=judges)).records
    assert record.judges == (Judge("did:key:a"), Judge("did:key:b", 7, "line_manager"))


@pytest.mark.parametrize("level", [7.0, True, "7", None])
def test_a_judge_met_before_is_no_cover_for_a_faulty_level(level: object) -> None:
    known = [{"id": "did:key:a", "level": 1}, {"id": "did:key:a", "level": 7}]
    facts = of_record(judges=[*known, {"id": "did:key:a", "level": level}] * 2)
    assert paths_of(facts) == [f"records[0].judges[{index}].level" for index in (2, 5)]


def test_ects_credit_of_a_record_counts_twice() -> None:
    facts = of_record(ects=7.25)
    del facts["records"][0]["credits"]
    assert wallet_from_json(facts).records[0].credits_tenths == 145


def test_share_of_a_concession_is_read_exactly() -> None:
    reduce = {"id": "c", "action": "reduce", "path": "p", "to": 0.34, "date": "2026-09-30"}
    (concession,) = wallet_from_json(document(concessions=[reduce])).concessions
    assert concession.to == Fraction(34, 100)


def test_all_faults_are_told_with_their_place() -> None:
    facts = document(
        registered="yesterday",
        records=[
            {**RECORD, "credits": 1.25, "status": "fine", "colour": "red"},
            {**RECORD, "id": "b", "level": "seven", "activity_end": "2020-01-01"},
        ],
        interruptions=[{"first": "2024-09-01"}],
    )
    assert set(paths_of(facts)) == {
        "registered",
        "records[0].credits",
        "records[0].status",
        "records[0].colour",
        "records[1].level",
        "records[1].activity_end",
        "interruptions[0]",
    }


@pytest.mark.parametrize("level", [0, 9, 12])
def test_a_level_is_one_of_the_framework(level: int) -> None:
    assert paths_of(of_record(level=level)) == ["records[0].level"]
    if level:  # a judge's level of 0 is not known
        judges = [{"id": "did:key:a", "level": level}]
        assert paths_of(of_record(judges=judges)) == ["records[0].judges[0].level"]


def test_an_unknown_or_absent_key_of_the_wallet_hides_no_other_fault() -> None:
    facts = document(registered="yesterday", records=[{**RECORD, "status": "fine"}], colour="red")
    del facts["holder"]
    assert set(paths_of({**facts, "form": "other/1"})) == {
        "",
        "colour",
        "form",
        "registered",
        "records[0].status",
    }


def test_a_day_that_is_none_is_told_once() -> None:
    facts = of_record(activity_end="2024-02-30")
    facts["interruptions"] = [{"first": "2024-09-01", "last": "never"}]
    assert paths_of(facts) == ["records[0].activity_end", "interruptions[0].last"]


def test_faults_beside_credit_given_both_ways_are_told() -> None:
    faults = {"credits": -1, "ects": "five", "judges": [{"id": "a", "level": -1}]}
    assert set(paths_of(of_record(**faults))) == {
        "records[0]",
        "records[0].credits",
        "records[0].ects",
        "records[0].judges[0].level",
    }


WAIVE = {"id": "c", "action": "waive", "path": "p", "date": "2026-09-30"}
FORGIVEN = {**{key: WAIVE[key] for key in WAIVE if key != "path"}, "action": "forgive_year"}
WRONG: list[tuple[str, dict[str, Any], str]] = [
    ("credit both ways", of_record(ects=5), "records[0]"),
    ("mark above 100", of_record(mark=100.1), "records[0].mark"),
    ("mark in hundredths", of_record(mark=50.25), "records[0].mark"),
    ("attempt that is no truth", of_record(first_attempt="yes"), "records[0].first_attempt"),
    ("judge without a name", of_record(judges=[{"level": 7}]), "records[0].judges[0]"),
    ("judge with a rank", of_record(judges=[{"id": "j", "rank": 7}]), "records[0].judges[0].rank"),
    ("other participants as a text", of_record(co_participants="x"), "records[0].co_participants"),
    ("unknown word", document(attestations={"v": {"value": "maybe"}}), "attestations.v.value"),
    ("no word", document(attestations={"v": {"by": "x"}}), "attestations.v"),
    ("unknown action", document(concessions=[{**WAIVE, "action": "ask"}]), "concessions[0].action"),
    ("waived to", document(concessions=[{**WAIVE, "to": 1}]), "concessions[0].to"),
    ("reduced to nothing said", document(concessions=[{**WAIVE, "action": "reduce"}]),
     "concessions[0]"),
    ("below 0", document(concessions=[{**WAIVE, "action": "reduce", "to": -1}]),
     "concessions[0].to"),
    ("year 0", document(concessions=[{**FORGIVEN, "year": 0}]), "concessions[0].year"),
    ("year 101", document(concessions=[{**FORGIVEN, "year": 101}]), "concessions[0].year"),
    ("twice granted", document(concessions=[WAIVE, WAIVE]), "concessions[1]"),
    ("ends before it begins", document(concessions=[{**WAIVE, "expiry": "2026-09-29"}]),
     "concessions[0].expiry"),
    ("other form", document(form="learnometer-records/2"), "form"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "path"), [pytest.param(facts, path, id=name) for name, facts, path in WRONG]
)
def test_fault_is_named_by_its_place(facts: dict[str, Any], path: str) -> None:
    assert paths_of(facts) == [path]


@pytest.mark.parametrize(("amounts", "found"), [({}, "neither"), ({"ects": 5}, "both")])
def test_a_record_says_its_credit_in_one_unit(amounts: dict[str, int], found: str) -> None:
    facts = document(records=[{**RECORD, **amounts}])
    if not amounts:
        del facts["records"][0]["credits"]
    with pytest.raises(Faulty) as refused:
        read_records(json.dumps(facts))
    (fault,) = refused.value.faults
    assert (fault.path, fault.found) == ("records[0]", found)
    assert fault.expected == "credits, or ects instead"
    assert refused.value.code == "records"


@pytest.mark.parametrize("credits_", [-1, True, "10", 1e300, None, 0.05])
def test_amount_that_is_no_tenths_of_credit_is_refused(credits_: object) -> None:
    assert paths_of(of_record(credits=credits_)) == ["records[0].credits"]


def test_record_presented_twice_is_refused() -> None:
    with pytest.raises(Malformed, match="presented 2 times") as refused:
        wallet_from_json(document(records=[RECORD, RECORD]))
    assert (refused.value.code, refused.value.place) == ("record-twice", "records")


@pytest.mark.parametrize(
    "source", ["[]", "{", '{"form": 1, "form": 2}', '{"form": NaN}', "[" * 5000, "", '{"a": 1e999}']
)
def test_what_is_not_strict_json_is_refused(source: str) -> None:
    with pytest.raises(Malformed):
        read_records(source)
