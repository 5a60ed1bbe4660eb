"""What `learnometer degree audit` prints, and what it says of bad input."""

import json
from pathlib import Path

import pytest
from wallets import PROGRAMMES, TODAY

from degree.command import Audited, audited
from vc.errors import Malformed, Missing

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
MSC = PROGRAMMES / "learnometer-msc.yaml"


def decided(records: str | Path, programme: Path = MSC) -> Audited:
    path = EXAMPLES / records if isinstance(records, str) else records
    return audited([programme], path, today=TODAY, version="1.2.3")


def test_text_names_the_award_and_what_fills_it() -> None:
    text = decided("two-circles-and-a-capstone.json").as_text()
    assert "Earned: Master of Science." in text
    assert "    capstone\n      Bilingual feedback and pupils' second drafts: study" in text
    assert "Podcast club, first season (2.5 credits, level 7): the issuer has revoked it" in text


def test_text_says_what_is_still_needed() -> None:
    text = decided("on-the-way.json").as_text()
    assert "Earned: Postgraduate Certificate." in text
    assert "Why not: Capstone needs 60 credits; all that could count comes to 0" in text


def test_json_is_the_decision_record() -> None:
    record = json.loads(decided("on-the-way.json").as_json())
    assert record["form"] == "learnometer-decision/2"
    assert record["engine"]["learnometer"] == "1.2.3"
    assert record["outcome"]["award"] == "PGCert"
    (verdict,) = record["verdicts"]
    assert [each["award"] for each in verdict["awards"]] == ["MSc", "PGDip", "PGCert"]
    assert list(record["programmes"]) == [verdict["programme"]]
    assert verdict["programme"].startswith("sha256:")


def test_missing_file_is_named() -> None:
    with pytest.raises(Missing) as refused:
        decided(Path("nowhere.json"))
    assert refused.value.place == "nowhere.json"


def test_file_with_a_fault_is_named_with_its_place(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("a: [1\n")
    with pytest.raises(Malformed) as refused:
        decided("on-the-way.json", bad)
    assert refused.value.place == f"{bad}, line 2"
