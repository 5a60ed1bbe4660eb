"""Fetching a badge from its issuer: the wallet's side of OpenID4VCI 1.0, pre-authorized code."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from keys.sealing import Seal
from openid4vc.exchange import FORM, JSON, Http, OAuthError
from openid4vc.issuance.credential import credential_request, read_credential_response
from openid4vc.issuance.metadata import (
    IssuerMetadata,
    fetch_issuer_metadata,
    fetch_token_endpoint,
)
from openid4vc.issuance.offer import Offer, read_offer_uri
from openid4vc.issuance.proof import make_proof
from openid4vc.issuance.token import read_nonce_response, read_token_response, token_request
from vc.did import did_web
from vc.documents import JsonObject
from vc.errors import Malformed, Missing, Refused
from vc.fetch import Fetcher, ReadOnce
from vc.model import VerifiedCredential
from vc.verify import verify
from wallet.holder import Wallet
from wallet.store import Held, PendingOffer, Store

_ID_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class Preview:
    """What an offer says before it is accepted.

    `issuer` is its address; its `name`, and the name of what is `offered`, are its own claims.
    """

    offer: Offer
    issuer: str
    name: str
    offered: str

    @property
    def needs_transaction_code(self) -> bool:
        """Whether the issuer sent the member a second code by another way."""
        return self.offer.transaction_code is not None


class Fetching:
    """Looks at offers, accepts them, and keeps those that wait for an answer."""

    def __init__(
        self,
        store: Store,
        *,
        wallet: Wallet,
        seal: Seal,
        http: Http,
        fetcher: Fetcher,
        entropy: Callable[[int], bytes],
    ) -> None:
        self._ledger = store.ledger
        self._wallet = wallet
        self._seal = seal
        self._http = http
        self._fetcher = fetcher
        self._entropy = entropy

    def receive(self, person_id: str, offer_uri: str, *, now: datetime) -> PendingOffer:
        """Put an offer into the member's inbox. Raises Missing without a wallet, Malformed."""
        self._wallet.holder(person_id)
        offered = read_offer_uri(offer_uri, http=self._http)
        # Whoever has the code can fetch: the inbox keeps it sealed like a key.
        sealed = self._seal.seal(offer_uri.encode(), purpose=_purpose(person_id))
        offer = PendingOffer(
            id=self._entropy(_ID_BYTES).hex(),
            person_id=person_id,
            issuer=offered.credential_issuer,
            sealed_uri=sealed,
            received_at=now,
        )
        with self._ledger() as ledger:
            ledger.add_offer(offer)
        return offer

    def inbox(self, person_id: str) -> tuple[PendingOffer, ...]:
        """The offers that wait for the member's answer, the oldest first."""
        with self._ledger() as ledger:
            return ledger.offers(person_id)

    def offer_uri(self, person_id: str, offer_id: str) -> str:
        """The address of an offer in the member's inbox. Raises Missing."""
        for offer in self.inbox(person_id):
            if offer.id == offer_id:
                return self._seal.open(offer.sealed_uri, purpose=_purpose(person_id)).decode()
        raise Missing("offer", "There is no such offer in your inbox.")

    def decline(self, person_id: str, offer_id: str) -> None:
        """Take an offer out of the inbox. Raises Missing."""
        self.offer_uri(person_id, offer_id)
        with self._ledger() as ledger:
            ledger.remove_offer(offer_id)

    def look(self, offer_uri: str) -> Preview:
        """What is offered and by whom, without accepting. Raises Malformed, Unavailable."""
        offer = read_offer_uri(offer_uri, http=self._http)
        metadata = fetch_issuer_metadata(offer.credential_issuer, http=self._http)
        offered = metadata.configurations[_configuration(offer, metadata)]
        return Preview(offer, offer.credential_issuer, metadata.name, offered)

    def accept(
        self,
        person_id: str,
        offer_uri: str,
        *,
        transaction_code: str | None = None,
        now: datetime,
    ) -> Held:
        """Fetch the offered badge, verify it, and only then keep it.

        Raises OAuthError with the issuer's code, Malformed, Unavailable, and Refused when what
        came does not verify, is not bound to the member, or is not from the issuer that offered.
        """
        signer = self._wallet.signer(person_id)
        # (1) The offer, (2) the issuer's metadata and that of its authorization server.
        offer = read_offer_uri(offer_uri, http=self._http)
        metadata = fetch_issuer_metadata(offer.credential_issuer, http=self._http)
        configuration_id = _configuration(offer, metadata)
        # (3) A token for the code, (4) a nonce, (5) proof of the member's key, (6) the badge.
        token = self._token(offer, metadata, transaction_code)
        proof = make_proof(
            signer=signer,
            audience=metadata.credential_issuer,
            nonce=self._nonce(metadata),
            now=now,
        )
        credential = self._credential(metadata, token, configuration_id, proof)
        # (7) Verified, (8) by the issuer that made the offer, (9) about this member: then kept.
        signed = json.dumps(credential, ensure_ascii=False, separators=(",", ":"))
        verified = verify(signed, now=now, fetcher=ReadOnce(self._fetcher)).verified()
        _check_issuer(verified, offer.credential_issuer)
        with self._ledger() as ledger:
            held = self._wallet.keep(ledger, person_id, verified, signed=signed)
            for pending in ledger.offers(person_id):
                if self._opened(pending) == offer_uri:
                    ledger.remove_offer(pending.id)
        return held

    def _token(self, offer: Offer, metadata: IssuerMetadata, transaction_code: str | None) -> str:
        endpoint = fetch_token_endpoint(metadata.authorization_server, http=self._http)
        body = token_request(offer.pre_authorized_code, transaction_code=transaction_code)
        answer = self._http.send("POST", endpoint, headers=FORM, body=body)
        try:
            return read_token_response(answer)
        except OAuthError as error:
            if error.code != "invalid_grant":
                raise
            sentence = "The offer was used already or has ended, or the code is wrong."
            raise OAuthError(error.code, sentence) from error

    def _nonce(self, metadata: IssuerMetadata) -> str | None:
        if metadata.nonce_endpoint is None:
            return None
        headers = {"accept": "application/json"}
        answer = self._http.send("POST", metadata.nonce_endpoint, headers=headers)
        return read_nonce_response(answer)

    def _credential(
        self, metadata: IssuerMetadata, token: str, configuration_id: str, proof: str
    ) -> JsonObject:
        body = json.dumps(credential_request(configuration_id, proof=proof)).encode()
        headers = {**JSON, "authorization": f"Bearer {token}"}
        answer = self._http.send("POST", metadata.credential_endpoint, headers=headers, body=body)
        return read_credential_response(answer)

    def _opened(self, pending: PendingOffer) -> str:
        purpose = _purpose(pending.person_id)
        return self._seal.open(pending.sealed_uri, purpose=purpose).decode()


def _configuration(offer: Offer, metadata: IssuerMetadata) -> str:
    """The one configuration of the offer that this wallet can hold."""
    for configuration_id in offer.configuration_ids:
        if configuration_id in metadata.configurations:
            return configuration_id
    raise Malformed("offer", "The offer names nothing that this wallet can hold.")


def _check_issuer(verified: VerifiedCredential, credential_issuer: str) -> None:
    """The signer's did:web must live where the offer came from: same host, and same path if any."""
    parts = urlsplit(credential_issuer)
    path = [segment for segment in parts.path.split("/") if segment]
    if verified.credential.issuer_id not in {did_web(parts.netloc), did_web(parts.netloc, *path)}:
        raise Refused("other-issuer", "The badge was signed by another issuer than offered it.")


def _purpose(person_id: str) -> str:
    return f"wallet offer to {person_id}"
