"""What an issuer tells of one badge: who had the last word, and what audits found."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from village import NOW, Village

from issuer.peers.audit import AuditOutcome

BEFORE = NOW - timedelta(days=90)


def awarded(village: Village, author: str, at: datetime = BEFORE) -> str:
    """A badge of the third quarter; the contribution's id."""
    contribution = village.handed_in(village.found_at_level(), author)
    village.judged(contribution)
    village.awarding.award(contribution_id=contribution, now=at)
    return contribution


def url_of(village: Village, contribution: str) -> str:
    with village.store.ledger() as ledger:
        (event,) = [one for one in ledger.events(contribution) if one.kind == "awarded"]
        return str(event.detail["credential"])


def told(app: Flask, village: Village, contribution: str) -> dict[str, Any]:
    answer = app.test_client().get(
        "/issuer/learnometer/quality", query_string={"credential": url_of(village, contribution)}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return answer.json


def find(village: Village, audit: str, contribution: str, outcome: AuditOutcome) -> None:
    village.office.auditing.decide(
        audit_id=audit,
        contribution_id=contribution,
        moderator_id="mod",
        outcome=outcome,
        reason="I read it twice.",
        now=NOW,
    )


def test_before_a_sample_is_drawn_there_is_nothing_to_tell(app: Flask, village: Village) -> None:
    found = told(app, village, awarded(village, "north1"))
    assert (found["decidedBy"], found["audit"], found["sample"]) == ("ballot", None, None)


def test_which_badge_waits_in_a_sample_is_not_told(app: Flask, village: Village) -> None:
    drawn, other = (awarded(village, author) for author in ("north1", "north2"))
    village.office.auditing.draw(circle_id="north", begins=date(2026, 7, 1), now=NOW)
    first, second = (told(app, village, each) for each in (drawn, other))
    assert first["audit"] is second["audit"] is None
    assert first["sample"] == second["sample"]
    assert first["sample"]["open"] is True


@pytest.mark.parametrize("outcome", AuditOutcome)
def test_what_was_found_is_told_with_what_the_sample_proves(
    app: Flask, village: Village, outcome: AuditOutcome
) -> None:
    contribution = awarded(village, "north1")
    audit = village.office.auditing.draw(circle_id="north", begins=date(2026, 7, 1), now=NOW)
    find(village, audit, contribution, outcome)
    found = told(app, village, contribution)
    assert found["audit"] == {"outcome": outcome, "at": "2026-11-22T12:00:00Z"}
    sample = found["sample"]
    assert (sample["begins"], sample["ends"]) == ("2026-07-01", "2026-10-01")
    assert (sample["badges"], sample["sampled"], sample["read"]) == (1, 1, 1)
    assert sample["overturned"] == (outcome is AuditOutcome.OVERTURNED)
    assert "of 1 overturned: at most" in sample["bound"]
    assert sample["open"] is False


def test_a_badge_of_another_period_has_no_part_in_the_sample(app: Flask, village: Village) -> None:
    awarded(village, "north1")
    later = awarded(village, "north2", at=NOW)
    village.office.auditing.draw(circle_id="north", begins=date(2026, 7, 1), now=NOW)
    assert told(app, village, later)["sample"] is None


@pytest.mark.parametrize(
    ("tenant", "credential", "status"),
    [
        ("learnometer", "https://nowhere.example/1", 404),
        ("learnometer", "", 400),
        ("university", None, 404),
        ("nothing", None, 404),
    ],
)
def test_what_is_no_badge_of_this_issuer_has_no_quality(
    app: Flask, village: Village, tenant: str, credential: str | None, status: int
) -> None:
    if credential is None:
        credential = url_of(village, awarded(village, "north1"))
    answer = app.test_client().get(
        f"/issuer/{tenant}/quality", query_string={"credential": credential}
    )
    assert answer.status_code == status
