"""The HTTP side of OpenID4VCI 1.0: metadata, token, nonce and credential endpoints."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from accounts.guard import PROGRAM, allow
from issuer.addresses import Addresses
from issuer.awarding import BADGE, CARD, CLR, OTHER
from issuer.documents import CONTEXTS
from issuer.offers import TOKEN_LIFETIME, OfferMade, Offers
from issuer.publishing import Publishing
from keys.register import UNUSABLE
from openid4vc.exchange import OAuthError
from openid4vc.issuance.credential import (
    bearer_token,
    credential_response,
    read_credential_request,
)
from openid4vc.issuance.metadata import (
    AUTHORIZATION_SERVER,
    CREDENTIAL_ISSUER,
    Configuration,
    authorization_server_metadata,
    issuer_metadata,
)
from openid4vc.issuance.offer import Offer
from openid4vc.issuance.proof import check_proof
from openid4vc.issuance.token import (
    NO_STORE,
    nonce_response,
    read_token_request,
    token_response,
)
from vc.documents import parse
from vc.errors import Malformed, Refused, Unavailable
from vc.structure import CLR as CLR_CONTEXT
from vc.structure import CREDENTIALS_V2

_BADGE_TYPES: Final = ("VerifiableCredential", "AchievementCredential")
_LARGEST_REQUEST: Final = 16_384  # bytes; a request with its proof has about 1,000

CONFIGURATIONS: Final = (
    Configuration(id=BADGE, contexts=CONTEXTS, types=_BADGE_TYPES, name="Badge"),
    Configuration(id=CARD, contexts=CONTEXTS, types=_BADGE_TYPES, name="Membership card"),
    Configuration(
        id=CLR,
        contexts=(CREDENTIALS_V2, CLR_CONTEXT, CONTEXTS[1]),
        types=("VerifiableCredential", "ClrCredential"),
        name="Transcript",
    ),
    Configuration(
        id=OTHER,
        contexts=(CREDENTIALS_V2,),
        types=("VerifiableCredential",),
        name="Credential",
    ),
)


def offer(made: OfferMade, *, origin: str) -> Offer:
    """An offer as the message that a wallet reads."""
    return Offer(
        credential_issuer=Addresses(origin, made.tenant).credential_issuer,
        configuration_ids=(made.configuration_id,),
        pre_authorized_code=made.code,
    )


def blueprint(
    offers: Offers, *, publishing: Publishing, origin: str, now: Callable[[], datetime]
) -> Blueprint:
    """The blueprint of the endpoints under /issuer and of the well-known documents."""
    routes = Blueprint("issuer_oid4vci", __name__)
    routes.register_error_handler(OAuthError, _oauth_error)
    _metadata(routes, publishing, origin)
    _tokens(routes, offers, publishing, now)
    _credentials(routes, offers, origin, now)
    return routes


def _tokens(
    routes: Blueprint, offers: Offers, publishing: Publishing, now: Callable[[], datetime]
) -> None:
    @routes.post("/issuer/<tenant>/token")
    @allow(PROGRAM)
    def token(tenant: str) -> ResponseReturnValue:
        """An access token for a pre-authorized code (section 6)."""
        asked = read_token_request(_body(), expects_transaction_code=False)
        given = offers.redeem(tenant, asked.pre_authorized_code, now=now())
        lifetime = int(TOKEN_LIFETIME.total_seconds())
        return jsonify(token_response(given, expires_in=lifetime)), dict(NO_STORE)

    @routes.post("/issuer/<tenant>/nonce")
    @allow(PROGRAM)
    def nonce(tenant: str) -> ResponseReturnValue:
        """A fresh nonce for a proof of possession (section 7)."""
        publishing.name(tenant)
        return jsonify(nonce_response(offers.nonce(now=now()))), dict(NO_STORE)


def _credentials(
    routes: Blueprint, offers: Offers, origin: str, now: Callable[[], datetime]
) -> None:
    @routes.post("/issuer/<tenant>/credential")
    @allow(PROGRAM)
    def credential(tenant: str) -> ResponseReturnValue:
        """The credential, to the holder who proves to have the key (section 8)."""
        moment = now()
        access = bearer_token(request.headers.get("Authorization"))
        configuration = offers.offered(tenant, token=access, now=moment)
        try:
            document = parse(_body())
        except Malformed as error:
            raise OAuthError("invalid_credential_request", error.sentence) from error
        asked = read_credential_request(document, offered_configurations=frozenset({configuration}))
        proven = check_proof(
            asked.proof,
            expected_audience=Addresses(origin, tenant).credential_issuer,
            now=moment,
            spend_nonce=lambda value: offers.spend_nonce(value, now=moment),
        )
        try:
            issued = offers.deliver(tenant, token=access, holder=proven.holder, now=moment)
        except (OAuthError, Unavailable):
            raise  # the latter is ours, and passes: no final answer
        except Refused as error:
            if error.code == UNUSABLE:
                raise
            raise OAuthError("credential_request_denied", error.sentence) from error
        return jsonify(credential_response(issued)), dict(NO_STORE)


def _metadata(routes: Blueprint, publishing: Publishing, origin: str) -> None:
    @routes.get(f"/.well-known/{CREDENTIAL_ISSUER}/issuer/<tenant>")
    @allow(PROGRAM)
    def credential_issuer(tenant: str) -> Response:
        """The credential issuer's metadata (section 12.2)."""
        url = Addresses(origin, tenant).credential_issuer
        return jsonify(
            issuer_metadata(
                credential_issuer=url,
                name=publishing.name(tenant),
                credential_endpoint=f"{url}/credential",
                nonce_endpoint=f"{url}/nonce",
                token_endpoint=f"{url}/token",
                configurations=CONFIGURATIONS,
            )
        )

    @routes.get(f"/.well-known/{AUTHORIZATION_SERVER}/issuer/<tenant>")
    @allow(PROGRAM)
    def authorization_server(tenant: str) -> Response:
        """The authorization server's metadata (RFC 8414); the issuer is its own."""
        publishing.name(tenant)
        url = Addresses(origin, tenant).credential_issuer
        return jsonify(authorization_server_metadata(issuer=url, token_endpoint=f"{url}/token"))


def _body() -> bytes:
    if (request.content_length or 0) > _LARGEST_REQUEST:
        raise OAuthError("invalid_request", "The request is too large.")
    return request.get_data()


def _oauth_error(error: OAuthError) -> ResponseReturnValue:
    headers = dict(NO_STORE)
    if error.status == 401:
        headers["WWW-Authenticate"] = f'Bearer error="{error.code}"'
    return jsonify(error.document()), error.status, headers
