"""jwt_vc_json: a token around tokens is the holder's own, for one request, about the holder."""

import json
from typing import Any

import pytest
from campus import NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec
from ed25519_keys import signer
from presenting import CLIENT, NONCE, answered, embedded, presented, token

from openid4vc.exchange import OAuthError
from vc.ecdsa import LocalSigner
from vc.encoding import base64url_decode, base64url_encode
from vc.jose import sign_compact
from vc.model import Verdict
from vc.proofs import eddsa_rdfc_2022
from vc.public_key import ec_public_key, multikey, to_jwk
from vc.structure import CREDENTIALS_V2


@pytest.fixture
def campus() -> Campus:
    return Campus()


def forged(campus: Campus, typ: str = "JWT", **changes: Any) -> str:
    """The holder's own presentation, with claims of the attacker's choice."""
    payload = base64url_decode(presented(campus, token(campus)).split(".")[1])
    claims = json.loads(payload) | changes
    return sign_compact({"typ": typ}, json.dumps(claims).encode(), signer=campus.holder)


def test_token_arrives_with_its_report_and_as_it_was_signed(campus: Campus) -> None:
    badge = token(campus)
    (shown,) = answered(campus, {"tokens": [presented(campus, badge)]})
    assert (shown.query_id, shown.holder, shown.signed) == ("tokens", campus.holder.did, badge)
    assert shown.report.verdict is Verdict.VALID


def test_tokens_and_embedded_proofs_answer_one_request_together(campus: Campus) -> None:
    badge = campus.badge()
    shown = answered(
        campus,
        {"badges": [embedded(campus, badge)], "tokens": [presented(campus, token(campus))]},
    )
    assert [entry.query_id for entry in shown] == ["badges", "tokens"]
    assert shown[0].signed == badge


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"nonce": "m" * 22}, id="another nonce"),
        pytest.param({"audience": "did:web:verifier.example"}, id="audience without its prefix"),
        pytest.param({"audience": CLIENT + ".evil.example"}, id="another verifier"),
        pytest.param({"signer": signer(41)}, id="foreign key"),
        pytest.param({"signer": signer(41), "holder": signer(41).did}, id="somebody else's badge"),
    ],
)
def test_presentation_like_this_is_refused(changes: dict[str, Any], campus: Campus) -> None:
    with pytest.raises(OAuthError) as refusal:
        answered(campus, {"tokens": [presented(campus, token(campus), **changes)]})
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"exp": int(NOW.timestamp())}, id="expired"),
        pytest.param({"exp": True}, id="expiry that is no number"),
        pytest.param({"exp": "soon"}, id="expiry that is no date"),
        pytest.param({"iss": "https://holder.example"}, id="holder without a DID"),
        pytest.param({"iss": 7}, id="holder of no form"),
        pytest.param({"aud": [CLIENT, "https://evil.example"]}, id="two audiences"),
        pytest.param({"vp": None}, id="no presentation"),
        pytest.param({"verifiableCredential": ["a.b.c"]}, id="another presentation around it"),
        pytest.param({"vp": {"type": "Other", "verifiableCredential": []}}, id="another type"),
        pytest.param({"vp": {"type": "VerifiablePresentation"}}, id="nothing in it"),
        pytest.param(
            {"vp": {"type": "VerifiablePresentation", "verifiableCredential": [{}]}},
            id="a credential that is no token",
        ),
        pytest.param(
            {"vp": {"type": "VerifiablePresentation", "verifiableCredential": ['{"a":1}..']}},
            id="JSON in place of a token",
        ),
        pytest.param(
            {
                "vp": {
                    "type": "VerifiablePresentation",
                    "holder": "did:key:zOther",
                    "verifiableCredential": [],
                }
            },
            id="two holders",
        ),
    ],
)
def test_presentation_that_claims_this_is_refused(changes: dict[str, Any], campus: Campus) -> None:
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": [forged(campus, **changes)]})


@pytest.mark.parametrize("bent", ["", "a.b", "a.b.c", "..", "e30.e30.AA"])
def test_text_that_is_no_presentation_is_refused(bent: str, campus: Campus) -> None:
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": [bent]})


def test_presentation_of_another_type_of_token_is_refused(campus: Campus) -> None:
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": [forged(campus, typ="openid4vci-proof+jwt")]})


def test_nobodys_keys_are_looked_up_for_an_answer_to_another_request(campus: Campus) -> None:
    elsewhere = signer(60, "did:web:holder.example#key-1")
    bent = presented(campus, token(campus), signer=elsewhere, holder=elsewhere.did, nonce="x" * 22)
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": [bent]})
    assert campus.library.asked == []


def test_token_of_a_forger_is_refused(campus: Campus) -> None:
    forger = signer(42, "did:web:issuer.example#key-1")
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": [presented(campus, token(campus, by=forger))]})


def test_format_that_a_part_does_not_ask_for_is_refused(campus: Campus) -> None:
    for presentations in (
        {"badges": [presented(campus, token(campus))]},
        {"tokens": [embedded(campus, campus.badge())]},
    ):
        with pytest.raises(OAuthError) as refusal:
            answered(campus, presentations)
        assert "asks for presentations of" in refusal.value.sentence


def test_more_credentials_than_are_taken_are_refused_before_any_is_verified(
    campus: Campus,
) -> None:
    crowd = [presented(campus, token(campus))] * 3
    assert len(answered(campus, {"tokens": crowd}, most=3)) == 3
    campus.library.asked.clear()
    with pytest.raises(OAuthError):
        answered(campus, {"tokens": crowd}, most=2)
    assert campus.library.asked == []


@pytest.mark.parametrize("method", ["key", "jwk"])
@pytest.mark.parametrize(
    ("curve", "algorithm"), [(ec.SECP256R1(), "ES256"), (ec.SECP384R1(), "ES384")]
)
def test_wallets_with_keys_on_other_curves_are_understood(
    campus: Campus, curve: ec.EllipticCurve, algorithm: str, method: str
) -> None:
    private = ec.derive_private_key(11, curve)
    public = ec_public_key(private.public_key())
    name, jwk = multikey(public), base64url_encode(json.dumps(to_jwk(public)).encode())
    url = {"key": f"did:key:{name}#{name}", "jwk": f"did:jwk:{jwk}#0"}[method]
    holder = url.partition("#")[0]
    subject = campus.unsigned_badge()["credentialSubject"] | {"id": holder}
    badge = token(campus, credentialSubject=subject)
    claims = {
        "iss": holder,
        "aud": CLIENT,
        "nonce": NONCE,
        "exp": int(NOW.timestamp()) + 60,
        "vp": {"type": ["VerifiablePresentation"], "verifiableCredential": [badge]},
    }
    parts = ({"alg": algorithm, "kid": url, "typ": "JWT"}, claims)
    text = ".".join(base64url_encode(json.dumps(part).encode()) for part in parts)
    signature = LocalSigner(private, verification_method=url).sign(text.encode())
    (shown,) = answered(campus, {"tokens": [f"{text}.{base64url_encode(signature)}"]})
    assert shown.holder == holder


def test_wallets_that_sign_statements_in_place_of_json_are_understood(campus: Campus) -> None:
    unsigned = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": campus.holder.did,
        "verifiableCredential": [campus.badge()],
    }
    presentation = eddsa_rdfc_2022.sign(
        unsigned,
        signer=campus.holder,
        created=NOW,
        purpose="authentication",
        challenge=NONCE,
        domain=CLIENT,
    )
    (shown,) = answered(campus, {"badges": [presentation]})
    assert shown.report.verdict is Verdict.VALID
