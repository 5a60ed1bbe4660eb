"""An older status list, shown again, does not hide what a newer one said."""

from datetime import timedelta

import pytest
from campus import LIST_URL, NOW, Campus
from ed25519_keys import signer

from vc import status
from vc.errors import Malformed
from vc.issue import issue
from vc.lists_seen import ListsSeen
from vc.model import Outcome, Step, Verdict, timestamp
from vc.verify import verify


def _status(campus: Campus, seen: ListsSeen) -> Step:
    report = verify(campus.badge(), now=NOW, fetcher=campus.library, seen=seen)
    step = report.step("status")
    assert step is not None
    return step


def _publish(campus: Campus, *revoked: int, minutes: int) -> None:
    since = timestamp(NOW - timedelta(minutes=minutes))
    campus.publish_status(*revoked, validFrom=since)


def test_older_list_than_one_seen_before_clears_nobody() -> None:
    campus, seen = Campus(), ListsSeen()
    _publish(campus, minutes=20)
    older = campus.library.documents[LIST_URL]
    assert _status(campus, seen).outcome is Outcome.PASS
    _publish(campus, 7, minutes=10)
    assert _status(campus, seen).code == "revoked"
    campus.library.documents[LIST_URL] = older
    step = _status(campus, seen)
    assert (step.outcome, step.code) == (Outcome.UNKNOWN, "status-rollback")
    _publish(campus, minutes=5)
    assert _status(campus, seen).outcome is Outcome.PASS


def test_list_that_is_not_sound_itself_is_not_remembered() -> None:
    campus, seen = Campus(), ListsSeen()
    since = timestamp(NOW + timedelta(minutes=10))
    campus.publish_status(validFrom=since)
    assert _status(campus, seen).outcome is Outcome.UNKNOWN
    _publish(campus, minutes=20)
    assert _status(campus, seen).outcome is Outcome.PASS


def test_list_of_a_stranger_under_the_same_address_hides_nothing() -> None:
    campus, seen = Campus(), ListsSeen()
    _publish(campus, minutes=20)
    theirs = campus.library.documents[LIST_URL]
    stranger = signer(9)
    campus.publish_status(by=stranger, validFrom=timestamp(NOW))
    badge = issue(
        campus.unsigned_badge(issuer={"id": stranger.did, "type": ["Profile"]}),
        signer=stranger,
        created=NOW,
    )
    assert verify(badge, now=NOW, fetcher=campus.library, seen=seen).verdict is Verdict.VALID
    campus.library.documents[LIST_URL] = theirs
    assert _status(campus, seen).outcome is Outcome.PASS


def test_list_that_is_found_elsewhere_than_it_says_is_not_remembered() -> None:
    campus, seen = Campus(), ListsSeen()
    _publish(campus, minutes=0)
    copy = "https://issuer.example/status/copy"
    campus.library.documents[copy] = campus.library.documents[LIST_URL]
    entry = status.entry(list_url=copy, index=7, purpose="revocation")
    badge = campus.badge(credentialStatus=entry)
    found = verify(badge, now=NOW, fetcher=campus.library, seen=seen).step("status")
    assert found is not None
    assert found.code == "status-list"
    _publish(campus, minutes=20)
    assert _status(campus, seen).outcome is Outcome.PASS


def test_verifier_without_a_memory_takes_each_list_as_it_comes() -> None:
    campus = Campus()
    for minutes in (10, 20):
        _publish(campus, minutes=minutes)
        report = verify(campus.badge(), now=NOW, fetcher=campus.library)
        assert report.verdict is Verdict.VALID


def test_memory_is_bounded_and_forgets_what_it_saw_longest_ago() -> None:
    issuer, seen = "did:web:a.example", ListsSeen(most=2)
    for number in range(3):
        seen.expect_newest(issuer, f"https://a.example/{number}", NOW)
    seen.expect_newest(issuer, "https://a.example/0", NOW - timedelta(1))
    with pytest.raises(Malformed):
        seen.expect_newest(issuer, "https://a.example/2", NOW - timedelta(1))
    seen.expect_newest(issuer, "https://a.example/2", None)
