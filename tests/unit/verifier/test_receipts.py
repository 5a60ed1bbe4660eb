"""Receipts: signed, dated, complete about the check, and silent about what is not proven."""

import json
import re
from typing import Any

import pytest
from campus import NOW, Campus
from ed25519_keys import signer

from vc.canonical import canonical
from vc.did import document as did_document
from vc.documents import JsonObject
from vc.encoding import base64url_encode, digest_multibase
from vc.errors import Malformed
from vc.jcs import canonical_json
from vc.jose import sign_compact
from vc.model import Verdict
from vc.sd_jwt import digest
from verifier.bulk.item import Item
from verifier.bulk.result import row_of
from verifier.checked import Checked
from verifier.desk import Desk
from verifier.handing import Handed
from verifier.paper import receipt_pdf
from verifier.receipt import read_receipt
from verifier.receipts import Receipts, own_receipt
from verifier.slips import LONGEST_TOKEN, read_slip, slip_token
from verifier.trust_file import read_registry

DID = "did:web:verify.example:verifier"
KEY = signer(7, f"{DID}#key-1")
RECEIPTS = Receipts(KEY, DID, "learnometer 1.2.3")
REGISTRY = """
version: "12"
issuers:
  - did: did:web:issuer.example
    name: Issuer of Example
    site: https://issuer.example
    issues: [AchievementCredential]
    since: 2020-01-01
"""


@pytest.fixture(name="campus")
def _campus() -> Campus:
    campus = Campus()
    keys = did_document(DID, [("key-1", KEY.public_key)])
    campus.library.publish("https://verify.example/verifier/did.json", keys)
    return campus


def _receipt(campus: Campus, source: JsonObject | str) -> JsonObject:
    desk = Desk(campus.library, read_registry(REGISTRY))
    text = source if isinstance(source, str) else json.dumps(source)
    (checked,) = desk.examine([Handed("it", text)], now=NOW)
    return RECEIPTS.issue(checked)


def test_receipt_names_each_check_and_all_versions(campus: Campus) -> None:
    badge = campus.judged_badge()
    receipt = read_receipt(_receipt(campus, badge))
    assert receipt.checked_at == "2026-11-22T12:00:00Z"
    assert (receipt.verdict, receipt.software) == ("valid", "learnometer 1.2.3")
    assert [step["step"] for step in receipt.steps] == [
        "structure", "issuer", "key", "signature", "dates", "status", "endorsements",
    ]  # fmt: skip
    assert receipt.trust["registry"] == "12"
    assert receipt.trust["registeredName"] == "Issuer of Example"
    assert receipt.suites == ("eddsa-rdfc-2022",)
    assert [url for url, _ in receipt.contexts] == badge["@context"]
    assert receipt.checked["digestMultibase"] == digest_multibase(canonical_json(badge))
    assert receipt.checked["issuedTo"] == campus.holder.did


def test_receipt_is_a_credential_that_verifies_and_whose_every_term_is_defined(
    campus: Campus,
) -> None:
    receipt = _receipt(campus, campus.judged_badge())
    assert campus.verify(receipt).verdict is Verdict.VALID
    assert "learnometer 1.2.3" in canonical({k: v for k, v in receipt.items() if k != "proof"})
    subject = receipt["credentialSubject"] | {"verdict": "could not be checked"}
    bent = receipt | {"credentialSubject": subject}
    assert campus.verify(bent).verdict is Verdict.INVALID


def test_same_check_gives_the_same_receipt(campus: Campus) -> None:
    assert _receipt(campus, campus.badge()) == _receipt(campus, campus.badge())
    assert _receipt(campus, campus.badge())["id"] != _receipt(campus, campus.judged_badge())["id"]


def test_receipt_repeats_nothing_of_what_was_changed(campus: Campus) -> None:
    bent = campus.badge() | {"name": "Doctor of Everything"}
    receipt = _receipt(campus, bent)
    assert receipt["credentialSubject"]["verdict"] == "invalid"
    assert set(receipt["credentialSubject"]["checked"]) == {
        "digestMultibase", "suite", "contextDigest",
    }  # fmt: skip
    for secret in ("Doctor", campus.holder.did, "Lesson"):
        assert secret not in json.dumps(receipt)


@pytest.mark.parametrize("source", ["{", "hello", "{}", "a.b.c", '{"a": 1, "a": 2}'])
def test_what_is_no_credential_has_a_receipt_of_its_bytes(campus: Campus, source: str) -> None:
    checked = _receipt(campus, source)["credentialSubject"]["checked"]
    assert checked == {"digestMultibase": digest_multibase(source.encode())}


def test_receipt_for_a_token_names_its_algorithm_and_its_very_digest(campus: Campus) -> None:
    author = signer(55)
    badge = campus.unsigned_badge(credentialStatus=None) | {
        "issuer": {"id": author.did, "type": ["Profile"]}
    }
    token = sign_compact({"typ": "JWT"}, json.dumps(badge).encode(), signer=author)
    receipt = read_receipt(_receipt(campus, token))
    assert receipt.suites == ("JWS EdDSA",)
    assert receipt.checked["digestMultibase"] == digest_multibase(token.encode())


@pytest.mark.parametrize("claims", [{}, {"vc": 5}, {"vc": {"a": 1}}])
def test_receipt_for_an_sd_jwt_has_the_digest_of_its_whole_text(
    campus: Campus, claims: JsonObject
) -> None:
    author, holder = signer(55), signer(56)
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(holder.public_key)}
    payload = {"iss": author.did, "vct": "urn:example:badge", "cnf": {"jwk": jwk}, **claims}
    token = sign_compact({"typ": "dc+sd-jwt"}, json.dumps(payload).encode(), signer=author) + "~"
    said = {"nonce": "1", "aud": "x", "iat": 1, "sd_hash": digest(token)}
    shown = token + sign_compact({"typ": "kb+jwt"}, json.dumps(said).encode(), signer=holder)
    for text in (token, shown):
        receipt = read_receipt(_receipt(campus, text))
        assert (receipt.verdict, receipt.suites) == ("valid", ("JWS EdDSA",))
        assert receipt.checked["digestMultibase"] == digest_multibase(text.encode())


def test_only_a_genuine_receipt_of_ours_is_taken_back(campus: Campus) -> None:
    desk = Desk(campus.library, read_registry(REGISTRY))
    receipt = _receipt(campus, campus.badge())
    assert own_receipt(desk.check(receipt, now=NOW), did=DID) == receipt
    other = Receipts(campus.issuer, campus.issuer.did, "x").issue(desk.check("{", now=NOW))
    bent = receipt | {"validFrom": "2026-01-01T00:00:00Z"}
    for refused in (campus.badge(), other, bent, {}):
        with pytest.raises(Malformed, match="no receipt of this verifier"):
            own_receipt(desk.check(refused, now=NOW), did=DID)


def _read_back(campus: Campus, receipt: JsonObject, *, registry: str = REGISTRY) -> Checked:
    desk = Desk(campus.library, read_registry(registry))
    (checked,) = desk.examine([Handed("it", json.dumps(receipt))], now=NOW)
    return checked


HOUSE = (
    REGISTRY
    + f"""
  - did: {DID}
    name: A verifier
    site: https://verify.example
    issues: [VerificationReceipt]
    since: 2020-01-01
"""
)


def test_receipt_sounds_as_what_it_says(campus: Campus) -> None:
    good = _read_back(campus, _receipt(campus, campus.badge()), registry=HOUSE)
    assert (good.tone, good.reason) == ("valid", "")
    assert good.headline == (
        "This receipt is genuine. It says of “Lesson study” on 22 November 2026: genuine and valid."
    )
    bent = _receipt(campus, campus.badge() | {"name": "Bent"})
    bad = _read_back(campus, bent, registry=HOUSE)
    assert bad.tone == "invalid"
    assert "It says of what was handed in on 22 November 2026: not valid." in bad.headline
    assert bad.reason.startswith("The signature does not match")
    row = row_of(bad, item=Item("it"))
    assert (row.verdict, row.title, row.reason) == ("not valid", "Verification Receipt", bad.reason)
    assert row.headline == bad.headline


def test_receipt_of_a_stranger_sounds_no_better_than_its_signer(campus: Campus) -> None:
    receipt = _receipt(campus, campus.badge(name="x”: genuine and valid. “" + "y" * 200))
    read = _read_back(campus, receipt)
    assert (read.tone, read.reason) == ("warning", "")
    assert "from a verifier that is not known here" in read.headline
    assert read.headline.count("“") == read.headline.count("”") == 1
    assert len(read.headline) < 250
    bent = _read_back(campus, _receipt(campus, campus.badge() | {"name": "Bent"}))
    assert (bent.tone, bent.reason) == ("invalid", "")  # a stranger's reason is not our word


def test_pdf_of_a_receipt_is_read_like_the_receipt(campus: Campus) -> None:
    receipt = _receipt(campus, campus.badge())
    desk = Desk(campus.library, read_registry(HOUSE))
    pdf = _pdf(receipt)
    (checked,) = desk.examine([Handed("receipt.pdf", pdf)], now=NOW)
    assert checked.tone == "valid"
    assert checked.report.credential is not None
    assert checked.report.credential.document == receipt
    bent = pdf.replace(b"Lesson study", b"Lesson bent!")
    assert desk.examine([Handed("receipt.pdf", bent)], now=NOW)[0].tone == "invalid"


def test_any_other_pdf_is_told_what_to_do(campus: Campus) -> None:
    pdf = _pdf(_receipt(campus, campus.badge()))
    desk = Desk(campus.library, read_registry(HOUSE))
    attachment = re.search(rb"/Length \d+\n/Params.*?endstream", pdf, re.DOTALL)
    assert attachment
    others = [
        b"%PDF-1.4\n%%EOF",
        pdf.replace(b"/EmbeddedFile", b"/OtherFile"),
        pdf.replace(attachment[0], attachment[0] * 2),
        pdf.replace(b"/Length 2", b"/Length 3"),
        pdf[: attachment.end() - 20],
    ]
    found = desk.examine([Handed("x.pdf", other) for other in others], now=NOW)
    for checked in found:
        assert checked.tone == "unreadable"
        assert checked.reason.startswith(
            "This is a PDF without a receipt or transcript that can be read"
        )


def _keys() -> list[tuple[str, bytes]]:
    return [("key-1", KEY.public_key)]


def test_slip_says_in_short_what_the_receipt_says(campus: Campus) -> None:
    receipt = read_receipt(_receipt(campus, campus.badge()))
    slip = read_slip(slip_token(receipt, signer=KEY), did=DID, keys=_keys)
    assert (slip.verdict, slip.standing, slip.title) == ("valid", "known", "Lesson study")
    assert (slip.receipt, slip.checked_at) == (receipt.id, NOW)
    assert slip.holder == campus.holder.did


def test_slip_gives_the_first_reason_against(campus: Campus) -> None:
    campus.publish_status(7)
    receipt = read_receipt(_receipt(campus, campus.badge()))
    slip = read_slip(slip_token(receipt, signer=KEY), did=DID, keys=_keys)
    assert (slip.verdict, slip.reason) == ("invalid", "It was revoked by its issuer.")


def test_slip_stays_short_whatever_the_badge_holds(campus: Campus) -> None:
    name = "長い名前" * 500
    badge = campus.badge(name=name, id="https://issuer.example/" + "x" * 3_000)
    token = slip_token(read_receipt(_receipt(campus, badge)), signer=KEY)
    assert len(token) < LONGEST_TOKEN
    assert read_slip(token, did=DID, keys=_keys).title.endswith("…")


def test_no_other_token_is_a_slip(campus: Campus) -> None:
    receipt = read_receipt(_receipt(campus, campus.badge()))
    token = slip_token(receipt, signer=KEY)
    forged = slip_token(receipt, signer=signer(8, f"{DID}#key-1"))
    stranger = slip_token(receipt, signer=signer(8))
    other_type = sign_compact({"typ": "JWT"}, b"{}", signer=KEY)
    bent = f"{token[:300]}{'A' if token[300] != 'A' else 'B'}{token[301:]}"
    for refused in (forged, stranger, other_type, bent, token[:-1], "", "a.b.c", "x" * 9_999):
        with pytest.raises(Malformed):
            read_slip(refused, did=DID, keys=_keys)


def _pdf(receipt: JsonObject) -> bytes:
    document = json.dumps(receipt).encode()
    return receipt_pdf(read_receipt(receipt), document=document, address="https://v.example/r/x")


def test_pdf_is_the_same_each_time_and_carries_the_receipt(campus: Campus) -> None:
    receipt = _receipt(campus, campus.judged_badge())
    pdf = _pdf(receipt)
    assert pdf == _pdf(receipt)
    assert pdf.startswith(b"%PDF-1.7")
    title = "Verification receipt: Lesson study".encode("utf-16-be").hex().upper().encode()
    information = re.search(rb"/Info (\d+) 0 R", pdf[pdf.rindex(b"trailer") :])
    assert information
    assert information[1] + b" 0 obj\n<<\n/Title <FEFF" + title + b">" in pdf
    start = int(pdf.rpartition(b"startxref\n")[2].split()[0])
    assert pdf[start:].startswith(b"xref\n")
    offset = int(pdf[start:].splitlines()[2].split()[0])
    assert pdf[offset:].startswith(information[1] + b" 0 obj")
    assert json.dumps(receipt).encode() in pdf
    for mark in (b"/StructTreeRoot", b"/Lang", b"/DisplayDocTitle true", b"<pdfaid:part>3<"):
        assert mark in pdf


@pytest.mark.parametrize(
    "text",
    [
        "{nb} **bold** __under__ ~~gone~~",
        ") Tj ET Q endstream endobj %%EOF",
        "\u202e\u2066 turned \x00\x07\x1b[2J",
        "長い名前 العربية 👩‍🏫",
        "x" * 500,
        "a b " * 2_000,
        "<b>&amp;</b> \\( \\) \r\n\t",
    ],
)
def test_no_text_of_a_badge_breaks_the_paper(campus: Campus, text: str) -> None:
    receipt = _receipt(campus, campus.badge())
    subject: dict[str, Any] = receipt["credentialSubject"]
    subject["checked"]["title"] = subject["checked"]["id"] = text
    subject["check"][0]["sentence"] = text
    subject["software"] = text
    pdf = _pdf(receipt | {"issuer": text})
    assert pdf.count(b"/Type /Page\n") <= 8
    assert pdf.rstrip().endswith(b"%%EOF")
