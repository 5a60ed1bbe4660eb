"""degree/programme.schema.json: the language of programmes for editors and other readers."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from programme_files import programmes
from small_programme import bent, small
from wallets import PROGRAMMES, written

from degree.rules.grammar import programme_from_json, read_programme
from degree.rules.linting import lint
from vc.errors import Malformed

SCHEMA = json.loads((PROGRAMMES.parent / "programme.schema.json").read_text())
MEANINGLESS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "meaningless_programmes.yaml").read_text()
)
# What compares one place with another, counts decimals, or lies in the calendar, no schema tells.
BEYOND_A_SCHEMA = {
    *("award twice", "unknown bucket", "unknown attestation", "too many", "mark 50.55"),
    *("days reversed", "unknown list", "nothing changed", "chain of equivalences"),
    *("unknown between", "unknown award", "itself before", "itself needed", "circle"),
    *("circle of codes", "rule twice", "excluded twice", "path within another"),
    *("unknown class", "class twice", "mark within another", "mean of no bucket"),
    *("nothing protected", "own predecessor"),
}


def holds(document: Any) -> bool:
    checker = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    return checker.is_valid(document)


def as_json(facts: Any) -> Any:
    """The file as a mapping of JSON values, as a reader of YAML has it."""
    return json.loads(json.dumps(facts, default=str))


def test_schema_is_one_and_describes_every_clause() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:learnometer:programme:1"
    assert all("description" in clause for clause in SCHEMA["properties"].values())


@pytest.mark.parametrize("path", sorted(PROGRAMMES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_every_programme_of_the_repository_is_valid(path: Path) -> None:
    checker = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    checker.validate(read_programme(path.read_bytes()).document)


@given(programmes())
@settings(max_examples=30, deadline=None)
def test_whatever_is_read_is_valid_and_comes_back_from_its_document(facts: dict[str, Any]) -> None:
    programme = read_programme(written(facts))
    assert holds(programme.document)
    assert programme_from_json(as_json(programme.document)) == programme


@given(programmes(), st.randoms(use_true_random=False), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_what_was_bent_is_refused_or_else_read_as_any_other(
    facts: dict[str, Any], dice: random.Random, times: int
) -> None:
    document = as_json(facts)
    for _ in range(times):
        document = bent(document, dice)
    try:
        programme = programme_from_json(document)
    except Malformed:
        return
    assert holds(programme.document)
    assert programme_from_json(programme.document) == programme
    lint(written(document))


@pytest.mark.parametrize("case", MEANINGLESS, ids=lambda case: case["what"])
def test_what_the_reader_refuses_is_not_valid_as_far_as_a_schema_can_tell(
    case: dict[str, Any],
) -> None:
    assert holds(as_json(small(**case["change"]))) is (case["what"] in BEYOND_A_SCHEMA)
