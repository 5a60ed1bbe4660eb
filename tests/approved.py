"""Decision records with approvals, which passkeys in software have really signed."""

import json
from typing import Any

import cbor2
from authenticator import Authenticator, cose_of

from accounts.approval import PasskeySignature, approval_challenge
from accounts.cose import Algorithm
from degree.rules.decision_record import digest
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode

CAPACITIES = (("registrar", "Ruth Cole"), ("external_examiner", "Edith Marsh"))
NONCE = bytes(range(32))


def approved(record: JsonObject, **bent: Any) -> JsonObject:
    """The record with both approvals; `bent` goes to the authenticators."""
    approvals = [
        {
            "role": role,
            "name": name,
            "at": "2026-11-22T12:00:00Z",
            "signature": signature(record, Authenticator(**bent)),
        }
        for role, name in CAPACITIES
    ]
    return {**record, "approvals": approvals}


def signature(record: JsonObject, device: Authenticator) -> JsonObject:
    """A new passkey's signature over the record."""
    user = {"id": base64url_encode(b"somebody")}
    device.create({"user": user, "rp": {"id": "localhost"}, "challenge": "AA"})
    signed = bytes.fromhex(digest(record).removeprefix("sha256:"))
    challenge = base64url_encode(approval_challenge(signed, nonce=NONCE))
    answer = json.loads(device.get({"challenge": challenge, "rpId": "localhost"}))
    return PasskeySignature(
        credential_id=base64url_decode(answer["id"]),
        public_key=cbor2.dumps(cose_of(device.held[-1].key)),
        algorithm=Algorithm(device.algorithm),
        authenticator_data=base64url_decode(answer["authenticatorData"]),
        client_data=base64url_decode(answer["clientDataJSON"]),
        signature=base64url_decode(answer["signature"]),
        nonce=NONCE,
        digest=signed,
        rp_id="localhost",
        origin=device.origin,
    ).as_json()
