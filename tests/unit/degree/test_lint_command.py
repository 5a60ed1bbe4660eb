"""`learnometer degree lint`: what it prints, and how it ends."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_programme import small
from wallets import PROGRAMMES, written

from service.commands.degree import command


def lint(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, ["lint", *map(str, arguments)])


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """A programme without faults of which something is to be remarked."""
    path = tmp_path / "strange.yaml"
    path.write_bytes(written(small(awards__0__buckets={"a": 10, "b": 5})))
    return path


def test_programme_in_order_ends_well() -> None:
    found = lint(PROGRAMMES / "learnometer-msc.yaml")
    assert (found.exit_code, found.output) == (0, "No remarks.\n")


def test_remarks_end_well_too(strange: Path) -> None:
    found = lint(strange)
    assert found.exit_code == 0
    assert (
        "evidence_gate.endorsements.min: No endorsement is asked for. [never-binds]" in found.output
    )


def test_json_holds_faults_and_remarks(strange: Path) -> None:
    found = json.loads(lint("--json", strange).output)
    assert found["faults"] == []
    assert {"code", "path", "line", "sentence"} == found["remarks"][0].keys()


def test_all_faults_are_told_and_end_badly(tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_bytes(written(small(awards__0__credits=-1, colour="red")))
    found = lint(path)
    assert found.exit_code == 1
    assert [line.split(":")[0] for line in found.output.splitlines()] == [
        "line 11, awards.X.credits",
        "line 31, colour",
    ]
    assert json.loads(lint("--json", path).output)["faults"][1]["path"] == "colour"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nowhere.yaml", "It cannot be read"),
        (".", "It cannot be read"),
        ("torn.yaml", "torn.yaml, line 2: This is not YAML"),
    ],
)
def test_what_is_no_programme_file_is_named(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "torn.yaml").write_text("a: [1\n")
    found = lint(tmp_path / name)
    assert found.exit_code == 2
    assert says in found.output
    assert "Traceback" not in found.output
