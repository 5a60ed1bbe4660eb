"""Presentations: for one verifier, once, by the one whom the badges are about."""

from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import KnownSigner, signer

from vc.documents import JsonObject
from vc.model import Outcome, Verdict
from vc.presentation import (
    PresentationReport,
    examine_presentation,
    present,
    verify_presentation,
)

CHALLENGE, DOMAIN = "one-time-challenge", "https://verifier.example"


def _present(campus: Campus, badges: list[JsonObject], by: KnownSigner | None = None) -> JsonObject:
    holder = by or campus.holder
    return present(
        badges, holder=holder.did, signer=holder, created=NOW, challenge=CHALLENGE, domain=DOMAIN
    )


def _check(campus: Campus, presentation: JsonObject, **changes: Any) -> PresentationReport:
    expected = {"expected_challenge": CHALLENGE, "expected_domain": DOMAIN} | changes
    return verify_presentation(presentation, now=NOW, fetcher=campus.library, **expected)


def test_presented_badges_are_verified_each() -> None:
    campus = Campus()
    report = _check(campus, _present(campus, [campus.judged_badge(), campus.badge()]))
    assert report.verdict is Verdict.VALID
    assert report.holder == campus.holder.did
    assert [one.verdict for one in report.credentials] == [Verdict.VALID] * 2


def test_revoked_badge_in_a_sound_presentation_is_reported_as_such() -> None:
    campus = Campus()
    campus.publish_status(7)
    report = _check(campus, _present(campus, [campus.badge()]))
    assert report.verdict is Verdict.VALID
    assert report.credentials[0].verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "changes", [{"expected_challenge": "another"}, {"expected_domain": "https://other.example"}]
)
def test_presentation_for_another_request_is_refused(changes: dict[str, str]) -> None:
    campus = Campus()
    assert _check(campus, _present(campus, []), **changes).verdict is Verdict.INVALID


def test_badges_of_somebody_else_are_refused() -> None:
    campus = Campus()
    report = _check(campus, _present(campus, [campus.badge()], by=signer(66)))
    assert report.verdict is Verdict.INVALID
    assert next(s for s in report.steps if s.outcome is Outcome.FAIL).code == "holder-not-subject"


def test_badge_added_after_signing_breaks_the_presentation() -> None:
    campus = Campus()
    presentation = _present(campus, [campus.badge()])
    presentation["verifiableCredential"].append(campus.badge(id="https://issuer.example/2"))
    assert _check(campus, presentation).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "changes",
    [
        {"proof": []},
        {"holder": None},
        {"holder": "did:web:somebody.example"},
        {"verifiableCredential": ["text"]},
        {"type": "Presentation"},
        {"@context": []},
        {"@context": "https://www.w3.org/ns/credentials/v2"},
    ],
)
def test_misshapen_presentation_is_refused_with_a_reason(changes: JsonObject) -> None:
    campus = Campus()
    report = _check(campus, {**_present(campus, [campus.badge()]), **changes})
    assert report.verdict is Verdict.INVALID


def _examine(campus: Campus, presentation: JsonObject, **options: Any) -> PresentationReport:
    wanted: dict[str, Any] = {"challenge": None, "domain": None} | options
    return examine_presentation(presentation, now=NOW, fetcher=campus.library, **wanted)


def _unsigned(campus: Campus, *badges: JsonObject, **changes: Any) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": list(badges),
        **changes,
    }


def test_unsigned_presentation_is_taken_for_what_it_is_and_its_badges_are_verified() -> None:
    campus = Campus()
    bent = campus.badge() | {"name": "Another"}
    report = _examine(campus, _unsigned(campus, campus.badge(), bent))
    assert report.verdict is Verdict.VALID
    assert [one.verdict for one in report.credentials] == [Verdict.VALID, Verdict.INVALID]


@pytest.mark.parametrize("named", [{"challenge": CHALLENGE}, {"domain": DOMAIN}, {"challenge": ""}])
def test_unsigned_presentation_answers_no_challenge_and_is_for_no_domain(
    named: dict[str, str],
) -> None:
    campus = Campus()
    report = _examine(campus, _unsigned(campus, campus.badge()), **named)
    assert report.verdict is Verdict.INVALID
    assert [step.code for step in report.steps] == ["", "presentation-unsigned"]
    assert not report.credentials
    allowed = _examine(campus, _unsigned(campus, campus.badge()), may_be_unsigned=True, **named)
    assert allowed.verdict is Verdict.VALID
    assert "not signed" in allowed.steps[-1].sentence


def test_signed_presentation_is_compared_with_the_request_that_is_named() -> None:
    campus = Campus()
    presentation = _present(campus, [campus.badge()])
    assert _examine(campus, presentation).verdict is Verdict.VALID
    named = _examine(campus, presentation, challenge=CHALLENGE, domain=DOMAIN)
    assert named.verdict is Verdict.VALID
    for wrong in ({"challenge": "another"}, {"domain": "https://other.example"}):
        report = _examine(campus, presentation, **wrong)
        assert report.verdict is Verdict.INVALID
        assert not report.credentials


def test_changed_presentation_is_refused_and_nothing_in_it_is_looked_at() -> None:
    campus = Campus()
    presentation = _present(campus, [campus.badge()]) | {"id": "urn:uuid:1"}
    report = _examine(campus, presentation)
    assert report.verdict is Verdict.INVALID
    assert not report.credentials


@pytest.mark.parametrize(
    "changes",
    [
        {"@context": ["https://www.w3.org/ns/credentials/examples/v2"]},
        {"@context": "https://www.w3.org/ns/credentials/v2"},
        {"type": "VerifiableCredential"},
        {"type": []},
        {"holder": 4},
        {"holder": []},
        {"verifiableCredential": [4]},
        {"verifiableCredential": [{}] * 257},
        {"type": ["EnvelopedVerifiablePresentation"]},
        {"proof": []},
        {"proof": "none"},
    ],
    ids=repr,
)
def test_presentation_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    campus = Campus()
    report = _examine(campus, _unsigned(campus, campus.badge(), **changes))
    assert report.verdict is Verdict.INVALID


def test_crowd_of_badges_is_no_way_to_have_thousands_of_documents_fetched() -> None:
    campus = Campus()
    lists = [
        campus.badge(
            credentialStatus={
                **campus.badge()["credentialStatus"],
                "statusListCredential": f"https://elsewhere.example/{number}",
            }
        )
        for number in range(60)
    ]
    campus.library.asked.clear()
    _examine(campus, _unsigned(campus, *lists))
    assert len(campus.library.asked) <= 48
