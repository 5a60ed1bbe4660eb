"""Approvals as anybody checks them: what holds, and every way in which one is bent."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import cbor2
import pytest
from authenticator import PRESENT, VERIFIED, Authenticator, cose_of, key_of, signed
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.approval import (
    PasskeySignature,
    VerifiedApproval,
    approval_challenge,
    verify_approval,
)
from accounts.cose import Algorithm
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, NotAuthenticated, Refused

ORIGIN, RP_ID = "https://learnometer.example", "learnometer.example"
DIGEST = hashlib.sha256(b"Amina is awarded the degree.").digest()
NONCE = bytes(range(32))
ALGORITHMS = ["ES256", "EdDSA", "RS256"]


def approval(
    algorithm: str = "ES256", *, digest: bytes = DIGEST, rp_id: str = RP_ID, **bent: Any
) -> PasskeySignature:
    """An approval by a new passkey; `bent` are fields of the authenticator."""
    authenticator = Authenticator(origin=ORIGIN, algorithm=algorithm)
    authenticator.create({"challenge": "", "rp": {"id": RP_ID}, "user": {"id": ""}})
    for name, value in bent.items():
        setattr(authenticator, name, value)
    challenge = base64url_encode(approval_challenge(digest, nonce=NONCE))
    answer = json.loads(authenticator.get({"challenge": challenge, "rpId": rp_id}))
    return PasskeySignature(
        credential_id=base64url_decode(answer["id"]),
        public_key=cbor2.dumps(cose_of(authenticator.held[0].key)),
        algorithm=Algorithm(algorithm),
        authenticator_data=base64url_decode(answer["authenticatorData"]),
        client_data=base64url_decode(answer["clientDataJSON"]),
        signature=base64url_decode(answer["signature"]),
        nonce=NONCE,
        digest=DIGEST,
        rp_id=RP_ID,
        origin=ORIGIN,
    )


def verified(signature: PasskeySignature, **expected: Any) -> VerifiedApproval:
    return verify_approval(
        signature,
        **{"expected_digest": DIGEST, "expected_origin": ORIGIN, "expected_rp_id": RP_ID}
        | expected,
    )


def refusal(signature: PasskeySignature, **expected: Any) -> str:
    with pytest.raises(Refused) as refused:
        verified(signature, **expected)
    return refused.value.code


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_an_approval_is_verified_again_from_its_json_alone(algorithm: str) -> None:
    kept = json.dumps(approval(algorithm).as_json())
    found = verified(PasskeySignature.from_json(json.loads(kept)))
    assert found.signature.digest == DIGEST
    assert found.signature.algorithm == algorithm
    assert found.sign_count == 1


def test_an_approval_is_verified_by_the_recipe_of_the_documentation_without_this_program() -> None:
    document = approval().as_json()

    def part(name: str) -> bytes:
        return base64url_decode(document[name])

    domain = b"learnometer: approval by passkey, version 1\0"
    challenge = hashlib.sha256(domain + part("nonce") + part("digest")).digest()
    client = json.loads(part("clientDataJSON"))
    assert client["type"] == "webauthn.get"
    assert client["challenge"] == base64url_encode(challenge)
    assert client["origin"] == document["origin"]
    data = part("authenticatorData")
    assert data[:32] == hashlib.sha256(document["rpId"].encode()).digest()
    assert data[32] & 0x05 == 0x05
    key = cbor2.loads(part("publicKey"))
    x, y = int.from_bytes(key[-2], "big"), int.from_bytes(key[-3], "big")
    message = data + hashlib.sha256(part("clientDataJSON")).digest()
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    public.verify(part("signature"), message, ec.ECDSA(hashes.SHA256()))


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    "name", ["authenticator_data", "client_data", "signature", "nonce", "digest", "public_key"]
)
def test_no_bit_of_an_approval_can_be_changed(algorithm: str, name: str) -> None:
    signature = approval(algorithm)
    content = getattr(signature, name)
    for place in range(len(content)):
        bent = bytearray(content)
        bent[place] ^= 1
        changed: Any = {name: bytes(bent)}
        with pytest.raises(Refused):
            verified(replace(signature, **changed))


def test_an_approval_of_another_digest_is_refused() -> None:
    other = hashlib.sha256(b"Somebody else is awarded the degree.").digest()
    assert refusal(approval(), expected_digest=other) == "approval-digest"
    # Also where the record says that it is the one which is expected.
    assert refusal(approval(digest=other)) == "passkey-challenge"
    moved = replace(approval(), digest=other)
    assert refusal(moved, expected_digest=other) == "passkey-challenge"


@pytest.mark.parametrize("origin", ["https://evil.example", ORIGIN + ".evil.example", "null"])
def test_an_approval_made_at_another_origin_is_refused(origin: str) -> None:
    assert refusal(approval(origin=origin)) == "passkey-origin"
    assert refusal(approval(), expected_origin=origin) == "approval-origin"
    assert refusal(replace(approval(), origin=origin)) == "approval-origin"


def test_an_approval_made_for_another_host_is_refused() -> None:
    assert refusal(approval(rp_id="evil.example")) == "passkey-site"
    assert refusal(approval(), expected_rp_id="evil.example") == "approval-origin"


@pytest.mark.parametrize("flags", [0, PRESENT, VERIFIED])
def test_an_approval_without_presence_and_verification_of_its_user_is_refused(flags: int) -> None:
    assert refusal(approval(flags=flags)) == "passkey-user"


@pytest.mark.parametrize(
    ("stated", "code"),
    [
        ({"type": "webauthn.create"}, "passkey-ceremony"),
        ({"type": "payment.get"}, "passkey-ceremony"),
        ({"challenge": None}, "passkey-challenge"),
        ({"challenge": ""}, "passkey-challenge"),
        ({"origin": None}, "passkey-origin"),
        ({"origin": [ORIGIN]}, "passkey-origin"),
        ({"crossOrigin": True}, "passkey-frame"),
        ({"crossOrigin": 0}, "passkey-frame"),
        ({"topOrigin": "https://evil.example"}, "passkey-frame"),
    ],
)
def test_an_approval_whose_browser_says_something_else_is_refused(
    stated: dict[str, Any], code: str
) -> None:
    assert refusal(approval(client_data=stated)) == code


def test_what_browsers_may_add_one_day_is_passed_over() -> None:
    assert verified(approval(client_data={"more": "of this"}))


def test_client_data_that_two_readers_could_read_differently_are_refused() -> None:
    key = key_of("ES256")
    challenge = base64url_encode(approval_challenge(DIGEST, nonce=NONCE))
    client = (
        f'{{"type":"webauthn.get","challenge":"{challenge}","origin":"https://evil.example",'
        f'"origin":"{ORIGIN}"}}'
    ).encode()
    data = approval().authenticator_data
    bent = replace(
        approval(),
        public_key=cbor2.dumps(cose_of(key)),
        client_data=client,
        signature=signed(key, data + hashlib.sha256(client).digest()),
    )
    with pytest.raises(Malformed):
        verified(bent)


def test_whoever_knows_the_last_count_refuses_one_that_does_not_go_beyond_it() -> None:
    assert verified(approval(), last_sign_count=0).sign_count == 1
    assert refusal(approval(), last_sign_count=1) == "passkey-count"
    assert refusal(approval(), last_sign_count=9) == "passkey-count"
    # An authenticator that counted once does not stop counting.
    assert refusal(approval(counts=False), last_sign_count=1) == "passkey-count"
    assert verified(approval(counts=False), last_sign_count=0).sign_count == 0


def test_a_signature_by_another_key_is_refused() -> None:
    other = cbor2.dumps(cose_of(key_of("ES256")))
    assert refusal(replace(approval(), public_key=other)) == "passkey-signature"


def test_an_approval_that_names_another_algorithm_than_its_key_has_is_refused() -> None:
    assert refusal(replace(approval("EdDSA"), algorithm=Algorithm.ES256)) == "passkey-algorithm"


P256 = cose_of(ec.derive_private_key(7, ec.SECP256R1()))


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ({1: 2, 3: -35, -1: 2, -2: bytes(48), -3: bytes(48)}, "passkey-algorithm"),  # ES384
        ({**P256, 3: -9}, "passkey-algorithm"),  # ESP256
        ({**P256, 3: -47}, "passkey-algorithm"),  # ES256K
        ({**P256, 3: -36}, "passkey-algorithm"),  # ES512 on P-256
        ({**P256, -1: 3}, "passkey-algorithm"),
        ({**P256, 1: 1}, "passkey-algorithm"),
        ({**P256, 4: b"key_ops"}, "passkey-algorithm"),
        ({**P256, 2: 1}, "passkey-algorithm"),
        ({1: 3, 3: -65535, -1: bytes(256), -2: b"\1\0\1"}, "passkey-algorithm"),  # RS1
        ({1: 3, 3: -37, -1: bytes(256), -2: b"\1\0\1"}, "passkey-algorithm"),  # PS256
        ({1: 7, 3: -48, -1: bytes(1312)}, "passkey-algorithm"),  # ML-DSA-44
        ({1: 1, 3: -8, -1: 4, -2: bytes(32)}, "passkey-algorithm"),  # X25519
        ({1: 1, 3: -8, -1: 6, -2: bytes(31)}, "key-length"),
        ({1: 3, 3: -257, -1: b"\xff" * 128, -2: b"\1\0\1"}, "jwk"),  # 1,024 bits
        ({1: 3, 3: -257, -1: b"\xff" * 256, -2: b"\xff" * 64}, "jwk"),  # a huge exponent
        ({**P256, -3: bytes(32)}, "key-point"),
        ({**P256, -2: bytes(31)}, "jwk"),
        ({**P256, -2: "text"}, "passkey-key"),
        ({**P256, -1: True}, "passkey-key"),
        ({**P256, 1: 2.0}, "passkey-key"),
        ({}, "passkey-algorithm"),
        ([1], "passkey-key"),
        (1, "passkey-key"),
    ],
)
def test_a_key_of_an_unknown_kind_or_no_sound_one_is_refused(key: Any, code: str) -> None:
    assert refusal(replace(approval(), public_key=cbor2.dumps(key))) == code


@pytest.mark.parametrize(
    "spelled",
    [
        b"",
        cbor2.dumps(P256) + b"\0",
        b"\x04" + P256[-2] + P256[-3],  # as the first security keys had it
        cbor2.dumps(P256)[:-1],
        b"\xa6" + cbor2.dumps(P256)[1:] + b"\x01\x02",  # a label twice
        b"\x9f" * 2_000,
        cbor2.dumps(cbor2.CBORTag(55799, P256)),
    ],
)
def test_a_key_spelled_otherwise_is_refused(spelled: bytes) -> None:
    with pytest.raises(Malformed):
        verified(replace(approval(), public_key=spelled))


RSA = cose_of(key_of("RS256"))


@pytest.mark.parametrize(
    "spelled",
    [
        cbor2.dumps({**RSA, -1: b"\0" + RSA[-1]}),
        cbor2.dumps({**RSA, -2: b"\0" + RSA[-2]}),
        cbor2.dumps(dict(reversed(RSA.items()))),
        b"\xa4\x18\x01" + cbor2.dumps(RSA)[2:],  # a number longer than it need be
        b"\xbf" + cbor2.dumps(RSA)[1:] + b"\xff",  # members without their number
    ],
)
def test_no_key_approves_in_a_second_spelling(spelled: bytes) -> None:
    assert verified(approval("RS256")).signature.public_key == cbor2.dumps(RSA)
    assert refusal(replace(approval("RS256"), public_key=spelled)) == "passkey-key"


def test_a_key_of_small_order_under_which_anything_is_signed_approves_nothing() -> None:
    neutral = bytes([1]) + bytes(31)
    bent = replace(
        approval("EdDSA"),
        public_key=cbor2.dumps({1: 1, 3: -8, -1: 6, -2: neutral}),
        signature=neutral + bytes(32),
    )
    assert refusal(bent) == "passkey-signature"


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_only_digests_and_nonces_of_32_bytes_are_approved(length: int) -> None:
    with pytest.raises(Malformed):
        approval_challenge(bytes(length), nonce=NONCE)
    with pytest.raises(Malformed):
        approval_challenge(DIGEST, nonce=bytes(length))


FIELDS = ["authenticator_data", "client_data", "public_key", "signature"]


@pytest.mark.parametrize("name", FIELDS)
@settings(deadline=None)
@given(content=st.binary(max_size=100))
def test_whatever_bytes_it_is_made_of_an_approval_is_refused_in_words(
    name: str, content: bytes
) -> None:
    sound: bytes = getattr(SOUND, name)
    for bent in (content, sound + content + b"\0", sound[: -1 - len(content)]):
        changed: Any = {name: bent}
        with pytest.raises((Malformed, NotAuthenticated)):
            verified(replace(SOUND, **changed))


@settings(deadline=None)
@given(extensions=st.binary(max_size=60))
def test_extensions_of_any_bytes_are_refused_in_words(extensions: bytes) -> None:
    head = bytearray(SOUND.authenticator_data)
    for flag in (0x40, 0x80, 0xC0):
        head[32] = PRESENT | VERIFIED | flag
        with pytest.raises(Refused):
            verified(replace(SOUND, authenticator_data=bytes(head) + extensions))


SOUND = approval()


@pytest.mark.parametrize("name", sorted(SOUND.as_json()))
@pytest.mark.parametrize("value", [None, 1, [], {}, "a" * 10_000])
def test_json_of_another_form_is_refused_with_its_member(name: str, value: Any) -> None:
    with pytest.raises(Malformed) as refused:
        PasskeySignature.from_json(SOUND.as_json() | {name: value})
    assert refused.value.place == f"/{name}"


@pytest.mark.parametrize("name", sorted(SOUND.as_json().keys() - {"rpId", "origin"}))
@pytest.mark.parametrize("value", ["not base64url!", "é", "AB", "AA=="])
def test_bytes_in_another_spelling_are_refused_with_their_member(name: str, value: str) -> None:
    with pytest.raises(Malformed) as refused:
        PasskeySignature.from_json(SOUND.as_json() | {name: value})
    assert refused.value.place == f"/{name}"


def test_json_with_a_member_too_few_or_too_many_is_refused() -> None:
    for name in SOUND.as_json():
        document = SOUND.as_json()
        del document[name]
        with pytest.raises(Malformed) as refused:
            PasskeySignature.from_json(document)
        assert refused.value.place == f"/{name}"
    with pytest.raises(Malformed) as refused:
        PasskeySignature.from_json(SOUND.as_json() | {"approved": True})
    assert refused.value.place == "/approved"
