"""Where keys are found beside did:web: at the issuer's own address, in did:jwk, on other curves."""

import json
from typing import Any

import pytest
from campus import NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec
from ed25519_keys import KnownSigner, signer

from vc.documents import JsonObject
from vc.ecdsa import LocalSigner
from vc.encoding import base58btc_encode, base64url_encode, ed25519_multikey
from vc.model import Outcome, Report, Verdict
from vc.proofs import ecdsa_rdfc_2019, eddsa_jcs_2022
from vc.public_key import ec_public_key, from_jwk, from_multikey, multikey, to_jwk

SITE = "https://issuer.example"
KEY_URL = f"{SITE}/keys/1"


@pytest.fixture
def campus() -> Campus:
    return Campus()


def key_at(url: str) -> KnownSigner:
    return signer(1, url)


def signed(campus: Campus, key: KnownSigner, *, issuer: str = SITE) -> JsonObject:
    unsigned = campus.unsigned_badge(issuer=issuer, credentialStatus=None)
    return eddsa_jcs_2022.sign(unsigned, signer=key, created=NOW)


def key_document(**changes: Any) -> JsonObject:
    return {
        "id": KEY_URL,
        "type": "Multikey",
        "controller": SITE,
        "publicKeyMultibase": ed25519_multikey(key_at(KEY_URL).public_key),
    } | changes


def publish_key(campus: Campus, *, listed: bool = True, **changes: Any) -> None:
    """A key at its own address, and the issuer's document that refers to it."""
    campus.library.publish(KEY_URL, key_document(**changes))
    methods = [KEY_URL] if listed else []
    campus.library.publish(SITE, {"id": SITE, "assertionMethod": methods})


def against(report: Report) -> tuple[str, Outcome, str]:
    step = next(step for step in report.steps if step.outcome is not Outcome.PASS)
    return step.name, step.outcome, step.code


def test_key_at_the_issuers_own_address_is_the_issuers(campus: Campus) -> None:
    publish_key(campus)
    assert campus.verify(signed(campus, key_at(KEY_URL))).verdict is Verdict.VALID


def test_key_that_somebody_else_published_on_the_same_site_is_not_the_issuers(
    campus: Campus,
) -> None:
    publish_key(campus, listed=False)
    report = campus.verify(signed(campus, key_at(KEY_URL)))
    assert against(report) == ("issuer", Outcome.FAIL, "key-unknown")


@pytest.mark.parametrize(
    "address", ["https://[x/#k", "https://issuer.example\u2100/#k", "https:///x", "https://#k"]
)
def test_address_that_is_none_ends_in_a_report(campus: Campus, address: str) -> None:
    for issuer in (SITE, "https:///y"):
        report = campus.verify(signed(campus, key_at(address), issuer=issuer))
        assert report.verdict is Verdict.INVALID


def test_key_in_the_issuers_own_document_needs_the_right_purpose(campus: Campus) -> None:
    method = f"{SITE}/issuer#key-1"
    issuer = f"{SITE}/issuer"
    document = {
        "id": issuer,
        "verificationMethod": [key_document(id=method, controller=issuer)],
        "assertionMethod": [method],
    }
    campus.library.publish(issuer, document)
    badge = signed(campus, key_at(method), issuer=issuer)
    assert campus.verify(badge).verdict is Verdict.VALID
    campus.library.publish(issuer, document | {"assertionMethod": []})
    assert against(campus.verify(badge)) == ("key", Outcome.FAIL, "key-not-authorised")


@pytest.mark.parametrize(
    "changes",
    [
        {"controller": "https://other.example"},
        {"id": f"{SITE}/keys/2"},
        {"publicKeyMultibase": "z6MkNothing"},
        {"publicKeyMultibase": None},
        {"publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}},
    ],
    ids=repr,
)
def test_what_is_published_there_is_the_key_or_nothing(
    campus: Campus, changes: dict[str, Any]
) -> None:
    publish_key(campus, **changes)
    name, outcome, _ = against(campus.verify(signed(campus, key_at(KEY_URL))))
    assert (name, outcome) == ("issuer", Outcome.FAIL)


def test_key_on_another_site_is_refused_and_never_asked_for(campus: Campus) -> None:
    elsewhere = "https://elsewhere.example/keys/1"
    campus.library.publish(elsewhere, key_document(id=elsewhere))
    report = campus.verify(signed(campus, key_at(elsewhere)))
    assert against(report) == ("issuer", Outcome.FAIL, "issuer-mismatch")
    assert elsewhere not in campus.library.asked


def test_key_that_cannot_be_had_is_not_called_wrong(campus: Campus) -> None:
    report = campus.verify(signed(campus, key_at(KEY_URL)))
    assert against(report) == ("issuer", Outcome.UNKNOWN, "issuer-unreachable")


def on_curve(curve: ec.EllipticCurve, *, method: str) -> LocalSigner:
    key = ec.derive_private_key(11, curve)
    name = multikey(ec_public_key(key.public_key()))
    jwk = base64url_encode(json.dumps(to_jwk(ec_public_key(key.public_key()))).encode())
    url = {"key": f"did:key:{name}#{name}", "jwk": f"did:jwk:{jwk}#0"}[method]
    return LocalSigner(key, verification_method=url)


@pytest.mark.parametrize("method", ["key", "jwk"])
@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda one: one.name)
def test_issuer_on_another_curve_is_bound_by_did_key_and_did_jwk(
    campus: Campus, curve: ec.EllipticCurve, method: str
) -> None:
    key = on_curve(curve, method=method)
    issuer = key.verification_method.partition("#")[0]
    unsigned = campus.unsigned_badge(issuer=issuer, credentialStatus=None)
    badge = ecdsa_rdfc_2019.sign(unsigned, signer=key, created=NOW)
    assert campus.verify(badge).verdict is Verdict.VALID
    assert campus.verify(badge | {"name": "Another"}).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "jwk",
    [
        {"use": "enc"},
        {"d": "AA"},
        {"kty": "oct", "k": "AA"},
        {"crv": "secp256k1"},
        {"x": "AA"},
        {"y": None},
    ],
    ids=repr,
)
def test_did_jwk_of_another_kind_is_refused(campus: Campus, jwk: dict[str, Any]) -> None:
    key = on_curve(ec.SECP256R1(), method="key")
    members = {**to_jwk(key.public_key), **jwk}
    did = "did:jwk:" + base64url_encode(json.dumps(members).encode())
    document = campus.unsigned_badge(issuer=did, credentialStatus=None)
    badge = ecdsa_rdfc_2019.sign(document, signer=key, created=NOW)
    badge["proof"]["verificationMethod"] = f"{did}#0"
    assert campus.verify(badge).verdict is Verdict.INVALID


def test_key_has_one_spelling_and_lies_on_its_curve() -> None:
    key = on_curve(ec.SECP256R1(), method="key").public_key
    assert from_multikey(multikey(key)) == key == from_jwk(to_jwk(key))
    off = bytes([2]) + (5).to_bytes(32, "big")
    for content in (b"\x80\x24" + off[:-1], b"\x80\x24\x05" + off[1:], b"\x12\x05" + off):
        with pytest.raises(Exception, match=r"Multikey|point"):
            from_multikey("z" + base58btc_encode(content))


def test_ed25519_key_makes_no_ecdsa_signature(campus: Campus) -> None:
    badge = campus.badge()
    badge["proof"] = [{**badge["proof"][0], "cryptosuite": "ecdsa-rdfc-2019"}]
    assert against(campus.verify(badge)) == ("signature", Outcome.FAIL, "key-kind")
