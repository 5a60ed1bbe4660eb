"""A newer copy of a badge, asked for once, and never believed more than the badge itself."""

from dataclasses import replace
from typing import Any

import pytest
from campus import BADGE_CONTEXTS, NOW, Campus
from ed25519_keys import signer

from vc.documents import JsonObject
from vc.effort import bounded, for_one
from vc.fetch import Bounded
from vc.issue import issue
from vc.model import Outcome, Report, Verdict
from vc.verify import verify

URL = "https://issuer.example/credentials/1/newest"
# The kind of service is a term of the extensions.
CONTEXTS = [*BADGE_CONTEXTS, "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"]
SERVICE = {"id": URL, "type": "1EdTechCredentialRefresh"}


@pytest.fixture(name="campus")
def _campus() -> Campus:
    return Campus()


def _badge(campus: Campus, **changes: Any) -> JsonObject:
    return campus.badge(**{"@context": CONTEXTS, "refreshService": SERVICE, **changes})


def _said(report: Report) -> str:
    step = report.step("refresh")
    assert step is not None
    assert step.outcome is Outcome.PASS
    return step.sentence


def test_newer_copy_is_what_is_judged(campus: Campus) -> None:
    campus.library.publish(URL, _badge(campus, name="Corrected"))
    report = campus.verify(_badge(campus))
    assert report.verdict is Verdict.VALID
    assert report.credential is not None
    assert report.credential.name == "Corrected"
    assert _said(report) == "This is the newest copy that its issuer gives."


def test_newer_copy_may_take_back_what_the_badge_said(campus: Campus) -> None:
    campus.library.publish(URL, _badge(campus, validUntil="2026-11-01T00:00:00Z"))
    report = campus.verify(_badge(campus))
    assert report.verdict is Verdict.INVALID
    found = report.step("dates")
    assert found is not None
    assert found.code == "expired"


def test_copy_is_asked_for_once_and_a_copy_of_a_copy_never(campus: Campus) -> None:
    further = {**SERVICE, "id": "https://issuer.example/credentials/1/further"}
    campus.library.publish(URL, _badge(campus, refreshService=further))
    campus.verify(_badge(campus))
    assert campus.library.asked.count(URL) == 1
    assert further["id"] not in campus.library.asked


def test_copy_that_cannot_be_had_changes_nothing(campus: Campus) -> None:
    report = campus.verify(_badge(campus))
    assert report.verdict is Verdict.VALID
    assert _said(report) == "Its issuer offers a newer copy, which could not be had."


@pytest.mark.parametrize("kind", ["another id", "another issuer", "older", "bent", "unsigned",
                                  "no credential"])  # fmt: skip
def test_what_is_no_newer_copy_of_it_changes_nothing(campus: Campus, kind: str) -> None:
    other = signer(77)
    forged = campus.unsigned_badge(
        name="Forged", issuer={"id": other.did, "type": ["Profile"]}, credentialStatus=None
    )
    copies: dict[str, JsonObject] = {
        "another id": _badge(campus, id="https://issuer.example/credentials/2"),
        "another issuer": issue(forged, signer=other, created=NOW),
        "older": _badge(campus, validFrom="2026-01-01T00:00:00Z"),
        "bent": {**_badge(campus), "name": "Forged"},
        "unsigned": campus.unsigned_badge(name="Forged"),
        "no credential": {"hello": "world"},
    }
    campus.library.publish(URL, copies[kind])
    report = campus.verify(_badge(campus))
    assert report.verdict is Verdict.VALID
    assert report.credential is not None
    assert report.credential.name == "Lesson study"
    assert _said(report) == "What its issuer gives in its place is not a newer copy of it."


def test_nothing_is_asked_for_before_the_signature_is_good(campus: Campus) -> None:
    bent = {**_badge(campus), "name": "Forged"}
    assert campus.verify(bent).verdict is Verdict.INVALID
    assert URL not in campus.library.asked


def test_other_kinds_of_refreshing_are_left_alone(campus: Campus) -> None:
    service = {"id": URL, "type": "https://example.org/#Refresh"}
    report = campus.verify(_badge(campus, refreshService=service))
    assert report.step("refresh") is None
    assert URL not in campus.library.asked


@pytest.mark.parametrize("steps", range(50, 1_000, 50))
def test_newer_copy_for_which_no_work_is_left_is_not_passed_over(
    campus: Campus, steps: int
) -> None:
    """Whoever presents many things together could else show a badge that was taken back."""
    campus.library.publish(URL, _badge(campus, validUntil="2026-11-01T00:00:00Z"))
    badge = _badge(campus)
    with bounded(replace(for_one(), steps=steps)):
        report = campus.verify(badge)
    assert report.verdict is not Verdict.VALID


@pytest.mark.parametrize("documents", range(6))
def test_newer_copy_that_may_not_be_asked_for_is_not_passed_over(
    campus: Campus, documents: int
) -> None:
    campus.library.publish(URL, _badge(campus, validUntil="2026-11-01T00:00:00Z"))
    few = Bounded(campus.library, most=documents)
    assert verify(_badge(campus), now=NOW, fetcher=few).verdict is not Verdict.VALID
