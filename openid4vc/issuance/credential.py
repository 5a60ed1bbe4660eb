"""Credential request and response (OpenID4VCI 1.0, section 8), one credential at a time."""

import re
from dataclasses import dataclass
from typing import Final

from openid4vc.exchange import Answer, OAuthError, read_json
from vc.documents import LARGEST_RECORD, JsonObject
from vc.errors import Malformed

_LARGEST_ANSWER: Final = LARGEST_RECORD + 4_096  # bytes: the largest credential, and what is around
_BEARER: Final = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*)")


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """What a wallet asks for; the proof is still to be checked."""

    configuration_id: str
    proof: str


def bearer_token(authorization: str | None) -> str:
    """The token of an Authorization header. Raises OAuthError `invalid_token` (RFC 6750)."""
    match = _BEARER.fullmatch(authorization or "")
    if match is None:
        raise OAuthError("invalid_token", "The request carries no bearer token.")
    return match[1]


def credential_request(configuration_id: str, *, proof: str) -> JsonObject:
    """The JSON to post to the credential endpoint."""
    return {"credential_configuration_id": configuration_id, "proofs": {"jwt": [proof]}}


def read_credential_request(
    document: JsonObject, *, offered_configurations: frozenset[str]
) -> CredentialRequest:
    """A credential request parsed. Raises OAuthError with the codes of section 8.3.1.

    `offered_configurations` are the ids for which the access token was given.
    """
    named = {"credential_identifier", "credential_configuration_id"}.intersection(document)
    if len(named) != 1 or "credential_response_encryption" in document:
        sentence = "The request names one configuration, and its answer is not encrypted."
        raise OAuthError("invalid_credential_request", sentence)
    if "credential_identifier" in named:
        sentence = "No credential identifiers were given with the token."
        raise OAuthError("unknown_credential_identifier", sentence)
    configuration_id = document["credential_configuration_id"]
    if not isinstance(configuration_id, str):
        raise OAuthError("invalid_credential_request", "The configuration is not a string.")
    if configuration_id not in offered_configurations:
        raise OAuthError("unknown_credential_configuration", "This was not offered.")
    return CredentialRequest(configuration_id, _only_proof(document.get("proofs")))


def _only_proof(proofs: object) -> str:
    tokens = proofs.get("jwt") if isinstance(proofs, dict) and set(proofs) == {"jwt"} else None
    if not isinstance(tokens, list) or len(tokens) != 1 or not isinstance(tokens[0], str):
        raise OAuthError("invalid_proof", "One proof of the type jwt was expected.")
    return tokens[0]


def credential_response(credential: JsonObject) -> JsonObject:
    """The answer that delivers one credential."""
    return {"credentials": [{"credential": credential}]}


def read_credential_response(answer: Answer) -> JsonObject:
    """The one credential delivered, unverified. Raises OAuthError, Malformed, Unavailable."""
    document = read_json(answer, source="The credential endpoint", largest=_LARGEST_ANSWER)
    entries = document.get("credentials")
    if not isinstance(entries, list) or len(entries) != 1 or not isinstance(entries[0], dict):
        sentence = "The issuer did not deliver exactly one credential."
        raise Malformed("credential-response", sentence, place="/credentials")
    credential = entries[0].get("credential")
    if not isinstance(credential, dict):
        sentence = "The credential is not in the form that was asked for."
        raise Malformed("credential-response", sentence, place="/credentials/0/credential")
    return credential
