"""What is inside a credential answers for itself: endorsements, badges of a CLR, envelopes."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from campus import BADGE_ID, NOW, Campus
from ed25519_keys import KnownSigner

from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.issue import issue
from vc.jose import sign_compact
from vc.model import Outcome, Report, Verdict
from vc.proofs import eddsa_jcs_2022
from vc.structure import CLR, CREDENTIALS_V2, OPEN_BADGES

ACHIEVEMENT = "https://issuer.example/achievements/lesson-study"


@pytest.fixture
def campus() -> Campus:
    return Campus()


def against(report: Report) -> tuple[str, str]:
    step = next(step for step in report.steps if step.outcome is not Outcome.PASS)
    return step.name, step.code


def endorsing(campus: Campus, place: str, *endorsements: JsonObject) -> JsonObject:
    """A badge whose achievement or issuer carries endorsements."""
    unsigned = campus.unsigned_badge()
    node = unsigned["issuer"] if place == "issuer" else unsigned["credentialSubject"]["achievement"]
    node["endorsement"] = list(endorsements)
    return issue(unsigned, signer=campus.issuer, created=NOW)


def as_jwt(campus: Campus, judge: int, *, about: str) -> str:
    """A judge's endorsement as VC-JWT of VC-JOSE-COSE."""
    signer = campus.judge(judge)
    document = campus.endorsement(signer, about=about)
    del document["proof"]
    return sign_compact({"typ": "vc+jwt"}, json.dumps(document).encode(), signer=signer)


@pytest.mark.parametrize(("place", "about"), [("achievement", ACHIEVEMENT), ("issuer", "")])
def test_endorsement_of_what_a_badge_speaks_of_is_verified_and_is_no_judge(
    campus: Campus, place: str, about: str
) -> None:
    endorsement = campus.endorsement(campus.judge(1), about=about or campus.issuer.did)
    report = campus.verify(endorsing(campus, place, endorsement))
    assert report.verdict is Verdict.VALID, report.steps
    step = report.step("endorsements-within")
    assert step is not None
    assert step.sentence == "1 endorsement of what it speaks of holds."
    assert report.step("endorsements") is None


def test_forged_endorsement_deep_inside_is_found(campus: Campus) -> None:
    forged = campus.endorsement(campus.judge(1), about=ACHIEVEMENT)
    forged["credentialSubject"]["endorsementComment"] = "The best of all."
    assert against(campus.verify(endorsing(campus, "achievement", forged))) == (
        "endorsements",
        "signature",
    )


def test_endorsement_of_something_else_deep_inside_is_refused(campus: Campus) -> None:
    other = campus.endorsement(campus.judge(1), about="https://issuer.example/achievements/other")
    report = campus.verify(endorsing(campus, "achievement", other))
    assert against(report) == ("endorsements", "endorsement-subject")


def test_judge_may_sign_a_token(campus: Campus) -> None:
    badge = campus.badge(endorsementJwt=[as_jwt(campus, 1, about=BADGE_ID)])
    report = campus.verify(badge)
    assert report.verdict is Verdict.VALID, report.steps
    step = report.step("endorsements")
    assert step is not None
    assert step.sentence.startswith("1 person, who is not the holder")


@pytest.mark.parametrize(
    "bend",
    [
        pytest.param(lambda token: token[:-4] + "AAAA", id="another signature"),
        pytest.param(lambda token: token.replace(".", "", 1), id="two parts"),
        pytest.param(lambda token: {"jwt": token}, id="an object"),
    ],
)
def test_token_that_is_none_ends_in_a_report(campus: Campus, bend: Callable[[str], Any]) -> None:
    unsigned = campus.unsigned_badge(endorsementJwt=[bend(as_jwt(campus, 1, about=BADGE_ID))])
    if isinstance(unsigned["endorsementJwt"][0], dict):
        badge = {**campus.badge(), "endorsementJwt": unsigned["endorsementJwt"]}
    else:
        badge = eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)
    assert campus.verify(badge).verdict is Verdict.INVALID


def transcript(campus: Campus, *badges: JsonObject | str) -> JsonObject:
    return issue(
        {
            "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
            "id": "https://issuer.example/transcripts/1",
            "type": ["VerifiableCredential", "ClrCredential"],
            "issuer": {"id": campus.issuer.did, "type": ["Profile"], "name": "Issuer"},
            "name": "Transcript",
            "validFrom": "2026-11-01T00:00:00Z",
            "credentialSubject": {
                "id": campus.holder.did,
                "type": ["ClrSubject"],
                "verifiableCredential": list(badges),
            },
        },
        signer=campus.issuer,
        created=NOW,
    )


def test_each_badge_of_a_transcript_is_verified(campus: Campus) -> None:
    second = campus.badge(id="https://issuer.example/credentials/2")
    report = campus.verify(transcript(campus, campus.judged_badge(2), second))
    assert report.verdict is Verdict.VALID, report.steps
    step = report.step("credentials")
    assert step is not None
    assert step.sentence == "Each of the 2 credentials in it holds."


def test_badge_about_somebody_else_in_a_transcript_is_not_passed_over(campus: Campus) -> None:
    theirs = campus.unsigned_badge(id="https://issuer.example/credentials/2")
    theirs["credentialSubject"]["id"] = "did:example:somebody-else"
    other = issue(theirs, signer=campus.issuer, created=NOW)
    step = campus.verify(transcript(campus, campus.badge(), other)).step("credentials")
    assert step is not None
    assert step.sentence.endswith("Of them, 1 about somebody else than it is itself.")


def test_revoked_badge_in_a_transcript_is_named(campus: Campus) -> None:
    document = transcript(campus, campus.badge(name="Coaching"))
    campus.publish_status(7)
    report = campus.verify(document)
    assert against(report) == ("credentials", "revoked")
    step = report.step("credentials")
    assert step is not None
    assert step.sentence.startswith("Coaching, which it holds, does not hold")


def test_changed_badge_in_a_transcript_is_refused(campus: Campus) -> None:
    badge = campus.badge()
    document = transcript(campus, badge)
    document["credentialSubject"]["verifiableCredential"][0]["name"] = "Another"
    assert campus.verify(document).verdict is Verdict.INVALID


@pytest.mark.parametrize("place", ["subject", "top", "deep"])
def test_changed_badge_is_found_in_whatever_holds_it(campus: Campus, place: str) -> None:
    held: JsonObject = {"verifiableCredential": [campus.badge() | {"name": "Doctorate"}]}
    unsigned = campus.unsigned_badge(type=["VerifiableCredential"])
    if place == "top":
        unsigned |= held
    elif place == "subject":
        unsigned["credentialSubject"] |= held
    else:
        unsigned["credentialSubject"]["achievement"]["criteria"] |= held
    badge = eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)
    assert against(campus.verify(badge)) == ("credentials", "signature")


def test_keys_are_looked_up_once_for_all_badges_of_a_transcript(campus: Campus) -> None:
    badges = [campus.badge(id=f"https://issuer.example/credentials/{n}") for n in range(5)]
    document = transcript(campus, *badges)
    campus.library.asked.clear()
    assert campus.verify(document).verdict is Verdict.VALID
    assert len(campus.library.asked) == len(set(campus.library.asked)) == 2


def envelope(token: str, *, media: str = "application/vc+jwt") -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "id": f"data:{media},{token}",
        "type": "EnvelopedVerifiableCredential",
    }


def enveloped(campus: Campus) -> str:
    document = campus.unsigned_badge()
    return sign_compact({"typ": "vc+jwt"}, json.dumps(document).encode(), signer=campus.issuer)


def test_credential_in_an_envelope_is_verified_like_any_other(campus: Campus) -> None:
    report = campus.verify(json.dumps(envelope(enveloped(campus))))
    assert report.verdict is Verdict.VALID, report.steps
    assert report.credential is not None
    assert report.credential.name == "Lesson study"


@pytest.mark.parametrize(
    "document",
    [
        {"media": "application/vc+sd-jwt"},
        {"media": "text/plain"},
        {"token": "eyJhbGciOiJub25lIn0.e30."},
        {"token": "nothing"},
    ],
    ids=repr,
)
def test_envelope_of_anything_else_is_refused(campus: Campus, document: dict[str, str]) -> None:
    token = document.pop("token", enveloped(campus))
    assert campus.verify(envelope(token, **document)).verdict is Verdict.INVALID


def test_transcripts_within_transcripts_hide_nothing(campus: Campus) -> None:
    document = transcript(campus, campus.badge())
    for _ in range(4):
        document = transcript(campus, document)
    campus.publish_status(7)
    report = campus.verify(document)
    assert report.verdict is not Verdict.VALID
    bent = transcript(campus, {**campus.badge(), "name": "Another"})
    for _ in range(4):
        bent = transcript(campus, bent)
    assert campus.verify(bent).verdict is not Verdict.VALID


def test_transcript_has_one_subject(campus: Campus) -> None:
    document = transcript(campus, campus.badge())
    document["credentialSubject"] = [document["credentialSubject"]] * 2
    assert against(campus.verify(document)) == ("structure", "subject")


def test_endorsement_in_an_envelope_names_no_judge(campus: Campus) -> None:
    hidden = envelope(as_jwt(campus, 1, about=BADGE_ID)) | {"issuer": campus.judge(2).did}
    badge = eddsa_jcs_2022.sign(
        campus.unsigned_badge(endorsement=[hidden]), signer=campus.issuer, created=NOW
    )
    assert against(campus.verify(badge)) == ("endorsements", "endorsement")


def as_jwk(campus: Campus, judge: int, spelling: str) -> str:
    """A judge's endorsement under one of the did:jwk spellings of the judge's key."""
    key = campus.judge(judge)
    x = base64url_encode(key.public_key)
    jwk = json.dumps({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": spelling})
    did = f"did:jwk:{base64url_encode(jwk.encode())}"
    signer = KnownSigner(key.seed, f"{did}#0")
    document = campus.endorsement(key, about=BADGE_ID)
    del document["proof"]
    document["issuer"] = {"id": did, "type": ["Profile"]}
    return sign_compact({"typ": "vc+jwt"}, json.dumps(document).encode(), signer=signer)


def test_one_key_under_several_names_is_one_judge(campus: Campus) -> None:
    badge = campus.badge(endorsementJwt=[as_jwk(campus, 1, "a"), as_jwk(campus, 1, "b")])
    assert against(campus.verify(badge)) == ("endorsements", "endorsed-twice")
    one = campus.badge(endorsementJwt=[as_jwk(campus, 1, "a")])
    assert campus.verify(one).verdict is Verdict.VALID


def test_crowd_of_status_entries_is_refused_before_any_list_is_read(campus: Campus) -> None:
    one = campus.unsigned_badge()["credentialStatus"]
    entries = [{**one, "id": f"{one['id']}-{n}", "statusListIndex": str(n)} for n in range(9)]
    for crowd in (entries, [one, one]):
        badge = eddsa_jcs_2022.sign(
            campus.unsigned_badge(credentialStatus=crowd), signer=campus.issuer, created=NOW
        )
        campus.library.asked.clear()
        assert against(campus.verify(badge)) == ("structure", "status-entry")
        assert not campus.library.asked


def test_first_proof_of_a_set_counts_as_much_as_the_last(campus: Campus) -> None:
    unsigned = campus.unsigned_badge()
    good = eddsa_jcs_2022.sign(unsigned, signer=campus.issuer, created=NOW)["proof"]
    other = KnownSigner(campus.judge(1).seed, campus.issuer.verification_method)
    bad = eddsa_jcs_2022.sign(unsigned, signer=other, created=NOW)["proof"]
    for proofs in ([good, bad], [bad, good]):
        assert campus.verify({**unsigned, "proof": proofs}).verdict is Verdict.INVALID
    campus.publish_keys(assertionMethod=[])
    assert campus.verify({**unsigned, "proof": [good, good]}).verdict is Verdict.INVALID
