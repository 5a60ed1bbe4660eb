"""Approvals: a passkey's signature over a digest, which anybody can check decades later.

The challenge that the passkey signs is itself a digest, of a nonce and the digest to be approved.
So the signature of WebAuthn, over the authenticator's data and the hash of the browser's, covers
it. Pure: no library, network or register is asked for what a third party could not ask (ADR 22).
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final

from accounts.ceremony import Assertion, RelyingParty, verify_assertion
from accounts.cose import Algorithm, algorithm_of
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, NotAuthenticated

DOMAIN: Final = b"learnometer: approval by passkey, version 1\0"
DIGEST_BYTES: Final = 32  # SHA-256
NONCE_BYTES: Final = 32
_LONGEST_MEMBER: Final = 8_192  # characters

_BYTES: Final = {
    "credentialId": "credential_id",
    "publicKey": "public_key",
    "authenticatorData": "authenticator_data",
    "clientDataJSON": "client_data",
    "signature": "signature",
    "nonce": "nonce",
    "digest": "digest",
}
_TEXTS: Final = {"algorithm": "algorithm", "rpId": "rp_id", "origin": "origin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeySignature:
    """All that is needed to check an approval: what was signed, by which key, and where.

    `public_key` is COSE; `digest` is the SHA-256 that was approved, `nonce` what made the
    challenge from it; `rp_id` and `origin` are the host and the address of the pages. Of all
    these, `credential_id` alone is not signed: it only helps to find the key in a register.
    """

    credential_id: bytes
    public_key: bytes
    algorithm: Algorithm
    authenticator_data: bytes
    client_data: bytes
    signature: bytes = field(repr=False)
    nonce: bytes
    digest: bytes
    rp_id: str
    origin: str

    def as_json(self) -> JsonObject:
        """As JSON, whose byte strings are base64url without padding."""
        spelled = {name: base64url_encode(getattr(self, own)) for name, own in _BYTES.items()}
        return spelled | {name: str(getattr(self, own)) for name, own in _TEXTS.items()}

    @classmethod
    def from_json(cls, document: JsonObject) -> "PasskeySignature":
        """Out of what `as_json` gives; nothing is verified. Raises Malformed with the member."""
        names = {*_BYTES, *_TEXTS}
        for name in sorted(names ^ document.keys()):
            sentence = "This member is missing." if name in names else "This member is not known."
            raise Malformed("passkey-signature", sentence, place=f"/{name}")
        content = {own: _bytes_in(document, name) for name, own in _BYTES.items()}
        algorithm = _text_in(document, "algorithm")
        if algorithm not in {*Algorithm}:
            sentence = f"It is none of {', '.join(Algorithm)}."
            raise Malformed("passkey-algorithm", sentence, place="/algorithm")
        return cls(
            **content,
            algorithm=Algorithm(algorithm),
            rp_id=_text_in(document, "rpId"),
            origin=_text_in(document, "origin"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedApproval:
    """An approval whose signature holds. `sign_count` is the authenticator's, 0 where it has none.

    `signature.public_key` approved `signature.digest`. Whose key that is, whether it was in use,
    and when it signed, the signature does not say.
    """

    signature: PasskeySignature
    sign_count: int


def approval_challenge(digest: bytes, *, nonce: bytes) -> bytes:
    """The 32 bytes that a passkey signs to approve `digest`. Raises Malformed for other lengths."""
    if len(digest) != DIGEST_BYTES:
        raise Malformed("approval-digest", f"A digest has {DIGEST_BYTES} bytes.", place="digest")
    if len(nonce) != NONCE_BYTES:
        raise Malformed("approval-nonce", f"A nonce has {NONCE_BYTES} bytes.", place="nonce")
    return hashlib.sha256(DOMAIN + nonce + digest).digest()


def verify_approval(
    signature: PasskeySignature,
    *,
    expected_digest: bytes,
    expected_origin: str,
    expected_rp_id: str,
    last_sign_count: int = 0,
) -> VerifiedApproval:
    """Check a stored approval, without any state. Raises Malformed, NotAuthenticated.

    `last_sign_count` is for whoever knows what the authenticator had counted before: 0 compares
    with nothing. What callers must still do: know whose key it is, and when it signed.
    """
    # (1) It is about what is expected, and made where it is expected.
    if signature.digest != expected_digest:
        raise NotAuthenticated("approval-digest", "The signature approves something else.")
    if (signature.origin, signature.rp_id) != (expected_origin, expected_rp_id):
        sentence = f"The signature was not made at {expected_origin}."
        raise NotAuthenticated("approval-origin", sentence)
    # (2) It names the algorithm of its key.
    if signature.algorithm is not algorithm_of(signature.public_key):
        raise Malformed("passkey-algorithm", "The key is one of another algorithm.")
    # (3) The key signed the challenge that the digest and the nonce make, as WebAuthn has it.
    sign_count = verify_assertion(
        Assertion(
            credential_id=signature.credential_id,
            client_data=signature.client_data,
            authenticator_data=signature.authenticator_data,
            signature=signature.signature,
        ),
        public_key=signature.public_key,
        expected_challenge=approval_challenge(signature.digest, nonce=signature.nonce),
        party=RelyingParty(id=expected_rp_id, origin=expected_origin),
        last_sign_count=last_sign_count,
    )
    return VerifiedApproval(signature=signature, sign_count=sign_count)


def _text_in(document: JsonObject, name: str) -> str:
    value = document[name]
    if not isinstance(value, str) or len(value) > _LONGEST_MEMBER:
        raise Malformed("passkey-signature", "This is no text, or too long.", place=f"/{name}")
    return value


def _bytes_in(document: JsonObject, name: str) -> bytes:
    try:
        return base64url_decode(_text_in(document, name))
    except Malformed as error:
        raise Malformed("passkey-signature", error.sentence, place=f"/{name}") from error
