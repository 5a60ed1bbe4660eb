"""Signing as a judge: ballots and endorsements, and nothing else, with the member's own key.

An issuer asks by a document at an address of its own; the wallet shows it, the member agrees, and
the signed ballot goes back to that same origin. The pattern is OpenID4VP's direct_post.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from openid4vc.exchange import FORM, Http, read_json, text_of, web_url, write_form
from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.encoding import digest_multibase
from vc.errors import Conflict, Malformed, Refused
from vc.issue import issue
from vc.jcs import canonical_json
from vc.jose import sign_compact
from vc.model import identifier, listed
from wallet.holder import Wallet

BALLOT_TYPE: Final = "ballot+jwt"
BALLOTS: Final = frozenset({"level", "panel"})
_ANSWERS: Final = ("verdict", "answers", "marks", "feedback")
ENDORSEMENT_TYPES: Final = frozenset({"VerifiableCredential", "EndorsementCredential"})


@dataclass(frozen=True, slots=True)
class BallotRequest:
    """A ballot that an issuer asks the member to sign.

    `title` says what is judged, `claims` are what would be signed; a draft endorsement among
    them is signed too. `asker` is the origin that asks and that gets the answer.
    """

    asker: str
    title: str
    claims: JsonObject
    response_uri: str

    @property
    def digest(self) -> str:
        """The digest of the claims: what the member agreed to is what gets signed."""
        return digest_multibase(canonical_json(self.claims))

    @property
    def answers(self) -> JsonObject:
        """What the judge says, in the order in which a reader wants it."""
        return {name: self.claims[name] for name in _ANSWERS if name in self.claims}

    @property
    def references(self) -> JsonObject:
        """What else is signed: which ballot, by which rules, by whom."""
        apart = {*_ANSWERS, "endorsement"}
        return {name: value for name, value in self.claims.items() if name not in apart}

    @property
    def endorsement(self) -> JsonObject | None:
        """The draft of the endorsement that goes with a panel judge's yes."""
        draft = self.claims.get("endorsement")
        return draft if isinstance(draft, dict) else None


class Judging:
    """Shows what is to be signed, and signs what the member agreed to."""

    def __init__(self, *, wallet: Wallet, http: Http) -> None:
        self._wallet = wallet
        self._http = http

    def look(self, person_id: str, request_uri: str) -> BallotRequest:
        """The ballot at an issuer's address, with the faults that signing would refuse.

        Raises Malformed, Refused for a ballot in another's name, Unavailable.
        """
        url = web_url(request_uri, place="request_uri")
        answer = self._http.send("GET", url, headers={"accept": "application/json"})
        document = read_json(answer, source="The address of the ballot")
        response_uri = web_url(document.get("response_uri"), place="/response_uri")
        if _origin(response_uri) != _origin(url):
            # A secret ballot goes back to the one who asked, and nowhere else.
            sentence = "The ballot would go to another place than it came from."
            raise Malformed("ballot-response", sentence, place="/response_uri")
        claims = document.get("claims")
        if not isinstance(claims, dict):
            raise Malformed("ballot", "There is no ballot at that address.", place="/claims")
        request = BallotRequest(_origin(url), text_of(document, "title"), claims, response_uri)
        _check_ballot(claims, judge=self._wallet.holder(person_id).did)
        return request

    def cast(
        self, person_id: str, request: BallotRequest, *, seen: str, now: datetime
    ) -> str | None:
        """Sign the ballot and hand it in; returns where the browser goes on, if told.

        `seen` is the digest of the ballot that the member agreed to. Raises Conflict when it is
        another, OAuthError with the issuer's code, Malformed, Refused, Unavailable.
        """
        if request.digest != seen:
            raise Conflict("ballot-changed", "The ballot was changed. Look at it again.")
        form = write_form({"ballot": self.sign_ballot(person_id, request.claims, now=now)})
        answer = self._http.send("POST", request.response_uri, headers=FORM, body=form)
        document = read_json(answer, source="The issuer")
        if "redirect_uri" not in document:
            return None
        return web_url(document["redirect_uri"], place="/redirect_uri")

    def sign_ballot(self, person_id: str, claims: JsonObject, *, now: datetime) -> str:
        """The ballot as a compact JWS over its canonical claims (RFC 8785).

        A draft endorsement in it is signed on the way. Raises Malformed, and Refused for a
        ballot or an endorsement in another's name.
        """
        signer = self._wallet.signer(person_id)
        _check_ballot(claims, judge=_holder(signer))
        draft = claims.get("endorsement")
        if isinstance(draft, dict):
            claims = claims | {"endorsement": issue(draft, signer=signer, created=now)}
        return sign_compact({"typ": BALLOT_TYPE}, canonical_json(claims), signer=signer)


def _holder(signer: Signer) -> str:
    """Whose key it is: the DID in its verification method."""
    return signer.verification_method.partition("#")[0]


def _check_ballot(claims: JsonObject, *, judge: str) -> None:
    if claims.get("ballot") not in BALLOTS:
        raise Refused("not-a-ballot", "This key signs ballots and endorsements, and nothing else.")
    if claims.get("iss") != judge:
        raise Refused("not-your-ballot", "The ballot names another judge.", place="/iss")
    draft = claims.get("endorsement")
    if isinstance(draft, dict):
        _check_endorsement(draft, judge=judge)


def _check_endorsement(draft: JsonObject, *, judge: str) -> None:
    types: list[Any] = listed(draft.get("type"))
    if sorted(map(json.dumps, types)) != sorted(map(json.dumps, ENDORSEMENT_TYPES)):
        sentence = "This key signs ballots and endorsements, and nothing else."
        raise Refused("not-an-endorsement", sentence, place="/type")
    if identifier(draft.get("issuer")) != judge:
        sentence = "The endorsement names another endorser."
        raise Refused("not-your-endorsement", sentence, place="/issuer")
    if not isinstance(draft.get("credentialSubject"), dict):
        sentence = "The endorsement does not say what it is about."
        raise Malformed("endorsement", sentence, place="/credentialSubject")
    if identifier(draft["credentialSubject"]) == judge:
        sentence = "Nobody endorses themselves."
        raise Refused("own-endorsement", sentence, place="/credentialSubject/id")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
