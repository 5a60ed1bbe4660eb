"""Badges come by OpenID4VCI, and what does not verify, fit and belong is never kept."""

import json
from typing import Any

import pytest
from badge_issuer import BadgeIssuer
from campus import NOW
from ed25519_keys import signer
from wallet_home import AMINA, BEN, Home

from openid4vc.exchange import Answer, OAuthError
from vc import did
from vc.errors import Malformed, Missing, Refused, Unavailable
from vc.issue import issue


def test_offered_badge_is_fetched_verified_and_kept(home: Home) -> None:
    offer = home.issuer.offer()
    preview = home.fetching.look(offer)
    assert (preview.issuer, preview.name) == ("https://issuer.example", "Issuer")
    held = home.fetching.accept(AMINA, offer, now=NOW)
    assert home.wallet.credentials(AMINA) == (held,)
    assert json.loads(held.signed)["credentialSubject"]["id"] == home.amina.did


def test_offer_is_good_once(home: Home) -> None:
    offer = home.issuer.offer()
    home.fetching.accept(AMINA, offer, now=NOW)
    with pytest.raises(OAuthError) as refusal:
        home.fetching.accept(BEN, offer, now=NOW)
    assert refusal.value.code == "invalid_grant"
    assert home.wallet.credentials(BEN) == ()


def test_transaction_code_is_handed_on(home: Home) -> None:
    home.issuer.transaction_code = "0042"
    offer = home.issuer.offer()
    assert home.fetching.look(offer).needs_transaction_code
    assert home.fetching.accept(AMINA, offer, transaction_code="0042", now=NOW)
    with pytest.raises(OAuthError) as refusal:
        home.fetching.accept(AMINA, home.issuer.offer(), transaction_code="1", now=NOW)
    assert refusal.value.code == "invalid_grant"


def tampered(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    return issuer.badge_for(holder) | {"name": "Brain surgery"}


def unsigned(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    badge = issuer.badge_for(holder)
    del badge["proof"]
    return badge


def bound_to_another(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    return issuer.badge_for(did.did_key(signer(77).public_key))


def bound_to_nobody(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    subject = dict(issuer.campus.unsigned_badge()["credentialSubject"])
    del subject["id"]
    identity = {"type": "IdentityObject", "hashed": False, "identityHash": "a@example.com"}
    subject["identifier"] = [identity | {"identityType": "emailAddress"}]
    return issuer.campus.badge(credentialSubject=subject)


def from_another_issuer(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    """Rightly signed, by an issuer that lives elsewhere."""
    other = signer(60, "did:web:other.example#key-1")
    document = did.document(other.did, [("key-1", other.public_key)])
    issuer.campus.library.publish("https://other.example/.well-known/did.json", document)
    badge = issuer.campus.unsigned_badge(issuer={"id": other.did, "type": ["Profile"]})
    badge["credentialSubject"] = badge["credentialSubject"] | {"id": holder}
    del badge["credentialStatus"]
    return issue(badge, signer=other, created=NOW)


def from_the_holder(issuer: BadgeIssuer, holder: str) -> dict[str, Any]:
    """Rightly signed with a did:key, which nothing ties to the offer's issuer."""
    own = signer(61)
    badge = issuer.campus.unsigned_badge(issuer={"id": own.did, "type": ["Profile"]})
    badge["credentialSubject"] = badge["credentialSubject"] | {"id": holder}
    del badge["credentialStatus"]
    return issue(badge, signer=own, created=NOW)


@pytest.mark.parametrize(
    "delivery",
    [
        tampered,
        unsigned,
        bound_to_another,
        bound_to_nobody,
        from_another_issuer,
        from_the_holder,
        lambda issuer, holder: {},
    ],
)
def test_delivery_like_this_is_never_kept(home: Home, delivery: Any) -> None:
    home.issuer.deliver = lambda holder: delivery(home.issuer, holder)
    with pytest.raises(Refused):
        home.fetch()
    assert home.wallet.credentials(AMINA) == ()


def test_revoked_badge_is_not_kept(home: Home) -> None:
    home.campus.publish_status(7)
    with pytest.raises(Refused) as refusal:
        home.fetch()
    assert refusal.value.code == "revoked"


def test_metadata_of_another_issuer_stops_the_fetch(home: Home) -> None:
    url = "https://issuer.example/.well-known/openid-credential-issuer"
    metadata = home.issuer.metadata() | {"credential_issuer": "https://evil.example"}
    home.issuer.answers[url] = Answer(200, {}, json.dumps(metadata).encode())
    with pytest.raises(Malformed):
        home.fetch()


def test_issuer_that_does_not_answer_is_told_as_such(home: Home) -> None:
    home.issuer.answers["https://issuer.example/nonce"] = Answer(503, {}, b"")
    with pytest.raises(Unavailable):
        home.fetch()


def test_offer_waits_in_the_inbox_until_it_is_accepted(home: Home) -> None:
    uri = home.issuer.offer()
    waiting = home.fetching.receive(AMINA, uri, now=NOW)
    assert [offer.id for offer in home.fetching.inbox(AMINA)] == [waiting.id]
    assert home.fetching.offer_uri(AMINA, waiting.id) == uri
    assert uri.encode() not in waiting.sealed_uri
    home.fetching.accept(AMINA, uri, now=NOW)
    assert home.fetching.inbox(AMINA) == ()


def test_declined_offer_leaves_the_inbox_and_only_the_owner_can_decline(home: Home) -> None:
    waiting = home.fetching.receive(AMINA, home.issuer.offer(), now=NOW)
    with pytest.raises(Missing):
        home.fetching.decline(BEN, waiting.id)
    with pytest.raises(Missing):
        home.fetching.offer_uri(BEN, waiting.id)
    home.fetching.decline(AMINA, waiting.id)
    assert home.fetching.inbox(AMINA) == ()


def test_misshapen_offer_never_reaches_the_inbox(home: Home) -> None:
    with pytest.raises(Refused):
        home.fetching.receive(AMINA, "openid-credential-offer://?x=1", now=NOW)
    assert home.fetching.inbox(AMINA) == ()
