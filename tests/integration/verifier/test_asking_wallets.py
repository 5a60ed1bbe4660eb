"""The verifier asks our real wallet over HTTP, and shows the verdict to the one who asked."""

import json
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from wallet_site import ORIGIN, Browser, Site, wallet_site

from openid4vc.exchange import write_form
from openid4vc.presentation.request import (
    PresentationRequest,
    read_authorization_uri,
    verify_request,
)
from openid4vc.presentation.response import refusal_form, response_form
from vc.documents import JsonObject
from vc.fetch import Fetched
from vc.jose import sign_compact
from vc.presentation import present

ISSUER = "did:web:issuer.example"
REGISTRY = f"""
version: "1"
issuers:
  - did: {ISSUER}
    name: Issuer of Example
    site: https://issuer.example
    issues: [AchievementCredential, OpenBadgeCredential]
    since: 2020-01-01
  - did: did:web:other.example
    name: Somebody Else
    site: https://other.example
    issues: [AchievementCredential]
    since: 2020-01-01
"""


@dataclass
class Clock:
    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Town:
    """The site, and the browser of an employer who has no account."""

    site: Site
    clock: Clock
    home: Path
    employer: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.employer = self.site.stranger

    def ask(self, browser: Browser | None = None, *, kind: str = "badge", issuer: str = "") -> str:
        """Ask; the path of the asker's page."""
        asker = browser or self.employer
        answer = asker.submit("/verifier/ask", "/verifier/ask", kind=kind, issuer=issuer)
        assert answer.status_code == 303, answer.text
        return answer.location

    def consent(self, link: str) -> str:
        """The page of our wallet for an openid4vp address."""
        return f"/wallet/present?{link.partition('?')[2]}"

    def request(self, link: str) -> PresentationRequest:
        """The request behind an openid4vp address, as another wallet reads it."""
        reference = read_authorization_uri(link)
        token = self.employer.client.get(reference.request_uri.removeprefix(ORIGIN)).text
        return verify_request(
            token, expected_client_id=reference.client_id, now=self.clock.now, fetcher=self
        )

    def get(self, url: str, *, accept: str) -> Fetched:
        """The verifier's DID document, as another wallet fetches it."""
        assert url == "https://localhost:8000/verifier/did.json"
        return Fetched(url, self.employer.client.get("/verifier/did.json").data, accept)

    def post(self, request: PresentationRequest, body: bytes) -> Any:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        path = request.response_uri.removeprefix(ORIGIN)
        return self.employer.client.post(path, data=body, headers=form)


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Town:
    (tmp_path / "trust.yaml").write_text(REGISTRY)
    clock = Clock()
    return Town(wallet_site(tmp_path, clock=clock), clock, tmp_path)


def links(page: str) -> tuple[str, str]:
    """The addresses in a waiting page: that of the QR code, and that of the button."""
    code = re.search(r"<output[^>]*>(openid4vp:[^<]+)<", page)
    button = re.search(r'href="(openid4vp:[^"]+)"', page)
    assert code, page
    assert button, page
    return unescape(code[1]), unescape(button[1])


def answer_with(campus: Campus, request: PresentationRequest, **changes: Any) -> bytes:
    """What a wallet of the campus' holder posts; `changes` bend it."""
    facts: dict[str, Any] = {
        "holder": campus.holder.did,
        "signer": campus.holder,
        "created": NOW,
        "challenge": request.nonce,
        "domain": request.client_id,
    }
    badges = changes.pop("badges", [campus.badge()])
    state = changes.pop("state", request.state)
    part = changes.pop("part", "embedded")
    presentations = [present([badge], **(facts | changes)) for badge in badges]
    return response_form({part: presentations}, state=state)


def test_issuers_of_one_name_can_be_told_apart_by_whoever_chooses(town: Town) -> None:
    registry = REGISTRY.replace("Somebody Else", "Issuer of Example")
    (town.home / "trust.yaml").write_text(registry)
    form = town.employer.get("/verifier/ask").text
    assert f'<option value="{ISSUER}">Issuer of Example (issuer.example)</option>' in form
    other = '<option value="did:web:other.example">Issuer of Example (other.example)</option>'
    assert other in form
    waiting = town.employer.get(town.ask(issuer=ISSUER)).text
    assert "You ask for one badge from Issuer of Example (issuer.example)." in waiting


def test_badge_is_asked_for_by_a_code_and_its_verdict_reaches_the_employer(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask(issuer=ISSUER)
    waiting = town.employer.get(page).text
    assert "You ask for one badge from Issuer of Example." in waiting
    assert '<meta http-equiv="refresh"' in waiting
    consent = town.consent(links(waiting)[0])
    shown = town.site.amina.get(consent).text
    assert "Learnometer verifier asks to see badges" in shown
    assert "Learnometer verifier, at localhost:8000" in shown
    assert "does not know who that is" not in shown
    assert "<dt>For what</dt><dd>One badge</dd>" in shown
    assert "<dt>Issued by</dt><dd>Issuer of Example</dd>" in shown
    gone = town.site.amina.submit(
        consent, "/wallet/present", answer="agree", credentials=chosen(shown)
    )
    verdict = town.employer.get(page).text
    assert "This credential is genuine and valid." in verdict
    assert "The one whom the credential is about" in verdict
    assert "It is held by the one who presented it" in verdict
    assert "Lesson study" in verdict
    assert "refresh" not in verdict
    # The holder's own browser did not ask, and is told where the verdict is.
    assert "Your answer is on the screen that asked you." in town.site.amina.get(gone.location).text


def chosen(page: str) -> list[str]:
    return re.findall(r'name="credentials" value="([^"]+)"', page)


def test_each_badge_that_was_shown_has_a_receipt_to_take_along(town: Town) -> None:
    issuer, amina = town.site.issuer, town.site.amina
    town.site.fetch(amina)
    issuer.deliver = lambda holder: issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Coaching"
    )
    town.site.fetch(amina)
    page = town.ask(kind="badges")
    consent = town.consent(links(town.employer.get(page).text)[0])
    amina.submit(consent, "/wallet/present", answer="all")
    shown = town.employer.get(page).text
    receipts = [
        json.loads(unescape(one)) for one in re.findall(r'name="receipt" value="([^"]+)"', shown)
    ]
    subjects = [receipt["credentialSubject"] for receipt in receipts]
    assert {subject["checked"]["title"] for subject in subjects} == {"Lesson study", "Coaching"}
    for subject in subjects:
        held = [step for step in subject["check"] if step["step"] == "holder"]
        assert [step["outcome"] for step in held] == ["pass"]
    taken = town.employer.submit(page, "/verifier/receipts", form="pdf")
    assert (taken.status_code, taken.mimetype) == (200, "application/pdf")


def test_holder_at_the_employers_device_comes_back_to_the_verdict(town: Town) -> None:
    amina = town.site.amina
    town.site.fetch(amina)
    page = town.ask(amina)
    button = re.search(r'href="(/wallet/present\?[^"]+)"', amina.get(page).text)
    assert button
    answer = amina.submit(unescape(button[1]), "/wallet/present", answer="all")
    assert answer.location.startswith(f"{ORIGIN}{page}/")
    back = amina.get(answer.location)
    assert back.location == page
    assert "Lesson study" in amina.get(page).text


def test_whoever_sends_the_button_to_somebody_else_reads_nothing(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[1])
    answer = town.site.amina.submit(consent, "/wallet/present", answer="all")
    attackers = town.employer.get(page).text
    assert "The wallet has answered" in attackers
    assert "Lesson study" not in attackers
    assert "did:key:" not in attackers
    assert "nobody can read what you showed" in town.site.amina.get(answer.location).text
    # A guessed code opens nothing.
    assert town.employer.get(f"{page}/guessed").status_code == 303
    assert "Lesson study" not in town.employer.get(page).text


def test_only_the_browser_that_asked_sees_question_and_verdict(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    for browser in (town.site.ben, town.site.amina):
        assert browser.get(page).status_code == 404
    town.site.amina.submit(consent, "/wallet/present", answer="all")
    town.ask(town.site.ben)  # who has asked something of his own
    for browser in (town.site.ben, town.site.amina):
        answer = browser.get(page)
        assert answer.status_code == 404
        assert "Lesson study" not in answer.text
        stolen = browser.submit("/verifier/ask", "/verifier/ask", kind="badge", issuer="")
        assert stolen.status_code == 303
        assert browser.get(page).status_code == 404
    assert town.employer.get(page).status_code == 200


def test_cookie_of_a_question_goes_to_its_page_alone(town: Town) -> None:
    answer = town.employer.submit("/verifier/ask", "/verifier/ask", kind="badge", issuer="")
    cookie = next(
        line
        for line in answer.headers.getlist("Set-Cookie")
        if line.startswith("learnometer_asked")
    )
    assert f"Path={answer.location}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_holder_who_declines_is_told_apart_from_silence(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    town.site.amina.submit(consent, "/wallet/present", answer="decline")
    assert "chose to show nothing" in town.employer.get(page).text
    assert town.site.amina.get(consent).status_code != 200
    silent = town.ask()
    town.clock.now += timedelta(minutes=10)
    assert "Nobody answered in time." in town.employer.get(silent).text


def test_all_badges_of_one_issuer_leave_the_others_in_the_wallet(town: Town) -> None:
    issuer, amina = town.site.issuer, town.site.amina
    town.site.fetch(amina)
    issuer.deliver = lambda holder: issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Coaching"
    )
    town.site.fetch(amina)
    page = town.ask(kind="badges", issuer=ISSUER)
    consent = town.consent(links(town.employer.get(page).text)[0])
    assert len(chosen(amina.get(consent).text)) == 2
    amina.submit(consent, "/wallet/present", answer="all")
    verdict = town.employer.get(page).text
    assert "Everything that was shown is genuine and valid." in verdict
    assert "2 credentials were shown, each by the one whom it is about." in verdict
    assert "Coaching" in verdict
    other = town.consent(links(town.employer.get(town.ask(issuer="did:web:other.example")).text)[0])
    refused = amina.get(other).text
    assert "Nothing in your wallet is of the kind that they ask for." in refused
    assert "2 badges that are not asked for: " in refused
    assert 'value="agree"' not in refused


def test_nothing_is_ticked_before_the_member_chooses_among_several(town: Town) -> None:
    issuer, amina = town.site.issuer, town.site.amina
    town.site.fetch(amina)
    issuer.deliver = lambda holder: issuer.badge_for(
        holder, id="https://issuer.example/credentials/2", name="Coaching"
    )
    town.site.fetch(amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    shown = amina.get(consent).text
    assert "checked" not in shown
    assert 'type="radio"' in shown
    assert amina.submit(consent, "/wallet/present", answer="agree").status_code == 400
    both = amina.submit(consent, "/wallet/present", answer="agree", credentials=chosen(shown))
    assert both.status_code == 400
    assert "Waiting for a wallet" in town.employer.get(page).text


def test_degree_is_asked_for_by_what_it_is(town: Town) -> None:
    issuer, amina = town.site.issuer, town.site.amina
    town.site.fetch(amina)

    def degree(holder: str) -> JsonObject:
        subject = issuer.campus.unsigned_badge()["credentialSubject"]
        achievement = subject["achievement"] | {"achievementType": "MasterDegree"}
        return issuer.campus.badge(
            id="https://issuer.example/credentials/msc",
            name="Master of Science",
            credentialSubject=subject | {"id": holder, "achievement": achievement},
        )

    issuer.deliver = degree
    town.site.fetch(amina)
    page = town.ask(kind="degree")
    consent = town.consent(links(town.employer.get(page).text)[0])
    shown = amina.get(consent).text
    assert len(chosen(shown)) == 1
    assert "<dt>Of the kind</dt><dd>Associate degree, Bachelor degree" in shown
    assert "One badge that is not asked for: Lesson study." in shown
    amina.submit(consent, "/wallet/present", answer="agree", credentials=chosen(shown))
    assert "Master of Science" in town.employer.get(page).text


def test_badge_that_is_a_token_is_asked_for_and_shown_too(town: Town) -> None:
    campus, amina = town.site.issuer.campus, town.site.amina
    found = re.search("did:key:[A-Za-z0-9]+", amina.get("/wallet/").text)
    assert found
    badge = campus.unsigned_badge()
    badge["credentialSubject"]["id"] = found[0]
    claims = badge | {
        "iss": ISSUER,
        "sub": found[0],
        "jti": badge["id"],
        "nbf": int((NOW - timedelta(days=30)).timestamp()),
    }
    token = sign_compact({"typ": "JWT"}, json.dumps(claims).encode(), signer=campus.issuer)
    kept = amina.submit("/wallet/add", "/wallet/add", credential=token)
    assert kept.status_code == 303, kept.text
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    shown = amina.get(consent).text
    amina.submit(consent, "/wallet/present", answer="agree", credentials=chosen(shown))
    verdict = town.employer.get(page).text
    assert "This credential is genuine and valid." in verdict


def test_revoked_badge_is_shown_as_what_it_is(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    town.site.amina.submit(consent, "/wallet/present", answer="all")
    town.site.issuer.campus.publish_status(7)
    verdict = town.employer.get(page).text
    assert "This credential is not valid." in verdict
    assert "It was revoked by its issuer." in verdict


def test_nothing_is_said_of_a_badge_whose_issuer_does_not_answer(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    consent = town.consent(links(town.employer.get(page).text)[0])
    town.site.amina.submit(consent, "/wallet/present", answer="all")
    del town.site.issuer.campus.library.documents["https://issuer.example/.well-known/did.json"]
    verdict = town.employer.get(page).text
    assert "could not be fully checked" in verdict
    for claim in ("held by the one", "The one whom", "<h2>Lesson study"):
        assert claim not in verdict


def test_request_is_signed_and_says_which_formats_are_read(town: Town) -> None:
    link, button = (town.request(one) for one in links(town.employer.get(town.ask()).text))
    assert link.verifier == "did:web:localhost%3A8000:verifier"
    assert link.response_uri == f"{ORIGIN}/verifier/responses/{link.state}"
    assert {link.state, link.nonce}.isdisjoint({button.state, button.nonce})
    assert [part.format for part in link.query.credentials] == ["ldp_vc", "jwt_vc_json"]
    assert town.employer.client.get("/verifier/requests/none").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"challenge": "n" * 43}, id="another nonce"),
        pytest.param(
            {"domain": "decentralized_identifier:did:web:evil.example"}, id="other verifier"
        ),
        pytest.param({"domain": "did:web:localhost%3A8000:verifier"}, id="no prefix"),
        pytest.param({"signer": signer(41)}, id="foreign key"),
        pytest.param({"signer": signer(41), "holder": signer(41).did}, id="somebody else's badge"),
        pytest.param({"state": "another"}, id="another state"),
        pytest.param({"badges": []}, id="no presentation"),
        pytest.param({"badges": [Campus().badge() | {"name": "Bent"}]}, id="tampered"),
        pytest.param({"badges": [Campus().badge(), Campus().badge()]}, id="two for one"),
        pytest.param({"part": "token"}, id="wrong format for the part"),
        pytest.param({"part": "extra"}, id="a part that was not asked for"),
        pytest.param(
            {"badges": [Campus().endorsement(Campus().judge(1), about=Campus().holder.did)]},
            id="another kind of credential",
        ),
    ],
)
def test_hostile_answer_is_refused_and_leaves_the_question_open(
    changes: dict[str, Any], town: Town
) -> None:
    page = town.ask()
    request = town.request(links(town.employer.get(page).text)[0])
    refused = town.post(request, answer_with(town.site.issuer.campus, request, **changes))
    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")
    assert refused.json["error_description"]
    assert "Waiting for a wallet" in town.employer.get(page).text
    # The holder's own answer still counts afterwards.
    assert town.post(request, answer_with(town.site.issuer.campus, request)).status_code == 200


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"issuer": "did:web:other.example"}, id="another issuer"),
        pytest.param({"kind": "degree"}, id="a degree"),
    ],
)
def test_badge_that_was_not_asked_for_is_refused(wish: dict[str, str], town: Town) -> None:
    page = town.ask(**wish)
    request = town.request(links(town.employer.get(page).text)[0])
    refused = town.post(request, answer_with(town.site.issuer.campus, request))
    assert refused.status_code == 400
    assert (
        refused.json["error_description"] == "A credential is not of the kind that was asked for."
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff", id="no form"),
        pytest.param(b"vp_token=%7B%7D&vp_token=%7B%7D", id="a field twice"),
        pytest.param(write_form({"vp_token": "{}", "state": ""}), id="no part"),
        pytest.param(write_form({"vp_token": "[]", "state": ""}), id="no object"),
        pytest.param(write_form({"vp_token": '{"embedded": "x"}', "state": ""}), id="no list"),
        pytest.param(write_form({"vp_token": '{"embedded": [1]}', "state": ""}), id="a number"),
        pytest.param(write_form({"vp_token": "[" * 5000, "state": ""}), id="deep"),
        pytest.param(b"vp_token=" + b"a" * (4 * 1_048_576), id="oversized"),
        pytest.param(b"vp_token=" + b"a" * (7 * 1_048_576), id="larger than any page takes"),
        pytest.param(b"response=eyJh.bla.bla.bla.bla", id="encrypted, which was not asked for"),
    ],
)
def test_answer_of_no_form_is_refused_with_a_reason(body: bytes, town: Town) -> None:
    page = town.ask()
    request = town.request(links(town.employer.get(page).text)[0])
    state = request.state.encode()
    refused = town.post(request, body.replace(b"state=", b"state=" + state))
    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")
    assert refused.json["error_description"]
    assert "Waiting for a wallet" in town.employer.get(page).text


def test_answer_counts_once(town: Town) -> None:
    page = town.ask()
    code, button = (town.request(link) for link in links(town.employer.get(page).text))
    body = answer_with(town.site.issuer.campus, code)
    assert town.post(code, body).status_code == 200
    for request, again in (
        (code, body),
        (code, refusal_form(state=code.state)),
        (button, answer_with(town.site.issuer.campus, button)),
    ):
        refused = town.post(request, again)
        assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")
    assert "Lesson study" in town.employer.get(page).text
    link = f"/verifier/requests/{code.state}"
    assert town.employer.client.get(link).status_code == 410


def test_answer_to_one_request_is_none_to_another(town: Town) -> None:
    first, second = (town.request(links(town.employer.get(town.ask()).text)[0]) for _ in range(2))
    body = answer_with(town.site.issuer.campus, first)
    assert town.post(second, body).status_code == 400
    assert town.post(second, refusal_form(state=first.state)).status_code == 400
    assert town.post(first, body).status_code == 200
    # A presentation for the first, under the state of the second.
    body = answer_with(town.site.issuer.campus, first, state=second.state)
    assert town.post(second, body).status_code == 400


def test_answer_that_comes_late_is_refused_and_everything_is_forgotten_in_time(town: Town) -> None:
    campus = town.site.issuer.campus
    late, answered = town.ask(), town.ask()
    late_request = town.request(links(town.employer.get(late).text)[0])
    request = town.request(links(town.employer.get(answered).text)[0])
    assert town.post(request, answer_with(campus, request)).status_code == 200
    town.clock.now += timedelta(minutes=10)
    assert town.post(late_request, answer_with(campus, late_request)).status_code == 400
    assert "Lesson study" in town.employer.get(answered).text
    town.clock.now = NOW + timedelta(minutes=15)
    assert town.employer.get(answered).status_code == 404


def test_employer_can_delete_what_was_shown(town: Town) -> None:
    page = town.ask()
    request = town.request(links(town.employer.get(page).text)[0])
    town.post(request, answer_with(town.site.issuer.campus, request))
    town.site.ben.submit("/verifier/ask", "/verifier/ask", kind="badge", issuer="")
    assert town.employer.submit(page, f"{page}/forget").status_code == 303
    assert town.employer.get(page).status_code == 404
    assert town.employer.client.get(f"/verifier/requests/{request.state}").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "everything", "issuer": ""},
        {"issuer": ""},
        {"kind": "badge", "issuer": "did:web:unknown.example"},
        {"kind": "badge", "issuer": "", "more": "x"},
        {"kind": "badge", "issuer": "x" * 501},
    ],
)
def test_question_that_is_not_offered_is_refused(fields: dict[str, str], town: Town) -> None:
    assert town.employer.submit("/verifier/ask", "/verifier/ask", **fields).status_code == 400


def test_no_page_holds_what_the_content_policy_forbids(town: Town) -> None:
    town.site.fetch(town.site.amina)
    page = town.ask()
    waiting = town.employer.get(page).text
    consent = town.consent(links(waiting)[0])
    pages = [town.employer.get("/verifier/ask").text, waiting, town.site.amina.get(consent).text]
    answer = town.site.amina.submit(consent, "/wallet/present", answer="all")
    pages += [town.employer.get(page).text, town.site.amina.get(answer.location).text]
    for text in pages:
        assert not re.search(r"<script|<style|\sstyle=|\son[a-z]+=|javascript:", text)
