"""The wallet in the browser: each page, each consent, and who may not see what."""

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from campus import LIST_URL
from ed25519_keys import signer
from wallet_site import ORIGIN, Site, wallet_site

from openid4vc.exchange import Answer
from openid4vc.presentation.query import OPEN_BADGE, CredentialQuery, Query
from openid4vc.presentation.request import MEDIA_TYPE, authorization_uri, make_request
from vc.bakery import unbake

BADGE = CredentialQuery(id="badge", alternatives=(OPEN_BADGE,))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return wallet_site(tmp_path)


def test_empty_wallet_says_so_and_offers_one_action(site: Site) -> None:
    page = site.amina.get("/wallet/")
    assert page.status_code == 200
    assert "Looks like your wallet is empty" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_stranger_is_sent_to_sign_in(site: Site) -> None:
    for path in ("/wallet/", "/wallet/add", "/wallet/links", "/wallet/badges/x"):
        answer = site.stranger.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/sign-in")


def test_offer_is_shown_before_it_is_accepted(site: Site) -> None:
    offer = site.issuer.offer().partition("?")[2]
    page = site.amina.get(f"/wallet/offers?{offer}")
    assert "issuer.example offers you a badge" in page.text
    assert "Looks like your wallet is empty" in site.amina.get("/wallet/").text


def test_accepted_badge_is_on_its_page_with_verdict_and_facts(site: Site) -> None:
    page = site.amina.get(site.fetch(site.amina)).text
    assert "Lesson study" in page
    assert "The issuer is not registered here." in page
    assert "12.5 UK credits (6.25 ECTS)" in page
    assert "The signed document" in page
    home = site.amina.get("/wallet/").text
    assert "<h3>Lesson study</h3>" in home
    assert "issuer.example · " in home


def test_offer_kept_for_later_is_in_the_inbox_and_can_be_declined(site: Site) -> None:
    offer = site.issuer.offer().partition("?")[2]
    kept = site.amina.submit(f"/wallet/offers?{offer}", "/wallet/offers/keep")
    assert kept.status_code == 303
    home = site.amina.get("/wallet/").text
    assert "A badge from issuer.example" in home
    path = home.partition('href="/wallet/offers/')[2].partition('"')[0]
    assert site.ben.get(f"/wallet/offers/{path}").status_code == 404
    declined = site.amina.submit(f"/wallet/offers/{path}", f"/wallet/offers/{path}/decline")
    assert declined.status_code == 303
    assert "A badge from issuer.example" not in site.amina.get("/wallet/").text


def test_offer_that_was_used_is_refused_in_a_sentence(site: Site) -> None:
    offer = site.issuer.offer().partition("?")[2]
    site.amina.submit(f"/wallet/offers?{offer}", "/wallet/offers/accept")
    answer = site.ben.submit(f"/wallet/offers?{offer}", "/wallet/offers/accept")
    assert answer.status_code == 400
    assert "The offer was used already or has ended" in answer.text


def test_badge_page_of_another_member_is_not_found(site: Site) -> None:
    path = site.fetch(site.amina)
    for suffix in ("", ".json", ".png", ".svg", "/remove"):
        assert site.ben.get(path + suffix).status_code == 404


def test_pasted_offer_or_request_leads_to_its_consent_page(site: Site) -> None:
    for address, page in (
        (site.issuer.offer(), "/wallet/offers?credential_offer_uri="),
        (site.issuer.ask(), "/wallet/present?client_id="),
    ):
        answer = site.amina.submit("/wallet/add", "/wallet/add", credential=address)
        assert answer.headers["Location"].startswith(page)


def test_downloaded_badge_can_be_brought_back(site: Site) -> None:
    path = site.fetch(site.amina)
    document = site.amina.get(f"{path}.json")
    picture = site.amina.get(f"{path}.svg")
    raster = site.amina.get(f"{path}.png")
    assert document.mimetype == "application/vc+ld+json"
    assert "attachment" in picture.headers["Content-Disposition"]
    assert unbake(picture.data) == unbake(raster.data) == document.text
    removed = site.amina.submit(f"{path}/remove", f"{path}/remove")
    assert removed.status_code == 303
    assert site.amina.get(path).status_code == 404
    upload = (BytesIO(picture.data), "badge.svg")
    answer = site.amina.submit("/wallet/add", "/wallet/add", credential="", file=upload)
    assert answer.status_code == 303
    assert "Lesson study" in site.amina.get("/wallet/").text


def test_tampered_paste_is_refused_on_the_form_itself(site: Site) -> None:
    badge = site.amina.get(f"{site.fetch(site.amina)}.json").text.replace("12.5", "99.5")
    answer = site.amina.submit("/wallet/add", "/wallet/add", credential=badge)
    assert answer.status_code == 400
    assert "Verify and keep" in answer.text
    assert 'role="alert"' in answer.text


def test_shared_badge_opens_for_a_stranger_with_its_verdict(site: Site) -> None:
    path = site.share(site.amina, site.fetch(site.amina), purpose="Application as a head")
    page = site.stranger.get(path)
    assert page.status_code == 200
    assert "Amina Otieno" in page.text
    assert "Shared for: Application as a head" in page.text
    assert 'role="status"' in page.text
    assert 'content="noindex"' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"


def test_share_address_gives_programs_the_exact_signed_badge(site: Site) -> None:
    badge = site.fetch(site.amina)
    path = site.share(site.amina, badge)
    signed = site.amina.get(f"{badge}.json").text
    for accept in ("", "application/vc+ld+json", "application/json", "*/*"):
        answer = site.stranger.client.get(path, headers={"Accept": accept} if accept else {})
        assert answer.text == signed
        assert answer.headers["Vary"].startswith("Accept")
    assert site.stranger.get(f"{path}/0.json").text == signed
    for kind in ("png", "svg"):
        assert unbake(site.stranger.get(f"{path}/0.{kind}").data) == signed
    assert site.stranger.get(f"{path}/1.json").status_code == 404


def test_revoked_badge_is_said_to_be_revoked_on_the_share_page(site: Site) -> None:
    path = site.share(site.amina, site.fetch(site.amina))
    site.issuer.campus.publish_status(7)
    assert "It was revoked by its issuer." in site.stranger.get(path).text
    del site.issuer.campus.library.documents[LIST_URL]
    page = site.stranger.get(path).text
    assert "Could not be checked" in page
    assert "nobody has changed it" not in page


def test_badge_whose_signature_no_longer_holds_is_not_repeated(site: Site) -> None:
    path = site.share(site.amina, site.fetch(site.amina))
    site.issuer.campus.publish_keys(verificationMethod=[])
    page = site.stranger.get(path).text
    assert "Nothing can be said about this badge" in page
    assert "12.5 UK credits" not in page


def test_ended_link_is_gone_and_an_unknown_one_is_not_found(site: Site) -> None:
    path = site.share(site.amina, site.fetch(site.amina))
    links = site.amina.get("/wallet/links").text
    action = f"/wallet/links/{links.partition('/wallet/links/')[2].partition('/')[0]}/revoke"
    assert site.amina.submit("/wallet/links", action).status_code == 303
    assert site.stranger.get(path).status_code == 410
    assert site.stranger.get(path[:-4] + "AAAA").status_code == 404
    assert "Ended on" in site.amina.get("/wallet/links").text


def test_new_link_has_fields_for_linkedin_with_every_value_encoded(site: Site) -> None:
    page = site.amina.submit(site.fetch(site.amina), "/wallet/links").text
    assert "startTask=CERTIFICATION_NAME&amp;name=Lesson+study" in page
    assert f"certUrl={ORIGIN.replace(':', '%3A').replace('/', '%2F')}" in page
    assert "urn%3Auuid" not in page
    assert "data:image/svg+xml" in page


def test_form_with_an_unknown_field_or_no_badge_is_refused(site: Site) -> None:
    badge = site.fetch(site.amina)
    assert site.amina.submit(badge, "/wallet/links", person_id="b" * 32).status_code == 400
    assert site.amina.submit("/wallet/links", "/wallet/links").status_code == 400
    assert site.amina.submit(badge, "/wallet/links", last_day="soon").status_code == 400


def test_link_without_a_badge_is_asked_for_again_with_what_was_written(site: Site) -> None:
    site.fetch(site.amina)
    page = site.amina.submit("/wallet/links", "/wallet/links", purpose="An application")
    assert "Choose one badge or more." in page.text
    assert 'value="An application"' in page.text


def test_two_badges_in_one_link(site: Site) -> None:
    site.fetch(site.amina)
    site.issuer.deliver = lambda holder: site.issuer.badge_for(
        holder, id="https://issuer.example/credentials/2"
    )
    site.fetch(site.amina)
    page = site.amina.get("/wallet/links").text
    chosen = [part.partition('"')[0] for part in page.split('name="credentials" value="')[1:]]
    answer = site.amina.submit("/wallet/links", "/wallet/links", credentials=chosen)
    path = "/wallet/share/" + answer.text.partition("/wallet/share/")[2].partition("<")[0]
    shown = site.stranger.get(path).text
    assert "2 badges of Amina Otieno" in shown
    for place in range(2):  # each can be handed to the verifier
        assert f'name="credential" value="{ORIGIN}{path}/{place}.json"' in shown
    listed = site.stranger.client.get(path).get_json()
    assert len(listed["credentials"]) == 2


def test_shared_page_lies_in_no_section_of_the_reader(site: Site) -> None:
    link = site.amina.submit(site.fetch(site.amina), "/wallet/links").text
    path = "/wallet/share/" + link.partition("/wallet/share/")[2].partition("<")[0]
    assert 'aria-current="true"' in site.amina.get("/wallet/").text
    assert 'aria-current="true"' not in site.stranger.get(path).text


def test_request_is_shown_and_answered_with_the_chosen_badge(site: Site) -> None:
    site.fetch(site.amina)
    query = site.issuer.ask().partition("?")[2]
    page = site.amina.get(f"/wallet/present?{query}").text
    assert "issuer.example asks to see badges" in page
    chosen = page.partition('name="credentials" value="')[2].partition('"')[0]
    answer = site.amina.submit(
        f"/wallet/present?{query}", "/wallet/present", answer="agree", credentials=chosen
    )
    # The verifier wants its visitor back; another site is offered, and not followed unasked.
    assert answer.status_code == 200
    assert 'href="https://issuer.example/thanks"' in answer.text
    (shown,) = site.issuer.presented()
    assert shown.report.verified()


def test_nothing_chosen_shows_the_consent_page_again_with_a_sentence(site: Site) -> None:
    site.fetch(site.amina)
    query = site.issuer.ask().partition("?")[2]
    first = site.amina.get(f"/wallet/present?{query}").text
    page = site.amina.submit(f"/wallet/present?{query}", "/wallet/present", answer="agree")
    assert page.status_code == 400
    assert (
        "Nothing is chosen yet." in page.text.partition("<fieldset")[2].partition("</fieldset")[0]
    )
    assert page.text.count('name="credentials"') == first.count('name="credentials"') == 1
    assert site.issuer.posts == []
    token = first.partition('name="request" value="')[2].partition('"')[0]
    assert f'name="request" value="{token}"' in page.text


def test_choice_that_does_not_fit_is_told_and_kept(site: Site) -> None:
    site.fetch(site.amina)
    site.issuer.deliver = lambda holder: site.issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Second"
    )
    site.fetch(site.amina)
    query = site.issuer.ask(query=Query((replace(BADGE, multiple=False),))).partition("?")[2]
    page = site.amina.get(f"/wallet/present?{query}").text
    both = re.findall(r'name="credentials" value="([^"]+)"', page)
    answer = site.amina.submit(
        f"/wallet/present?{query}", "/wallet/present", answer="agree", credentials=both
    )
    assert (answer.status_code, len(both)) == (400, 2)
    assert "This does not answer the request." in answer.text
    assert answer.text.count(" checked>") == 2
    assert site.issuer.posts == []


@pytest.mark.parametrize("several", [False, True])
def test_consent_page_ticks_nothing_in_advance(site: Site, several: bool) -> None:  # noqa: FBT001
    site.fetch(site.amina)
    query = site.issuer.ask(query=Query((replace(BADGE, multiple=several),))).partition("?")[2]
    page = site.amina.get(f"/wallet/present?{query}").text
    assert 'name="credentials"' in page
    assert " checked" not in page


def test_asker_who_is_but_a_key_is_called_so(site: Site) -> None:
    stranger = signer(77)
    site.issuer.ask()
    assert site.issuer.request is not None
    request = replace(site.issuer.request, verifier=stranger.did)
    url = "https://shop.example/requests/1"
    token = make_request(request, signer=stranger).encode()
    site.issuer.answers[url] = Answer(200, {"content-type": MEDIA_TYPE}, token)
    query = authorization_uri(client_id=request.client_id, request_uri=url).partition("?")[2]
    page = site.amina.get(f"/wallet/present?{query}").text
    assert "Somebody asks to see badges" in page
    assert "Nothing is proven but that one key asks" in page
    assert "The address is proven" not in page
    other = site.issuer.ask().partition("?")[2]
    assert (
        "The address is proven, and nothing else."
        in site.amina.get(f"/wallet/present?{other}").text
    )


def test_request_that_is_over_is_told_in_plain_words(site: Site) -> None:
    query = site.issuer.ask().partition("?")[2]
    for url in [url for url in site.issuer.answers if "/requests/" in url]:
        site.issuer.answers[url] = Answer(410, {}, b"")
    page = site.amina.get(f"/wallet/present?{query}")
    assert page.status_code == 410
    assert "This is over" in page.text
    assert ">410<" not in page.text
    assert "answered already or is over. Ask for a new one." in page.text


def test_declined_request_shows_nothing(site: Site) -> None:
    site.fetch(site.amina)
    query = site.issuer.ask().partition("?")[2]
    site.amina.submit(f"/wallet/present?{query}", "/wallet/present", answer="decline")
    assert b"access_denied" in site.issuer.posts[-1]


def test_ballot_is_shown_and_signed(site: Site) -> None:
    did = site.amina.get("/wallet/").text.partition("did:key:")[2].partition("<")[0]
    document = {
        "title": "Lesson study in Kisumu",
        "response_uri": "https://issuer.example/ballots",
        "claims": {
            "ballot": "panel",
            "poll": "poll-1",
            "iss": f"did:key:{did}",
            "verdict": "no",
            "marks": [{"criterion": "depth", "level": "2", "anchor": "page 4"}],
            "endorsement": None,
        },
    }
    uri = "https://issuer.example/ballots/1"
    site.issuer.answers[uri] = Answer(200, {}, json.dumps(document).encode())
    page = f"/wallet/sign?request_uri={uri}"
    assert "Lesson study in Kisumu" in site.amina.get(page).text
    assert "page 4" in site.amina.get(page).text
    assert site.ben.get(page).status_code == 400
    assert site.amina.submit(page, "/wallet/sign").status_code == 303
    assert "ballot" in parse_qs(site.issuer.posts[-1].decode())


def test_badge_with_markup_in_its_words_is_shown_as_words(site: Site) -> None:
    def deliver(holder: str) -> dict[str, object]:
        unsigned = site.issuer.campus.unsigned_badge()
        subject = unsigned["credentialSubject"] | {"id": holder}
        subject["achievement"] = subject["achievement"] | {
            "name": "<script>alert(1)</script>",
            "description": "<img src=x onerror=alert(1)> [click](javascript:alert(1)) **bold**",
        }
        return site.issuer.campus.badge(credentialSubject=subject, name="<b>name</b>")

    site.issuer.deliver = deliver
    path = site.fetch(site.amina)
    for page in (
        site.amina.get(path).text,
        site.amina.get("/wallet/").text,
        site.stranger.get(site.share(site.amina, path)).text,
    ):
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "javascript:alert" not in page.replace("[click](javascript:alert(1))", "")
    assert "<strong>bold</strong>" in site.amina.get(path).text


@pytest.mark.parametrize("path", ["/wallet/links", "/wallet/add", "/wallet/offers/accept"])
def test_form_from_another_site_is_refused(site: Site, path: str) -> None:
    answer = site.amina.client.post(path, data={"credentials": "x"})
    assert answer.status_code in {400, 403}
