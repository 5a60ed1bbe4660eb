"""A device that makes a passkey and signs with it: what a browser would send, without a browser.

WebAuthn level 3, with an Ed25519 key and no attestation. The key is gone when the story is told.
"""

import hashlib
import json
import secrets
from typing import Final

from keys.local import SEED_BYTES, LocalSigner
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode

_PRESENT_AND_VERIFIED: Final = 0x05
_WITH_KEY: Final = 0x40
_COUNT: Final = bytes(4)  # it keeps none
# CBOR (RFC 8949): {1: 1 (OKP), 3: -8 (EdDSA), -1: 6 (Ed25519), -2: 32 bytes}
_COSE: Final = bytes.fromhex("a401010327200621 5820")
# {"fmt": "none", "attStmt": {}, "authData": bytes of a length that fits a byte}
_ATTESTATION: Final = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58"


class Device:
    """Holds one passkey, for the pages at `origin`."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._key = LocalSigner(secrets.token_bytes(SEED_BYTES), verification_method="passkey")
        self._credential = secrets.token_bytes(16)
        self._owner = b""

    def create(self, options: JsonObject) -> str:
        """The new passkey, as static/passkeys.js sends it."""
        self._owner = base64url_decode(options["user"]["id"])
        length = len(self._credential).to_bytes(2, "big")
        data = (
            _flagged(options["rp"]["id"], _PRESENT_AND_VERIFIED | _WITH_KEY)
            + bytes(16)  # no maker
            + length
            + self._credential
            + _COSE
            + self._key.public_key
        )
        return self._answer(
            clientDataJSON=self._client("webauthn.create", options),
            attestationObject=_ATTESTATION + bytes([len(data)]) + data,
        )

    def get(self, options: JsonObject) -> str:
        """Its signature over the challenge, as static/passkeys.js sends it."""
        data = _flagged(options["rpId"], _PRESENT_AND_VERIFIED)
        client = self._client("webauthn.get", options)
        return self._answer(
            clientDataJSON=client,
            authenticatorData=data,
            signature=self._key.sign(data + hashlib.sha256(client).digest()),
            userHandle=self._owner,
        )

    def _client(self, ceremony: str, options: JsonObject) -> bytes:
        stated = {
            "type": ceremony,
            "challenge": options["challenge"],
            "origin": self._origin,
            "crossOrigin": False,
        }
        return json.dumps(stated, separators=(",", ":")).encode()

    def _answer(self, **content: bytes) -> str:
        spelled = {name: base64url_encode(value) for name, value in content.items()}
        return json.dumps({"id": base64url_encode(self._credential), **spelled})


def _flagged(rp_id: str, flags: int) -> bytes:
    return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + _COUNT
