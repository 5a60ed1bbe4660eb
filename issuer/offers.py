"""Offers of credentials to wallets: the state behind OpenID4VCI's pre-authorized code flow.

Codes, access tokens and nonces are kept as SHA-256 digests: who reads the database can redeem
nothing.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from issuer.awarding import CARD, Awarding
from issuer.chance import Secrets
from issuer.securing import read
from issuer.store import Ledger, Store
from issuer.tables.community import CircleRow, MemberRow
from issuer.tables.credentials import CredentialRow, NonceRow, OfferRow
from openid4vc.exchange import OAuthError
from vc.documents import LARGEST_RECORD, JsonObject, parse
from vc.errors import Conflict, Forbidden, Missing

CODE_LIFETIME: Final = timedelta(minutes=10)
TOKEN_LIFETIME: Final = timedelta(minutes=5)
NONCE_LIFETIME: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """A fresh offer. The code is a secret: whoever holds it can fetch, once."""

    tenant: str
    configuration_id: str
    code: str
    expires_at: datetime

    def __repr__(self) -> str:
        return f"OfferMade({self.tenant!r}, {self.configuration_id!r}, code=...)"


class Offers:
    """Makes offers, redeems codes, and delivers credentials. Times are aware UTC."""

    def __init__(self, store: Store, *, awarding: Awarding, secrets: Secrets) -> None:
        self._store = store
        self._awarding = awarding
        self._secrets = secrets

    def offer_card(self, *, person_id: str, now: datetime) -> OfferMade:
        """Offer a member the membership card. Raises Missing."""
        with self._store.ledger() as ledger:
            member = ledger.get(MemberRow, person_id)
            tenant = ledger.get(CircleRow, member.circle_id).tenant_id
            return self._offer(
                ledger, tenant, CARD, person_id=person_id, credential_id=None, now=now
            )

    def offer(self, *, credential_id: str, person_id: str, now: datetime) -> OfferMade:
        """Offer a credential to the member whom it is about. Raises Missing, Forbidden."""
        with self._store.ledger() as ledger:
            credential = ledger.get(CredentialRow, credential_id)
            member = ledger.get(MemberRow, person_id)
            if member.did is None or credential.subject != member.did:
                raise Forbidden("subject", "This credential is about somebody else.")
            return self._offer(
                ledger,
                credential.tenant_id,
                credential.kind,
                person_id=person_id,
                credential_id=credential_id,
                now=now,
            )

    def offer_signed(self, tenant: str, *, url: str, now: datetime) -> OfferMade:
        """Offer a credential of the tenant, named by its id, to the member whom it is about.

        Raises Missing; also where nobody is known to hold the key that it is about.
        """
        with self._store.ledger() as ledger:
            credential = ledger.credential_by_url(url)
            member = ledger.member_by_did(credential.subject) if credential else None
        if credential is None or member is None or credential.tenant_id != tenant:
            raise Missing("credential", "There is no such credential of a member.")
        if not read(credential.wish).is_for_wallets:
            sentence = "A credential in this form is handed over, not offered to wallets."
            raise Conflict("offer-form", sentence, place="/credentialId")
        return self.offer(credential_id=credential.id, person_id=member.person_id, now=now)

    def redeem(self, tenant: str, code: str, *, now: datetime) -> str:
        """An access token for a code, once. Raises OAuthError `invalid_grant` otherwise."""
        token = self._secrets.token()
        with self._store.ledger() as ledger:
            offer = ledger.find(OfferRow, _digest(code))
            if offer is None or offer.tenant_id != tenant:
                raise OAuthError("invalid_grant", "The code is not known here.")
            if not ledger.spend_code(
                _digest(code),
                token_digest=_digest(token),
                token_expires_at=now + TOKEN_LIFETIME,
                now=now,
            ):
                raise OAuthError("invalid_grant", "The code was used, or its time is over.")
        return token

    def nonce(self, *, now: datetime) -> str:
        """A fresh c_nonce for a proof of possession."""
        nonce = self._secrets.token()
        with self._store.ledger() as ledger:
            ledger.forget_nonces(now=now)
            ledger.add(NonceRow(digest=_digest(nonce), expires_at=now + NONCE_LIFETIME))
        return nonce

    def spend_nonce(self, nonce: str, *, now: datetime) -> bool:
        """Whether the nonce was given here and is still unused; it is used up now."""
        with self._store.ledger() as ledger:
            return ledger.spend_nonce(_digest(nonce), now=now)

    def offered(self, tenant: str, *, token: str, now: datetime) -> str:
        """The configuration for which a token was given. Raises OAuthError `invalid_token`."""
        with self._store.ledger() as ledger:
            credential_id = self._offer_of(ledger, tenant, token, now).credential_id
            if credential_id is None:
                return CARD
            return ledger.get(CredentialRow, credential_id).kind

    def deliver(self, tenant: str, *, token: str, holder: str, now: datetime) -> JsonObject:
        """The signed credential that was offered, to the wallet whose key was just proven.

        `holder` is the DID of that key. Fetching again while the token lives gives the same.
        Raises OAuthError `invalid_token`, or `invalid_proof` when the credential is about another
        key, and Conflict when the member or the key has another to belong to.
        """
        with self._store.ledger() as ledger:
            offer = self._offer_of(ledger, tenant, token, now)
            person_id, credential_id, signed = offer.person_id, offer.credential_id, None
            if credential_id is not None:
                credential = ledger.get(CredentialRow, credential_id)
                if credential.subject != holder:
                    sentence = "The credential is about the holder of another key."
                    raise OAuthError("invalid_proof", sentence)
                signed = credential.signed
        if credential_id is None:
            credential_id = self._awarding.membership_card(person_id=person_id, did=holder, now=now)
        text = signed or self._awarding.signed(credential_id, now=now)
        return parse(text, largest=LARGEST_RECORD)

    @staticmethod
    def _offer_of(ledger: Ledger, tenant: str, token: str, now: datetime) -> OfferRow:
        offer = ledger.offer_by_token(_digest(token))
        expires_at = offer.token_expires_at if offer and offer.tenant_id == tenant else None
        if offer is None or expires_at is None or expires_at <= now:
            raise OAuthError("invalid_token", "The access token is not valid.")
        return offer

    def _offer(
        self,
        ledger: Ledger,
        tenant: str,
        configuration_id: str,
        *,
        person_id: str,
        credential_id: str | None,
        now: datetime,
    ) -> OfferMade:
        code = self._secrets.token()
        ledger.add(
            OfferRow(
                code_digest=_digest(code),
                tenant_id=tenant,
                person_id=person_id,
                credential_id=credential_id,
                expires_at=now + CODE_LIFETIME,
            )
        )
        return OfferMade(
            tenant=tenant,
            configuration_id=configuration_id,
            code=code,
            expires_at=now + CODE_LIFETIME,
        )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
