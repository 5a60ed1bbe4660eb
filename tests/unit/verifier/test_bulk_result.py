"""The one result file: every line there, none of them a formula, nothing of a forgery repeated."""

import csv
import io
import json

import pytest
from campus import NOW, Campus

from verifier.bulk.item import Item
from verifier.bulk.result import as_csv, row_of
from verifier.checked import Checked
from verifier.desk import Desk
from verifier.handing import Handed
from verifier.trust_file import read_registry


def _checked(campus: Campus, document: object, *, name: str = "it") -> Checked:
    desk = Desk(campus.library, read_registry("version: '1'\nissuers: []"))
    text = document if isinstance(document, str) else json.dumps(document)
    return desk.examine([Handed(name, text)], now=NOW)[0]


def _cells(*found: Checked) -> list[dict[str, str]]:
    rows = [row_of(one, item=Item(one.name, number=5)) for one in found]
    return list(csv.DictReader(io.StringIO(as_csv(rows), newline="")))


def test_line_says_what_was_found() -> None:
    campus = Campus()
    (line,) = _cells(_checked(campus, campus.badge()))
    assert line["verdict"] == "verified, with a warning"
    assert (line["credential"], line["issuer"]) == ("Lesson study", "issuer.example")
    assert line["issued to"] == campus.holder.did
    assert line["checked at"] == "2026-11-22T12:00:00Z"
    assert line["row"] == "5"


def test_columns_of_the_file_come_back_and_are_no_formulas_either() -> None:
    campus = Campus()
    beside = {"applicant": "Amina", "=1": "+1", "Issuer": "us"}
    checked = _checked(campus, campus.badge())
    text = as_csv([row_of(checked, item=Item("it", number=2, beside=beside))])
    (line,) = csv.DictReader(io.StringIO(text, newline=""))
    assert [*line][:5] == ["row", "applicant", "'=1", "your Issuer", "what was handed over"]
    assert (line["applicant"], line["'=1"], line["your Issuer"]) == ("Amina", "'+1", "us")
    assert line["issuer"] == "issuer.example"


def test_result_without_a_row_has_its_headings() -> None:
    assert as_csv([]).startswith('"row","what was handed over","verdict"')


def test_forgery_has_a_line_that_repeats_nothing_of_it() -> None:
    campus = Campus()
    (line,) = _cells(_checked(campus, campus.badge() | {"name": "Doctor"}))
    assert line["verdict"] == "not valid"
    assert "the content was changed" in line["reason"]
    assert (line["credential"], line["issuer"], line["issued to"]) == ("", "", "")


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "\uff1d1", "|x", "%0A", " =1"]
)
def test_no_cell_is_a_formula(name: str) -> None:
    campus = Campus()
    (line,) = _cells(_checked(campus, campus.badge(name=name), name=name))
    assert line["what was handed over"].startswith("'")
    assert line["credential"].startswith("'")


def test_no_text_breaks_out_of_its_cell() -> None:
    campus = Campus()
    name = 'a","=1"\r\n"b\x00\u2028'
    lines = _cells(_checked(campus, campus.badge(name=name)), _checked(campus, "hello"))
    assert len(lines) == 2
    assert lines[0]["credential"] == 'a","=1"  "b'
    assert lines[1]["verdict"] == "could not be read"
