"""A receipt from the page to the file, to the paper, and back to the verifier."""

import io
import json
import re
from html import unescape
from pathlib import Path

import pytest
from badge_issuer import BadgeIssuer
from campus import NOW, Campus
from flask.testing import FlaskClient
from wallet_site import Elsewhere

from keys.custody import Custody
from keys.sealing import Seal
from paper.sheets import drawable
from service.app import create_app
from service.settings import Settings
from vc.encoding import base64url_decode, base64url_encode
from verifier import paper
from verifier.receipt import read_receipt
from verifier.receipts import Receipts
from verifier.slips import slip_token


@pytest.fixture(name="campus")
def _campus() -> Campus:
    return Campus()


@pytest.fixture(name="client")
def _client(tmp_path: Path, campus: Campus) -> FlaskClient:
    settings = Settings(
        home=tmp_path,
        master_secret=bytes(32),
        secret_key="x" * 32,
        roles=frozenset({"verifier"}),
    )
    app = create_app(settings, clock=lambda: NOW, outside=Elsewhere(BadgeIssuer(campus)))
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def _receipt_on(page: str) -> str:
    found = re.search(r'name="receipt" value="([^"]+)"', page)
    assert found, page
    return unescape(found[1])


def _verified(client: FlaskClient, source: object) -> str:
    text = source if isinstance(source, str) else json.dumps(source)
    return client.post("/verifier/", data={"credential": text}).text


def test_receipt_of_a_check_verifies_on_the_same_page(client: FlaskClient, campus: Campus) -> None:
    receipt = _receipt_on(_verified(client, campus.judged_badge()))
    file = client.post("/verifier/receipts", data={"receipt": receipt, "form": "json"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="receipt.json"'
    assert file.json is not None
    assert file.json["issuer"] == "did:web:localhost%3A8000:verifier"
    page = _verified(client, file.text)
    said = "This receipt is genuine. It says of “Lesson study” on 22 November 2026: genuine, from"
    assert said in page
    assert "The verifier of localhost:8000" in page
    assert "What this receipt says" in page
    assert "3 people signed for it" in page
    assert json.loads(_receipt_on(page)) == json.loads(receipt)  # and none of the receipt itself


def test_receipt_of_what_is_not_valid_is_not_announced_as_good(
    client: FlaskClient, campus: Campus
) -> None:
    campus.publish_status(7)
    receipt = _receipt_on(_verified(client, campus.badge()))
    alone = _verified(client, receipt)
    assert (
        "This receipt is genuine. It says of “Lesson study” on 22 November 2026: not valid."
        in alone
    )
    assert 'class="verdict is-invalid"' in alone
    assert "The reason then: It was revoked by its issuer." in alone
    files = [(io.BytesIO(receipt.encode()), f"{number}.json") for number in range(2)]
    among = client.post("/verifier/", data={"file": files}).text
    assert among.count('class="pill is-invalid"') == 2
    assert 'class="pill is-valid"' not in among
    row = among.partition("<summary>")[2].partition("</summary>")[0]
    assert "It says of “Lesson study” on 22 November 2026: not valid." in row
    assert "It was revoked by its issuer." in row


def test_paper_and_page_of_its_code_give_the_first_reason(
    client: FlaskClient, campus: Campus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    campus.publish_status(7)
    receipt = _receipt_on(_verified(client, campus.badge()))
    page = client.get(_address(tmp_path, receipt)).text
    banner = page.partition('class="verdict is-invalid"')[2].partition("</div>")[0]
    assert "It was not valid." in banner
    assert "It was revoked by its issuer." in banner
    drawn: list[str] = []
    monkeypatch.setattr(paper, "drawable", lambda text: drawn.append(text) or drawable(text))
    client.post("/verifier/receipts", data={"receipt": receipt, "form": "pdf"})
    head = drawn.index("This credential is not valid.")
    assert "It was revoked by its issuer." in drawn[: head + 1]
    assert not any(text.startswith("Invalid:") for text in drawn)


def test_day_of_a_receipt_is_readable(client: FlaskClient, campus: Campus) -> None:
    page = _verified(client, _receipt_on(_verified(client, campus.badge())))
    card = page.partition("What this receipt says")[2].partition("</section>")[0]
    assert "22 November 2026, 12:00 UTC" in card
    assert "2026-11-22T" not in card


def test_pdf_of_a_receipt_leads_to_a_page_that_says_the_same(
    client: FlaskClient, campus: Campus, tmp_path: Path
) -> None:
    receipt = _receipt_on(_verified(client, campus.badge()))
    pdf = client.post("/verifier/receipts", data={"receipt": receipt, "form": "pdf"})
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert receipt.encode() in pdf.data
    upload = {"file": (io.BytesIO(pdf.data), "receipt.pdf")}
    page = client.post("/verifier/", data=upload).text
    assert "This receipt is genuine. It says of “Lesson study”" in page
    assert json.loads(_receipt_on(page)) == json.loads(receipt)
    counter_page = client.get(_address(tmp_path, receipt))
    assert counter_page.status_code == 200
    assert counter_page.headers["X-Robots-Tag"] == "noindex"
    assert "It was genuine then, and its issuer not known here." in counter_page.text
    for fact in ("Lesson study", campus.holder.did, "22 November 2026, 12:00:00"):
        assert fact in counter_page.text


def test_page_of_a_receipt_tells_an_early_credential_from_a_stranger(
    client: FlaskClient, campus: Campus, tmp_path: Path
) -> None:
    receipt = json.loads(_receipt_on(_verified(client, campus.badge())))
    receipt["credentialSubject"]["trust"]["standing"] = "not yet"
    page = client.get(_address(tmp_path, json.dumps(receipt))).text
    assert "It was genuine then, but from before its issuer was registered here." in page


def _address(home: Path, receipt: str) -> str:
    signer = Custody(home / "keys", Seal(bytes(32))).signer("verifier")
    return f"/verifier/receipts/{slip_token(read_receipt(json.loads(receipt)), signer=signer)}"


def test_address_that_was_not_signed_here_shows_nothing(
    client: FlaskClient, campus: Campus, tmp_path: Path
) -> None:
    address = _address(tmp_path, _receipt_on(_verified(client, campus.badge())))
    head, payload, signature = address.rpartition("/")[2].split(".")
    said = json.loads(base64url_decode(payload)) | {"verdict": "valid", "name": "Doctor"}
    forged = f"{head}.{base64url_encode(json.dumps(said).encode())}.{signature}"
    for token in (forged, address[:-20].rpartition("/")[2], "x", "a.b.c"):
        answer = client.get(f"/verifier/receipts/{token}", headers={"Accept": "text/html"})
        assert answer.status_code == 404
        assert "Doctor" not in answer.text


@pytest.mark.parametrize("form", ["json", "pdf", "other"])
def test_nothing_but_our_own_receipts_is_put_into_files(
    client: FlaskClient, campus: Campus, form: str
) -> None:
    receipt = _receipt_on(_verified(client, campus.badge()))
    bent = receipt.replace("Lesson study", "Lesson bent!")
    for text in (bent, json.dumps(campus.badge()), "{", "", "https://127.0.0.1/x"):
        answer = client.post("/verifier/receipts", data={"receipt": text, "form": form})
        assert answer.status_code in {400, 503}, text
        assert answer.mimetype == "application/problem+json"


def test_forgery_has_a_receipt_that_repeats_nothing_of_it(
    client: FlaskClient, campus: Campus
) -> None:
    receipt = _receipt_on(_verified(client, campus.badge() | {"name": "Doctor of Everything"}))
    assert json.loads(receipt)["credentialSubject"]["verdict"] == "invalid"
    assert "Doctor" not in receipt


def test_what_could_not_be_read_has_no_receipt(client: FlaskClient) -> None:
    assert 'name="receipt"' not in _verified(client, "hello")


def test_verdicts_stay_where_a_receipt_cannot_be_made(
    client: FlaskClient, campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(Receipts, "issue", fails)
    page = _verified(client, campus.badge())
    assert "genuine, from an issuer that is not known here" in page
    assert 'name="receipt"' not in page


def test_receipt_can_be_checked_with_the_published_key_and_without_the_verifier(
    client: FlaskClient, campus: Campus
) -> None:
    receipt = _receipt_on(_verified(client, campus.badge()))
    document = client.get("/verifier/did.json")
    assert document.mimetype == "application/did+json"
    campus.library.documents["https://localhost:8000/verifier/did.json"] = document.data
    assert campus.verify(receipt).verdict.value == "valid"
