"""The shape that we ask of badges is that of the published JSON Schemas: neither more nor less."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft201909Validator
from published_schemas import FORMATS

from vc.badge_shape import check_badge
from vc.documents import JsonObject
from vc.errors import Malformed

# The flavour that lets one value stand for a list of one.
TOLERANT = "ob_v3p0_achievementcredential_schema.json"
ENDORSEMENT = "ob_v3p0_endorsementcredential_schema.json"
EXAMPLES = [
    "achievementAlignmentCase-1",
    "achievementAlignmentCe-1",
    "basicOpenBadgeCredential-1",
    "fullOpenBadge-1",
    "skillAssertionCase-1",
    "skillAssertionCtdl-1",
]
# What has this name is not looked at by its shape: each has a check of its own, or none.
ELSEWHERE = {"@context", "type", "endorsement", "endorsementJwt", "proof", "credentialSchema",
             "credentialStatus", "refreshService", "termsOfUse", "issuer", "validFrom",
             "validUntil"}  # fmt: skip
# Enumerations and patterns are not held against a badge.
FREE = {"achievementType", "identityType", "identifierType", "targetType", "resultType", "status",
        "inLanguage"}  # fmt: skip
OTHERS: list[Any] = [{}, [], 3, "x", [{}]]


@cache
def _validator(path: Path) -> Draft201909Validator:
    return Draft201909Validator(json.loads(path.read_bytes()), format_checker=FORMATS)


def _is_by_schema(document: JsonObject, vectors: Path, schema: str) -> bool:
    return bool(_validator(vectors / "schemas" / schema).is_valid(document))


def _is_by_ours(document: JsonObject) -> bool:
    try:
        check_badge(document, frozenset(document["type"]))
    except Malformed:
        return False
    return True


def _places(node: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key not in ELSEWHERE or (key == "type" and above):
                yield (*above, key)
                yield from _places(value, (*above, key))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _places(value, (*above, index))


def _bent(document: JsonObject, place: tuple[Any, ...], value: Any) -> JsonObject:
    copied: JsonObject = json.loads(json.dumps(document))
    parent: Any = copied
    for key in place[:-1]:
        parent = parent[key]
    if value is None and isinstance(parent, dict):
        del parent[place[-1]]
    else:
        parent[place[-1]] = value
    return copied


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_of_the_specification_have_the_shape(vectors: Path, name: str) -> None:
    document = json.loads((vectors / "openbadges" / f"{name}.json").read_bytes())
    assert _is_by_ours(document)


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_change_is_taken_and_refused_as_by_the_schema(vectors: Path, name: str) -> None:
    document = json.loads((vectors / "openbadges" / f"{name}.json").read_bytes())
    document = {key: value for key, value in document.items() if key != "endorsement"}
    assert _is_by_schema(document, vectors, TOLERANT)
    differences = []
    places = list(_places(document))
    for place in places:
        for value in [None, *(OTHERS if name.startswith("full") else ())]:
            bent = _bent(document, place, value)
            ours, theirs = _is_by_ours(bent), _is_by_schema(bent, vectors, TOLERANT)
            if ours != theirs and not _is_free(place, value):
                differences.append((place, value, "ours" if ours else "theirs"))
    assert len(places) > 10
    assert differences == []


def _is_free(place: tuple[Any, ...], value: Any) -> bool:
    name = next(part for part in reversed(place) if isinstance(part, str))
    if name in FREE and value == "x":
        return True
    if name == "type" and value == "x":
        return True  # this flavour lets any one word stand for the class, and we do not
    # A schema takes an object of languages for any text; OB 3.0 and its context know none.
    return value in ({}, [{}])


def test_endorsement_of_the_specification_has_the_shape(vectors: Path) -> None:
    document = json.loads((vectors / "openbadges" / "endorsement-1.json").read_bytes())
    assert _is_by_schema(document, vectors, ENDORSEMENT)
    assert _is_by_ours(document)
    for missing in ("id", "name", "issuer", "credentialSubject"):
        bent = {key: value for key, value in document.items() if key != missing}
        assert _is_by_ours(bent) is _is_by_schema(bent, vectors, ENDORSEMENT) is False


def test_part_that_a_holder_shows_may_lack_what_the_whole_has() -> None:
    part = {
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": "did:example:x",
        "credentialSubject": {"type": ["AchievementSubject"]},
        "proof": {"type": "DataIntegrityProof", "cryptosuite": "ecdsa-sd-2023"},
    }
    assert _is_by_ours(part)
    assert not _is_by_ours({**part, "proof": {"cryptosuite": "ecdsa-rdfc-2019"}})
    assert not _is_by_ours({**part, "proof": [part["proof"], {"cryptosuite": "ecdsa-jcs-2019"}]})
    assert not _is_by_ours({**part, "credentialSubject": {"type": ["Other"]}})
