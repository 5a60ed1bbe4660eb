"""Token and nonce messages (OpenID4VCI 1.0, sections 6 and 7)."""

from dataclasses import dataclass
from typing import Final

from openid4vc.exchange import Answer, OAuthError, read_form, read_json, text_of, write_form
from openid4vc.issuance.offer import PRE_AUTHORIZED
from vc.documents import JsonObject
from vc.errors import Malformed

# Tokens and nonces must never stay in a cache (RFC 6749 section 5.1, OpenID4VCI section 7.2).
NO_STORE: Final = {"cache-control": "no-store"}


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A redemption of a pre-authorized code; both members are secrets."""

    pre_authorized_code: str
    transaction_code: str | None

    def __repr__(self) -> str:
        return "TokenRequest(...)"


def token_request(pre_authorized_code: str, *, transaction_code: str | None = None) -> bytes:
    """The form that redeems a code."""
    fields = {"grant_type": PRE_AUTHORIZED, "pre-authorized_code": pre_authorized_code}
    if transaction_code is not None:
        fields["tx_code"] = transaction_code
    return write_form(fields)


def read_token_request(body: bytes, *, expects_transaction_code: bool) -> TokenRequest:
    """A token request parsed. Raises OAuthError with the codes of section 6.3.

    Whether the code is known, unused and in time, and the transaction code right, is the
    issuer's to check, and each of these failures is `invalid_grant`.
    """
    fields = read_form(body)
    if fields.get("grant_type", PRE_AUTHORIZED) != PRE_AUTHORIZED:
        raise OAuthError("unsupported_grant_type", "Only pre-authorized codes are taken here.")
    code, transaction_code = fields.get("pre-authorized_code"), fields.get("tx_code")
    if not code or "grant_type" not in fields:
        raise OAuthError("invalid_request", "The request lacks its grant type or its code.")
    if (transaction_code is not None) != expects_transaction_code:
        expectation = "is missing" if expects_transaction_code else "was not asked for"
        raise OAuthError("invalid_request", f"A transaction code {expectation}.")
    return TokenRequest(code, transaction_code)


def token_response(access_token: str, *, expires_in: int) -> JsonObject:
    """The answer to a token request; `expires_in` in seconds."""
    # Lower case, because one widely used client compares the word exactly.
    return {"access_token": access_token, "token_type": "bearer", "expires_in": expires_in}


def read_token_response(answer: Answer) -> str:
    """The access token. Raises OAuthError, Malformed, Unavailable."""
    document = read_json(answer, source="The token endpoint")
    if str(document.get("token_type", "")).lower() != "bearer":
        raise Malformed("token", "The token is not a bearer token.", place="/token_type")
    return text_of(document, "access_token")


def nonce_response(nonce: str) -> JsonObject:
    """The answer of the nonce endpoint."""
    return {"c_nonce": nonce}


def read_nonce_response(answer: Answer) -> str:
    """The nonce. Raises OAuthError, Malformed, Unavailable."""
    return text_of(read_json(answer, source="The nonce endpoint"), "c_nonce")
