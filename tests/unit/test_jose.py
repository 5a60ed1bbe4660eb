"""Compact JWS: the round trip, the attacks that others have paid for, and the published VC-JWT."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ed25519_keys import signer
from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import ECKey, RSAKey

from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, Refused
from vc.jose import LARGEST_TOKEN, by_did_key, sign_compact, verify_compact
from vc.jwt import claim_faults, verify_credential_jwt
from vc.public_key import PublicKey, ed25519, from_jwk

JUDGE, STRANGER = signer(1), signer(2)


def of_header(header: Mapping[str, Any]) -> PublicKey:
    """The key that a token brings along; what it is worth is another question."""
    return from_jwk(header["jwk"])


def forged(header: Mapping[str, Any], payload: bytes = b"{}") -> str:
    """A token with any header, truly signed by the judge: only the header can be at fault."""
    encoded = base64url_encode(json.dumps(header).encode())
    signing_input = f"{encoded}.{base64url_encode(payload)}"
    return f"{signing_input}.{base64url_encode(JUDGE.sign(signing_input.encode()))}"


def verify(token: str, *, expected_type: str | None = "ballot+jwt") -> bytes:
    return verify_compact(
        token, allowed_algorithms=["EdDSA"], public_key=by_did_key, expected_type=expected_type
    ).payload


GOOD = {"alg": "EdDSA", "kid": JUDGE.verification_method, "typ": "ballot+jwt"}


def test_signed_payload_comes_back_with_the_signers_kid() -> None:
    token = sign_compact({"typ": "ballot+jwt"}, b'{"level":7}', signer=JUDGE)
    verified = verify_compact(
        token,
        allowed_algorithms=["EdDSA"],
        public_key=ed25519(JUDGE.public_key),
        expected_type="ballot+jwt",
    )
    assert verified.claims() == {"level": 7}
    assert verified.header == GOOD


def test_signing_refuses_a_header_of_the_callers_making() -> None:
    with pytest.raises(Malformed):
        sign_compact({"alg": "none"}, b"{}", signer=JUDGE)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"alg": "none"}, "jws-algorithm", id="alg none"),
        pytest.param({"alg": "NONE"}, "jws-algorithm", id="alg none in capitals"),
        pytest.param({"alg": "HS256"}, "jws-algorithm", id="alg confusion with a MAC"),
        pytest.param({"alg": "RS256"}, "jws-algorithm", id="known algorithm that is not allowed"),
        pytest.param({"alg": ["EdDSA"]}, None, id="alg as a list"),
        pytest.param({"jku": "https://evil.example/keys"}, "jws-header", id="jku"),
        pytest.param({"x5u": "https://evil.example/cert"}, "jws-header", id="x5u"),
        pytest.param({"x5c": ["MIIB"]}, "jws-header", id="x5c"),
        pytest.param({"crit": ["b64"], "b64": False}, "jws-header", id="unencoded payload"),
        pytest.param({"crit": ["exp"]}, "jws-header", id="crit"),
        pytest.param({"b64": True}, "jws-header", id="b64"),
        pytest.param({"zip": "DEF"}, "jws-header", id="zip"),
        pytest.param({"jwk": {"kty": "OKP"}}, "jws-header", id="kid and jwk"),
        pytest.param({"kid": 7}, "jws-header", id="kid is a number"),
        pytest.param({"kid": "../../etc/passwd"}, "jws-kid", id="kid is a path"),
        pytest.param({"kid": JUDGE.verification_method + "x"}, "jws-kid", id="kid stretched"),
        pytest.param({"typ": "JWT"}, "jws-type", id="another type"),
        pytest.param({"typ": ["ballot+jwt"]}, "jws-type", id="typ as a list"),
        pytest.param({"kid": STRANGER.verification_method}, "jws-signature", id="foreign kid"),
    ],
)
def test_token_with_a_header_like_this_is_refused(change: dict[str, Any], code: str | None) -> None:
    with pytest.raises(Refused) as refusal:
        verify(forged(GOOD | change))
    assert code is None or refusal.value.code == code


def test_private_key_in_the_header_is_refused() -> None:
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(JUDGE.public_key), "d": "AA"}
    token = forged({"alg": "EdDSA", "jwk": jwk, "typ": "JWT"})
    with pytest.raises(Malformed) as refusal:
        verify_compact(
            token, allowed_algorithms=["EdDSA"], public_key=of_header, expected_type="JWT"
        )
    assert refusal.value.code == "jws-private-key"


def test_type_that_is_missing_is_refused() -> None:
    with pytest.raises(Malformed):
        verify(forged({"alg": "EdDSA", "kid": JUDGE.verification_method}))


def test_empty_list_of_algorithms_refuses() -> None:
    with pytest.raises(Malformed):
        verify_compact(
            forged(GOOD), allowed_algorithms=[], public_key=by_did_key, expected_type="ballot+jwt"
        )


def test_padded_or_stretched_encodings_are_refused() -> None:
    token = forged(GOOD)
    header, payload, signature = token.split(".")
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    twin = signature[:-1] + last[last.index(signature[-1]) + 1]
    for bad in (
        f"{token}==",
        f"{header}.{payload}.{twin}",
        f"{header}.{payload}",
        f"{token}.",
        f" {token}",
        f"{token}\n",
        "A" * (LARGEST_TOKEN + 1),
    ):
        with pytest.raises(Malformed):
            verify(bad)


def test_duplicate_header_member_is_refused() -> None:
    header = base64url_encode(b'{"alg":"EdDSA","alg":"none"}')
    with pytest.raises(Malformed) as refusal:
        verify(f"{header}.e30.AA")
    assert refusal.value.code == "json-duplicate-key"


def test_every_flipped_payload_byte_is_refused() -> None:
    header, payload, signature = forged(GOOD, b'{"vote":"yes"}').split(".")
    content = bytearray(base64url_decode(payload))
    for index in range(len(content)):
        changed = bytes(content[:index]) + bytes([content[index] ^ 1]) + bytes(content[index + 1 :])
        with pytest.raises(Refused):
            verify(f"{header}.{base64url_encode(changed)}.{signature}")


def test_es256_is_verified_with_its_key_and_with_no_other() -> None:
    own, other = ECKey.generate_key("P-256"), ECKey.generate_key("P-256")
    token = jws.serialize_compact({"alg": "ES256"}, b"{}", own)
    options: dict[str, Any] = {"allowed_algorithms": ["ES256"], "expected_type": None}
    assert (
        verify_compact(token, public_key=from_jwk(own.as_dict(private=False)), **options).payload
        == b"{}"
    )
    with pytest.raises(Refused):
        verify_compact(token, public_key=from_jwk(other.as_dict(private=False)), **options)
    with pytest.raises(Malformed):
        verify_compact(token, public_key=from_jwk(own.as_dict(private=True)), **options)
    with pytest.raises(Malformed):
        verify_compact(token, public_key=ed25519(JUDGE.public_key), **options)


def test_short_rsa_key_is_refused() -> None:
    with pytest.warns(SecurityWarning, match="2048"):
        key = RSAKey.generate_key(1024)
    token = jws.serialize_compact({"alg": "RS256"}, b"{}", key)
    with pytest.raises(Malformed) as refusal:
        verify_compact(
            token,
            allowed_algorithms=["RS256"],
            public_key=from_jwk(key.as_dict(private=False)),
            expected_type=None,
        )
    assert refusal.value.code == "jwk"


def test_published_vc_jwt_verifies_and_its_missing_claim_is_named(vectors: Path) -> None:
    svg = (vectors / "1edtech/valid/simple-jwt.svg").read_text()
    found = re.search(r'verify="([^"]+)"', svg)
    assert found
    token = verify_credential_jwt(found[1], public_key=of_header)
    assert token.credential["name"] == "Teamwork Badge"
    assert not {"iss", "nbf", "jti"}.intersection(token.credential)
    # The fixture has aud where the specification asks for sub; iss, jti and nbf agree.
    assert [fault.claim for fault in token.faults] == ["sub"]


CREDENTIAL = {
    "id": "urn:uuid:1",
    "issuer": {"id": "did:example:issuer"},
    "validFrom": "2026-01-01T00:00:00Z",
    "validUntil": "2027-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:member"},
}
CLAIMS = {
    "iss": "did:example:issuer",
    "sub": "did:example:member",
    "jti": "urn:uuid:1",
    "nbf": 1767225600,
    "exp": 1798761600,
}


def test_claims_that_repeat_the_credential_have_no_fault() -> None:
    assert claim_faults(CLAIMS, CREDENTIAL) == ()


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf", "exp"])
def test_claim_that_is_missing_or_different_is_named(claim: str) -> None:
    missing = {name: value for name, value in CLAIMS.items() if name != claim}
    assert [fault.claim for fault in claim_faults(missing, CREDENTIAL)] == [claim]
    assert [fault.claim for fault in claim_faults(CLAIMS | {claim: "x"}, CREDENTIAL)] == [claim]
