"""OpenID4VP messages: a request is the verifier's own, and an answer is the holder's, once."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from campus import NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec
from ed25519_keys import KnownSigner, signer

import contexts
from openid4vc.exchange import OAuthError, write_form
from openid4vc.presentation.query import (
    OPEN_BADGE,
    TYPE_IRIS,
    CredentialQuery,
    Query,
    expanded_types,
    read_query,
)
from openid4vc.presentation.request import (
    PREFIX,
    PresentationRequest,
    authorization_uri,
    make_request,
    read_authorization_uri,
    verify_request,
)
from openid4vc.presentation.response import (
    Presented,
    Response,
    check_response,
    read_response,
    refusal_form,
    response_form,
)
from vc import did
from vc.documents import JsonObject
from vc.ecdsa import LocalSigner
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Gone, Malformed, Refused, Unavailable
from vc.jose import sign_compact, verify_compact
from vc.model import Verdict
from vc.presentation import present
from vc.public_key import ec_public_key, ed25519, multikey
from vc.structure import CLR, OPEN_BADGES

OFFICE = signer(40, "did:web:degree.example#key-1")
BADGES = CredentialQuery(id="badges", alternatives=(OPEN_BADGE,), multiple=True)
REQUEST = PresentationRequest(
    verifier="did:web:degree.example",
    response_uri="https://degree.example/answers",
    nonce="n" * 22,
    state="s" * 22,
    query=Query((BADGES,)),
    expires=NOW + timedelta(minutes=5),
)
REQUEST_URI = "https://degree.example/requests/1"


@pytest.fixture
def campus() -> Campus:
    campus = Campus()
    document = did.document(OFFICE.did, [("key-1", OFFICE.public_key)])
    campus.library.publish("https://degree.example/.well-known/did.json", document)
    return campus


def verified(token: str, campus: Campus, *, client_id: str = REQUEST.client_id) -> Any:
    return verify_request(token, expected_client_id=client_id, now=NOW, fetcher=campus.library)


def test_signed_request_comes_back_whole(campus: Campus) -> None:
    assert verified(make_request(REQUEST, signer=OFFICE), campus) == REQUEST


def test_request_object_has_no_iss_and_the_type_of_the_specification() -> None:
    token = verify_compact(
        make_request(REQUEST, signer=OFFICE),
        allowed_algorithms=["EdDSA"],
        public_key=ed25519(OFFICE.public_key),
        expected_type="oauth-authz-req+jwt",
    )
    assert "iss" not in token.claims()
    assert token.claims()["client_id"] == "decentralized_identifier:did:web:degree.example"


def test_request_signed_with_anothers_key_is_not_made() -> None:
    with pytest.raises(Malformed):
        make_request(REQUEST, signer=signer(41))


def test_authorization_uri_names_the_verifier_and_the_request() -> None:
    uri = authorization_uri(client_id=REQUEST.client_id, request_uri=REQUEST_URI)
    reference = read_authorization_uri(uri)
    assert (reference.client_id, reference.request_uri) == (REQUEST.client_id, REQUEST_URI)


@pytest.mark.parametrize(
    "uri",
    [
        "https://degree.example",
        "openid4vp://?client_id=redirect_uri:https://degree.example&request_uri=https://a.example",
        "openid4vp://?client_id=decentralized_identifier:did:web:a.example",
        "openid4vp://?client_id=decentralized_identifier:did:web:a.example&request_uri=file:///x",
        "openid4vp://?" + "a" * 5000,
    ],
)
def test_unsigned_or_misshapen_request_address_is_refused(uri: str) -> None:
    with pytest.raises(Refused):
        read_authorization_uri(uri)


def forged(
    claims: dict[str, Any], *, header: dict[str, Any] | None = None, by: KnownSigner = OFFICE
) -> str:
    """The request with claims and header of the attacker's choice, signed by `by`."""
    token = make_request(REQUEST, signer=OFFICE)
    payload = verify_compact(
        token,
        allowed_algorithms=["EdDSA"],
        public_key=ed25519(OFFICE.public_key),
        expected_type="oauth-authz-req+jwt",
    ).claims()
    head = {"alg": "EdDSA", "typ": "oauth-authz-req+jwt", "kid": OFFICE.verification_method}
    body = {name: value for name, value in (payload | claims).items() if value != "absent"}
    encoded = ".".join(
        base64url_encode(json.dumps(part).encode()) for part in (head | (header or {}), body)
    )
    return f"{encoded}.{base64url_encode(by.sign(encoded.encode()))}"


@pytest.mark.parametrize(
    "claims",
    [
        pytest.param({"client_id": "decentralized_identifier:did:web:a.example"}, id="client_id"),
        pytest.param({"client_id": "did:web:degree.example"}, id="client_id without its prefix"),
        pytest.param({"aud": "https://another-wallet.example"}, id="aud"),
        pytest.param({"response_mode": "fragment"}, id="response mode"),
        pytest.param({"response_type": "code"}, id="response type"),
        pytest.param({"redirect_uri": "https://evil.example"}, id="redirect_uri"),
        pytest.param({"response_uri": "javascript:alert(1)"}, id="response_uri"),
        pytest.param({"response_uri": "absent"}, id="no response_uri"),
        pytest.param({"nonce": "short"}, id="short nonce"),
        pytest.param({"nonce": "absent"}, id="no nonce"),
        pytest.param({"nonce": "a" * 21 + "\n"}, id="nonce that is not URL-safe"),
        pytest.param({"exp": "absent"}, id="no expiry"),
        pytest.param({"exp": 1e300}, id="expiry beyond time"),
        pytest.param({"transaction_data": ["x"]}, id="transaction data"),
        pytest.param({"dcql_query": "absent"}, id="no query"),
        pytest.param({"dcql_query": {"credentials": []}}, id="empty query"),
        pytest.param({"dcql_query": {"credentials": [{}], "x": 1}}, id="unknown in query"),
    ],
)
def test_request_that_claims_this_is_refused(claims: dict[str, Any], campus: Campus) -> None:
    with pytest.raises(Malformed):
        verified(forged(claims), campus)


def test_request_whose_time_is_over_is_gone(campus: Campus) -> None:
    with pytest.raises(Gone):
        verified(forged({"exp": int(NOW.timestamp())}), campus)


@pytest.mark.parametrize(
    ("header", "by"),
    [
        pytest.param({}, signer(41), id="signed by another key"),
        pytest.param({"kid": signer(41).verification_method}, signer(41), id="another DID's key"),
        pytest.param({"kid": "did:web:degree.example#key-2"}, OFFICE, id="unknown key name"),
        pytest.param({"kid": "did:web:degree.example.evil#key-1"}, OFFICE, id="longer DID"),
        pytest.param({"typ": "JWT"}, OFFICE, id="another type"),
        pytest.param({"alg": "none"}, OFFICE, id="alg none"),
        pytest.param({"x5c": ["MIIB"]}, OFFICE, id="certificate"),
    ],
)
def test_request_with_this_header_or_key_is_refused(
    header: dict[str, Any], by: KnownSigner, campus: Campus
) -> None:
    with pytest.raises(Refused):
        verified(forged({}, header=header, by=by), campus)


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=lambda one: one.name)
def test_request_by_a_verifier_with_a_key_on_another_curve_is_read(
    curve: ec.EllipticCurve, campus: Campus
) -> None:
    private = ec.derive_private_key(11, curve)
    method = f"{OFFICE.did}#key-2"
    key = LocalSigner(private, verification_method=method)
    document = did.document(OFFICE.did, [("key-1", OFFICE.public_key)])
    published = {"id": method, "type": "Multikey", "controller": OFFICE.did}
    published["publicKeyMultibase"] = multikey(ec_public_key(private.public_key()))
    document["verificationMethod"].append(published)
    campus.library.publish("https://degree.example/.well-known/did.json", document)
    claims = json.loads(base64url_decode(make_request(REQUEST, signer=OFFICE).split(".")[1]))
    token = sign_compact({"typ": "oauth-authz-req+jwt"}, json.dumps(claims).encode(), signer=key)
    assert verified(token, campus) == REQUEST


def test_request_of_a_did_that_cannot_be_resolved_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        verified(make_request(REQUEST, signer=OFFICE), Campus())


def test_type_iris_are_those_of_the_pinned_contexts() -> None:
    def defined(url: str, term: str) -> str:
        definition = contexts.load(url)["@context"][term]
        return str(definition["@id"] if isinstance(definition, dict) else definition)

    assert defined(OPEN_BADGES, "OpenBadgeCredential") == TYPE_IRIS["OpenBadgeCredential"]
    assert defined(OPEN_BADGES, "EndorsementCredential") == TYPE_IRIS["EndorsementCredential"]
    assert defined(CLR, "ClrCredential") == TYPE_IRIS["ClrCredential"]
    # Open Badges spells AchievementCredential as an alias.
    assert defined(OPEN_BADGES, "AchievementCredential") in {
        "OpenBadgeCredential",
        TYPE_IRIS["AchievementCredential"],
    }


def test_badge_matches_by_its_expanded_types(campus: Campus) -> None:
    assert BADGES.matches(campus.badge())
    assert not BADGES.matches(campus.endorsement(campus.judge(1)))
    assert expanded_types({"type": ["Unknown"]}) == frozenset()


@pytest.mark.parametrize(
    "change",
    [
        {"id": "a b"},
        {"meta": {}},
        {"meta": {"type_values": []}},
        {"meta": {"type_values": [[]]}},
        {"meta": {"type_values": [[7]]}},
        {"format": None},
        {"multiple": 1},
        {"require_cryptographic_holder_binding": "no"},
        {"claims": []},
        {"claims": {"path": ["issuer"]}},
        {"claims": [{"path": []}]},
        {"claims": [{"path": [-1]}]},
        {"claims": [{"path": [True]}]},
        {"claims": [{"path": ["a"] * 33}]},
        {"claims": [{"path": ["issuer"], "values": []}]},
        {"claims": [{"path": ["issuer"], "values": [{}]}]},
        {"claims": [{"path": ["issuer"], "id": "a b"}]},
        {"claims": [{"path": ["issuer"], "id": 1}]},
    ],
)
def test_query_that_this_wallet_cannot_answer_faithfully_is_refused(change: JsonObject) -> None:
    with pytest.raises(Malformed):
        read_query({"credentials": [BADGES.document() | change]})


def presentation(campus: Campus, *badges: JsonObject, **changes: Any) -> JsonObject:
    expected: dict[str, Any] = {
        "holder": campus.holder.did,
        "signer": campus.holder,
        "created": NOW,
        "challenge": REQUEST.nonce,
        "domain": REQUEST.client_id,
    }
    return present(badges or (campus.badge(),), **(expected | changes))


def answered(
    campus: Campus,
    presentations: dict[str, list[JsonObject]],
    *,
    state: str = REQUEST.state,
    request: PresentationRequest = REQUEST,
) -> tuple[Presented, ...]:
    return check_response(
        read_response(response_form(presentations, state=state)),
        expected_state=request.state,
        expected_nonce=request.nonce,
        expected_client_id=request.client_id,
        query=request.query,
        now=NOW,
        fetcher=campus.library,
    )


def test_presented_badges_arrive_with_their_reports(campus: Campus) -> None:
    shown = answered(campus, {"badges": [presentation(campus), presentation(campus)]})
    assert [entry.holder for entry in shown] == [campus.holder.did] * 2
    assert all(entry.report.verified() for entry in shown)


def test_revoked_badge_is_presented_as_a_fact(campus: Campus) -> None:
    campus.publish_status(7)
    (shown,) = answered(campus, {"badges": [presentation(campus)]})
    with pytest.raises(Refused):
        shown.report.verified()


def test_tampered_badge_is_refused(campus: Campus) -> None:
    badge = campus.badge() | {"name": "Brain surgery"}
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [presentation(campus, badge)]})


def test_badge_signed_in_a_way_that_is_not_read_here_is_refused(campus: Campus) -> None:
    # Anybody could write such a badge about themself.
    badge = campus.unsigned_badge() | {"proof": {"type": "NewSignature2031", "proofValue": "z0"}}
    with pytest.raises(OAuthError) as refusal:
        answered(campus, {"badges": [presentation(campus, badge)]})
    assert "which is not checked here" in refusal.value.sentence


def test_badge_whose_issuer_does_not_answer_is_taken_as_not_checked(campus: Campus) -> None:
    shown = presentation(campus)
    del campus.library.documents["https://issuer.example/.well-known/did.json"]
    (entry,) = answered(campus, {"badges": [shown]})
    assert entry.report.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"challenge": "m" * 22}, id="wrong nonce"),
        pytest.param({"domain": "did:web:degree.example"}, id="domain without its prefix"),
        pytest.param({"domain": f"{PREFIX}did:web:evil.example"}, id="another verifier"),
        pytest.param({"signer": signer(41)}, id="foreign key"),
        pytest.param({"signer": signer(41), "holder": signer(41).did}, id="somebody else's badge"),
    ],
)
def test_presentation_like_this_is_refused(changes: dict[str, Any], campus: Campus) -> None:
    with pytest.raises(OAuthError) as refusal:
        answered(campus, {"badges": [presentation(campus, **changes)]})
    assert refusal.value.status == 400


def test_answer_to_another_request_is_refused(campus: Campus) -> None:
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [presentation(campus)]}, state="another")
    other = replace(REQUEST, nonce="o" * 22)
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [presentation(campus)]}, request=other)


def test_answer_with_another_kind_of_credential_is_refused(campus: Campus) -> None:
    endorsement = campus.endorsement(campus.judge(1), about=campus.holder.did)
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [presentation(campus, endorsement)]})


def test_two_badges_where_one_was_asked_for_are_refused(campus: Campus) -> None:
    single = replace(REQUEST, query=Query((replace(BADGES, multiple=False),)))
    assert answered(campus, {"badges": [presentation(campus)]}, request=single)
    for shown in (
        [presentation(campus), presentation(campus)],
        [presentation(campus, campus.badge(), campus.badge())],
    ):
        with pytest.raises(OAuthError):
            answered(campus, {"badges": shown}, request=single)


def test_badges_of_two_holders_are_refused_together(campus: Campus) -> None:
    twin = Campus(library=campus.library, holder=signer(50))
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [presentation(campus), presentation(twin)]})


def test_presentation_without_a_credential_is_refused(campus: Campus) -> None:
    empty = present(
        [],
        holder=campus.holder.did,
        signer=campus.holder,
        created=NOW,
        challenge=REQUEST.nonce,
        domain=REQUEST.client_id,
    )
    with pytest.raises(OAuthError):
        answered(campus, {"badges": [empty]})


@pytest.mark.parametrize(
    "presentations", [{}, {"badges": []}, {"other": [{}]}, {"badges": [{}]}, {"badges": ["a.b.c"]}]
)
def test_answer_of_the_wrong_shape_is_refused(presentations: Any, campus: Campus) -> None:
    with pytest.raises(OAuthError):
        answered(campus, presentations)


def test_refusal_of_the_holder_is_told_apart() -> None:
    with pytest.raises(OAuthError) as refusal:
        read_response(refusal_form(state="s"))
    assert refusal.value.code == "access_denied"


@pytest.mark.parametrize(
    "body", [b"", b"state=s", b"vp_token=%7B%7D&vp_token=%7B%7D", b"vp_token=[1]", b"\xff"]
)
def test_answer_that_is_no_proper_form_is_refused(body: bytes) -> None:
    with pytest.raises(OAuthError):
        read_response(body)


def test_empty_state_never_matches_by_accident() -> None:
    assert read_response(write_form({"vp_token": "{}"})) == Response("", {})
