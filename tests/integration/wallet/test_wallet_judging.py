"""The member's key signs ballots and endorsements in the member's own name, and nothing else."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from campus import BADGE_CONTEXTS, BADGE_ID, NOW
from wallet_home import AMINA, Home

from openid4vc.exchange import Answer
from vc.documents import JsonObject
from vc.errors import Conflict, Malformed, Refused
from vc.jose import by_did_key, verify_compact
from vc.model import Verdict

REQUEST_URI = "https://issuer.example/ballots/1"


def ballot(judge: str, **changes: Any) -> JsonObject:
    claims = {"ballot": "level", "poll": "poll-1", "iss": judge, "verdict": "yes"}
    return claims | changes


def draft(judge: str, **changes: Any) -> JsonObject:
    unsigned: JsonObject = {
        "@context": BADGE_CONTEXTS,
        "id": "urn:uuid:11111111-1111-4111-8111-111111111111",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "A judgement",
        "issuer": {"id": judge, "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": BADGE_ID,
            "type": ["EndorsementSubject"],
            "endorsementComment": "At masters level.",
        },
    }
    return unsigned | changes


def read(token: str) -> JsonObject:
    return verify_compact(
        token,
        allowed_algorithms=["EdDSA"],
        public_key=by_did_key,
        expected_type="ballot+jwt",
    ).claims()


def publish(home: Home, claims: JsonObject, **changes: Any) -> None:
    document = {
        "title": "Lesson study in Kisumu",
        "claims": claims,
        "response_uri": "https://issuer.example/ballots",
    }
    body = json.dumps(document | changes).encode()
    home.issuer.answers[REQUEST_URI] = Answer(200, {}, body)


def test_ballot_is_shown_signed_and_handed_in_to_the_one_who_asked(home: Home) -> None:
    publish(home, ballot(home.amina.did))
    request = home.judging.look(AMINA, REQUEST_URI)
    assert (request.asker, request.title) == ("https://issuer.example", "Lesson study in Kisumu")
    goes_on = home.judging.cast(AMINA, request, seen=request.digest, now=NOW)
    assert goes_on == "https://issuer.example/thanks"
    (token,) = parse_qs(home.issuer.posts[-1].decode())["ballot"]
    assert read(token) == ballot(home.amina.did)


def test_ballot_that_was_changed_after_it_was_shown_is_not_signed(home: Home) -> None:
    publish(home, ballot(home.amina.did))
    seen = home.judging.look(AMINA, REQUEST_URI).digest
    publish(home, ballot(home.amina.did, verdict="no"))
    changed = home.judging.look(AMINA, REQUEST_URI)
    with pytest.raises(Conflict):
        home.judging.cast(AMINA, changed, seen=seen, now=NOW)
    assert home.issuer.posts == []


def test_endorsement_in_a_ballot_is_signed_on_the_way_and_verifies(home: Home) -> None:
    claims = ballot(home.amina.did, ballot="panel", endorsement=draft(home.amina.did))
    endorsement = read(home.judging.sign_ballot(AMINA, claims, now=NOW))["endorsement"]
    report = home.campus.verify(endorsement)
    assert report.verdict is Verdict.VALID
    assert "proof" not in claims["endorsement"]


def test_same_ballot_gives_the_same_bytes(home: Home) -> None:
    claims = ballot(home.amina.did)
    turned = dict(reversed(list(claims.items())))
    assert home.judging.sign_ballot(AMINA, claims, now=NOW) == home.judging.sign_ballot(
        AMINA, turned, now=NOW
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"ballot": "payment"}, "not-a-ballot", id="something else"),
        pytest.param({"ballot": None}, "not-a-ballot", id="no kind"),
        pytest.param({"iss": "did:key:z6MkOther"}, "not-your-ballot", id="another judge"),
    ],
)
def test_ballot_like_this_is_neither_shown_nor_signed(
    home: Home, change: JsonObject, code: str
) -> None:
    claims = ballot(home.amina.did) | change
    publish(home, claims)
    for attempt in (
        lambda: home.judging.look(AMINA, REQUEST_URI),
        lambda: home.judging.sign_ballot(AMINA, claims, now=NOW),
    ):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == code


def test_ballot_goes_back_only_to_where_it_came_from(home: Home) -> None:
    publish(home, ballot(home.amina.did), response_uri="https://evil.example/ballots")
    with pytest.raises(Malformed):
        home.judging.look(AMINA, REQUEST_URI)


def test_endorsement_in_anothers_name_or_of_oneself_or_of_another_kind_is_refused(
    home: Home,
) -> None:
    own = home.amina.did
    badge = home.campus.unsigned_badge(issuer={"id": own, "type": ["Profile"]})
    for bad, code in (
        (draft(home.ben.did), "not-your-endorsement"),
        (draft(own, credentialSubject={"id": own, "type": ["EndorsementSubject"]}), "own"),
        (badge, "not-an-endorsement"),
        (draft(own, type=["VerifiableCredential", {"a": 1}]), "not-an-endorsement"),
        (draft(own, type="VerifiableCredential"), "not-an-endorsement"),
        (
            draft(
                own, type=["VerifiableCredential", "EndorsementCredential", "OpenBadgeCredential"]
            ),
            "not-an-endorsement",
        ),
    ):
        with pytest.raises(Refused) as refusal:
            home.judging.sign_ballot(AMINA, ballot(own, endorsement=bad), now=NOW)
        assert refusal.value.code.startswith(code)


def test_endorsement_that_carries_a_proof_already_is_refused(home: Home) -> None:
    own = home.amina.did
    token = home.judging.sign_ballot(AMINA, ballot(own, endorsement=draft(own)), now=NOW)
    signed = read(token)["endorsement"]
    with pytest.raises(Malformed):
        home.judging.sign_ballot(AMINA, ballot(own, endorsement=signed), now=NOW)


def test_ballot_without_a_canonical_form_is_refused(home: Home) -> None:
    with pytest.raises(Malformed):
        home.judging.sign_ballot(AMINA, ballot(home.amina.did, n=2**60), now=NOW)
