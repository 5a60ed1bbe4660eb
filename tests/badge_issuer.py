"""An issuer and a verifier for tests: the real protocols over a network that is a dictionary."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from campus import NOW, Campus

from openid4vc.exchange import Answer, OAuthError
from openid4vc.issuance.credential import (
    bearer_token,
    credential_response,
    read_credential_request,
)
from openid4vc.issuance.metadata import (
    Configuration,
    authorization_server_metadata,
    issuer_metadata,
    well_known,
)
from openid4vc.issuance.offer import SCHEME, Offer
from openid4vc.issuance.proof import check_proof
from openid4vc.issuance.token import nonce_response, read_token_request, token_response
from openid4vc.presentation.query import OPEN_BADGE, CredentialQuery, Query
from openid4vc.presentation.request import (
    MEDIA_TYPE,
    PresentationRequest,
    authorization_uri,
    make_request,
)
from openid4vc.presentation.response import Presented, check_response, read_response
from vc.documents import JsonObject, parse

ISSUER = "https://issuer.example"
CONFIGURATION = "open-badge"


@dataclass
class BadgeIssuer:
    """Offers badges over OpenID4VCI and asks for them over OpenID4VP; an Http port.

    `deliver` makes the badge for the holder who proved possession; an attack replaces it.
    """

    campus: Campus
    deliver: Callable[[str], JsonObject] | None = None
    answers: dict[str, Answer] = field(default_factory=dict)
    transaction_code: str | None = None
    now: datetime = NOW
    _codes: set[str] = field(default_factory=set)
    _tokens: set[str] = field(default_factory=set)
    _nonces: set[str] = field(default_factory=set)
    _count: int = 0
    posts: list[bytes] = field(default_factory=list)
    request: PresentationRequest | None = None

    def offer(self) -> str:
        """A new offer, by reference."""
        code = self._secret("code")
        self._codes.add(code)
        offer = Offer(
            credential_issuer=ISSUER,
            configuration_ids=(CONFIGURATION,),
            pre_authorized_code=code,
            transaction_code={"length": 4} if self.transaction_code else None,
        )
        url = f"{ISSUER}/offers/{code}"
        self.answers[url] = ok(offer.document())
        return offer_by_reference(url)

    def ask(self, **changes: Any) -> str:
        """A new presentation request for badges, as an openid4vp address."""
        part = CredentialQuery(id="badges", alternatives=(OPEN_BADGE,), multiple=True)
        expected: dict[str, Any] = {
            "verifier": self.campus.issuer.did,
            "response_uri": f"{ISSUER}/answers",
            "nonce": self._secret("nonce").ljust(22, "n"),
            "state": self._secret("state"),
            "query": Query((part,)),
            "expires": self.now + timedelta(minutes=5),
        }
        self.request = PresentationRequest(**(expected | changes))
        token = make_request(self.request, signer=self.campus.issuer)
        url = f"{ISSUER}/requests/{self._count}"
        self.answers[url] = Answer(200, {"content-type": MEDIA_TYPE}, token.encode())
        return authorization_uri(client_id=self.request.client_id, request_uri=url)

    def presented(self) -> tuple[Presented, ...]:
        """What the last answer to the last request shows, checked."""
        assert self.request is not None
        return check_response(
            read_response(self.posts[-1]),
            expected_state=self.request.state,
            expected_nonce=self.request.nonce,
            expected_client_id=self.request.client_id,
            query=self.request.query,
            now=self.now,
            fetcher=self.campus.library,
        )

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The HTTP port."""
        if url in self.answers:
            return self.answers[url]
        try:
            return self._route(method, url, headers, body)
        except OAuthError as error:
            return Answer(error.status, {}, json.dumps(error.document()).encode())

    def _route(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        match method, urlsplit(url).path:
            case "GET", _ if url == well_known(ISSUER, "openid-credential-issuer"):
                return ok(self.metadata())
            case "GET", _ if url == well_known(ISSUER, "oauth-authorization-server"):
                return ok(
                    authorization_server_metadata(issuer=ISSUER, token_endpoint=f"{ISSUER}/token")
                )
            case "POST", "/token":
                return self._token(body)
            case "POST", "/nonce":
                self._nonces.add(nonce := self._secret("nonce"))
                return ok(nonce_response(nonce))
            case "POST", "/credential":
                return self._credential(headers, body)
            case "POST", "/answers" | "/ballots":
                self.posts.append(body)
                return ok({"redirect_uri": f"{ISSUER}/thanks"})
            case _:
                return Answer(404, {}, b"")

    def metadata(self) -> JsonObject:
        return issuer_metadata(
            credential_issuer=ISSUER,
            name="Issuer",
            credential_endpoint=f"{ISSUER}/credential",
            nonce_endpoint=f"{ISSUER}/nonce",
            token_endpoint=f"{ISSUER}/token",
            configurations=[
                Configuration(
                    id=CONFIGURATION,
                    contexts=(),
                    types=("VerifiableCredential", "OpenBadgeCredential"),
                    name="Badge",
                )
            ],
        )

    def _token(self, body: bytes) -> Answer:
        request = read_token_request(
            body, expects_transaction_code=self.transaction_code is not None
        )
        known = request.pre_authorized_code in self._codes
        self._codes.discard(request.pre_authorized_code)
        if not known or request.transaction_code != self.transaction_code:
            raise OAuthError("invalid_grant", "The code is unknown, used or wrong.")
        self._tokens.add(token := self._secret("token"))
        return ok(token_response(token, expires_in=300))

    def _credential(self, headers: Mapping[str, str], body: bytes) -> Answer:
        if bearer_token(headers.get("authorization")) not in self._tokens:
            raise OAuthError("invalid_token", "The token is unknown.")
        request = read_credential_request(
            parse(body), offered_configurations=frozenset({CONFIGURATION})
        )
        holder = check_proof(
            request.proof, expected_audience=ISSUER, now=self.now, spend_nonce=self._spend
        ).holder
        make = self.deliver or self.badge_for
        return ok(credential_response(make(holder)))

    def badge_for(self, holder: str, **changes: Any) -> JsonObject:
        subject = self.campus.unsigned_badge()["credentialSubject"] | {"id": holder}
        return self.campus.badge(credentialSubject=subject, **changes)

    def _spend(self, nonce: str) -> bool:
        known = nonce in self._nonces
        self._nonces.discard(nonce)
        return known

    def _secret(self, kind: str) -> str:
        self._count += 1
        return f"{kind}-{self._count}"


def offer_by_reference(url: str) -> str:
    """The URI of an offer that lies at `url`, as other issuers make it."""
    return f"{SCHEME}://?{urlencode({'credential_offer_uri': url})}"


def ok(document: JsonObject) -> Answer:
    return Answer(200, {}, json.dumps(document).encode())
