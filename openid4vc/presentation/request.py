"""Signed authorization requests (OpenID4VP 1.0, section 5) of a verifier that has a DID."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from openid4vc.exchange import LONGEST_URL, read_form, text_of, web_url
from openid4vc.presentation.query import EMBEDDED, TOKEN, Query, read_query
from vc import did
from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.errors import Gone, Malformed
from vc.fetch import Fetcher
from vc.jose import ALGORITHMS, sign_compact, verify_compact
from vc.proofs import ed25519_signature_2020
from vc.proofs.suites import SUITES
from vc.public_key import PublicKey

SCHEME: Final = "openid4vp"
REQUEST_TYPE: Final = "oauth-authz-req+jwt"
MEDIA_TYPE: Final = f"application/{REQUEST_TYPE}"
PREFIX: Final = "decentralized_identifier:"
AUDIENCE: Final = "https://self-issued.me/v2"  # section 5.8: the wallet was not discovered
# 128 bits in base64url (section 5.2); letters that a proof and a URL carry unchanged.
_NONCE: Final = re.compile(r"[A-Za-z0-9_-]{22,256}")
# What our own verification reads, by format (appendix B.1).
_SUITES: Final = sorted(name for name in SUITES if name != ed25519_signature_2020.TYPE)
SUPPORTED: Final[Mapping[str, JsonObject]] = {
    EMBEDDED: {
        "proof_type_values": ["DataIntegrityProof", ed25519_signature_2020.TYPE],
        "cryptosuite_values": _SUITES,
    },
    TOKEN: {"alg_values": sorted(ALGORITHMS)},
}
_SIGNED_BY: Final = frozenset({"EdDSA", "ES256", "ES384"})  # requests, by verifiers of all sorts
_FIXED: Final = {
    "response_type": "vp_token",
    "response_mode": "direct_post",
    "aud": AUDIENCE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentationRequest:
    """What a verifier asks for. The proof of an answer carries `nonce` and `client_id`."""

    verifier: str
    response_uri: str
    nonce: str
    state: str
    query: Query
    expires: datetime

    @property
    def client_id(self) -> str:
        """The verifier's DID with its prefix: the domain of the presentation's proof."""
        return PREFIX + self.verifier


@dataclass(frozen=True, slots=True)
class RequestReference:
    """Where a signed request lies, and who must have signed it."""

    client_id: str
    request_uri: str


def make_request(request: PresentationRequest, *, signer: Signer) -> str:
    """The request object, signed by the verifier's key. Raises Malformed for another's key."""
    if signer.verification_method.partition("#")[0] != request.verifier:
        raise Malformed("request-key", "The key is not that of the verifier.")
    # No iss: with a prefixed client_id one widely used wallet refuses the request because of it.
    claims = {
        **_FIXED,
        "client_id": request.client_id,
        "response_uri": request.response_uri,
        "nonce": request.nonce,
        "state": request.state,
        "exp": int(request.expires.timestamp()),
        "dcql_query": request.query.document(),
        "client_metadata": {
            "vp_formats_supported": {
                part.format: SUPPORTED[part.format] for part in request.query.credentials
            }
        },
    }
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return sign_compact({"typ": REQUEST_TYPE}, payload, signer=signer)


def authorization_uri(*, client_id: str, request_uri: str) -> str:
    """The openid4vp URI to show as a link or QR code."""
    return f"{SCHEME}://?{urlencode({'client_id': client_id, 'request_uri': request_uri})}"


def read_authorization_uri(uri: str) -> RequestReference:
    """The reference in an openid4vp URI. Raises Malformed; unsigned requests are refused."""
    if len(uri) > 2 * LONGEST_URL or not uri.startswith(f"{SCHEME}:"):
        raise Malformed("request-uri", f"This is not an {SCHEME} address.")
    fields = read_form(uri.partition("?")[2])
    client_id = fields.get("client_id", "")
    if not client_id.startswith(f"{PREFIX}did:") or "request_uri" not in fields:
        sentence = "The address names no signed request of a verifier with a DID."
        raise Malformed("request-uri", sentence)
    return RequestReference(client_id, web_url(fields["request_uri"], place="request_uri"))


def verify_request(
    token: str, *, expected_client_id: str, now: datetime, fetcher: Fetcher
) -> PresentationRequest:
    """The request, after its signature by a key of the DID in `expected_client_id`.

    Whether to answer that verifier is the holder's decision. Raises Malformed, Refused for a
    wrong signature, Gone when it has expired, Unavailable when the DID cannot be resolved.
    """
    verifier = expected_client_id.removeprefix(PREFIX)

    def key_of(header: JsonObject) -> PublicKey:
        return _verifier_key(header, verifier, fetcher)

    verified = verify_compact(
        token, allowed_algorithms=_SIGNED_BY, public_key=key_of, expected_type=REQUEST_TYPE
    )
    claims = verified.claims()
    _check_claims(claims, expected_client_id)
    return PresentationRequest(
        verifier=verifier,
        response_uri=web_url(claims.get("response_uri"), place="/response_uri"),
        nonce=_nonce(claims),
        state=text_of(claims, "state"),
        query=read_query(claims.get("dcql_query")),
        expires=_expiry(claims.get("exp"), now),
    )


def _verifier_key(header: JsonObject, verifier: str, fetcher: Fetcher) -> PublicKey:
    # The DID is compared before it is resolved: a stranger's kid makes no request of ours.
    kid = header.get("kid")
    if not isinstance(kid, str) or kid.partition("#")[0] != verifier:
        raise Malformed("request-key", "The request was signed by somebody else.", place="/kid")
    method = did.resolve(verifier, fetcher=fetcher).method(kid)
    if method is None or method.controller != verifier:
        raise Malformed("request-key", "The verifier has no key of this name.", place="/kid")
    return method.public_key


def _check_claims(claims: JsonObject, client_id: str) -> None:
    for name, value in {**_FIXED, "client_id": client_id}.items():
        if claims.get(name) != value:
            sentence = f"The request does not have the {name} that is expected here."
            raise Malformed("request", sentence, place=f"/{name}")
    for name in ("redirect_uri", "transaction_data", "scope", "verifier_info"):
        if name in claims:
            sentence = f"The request carries {name}, which is not answered here."
            raise Malformed("request", sentence, place=f"/{name}")


def _nonce(claims: JsonObject) -> str:
    nonce = text_of(claims, "nonce")
    if not _NONCE.fullmatch(nonce):
        raise Malformed("request-nonce", "The nonce is too short or not URL-safe.", place="/nonce")
    return nonce


def _expiry(value: Any, now: datetime) -> datetime:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed("request-expiry", "The request does not say until when.", place="/exp")
    try:
        expires = datetime.fromtimestamp(value, tz=now.tzinfo)
    except (OverflowError, ValueError, OSError) as error:
        raise Malformed("request-expiry", "The expiry is no date.", place="/exp") from error
    if expires <= now:
        raise Gone("request-over", "This request is over. Ask for a new one.")
    return expires
