"""The JSON of records: read strictly, written back the same."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from wallets import interruption, record, wallet

from degree.rules.reading import Faulty
from degree.rules.records_json import read_records, records_as_json
from vc.errors import Malformed

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"


def document(**changes: Any) -> dict[str, Any]:
    pause = interruption(date(2024, 9, 1), date(2024, 12, 31))
    records = [record("a", 12.5, tags=("ethics",), code="E-1"), record("b", rpl=True)]
    facts = {"interruptions": (pause,), "name": "A. Member", "context_names": {"ke": "Kenya"}}
    return {**records_as_json(wallet(records, **facts)), **changes}


def test_records_come_back_as_they_were_written() -> None:
    read = read_records(json.dumps(document()))
    assert records_as_json(read) == document()
    assert read.records[0].credits_tenths == 125


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("[a-z]*.json")), ids=lambda path: path.stem)
def test_example_records_are_read(path: Path) -> None:
    assert read_records(path.read_bytes()).records


def test_all_faults_are_told_with_their_place() -> None:
    facts = document(registered="yesterday")
    facts["records"][0].update(credits=1.25, status="fine", colour="red")
    facts["records"][1].update(level="seven", activity_end="2020-01-01")
    del facts["interruptions"][0]["last"]
    with pytest.raises(Faulty) as refused:
        read_records(json.dumps(facts))
    assert {fault.path for fault in refused.value.faults} == {
        "registered",
        "records[0].credits",
        "records[0].status",
        "records[0].colour",
        "records[1].level",
        "records[1].activity_end",
        "interruptions[0]",
    }


@pytest.mark.parametrize("credits_", [-1, True, "10", 1e300, None, 0.05])
def test_amount_that_is_no_tenths_of_credit_is_refused(credits_: object) -> None:
    facts = document()
    facts["records"][0]["credits"] = credits_
    with pytest.raises(Faulty):
        read_records(json.dumps(facts))


def test_record_presented_twice_is_refused() -> None:
    facts = document()
    facts["records"].append(facts["records"][0])
    with pytest.raises(Malformed, match="presented 2 times"):
        read_records(json.dumps(facts))


@pytest.mark.parametrize("source", ["[]", "{", '{"form": 1, "form": 2}', '{"form": NaN}'])
def test_what_is_not_strict_json_is_refused(source: str) -> None:
    with pytest.raises(Malformed):
        read_records(source)
