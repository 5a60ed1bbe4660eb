"""A transcript is a learner record from which anybody reads which badge fills which requirement."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from campus import NOW
from ed25519_keys import signer
from published_schemas import CLR, faults
from studies import PROGRAMME_URL, UNIVERSITY, Studies

from degree.award import Earned, degree_credential
from degree.transcript import parts, transcript
from vc import did
from vc.documents import LARGEST_RECORD, JsonObject, written
from vc.issue import issue
from vc.model import Verdict

KEY = signer(4, f"{UNIVERSITY}#key-1")
REQUIREMENTS = f"{PROGRAMME_URL}#awards.PGCert.buckets"


@pytest.fixture
def studies() -> Studies:
    studies = Studies()
    studies.campus.library.publish(
        "https://localhost:8000/issuer/university/did.json",
        did.document(UNIVERSITY, [("key-1", KEY.public_key)]),
    )
    return studies


def _signed(earned: Earned, badges: list[JsonObject], **changes: Any) -> JsonObject:
    degree = degree_credential(
        earned, credential_id="urn:uuid:00000000-0000-4000-8000-000000000001"
    )
    record = transcript(
        earned,
        degree=issue(degree, signer=KEY, created=NOW),
        badges=badges,
        credential_id="urn:uuid:00000000-0000-4000-8000-000000000002",
        **changes,
    )
    return issue(record, signer=KEY, created=NOW)


def _certificate(studies: Studies) -> JsonObject:
    _card, journal, ethics, *electives = studies.certificate()
    earned = studies.earned(
        (journal, "reflective_practice"),
        (ethics, "ethics_and_inclusion"),
        *((elective, "electives") for elective in electives),
    )
    return _signed(earned, [journal, ethics, *electives])


def _below(record: JsonObject, target: str, *, kind: str) -> set[str]:
    return {
        one["sourceId"]
        for one in record["credentialSubject"]["association"]
        if (one["targetId"], one["associationType"]) == (target, kind)
    }


def test_a_transcript_keeps_to_the_published_schema(studies: Studies, vectors: Path) -> None:
    assert faults(_certificate(studies), CLR, vectors) == []


def test_a_transcript_verifies_with_the_degree_and_every_badge(studies: Studies) -> None:
    report = studies.campus.verify(_certificate(studies))
    assert report.verdict is Verdict.VALID, report.steps
    assert report.steps[-1].sentence == "Each of the 6 credentials in it holds."


def test_a_transcript_with_a_changed_badge_does_not_verify(studies: Studies) -> None:
    _card, journal, *_ = studies.certificate()
    forged = {**journal, "name": "Reflective journal, with distinction"}
    report = studies.campus.verify(
        _signed(studies.earned((journal, "reflective_practice")), [forged])
    )
    assert report.verdict is Verdict.INVALID


def test_the_tree_leads_from_the_award_to_the_requirements_to_the_badges(
    studies: Studies,
) -> None:
    record = _certificate(studies)
    subject = record["credentialSubject"]
    (degree, *_) = subject["verifiableCredential"]
    award = degree["credentialSubject"]["achievement"]["id"]
    requirements = {one["id"]: one["name"] for one in subject["achievement"]}
    assert _below(record, award, kind="isChildOf") == set(requirements)
    assert requirements == {
        f"{REQUIREMENTS}.reflective_practice": "Reflective practice",
        f"{REQUIREMENTS}.ethics_and_inclusion": "Ethics and inclusion",
        f"{REQUIREMENTS}.electives": "Electives",
    }
    badges = [_below(record, one, kind="isPartOf") for one in requirements]
    assert badges == [
        {f"https://issuer.example/credentials/{number}" for number in numbers}
        for numbers in ((1,), (2,), (3, 4, 5))
    ]


def test_every_achievement_of_the_tree_is_in_the_transcript(studies: Studies) -> None:
    record = _certificate(studies)
    subject: Mapping[str, Any] = record["credentialSubject"]
    asserted = [
        one["credentialSubject"]["achievement"]["id"] for one in subject["verifiableCredential"]
    ]
    known = {*asserted, *(one["id"] for one in subject["achievement"])}
    for one in subject["association"]:
        if one["associationType"] == "isChildOf":
            assert {one["sourceId"], one["targetId"]} <= known


def test_badges_of_one_achievement_that_fill_two_requirements_are_told_apart(
    studies: Studies,
) -> None:
    first, second = studies.badge(1), studies.badge(2)
    record = _signed(
        studies.earned((first, "reflective_practice"), (second, "electives")), [first, second]
    )
    achievement = first["credentialSubject"]["achievement"]["id"]
    for bucket, badge in (("reflective_practice", first), ("electives", second)):
        requirement = f"{REQUIREMENTS}.{bucket}"
        assert _below(record, requirement, kind="isChildOf") == {achievement}
        assert _below(record, requirement, kind="isPartOf") == {badge["id"]}


def test_a_badge_that_fills_two_requirements_stands_below_both_and_counts_once(
    studies: Studies,
) -> None:
    badge = studies.badge(1)
    earned = studies.earned((badge, "reflective_practice", "electives"))
    record = _signed(earned, [badge])
    for bucket in ("reflective_practice", "electives"):
        assert _below(record, f"{REQUIREMENTS}.{bucket}", kind="isPartOf") == {badge["id"]}
    assert len(record["credentialSubject"]["verifiableCredential"]) == 2
    (degree, _) = record["credentialSubject"]["verifiableCredential"]
    assert degree["credentialSubject"]["creditsEarned"] == 20
    assert "reflective practice and electives" in degree["evidence"][0]["description"]


def test_a_transcript_names_the_holder_as_the_award_does(studies: Studies) -> None:
    badge = studies.badge(1)
    earned = studies.earned((badge, "electives"), holder_name="Ámina Òtienọ")
    record = _signed(earned, [badge])
    degree = record["credentialSubject"]["verifiableCredential"][0]
    for document in (record, degree):
        (identity,) = document["credentialSubject"]["identifier"]
        assert identity["identityHash"] == "Ámina Òtienọ"


def test_badges_that_one_transcript_cannot_hold_are_divided(studies: Studies) -> None:
    badges = [{**studies.badge(1), "id": f"urn:x:{one}", "name": "x" * 20_000} for one in range(70)]
    divided = parts(badges)
    assert [badge for part in divided for badge in part] == badges
    assert len(divided) == 3
    assert all(sum(len(written(badge)) for badge in part) < LARGEST_RECORD for part in divided)


def test_badges_of_many_judges_are_divided_by_what_canonical_forms_may_hold(
    studies: Studies,
) -> None:
    judged = {**studies.badge(1), "endorsement": [{}] * 100}
    assert [len(part) for part in parts([judged] * 5)] == [2, 2, 1]


def test_badge_that_fills_a_transcript_alone_stands_alone(studies: Studies) -> None:
    large = {**studies.badge(1), "name": "x" * LARGEST_RECORD}
    assert [len(part) for part in parts([large, large])] == [1, 1]
    assert parts([]) == ((),)


def test_the_second_part_of_a_transcript_says_so_and_verifies(studies: Studies) -> None:
    first, second = studies.badge(1), studies.badge(2)
    earned = studies.earned((first, "reflective_practice"), (second, "electives"))
    record = _signed(earned, [second], part=2, of=2)
    assert record["name"].endswith("(2 of 2)")
    assert _below(record, f"{REQUIREMENTS}.electives", kind="isPartOf") == {second["id"]}
    assert _below(record, f"{REQUIREMENTS}.reflective_practice", kind="isPartOf") == set()
    assert studies.campus.verify(record).verdict is Verdict.VALID
