"""Whom a badge is about: a DID, or an identifier in plain text or hashed with a salt."""

import pytest
from campus import NOW, Campus
from hypothesis import given
from hypothesis import strategies as st

from vc.documents import JsonObject
from vc.issue import issue
from vc.model import Outcome, Step, Verdict
from vc.recipient import LONGEST
from vc.verify import verify

# Open Badges 3.0, appendix on hashing: a@example.com with the salt Kosher.
HASH = "sha256$b5809d8a92f8858436d7e6b87c12ebc0ae1eac4baecc2c0b913aee2c922ef399"
CAMPUS = Campus()


def _badge(**identity: object) -> JsonObject:
    unsigned = CAMPUS.unsigned_badge()
    subject = {k: v for k, v in unsigned["credentialSubject"].items() if k != "id"}
    whole = {"type": "IdentityObject", "identityType": "emailAddress", "hashed": True, **identity}
    subject["identifier"] = [whole]
    return issue({**unsigned, "credentialSubject": subject}, signer=CAMPUS.issuer, created=NOW)


def _found(badge: JsonObject, known: str) -> Step:
    report = verify(badge, now=NOW, fetcher=CAMPUS.library, recipient=known)
    step = report.step("recipient")
    assert step is not None
    assert (report.verdict is Verdict.VALID) is (step.outcome is Outcome.PASS)
    return step


@pytest.mark.parametrize(
    "identity",
    [
        {"identityHash": HASH, "salt": "Kosher"},
        {"identityHash": HASH.upper().replace("SHA256", "sha256"), "salt": "Kosher"},
        {"identityHash": "a@example.com", "hashed": False},
        {"identityHash": "md5$ddd142639a792e74751ee7e129237efa", "salt": "Kosher"},
        {"identityHash": "sha256$08168cd80dfd534ab0f10af10f1303fe00af2d43ab5c1432360d137f8197e17a"},
    ],
)
def test_badge_is_about_the_one_whom_its_identifier_names(identity: JsonObject) -> None:
    assert _found(_badge(**identity), "a@example.com").outcome is Outcome.PASS
    assert _found(_badge(**identity), " mailto:a@example.com ").outcome is Outcome.PASS
    assert _found(_badge(**identity), "a@EXAMPLE.com").outcome is Outcome.PASS
    for other in ("b@example.com", "A@example.com", "a@example.co"):
        assert _found(_badge(**identity), other).outcome is Outcome.FAIL
    for other_kind in (HASH, "did:key:z6Mk", "anna"):
        assert _found(_badge(**identity), other_kind).code == "recipient-kind"


@pytest.mark.parametrize(
    "identity",
    [
        {"identityHash": HASH},  # without the salt that it was made with
        {"identityHash": HASH, "salt": "Halal"},
        {"identityHash": HASH.removeprefix("sha256$"), "salt": "Kosher"},
        {"identityHash": HASH.replace("sha256", "sha512"), "salt": "Kosher"},
        {"identityHash": "sha256$", "salt": "Kosher"},
        {"identityHash": "sha256$é", "salt": "Kosher"},
        {"identityHash": "a@example.com", "hashed": True},
        {"identityHash": HASH, "hashed": False, "salt": "Kosher"},
    ],
)
def test_hash_that_is_not_theirs_names_somebody_else(identity: JsonObject) -> None:
    step = _found(_badge(**identity), "a@example.com")
    assert (step.outcome, step.sentence) == (
        Outcome.FAIL,
        "It is about somebody else than a@example.com.",
    )


def test_badge_is_about_the_did_that_it_names() -> None:
    badge = CAMPUS.badge()
    assert _found(badge, CAMPUS.holder.did).outcome is Outcome.PASS
    assert _found(badge, CAMPUS.issuer.did).outcome is Outcome.FAIL


def test_names_of_another_kind_are_not_compared() -> None:
    by_email = _found(CAMPUS.badge(), "a@example.com")
    assert (by_email.outcome, by_email.code) == (Outcome.UNKNOWN, "recipient-kind")
    assert "by an e-mail address" in by_email.sentence
    assert _found(CAMPUS.badge(), "Anna").code == "recipient-kind"
    by_name = _badge(identityType="userName", identityHash="anna", hashed=False)
    assert _found(by_name, "anna").outcome is Outcome.PASS
    assert _found(by_name, "berta").outcome is Outcome.FAIL
    assert _found(by_name, "a@example.com").code == "recipient-kind"
    of_no_kind = _badge(identityType="ext:card", identityHash="7", hashed=False)
    assert _found(of_no_kind, "did:key:z6Mk").outcome is Outcome.FAIL
    assert _found(of_no_kind, "Anna").outcome is Outcome.FAIL


def test_email_address_that_is_the_subjects_id_is_compared() -> None:
    unsigned = CAMPUS.unsigned_badge()
    subject = {**unsigned["credentialSubject"], "id": "mailto:a@example.com"}
    badge = issue({**unsigned, "credentialSubject": subject}, signer=CAMPUS.issuer, created=NOW)
    for spelled in ("a@example.com", "mailto:a@example.com"):
        assert _found(badge, spelled).outcome is Outcome.PASS
    assert _found(badge, "b@example.com").outcome is Outcome.FAIL
    assert _found(badge, "did:key:z6Mk").code == "recipient-kind"


@pytest.mark.parametrize("known", ["\udcff", "a\udcff@example.com"])
def test_half_a_character_names_nobody(known: str) -> None:
    assert _found(_PLAIN, known).outcome is not Outcome.PASS


@pytest.mark.parametrize("known", [" ", "x" * (LONGEST + 1)])
def test_nobody_named_is_nobody(known: str) -> None:
    assert _found(CAMPUS.badge(), known).outcome is Outcome.UNKNOWN


def test_recipient_is_not_asked_about_unless_named_nor_of_a_forgery() -> None:
    badge = CAMPUS.badge()
    assert verify(badge, now=NOW, fetcher=CAMPUS.library).step("recipient") is None
    forged = {**badge, "name": "Forged"}
    report = verify(forged, now=NOW, fetcher=CAMPUS.library, recipient=CAMPUS.holder.did)
    assert report.step("recipient") is None


@given(st.text(max_size=400))
def test_any_text_ends_in_a_step(known: str) -> None:
    if known:
        report = verify(_PLAIN, now=NOW, fetcher=CAMPUS.library, recipient=known)
        assert report.step("recipient") is not None


_PLAIN = _badge(identityHash=HASH, salt="Kosher")
