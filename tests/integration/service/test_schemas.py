"""What is issued here, held against the published JSON Schemas of Open Badges 3.0."""

import json
from pathlib import Path
from typing import Any

import pytest
from ed25519_keys import signer
from jsonschema import Draft201909Validator
from office import REGISTRAR, Office
from village import NOW, Village

from service.database import Database
from vc.documents import JsonObject

# The strict one: what may be a list is a list (vectors/SOURCE.md).
BADGE = "ob_v3p0_achievementcredential_schema.educredentials.json"
ENDORSEMENT = "ob_v3p0_endorsementcredential_schema.json"


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def faults(document: JsonObject, schema: str, vectors: Path) -> list[str]:
    """Where a document breaks a published schema, and how."""
    published = json.loads((vectors / "schemas" / schema).read_bytes())
    validator = Draft201909Validator(published, format_checker=Draft201909Validator.FORMAT_CHECKER)
    return [
        f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)
    ]


def degree_credential(village: Village, database: Database) -> JsonObject:
    """What the degree office asks for, signed by the university with its place in a list."""
    office = Office(database)
    office.conferring.confer(office.apply(office.certificate()), REGISTRAR, now=NOW)
    (asked,) = office.http.signed
    unsigned = {name: value for name, value in asked.items() if name != "proof"}
    return village.awarding.issue("university", unsigned, now=NOW)


def test_badge_and_its_endorsements_meet_the_schemas(village: Village, vectors: Path) -> None:
    badge = village.document(village.badge())
    assert "credentialStatus" in badge
    assert faults(badge, BADGE, vectors) == []
    assert len(badge["endorsement"]) == 5
    for endorsement in badge["endorsement"]:
        assert faults(endorsement, ENDORSEMENT, vectors) == []


def test_badge_for_a_portfolio_that_not_all_judges_accepted_meets_the_schema(
    village: Village, vectors: Path
) -> None:
    """Without a level ballot, and with fewer endorsements than seats."""
    contribution = village.handed_in(village.activity(level_ballot=False))
    village.judged(contribution, "yyyyn")
    badge = village.document(village.awarding.award(contribution_id=contribution, now=NOW))
    assert faults(badge, BADGE, vectors) == []


def test_membership_card_meets_the_schema(village: Village, vectors: Path) -> None:
    village.enrol("newcomer", circle_id="north", number=1, wallet=False)
    did = signer(77).did
    card = village.awarding.membership_card(person_id="newcomer", did=did, now=NOW)
    document = village.document(card)
    assert "credentialStatus" in document
    assert faults(document, BADGE, vectors) == []


def test_degree_credential_meets_the_schema(
    village: Village, database: Database, vectors: Path
) -> None:
    degree = degree_credential(village, database)
    assert "credentialStatus" in degree
    assert faults(degree, BADGE, vectors) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda badge: badge.update(credentialStatus=[badge["credentialStatus"]]),
        lambda badge: badge.update(proof=badge["proof"][0]),
        lambda badge: badge.pop("validFrom"),
        lambda badge: badge["credentialSubject"]["achievement"].pop("criteria"),
        lambda badge: badge["endorsement"][0].pop("issuer"),
    ],
)
def test_schemas_find_what_is_spoilt(village: Village, vectors: Path, spoil: Any) -> None:
    badge = village.document(village.badge())
    spoil(badge)
    assert faults(badge, BADGE, vectors) != []
