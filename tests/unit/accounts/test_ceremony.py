"""Making a passkey: what is asked, and every answer that is not to it."""

import json
from typing import Any

import cbor2
import pytest
from authenticator import PRESENT, VERIFIED, Authenticator, cose_of, key_of
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.ceremony import (
    NewKey,
    Owner,
    RelyingParty,
    challenge_in,
    creation_options,
    request_options,
    verify_attestation,
)
from accounts.schemas import read_assertion, read_attestation
from vc.encoding import base64url_encode
from vc.errors import Malformed, NotAuthenticated, Refused

RSA = cose_of(key_of("RS256"))
PARTY = RelyingParty.at("https://learnometer.example:8443")
CHALLENGE = bytes(range(32))
OPTIONS = creation_options(
    PARTY,
    owner=Owner(handle=b"0123", account="amina@example.org", name="Amina"),
    challenge=CHALLENGE,
    known=[b"known"],
    seconds=300,
)


def made(authenticator: Authenticator | None = None, **statement: Any) -> NewKey:
    authenticator = authenticator or Authenticator(origin=PARTY.origin)
    answer = read_attestation(authenticator.create(OPTIONS, **statement))
    return verify_attestation(answer, expected_challenge=CHALLENGE, party=PARTY)


def refusal(authenticator: Authenticator | None = None, **statement: Any) -> str:
    with pytest.raises(Refused) as refused:
        made(authenticator, **statement)
    return refused.value.code


def test_passkeys_are_for_the_host_whatever_the_port() -> None:
    assert RelyingParty.at("http://localhost:8000").id == "localhost"
    assert (PARTY.id, PARTY.origin) == (
        "learnometer.example",
        "https://learnometer.example:8443",
    )


def test_a_passkey_is_asked_to_be_found_without_a_name_and_to_verify_its_user() -> None:
    assert OPTIONS["rp"]["id"] == "learnometer.example"
    assert OPTIONS["authenticatorSelection"]["residentKey"] == "required"
    assert OPTIONS["authenticatorSelection"]["userVerification"] == "required"
    assert OPTIONS["attestation"] == "none"
    assert [each["alg"] for each in OPTIONS["pubKeyCredParams"]] == [-7, -8, -257]
    assert OPTIONS["excludeCredentials"][0]["id"] == base64url_encode(b"known")
    assert json.loads(json.dumps(OPTIONS)) == OPTIONS


def test_whoever_signs_is_asked_for_verification_and_for_nobodys_passkey_at_sign_in() -> None:
    anybody = request_options(PARTY, challenge=CHALLENGE, seconds=300)
    assert anybody["userVerification"] == "required"
    assert anybody["allowCredentials"] == []
    assert anybody["timeout"] == 300_000


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_a_passkey_of_each_kind_is_made(algorithm: str) -> None:
    authenticator = Authenticator(origin=PARTY.origin, algorithm=algorithm)
    new = made(authenticator)
    held = authenticator.held[0]
    assert new.credential_id == held.credential_id
    assert new.public_key == cbor2.dumps(cose_of(held.key))


def test_a_passkey_may_vouch_for_itself() -> None:
    authenticator = Authenticator(origin=PARTY.origin)
    assert made(authenticator, fmt="packed").credential_id == authenticator.held[0].credential_id


@pytest.mark.parametrize(
    ("bent", "code"),
    [
        ({"origin": "https://learnometer.example"}, "passkey-origin"),
        ({"origin": "https://evil.example"}, "passkey-origin"),
        ({"flags": PRESENT}, "passkey-user"),
        ({"flags": VERIFIED}, "passkey-user"),
        ({"client_data": {"type": "webauthn.get"}}, "passkey-ceremony"),
        ({"client_data": {"challenge": base64url_encode(bytes(32))}}, "passkey-challenge"),
        ({"client_data": {"crossOrigin": True}}, "passkey-frame"),
    ],
)
def test_a_passkey_made_elsewhere_or_otherwise_is_refused(bent: dict[str, Any], code: str) -> None:
    assert refusal(Authenticator(**{"origin": PARTY.origin, **bent})) == code


def test_a_passkey_for_another_host_is_refused() -> None:
    options = OPTIONS | {"rp": {"id": "evil.example"}}
    answer = read_attestation(Authenticator(origin=PARTY.origin).create(options))
    with pytest.raises(NotAuthenticated) as refused:
        verify_attestation(answer, expected_challenge=CHALLENGE, party=PARTY)
    assert refused.value.code == "passkey-site"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ({"key": ec.generate_private_key(ec.SECP384R1()), "cose": b"\xa0"}, "passkey-algorithm"),
        ({"cose": cbor2.dumps({**cose_of(key_of("ES256")), 3: -9})}, "passkey-algorithm"),
        ({"cose": cbor2.dumps({**cose_of(key_of("ES256")), -3: bytes(32)})}, "key-point"),
        ({"cose": cbor2.dumps({**RSA, -1: b"\0" + RSA[-1]})}, "passkey-key"),
        ({"fmt": "fido-u2f"}, "passkey-format"),
        ({"fmt": "tpm", "attStmt": {"ver": "2.0"}}, "passkey-format"),
        ({"fmt": ["none"]}, "passkey-format"),
        ({"attStmt": {"sig": b"more"}}, "passkey-attestation"),
        ({"fmt": "packed", "attStmt": {"alg": -7, "sig": b"forged"}}, "passkey-attestation"),
        ({"authData": b""}, "passkey-attestation"),
        ({"authData": None}, "passkey-attestation"),
    ],
)
def test_a_passkey_that_says_something_else_of_itself_is_refused(
    statement: dict[str, Any], code: str
) -> None:
    assert refusal(**statement) == code


def test_an_answer_under_another_name_than_the_passkey_has_is_refused() -> None:
    document = json.loads(Authenticator(origin=PARTY.origin).create(OPTIONS))
    answer = read_attestation(json.dumps(document | {"id": base64url_encode(b"another")}))
    with pytest.raises(Malformed):
        verify_attestation(answer, expected_challenge=CHALLENGE, party=PARTY)


@settings(deadline=None)
@given(content=st.binary(max_size=300))
def test_an_attestation_of_any_bytes_is_refused_in_words(content: bytes) -> None:
    document = json.loads(Authenticator(origin=PARTY.origin).create(OPTIONS))
    for name in ("clientDataJSON", "attestationObject"):
        answer = read_attestation(json.dumps(document | {name: base64url_encode(content)}))
        with pytest.raises(Refused):
            verify_attestation(answer, expected_challenge=CHALLENGE, party=PARTY)


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"challenge":1}', b'{"challenge":"!"}', b"\xff", b"[" * 4_000],
)
def test_client_data_without_a_challenge_are_refused(content: bytes) -> None:
    with pytest.raises(Malformed):
        challenge_in(content)


SIGNED = {"id": "AA", "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA"}


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        json.dumps(SIGNED | {"id": 1}),
        json.dumps(SIGNED | {"id": "A"}),
        json.dumps(SIGNED | {"userHandle": "="}),
        json.dumps(SIGNED | {"type": "public-key"}),
        '{"id":"AA",' + json.dumps(SIGNED)[1:],
        json.dumps(SIGNED | {"signature": "A" * 70_000}),
    ],
)
def test_an_answer_of_another_form_is_refused_by_its_field(answer: str) -> None:
    for read in (read_assertion, read_attestation):
        with pytest.raises(Malformed) as refused:
            read(answer)
        assert refused.value.place.startswith("passkey")


def test_what_a_passkey_signed_does_not_show_in_the_repr() -> None:
    assert "signature" not in repr(read_assertion(json.dumps(SIGNED)))
