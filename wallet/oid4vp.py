"""Answering a verifier: the wallet's side of OpenID4VP 1.0."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from openid4vc.exchange import FORM, Http, read_json, web_url
from openid4vc.presentation.request import (
    MEDIA_TYPE,
    PresentationRequest,
    read_authorization_uri,
    verify_request,
)
from openid4vc.presentation.response import refusal_form, response_form
from vc.documents import JsonObject
from vc.errors import Malformed, Missing, Unavailable
from vc.fetch import Fetcher
from vc.presentation import present
from vc.received import receive
from wallet.holder import Wallet
from wallet.store import Held


@dataclass(frozen=True, slots=True)
class Asked:
    """A verified request and what in the wallet could answer it, by part of the query.

    `token` is the signed request itself: it goes through the consent page and back, so that
    what is answered is what was shown.
    """

    request: PresentationRequest
    token: str
    matches: dict[str, tuple[Held, ...]]

    @property
    def can_be_answered(self) -> bool:
        """Whether there is something for each part."""
        return all(self.matches.values())


class Presenting:
    """Shows a member who asks for what, and presents what the member agrees to."""

    def __init__(self, *, wallet: Wallet, http: Http, fetcher: Fetcher) -> None:
        self._wallet = wallet
        self._http = http
        self._fetcher = fetcher

    def look(self, person_id: str, uri: str, *, now: datetime) -> Asked:
        """The request behind an openid4vp address. Raises Malformed, Refused, Unavailable."""
        reference = read_authorization_uri(uri)
        answer = self._http.send("GET", reference.request_uri, headers={"accept": MEDIA_TYPE})
        if answer.status != 200:
            sentence = f"The request could not be had: HTTP status {answer.status}."
            raise Unavailable("http-status", sentence)
        try:
            token = answer.body.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise Malformed("request", "The request is not a signed request.") from error
        return self.look_again(person_id, token, client_id=reference.client_id, now=now)

    def look_again(self, person_id: str, token: str, *, client_id: str, now: datetime) -> Asked:
        """The same from the signed request itself. Raises Malformed, Refused, Unavailable."""
        request = verify_request(
            token, expected_client_id=client_id, now=now, fetcher=self._fetcher
        )
        held = [(entry, receive(entry.signed)) for entry in self._wallet.credentials(person_id)]
        # A token's proof is around the credential, not in it: it cannot travel as ldp_vc.
        embedded = [(entry, received.document) for entry, received in held if not received.token]
        matches = {
            part.id: tuple(entry for entry, document in embedded if part.matches(document))
            for part in request.query.credentials
        }
        return Asked(request, token, matches)

    def present(
        self, person_id: str, asked: Asked, *, chosen: Collection[str], now: datetime
    ) -> str | None:
        """Present the chosen badges to the verifier; returns where the browser goes on, if told.

        `chosen` are ids of credentials in the wallet. Raises Missing for one that does not match
        the request, Malformed when a part would stay without one, and OAuthError, Unavailable.
        """
        offered = {held.id for matches in asked.matches.values() for held in matches}
        if not offered.issuperset(chosen):
            raise Missing("credential", "A chosen badge is not among those asked for.")
        holder = self._wallet.holder(person_id)
        signer = self._wallet.signer(person_id)
        presentations: dict[str, list[JsonObject]] = {}
        for part in asked.request.query.credentials:
            shown = [held for held in asked.matches[part.id] if held.id in chosen]
            if not shown or (len(shown) > 1 and not part.multiple):
                raise Malformed("choice", "Choose one badge for each part of the request.")
            presentations[part.id] = [
                present(
                    [receive(held.signed).document],
                    holder=holder.did,
                    signer=signer,
                    created=now,
                    challenge=asked.request.nonce,
                    domain=asked.request.client_id,
                )
                for held in shown
            ]
        return self._post(asked, response_form(presentations, state=asked.request.state))

    def decline(self, asked: Asked) -> str | None:
        """Tell the verifier that the member does not agree. Raises OAuthError, Unavailable."""
        return self._post(asked, refusal_form(state=asked.request.state))

    def _post(self, asked: Asked, form: bytes) -> str | None:
        answer = self._http.send("POST", asked.request.response_uri, headers=FORM, body=form)
        document = read_json(answer, source="The verifier")
        if "redirect_uri" not in document:
            return None
        return web_url(document["redirect_uri"], place="/redirect_uri")
