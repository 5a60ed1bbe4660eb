"""The ceremonies of passkeys (WebAuthn Level 3): what browsers are asked, what answers prove.

Pure: challenges, keys and counts are handed in. With `cose` the only room of `webauthn`.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    options_to_json_dict,
    parse_attestation_object,
    parse_authenticator_data,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AttestationFormat,
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    AuthenticatorData,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    RegistrationCredential,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from accounts.cose import read_key
from vc import ed25519
from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, NotAuthenticated
from vc.public_key import KeyKind, PublicKey

CHALLENGE_BYTES: Final = 32
_NAME: Final = "Learnometer"
_LONGEST_CREDENTIAL_ID: Final = 1_023  # bytes (WebAuthn Level 3, 4: Credential ID)
_LARGEST_CLIENT_DATA: Final = 4_096  # bytes; browsers write some 150
_ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
# What browsers give where no attestation is asked for: none, or the new key's own signature.
_FORMATS: Final = (AttestationFormat.NONE, AttestationFormat.PACKED)
_SELECTION: Final = AuthenticatorSelectionCriteria(
    resident_key=ResidentKeyRequirement.REQUIRED,
    user_verification=UserVerificationRequirement.REQUIRED,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelyingParty:
    """Where passkeys are used: `id` is the host that they are made for, `origin` its address."""

    id: str
    origin: str

    @classmethod
    def at(cls, origin: str) -> "RelyingParty":
        """The one of a service whose pages lie at this origin, such as https://example.org."""
        return cls(id=urlsplit(origin).hostname or "", origin=origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whom a passkey is made for. `handle` is an opaque id, at most 64 bytes."""

    handle: bytes
    account: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """What a browser answers when it has made a passkey. Nothing of it is checked yet."""

    credential_id: bytes
    client_data: bytes
    attestation_object: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What a browser answers when a passkey has signed. Nothing of it is checked yet."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes = field(repr=False)
    user_handle: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewKey:
    """A passkey that was made as it was asked for. `public_key` is COSE."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def creation_options(
    party: RelyingParty, *, owner: Owner, challenge: bytes, known: Iterable[bytes], seconds: int
) -> JsonObject:
    """What `navigator.credentials.create` is asked, as JSON; `known` are the owner's credentials.

    The passkey can be found without naming its owner, and verifies its user at each use.
    """
    options = generate_registration_options(
        rp_id=party.id,
        rp_name=_NAME,
        user_id=owner.handle,
        user_name=owner.account,
        user_display_name=owner.name,
        challenge=challenge,
        timeout=seconds * 1_000,
        authenticator_selection=_SELECTION,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        supported_pub_key_algs=_ALGORITHMS,
    )
    return options_to_json_dict(options)


def request_options(
    party: RelyingParty, *, challenge: bytes, allowed: Iterable[bytes] = (), seconds: int
) -> JsonObject:
    """What `navigator.credentials.get` is asked, as JSON; any passkey unless some are `allowed`."""
    options = generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=seconds * 1_000,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def challenge_in(client_data: bytes) -> bytes:
    """The challenge that an answer names, to look it up by. Raises Malformed."""
    challenge = parse(client_data, largest=_LARGEST_CLIENT_DATA).get("challenge")
    if not isinstance(challenge, str):
        raise Malformed("passkey-client-data", "The answer names no challenge.", place="challenge")
    return base64url_decode(challenge)


def verify_attestation(
    attestation: Attestation, *, expected_challenge: bytes, party: RelyingParty
) -> NewKey:
    """The passkey that was made for this challenge, after WebAuthn Level 3, section 7.1.

    Which maker's authenticator holds it is not asked. Whether the credential is registered
    already is the caller's to look up. Raises Malformed, NotAuthenticated.
    """
    _expect_client_data(
        attestation.client_data, "webauthn.create", challenge=expected_challenge, party=party
    )
    try:
        stated = parse_attestation_object(attestation.attestation_object)
    except Exception as error:  # the library lets errors of its own libraries through
        raise Malformed("passkey-attestation", "What the passkey sent cannot be read.") from error
    _expect_authenticator(stated.auth_data, party=party)
    made = stated.auth_data.attested_credential_data
    if made is None:
        raise Malformed("passkey-attestation", "The answer holds no passkey.")
    if stated.fmt not in _FORMATS:
        raise Malformed("passkey-format", "The passkey sent what it was not asked for.")
    read_key(made.credential_public_key)
    if made.credential_id != attestation.credential_id or not (
        0 < len(made.credential_id) <= _LONGEST_CREDENTIAL_ID
    ):
        raise Malformed("passkey-attestation", "The passkey has two names, or too long a one.")
    if not _is_attested(attestation, expected_challenge, party):
        raise NotAuthenticated("passkey-attestation", "The passkey was not made here.")
    return NewKey(
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=stated.auth_data.sign_count,
    )


def verify_assertion(
    assertion: Assertion,
    *,
    public_key: bytes,
    expected_challenge: bytes,
    party: RelyingParty,
    last_sign_count: int,
) -> int:
    """The authenticator's new count, if this key signed this challenge (WebAuthn 3, section 7.2).

    Whose key it is, and that the challenge was never answered before, is the caller's to know.
    Raises Malformed, NotAuthenticated.
    """
    # (1) The key is of a kind that is asked for, and sound.
    key = read_key(public_key)
    # (2) The browser: the ceremony, the challenge, the origin; no page within another's page.
    _expect_client_data(
        assertion.client_data, "webauthn.get", challenge=expected_challenge, party=party
    )
    # (3) The authenticator: the host, somebody present, and known to it.
    try:
        stated = parse_authenticator_data(assertion.authenticator_data)
    except Exception as error:  # the library lets errors of its own libraries through
        raise Malformed("passkey-data", "What the passkey sent cannot be read.") from error
    _expect_authenticator(stated, party=party)
    # (4) The count grows, unless the authenticator keeps none: else there are two of it.
    if (stated.sign_count or last_sign_count) and stated.sign_count <= last_sign_count:
        sentence = "The passkey counts behind its last use, so there may be a copy of it."
        raise NotAuthenticated("passkey-count", sentence)
    # (5) The signature, and all of this once more by the library.
    if not _is_signed(assertion, key, public_key, expected_challenge, party):
        raise NotAuthenticated("passkey-signature", "The signature is not that of this passkey.")
    return stated.sign_count


def _is_attested(attestation: Attestation, challenge: bytes, party: RelyingParty) -> bool:
    """Whether the library, which looks at all of it once more, has nothing against it."""
    try:
        verify_registration_response(
            credential=RegistrationCredential(
                id=base64url_encode(attestation.credential_id),
                raw_id=attestation.credential_id,
                response=AuthenticatorAttestationResponse(
                    client_data_json=attestation.client_data,
                    attestation_object=attestation.attestation_object,
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
            supported_pub_key_algs=_ALGORITHMS,
        )
    except Exception:  # the library lets errors of its own libraries through
        return False
    return True


def _is_signed(
    assertion: Assertion, key: PublicKey, cose: bytes, challenge: bytes, party: RelyingParty
) -> bool:
    try:
        verify_authentication_response(
            credential=AuthenticationCredential(
                id=base64url_encode(assertion.credential_id),
                raw_id=assertion.credential_id,
                response=AuthenticatorAssertionResponse(
                    client_data_json=assertion.client_data,
                    authenticator_data=assertion.authenticator_data,
                    signature=assertion.signature,
                ),
            ),
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=cose,
            credential_current_sign_count=0,  # (4) has compared it
            require_user_verification=True,
        )
    except Exception:  # the library lets errors of its own libraries through
        return False
    if key.kind is not KeyKind.ED25519:
        return True
    # The library takes keys of small order, which find their signature under anything.
    signed = assertion.authenticator_data + hashlib.sha256(assertion.client_data).digest()
    return ed25519.verified_by(signed, signature=assertion.signature, public_key=key)


def _expect_client_data(
    content: bytes, ceremony: str, *, challenge: bytes, party: RelyingParty
) -> None:
    stated = parse(content, largest=_LARGEST_CLIENT_DATA)
    if stated.get("type") != ceremony:
        raise NotAuthenticated("passkey-ceremony", "The passkey was asked for something else.")
    if stated.get("challenge") != base64url_encode(challenge):
        sentence = "The passkey signed something else than it was asked for."
        raise NotAuthenticated("passkey-challenge", sentence)
    if stated.get("origin") != party.origin:
        sentence = f"The passkey was used at another address than {party.origin}."
        raise NotAuthenticated("passkey-origin", sentence)
    if stated.get("crossOrigin", False) is not False or "topOrigin" in stated:
        raise NotAuthenticated("passkey-frame", "The passkey was used within another site's page.")


def _expect_authenticator(stated: AuthenticatorData, *, party: RelyingParty) -> None:
    if stated.rp_id_hash != hashlib.sha256(party.id.encode()).digest():
        raise NotAuthenticated("passkey-site", f"The passkey is not one for {party.id}.")
    if not (stated.flags.up and stated.flags.uv):
        sentence = "The passkey did not make sure who used it, by PIN, fingerprint or the like."
        raise NotAuthenticated("passkey-user", sentence)
