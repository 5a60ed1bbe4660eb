"""What strangers offer, paste and ask can be refused, and cannot lock a member out."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from wallet_site import PAGE, Site, wallet_site

from openid4vc.exchange import Answer
from openid4vc.presentation.request import REQUEST_TYPE, make_request
from vc.documents import JsonObject
from vc.jose import sign_compact, verify_compact
from vc.public_key import ed25519


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return wallet_site(tmp_path)


def test_badge_with_evidence_at_no_address_leaves_the_wallet_open(site: Site) -> None:
    def deliver(holder: str) -> JsonObject:
        evidence = [{"id": "https://[", "type": ["Evidence"]}]
        subject = site.issuer.campus.unsigned_badge()["credentialSubject"] | {"id": holder}
        return site.issuer.campus.badge(credentialSubject=subject, evidence=evidence)

    site.issuer.deliver = deliver
    badge = site.fetch(site.amina)
    share = site.share(site.amina, badge)
    for browser, page in ((site.amina, badge), (site.amina, "/wallet/"), (site.stranger, share)):
        assert browser.get(page).status_code == 200, page


@pytest.mark.parametrize("text", ["openid-credential-offer://[", "openid4vp://[?a=\u2028#b"])
def test_pasted_text_that_only_starts_as_an_address_is_refused_by_its_page(
    site: Site, text: str
) -> None:
    answer = site.amina.submit("/wallet/add", "/wallet/add", credential=text)
    assert answer.status_code == 303
    assert site.amina.get(answer.headers["Location"]).status_code == 400


@pytest.mark.parametrize("path", ["/wallet/offers", "/wallet/present"])
def test_query_of_raw_bytes_is_refused(site: Site, path: str) -> None:
    raw = {"QUERY_STRING": "client_id=\xff"}
    answer = site.amina.client.get(path, headers=PAGE, environ_overrides=raw)
    assert answer.status_code == 400


def test_everything_in_an_endorsement_is_shown_before_it_is_signed(site: Site) -> None:
    did = site.amina.get("/wallet/").text.partition("did:key:")[2].partition("<")[0]
    document = {
        "title": "Lesson study in Kisumu",
        "response_uri": "https://issuer.example/ballots",
        "claims": {
            "ballot": "panel",
            "iss": f"did:key:{did}",
            "verdict": "yes",
            "endorsement": {
                "type": ["VerifiableCredential", "EndorsementCredential"],
                "issuer": f"did:key:{did}",
                "name": "Recommended for a headship",
                "credentialSubject": {"id": "urn:x:1", "endorsementComment": "Good."},
            },
        },
    }
    uri = "https://issuer.example/ballots/1"
    site.issuer.answers[uri] = Answer(200, {}, json.dumps(document).encode())
    page = site.amina.get(f"/wallet/sign?request_uri={uri}").text
    assert "Recommended for a headship" in page


def test_name_that_a_request_claims_is_not_repeated(site: Site) -> None:
    site.fetch(site.amina)
    site.issuer.ask()
    assert site.issuer.request
    uri = "https://issuer.example/requests/claimed"
    key = site.issuer.campus.issuer
    honest = verify_compact(
        make_request(site.issuer.request, signer=key),
        allowed_algorithms=["EdDSA"],
        public_key=ed25519(key.public_key),
        expected_type=REQUEST_TYPE,
    ).claims()
    claimed = honest | {"client_metadata": {"client_name": "Ministry of Education"}}
    token = sign_compact({"typ": REQUEST_TYPE}, json.dumps(claimed).encode(), signer=key)
    site.issuer.answers[uri] = Answer(200, {}, token.encode())
    query = urlencode({"client_id": site.issuer.request.client_id, "request_uri": uri})
    page = site.amina.get(f"/wallet/present?{query}").text
    assert "issuer.example asks to see badges" in page
    assert "This site does not know who that is." in page
    assert "Ministry of Education" not in page


def test_answer_that_would_go_to_another_site_is_pointed_out(site: Site) -> None:
    site.fetch(site.amina)
    elsewhere = "https://collector.example/answers"
    warning = "Your answer would go to another site than theirs."
    page = site.amina.get(
        f"/wallet/present?{site.issuer.ask(response_uri=elsewhere).partition('?')[2]}"
    )
    assert "collector.example" in page.text
    assert warning in page.text
    honest = site.amina.get(f"/wallet/present?{site.issuer.ask().partition('?')[2]}").text
    assert warning not in honest


@pytest.mark.parametrize(
    "body",
    [
        b'{"redirect_uri": "javascript:alert(1)"}',
        b'{"redirect_uri": "https://x@evil.example/"}',
        b'{"redirect_uri": 7}',
        b"{}",
        b"",
        b"<html>",
    ],
)
def test_member_is_told_what_was_shown_whatever_the_verifier_says_after_it(
    site: Site, body: bytes
) -> None:
    site.fetch(site.amina)
    query = site.issuer.ask().partition("?")[2]
    site.issuer.answers["https://issuer.example/answers"] = Answer(200, {}, body)
    shown = site.amina.submit(f"/wallet/present?{query}", "/wallet/present", answer="all")
    assert (shown.status_code, shown.headers["Location"]) == (303, "/wallet/")
    assert "The badges you chose were shown." in site.amina.get("/wallet/").text


def test_refusal_of_the_verifier_is_told_in_our_words_alone(site: Site) -> None:
    site.fetch(site.amina)
    query = site.issuer.ask().partition("?")[2]
    refusal = b'{"error": "invalid_request", "error_description": "Call 123 to win"}'
    site.issuer.answers["https://issuer.example/answers"] = Answer(400, {}, refusal)
    shown = site.amina.submit(f"/wallet/present?{query}", "/wallet/present", answer="all")
    assert shown.status_code == 409
    assert "Your answer was not taken." in shown.text
    for theirs in ("Call 123", "invalid_request"):
        assert theirs not in shown.text
