"""What a badge says of itself: results, resources, dates, and the kinds of status there are."""

import base64
import gzip
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from campus import LIST_URL, NOW, Campus

import contexts
from vc.documents import JsonObject
from vc.encoding import base64url_encode, digest_multibase, multibase_decode
from vc.issue import issue
from vc.model import Outcome, Step, Verdict, timestamp
from vc.proofs import eddsa_jcs_2022
from vc.structure import CREDENTIALS_V2, OPEN_BADGES

QUALITY = "https://issuer.example/achievements/lesson-study#quality"
SCORE = "https://issuer.example/achievements/lesson-study#score"
STATUS = "https://issuer.example/achievements/lesson-study#status"
REVOKED = "https://issuer.example/revoked.json"
DESCRIPTIONS = [
    {
        "id": QUALITY,
        "type": ["ResultDescription"],
        "name": "Quality",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [
            {"id": f"{QUALITY}-1", "type": ["RubricCriterionLevel"], "name": "At the level"}
        ],
    },
    {
        "id": SCORE,
        "type": ["ResultDescription"],
        "name": "Score",
        "resultType": "RawScore",
        "valueMin": "0",
        "valueMax": "100",
    },
    {"id": STATUS, "type": ["ResultDescription"], "name": "Standing", "resultType": "Status"},
]


@pytest.fixture
def campus() -> Campus:
    return Campus()


def step(campus: Campus, badge: JsonObject, name: str) -> Step:
    found = campus.verify(badge).step(name)
    assert found is not None
    return found


def with_result(campus: Campus, **result: Any) -> JsonObject:
    unsigned = campus.unsigned_badge()
    subject = unsigned["credentialSubject"]
    subject["achievement"]["resultDescription"] = DESCRIPTIONS
    subject["result"] = [{"type": ["Result"], **result}]
    return _by_somebody_else(campus, unsigned)


def _by_somebody_else(campus: Campus, unsigned: JsonObject) -> JsonObject:
    """Signed by a program that does not look at what it signs, as ours does."""
    return eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)


@pytest.mark.parametrize(
    "result",
    [
        {"resultDescription": QUALITY, "achievedLevel": f"{QUALITY}-1"},
        {"resultDescription": SCORE, "value": "100"},
        {"resultDescription": SCORE, "value": "99.5"},
        {"resultDescription": STATUS, "status": "Completed"},
        {"value": "a word of praise"},
    ],
    ids=repr,
)
def test_result_of_the_kind_that_is_described_passes(
    campus: Campus, result: dict[str, str]
) -> None:
    assert step(campus, with_result(campus, **result), "results").outcome is Outcome.PASS


@pytest.mark.parametrize(
    "result",
    [
        {"resultDescription": QUALITY, "achievedLevel": f"{QUALITY}-9"},
        {"resultDescription": SCORE, "value": "101"},
        {"resultDescription": SCORE, "value": "-1"},
        {"resultDescription": SCORE, "value": "NaN"},
        {"resultDescription": SCORE, "value": "much"},
        {"resultDescription": SCORE, "value": "\u0665"},
        {"resultDescription": SCORE, "value": "1_0"},
        {"resultDescription": SCORE, "value": " 5"},
        {"resultDescription": STATUS, "value": "1"},
        {"resultDescription": STATUS, "status": {"@value": "Completed", "@language": "en"}},
    ],
    ids=repr,
)
def test_result_that_its_description_does_not_allow_fails(
    campus: Campus, result: dict[str, str]
) -> None:
    found = step(campus, with_result(campus, **result), "results")
    assert (found.outcome, found.code) == (Outcome.FAIL, "result")
    assert "/credentialSubject/result/0" in found.sentence


def test_result_without_its_description_is_told_apart(campus: Campus) -> None:
    badge = with_result(campus, resultDescription=f"{QUALITY}-of-another-badge", value="1")
    found = step(campus, badge, "results")
    assert found.outcome is Outcome.PASS
    assert found.sentence == "Results without a description, which nothing contradicts: 1 of 1."


def related(campus: Campus, **digest: str) -> JsonObject:
    return _by_somebody_else(
        campus, campus.unsigned_badge(relatedResource=[{"id": OPEN_BADGES, **digest}])
    )


def sri(content: bytes) -> str:
    return "sha384-" + base64.b64encode(hashlib.sha384(content).digest()).decode()


def test_resource_that_is_pinned_here_is_compared_by_either_digest(campus: Campus) -> None:
    content = contexts.raw(OPEN_BADGES)
    good = related(campus, digestSRI=sri(content), digestMultibase=digest_multibase(content))
    assert step(campus, good, "resources").outcome is Outcome.PASS
    for digest in (
        {"digestSRI": sri(b"other")},
        {"digestMultibase": digest_multibase(b"other")},
        {"digestSRI": sri(content), "digestMultibase": digest_multibase(b"other")},
        {"digestSRI": "md5-AAAA"},
        {"digestMultibase": "uAAAA"},
        {"digestMultibase": "x"},
    ):
        assert step(campus, related(campus, **digest), "resources").outcome is Outcome.FAIL, digest


def test_digest_of_bytes_that_are_not_here_is_not_called_wrong(campus: Campus) -> None:
    badge = campus.badge(relatedResource=[{"id": CREDENTIALS_V2, "digestSRI": sri(b"published")}])
    assert step(campus, badge, "resources").outcome is Outcome.UNKNOWN


def test_nothing_is_fetched_to_compare_a_digest(campus: Campus) -> None:
    resource = {"id": "https://elsewhere.example/file", "digestSRI": sri(b"")}
    assert campus.verify(campus.badge(relatedResource=[resource])).verdict is Verdict.VALID
    assert "https://elsewhere.example/file" not in campus.library.asked


def test_credential_that_would_end_before_it_begins_is_refused(campus: Campus) -> None:
    unsigned = campus.unsigned_badge(
        validFrom=timestamp(NOW - timedelta(days=1)), validUntil=timestamp(NOW - timedelta(days=2))
    )
    signed = eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)
    assert step(campus, signed, "dates").code == "dates-reversed"


def test_proof_from_the_future_is_refused(campus: Campus) -> None:
    unsigned = campus.unsigned_badge()
    signed = issue(unsigned, signer=campus.issuer, created=NOW + timedelta(minutes=6))
    assert step(campus, signed, "dates").code == "signed-in-future"
    soon = issue(unsigned, signer=campus.issuer, created=NOW + timedelta(minutes=4))
    assert campus.verify(soon).verdict is Verdict.VALID


@pytest.mark.parametrize("value", ["yesterday", "2026-11-22", "2026-11-22T12:00:00", 7, ""])
@pytest.mark.parametrize("name", ["created", "expires"])
def test_date_of_a_proof_is_a_date(campus: Campus, name: str, value: Any) -> None:
    badge = campus.badge()
    badge["proof"] = [{**badge["proof"][0], name: value}]
    assert step(campus, badge, "signature").code == "date"


def test_signature_has_one_spelling(campus: Campus) -> None:
    badge = campus.badge()
    value = multibase_decode(badge["proof"][0]["proofValue"])
    badge["proof"] = [{**badge["proof"][0], "proofValue": "u" + base64url_encode(value)}]
    assert campus.verify(badge).verdict is Verdict.INVALID


def entry(**changes: Any) -> JsonObject:
    messages = [{"status": hex(value), "message": f"stage {value}"} for value in range(4)]
    return {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "5",
        "statusListCredential": LIST_URL,
        "statusSize": 2,
        "statusMessage": messages,
        **changes,
    }


def publish(campus: Campus, value: int, *, entries: int = 131_072) -> None:
    """A list with two bits for each entry; that at 5 has this value, all others 0."""
    bits = bytearray(entries * 2 // 8)
    bits[1] |= value << 4  # bits 10 and 11: the third and fourth of the second byte
    encoded = "u" + base64url_encode(gzip.compress(bytes(bits), mtime=0))
    subject = {
        "id": f"{LIST_URL}#list",
        "type": "BitstringStatusList",
        "statusPurpose": "message",
        "encodedList": encoded,
    }
    campus.publish_status(credentialSubject=subject)


@pytest.mark.parametrize("value", range(4))
def test_message_of_several_bits_is_told_and_withdraws_nothing(campus: Campus, value: int) -> None:
    publish(campus, value)
    report = campus.verify(campus.badge(credentialStatus=entry()))
    assert report.verdict is Verdict.VALID, report.steps
    found = report.step("status")
    assert found is not None
    assert found.sentence.endswith(f"Its issuer says of its status: stage {value}")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statusMessage": []}, "status-message"),
        ({"statusMessage": [{"status": "0x0", "message": "only one"}]}, "status-message"),
        ({"statusSize": 0}, "status-size"),
        ({"statusSize": 9}, "status-size"),
        ({"statusSize": True}, "status-size"),
        ({"statusListIndex": "131072"}, "status-range"),
        ({"id": LIST_URL}, "status-entry"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_entry_that_is_not_sound_is_not_called_in_force(
    campus: Campus, changes: dict[str, Any], code: str
) -> None:
    publish(campus, 0)
    signed = eddsa_jcs_2022.sign(
        campus.unsigned_badge(credentialStatus=entry(**changes)), signer=campus.issuer, created=NOW
    )
    found = step(campus, signed, "status")
    assert (found.outcome, found.code) == (Outcome.UNKNOWN, code)


def test_list_with_too_few_entries_of_their_size_hides_nobody(campus: Campus) -> None:
    publish(campus, 0, entries=65_536)
    found = step(campus, campus.badge(credentialStatus=entry()), "status")
    assert (found.outcome, found.code) == (Outcome.UNKNOWN, "status-list-length")


def older(campus: Campus, url: str = REVOKED) -> JsonObject:
    unsigned = campus.unsigned_badge(credentialStatus={"id": url, "type": "1EdTechRevocationList"})
    return eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)


@pytest.mark.parametrize(
    ("listed", "outcome"),
    [
        ([], Outcome.PASS),
        ([{"id": "https://issuer.example/credentials/1"}], Outcome.FAIL),
        (["https://issuer.example/credentials/1"], Outcome.FAIL),
        ([{"id": "https://issuer.example/credentials/1", "revoked": False}], Outcome.PASS),
        ([{"id": "https://issuer.example/credentials/2"}], Outcome.PASS),
    ],
    ids=repr,
)
def test_revocation_list_of_open_badges_is_read(
    campus: Campus, listed: list[Any], outcome: Outcome
) -> None:
    campus.library.publish(REVOKED, {"issuer": campus.issuer.did, "revokedCredential": listed})
    assert step(campus, older(campus), "status").outcome is outcome


def test_revocation_list_of_another_site_or_issuer_says_nothing(campus: Campus) -> None:
    elsewhere = "https://elsewhere.example/revoked.json"
    campus.library.publish(elsewhere, {"revokedCredential": []})
    assert step(campus, older(campus, elsewhere), "status").code == "status-issuer"
    assert elsewhere not in campus.library.asked
    campus.library.publish(REVOKED, {"issuer": "did:web:other.example", "revokedCredential": []})
    assert step(campus, older(campus), "status").code == "status-issuer"


def test_revocation_list_that_is_not_reached_is_not_called_empty(campus: Campus) -> None:
    found = step(campus, older(campus), "status")
    assert (found.outcome, found.code) == (Outcome.UNKNOWN, "status-unreachable")
