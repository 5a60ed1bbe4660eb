"""OpenID4VCI messages: both sides agree, and each attack gets the code of the specification."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from badge_issuer import offer_by_reference
from ed25519_keys import signer

from openid4vc.exchange import Answer, OAuthError, read_form, web_url
from openid4vc.issuance.credential import (
    bearer_token,
    credential_request,
    credential_response,
    read_credential_request,
    read_credential_response,
)
from openid4vc.issuance.metadata import (
    Configuration,
    authorization_server_metadata,
    fetch_issuer_metadata,
    fetch_token_endpoint,
    issuer_metadata,
    well_known,
)
from openid4vc.issuance.offer import Offer, offer_by_value, read_offer_uri
from openid4vc.issuance.proof import check_proof, make_proof
from openid4vc.issuance.token import (
    read_nonce_response,
    read_token_request,
    read_token_response,
    token_request,
    token_response,
)
from vc.did import did_key
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.errors import Malformed, Refused, Unavailable

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ISSUER = "https://learnometer.example/issuer/learnometer"
MEMBER, STRANGER = signer(1), signer(2)
OFFER = Offer(
    credential_issuer=ISSUER,
    configuration_ids=("open-badge",),
    pre_authorized_code="s3cret&=?",
)


class Published:
    """An HTTP port that answers from a dictionary."""

    def __init__(self, documents: Mapping[str, JsonObject]) -> None:
        self.documents = documents

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        if url not in self.documents:
            return Answer(404, {}, b"")
        return ok(self.documents[url])


def ok(document: JsonObject) -> Answer:
    return Answer(200, {}, json.dumps(document).encode())


NOBODY = Published({})


def test_offer_by_value_comes_back_whole() -> None:
    assert read_offer_uri(offer_by_value(OFFER), http=NOBODY) == OFFER


def test_offer_by_reference_is_fetched() -> None:
    http = Published({f"{ISSUER}/offers/1": OFFER.document()})
    assert read_offer_uri(offer_by_reference(f"{ISSUER}/offers/1"), http=http) == OFFER


def test_offer_hides_its_code_when_printed() -> None:
    assert "s3cret" not in repr(OFFER)
    assert "s3cret" not in repr(
        read_token_request(token_request("s3cret"), expects_transaction_code=False)
    )


@pytest.mark.parametrize(
    "uri",
    [
        "https://learnometer.example/?credential_offer_uri=x",
        "openid-credential-offer://?",
        "openid-credential-offer://[",
        "openid-credential-offer://?credential_offer={}",
        "openid-credential-offer://?credential_offer=[]",
        "openid-credential-offer://?credential_offer_uri=file:///etc/passwd",
        "openid-credential-offer://?credential_offer_uri=https://a@b.example/",
        "openid-credential-offer://?credential_offer_uri=https://a.example/%23x",
        f"{offer_by_value(OFFER)}&credential_offer_uri=https://evil.example/",
        f"{offer_by_value(OFFER)}&credential_offer=%7B%7D",
        offer_by_value(OFFER) + "a" * 8192,
    ],
)
def test_misshapen_offer_is_refused(uri: str) -> None:
    with pytest.raises(Refused):
        read_offer_uri(uri, http=NOBODY)


def test_offer_with_another_grant_is_refused() -> None:
    document = OFFER.document() | {"grants": {"authorization_code": {}}}
    with pytest.raises(Malformed) as refusal:
        read_offer_uri(
            offer_by_reference("https://a.example/o"),
            http=Published({"https://a.example/o": document}),
        )
    assert refusal.value.code == "offer-grant"


def published_metadata(**changes: Any) -> Published:
    document = issuer_metadata(
        credential_issuer=ISSUER,
        name="Learnometer",
        credential_endpoint=f"{ISSUER}/credential",
        nonce_endpoint=f"{ISSUER}/nonce",
        token_endpoint=f"{ISSUER}/token",
        configurations=[
            Configuration(id="open-badge", contexts=(), types=("VerifiableCredential",), name="B")
        ],
    )
    server = authorization_server_metadata(issuer=ISSUER, token_endpoint=f"{ISSUER}/token")
    return Published(
        {
            well_known(ISSUER, "openid-credential-issuer"): document | changes,
            well_known(ISSUER, "oauth-authorization-server"): server,
        }
    )


def test_well_known_path_stands_between_host_and_path() -> None:
    assert (
        well_known(ISSUER, "openid-credential-issuer")
        == "https://learnometer.example/.well-known/openid-credential-issuer/issuer/learnometer"
    )


def test_metadata_comes_back_from_its_well_known_place() -> None:
    metadata = fetch_issuer_metadata(ISSUER, http=published_metadata())
    assert metadata.credential_endpoint == f"{ISSUER}/credential"
    assert metadata.name == "Learnometer"
    assert metadata.configurations == {"open-badge": "B"}
    token_endpoint = fetch_token_endpoint(metadata.authorization_server, http=published_metadata())
    assert token_endpoint == f"{ISSUER}/token"


@pytest.mark.parametrize(
    "changes",
    [
        {"credential_issuer": "https://evil.example"},
        {"credential_endpoint": "ftp://learnometer.example/"},
        {"credential_endpoint": None},
        {"credential_configurations_supported": []},
        {"authorization_servers": ["javascript:alert(1)"]},
        {"authorization_servers": "https://learnometer.example"},
    ],
)
def test_metadata_of_another_issuer_or_form_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        fetch_issuer_metadata(ISSUER, http=published_metadata(**changes))


def test_unreachable_metadata_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        fetch_issuer_metadata("https://gone.example", http=NOBODY)


def test_token_request_and_response_come_back() -> None:
    request = read_token_request(
        token_request("s3cret&=?", transaction_code="0042"), expects_transaction_code=True
    )
    assert (request.pre_authorized_code, request.transaction_code) == ("s3cret&=?", "0042")
    assert read_token_response(ok(token_response("abc", expires_in=300))) == "abc"


GRANT = b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code"


@pytest.mark.parametrize(
    ("body", "expects", "code"),
    [
        (b"", False, "invalid_request"),
        (GRANT, False, "invalid_request"),
        (b"pre-authorized_code=a", False, "invalid_request"),
        (GRANT + b"&pre-authorized_code=a&pre-authorized_code=b", False, "invalid_request"),
        (GRANT + b"&pre-authorized_code=%ff", False, "invalid_request"),
        (GRANT + b"&pre-authorized_code=a&tx_code=1", False, "invalid_request"),
        (GRANT + b"&pre-authorized_code=a", True, "invalid_request"),
        (b"grant_type=password&username=a", False, "unsupported_grant_type"),
        (GRANT + b"&x=1" * 20, False, "invalid_request"),
    ],
)
def test_bad_token_request_gets_the_code_of_the_specification(
    body: bytes, code: str, *, expects: bool
) -> None:
    with pytest.raises(OAuthError) as refusal:
        read_token_request(body, expects_transaction_code=expects)
    assert refusal.value.code == code
    assert refusal.value.status == 400


def test_error_answer_brings_its_code_and_not_its_text() -> None:
    answer = Answer(400, {}, b'{"error":"invalid_grant","error_description":"<b>send money</b>"}')
    with pytest.raises(OAuthError) as refusal:
        read_token_response(answer)
    assert refusal.value.code == "invalid_grant"
    assert "money" not in refusal.value.sentence


@pytest.mark.parametrize(
    "answer", [Answer(500, {}, b"{}"), Answer(302, {}, b""), Answer(400, {}, b"oops")]
)
def test_failure_without_a_code_is_unavailable(answer: Answer) -> None:
    with pytest.raises(Unavailable):
        read_nonce_response(answer)


def test_error_description_is_plain_ascii() -> None:
    document = OAuthError("invalid_grant", 'Die "Prüfung" \\ schlug fehl.').document()
    assert document["error_description"] == "Die Prfung  schlug fehl."


def checked(token: str, *, nonces: tuple[str, ...] = ("n1",), now: datetime = NOW) -> str:
    unspent = set(nonces)

    def spend(nonce: str) -> bool:
        known = nonce in unspent
        unspent.discard(nonce)
        return known

    return check_proof(token, expected_audience=ISSUER, now=now, spend_nonce=spend).holder


def test_proof_binds_to_the_did_of_its_key() -> None:
    token = make_proof(signer=MEMBER, audience=ISSUER, nonce="n1", now=NOW)
    assert checked(token) == did_key(MEMBER.public_key)


def proof(claims: dict[str, Any] | None = None, header: dict[str, Any] | None = None) -> str:
    """A proof signed by the member, with claims and header of the attacker's choice."""
    head = {"alg": "EdDSA", "typ": "openid4vci-proof+jwt", "kid": MEMBER.verification_method}
    body = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": "n1"}
    head |= header or {}
    body |= claims or {}
    encoded = ".".join(
        base64url_encode(
            json.dumps({name: value for name, value in part.items() if value != "absent"}).encode()
        )
        for part in (head, body)
    )
    return f"{encoded}.{base64url_encode(MEMBER.sign(encoded.encode()))}"


@pytest.mark.parametrize(
    ("claims", "header", "code"),
    [
        pytest.param({"nonce": "n2"}, {}, "invalid_nonce", id="unknown nonce"),
        pytest.param({"nonce": "absent"}, {}, "invalid_proof", id="no nonce"),
        pytest.param({"nonce": 1}, {}, "invalid_proof", id="nonce is a number"),
        pytest.param({"aud": "https://evil.example"}, {}, "invalid_proof", id="wrong aud"),
        pytest.param({"aud": [ISSUER]}, {}, "invalid_proof", id="aud is a list"),
        pytest.param({"aud": "absent"}, {}, "invalid_proof", id="no aud"),
        pytest.param({"iat": "absent"}, {}, "invalid_proof", id="no iat"),
        pytest.param({"iat": True}, {}, "invalid_proof", id="iat is a truth value"),
        pytest.param({"iat": "1795348800"}, {}, "invalid_proof", id="iat is a string"),
        pytest.param({"iat": 0}, {}, "invalid_proof", id="old iat"),
        pytest.param({"iat": 2**40}, {}, "invalid_proof", id="iat to come"),
        pytest.param({"iss": "client"}, {}, "invalid_proof", id="iss of an anonymous client"),
        pytest.param({}, {"typ": "JWT"}, "invalid_proof", id="another typ"),
        pytest.param({}, {"typ": "absent"}, "invalid_proof", id="no typ"),
        pytest.param({}, {"alg": "none"}, "invalid_proof", id="alg none"),
        pytest.param({}, {"alg": "HS256"}, "invalid_proof", id="MAC"),
        pytest.param({}, {"kid": "absent"}, "invalid_proof", id="no key"),
        pytest.param({}, {"jwk": {"kty": "OKP"}}, "invalid_proof", id="kid and jwk"),
        pytest.param(
            {}, {"kid": "absent", "jwk": {"kty": "OKP", "d": "x"}}, "invalid_proof", id="private"
        ),
        pytest.param(
            {}, {"kid": STRANGER.verification_method}, "invalid_proof", id="foreign key's kid"
        ),
        pytest.param({}, {"kid": "did:web:evil.example#k"}, "invalid_proof", id="did:web kid"),
        pytest.param({}, {"x5c": ["MIIB"]}, "invalid_proof", id="certificate"),
    ],
)
def test_proof_like_this_is_refused(
    claims: dict[str, Any], header: dict[str, Any], code: str
) -> None:
    with pytest.raises(OAuthError) as refusal:
        checked(proof(claims, header))
    assert refusal.value.code == code


def test_replayed_proof_is_refused() -> None:
    unspent = ["n1"]

    def spend(nonce: str) -> bool:
        return bool(unspent) and unspent.pop() == nonce

    token = proof()
    check_proof(token, expected_audience=ISSUER, now=NOW, spend_nonce=spend)
    with pytest.raises(OAuthError) as refusal:
        check_proof(token, expected_audience=ISSUER, now=NOW, spend_nonce=spend)
    assert refusal.value.code == "invalid_nonce"


def test_forged_proof_does_not_spend_a_nonce() -> None:
    header, payload, _ = proof().split(".")
    spent: list[str] = []

    def spend(nonce: str) -> bool:
        spent.append(nonce)
        return True

    for token in (f"{header}.{payload}.{base64url_encode(bytes(64))}", proof({"aud": "x"})):
        with pytest.raises(OAuthError):
            check_proof(token, expected_audience=ISSUER, now=NOW, spend_nonce=spend)
    assert spent == []


def test_proof_older_than_five_minutes_is_refused() -> None:
    assert checked(proof(), now=NOW + timedelta(minutes=5))
    with pytest.raises(OAuthError):
        checked(proof(), now=NOW + timedelta(minutes=5, seconds=1))


def test_credential_request_and_response_come_back() -> None:
    document = credential_request("open-badge", proof="a.b.c")
    request = read_credential_request(document, offered_configurations=frozenset({"open-badge"}))
    assert (request.configuration_id, request.proof) == ("open-badge", "a.b.c")
    assert read_credential_response(ok(credential_response({"id": "x"}))) == {"id": "x"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"credential_configuration_id": "degree"}, "unknown_credential_configuration"),
        ({"credential_configuration_id": 1}, "invalid_credential_request"),
        ({"credential_identifier": "x"}, "invalid_credential_request"),
        ({"credential_response_encryption": {}}, "invalid_credential_request"),
        ({"proofs": None}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a", "b"]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a"], "di_vp": []}}, "invalid_proof"),
        ({"proofs": {"jwt": [{}]}}, "invalid_proof"),
    ],
)
def test_bad_credential_request_gets_the_code_of_the_specification(
    change: dict[str, Any], code: str
) -> None:
    document = credential_request("open-badge", proof="a.b.c") | change
    with pytest.raises(OAuthError) as refusal:
        read_credential_request(document, offered_configurations=frozenset({"open-badge"}))
    assert refusal.value.code == code


def test_bearer_scheme_is_read_in_any_case() -> None:
    assert bearer_token("bearer abc") == bearer_token("Bearer abc") == "abc"


@pytest.mark.parametrize("header", [None, "", "abc", "Basic abc", "Bearer ", "Bearer a b"])
def test_missing_bearer_token_is_401(header: str | None) -> None:
    with pytest.raises(OAuthError) as refusal:
        bearer_token(header)
    assert (refusal.value.code, refusal.value.status) == ("invalid_token", 401)


@pytest.mark.parametrize(
    "url", ["", "x", "//a.example", "https://", "https://a b", "https://[::1", "https://a\\b", 7]
)
def test_what_is_no_web_address_is_refused(url: object) -> None:
    with pytest.raises(Malformed):
        web_url(url, place="/x")


def test_form_with_a_repeated_field_is_refused() -> None:
    with pytest.raises(OAuthError):
        read_form("a=1&a=1")
