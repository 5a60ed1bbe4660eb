"""What strangers offer, paste and ask can be refused, and cannot lock a member out."""

import json
from pathlib import Path

import pytest
from wallet_site import PAGE, Site, wallet_site

from openid4vc.exchange import Answer
from vc.documents import JsonObject


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
