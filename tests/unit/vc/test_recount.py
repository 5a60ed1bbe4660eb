"""Votes counted again: what a badge states against what its judges signed and its policy asks."""

from typing import Any

import pytest
from campus import NOW, Campus

from vc.documents import JsonObject
from vc.encoding import digest_multibase
from vc.issue import issue
from vc.model import Outcome, Step, Verdict

POLICY_URL = "https://issuer.example/rules/policy"
RUBRIC_URL = "https://issuer.example/rules/rubric"
EVIDENCE_URL = "https://issuer.example/evidence/1"
POLICY = b"policy: example\nversion: '1'\npanel:\n  passes:\n    yes_votes: 3\n"
RUBRIC = b"rubric: example\nversion: '1'\n"
ACHIEVEMENT = "https://issuer.example/achievements/lesson-study"


@pytest.fixture(name="campus")
def _campus() -> Campus:
    campus = Campus()
    campus.library.documents |= {POLICY_URL: POLICY, RUBRIC_URL: RUBRIC}
    return campus


def _bound(policy: bytes = POLICY) -> list[JsonObject]:
    return [
        {"id": url, "digestMultibase": digest_multibase(content), "mediaType": media_type}
        for url, content, media_type in (
            (EVIDENCE_URL, b"A lesson plan.", "text/plain"),
            (RUBRIC_URL, RUBRIC, "application/yaml"),
            (POLICY_URL, policy, "application/yaml"),
        )
    ]


def _badge(
    campus: Campus,
    *,
    judges: int = 4,
    panel: str = "4 yes of 5 cast, 5 eligible",
    level: str | None = "26 yes of 28 cast, 35 eligible",
    bound: list[JsonObject] | None = None,
    judged: list[JsonObject] | None = None,
    last_word: str | None = None,
    by_issuer: bool = False,
) -> JsonObject:
    bound = _bound() if bound is None else bound
    stated = {"panel-ballot": panel, "level-ballot": level, "last-word": last_word}
    unsigned = campus.unsigned_badge(relatedResource=bound or None)
    subject = unsigned["credentialSubject"]
    described = [
        {"id": f"{ACHIEVEMENT}#{name}", "type": ["ResultDescription"], "name": name,
         "resultType": "Result"}
        for name in stated
    ]  # fmt: skip
    subject["achievement"] = {**subject["achievement"], "resultDescription": described}
    subject["result"] = [
        {"type": ["Result"], "resultDescription": f"{ACHIEVEMENT}#{name}", "value": value}
        for name, value in stated.items()
        if value is not None
    ]
    signers = [campus.judge(number) for number in range(judges)]
    signers += [campus.issuer] if by_issuer else []
    unsigned["endorsement"] = [
        _endorsement(campus, signer, bound if judged is None else judged) for signer in signers
    ]
    if not unsigned["endorsement"]:
        del unsigned["endorsement"]
    return issue(unsigned, signer=campus.issuer, created=NOW)


def _endorsement(campus: Campus, signer: Any, bound: list[JsonObject]) -> JsonObject:
    made = campus.endorsement(signer)
    made.pop("proof")
    if bound:
        made["relatedResource"] = bound
    return issue(made, signer=signer, created=NOW)


def _recount(campus: Campus, badge: JsonObject) -> Step | None:
    return campus.verify(badge).step("recount")


def test_report_says_who_could_judge_who_did_and_what_of_it_is_proven(campus: Campus) -> None:
    badge = _badge(campus)
    step = _recount(campus, badge)
    assert step is not None
    assert step.sentence == (
        "Of its activity's participants 35 could judge, 28 did, and 26 said yes; this is its "
        "issuer's count. On its panel 4 of 5 said yes, and each of them signed; the policy that "
        "it names asks for 3."
    )
    assert campus.verify(badge).verdict is Verdict.VALID


def test_issuer_that_endorses_its_own_badge_is_no_judge(campus: Campus) -> None:
    step = _recount(campus, _badge(campus, by_issuer=True))
    assert step is not None
    assert step.outcome is Outcome.PASS
    step = _recount(campus, _badge(campus, judges=3, by_issuer=True))
    assert step is not None
    assert step.code == "recount-votes"


@pytest.mark.parametrize("last_word", ["a moderator", "an appeal"])
def test_second_look_has_to_be_stated_and_is_told_as_the_issuers_word(
    campus: Campus, last_word: str
) -> None:
    panel = "2 yes of 5 cast, 5 eligible"
    step = _recount(campus, _badge(campus, judges=2, panel=panel, last_word=last_word))
    assert step is not None
    assert step.outcome is Outcome.PASS
    assert step.sentence.endswith(f"and then {last_word} decided, by its issuer's word.")
    step = _recount(campus, _badge(campus, judges=2, panel=panel, last_word="a friend"))
    assert step is not None
    assert step.code == "recount-threshold"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"judges": 3}, "recount-votes", id="a vote that nobody signed"),
        pytest.param({"judges": 5}, "recount-votes", id="a signature more than votes"),
        pytest.param({"judges": 0}, "recount-votes", id="no signature at all"),
        pytest.param({"judges": 2, "panel": "2 yes of 5 cast, 5 eligible"}, "recount-threshold",
                     id="too few by the policy"),
        pytest.param({"judged": _bound(POLICY + b"# older")}, "recount-digest",
                     id="judged by another version of the policy"),
        pytest.param({"judged": [{**_bound()[0], "id": "https://issuer.example/evidence/2"}]},
                     "recount-digest", id="judged other evidence"),
        pytest.param({"bound": _bound(b"policy: other")}, "policy-digest",
                     id="a policy that is published otherwise"),
        pytest.param({"bound": _bound()[:2]}, "policy", id="a rubric and no policy"),
    ],
)  # fmt: skip
def test_badge_that_does_not_stand_up_to_a_recount_is_refused(
    campus: Campus, changes: dict[str, Any], code: str
) -> None:
    badge = _badge(campus, **changes)
    step = _recount(campus, badge)
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.FAIL, code)
    assert campus.verify(badge).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe", b"a: [", b"- policy", b"policy: x", b"policy: x\npanel: 3",
        b"policy: x\npanel: {passes: {yes_votes: yes}}",
        b"policy: x\npanel: {passes: {yes_votes: 0}}",
        b"policy: x\npanel: {passes: {yes_votes: -1}}",
        b"policy: x\n" + b"#" * 65_536,
        b"policy: &a [1]\npanel: *b",
        b"policy: !!bool maybe", b"policy: !!timestamp x", b'policy: !!int ""',
        b"a: &a {k: 1}\nb: &b {<<: [*a, *a]}\npolicy: {<<: [*b, *b]}",
        b"[" * 5_000,
    ],
)  # fmt: skip
def test_policy_that_says_nothing_of_votes_ends_in_a_report(campus: Campus, content: bytes) -> None:
    campus.library.documents[POLICY_URL] = content
    step = _recount(campus, _badge(campus, bound=_bound(content)))
    assert step is not None
    assert step.outcome is Outcome.FAIL
    assert step.code in {"policy", "policy-digest"}


def test_policy_that_cannot_be_had_leaves_the_count_open(campus: Campus) -> None:
    badge = _badge(campus)
    del campus.library.documents[POLICY_URL]
    step = _recount(campus, badge)
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.UNKNOWN, "policy-unreachable")


def test_badge_without_votes_or_without_rules_is_not_recounted(campus: Campus) -> None:
    for changes in (
        {"panel": "excellent"},
        {"panel": "4 yes of 5 cast, many eligible"},
        {"bound": []},
        {"bound": _bound()[:1]},
    ):
        badge = _badge(campus, **changes)
        assert _recount(campus, badge) is None
        assert campus.verify(badge).verdict is Verdict.VALID


def test_nothing_is_asked_for_where_an_endorsement_does_not_hold(campus: Campus) -> None:
    badge = _badge(campus)
    spoilt = {**badge["endorsement"][0], "name": "Changed"}
    unsigned = {key: value for key, value in badge.items() if key != "proof"}
    unsigned["endorsement"] = [spoilt, *badge["endorsement"][1:]]
    campus.library.asked.clear()
    report = campus.verify(issue(unsigned, signer=campus.issuer, created=NOW))
    assert report.step("recount") is None
    assert POLICY_URL not in campus.library.asked
