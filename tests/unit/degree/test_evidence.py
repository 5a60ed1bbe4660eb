"""What presented credentials say to the degree rules, and what they may not say."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from operator import getitem
from typing import Any

import pytest
from campus import NOW, Campus

from degree.evidence import Evidence, digest_of, records_from, status_of
from degree.rules.records import Judge, Role, Status
from vc import status
from vc.documents import JsonObject
from vc.issue import issue

COMMUNITY = frozenset({"did:web:issuer.example"})
CIRCLE = "https://issuer.example/circles/north"
ACTIVITY = "https://issuer.example/activities/lesson-study"


def facts(campus: Campus, **changes: Any) -> JsonObject:
    """The credentialSubject of a badge as the community's issuer writes it."""
    achievement = {
        **campus.unsigned_badge()["credentialSubject"]["achievement"],
        "achievementType": "MicroCredential",
        "humanCode": "lesson-study",
        "tag": ["research_methods"],
        "alignment": [
            _alignment("FHEQ", "7", targetType="CFItem"),
            _alignment("EQF", "7"),
            _alignment("Learnometer contexts", "ke-secondary"),
        ],
    }
    subject: JsonObject = {
        **campus.unsigned_badge()["credentialSubject"],
        "activityStartDate": "2026-01-10T09:00:00Z",
        "activityEndDate": "2026-03-20T17:00:00Z",
        "role": "co_provider",
        "source": {"id": CIRCLE, "type": ["Profile"], "name": "North"},
        "achievement": achievement | changes.pop("achievement", {}),
    }
    return {key: value for key, value in (subject | changes).items() if value is not None}


def _alignment(framework: str, code: str, **more: str) -> JsonObject:
    return {
        "type": ["Alignment"],
        "targetFramework": framework,
        "targetCode": code,
        "targetName": f"{framework} {code}",
        "targetUrl": f"https://frameworks.example/{code}",
        **more,
    }


def badge(campus: Campus, *, judges: int = 3, **changes: Any) -> JsonObject:
    activity = {"id": ACTIVITY, "type": ["Evidence"], "name": "Study", "genre": "activity"}
    credential: JsonObject = {
        "credentialSubject": facts(campus),
        "evidence": [activity, *campus.unsigned_badge()["evidence"]],
        "endorsement": [campus.endorsement(campus.judge(number)) for number in range(judges)],
        "awardedDate": "2026-03-28T10:00:00Z",
    }
    return campus.badge(**credential | changes)


def evidence(campus: Campus, *credentials: JsonObject) -> Evidence:
    return records_from(
        [campus.verify(credential) for credential in credentials],
        holder=campus.holder.did,
        membership_issuers=COMMUNITY,
    )


def test_badge_becomes_a_record_with_everything_that_rules_look_at() -> None:
    campus = Campus()
    presented = badge(campus)
    (record,) = evidence(campus, presented).records
    assert record.credits_tenths == 125
    assert (record.level, record.role, record.rpl) == (7, Role.CO_PROVIDER, False)
    assert (record.activity_start, record.activity_end) == (date(2026, 1, 10), date(2026, 3, 20))
    assert record.issued == date(2026, 3, 28)
    assert record.issuer == "did:web:issuer.example"
    assert (record.code, record.kind) == ("lesson-study", "MicroCredential")
    assert (record.activity, record.circle) == (ACTIVITY, CIRCLE)
    assert record.tags == {"research_methods"}
    assert record.contexts == {"ke-secondary"}
    assert evidence(campus, presented).context_names == {
        "ke-secondary": "Learnometer contexts ke-secondary"
    }
    assert record.judges == tuple(Judge(campus.judge(number).did) for number in range(3))
    assert record.status is Status.VALID
    assert record.digest == digest_of(presented)


def in_context(campus: Campus, number: int, **alignment: str) -> JsonObject:
    """A badge whose only context is named like this."""
    level = _alignment("FHEQ", "7")
    context = _alignment("Learnometer contexts", "ke-secondary", **alignment)
    subject = facts(campus, achievement={"alignment": [level, context]})
    id_ = f"https://issuer.example/credentials/{number}"
    return badge(campus, id=id_, credentialSubject=subject)


def test_context_that_badges_name_differently_keeps_its_code() -> None:
    campus = Campus()
    same = [in_context(campus, number, targetName="Kenya") for number in (1, 2)]
    assert evidence(campus, *same).context_names == {"ke-secondary": "Kenya"}
    other = in_context(campus, 3, targetName="Ireland")
    assert evidence(campus, *same, other).context_names == {}


def test_badge_that_does_not_hold_names_no_context() -> None:
    campus = Campus()
    presented = in_context(campus, 1, targetName="Kenya")
    presented["awardedDate"] = "2026-03-29T10:00:00Z"
    assert evidence(campus, presented).context_names == {}


def test_the_issuer_is_not_counted_among_the_judges() -> None:
    campus = Campus()
    own = campus.endorsement(campus.issuer)
    presented = badge(campus, endorsement=[own, campus.endorsement(campus.judge(1))])
    (record,) = evidence(campus, presented).records
    assert record.judges == (Judge(campus.judge(1).did),)


def test_revoked_badge_is_a_record_that_says_so() -> None:
    campus = Campus()
    presented = badge(campus)
    campus.publish_status(7)
    (record,) = evidence(campus, presented).records
    assert record.status is Status.REVOKED


def test_suspended_badge_is_a_record_that_says_so() -> None:
    campus = Campus()
    url = "https://issuer.example/status/2"
    suspended = status.status_list_credential(
        list_url=url,
        issuer=campus.issuer.did,
        purpose="suspension",
        encoded=status.encode([7]),
        valid_from=NOW - timedelta(hours=1),
        valid_until=NOW + timedelta(hours=1),
    )
    campus.library.publish(url, issue(suspended, signer=campus.issuer, created=NOW))
    entry = status.entry(list_url=url, index=7, purpose="suspension")
    (record,) = evidence(campus, badge(campus, credentialStatus=entry)).records
    assert record.status is Status.SUSPENDED


def test_expired_badge_is_a_record_that_says_so() -> None:
    campus = Campus()
    presented = badge(campus, validUntil="2026-11-01T00:00:00Z")
    (record,) = evidence(campus, presented).records
    assert record.status is Status.EXPIRED


def test_badge_whose_status_is_out_of_reach_stays_open_with_its_judges() -> None:
    campus = Campus()
    presented = badge(campus)
    campus.library.documents.pop("https://issuer.example/status/1")
    (record,) = evidence(campus, presented).records
    assert record.status is Status.UNKNOWN
    assert len(record.judges) == 3


def test_changed_badge_is_listed_and_nothing_of_it_is_read() -> None:
    campus = Campus()
    presented = badge(campus)
    presented["credentialSubject"]["creditsEarned"] = 120
    found = evidence(campus, presented)
    assert found.records == ()
    assert found.not_records[0].status is Status.INVALID
    assert "changed after it was signed" in found.not_records[0].reason


def test_badge_endorsed_by_its_holder_is_invalid() -> None:
    campus = Campus()
    presented = badge(campus, endorsement=[campus.endorsement(campus.holder)])
    assert status_of(campus.verify(presented)) is Status.INVALID
    assert evidence(campus, presented).records == ()


def test_what_is_no_credential_at_all_is_listed() -> None:
    campus = Campus()
    (listed,) = evidence(campus, {"type": "nothing"}).not_records
    assert listed.status is Status.INVALID


def test_credential_whose_terms_are_not_known_here_is_listed_as_unchecked() -> None:
    campus = Campus()
    presented = badge(campus)
    presented["@context"] = [*presented["@context"], "https://terms.example/v1"]
    (listed,) = evidence(campus, presented).not_records
    assert listed.status is Status.UNKNOWN
    assert "https://terms.example/v1" in listed.reason


def test_badge_of_somebody_else_is_set_aside() -> None:
    campus = Campus()
    presented = badge(campus, credentialSubject=facts(campus, id=campus.judge(9).did))
    (aside,) = evidence(campus, presented).not_records
    assert aside.reason == "it is about somebody else"


def test_the_same_badge_twice_is_one_record() -> None:
    campus = Campus()
    presented = badge(campus)
    found = evidence(campus, presented, presented)
    assert (len(found.records), found.not_records) == (1, ())


def test_another_badge_under_the_same_id_is_set_aside() -> None:
    campus = Campus()
    other = badge(campus, credentialSubject=facts(campus, creditsEarned=60))
    found = evidence(campus, badge(campus), other)
    assert found.records[0].credits_tenths == 125
    assert found.not_records[0].reason == "it was presented twice"


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"creditsEarned": None}, "/credentialSubject/creditsEarned"),
        ({"creditsEarned": 12.34}, "/credentialSubject/creditsEarned"),
        ({"activityStartDate": None}, "/credentialSubject/activityStartDate"),
        ({"activityEndDate": "2025-01-01T00:00:00Z"}, "/credentialSubject/activityEndDate"),
        ({"role": "organiser"}, "/credentialSubject/role"),
        ({"achievement": {"alignment": []}}, "/credentialSubject/achievement/alignment"),
        (
            {"achievement": {"alignment": [_alignment("FHEQ", "6"), _alignment("FHEQ", "7")]}},
            "/credentialSubject/achievement/alignment",
        ),
        (
            {"achievement": {"alignment": [_alignment("FHEQ", "seven")]}},
            "/credentialSubject/achievement/alignment",
        ),
    ],
)
def test_badge_whose_facts_cannot_be_read_names_the_place(
    changes: dict[str, Any], place: str
) -> None:
    campus = Campus()
    presented = badge(campus, credentialSubject=facts(campus, **changes))
    found = evidence(campus, presented)
    assert found.records == ()
    assert f"cannot be read at {place}:" in found.not_records[0].reason


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"credentialSubject": {"activityEndDate": "9998-03-20T17:00:00Z"}}, "activity_end"),
        ({"credentialSubject": {"creditsEarned": 1_000_000}}, "credits"),
        ({"name": "  "}, "title"),
    ],
)
def test_badge_that_no_decision_record_could_carry_is_set_aside(
    changes: dict[str, Any], place: str
) -> None:
    campus = Campus()
    if "credentialSubject" in changes:
        changes = {"credentialSubject": facts(campus, **changes["credentialSubject"])}
    (aside,) = evidence(campus, badge(campus, **changes)).not_records
    assert aside.reason.startswith(f"it cannot be read: {place} is ")


def test_prior_learning_is_told_from_its_tag() -> None:
    campus = Campus()
    subject = facts(campus, achievement={"tag": ["prior_learning"]})
    (record,) = evidence(campus, badge(campus, credentialSubject=subject)).records
    assert record.rpl


def card(campus: Campus, **subject: Any) -> JsonObject:
    membership = {
        "id": "https://issuer.example/achievements/membership",
        "type": ["Achievement"],
        "achievementType": "Membership",
        "name": "Member",
        "description": "A member.",
        "criteria": {"narrative": "Joined."},
    }
    return campus.badge(
        id="https://issuer.example/credentials/card",
        name="Member of Issuer",
        credentialSubject={
            "id": campus.holder.did,
            "type": ["AchievementSubject"],
            "achievement": membership,
            **subject,
        },
        evidence=None,
    )


def test_membership_card_gives_the_registration_and_no_credit() -> None:
    campus = Campus()
    found = evidence(campus, card(campus, activityStartDate="2023-09-01T00:00:00Z"))
    assert found.registered == date(2023, 9, 1)
    assert found.records == ()
    assert found.not_records[0].reason == "it shows membership, which is no credit"


def test_membership_card_without_a_beginning_counts_from_its_own_day() -> None:
    campus = Campus()
    assert evidence(campus, card(campus)).registered == (NOW - timedelta(days=30)).date()


def test_membership_card_of_a_strange_issuer_registers_nobody() -> None:
    campus = Campus()
    found = records_from(
        [campus.verify(card(campus))],
        holder=campus.holder.did,
        membership_issuers=frozenset({"did:web:other.example"}),
    )
    assert found.registered is None


def test_award_does_not_count_towards_an_award() -> None:
    campus = Campus()
    subject = facts(campus, achievement={"achievementType": "MasterDegree"})
    (aside,) = evidence(campus, badge(campus, credentialSubject=subject)).not_records
    assert aside.reason == "it is an award, and awards do not count towards awards"


def _paths(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            yield (*path, key)
            yield from _paths(node[key], (*path, key))


def test_no_spelling_under_the_same_signature_counts_as_another_record() -> None:
    campus = Campus()
    original = badge(campus, judges=1)
    (expected,) = evidence(campus, original).records
    tried = 0
    for path in _paths(original):
        respelled: Any = copy.deepcopy(original)
        place = reduce(getitem, path[:-1], respelled)
        place[path[-1]] = [place[path[-1]]]
        for record in evidence(campus, respelled).records:
            if record.status is Status.VALID:
                tried += 1
                assert replace(record, digest=expected.digest) == expected, path
    assert tried
