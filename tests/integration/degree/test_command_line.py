"""`learnometer degree audit`: what it says, and how it ends."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from wallets import outline, record, wallet, written

from degree.rules.records_json import records_as_json
from service.cli import main

ROOT = Path(__file__).parents[3]
MSC = ROOT / "degree" / "programmes" / "learnometer-msc.yaml"
RECORDS = ROOT / "examples" / "records"


def audit(records: Path, *options: str, programme: Path = MSC) -> Result:
    day = ("--on", "2026-11-22")
    return CliRunner().invoke(
        main, ["degree", "audit", str(programme), str(records), *day, *options]
    )


def changed(tmp_path: Path, **changes: object) -> Path:
    """The example records with every record changed."""
    source = json.loads((RECORDS / "on-the-way.json").read_text())
    for badge in source["records"]:
        badge.update(changes)
    path = tmp_path / "records.json"
    path.write_text(json.dumps(source))
    return path


def test_an_earned_award_ends_with_0() -> None:
    answer = audit(RECORDS / "two-circles-and-a-capstone.json")
    assert answer.exit_code == 0, answer.output
    assert "Earned: Master of Science." in answer.output


def test_json_is_the_whole_decision() -> None:
    answer = audit(RECORDS / "two-circles-and-a-capstone.json", "--json")
    assert json.loads(answer.output)["outcome"]["award"] == "MSc"


def test_nothing_but_the_record_is_printed_where_the_solver_runs(tmp_path: Path) -> None:
    badges = [record(f"b{number}", 3, tags=("a", "b")) for number in range(3)]
    buckets = {name: {"min": 4, "where": {"tag": name}} for name in "ab"}
    rules, records = tmp_path / "rules.yaml", tmp_path / "records.json"
    rules.write_bytes(written(outline(awards=[{"id": "X", "credits": 8}], buckets=buckets)))
    records.write_text(json.dumps(records_as_json(wallet(badges))))
    command = "import service.cli as cli; cli.main()"
    answer = subprocess.run(
        [sys.executable, "-c", command, "degree", "audit", rules, records, "--json"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    (award,) = json.loads(answer.stdout)["verdicts"][0]["awards"]
    assert award["proof"]["cuts"][0]["whole"]
    assert answer.stderr == b""


def test_nothing_earned_ends_with_1(tmp_path: Path) -> None:
    answer = audit(changed(tmp_path, status="revoked"))
    assert answer.exit_code == 1
    assert "No award is earned yet." in answer.output


def test_what_the_board_decides_ends_with_3(tmp_path: Path) -> None:
    answer = audit(changed(tmp_path, status="unknown"))
    assert answer.exit_code == 3
    assert "For the board to decide" in answer.output


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "line 1"),
        ('{"form": "learnometer-records/1"}', "holder"),
        ("null", "records.json"),
    ],
)
def test_bad_records_end_with_2_and_one_sentence_that_names_the_place(
    tmp_path: Path, content: str, place: str
) -> None:
    path = tmp_path / "records.json"
    path.write_text(content)
    answer = audit(path)
    assert answer.exit_code == 2
    assert place in answer.output
    assert "Traceback" not in answer.output


def test_a_file_that_is_not_there_ends_with_2() -> None:
    answer = audit(Path("nowhere.json"))
    assert answer.exit_code == 2
    assert "nowhere.json: It cannot be read" in answer.output


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused_by_name(day: str) -> None:
    answer = audit(RECORDS / "on-the-way.json", "--on", day)
    assert answer.exit_code == 2
    assert "--on" in answer.output
    assert "1900 to 2199" in answer.output
    assert isinstance(answer.exception, SystemExit)


def plan(records: Path, *options: str) -> Result:
    chosen = options if "--on" in options else ("--on", "2026-11-22", *options)
    return CliRunner().invoke(main, ["degree", "plan", str(MSC), str(records), *chosen])


def test_the_shortest_way_is_printed_step_by_step_and_ends_with_0() -> None:
    answer = plan(RECORDS / "on-the-way.json")
    assert answer.exit_code == 0
    assert "The shortest way to the Postgraduate Diploma: at least 30 credits" in answer.output
    assert (
        "\n  5 credits in research methods, at level 7\n  5 credits in reflective practice\n"
        in answer.output
    )


def test_a_way_to_the_award_that_is_asked_for_is_printed() -> None:
    answer = plan(RECORDS / "on-the-way.json", "--award", "MSc")
    assert answer.exit_code == 0
    assert "The shortest way to the Master of Science" in answer.output


def test_no_plan_leads_to_an_award_on_a_pathway_without_awards(tmp_path: Path) -> None:
    rules, records = tmp_path / "rules.yaml", tmp_path / "records.json"
    certificate = ROOT / "examples" / "certificate"
    source = (certificate / "programme.yaml").read_text()
    rules.write_text(source.replace("rpl_cap: 20}", "rpl_cap: 20, pathway: digital}"))
    badges = json.loads((certificate / "records.json").read_text())
    records.write_text(json.dumps(badges | {"pathway": "other"}))
    answer = CliRunner().invoke(main, ["degree", "plan", str(rules), str(records)])
    assert answer.exit_code == 1
    assert answer.output.splitlines()[1:] == [
        "No award of this programme is on the pathway “other”."
    ]


def test_nothing_is_left_to_plan_where_the_highest_award_is_earned() -> None:
    answer = plan(RECORDS / "two-circles-and-a-capstone.json")
    assert answer.exit_code == 0
    assert "The highest award is earned" in answer.output


def test_an_award_that_no_badge_leads_to_ends_with_1() -> None:
    answer = plan(RECORDS / "on-the-way.json", "--award", "MSc", "--on", "2040-01-01")
    assert answer.exit_code == 1
    assert "No new badge can lead to the Master of Science" in answer.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--award", "BSc"), "The programme has no award 'BSc'; it has MSc, PGDip, PGCert."),
        (("--also", "nowhere.yaml"), "nowhere.yaml: It cannot be read"),
    ],
)
def test_what_cannot_be_planned_for_ends_with_2_and_is_named(
    options: tuple[str, ...], said: str
) -> None:
    answer = plan(RECORDS / "on-the-way.json", *options)
    assert answer.exit_code == 2
    assert said in answer.output
    assert isinstance(answer.exception, SystemExit)
