"""Every hostile file meets the verdict and the check that the index expects of it."""

import json
from pathlib import Path
from typing import Any

import pytest
from campus import Library
from click.testing import CliRunner
from forging import corpus

from service.cli import main
from vc.model import Outcome, instant
from vc.verify import verify
from verifier.trust import KnownIssuer, TrustRegistry

FOLDER = Path(__file__).parent
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_bytes())
NOW = instant(INDEX["now"], place="/now")
CASES: list[dict[str, str]] = INDEX["cases"]


@pytest.fixture(scope="module")
def library() -> Library:
    """The network: what the corpus has published, and nothing else."""
    published = INDEX["published"].items()
    return Library({url: (FOLDER / place).read_bytes() for url, place in published})


@pytest.mark.parametrize("case", CASES, ids=[case["file"] for case in CASES])
def test_a_hostile_file_meets_the_check_that_is_there_for_it(
    case: dict[str, str], library: Library
) -> None:
    report = verify((FOLDER / case["file"]).read_bytes(), now=NOW, fetcher=library)
    # What failed stands before what could not be decided.
    order = (Outcome.FAIL, Outcome.UNKNOWN)
    against = [step for outcome in order for step in report.steps if step.outcome is outcome]
    met = (against[0].name, against[0].code) if against else ("", "")
    assert (report.verdict.value, *met) == (case["verdict"], case["step"], case["code"]), (
        report.steps
    )


NAMED = [case["file"] for case in CASES if case["file"].startswith("name/")]


@pytest.mark.parametrize("file", NAMED)
def test_a_name_that_looks_like_another_is_not_taken_for_it(file: str, library: Library) -> None:
    known = KnownIssuer("did:web:issuer.example", "Learnometer", "", frozenset(), NOW)
    registry = TrustRegistry("one", {known.did: known})
    credential = verify((FOLDER / file).read_bytes(), now=NOW, fetcher=library).credential
    assert credential is not None
    assert registry.find(credential).known is None


@pytest.mark.parametrize("file", NAMED)
def test_a_terminal_does_not_obey_a_name(
    file: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))
    output = CliRunner().invoke(main, ["verify", str(FOLDER / file)]).output
    assert "issuer: The key belongs to did:key:" in output
    assert all(line.isprintable() for line in output.split("\n"))


REFUSED_BY_FORM = [case for case in CASES if case["step"] == "structure"][::10]


def test_the_command_refuses_by_form_whatever_day_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))
    for case in REFUSED_BY_FORM:
        result = CliRunner().invoke(main, ["verify", "--json", str(FOLDER / case["file"])])
        first = json.loads(result.output)["steps"][0]
        assert result.exit_code != 0
        assert (first["name"], first["code"]) == ("structure", case["code"]), case["file"]


def test_the_corpus_is_what_its_forgers_make() -> None:
    made = dict(corpus.files())
    kept = {
        str(path.relative_to(FOLDER)): path.read_bytes()
        for path in FOLDER.rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert made.keys() == kept.keys()
    assert [name for name in made if made[name] != kept[name]] == []
