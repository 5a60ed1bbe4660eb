"""What `learnometer degree audit` prints, and what it says of bad input."""

import json
from pathlib import Path

import pytest
from wallets import PROGRAMMES, TODAY

from degree.command import audited
from vc.errors import Malformed, Missing

EXAMPLES = Path(__file__).parents[3] / "examples" / "records"
MSC = PROGRAMMES / "learnometer-msc.yaml"


def test_text_names_the_award_and_what_fills_it() -> None:
    text = audited(MSC, EXAMPLES / "two-circles-and-a-capstone.json", today=TODAY).as_text()
    assert "Earned: Master of Science." in text
    assert "    capstone\n      Bilingual feedback and pupils' second drafts: study" in text
    assert "Podcast club, first season (2.5 credits, level 7): the issuer has revoked it" in text


def test_text_says_what_is_still_needed() -> None:
    text = audited(MSC, EXAMPLES / "on-the-way.json", today=TODAY).as_text()
    assert "Earned: Postgraduate Certificate." in text
    assert "Still needed: Capstone needs 60 credits; all that could count comes to 0" in text


def test_json_holds_the_whole_decision() -> None:
    decision = json.loads(audited(MSC, EXAMPLES / "on-the-way.json", today=TODAY).as_json())
    assert decision["form"] == "learnometer-decision/1"
    assert decision["earned"] == "PGCert"
    assert [outcome["award"] for outcome in decision["awards"]] == ["MSc", "PGDip", "PGCert"]
    assert decision["programme"]["digest"].startswith("sha256:")
    assert all(outcome["findings"] for outcome in decision["awards"])


def test_missing_file_is_named() -> None:
    with pytest.raises(Missing) as refused:
        audited(MSC, Path("nowhere.json"), today=TODAY)
    assert refused.value.place == "nowhere.json"


def test_file_with_a_fault_is_named_with_its_place(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("a: [1\n")
    with pytest.raises(Malformed) as refused:
        audited(bad, EXAMPLES / "on-the-way.json", today=TODAY)
    assert refused.value.place == f"{bad}, line 2"
