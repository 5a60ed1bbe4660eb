"""One signature, many spellings: JSON-LD reads them as the same statements, plain code may not."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import signer

from vc import status
from vc.canonical import canonical
from vc.documents import JsonObject, written
from vc.errors import Malformed
from vc.jose import sign_compact
from vc.model import Outcome, Report, Verdict
from vc.proofs import eddsa_jcs_2022
from vc.spelling import MOST_CONTEXTS
from vc.structure import CREDENTIALS_V1

DATA_INTEGRITY = "https://w3id.org/security/data-integrity/v2"


@pytest.fixture(name="campus")
def _campus() -> Campus:
    return Campus()


def _in_the_older_context(badge: JsonObject) -> JsonObject:
    """The contexts of a badge exchanged for others in which it means, and signs, the same."""
    _, open_badges = badge["@context"]
    return badge | {"@context": [CREDENTIALS_V1, open_badges, DATA_INTEGRITY]}


def _failed(report: Report) -> tuple[str, str]:
    """The step that speaks against it, and its code."""
    step = next(step for step in report.steps if step.outcome is not Outcome.PASS)
    return step.name, step.code


def test_expiry_cannot_be_hidden_by_naming_the_older_context(campus: Campus) -> None:
    badge = campus.badge(credentialStatus=None, validUntil="2026-11-01T00:00:00Z")
    assert _failed(campus.verify(badge)) == ("dates", "expired")
    assert _failed(campus.verify(_in_the_older_context(badge))) == ("dates", "expired")


def test_beginning_cannot_be_hidden_by_naming_the_older_context(campus: Campus) -> None:
    badge = campus.badge(credentialStatus=None, validFrom="2027-01-01T00:00:00Z")
    assert _failed(campus.verify(_in_the_older_context(badge))) == ("dates", "not-yet-valid")


def test_endorsements_cannot_be_hidden_in_a_list_of_lists(campus: Campus) -> None:
    badge = campus.badge(endorsement=[campus.endorsement(campus.holder)])
    assert campus.verify(badge).verdict is Verdict.INVALID
    badge["endorsement"] = [badge["endorsement"]]
    assert campus.verify(badge).verdict is Verdict.INVALID


def _directed(badge: JsonObject) -> None:
    badge["name"] = {"@value": badge["name"], "@language": "en", "@direction": "rtl"}


def _wrapped(badge: JsonObject) -> None:
    badge["name"] = {"@value": badge["name"]}


def _nested(badge: JsonObject) -> None:
    tags = badge["credentialSubject"]["achievement"]["tag"]
    badge["credentialSubject"]["achievement"]["tag"] = [tags]


@pytest.mark.parametrize("respell", [_directed, _wrapped, _nested])
def test_spelling_that_signs_the_same_and_reads_otherwise_is_refused(
    campus: Campus, respell: Callable[[JsonObject], None]
) -> None:
    badge = copy.deepcopy(campus.badge())
    respell(badge)
    assert campus.verify(badge).verdict is Verdict.INVALID


def test_text_in_a_language_is_still_a_text(campus: Campus) -> None:
    badge = campus.badge(name={"@value": "Somo la pamoja", "@language": "sw"})
    assert campus.verify(badge).verdict is Verdict.VALID


def test_status_entries_by_the_hundred_are_not_all_looked_up(campus: Campus) -> None:
    entries = [
        status.entry(list_url=f"https://victim.example/{number}", index=1, purpose="revocation")
        for number in range(300)
    ]
    unsigned = campus.unsigned_badge(credentialStatus=entries)
    report = campus.verify(eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW))
    assert report.verdict is Verdict.INVALID
    assert not campus.library.asked


def test_contexts_named_again_and_again_are_not_read(campus: Campus) -> None:
    badge = campus.unsigned_badge()
    badge["evidence"][0]["@context"] = [DATA_INTEGRITY] * MOST_CONTEXTS
    with pytest.raises(Malformed) as refusal:
        canonical(badge)
    assert refusal.value.code == "contexts"


@pytest.mark.parametrize("kind", ["one list", "one node in pieces"])
def test_values_crowded_into_one_place_are_refused_at_once(campus: Campus, kind: str) -> None:
    achievement = campus.unsigned_badge()["credentialSubject"]["achievement"]
    crowd = [
        {**achievement, "tag": [f"{part}-{number}" for number in range(80)]} for part in range(50)
    ]
    if kind == "one list":
        crowd = [{**achievement, "tag": [f"tag-{number}" for number in range(4_000)]}]
    badge = campus.unsigned_badge()
    badge["credentialSubject"]["achievement"] = crowd
    with pytest.raises(Malformed) as refusal:
        canonical(badge)
    assert refusal.value.code == "crowd"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"validFrom": "0001-01-01T00:00:00Z"}, None),
        ({"validUntil": "9999-12-31T23:59:59Z"}, None),
        ({"validUntil": "9999-12-31T23:59:59-10:00"}, "date"),
        ({"validFrom": "0001-01-01T00:00:00+14:00"}, "date"),
    ],
)
def test_date_at_the_edge_of_the_calendar_ends_in_a_report(
    campus: Campus, changes: dict[str, str], code: str | None
) -> None:
    report = campus.verify(_token(campus, **changes))
    assert [step.code for step in report.steps if step.code == "date"] == ([code] if code else [])


def _token(campus: Campus, **changes: Any) -> str:
    author = signer(55)
    badge = campus.unsigned_badge(credentialStatus=None, issuer=author.did) | changes
    return sign_compact({"typ": "JWT"}, written(badge), signer=author)


@pytest.mark.parametrize("proof", ["expires", ["expires"], 5, [None], [["expires"]]], ids=repr)
def test_misshapen_proof_within_a_token_ends_in_a_report(campus: Campus, proof: Any) -> None:
    assert campus.verify(_token(campus, proof=proof)).step("dates") is not None


def test_kind_of_proof_that_is_no_text_ends_in_a_report(campus: Campus) -> None:
    badge = _in_the_older_context(campus.badge())
    badge["proof"] = {"type": ["Ed25519Signature2020"], "verificationMethod": "did:key:z6Mk"}
    assert _failed(campus.verify(badge)) == ("signature", "suite-unknown")


def test_token_with_one_credential_inside_and_another_around_it_is_refused(
    campus: Campus,
) -> None:
    report = campus.verify(_token(campus, vc=campus.badge(), validUntil=str(NOW + timedelta(1))))
    assert _failed(report) == ("structure", "jwt-vc")
