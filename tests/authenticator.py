"""An authenticator in software: makes passkeys and signs with them as browsers would have it done.

Everything that an attacker could bend is a field or an argument.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
_RSA = rsa.generate_private_key(public_exponent=65_537, key_size=2048)

Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey


def key_of(algorithm: str) -> Key:
    """A new private key for ES256, EdDSA or RS256; the RSA key is always the same one."""
    if algorithm == "ES256":
        return ec.generate_private_key(ec.SECP256R1())
    return ed25519.Ed25519PrivateKey.generate() if algorithm == "EdDSA" else _RSA


def cose_of(key: Key) -> dict[int, Any]:
    """The members of the public half."""
    public = key.public_key()
    if isinstance(public, ec.EllipticCurvePublicKey):
        point = public.public_numbers()
        return {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
    if isinstance(public, ed25519.Ed25519PublicKey):
        return {1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()}
    numbers = public.public_numbers()
    return {1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")}


def signed(key: Key, message: bytes) -> bytes:
    """The signature as WebAuthn wants it: for ECDSA in DER."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(message, ec.ECDSA(hashes.SHA256()))
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.sign(message)
    return key.sign(message, padding.PKCS1v15(), hashes.SHA256())


@dataclass
class Held:
    """A passkey that the authenticator holds."""

    credential_id: bytes
    key: Key
    user_handle: bytes
    count: int = 0


@dataclass
class Authenticator:
    """Holds passkeys. `origin` is the page that asks; `counts` is whether it keeps a count."""

    origin: str = "http://localhost:8000"
    algorithm: str = "ES256"
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    client_data: Mapping[str, Any] = field(default_factory=dict)  # put over what is right
    fixed_id: bytes = b""  # a credential's id that somebody else has
    held: list[Held] = field(default_factory=list)

    def create(self, options: JsonObject, **statement: Any) -> str:
        """What passkeys.js sends when a passkey was made; `statement` replaces `fmt`, `cose`..."""
        key = statement.pop("key", None) or key_of(self.algorithm)
        made = Held(
            self.fixed_id or secrets.token_bytes(32),
            key,
            base64url_decode(options["user"]["id"]),
        )
        self.held.append(made)
        cose = statement.pop("cose", None) or cbor2.dumps(cose_of(key))
        attested = (
            bytes(16) + len(made.credential_id).to_bytes(2, "big") + made.credential_id + cose
        )
        data = self._data(options["rp"]["id"], made, ATTESTED) + attested
        client = self._client("webauthn.create", options)
        if statement.get("fmt") == "packed" and "attStmt" not in statement:
            message = data + hashlib.sha256(client).digest()
            statement["attStmt"] = {"alg": cose_of(key)[3], "sig": signed(key, message)}
        attestation = {"fmt": "none", "attStmt": {}, "authData": data} | statement
        return json.dumps(
            {
                "id": base64url_encode(made.credential_id),
                "clientDataJSON": base64url_encode(client),
                "attestationObject": base64url_encode(cbor2.dumps(attestation)),
            }
        )

    def get(self, options: JsonObject, *, rp_id: str | None = None, which: int = -1) -> str:
        """What passkeys.js sends when a passkey has signed; the newest one unless `which` says."""
        held = self.held[which]
        if self.counts:
            held.count += 1
        data = self._data(rp_id or options["rpId"], held, 0)
        client = self._client("webauthn.get", options)
        signature = signed(held.key, data + hashlib.sha256(client).digest())
        return json.dumps(
            {
                "id": base64url_encode(held.credential_id),
                "clientDataJSON": base64url_encode(client),
                "authenticatorData": base64url_encode(data),
                "signature": base64url_encode(signature),
                "userHandle": base64url_encode(held.user_handle),
            }
        )

    def _data(self, rp_id: str, held: Held, more: int) -> bytes:
        count = held.count.to_bytes(4, "big")
        return hashlib.sha256(rp_id.encode()).digest() + bytes([self.flags | more]) + count

    def _client(self, ceremony: str, options: JsonObject) -> bytes:
        stated = {
            "type": ceremony,
            "challenge": options["challenge"],
            "origin": self.origin,
            "crossOrigin": False,
        }
        return json.dumps(stated | dict(self.client_data), separators=(",", ":")).encode()
