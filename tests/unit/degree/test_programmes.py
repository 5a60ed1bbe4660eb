"""The encodings of published rules, and the examples that go with them."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from degree.catalogue import FOLDER, read_catalogue
from degree.rules.deciding import decide
from degree.rules.grammar import read_programme
from degree.rules.programme import Programme
from degree.rules.records_json import read_records

ROOT: Final = Path(__file__).parents[3]
ELSEWHERE: Final = sorted((FOLDER / "elsewhere").glob("*.yaml"))
EXAMPLES: Final = ROOT / "examples" / "records"
EXPECTED: Final[dict[str, Any]] = json.loads((ROOT / "examples" / "EXPECTED.json").read_text())
# A file and the path of a rule in it, as docs/programmes.md cites them.
CITED: Final = re.findall(
    r"`([\w/-]+\.yaml)` `([^`]+)`", (ROOT / "docs" / "programmes.md").read_text()
)
LABEL: Final = "an encoding of published rules, not the university's own file"

encodings = pytest.mark.parametrize("path", ELSEWHERE, ids=lambda path: path.stem)
examples = pytest.mark.parametrize("name", sorted(EXPECTED))


def programmes_of(name: str) -> list[Programme]:
    return [read_programme((ROOT / path).read_bytes()) for path in EXPECTED[name]["programmes"]]


@encodings
def test_an_encoding_is_read_and_cites_its_source(path: Path) -> None:
    programme = read_programme(path.read_bytes())
    assert programme.awards
    assert "http" in programme.source


@encodings
def test_an_encoding_says_in_its_first_line_and_its_title_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert text.startswith(f"# {LABEL[0].upper()}{LABEL[1:]}.\n")
    assert LABEL in read_programme(path.read_bytes()).title


@encodings
def test_an_encoding_says_what_was_assumed_and_what_is_left_out(path: Path) -> None:
    head = path.read_text().partition("\nprogramme:")[0]
    assert "\n# Assumed: " in head
    assert "\n# Not encoded, " in head or "\n# What differs: " in head


def test_encodings_are_not_on_offer() -> None:
    offered = read_catalogue(FOLDER, community="did:web:community.example").all()
    assert not [programme.id for programme in offered if programme.id.startswith("elsewhere-")]


@encodings
def test_an_encoding_has_examples_with_different_outcomes(path: Path) -> None:
    relative = str(path.relative_to(ROOT))
    found = [facts for facts in EXPECTED.values() if relative in facts["programmes"]]
    assert "satisfied" in {facts["answer"] for facts in found}
    assert len({(facts["award"], facts["class"]) for facts in found}) > 1


@examples
def test_what_is_expected_of_an_example_can_be_said_of_its_programme(name: str) -> None:
    facts, programmes = EXPECTED[name], programmes_of(name)
    assert read_records((EXAMPLES / name).read_bytes()).records
    assert date.fromisoformat(facts["today"])
    assert len({programme.id for programme in programmes}) == 1
    for programme in programmes:
        classification = programme.classification
        classes = {entry.id for entry in classification.classes} if classification else set()
        assert facts["award"] in {award.id for award in programme.awards} | {None}
        assert facts["class"] in classes | {None}


def test_every_example_named_after_an_encoding_says_what_is_expected_of_it() -> None:
    encoded = tuple(path.stem for path in ELSEWHERE)
    found = {path.name for path in EXAMPLES.glob("*.json") if path.stem.startswith(encoded)}
    assert found == set(EXPECTED)


def test_the_small_programme_to_begin_with_is_decided_as_its_wallet_shows() -> None:
    folder = ROOT / "examples" / "certificate"
    programme = read_programme((folder / "programme.yaml").read_bytes())
    wallet = read_records((folder / "records.json").read_bytes())
    (award,) = decide([programme], wallet, today=date(2026, 11, 22)).outcome.awards
    assert award.proof
    assert [cut.short for cut in award.proof.cuts] == [50]


@pytest.mark.parametrize(("file", "path"), CITED)
def test_a_rule_that_the_page_on_programmes_cites_is_in_its_file(file: str, path: str) -> None:
    place = yaml.safe_load((FOLDER / file).read_text())
    for step in re.findall(r"[^.\[\]]+", path):
        place = inside(place)[int(step) if step.isdecimal() else step]


def inside(place: Any) -> dict[int | str, Any]:
    """What a path's next step can name: entries, elements by number or by their id, classes."""
    if isinstance(place, list):
        return {
            **dict(enumerate(place)),
            **{entry["id"]: entry for entry in place if isinstance(entry, dict) and "id" in entry},
        }
    return {**place, **inside(place.get("classes", []))}
