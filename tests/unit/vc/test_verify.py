"""The verification path: what is proven, what is refused, and what could not be known."""

import json
from datetime import timedelta
from typing import Any

import pytest
from bending import bent, changes, leaves, paths
from campus import BADGE_ID, LIST_URL, NOW, Campus
from ed25519_keys import signer

from vc import status
from vc.documents import JsonObject
from vc.errors import Refused
from vc.issue import issue
from vc.model import Outcome, Report, Verdict


@pytest.fixture(name="campus")
def _campus() -> Campus:
    return Campus()


def _against(report: Report) -> tuple[str, str]:
    """The first step that does not pass: its name and code."""
    step = next(step for step in report.steps if step.outcome is not Outcome.PASS)
    return step.name, step.code


def test_signed_badge_with_judges_is_valid(campus: Campus) -> None:
    report = campus.verify(campus.judged_badge())
    assert report.verdict is Verdict.VALID
    assert [step.name for step in report.steps] == [
        "structure", "issuer", "key", "signature", "dates", "status", "endorsements",
    ]  # fmt: skip
    endorsements = report.step("endorsements")
    assert endorsements is not None
    assert "3 people signed" in endorsements.sentence
    assert report.verified().credential.subject_id == campus.holder.did


def test_signing_twice_gives_the_same_bytes(campus: Campus) -> None:
    assert json.dumps(campus.judged_badge()) == json.dumps(campus.judged_badge())


def test_no_value_of_a_signed_badge_can_be_changed(campus: Campus) -> None:
    badge = campus.judged_badge(judges=1)
    tried = 0
    for path, value in leaves(badge):
        every = list(changes(value))
        step = 1 if path[0] in ("proof", "id", "validFrom", "@context") else max(1, len(every) // 3)
        for change in every[::step]:
            tried += 1
            report = campus.verify(bent(badge, path, change))
            assert report.verdict is not Verdict.VALID, (path, change)
    assert tried > 400


@pytest.mark.parametrize("value", [None, 1, True, "x", [], {}, [[]], [None], {"id": []}], ids=repr)
def test_any_part_of_any_other_shape_ends_in_a_report(campus: Campus, value: Any) -> None:
    badge = campus.judged_badge(judges=1)
    for path in paths(badge):
        report = campus.verify(bent(badge, path, value))
        assert report.verdict is not Verdict.VALID, (path, value)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"evil": "unsigned"}, "signature"),
        ({"http://schema.org/name": "unsigned"}, "signature"),
        ({"validUntil": None}, "structure"),
        ({"name": None}, "structure"),
        ({"@vocab": "https://evil.example/"}, "structure"),
        ({"type": ["VerifiableCredential", "AchievementCredential", "Invented"]}, "structure"),
        ({"@context": [{"evil": "https://evil.example/"}]}, "structure"),
        ({"@context": "https://www.w3.org/ns/credentials/v2"}, "structure"),
        ({"issuer": "did:web:other.example"}, "issuer"),
        ({"proof": []}, "signature"),
        ({"proof": "none"}, "signature"),
        ({"credentialSubject": []}, "structure"),
        ({"credentialSubject": [{"id": "did:key:a"}, {"id": "did:key:b"}]}, "structure"),
        ({"validFrom": "yesterday"}, "structure"),
        ({"credentialStatus": {"id": "https://issuer.example/none"}}, "structure"),
    ],
)
def test_badge_with_members_bent_after_signing_is_refused(
    campus: Campus, changes: JsonObject, expected: str
) -> None:
    report = campus.verify({**campus.badge(), **changes})
    assert report.verdict is Verdict.INVALID
    assert _against(report)[0] == expected


def test_contexts_in_another_order_are_refused(campus: Campus) -> None:
    badge = campus.badge()
    report = campus.verify({**badge, "@context": badge["@context"][::-1]})
    assert _against(report)[0] == "structure"


def test_signature_by_a_key_of_somebody_else_is_refused(campus: Campus) -> None:
    thief = signer(66)
    forged = issue(campus.unsigned_badge(issuer=thief.did), signer=thief, created=NOW) | {
        "issuer": campus.issuer.did
    }
    assert _against(campus.verify(forged)) == ("issuer", "issuer-mismatch")


def test_signature_by_a_key_without_assertion_method_is_refused(campus: Campus) -> None:
    badge = campus.badge()
    campus.publish_keys(assertionMethod=[])
    assert _against(campus.verify(badge)) == ("key", "key-not-authorised")


def test_proof_made_for_authentication_is_no_assertion(campus: Campus) -> None:
    badge = campus.badge()
    badge["proof"][0]["proofPurpose"] = "authentication"
    assert _against(campus.verify(badge)) == ("signature", "proof-purpose")


def test_issuer_that_cannot_be_reached_leaves_the_badge_unchecked(campus: Campus) -> None:
    badge = campus.badge()
    campus.library.documents.clear()
    report = campus.verify(badge)
    assert report.verdict is Verdict.UNCHECKED
    assert _against(report) == ("issuer", "issuer-unreachable")


def test_status_list_that_cannot_be_reached_is_never_not_revoked(campus: Campus) -> None:
    badge = campus.badge()
    del campus.library.documents[LIST_URL]
    report = campus.verify(badge)
    assert report.verdict is Verdict.UNCHECKED
    assert _against(report) == ("status", "status-unreachable")
    with pytest.raises(Refused):
        report.verified()


def test_revoked_badge_is_refused_and_its_neighbour_is_not(campus: Campus) -> None:
    campus.publish_status(7)
    assert _against(campus.verify(campus.badge())) == ("status", "revoked")
    campus.publish_status(6, 8)
    assert campus.verify(campus.badge()).verdict is Verdict.VALID


def test_suspended_badge_is_told_from_a_revoked_one_by_the_list_that_its_entry_refers_to(
    campus: Campus,
) -> None:
    suspensions = "https://issuer.example/status/suspension"
    entry = status.entry(list_url=LIST_URL, index=7, purpose="revocation", reference=suspensions)
    badge = campus.badge(credentialStatus=entry)
    campus.publish_status(7)
    assert _against(campus.verify(badge)) == ("status", "revoked")
    listed = status.status_list_credential(
        list_url=suspensions,
        issuer=campus.issuer.did,
        purpose="suspension",
        encoded=status.encode([7]),
        valid_from=NOW,
        valid_until=NOW + timedelta(days=1),
    )
    campus.library.publish(suspensions, issue(listed, signer=campus.issuer, created=NOW))
    assert _against(campus.verify(badge)) == ("status", "suspended")
    campus.publish_status()
    assert campus.verify(badge).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "https://issuer.example/status/2"},
        {"validFrom": "2026-11-20T00:00:00Z", "validUntil": "2026-11-21T00:00:00Z"},
        {"credentialSubject": {"id": f"{LIST_URL}#list", "type": "BitstringStatusList",
                               "statusPurpose": "suspension", "encodedList": status.encode([])}},
        {"credentialSubject": {"id": f"{LIST_URL}#list", "type": "BitstringStatusList",
                               "statusPurpose": "revocation",
                               "encodedList": status.encode([], size=1024)}},
    ],
    ids=["other list", "expired", "other purpose", "short"],
)  # fmt: skip
def test_status_list_that_proves_nothing_leaves_the_badge_unchecked(
    campus: Campus, changes: JsonObject
) -> None:
    campus.publish_status(**changes)
    report = campus.verify(campus.badge())
    assert report.verdict is Verdict.UNCHECKED
    assert _against(report)[0] == "status"


def test_status_list_signed_by_somebody_else_proves_nothing(campus: Campus) -> None:
    campus.publish_status(by=signer(66))
    assert campus.verify(campus.badge()).verdict is Verdict.UNCHECKED


def test_nothing_but_the_did_document_is_fetched_for_a_broken_signature(campus: Campus) -> None:
    badge = campus.badge(name="Other") | {"name": "Changed"}
    campus.verify(badge)
    assert campus.library.asked == ["https://issuer.example/.well-known/did.json"]


@pytest.mark.parametrize(
    ("offset", "outcome"),
    [(-301, Outcome.FAIL), (-299, Outcome.PASS), (0, Outcome.PASS)],
)
def test_badge_is_in_force_from_five_minutes_before_its_date(
    campus: Campus, offset: int, outcome: Outcome
) -> None:
    badge = campus.badge(validFrom="2026-11-22T12:00:00Z", credentialStatus=None)
    step = campus.verify(badge, now=NOW + timedelta(seconds=offset)).step("dates")
    assert step is not None
    assert step.outcome is outcome


def test_expired_badge_says_when(campus: Campus) -> None:
    step = campus.verify(campus.badge(validUntil="2026-11-01T00:00:00Z")).step("dates")
    assert step is not None
    assert (step.outcome, step.sentence) == (Outcome.FAIL, "It expired on 1 November 2026.")


def test_holder_may_not_endorse_their_own_badge(campus: Campus) -> None:
    badge = campus.badge(endorsement=[campus.endorsement(campus.holder)])
    assert _against(campus.verify(badge)) == ("endorsements", "endorsed-by-holder")


def test_one_judge_does_not_count_twice(campus: Campus) -> None:
    twice = [campus.endorsement(campus.judge(1)), campus.endorsement(campus.judge(1))]
    twice[1] = issue(
        {key: value for key, value in twice[1].items() if key != "proof"}
        | {"id": "urn:uuid:00000000-0000-4000-8000-00000000aaaa"},
        signer=campus.judge(1),
        created=NOW,
    )
    report = campus.verify(campus.badge(endorsement=twice))
    assert _against(report) == ("endorsements", "endorsed-twice")


def test_endorsement_of_another_badge_does_not_count(campus: Campus) -> None:
    foreign = campus.endorsement(campus.judge(1), about=BADGE_ID + "0")
    report = campus.verify(campus.badge(endorsement=[foreign]))
    assert _against(report) == ("endorsements", "endorsement-subject")


def test_endorsement_broken_before_the_badge_was_signed_is_found(campus: Campus) -> None:
    forged = campus.endorsement(campus.judge(1))
    forged["credentialSubject"]["endorsementComment"] = "Beyond masters level."
    report = campus.verify(campus.badge(endorsement=[forged]))
    assert _against(report) == ("endorsements", "signature")


def test_suite_that_is_not_known_is_said_to_be_unchecked(campus: Campus) -> None:
    badge = campus.badge()
    badge["proof"][0]["cryptosuite"] = "bbs-2023"
    report = campus.verify(badge)
    assert report.verdict is Verdict.UNCHECKED
    assert "bbs-2023" in report.steps[-1].sentence


@pytest.mark.parametrize(
    "source",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 123456789012345678901234567890}',
        b'{"a": "\\ud800"}',
        b"\xff\xfe{}",
        b"[]",
        b"",
        b'{"a":' * 40 + b"1" + b"}" * 40,
        b"[" * 100_000,
        b'{"a": "' + b"x" * 300_000 + b'"}',
    ],
    ids=["duplicate key", "NaN", "infinite", "huge integer", "lone surrogate", "not UTF-8",
         "a list", "empty", "deep", "very deep", "large"],
)  # fmt: skip
def test_document_that_two_readers_could_read_differently_is_refused(
    campus: Campus, source: bytes
) -> None:
    report = campus.verify(source)
    assert report.verdict is Verdict.INVALID
    assert _against(report)[0] == "structure"


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        ("urn:uuid:1", "/relatedResource/0"),
        ({"id": "https://issuer.example/a"}, "/relatedResource/0"),
        ({"digestSRI": "sha384-x"}, "/relatedResource/0/id"),
        ({"id": "no url", "digestSRI": "sha384-x"}, "/relatedResource/0/id"),
        ([{"id": "https://issuer.example/a", "digestSRI": "x"}] * 2, "/relatedResource/1"),
    ],
)
def test_related_resource_without_its_digest_is_no_credential(
    campus: Campus, resource: Any, place: str
) -> None:
    step = campus.verify({**campus.badge(), "relatedResource": resource}).step("structure")
    assert step is not None
    assert step.outcome is Outcome.FAIL
    assert place in step.sentence
