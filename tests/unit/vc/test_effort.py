"""One thing that is handed over takes so much work and no more, however much lies within it."""

import json
from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from signers import rsa_signer

from vc import effort
from vc.canonical import MOST_STEPS, canonical_digest
from vc.did import MOST_METHODS
from vc.documents import LARGEST, LARGEST_RECORD, JsonObject, parse
from vc.effort import (
    Effort,
    Exhausted,
    bounded,
    for_many,
    for_one,
    for_record,
    spend,
    steps_in,
)
from vc.errors import Malformed
from vc.fetch import Fetched, document_in
from vc.issue import issue
from vc.model import Outcome, Report, Verdict
from vc.presentation import examine_presentation
from vc.proofs import eddsa_jcs_2022
from vc.public_key import from_jwk, to_jwk
from vc.selective import MOST_STATEMENTS, labelled
from vc.structure import CLR, CREDENTIALS_V1, CREDENTIALS_V2, OPEN_BADGES
from vc.verify import verify


def _effort(**changes: int) -> Effort:
    amounts = {"signatures": 9, "steps": 9, "labelling": 9, "processes": 9} | changes
    return Effort(**amounts)


def test_what_is_done_within_is_taken_off_what_is_left_around_it() -> None:
    with bounded(_effort(steps=5)):
        for _ in range(2):
            with bounded(_effort(steps=2)):
                spend(steps=2)
                with pytest.raises(Exhausted):
                    spend(steps=1)
        spend(steps=1)
        with bounded(_effort(steps=2)), pytest.raises(Exhausted):
            spend(steps=1)
    spend(steps=1_000_000)  # where nobody set a limit, as when something is issued


def test_steps_are_counted_by_objects_and_values() -> None:
    assert steps_in({}) == 4
    assert steps_in({"a": [1, "x", None], "b": {"c": True}}) == 12


def test_types_and_contexts_of_a_node_cost_more_than_other_values() -> None:
    plain = steps_in({"name": "x", "type": ["Result", "Alignment"]})
    for name in ("type", "@type"):
        many = {"name": "x", name: ["Result", "Alignment", "Evidence"]}
        assert steps_in(many) == plain + 1 + 8
    own = {"name": "x", "type": ["Result", "Alignment"], "@context": ["https://a.example", {}]}
    assert steps_in(own) == plain + 1 + 4 + 8


def test_document_that_is_remembered_takes_as_much_as_when_it_was_met_first() -> None:
    document = {"@context": [CREDENTIALS_V2], "id": "urn:x:1"}
    canonical_digest(document)
    with bounded(_effort(steps=steps_in(document))):
        canonical_digest(document)
        with pytest.raises(Exhausted):
            canonical_digest(document)


def test_document_that_holds_too_much_is_refused_before_it_is_expanded() -> None:
    crowd = {"@context": [CREDENTIALS_V2], "type": [f"urn:x:{n}" for n in range(MOST_STEPS)]}
    with pytest.raises(Malformed) as refusal:
        canonical_digest(crowd)
    assert refusal.value.code == "crowd"


def test_badge_of_as_many_judges_as_there_may_be_is_within_the_limits() -> None:
    campus = Campus()
    assert campus.verify(campus.judged_badge(128)).verdict is Verdict.VALID


def _record(campus: Campus, badges: int) -> JsonObject:
    """A learner record of badges with five judges, each of the size that they have in life."""
    achievement = campus.unsigned_badge()["credentialSubject"]["achievement"]
    subject = {**campus.unsigned_badge()["credentialSubject"], "narrative": "Why. " * 1_400}
    held = [
        campus.badge(
            id=f"https://issuer.example/credentials/{number}",
            credentialSubject={**subject, "achievement": achievement},
            endorsement=[campus.endorsement(campus.judge(5 * number + one)) for one in range(5)],
        )
        for number in range(badges)
    ]
    unsigned = {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
        "id": "https://issuer.example/credentials/record",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": campus.issuer.did, "type": ["Profile"], "name": "Issuer"},
        "validFrom": "2026-11-01T00:00:00Z",
        "name": "Learner record",
        "credentialSubject": {
            "id": campus.holder.did,
            "type": ["ClrSubject"],
            "verifiableCredential": held,
        },
    }
    return issue(unsigned, signer=campus.issuer, created=NOW)


def test_learner_record_may_be_as_large_as_the_badges_of_a_degree_make_it() -> None:
    campus = Campus()
    text = json.dumps(_record(campus, 30))
    assert len(text) > LARGEST
    report = campus.verify(text)
    assert report.verdict is Verdict.VALID
    assert report.steps[-1].sentence == "Each of the 30 credentials in it holds."
    assert campus.verify(json.loads(text)).verdict is Verdict.VALID


@pytest.mark.parametrize("kind", ["AchievementCredential", "EndorsementCredential"])
def test_nothing_but_a_learner_record_may_be_so_large(kind: str) -> None:
    campus = Campus()
    document = {"type": ["VerifiableCredential", kind], "proof": {}, "name": "x" * LARGEST}
    (step,) = campus.verify(json.dumps(document)).steps
    assert step.code == "json-size"


def test_learner_record_has_its_limit_too() -> None:
    document = {"type": ["ClrCredential"], "proof": {}, "name": "x" * LARGEST_RECORD}
    for source in (json.dumps(document), document):
        (step,) = Campus().verify(source).steps
        assert step.code == "json-size"


def test_effort_for_a_learner_record_grows_with_its_size_and_is_never_less_than_for_one() -> None:
    assert for_record(1_000) == for_one()
    assert for_record(LARGEST_RECORD).steps > 3 * for_one().steps
    assert for_record(LARGEST_RECORD).signatures == for_one().signatures


def _verify_with(campus: Campus, badge: JsonObject, given: Effort) -> Report:
    with bounded(given):
        return verify(badge, now=NOW, fetcher=campus.library)


@pytest.mark.parametrize("amounts", [{"signatures": 2}, {"steps": 200}])
def test_badge_for_whose_judges_nothing_is_left_is_not_called_anything(
    amounts: dict[str, int],
) -> None:
    campus = Campus()
    report = _verify_with(campus, campus.judged_badge(9), _effort(**{"steps": 10_000, **amounts}))
    assert report.verdict is Verdict.UNCHECKED
    against = [step for step in report.steps if step.outcome is not Outcome.PASS]
    assert {step.code for step in against} == {effort.CODE}


def test_what_is_left_over_by_others_is_all_that_a_presented_badge_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    campus = Campus()
    badges = [campus.badge(id=f"urn:x:{n}", credentialStatus=None) for n in range(4)]
    monkeypatch.setattr("vc.presentation.for_many", lambda: _effort(signatures=2, steps=10_000))
    presentation: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": badges,
    }
    report = examine_presentation(
        presentation, now=NOW, fetcher=campus.library, challenge=None, domain=None
    )
    assert [one.verdict for one in report.credentials] == [
        Verdict.VALID, Verdict.VALID, Verdict.UNCHECKED, Verdict.UNCHECKED,
    ]  # fmt: skip


def _older(number: int) -> JsonObject:
    """A credential of the kind that takes a process of its own, under a signature of nobody."""
    author = signer(number)
    return {
        "@context": [CREDENTIALS_V1],
        "id": f"urn:x:{number}",
        "type": ["VerifiableCredential"],
        "issuer": author.did,
        "issuanceDate": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": author.did},
        "proof": {
            "type": "Ed25519Signature2018",
            "created": "2026-01-01T00:00:00Z",
            "verificationMethod": author.verification_method,
            "proofPurpose": "assertionMethod",
            "jws": "eyJhbGciOiJFZERTQSJ9..AAAA",
        },
    }


def test_crowd_of_older_credentials_starts_no_crowd_of_processes() -> None:
    presentation: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [_older(number) for number in range(40)],
    }
    report = examine_presentation(
        presentation, now=NOW, fetcher=Campus().library, challenge=None, domain=None
    )
    codes = [one.steps[-1].code for one in report.credentials]
    checked = for_many().processes
    assert codes == ["signature"] * checked + [effort.CODE] * (40 - checked)
    assert for_one().processes < checked


def test_rsa_key_whose_exponent_only_takes_time_is_refused() -> None:
    sound = to_jwk(rsa_signer().public_key)
    assert from_jwk(sound)
    with pytest.raises(Malformed, match="exponent"):
        from_jwk(sound | {"e": sound["n"]})


def test_part_of_a_credential_of_thousands_of_statements_is_not_shown() -> None:
    crowd = [{"type": ["Evidence"], "name": f"{n}"} for n in range(MOST_STATEMENTS // 3)]
    badge = Campus().unsigned_badge(evidence=crowd)
    with pytest.raises(Malformed) as refusal:
        labelled(badge, label=str)
    assert refusal.value.code == "selective"


def test_values_within_values_are_counted_before_any_is_made() -> None:
    nested = "[" * 20 + "]" * 20
    with pytest.raises(Malformed) as refusal:
        parse(f'{{"a": [{nested}, {nested}], "b": "[[,"}}', most_nodes=40)
    assert refusal.value.code == "json-nodes"
    assert parse(f'{{"a": [{nested}, {nested}], "b": "[[,"}}', most_nodes=50)


@pytest.mark.parametrize(
    "said", ["[" * 40, '"[' * 40, "\\" + "[" * 40, '\\"' + "{" * 40, "[\u00e9" * 40]
)
def test_only_brackets_outside_strings_are_depth(said: str) -> None:
    text = json.dumps({"a": said, said: [[[said]]]})
    assert parse(text, deepest=4) == json.loads(text)
    with pytest.raises(Malformed) as refusal:
        parse(text, deepest=3)
    assert refusal.value.code == "json-depth"


@pytest.mark.parametrize("crowd", ["{}", "1", '"a,b"', "[]", "null"])
def test_crowd_of_values_is_refused_before_any_is_made(
    crowd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the text was read")

    text = f'{{"a": [{",".join([crowd] * 30)}]}}'
    assert parse(text, most_nodes=32)
    monkeypatch.setattr("vc.documents.json.loads", never)
    with pytest.raises(Malformed) as refusal:
        parse(text, most_nodes=29)
    assert refusal.value.code == "json-nodes"


@pytest.mark.parametrize("key", ["k" * 257, "\u00e9" * 300])
def test_key_that_only_takes_room_in_what_is_said_of_it_is_refused(key: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(json.dumps({key: [0] * 1_000}))
    assert refusal.value.code == "json-key"
    assert len(refusal.value.place) == 64


def test_credential_has_the_same_limits_as_an_object_as_in_a_file() -> None:
    campus = Campus()
    large = campus.badge(name="x" * 400_000, credentialStatus=None)
    crowd = eddsa_jcs_2022.sign(
        campus.unsigned_badge(evidence=[{"type": ["Evidence"], "genre": ["x"] * 21_000}]),
        signer=campus.issuer,
        created=NOW,
    )
    for badge, code in ((large, "json-size"), (crowd, "json-nodes")):
        for source in (badge, json.dumps(badge)):
            report = verify(source, now=NOW, fetcher=campus.library)
            assert [step.code for step in report.steps] == [code]


def test_what_others_publish_is_charged_for_each_time_that_it_is_read() -> None:
    fetched = Fetched("https://a.example", b'{"a": "' + b"x" * 3_600 + b'"}', "application/json")
    with bounded(_effort(steps=250)):
        document_in(fetched)
        document_in(fetched)
        with pytest.raises(Exhausted):
            document_in(fetched)


def test_results_are_held_to_numbers_of_a_length_that_people_write() -> None:
    campus = Campus()
    unsigned = campus.unsigned_badge()
    described = {"id": "urn:x:1", "type": ["ResultDescription"], "name": "Score"}
    described |= {"resultType": "RawScore", "valueMax": "10"}
    subject = unsigned["credentialSubject"]
    subject["achievement"]["resultDescription"] = [described]
    result = {"type": ["Result"], "resultDescription": "urn:x:1", "value": "0" * 60_000}
    subject["result"] = [result]
    badge = eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)
    step = campus.verify(badge).step("results")
    assert step is not None
    assert step.outcome is Outcome.FAIL


def test_issuer_of_hundreds_of_keys_is_not_read() -> None:
    campus = Campus()
    method = {"type": "Multikey", "controller": campus.issuer.did}
    methods = [{**method, "id": f"{campus.issuer.did}#{n}"} for n in range(MOST_METHODS + 1)]
    campus.publish_keys(verificationMethod=methods)
    report = campus.verify(campus.badge())
    assert [s.code for s in report.steps if s.outcome is not Outcome.PASS] == ["did-document"]
