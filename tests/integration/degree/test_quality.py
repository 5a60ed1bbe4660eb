"""What the office learns of the badges on which a result hangs, from issuers of every kind."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from campus import NOW
from office import MEMBER, REGISTRAR, Office

from degree.board.quality import Qualities
from service.database import Database

ENDPOINT = "https://issuer.example/quality"
SAMPLE = {
    "begins": "2026-07-01",
    "ends": "2026-10-01",
    "badges": 40,
    "sampled": 12,
    "read": 12,
    "overturned": 0,
    "bound": "0 of 12 overturned: at most 22.1 % bad, with 95 % confidence",
    "open": False,
}


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


def publish(office: Office, number: int, **changes: Any) -> None:
    """Let the issuer tell of a badge."""
    service = {"id": "#quality", "type": "QualityRecord", "serviceEndpoint": ENDPOINT}
    office.campus.publish_keys(service=[service])
    credential = f"https://issuer.example/credentials/{number}"
    answer = {
        "credential": credential,
        "rules": "https://issuer.example/rules/1",
        "decidedBy": "ballot",
        "audit": None,
        "sample": None,
    }
    address = f"{ENDPOINT}?credential={quote(credential, safe='')}"
    office.campus.library.publish(address, answer | changes)


def seen(office: Office) -> Qualities:
    file = office.registry.file(office.apply(office.certificate()), reader=MEMBER)
    assert file.quality
    return file.quality


def test_an_issuer_that_publishes_nothing_is_said_to(office: Office) -> None:
    quality = seen(office)
    assert quality.asked_at == NOW
    assert quality.counts == {"silent": 5}
    assert quality.badges[0].says == "Its issuer publishes nothing about audits."


@pytest.mark.parametrize(
    ("published", "state", "says"),
    [
        ({}, "unsampled", "No sample of its period was drawn yet."),
        (
            {"audit": {"outcome": "upheld", "at": "2026-10-05T09:00:00Z"}, "sample": SAMPLE},
            "upheld",
            "A moderator read it again and upheld it, 5 October 2026.",
        ),
        (
            {"audit": {"outcome": "overturned", "at": "2026-10-05T09:00:00Z"}},
            "overturned",
            "A moderator read it again and overturned it, 5 October 2026.",
        ),
        (
            {"sample": SAMPLE, "decidedBy": "appeal"},
            "sampled",
            (
                "Not in the sample of 12 of the 40 badges of its circle and period, which was "
                "read. 0 of 12 overturned: at most 22.1 % bad, with 95 % confidence. "
                "It was awarded on appeal."
            ),
        ),
        (
            {"sample": SAMPLE | {"open": True, "overturned": 2}},
            "open",
            (
                "A secret sample of 12 of the 40 badges of its circle and period is being read; "
                "2 overturned so far."
            ),
        ),
    ],
)
def test_what_an_issuer_publishes_is_told_in_words(
    office: Office, published: dict[str, Any], state: str, says: str
) -> None:
    publish(office, 1, **published)
    told = {each.record: each for each in seen(office).badges}
    first = told["https://issuer.example/credentials/1"]
    assert (first.state, first.says) == (state, says)
    other = told["https://issuer.example/credentials/2"]
    assert other.says == "Its issuer says nothing about audits of this badge."


@pytest.mark.parametrize(
    "garbage",
    [
        {"credential": "https://issuer.example/credentials/2"},
        {"audit": {"outcome": "fine", "at": "2026-10-05T09:00:00Z"}},
        {"audit": {"outcome": "upheld", "at": "yesterday"}},
        {"audit": []},
        {"sample": SAMPLE | {"badges": -1}},
        {"sample": SAMPLE | {"sampled": "12"}},
        {"sample": SAMPLE | {"bound": "x" * 501}},
        {"sample": SAMPLE | {"open": None}},
        {"credential": 7},
    ],
)
def test_nonsense_of_an_issuer_says_nothing(office: Office, garbage: dict[str, Any]) -> None:
    publish(office, 1, **garbage)
    assert {each.state for each in seen(office).badges} == {"silent"}


def test_an_answer_that_is_no_json_says_nothing(office: Office) -> None:
    publish(office, 1)
    for address in list(office.campus.library.documents):
        if address.startswith(ENDPOINT):
            office.campus.library.documents[address] = b"<html>" * 20_000
    assert {each.state for each in seen(office).badges} == {"silent"}


def test_an_issuer_that_does_not_answer_is_waited_for_once(office: Office) -> None:
    decision = office.apply(office.certificate())
    application = office.registry.file(decision, reader=REGISTRAR).case.application.id
    address = "https://issuer.example/.well-known/did.json"
    document = office.campus.library.documents.pop(address)
    office.campus.library.asked.clear()
    row = office.registry.audit(application, now=NOW)
    quality = office.registry.file(row.id, reader=REGISTRAR).quality
    assert quality
    assert quality.counts == {"unreachable": 5}
    assert office.campus.library.asked == [address]
    assert json.loads(document)["id"] == "did:web:issuer.example"


def test_only_badges_on_which_the_result_hangs_are_asked_about(office: Office) -> None:
    file = office.registry.file(office.apply([office.card(), office.badge(1)]), reader=MEMBER)
    assert file.quality
    assert file.quality.badges == ()
