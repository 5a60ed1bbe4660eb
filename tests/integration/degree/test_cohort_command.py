"""`learnometer degree cohort`: what it prints and leaves, and how it ends."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli import main

ROOT = Path(__file__).parents[3]
MSC = ROOT / "degree" / "programmes" / "learnometer-msc.yaml"
RECORDS = ROOT / "examples" / "records"


def cohort(*places: Path, options: tuple[str, ...] = (), programme: Path = MSC) -> Result:
    names = [str(each) for each in (programme, *places)]
    always = ("--on", "2026-11-22", "--workers", "1")
    return CliRunner().invoke(main, ["degree", "cohort", *names, *always, *options])


def lines(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example records, and a file that is none."""
    folder = tmp_path / "wallets"
    folder.mkdir()
    for path in RECORDS.glob("*.json"):
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "broken.json").write_text('{"form": "learnometer-records/1"')
    return folder


def test_every_wallet_has_a_line_and_what_cannot_be_read_ends_with_1(folder: Path) -> None:
    answer = cohort(folder)
    assert answer.exit_code == 1, answer.output
    by_name = {Path(each["file"]).name: each for each in lines(answer.output)}
    assert by_name["two-circles-and-a-capstone.json"]["award"] == "MSc"
    assert by_name["on-the-way.json"]["award"] == "PGCert"
    assert "not JSON" in by_name["broken.json"]["fault"]


def test_all_decided_ends_with_0_though_nothing_was_earned(tmp_path: Path) -> None:
    source = json.loads((RECORDS / "on-the-way.json").read_text())
    for each in source["records"]:
        each["status"] = "revoked"
    path = tmp_path / "all.jsonl"
    path.write_text(json.dumps(source) + "\n")
    answer = cohort(path, options=("--json",))
    assert answer.exit_code == 0, answer.output
    (line,) = (json.loads(each) for each in answer.output.splitlines())
    assert (line["answer"], line["award"], line["file"]) == ("not_satisfied", None, f"{path}:1")


def test_a_folder_takes_the_lines_and_the_records(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    answer = cohort(folder, options=("--out", str(out)))
    assert answer.output == ""
    kept = [each["decision record"] for each in lines((out / "cohort.csv").read_text())]
    assert sorted([*filter(None, kept), "cohort.csv"]) == sorted(x.name for x in out.iterdir())


def test_the_summary_stands_in_place_of_the_lines(folder: Path) -> None:
    answer = cohort(folder, options=("--summary",))
    assert answer.exit_code == 1
    assert "could not be read" in answer.output
    assert "Most often missing for the Master of Science:" in answer.output
    assert "capstone" in answer.output.lower()
    assert "broken.json" not in answer.output


@pytest.mark.parametrize("place", ["nowhere", "empty"])
def test_without_records_nothing_is_begun(tmp_path: Path, place: str) -> None:
    (tmp_path / "empty").mkdir()
    out = tmp_path / "out"
    answer = cohort(tmp_path / place, options=("--out", str(out)))
    assert answer.exit_code == 2
    assert str(tmp_path / place) in answer.output
    assert not out.exists()


def test_a_programme_with_a_fault_is_told_before_anything_is_begun(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("programme: [\n")
    answer = cohort(RECORDS, programme=rules)
    assert answer.exit_code == 2
    assert f"{rules}, line 2" in answer.output


def test_other_programmes_are_no_versions(folder: Path) -> None:
    other = next(path for path in (MSC.parent / "elsewhere").glob("*.yaml"))
    answer = cohort(folder, options=("--also", str(other)))
    assert answer.exit_code == 2
    assert "not versions of one" in answer.output
