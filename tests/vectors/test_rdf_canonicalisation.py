"""RDFC-1.0: the W3C evaluation tests, read in place."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from vc.canonical import canonical_dataset
from vc.errors import Malformed

_ENTRIES = Path(__file__).parents[3] / "shared" / "vectors" / "w3c" / "rdf-canon" / "tests"
_TERM = re.compile(
    r"<(?P<iri>[^>]*)>|(?P<blank>_:\S+)"
    r'|"(?P<literal>(?:[^"\\]|\\.)*)"(?:\^\^<(?P<datatype>[^>]*)>|@(?P<language>\S+))?'
)
_XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def _entries(kind: str) -> list[Any]:
    manifest = _ENTRIES / "manifest.jsonld"
    if not manifest.is_file():
        return []
    found = json.loads(manifest.read_text())["entries"]
    return [
        pytest.param(entry, id=f"{entry['id']} {entry['name']}")
        for entry in found
        if entry["type"] == f"rdfc:RDFC10{kind}"
    ]


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        escape = match[1]
        return chr(int(escape[1:], 16)) if escape[0] in "uU" else _ESCAPES[escape]

    return re.sub(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", character, text)


def _term(match: re.Match[str]) -> dict[str, str]:
    if match["iri"] is not None:
        return {"type": "IRI", "value": _unescaped(match["iri"])}
    if match["blank"] is not None:
        return {"type": "blank node", "value": match["blank"]}
    literal = {"type": "literal", "value": _unescaped(match["literal"])}
    if match["language"]:
        return literal | {"datatype": _LANG_STRING, "language": match["language"]}
    return literal | {"datatype": _unescaped(match["datatype"] or _XSD_STRING)}


def _dataset(nquads: str) -> dict[str, list[Any]]:
    """N-Quads in the form that PyLD works on; PyLD's own parser does not read every escape."""
    graphs: dict[str, list[Any]] = {}
    for line in nquads.split("\n"):
        terms = [_term(match) for match in _TERM.finditer(line)]
        if not terms or line.startswith("#"):
            continue
        graph = terms[3]["value"] if len(terms) == 4 else "@default"
        triple = dict(zip(("subject", "predicate", "object"), terms, strict=False))
        if triple not in graphs.setdefault(graph, []):
            graphs[graph].append(triple)
    return graphs


@pytest.mark.parametrize("entry", _entries("EvalTest"))
def test_canonical_form_is_that_of_the_specification(entry: dict[str, Any]) -> None:
    dataset = _dataset((_ENTRIES / entry["action"]).read_text())
    algorithm = entry.get("hashAlgorithm", "SHA256").lower()
    expected = (_ENTRIES / entry["result"]).read_text()
    assert canonical_dataset(dataset, algorithm=algorithm) == expected


@pytest.mark.parametrize("entry", _entries("NegativeEvalTest"))
def test_poisoned_graph_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(Malformed, match="too alike"):
        canonical_dataset(_dataset((_ENTRIES / entry["action"]).read_text()))


@pytest.mark.usefixtures("vectors")
def test_all_published_evaluation_tests_are_run() -> None:
    assert len(_entries("EvalTest")) == 64
