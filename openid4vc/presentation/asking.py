"""A verifier's side of OpenID4VP 1.0, between its own book of requests and the wallets.

Pure: the verifier keeps each challenge, finds it again by the state, and lets it count once.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from openid4vc.exchange import OAuthError
from openid4vc.presentation.query import Query
from openid4vc.presentation.request import (
    PREFIX,
    PresentationRequest,
    authorization_uri,
    make_request,
)
from openid4vc.presentation.response import (
    MOST_CREDENTIALS,
    Presented,
    Response,
    check_response,
)
from vc.ed25519 import Signer
from vc.errors import Gone
from vc.fetch import Fetcher

REQUEST_LIFETIME: Final = timedelta(minutes=10)


def digest(secret: str) -> str:
    """What is kept of a secret that somebody will come back with: its SHA-256, in hex."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Challenge:
    """What makes a request one's own: an answer repeats both, before `expires`, once."""

    state: str
    nonce: str
    expires: datetime
    used: bool = False

    def is_open(self, *, now: datetime) -> bool:
        """Whether an answer is still taken."""
        return not self.used and now < self.expires


class Asking:
    """One verifier by its DID and key: makes its signed requests and checks the answers.

    `new_token` gives at least 128 random bits in letters that a URL carries: states, nonces and
    response codes.
    """

    def __init__(
        self,
        did: str,
        *,
        signer: Signer,
        fetcher: Fetcher,
        new_token: Callable[[], str],
    ) -> None:
        self._did = did
        self._signer = signer
        self._fetcher = fetcher
        self.new_token = new_token

    def challenge(self, *, now: datetime) -> Challenge:
        """A new challenge."""
        return Challenge(self.new_token(), self.new_token(), now + REQUEST_LIFETIME)

    def address(self, request_uri: str) -> str:
        """The openid4vp address that leads a wallet to the signed request at `request_uri`."""
        return authorization_uri(client_id=PREFIX + self._did, request_uri=request_uri)

    def request_object(
        self, challenge: Challenge, *, query: Query, response_uri: str, now: datetime
    ) -> str:
        """The signed request. Raises Gone when it was answered, or its time is over."""
        if not challenge.is_open(now=now):
            raise Gone("request", "This request was answered, or its time is over: ask again.")
        request = PresentationRequest(
            verifier=self._did,
            response_uri=response_uri,
            nonce=challenge.nonce,
            state=challenge.state,
            query=query,
            expires=challenge.expires,
        )
        return make_request(request, signer=self._signer)

    def check(
        self,
        response: Response,
        challenge: Challenge,
        *,
        query: Query,
        now: datetime,
        most: int = MOST_CREDENTIALS,
    ) -> tuple[Presented, ...]:
        """What the holder presented in answer to `challenge`. Raises OAuthError.

        Not part of it: to mark the challenge as used. Of two answers at the same moment both
        pass here, and the verifier's book decides which of them was the first.
        """
        if not challenge.is_open(now=now):
            raise no_open_request()
        return check_response(
            response,
            expected_state=challenge.state,
            expected_nonce=challenge.nonce,
            expected_client_id=PREFIX + self._did,
            query=query,
            now=now,
            fetcher=self._fetcher,
            most=most,
        )


def no_open_request() -> OAuthError:
    """The refusal of an answer that comes too late, twice, or to nothing that was asked."""
    return OAuthError("invalid_request", "This answers no open request.")
