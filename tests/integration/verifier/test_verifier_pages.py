"""The verifier's page and its VC-API endpoint give one verdict, whatever is handed over."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from badge_issuer import BadgeIssuer
from campus import NOW, Campus
from ed25519_keys import signer
from flask import Flask
from flask.testing import FlaskClient
from wallet_site import Elsewhere

from keys.sealing import MASTER_BYTES
from service.app import create_app
from service.raster import medallion_png
from service.settings import Settings
from vc.bakery import bake_png
from vc.documents import JsonObject
from vc.issue import issue
from vc.jose import sign_compact

REGISTRY = """
version: "1"
issuers:
  - did: did:web:issuer.example
    name: Issuer of Example
    site: https://issuer.example
    issues: [AchievementCredential, OpenBadgeCredential]
    since: 2020-01-01
"""


@pytest.fixture(name="client")
def _client(tmp_path: Path) -> FlaskClient:
    return _client_in(tmp_path)


def _client_in(home: Path, **parts: Any) -> FlaskClient:
    settings = Settings(
        home=home,
        master_secret=bytes(MASTER_BYTES),
        secret_key="x" * 32,
        roles=frozenset({"verifier"}),
    )
    app: Flask = create_app(settings, clock=lambda: NOW, **parts)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def _endorsement() -> JsonObject:
    campus = Campus()
    return campus.endorsement(campus.judge(1))


def test_pasted_credential_gets_a_verdict_page(client: FlaskClient) -> None:
    page = client.post("/verifier/", data={"credential": json.dumps(_endorsement())})
    assert page.status_code == 200
    assert "genuine, from an issuer that is not known here" in page.text


def test_achievement_without_a_readable_id_gets_a_verdict_page(client: FlaskClient) -> None:
    author, badge = signer(55), Campus().unsigned_badge(credentialStatus=None)
    badge["issuer"] = {"id": author.did}
    badge["credentialSubject"]["achievement"]["id"] = 5
    token = sign_compact({"typ": "JWT"}, json.dumps(badge).encode(), signer=author)
    page = client.post("/verifier/", data={"credential": token})
    assert page.status_code == 200


def test_uploaded_image_gets_the_same_verdict_as_the_text(
    client: FlaskClient, vectors: Path
) -> None:
    folder = vectors / "1edtech" / "valid"
    accept = {"Accept": "application/json"}
    image = (io.BytesIO((folder / "simple-json.png").read_bytes()), "badge.png")
    from_image = client.post("/verifier/", data={"file": image}, headers=accept)
    text = (folder / "simple.json").read_text()
    from_text = client.post("/verifier/", data={"credential": text}, headers=accept)
    assert from_image.json is not None
    assert from_text.json is not None
    assert from_image.json["verdict"] == from_text.json["verdict"] == "could not be checked"


@pytest.mark.parametrize(
    "text", ["{", "hello", "https://127.0.0.1/x", "a.b.c", "[1]", "<script>alert(1)</script>"]
)
def test_anything_else_gets_a_page_and_never_an_error(client: FlaskClient, text: str) -> None:
    page = client.post("/verifier/", data={"credential": text})
    assert page.status_code == 200
    assert "<script>" not in page.text


def test_name_of_a_credential_is_shown_as_text(client: FlaskClient) -> None:
    endorsement = _endorsement() | {"name": "<script>alert(1)</script>"}
    page = client.post("/verifier/", data={"credential": json.dumps(endorsement)})
    assert "<script>alert" not in page.text


def test_nothing_handed_over_is_a_problem_that_names_the_field(client: FlaskClient) -> None:
    answer = client.post("/verifier/", data={}, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["place"] == "credential"


def test_nothing_handed_over_shows_a_reader_the_form_again(client: FlaskClient) -> None:
    page = client.post("/verifier/", data={}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "Paste a credential or its link, or choose a file." in page.text
    assert '<textarea id="credential"' in page.text


def test_issuer_is_not_called_registered_where_the_signature_does_not_hold(
    tmp_path: Path,
) -> None:
    campus = Campus()
    (tmp_path / "trust.yaml").write_text(REGISTRY)
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    badge = campus.badge()
    genuine = client.post("/verifier/", data={"credential": json.dumps(badge)}).text
    assert "The issuer is registered here as Issuer of Example" in genuine
    bent = client.post("/verifier/", data={"credential": json.dumps(badge | {"name": "Bent"})}).text
    assert "the content was changed" in bent
    assert "is registered here" not in bent


def test_each_badge_behind_a_share_link_gets_a_report(tmp_path: Path) -> None:
    campus, address = Campus(), "https://wallet.example/wallet/share/secret"
    bent = campus.badge() | {"name": "Bent"}
    shown = [campus.badge(), bent, 7, campus.badge(name="Mentoring")]
    campus.library.publish(address, {"credentials": shown})
    (tmp_path / "trust.yaml").write_text(REGISTRY)
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    page = client.post("/verifier/", data={"credential": address}).text
    assert "4 verdicts" in page
    assert [f"{address}, number {number}" in page for number in (1, 2, 3, 4)] == [True] * 4
    assert "Mentoring" in page
    assert "Bent" not in page
    machine = client.post(
        "/verifier/", data={"credential": address}, headers={"Accept": "application/json"}
    )
    assert machine.json is not None
    verdicts = [one["verdict"] for one in machine.json["credentials"]]
    assert verdicts == ["valid", "invalid", "could not be checked", "valid"]


def test_many_files_and_lines_get_a_verdict_each_and_bad_ones_stop_none(
    tmp_path: Path,
) -> None:
    campus = Campus()
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    badge = json.dumps(campus.badge()).encode()
    files = [
        (io.BytesIO(badge), "one.json"),
        (io.BytesIO(b"\x00\xff"), "<b>two</b>.png"),
        (io.BytesIO(badge.replace(b"Lesson study", b"Lesson bent!")), "three.json"),
    ]
    lines = "https://127.0.0.1/x\n\nhttps://nowhere.example/badge"
    page = client.post("/verifier/", data={"file": files, "credential": lines}).text
    assert "5 verdicts" in page
    assert "<b>two" not in page
    for words in ("verified, with a warning", "not valid", "could not be read"):
        assert words in page
    assert page.count('class="pill is-unreadable"') == 3


def test_each_row_of_several_says_why_it_is_not_valid(tmp_path: Path) -> None:
    campus = Campus()
    campus.publish_status(7)
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    expired = campus.badge(validUntil="2026-11-01T00:00:00Z", credentialStatus=None)
    files = [
        (io.BytesIO(json.dumps(badge).encode()), "badge.json")
        for badge in (campus.badge(), expired, campus.badge() | {"name": "Bent"})
    ]
    page = client.post("/verifier/", data={"file": files}).text
    rows = [row.partition("</summary>")[0] for row in page.split("<summary>")[1:]]
    summaries = [row for row in rows if "verdict-name" in row]
    reasons = ("It was revoked by its issuer.", "It expired on", "The signature does not match")
    for summary, reason in zip(summaries, reasons, strict=True):
        assert reason in summary
    assert "3</dd>" in page


def test_more_than_fits_one_answer_is_refused_before_anything_is_checked(
    client: FlaskClient,
) -> None:
    files = [(io.BytesIO(b"{}"), f"{number}.json") for number in range(21)]
    page = client.post("/verifier/", data={"file": files}, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "At most 20 at once here." in page.text


def test_name_that_a_badge_claims_for_its_issuer_is_shown_as_a_claim_only(tmp_path: Path) -> None:
    campus = Campus()
    issuer = {"id": campus.issuer.did, "type": ["Profile"], "name": "University of Oxbridge"}
    badge = json.dumps(campus.badge(issuer=issuer))
    outside = Elsewhere(BadgeIssuer(campus))
    stranger = _client_in(tmp_path, outside=outside).post("/verifier/", data={"credential": badge})
    assert "<strong>issuer.example</strong>" in stranger.text
    claim = stranger.text.partition("University of Oxbridge")
    assert claim[0].rstrip().endswith("<q><bdi>")
    assert "A claim inside the credential." in claim[2][:200]
    assert claim[2].partition("<details>")[0].count("University of Oxbridge") == 0
    (tmp_path / "trust.yaml").write_text(REGISTRY)
    known = _client_in(tmp_path, outside=outside).post("/verifier/", data={"credential": badge})
    assert "<strong>Issuer of Example</strong>" in known.text
    assert "University of Oxbridge" not in known.text.partition("<details>")[0]


def test_broken_signature_hides_what_the_credential_says(client: FlaskClient) -> None:
    bent = _endorsement() | {"name": "Doctor of Everything"}
    page = client.post("/verifier/", data={"credential": json.dumps(bent)}).text
    assert "This credential is not valid." in page
    assert "Doctor of Everything" not in page
    assert 'class="step-pass"' not in page
    assert 'class="step-fail"' in page


def test_issuer_of_badges_who_issues_a_degree_is_told_so(tmp_path: Path) -> None:
    campus = Campus()
    (tmp_path / "trust.yaml").write_text(REGISTRY)
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    degree = campus.unsigned_badge()
    degree["credentialSubject"]["achievement"]["achievementType"] = "MasterDegree"
    signed = json.dumps(issue(degree, signer=campus.issuer, created=NOW))
    page = client.post("/verifier/", data={"credential": signed}).text
    assert "from an issuer that is not registered for it" in page
    assert "but not for a degree" in page
    assert "and this is MasterDegree" in page
    assert "https://issuer.example · registered here, but not for this" in page


def test_vc_api_answers_200_only_for_a_valid_credential(client: FlaskClient) -> None:
    good = client.post(
        "/verifier/credentials/verify", json={"verifiableCredential": _endorsement()}
    )
    assert (good.status_code, good.json and good.json["verified"]) == (200, True)
    bent = _endorsement() | {"name": "Changed"}
    bad = client.post("/verifier/credentials/verify", json={"verifiableCredential": bent})
    assert (bad.status_code, bad.json and bad.json["verified"]) == (400, False)
    assert bad.json is not None
    assert bad.json["problemDetails"][0]["title"] == "signature"


def test_vc_api_verifies_an_unsigned_presentation_and_what_is_in_it(client: FlaskClient) -> None:
    def answer(credential: JsonObject) -> Any:
        presentation = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [credential],
        }
        return client.post(
            "/verifier/presentations/verify", json={"verifiablePresentation": presentation}
        )

    good, bad = answer(_endorsement()), answer(_endorsement() | {"name": "Changed"})
    assert (good.status_code, good.json["verified"], good.json["problemDetails"]) == (200, True, [])
    assert (bad.status_code, bad.json["verified"]) == (400, False)
    assert [problem["title"] for problem in bad.json["problemDetails"]] == ["signature"]
    assert client.post("/verifier/presentations/verify", json={}).status_code == 400


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"[]", b"nonsense", b'{"verifiableCredential": {"a": 1, "a": 2}}',
             b'{"verifiableCredential": 1}', b'{"verifiableCredential": {}, "surprise": 1}']
)  # fmt: skip
def test_vc_api_refuses_other_bodies_with_a_problem(client: FlaskClient, body: bytes) -> None:
    answer = client.post(
        "/verifier/credentials/verify", data=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400
    assert answer.is_json


@pytest.mark.parametrize(
    ("path", "body", "detail"),
    [
        ("credentials", {}, "/verifiableCredential: Missing data for required field."),
        ("presentations", {}, "/verifiablePresentation: Missing data for required field."),
        ("credentials", {"verifiableCredential": {}, "x": 1}, "/x: Unknown field."),
        (
            "credentials",
            {"verifiableCredential": {}, "options": {"recipient": 4}},
            "/options/recipient: Not a valid string.",
        ),
    ],
)
def test_vc_api_names_the_member_at_fault(
    client: FlaskClient, path: str, body: JsonObject, detail: str
) -> None:
    answer = client.post(f"/verifier/{path}/verify", json=body)
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["detail"] == detail


def test_program_that_uses_another_method_is_told_which_one(client: FlaskClient) -> None:
    answer = client.get("/verifier/credentials/verify")
    assert answer.status_code == 405
    assert answer.json is not None
    assert answer.json["detail"] == "This address takes POST."


@pytest.mark.parametrize(
    ("registered", "headline", "note"),
    [
        (
            "since: 2026-10-24",
            "but from before its issuer was registered here.",
            "registered here since 24 October 2026, and this is from before",
        ),
        (
            "since: 2020-01-01\n    until: 2026-10-23",
            "but not from the time when its issuer was registered here.",
            "registered here until 23 October 2026, and this is not from before",
        ),
    ],
)
def test_badge_from_outside_the_time_of_the_registration_is_told_so_everywhere(
    tmp_path: Path, registered: str, headline: str, note: str
) -> None:
    campus = Campus()
    (tmp_path / "trust.yaml").write_text(REGISTRY.replace("since: 2020-01-01", registered))
    client = _client_in(tmp_path, outside=Elsewhere(BadgeIssuer(campus)))
    page = client.post("/verifier/", data={"credential": json.dumps(campus.badge())}).text
    assert f"This credential is genuine, {headline}" in page
    assert f"https://issuer.example · {note}" in page
    assert "not registered for it" not in page
    assert "so its registration does not cover it." in page


def test_strangers_badge_has_no_seal_of_the_house(client: FlaskClient) -> None:
    page = client.post("/verifier/", data={"credential": json.dumps(_endorsement())})
    assert "from an issuer that is not known here" in page.text
    assert "medallion" not in page.text


def test_picture_is_told_apart_from_the_badge_inside(client: FlaskClient) -> None:
    text = json.dumps(_endorsement())
    said = "the badge inside the picture, and not what the picture shows"
    image = bake_png(medallion_png(seed="plain"), text)
    for file, expected in ((image, True), (text.encode(), False)):
        page = client.post("/verifier/", data={"file": (io.BytesIO(file), "x")})
        assert "This credential is genuine" in page.text
        assert (said in page.text) is expected
