"""Presentations as tokens and in envelopes (VC-JOSE-COSE 1.0; VCDM 2.0 section 4.13)."""

import json
from typing import Any

import pytest
from campus import NOW, Campus
from signers import did_of, ec_signer, ed25519_signer, rsa_signer

from vc.documents import JsonObject
from vc.fetch import Nowhere
from vc.issue import Form, issue_as
from vc.jose import sign_compact
from vc.model import Verdict
from vc.presentation import PresentationReport, examine_presentation
from vc.public_key import KeyKind
from vc.signing import AnySigner
from vc.structure import CREDENTIALS_V2

HOLDER = ed25519_signer()


def _badge() -> JsonObject:
    by = ec_signer(KeyKind.P256)
    badge = Campus().unsigned_badge(issuer={"id": did_of(by), "type": ["Profile"]})
    del badge["credentialStatus"]
    token = issue_as(Form.VC_JWT, badge, signer=by, created=NOW)
    return envelope("Credential", f"data:application/vc+jwt,{token}")


def envelope(kind: str, content: str) -> JsonObject:
    return {"@context": CREDENTIALS_V2, "type": f"EnvelopedVerifiable{kind}", "id": content}


def _presentation(**changes: Any) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": did_of(HOLDER),
        "verifiableCredential": [_badge()],
        **changes,
    }


def _token(payload: JsonObject, *, typ: str = "vp+jwt", signer: AnySigner = HOLDER) -> str:
    return sign_compact({"typ": typ}, json.dumps(payload).encode(), signer=signer)


def _examine(source: Any, **asked: str) -> PresentationReport:
    return examine_presentation(
        source,
        now=NOW,
        fetcher=Nowhere(),
        challenge=asked.get("challenge"),
        domain=asked.get("domain"),
    )


CLAIMS = {"iss": did_of(HOLDER), "aud": "example.com", "nonce": "123456789"}
TOKEN = _token({**_presentation(), **CLAIMS})
WRAPPED = _token({"vp": _presentation(), **CLAIMS}, typ="JWT")


@pytest.mark.parametrize("token", [TOKEN, WRAPPED], ids=["VC-JOSE-COSE", "VCDM 1.1"])
@pytest.mark.parametrize("enveloped", [False, True], ids=["bare", "in an envelope"])
def test_presentation_as_a_token_is_verified_with_what_it_holds(
    token: str, *, enveloped: bool
) -> None:
    source: Any = envelope("Presentation", f"data:application/vp+jwt,{token}")
    report = _examine(source if enveloped else token, challenge="123456789", domain="example.com")
    assert report.verdict is Verdict.VALID, report.steps
    assert [one.verdict for one in report.credentials] == [Verdict.VALID]
    assert report.holder == did_of(HOLDER)


@pytest.mark.parametrize("asked", [{"challenge": "another"}, {"domain": "other.example"}])
@pytest.mark.parametrize("token", [TOKEN, WRAPPED])
def test_presentation_made_for_another_is_refused(token: str, asked: dict[str, str]) -> None:
    report = _examine(token, **asked)
    assert report.steps[-1].code == f"presentation-{next(iter(asked))}"


def test_presentation_signed_by_another_than_its_holder_is_refused() -> None:
    token = _token(_presentation(), signer=ec_signer(KeyKind.P256))
    report = _examine(token)
    assert report.verdict is Verdict.INVALID
    assert report.credentials == ()
    token = _token(_presentation() | {"iss": "did:example:other"})
    assert _examine(token).steps[-1].code == "presentation-holder"


def test_presentation_may_be_signed_by_any_kind_of_key() -> None:
    for signer in (ec_signer(KeyKind.P256), ec_signer(KeyKind.P384), rsa_signer()):
        token = _token(_presentation(holder=did_of(signer)), signer=signer)
        assert _examine(token).verdict is Verdict.VALID


@pytest.mark.parametrize(
    "change",
    [
        {"@context": []},
        {"@context": "https://www.w3.org/ns/credentials/examples/v2"},
        {"id": TOKEN},
        {"id": f"data:application/vc+jwt,{TOKEN}"},
        {"id": f"data:text/html,{TOKEN}"},
        {"id": "data:application/vp+jwt,a.b"},
        {"id": 1},
        {"type": ["VerifiablePresentation"]},
        {"type": ["EnvelopedVerifiablePresentation", "VerifiablePresentation"]},
        {"type": "EnvelopedVerifiableCredential"},
    ],
)
def test_misshapen_envelope_is_refused(change: JsonObject) -> None:
    source = envelope("Presentation", f"data:application/vp+jwt,{TOKEN}") | change
    report = _examine(source)
    assert report.verdict is Verdict.INVALID
    assert report.steps[0].name == "structure"


@pytest.mark.parametrize("position", range(0, len(TOKEN), 97))
def test_changed_token_is_refused(position: int) -> None:
    other = "A" if TOKEN[position] != "A" else "B"
    report = _examine(TOKEN[:position] + other + TOKEN[position + 1 :])
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "token",
    [
        _token({"vp": []}, typ="JWT"),
        _token({"vp": _presentation(), **_presentation()}, typ="JWT"),
        _token(_presentation(type=["Other"])),
        _token(_presentation(holder="nobody")),
        _token(_presentation(), typ="JOSE"),
    ],
)
def test_token_that_holds_no_presentation_is_refused(token: str) -> None:
    assert _examine(token).verdict is Verdict.INVALID
