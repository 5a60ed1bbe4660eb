"""What the documents tell a newcomer to type runs, and what they point to exists."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main

ROOT = Path(__file__).parents[3]
DOCUMENTS = (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md"))
COMMAND = ".venv/bin/learnometer "


def commands() -> list[str]:
    """The lines of our own command in blocks of the documents."""
    lines = [line.strip() for path in DOCUMENTS for line in path.read_text().splitlines()]
    return [line for line in lines if line.startswith(COMMAND)]


def made_by_make() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    return re.findall(r"^make ([\w-]+)", "".join(blocks), re.MULTILINE)


def links() -> list[tuple[Path, str]]:
    """The relative links of each document, without their fragments."""
    found = [
        (path, target.partition("#")[0])
        for path in DOCUMENTS
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text())
    ]
    return [(path, target) for path, target in found if target and ":" not in target]


@pytest.mark.parametrize("line", commands())
def test_command_in_the_documents_ends_well(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path))
    monkeypatch.delenv("LEARNOMETER_MASTER_SECRET", raising=False)
    monkeypatch.chdir(ROOT)
    result = CliRunner().invoke(main, shlex.split(line, comments=True)[1:])
    assert result.exit_code == 0, result.output


def test_the_readme_shows_how_to_verify_and_to_audit() -> None:
    readme = (ROOT / "README.md").read_text()
    assert f"{COMMAND}verify " in readme
    assert f"{COMMAND}degree audit " in readme


def test_what_the_readme_makes_is_in_the_makefile() -> None:
    rules = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert {"demo", "test"} <= set(made_by_make()) <= set(rules)


def test_every_relative_link_leads_to_a_file() -> None:
    assert links()
    assert [link for link in links() if not (link[0].parent / link[1]).exists()] == []


def test_every_test_that_the_threat_model_names_exists() -> None:
    text = (ROOT / "docs" / "threat-model.md").read_text()
    named = re.findall(r"`((?:unit|integration|vectors|e2e)/[\w/.]+|test_\w+\.py)`", text)
    assert named
    for name in named:
        assert list((ROOT / "tests").glob(f"**/{name}")), name


def test_every_file_that_the_documents_name_by_its_path_exists() -> None:
    rooms = "accounts|contexts|degree|docs|examples|issuer|keys|openid4vc|service|transparency"
    for path in DOCUMENTS:
        for name in re.findall(rf"`((?:{rooms}|vc|verifier|wallet)/[\w/.-]*)`", path.read_text()):
            assert (ROOT / name).exists(), (path.name, name)
