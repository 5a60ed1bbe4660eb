"""What is issued here, held against the published JSON Schemas of Open Badges 3.0."""

import re
from pathlib import Path
from typing import Any

import pytest
from ed25519_keys import signer
from office import Office
from published_schemas import BADGE, CLR, ENDORSEMENT, FORMATS, faults, published
from village import NOW, Village

from service.database import Database
from vc.documents import JsonObject


@pytest.fixture
def village(database: Database) -> Village:
    return Village(database)


def papers(village: Village, database: Database) -> list[JsonObject]:
    """What the degree office asks for, signed by the university, each with its place in a list."""
    office = Office(database)
    office.confer()
    unsigned = [
        {name: value for name, value in asked.items() if name != "proof"}
        for asked in office.http.signed
    ]
    return [village.awarding.issue("university", one, now=NOW) for one in unsigned]


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


def test_papers_of_an_award_meet_the_schemas(
    village: Village, database: Database, vectors: Path
) -> None:
    degree, transcript = papers(village, database)
    for document, schema in ((degree, BADGE), (transcript, CLR)):
        assert "credentialStatus" in document
        assert faults(document, schema, vectors) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda badge: badge.update(credentialStatus=[badge["credentialStatus"]]),
        lambda badge: badge.update(proof=badge["proof"][0]),
        lambda badge: badge.pop("validFrom"),
        lambda badge: badge.update(validFrom="2026-11-27T10:00:00"),
        lambda badge: badge.update(awardedDate="2026-02-30T10:00:00Z"),
        lambda badge: badge["credentialSubject"]["achievement"].pop("criteria"),
        lambda badge: badge["endorsement"][0].pop("issuer"),
    ],
)
def test_schemas_find_what_is_spoilt(village: Village, vectors: Path, spoil: Any) -> None:
    badge = village.document(village.badge())
    spoil(badge)
    assert faults(badge, BADGE, vectors) != []


@pytest.mark.parametrize("schema", [BADGE, CLR, ENDORSEMENT])
def test_no_format_in_the_schemas_is_passed_over(schema: str, vectors: Path) -> None:
    written = str(published(schema, vectors))
    assert set(re.findall(r"'format': '([^']+)'", written)) <= set(FORMATS.checkers)
    assert "'$schema': 'https://json-schema.org/draft/2019-09/schema" in written
