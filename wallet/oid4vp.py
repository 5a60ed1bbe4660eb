"""Answering a verifier: the wallet's side of OpenID4VP 1.0."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from openid4vc.exchange import FORM, Answer, Http, web_url
from openid4vc.presentation.query import EMBEDDED, TOKEN, CredentialQuery
from openid4vc.presentation.request import (
    MEDIA_TYPE,
    PresentationRequest,
    read_authorization_uri,
    verify_request,
)
from openid4vc.presentation.response import Presentation, refusal_form, response_form
from openid4vc.presentation.tokens import present_token
from vc.documents import parse
from vc.ed25519 import Signer
from vc.errors import Conflict, Gone, Malformed, Missing, Refused, Unavailable
from vc.fetch import Fetcher
from vc.presentation import present
from vc.received import Received, receive
from wallet.holder import Wallet
from wallet.store import Held

MISCHOSEN: Final = "choice"  # the code for badges that answer the request in no way
_OVER: Final = frozenset({404, 410})  # what verifiers answer for a request that they forgot


@dataclass(frozen=True, slots=True)
class Choice:
    """What the member chooses among, and whether more than one may be shown of it."""

    candidates: tuple[Held, ...]
    several: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A verified request, what in the wallet could answer it, by part of the query, and the rest.

    `token` is the signed request itself: it goes through the consent page and back, so that
    what is answered is what was shown.
    """

    request: PresentationRequest
    token: str
    matches: dict[str, tuple[Held, ...]]
    others: tuple[Held, ...]

    @property
    def can_be_answered(self) -> bool:
        """Whether there is something for each part of one way to answer."""
        ways = self.request.query.ways
        return any(all(self.matches[part_id] for part_id in way) for way in ways)

    @property
    def offered(self) -> frozenset[str]:
        """The ids of everything that may be chosen."""
        return frozenset(held.id for matches in self.matches.values() for held in matches)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """One for each part where all are needed; else one, among all that would do."""
        parts, ways = self.request.query.credentials, self.request.query.ways
        if len(ways) == 1:
            needed = [part for part in parts if part.id in ways[0]]
            return tuple(Choice(self.matches[part.id], part.multiple) for part in needed)
        named = frozenset[str]().union(*ways)
        usable = [part for part in parts if part.id in named]
        candidates = {held.id: held for part in usable for held in self.matches[part.id]}
        several = any(part.multiple for part in usable) or any(len(way) > 1 for way in ways)
        return (Choice(tuple(candidates.values()), several),)

    def answer(self, chosen: Collection[str]) -> dict[str, list[Held]]:
        """The chosen credentials by part, in the first way that they answer whole.

        Raises Missing for one that was not asked for, Malformed when they answer in no way.
        """
        if not self.offered.issuperset(chosen):
            raise Missing("credential", "A chosen badge is not among those asked for.")
        for way in self.request.query.ways:
            parts = [part for part in self.request.query.credentials if part.id in way]
            shown = {
                part.id: [held for held in self.matches[part.id] if held.id in chosen]
                for part in parts
            }
            fits = all(len(shown[p.id]) == 1 or (shown[p.id] and p.multiple) for p in parts)
            if fits and {held.id for entries in shown.values() for held in entries} == set(chosen):
                return shown
        raise Malformed(MISCHOSEN, "Choose one badge for each part of the request.")


class Presenting:
    """Shows a member who asks for what, and presents what the member agrees to."""

    def __init__(self, *, wallet: Wallet, http: Http, fetcher: Fetcher) -> None:
        self._wallet = wallet
        self._http = http
        self._fetcher = fetcher

    def look(self, person_id: str, uri: str, *, now: datetime) -> Asked:
        """The request behind an openid4vp address.

        Raises Malformed, Refused, Gone where it was answered or is over, Unavailable.
        """
        reference = read_authorization_uri(uri)
        answer = self._http.send("GET", reference.request_uri, headers={"accept": MEDIA_TYPE})
        if answer.status in _OVER:
            raise _over()
        if answer.status != 200:
            sentence = "The request could not be had. Try again soon, or ask for a new one."
            raise Unavailable("request", sentence)
        try:
            token = answer.body.decode("ascii").strip()
        except UnicodeDecodeError as error:
            raise Malformed("request", "The request is not a signed request.") from error
        return self.look_again(person_id, token, client_id=reference.client_id, now=now)

    def look_again(self, person_id: str, token: str, *, client_id: str, now: datetime) -> Asked:
        """The same from the signed request itself. Raises Malformed, Refused, Gone, Unavailable."""
        request = verify_request(
            token, expected_client_id=client_id, now=now, fetcher=self._fetcher
        )
        held = [(one, receive(one.signed)) for one in self._wallet.credentials(person_id)]
        matches = {
            part.id: tuple(one for one, received in held if _answers(received, part))
            for part in request.query.credentials
        }
        asked_for = {one.id for found in matches.values() for one in found}
        others = tuple(one for one, _ in held if one.id not in asked_for)
        return Asked(request, token, matches, others)

    def present(
        self, person_id: str, asked: Asked, *, chosen: Collection[str], now: datetime
    ) -> str | None:
        """Present the chosen badges to the verifier; returns where the browser goes on, if told.

        `chosen` are ids of credentials in the wallet. Raises Missing for one that does not match
        the request, Malformed when a part would stay without one, and as `decline` does.
        """
        answer = asked.answer(chosen)
        holder = self._wallet.holder(person_id).did
        signer = self._wallet.signer(person_id)
        presentations = {
            part_id: [_presentation(one, asked, holder, signer, now) for one in shown]
            for part_id, shown in answer.items()
        }
        return self._post(asked, response_form(presentations, state=asked.request.state))

    def decline(self, asked: Asked) -> str | None:
        """Tell the verifier that the member does not agree.

        Raises Gone or Conflict where the answer is not taken, and Unavailable.
        """
        return self._post(asked, refusal_form(state=asked.request.state))

    def _post(self, asked: Asked, form: bytes) -> str | None:
        answer = self._http.send("POST", asked.request.response_uri, headers=FORM, body=form)
        if answer.status != 200:
            raise _not_taken(answer)
        # From here on the answer is theirs: whatever else they say, the member is told that.
        try:
            return web_url(parse(answer.body).get("redirect_uri"), place="/redirect_uri")
        except Malformed:
            return None


def _over() -> Gone:
    sentence = "This request has been answered already or is over. Ask for a new one."
    return Gone("request-over", sentence)


def _not_taken(answer: Answer) -> Refused:
    """Why the verifier did not take an answer, in our words: what they wrote is a stranger's."""
    if answer.status in _OVER:
        return _over()
    if 400 <= answer.status < 500:
        sentence = (
            "Your answer was not taken. Perhaps the request has been answered already or is over: "
            "ask for a new one."
        )
        return Conflict("answer", sentence)
    return Unavailable("answer", "Your answer could not be handed over. Try again soon.")


def _answers(received: Received, part: CredentialQuery) -> bool:
    # A token's proof is around the credential, not in it: it travels as a token and only so.
    wanted = TOKEN if received.token else EMBEDDED
    return part.format == wanted and part.matches(received.document)


def _presentation(
    held: Held, asked: Asked, holder: str, signer: Signer, now: datetime
) -> Presentation:
    received, request = receive(held.signed), asked.request
    if received.token:
        return present_token(
            received.token,
            holder=holder,
            signer=signer,
            nonce=request.nonce,
            audience=request.client_id,
            now=now,
        )
    return present(
        [received.document],
        holder=holder,
        signer=signer,
        created=now,
        challenge=request.nonce,
        domain=request.client_id,
    )
