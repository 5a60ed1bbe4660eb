"""Facts, findings and prose: what strangers wrote is shown, never trusted, never guessed."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from campus import LIST_URL, NOW, Campus
from hypothesis import given, settings
from hypothesis import strategies as st
from studies import Studies

from degree.award import degree_credential
from degree.transcript import transcript
from wallet.badge import Badge, read_badge
from wallet.finding import Registration, find
from wallet.prose import prose
from wallet.shown import LinkedIn, place_of

KNOWN = Registration("Learnometer community", "The issuer is registered here.")


def facts(document: dict[str, Any]) -> Badge:
    return read_badge(document, short_id="LM-1")


def test_facts_of_a_judged_badge() -> None:
    badge = facts(Campus().judged_badge(3))
    assert (badge.name, badge.seed) == (
        "Lesson study",
        "https://issuer.example/achievements/lesson-study",
    )
    assert badge.credits == "12.5 UK credits (6.25 ECTS)"
    assert badge.tags == ("lesson study", "research methods")
    assert [judge.comment for judge in badge.judges] == ["At masters level."] * 3
    assert badge.issued == NOW - timedelta(days=30)
    assert badge.expires is None


def test_facts_of_a_transcript_are_its_own_and_its_badges_stand_below_what_they_fill() -> None:
    studies = Studies()
    journal, ethics = studies.badge(1), studies.badge(2, credits_=5)
    earned = studies.earned((journal, "reflective_practice"), (ethics, "ethics_and_inclusion"))
    degree = {**degree_credential(earned, credential_id="urn:x:degree"), "proof": {}}
    record = transcript(
        earned, degree=degree, badges=[journal, ethics], credential_id="urn:x:record"
    )
    badge = facts(record)
    title = "Postgraduate Certificate, MSc Learning Practice (Learnometer)"
    assert (badge.name, badge.kind) == (f"Transcript: {title}", "Learner record")
    assert badge.criteria == ""
    assert [(part.name, [one.credits for one in part.badges]) for part in badge.holds] == [
        ("", ["25 UK credits (12.5 ECTS)"]),
        ("Reflective practice", ["20 UK credits (10 ECTS)"]),
        ("Ethics and inclusion", ["5 UK credits (2.5 ECTS)"]),
    ]
    assert badge.holds[0].badges[0].name == title


def test_level_context_and_results_are_found_by_what_they_name() -> None:
    achievement = {
        "alignment": [
            {"targetFramework": "FHEQ", "targetCode": "7"},
            {"targetFramework": "Learnometer contexts", "targetName": "Kenya"},
            {"targetFramework": "Learnometer contexts", "targetName": "Leeds"},
        ],
        "resultDescription": [
            {"id": "#quality", "name": "Quality", "rubricCriterionLevel": [
                {"id": "#merit", "name": "Merit"}]},
            {"id": "#ballot", "name": "Ballot"},
        ],
    }  # fmt: skip
    results = [
        {"resultDescription": "#quality", "achievedLevel": "#merit"},
        {"resultDescription": "#ballot", "value": "26 yes of 28 cast, 35 eligible"},
        {"resultDescription": "#unknown"},
    ]
    badge = facts({"credentialSubject": {"achievement": achievement, "result": results}})
    assert (badge.level, badge.contexts) == ("7", ("Kenya", "Leeds"))
    assert [result.pair for result in badge.results] == [
        ("Quality", "Merit"),
        ("Ballot", "26 yes of 28 cast, 35 eligible"),
    ]


def test_only_web_addresses_become_links() -> None:
    evidence = [
        {"id": "javascript:alert(1)", "name": "A"},
        {"id": "https://a.example", "name": "B"},
    ]
    badge = facts({"evidence": evidence})
    assert [piece.url for piece in badge.evidence] == ["", "https://a.example"]


TERMS = (
    *("id", "name", "achievement", "alignment", "result", "resultDescription", "criteria"),
    *("narrative", "rubricCriterionLevel", "source", "creditsEarned"),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab:#"),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(
            st.sampled_from(TERMS),
            children,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["credentialSubject", "evidence", "endorsement"]), JSON))
@settings(max_examples=80, deadline=None)
def test_no_shape_of_a_credential_breaks_the_page(document: dict[str, Any]) -> None:
    facts(document)


@pytest.mark.parametrize("value", [True, "20", 0, -1, 10_000, None, [], {}])
def test_credits_that_make_no_sense_are_left_out(value: object) -> None:
    assert facts({"credentialSubject": {"creditsEarned": value}}).credits == ""


def test_registered_issuer_is_named_and_a_stranger_is_a_warning() -> None:
    report = Campus().verify(Campus().badge())
    known = find(report, registration=KNOWN)
    assert known.kind == "valid"
    assert known.sentence.startswith("Learnometer community signed this badge")
    stranger = find(report, registration=Registration(None, "The issuer is a stranger."))
    assert (stranger.kind, stranger.says_who) == ("warning", True)
    assert stranger.sentence.endswith("the badge is in force. The issuer is a stranger.")


def test_revoked_is_invalid_unreachable_is_unchecked_and_expired_is_a_warning() -> None:
    campus = Campus()
    campus.publish_status(7)
    finding = find(campus.verify(campus.badge()), registration=KNOWN)
    assert (finding.kind, finding.sentence) == ("invalid", "It was revoked by its issuer.")
    del campus.library.documents[LIST_URL]
    finding = find(campus.verify(campus.badge()), registration=KNOWN)
    assert finding.kind == "could not be checked"
    campus = Campus()
    expired = campus.badge(validUntil="2026-11-01T00:00:00Z")
    finding = find(campus.verify(expired), registration=KNOWN)
    assert finding.kind == "warning"
    assert "It expired on 1 November 2026." in finding.sentence


def test_expired_and_revoked_is_revoked() -> None:
    campus = Campus()
    campus.publish_status(7)
    expired = campus.badge(validUntil="2026-11-01T00:00:00Z")
    assert find(campus.verify(expired), registration=KNOWN).kind == "invalid"


def test_with_a_broken_signature_nothing_can_be_said() -> None:
    campus = Campus()
    finding = find(campus.verify(campus.badge() | {"name": "X"}), registration=KNOWN)
    assert (finding.kind, finding.says_who) == ("invalid", False)


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold**", "<strong>bold</strong>"),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](https://a.example)", 'rel="nofollow noopener noreferrer"'),
    ],
)
def test_prose_keeps_emphasis_and_drops_what_could_act(markdown: str, shown: str) -> None:
    assert shown in prose(markdown)


def test_prose_shows_no_pictures() -> None:
    assert "<img" not in prose("![a](https://tracker.example/pixel.png)")


def test_linkedin_values_are_encoded_and_an_absent_expiry_is_left_out() -> None:
    fields = LinkedIn(
        name="Ethics & practice #1: é",
        organisation="A&B",
        issued=datetime(2026, 3, 1, tzinfo=UTC),
        expires=None,
        url="https://a.example/x?y=1&z",
        id="LM-1",
    )
    query = parse_qs(urlsplit(fields.address).query)
    assert query["name"] == ["Ethics & practice #1: é"]
    assert query["certUrl"] == ["https://a.example/x?y=1&z"]
    assert (query["issueYear"], query["issueMonth"]) == (["2026"], ["3"])
    assert "expirationYear" not in query


def test_issuer_is_placed_where_its_did_lives() -> None:
    assert place_of("did:web:localhost%3A8000:issuer:learnometer") == "localhost:8000"
    assert place_of("https://issuer.example/1") == "issuer.example"
    assert place_of("did:key:z6Mk") == "did:key:z6Mk"
