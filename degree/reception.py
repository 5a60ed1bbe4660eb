"""Asking a member for badges and taking in what the member's wallet presents (OpenID4VP 1.0)."""

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from accounts.store import Person
from degree.catalogue import Catalogue
from degree.evidence import NotARecord, records_from
from degree.rules.records import Wallet
from degree.rules.records_json import records_as_json
from degree.store import ApplicationRow, RequestRow, Store
from openid4vc.exchange import OAuthError
from openid4vc.presentation.query import OPEN_BADGE, CredentialQuery, Query
from openid4vc.presentation.request import (
    PREFIX,
    PresentationRequest,
    authorization_uri,
    make_request,
)
from openid4vc.presentation.response import Presented, check_response, read_response
from vc.ed25519 import Signer
from vc.errors import Forbidden, Gone, Missing
from vc.fetch import Fetcher, ReadOnce

REQUEST_LIFETIME: Final = timedelta(minutes=10)
# Every badge in one part of the query: the member chooses which of them to show.
QUERY: Final = Query((CredentialQuery(id="badges", alternatives=(OPEN_BADGE,), multiple=True),))


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the office is found; `origin` has no final slash, `did` is the office's own."""

    origin: str
    did: str

    def request(self, state: str) -> str:
        """Where a wallet reads a signed request."""
        return f"{self.origin}/degree/requests/{state}"

    @property
    def response(self) -> str:
        """Where a wallet posts its answer."""
        return f"{self.origin}/degree/response"

    def answered(self, code: str) -> str:
        """Where the wallet sends the member's browser after its answer."""
        return f"{self.origin}/degree/answers/{code}"

    def programme(self, programme_id: str) -> str:
        """A programme's text."""
        return f"{self.origin}/degree/programmes/{programme_id}"


class Reception:
    """Requests and applications. Times are aware UTC."""

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Catalogue,
        signer: Signer,
        fetcher: Fetcher,
        addresses: Addresses,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._signer = signer
        self._fetcher = fetcher
        self._addresses = addresses
        self._new_token = new_token
        self._new_id = new_id

    def ask(self, person: Person, *, programme: str, now: datetime) -> str:
        """A fresh openid4vp address for the member's own wallet. Raises Missing."""
        self._catalogue.applied(programme)
        request = RequestRow(
            state=self._new_token(),
            nonce=self._new_token(),
            person_id=person.id,
            name=person.name,
            programme=programme,
            created_at=now,
            expires_at=now + REQUEST_LIFETIME,
        )
        with self._store.ledger() as ledger:
            ledger.add(request)
        return authorization_uri(
            client_id=PREFIX + self._addresses.did,
            request_uri=self._addresses.request(request.state),
        )

    def request_object(self, state: str, *, now: datetime) -> str:
        """The signed request that the address refers to. Raises Missing, Gone."""
        with self._store.ledger() as ledger:
            request = ledger.request(state)
        if request is None:
            raise Missing("request", "There is no such request.")
        if request.used_at is not None or request.expires_at <= now:
            raise Gone("request", "This request was answered, or its time is over: ask again.")
        return make_request(self._asked(request), signer=self._signer)

    def receive(self, body: bytes, *, now: datetime) -> str:
        """Take in a wallet's answer once; returns where the member's browser goes on.

        Raises OAuthError: `access_denied` when the member did not agree, else `invalid_request`.
        """
        # (1) An open request of ours.
        response = read_response(body)
        with self._store.ledger() as ledger:
            request = ledger.request(response.state)
        if request is None or request.used_at is not None or request.expires_at <= now:
            raise OAuthError("invalid_request", "This answers no open request.")
        # (2) Presented for this request by the holder of every credential.
        presented = check_response(
            response,
            expected_state=request.state,
            expected_nonce=request.nonce,
            expected_client_id=PREFIX + self._addresses.did,
            query=QUERY,
            now=now,
            fetcher=ReadOnce(self._fetcher),
        )
        # (3) Read into records, with the day of registration.
        application, code = self._application(request, presented, now)
        # (4) Kept, once: of two answers at the same moment the second finds no open request.
        with self._store.ledger() as ledger:
            owner = ledger.person_of(application.holder)
            if owner not in {None, request.person_id}:
                raise OAuthError("invalid_request", "This wallet is known as another member's.")
            if not ledger.use_request(request.state, now=now):
                raise OAuthError("invalid_request", "This answers no open request.")
            ledger.add(application)
        return self._addresses.answered(code)

    def claim(self, code: str, person: Person, *, now: datetime) -> ApplicationRow:
        """The application that a wallet's answer led to, for the member who asked for it.

        The code reaches only the browser that the wallet sends on. Without it, one who talks
        somebody else into answering their request would see that person's audit (OpenID4VP 1.0,
        section 14.2). Raises Missing, Forbidden.
        """
        with self._store.ledger() as ledger:
            application = ledger.application_by_code(_digest(code))
            if application is None:
                raise Missing("answer", "There is no such answer.")
            if application.person_id != person.id:
                raise Forbidden("not-yours", "Somebody else asked for these badges.")
            if application.claimed_at is None:
                application.claimed_at = now
        return application

    def _asked(self, request: RequestRow) -> PresentationRequest:
        return PresentationRequest(
            verifier=self._addresses.did,
            response_uri=self._addresses.response,
            nonce=request.nonce,
            state=request.state,
            query=QUERY,
            expires=request.expires_at,
        )

    def _application(
        self, request: RequestRow, presented: Iterable[Presented], now: datetime
    ) -> tuple[ApplicationRow, str]:
        entries = list(presented)
        holder = entries[0].holder
        gate = self._catalogue.applied(request.programme).programme.gate
        evidence = records_from(
            (entry.report for entry in entries), holder=holder, membership_issuers=gate.issuers
        )
        if evidence.registered is None:
            sentence = "Show your membership card too: it says since when you have been a member."
            raise OAuthError("invalid_request", sentence)
        wallet = Wallet(
            holder=holder,
            registered=evidence.registered,
            records=evidence.records,
            name=request.name,
            context_names=evidence.context_names,
        )
        code = self._new_token()
        application = ApplicationRow(
            id=self._new_id(),
            state=request.state,
            person_id=request.person_id,
            name=request.name,
            holder=holder,
            programme=request.programme,
            code_digest=_digest(code),
            registered=evidence.registered,
            received_at=now,
            checked_at=now,
            credentials=json.dumps([_document(entry) for entry in entries], ensure_ascii=False),
            records=json.dumps(records_as_json(wallet), ensure_ascii=False),
            not_records=not_records_as_json(evidence.not_records),
        )
        return application, code


def not_records_as_json(entries: Iterable[NotARecord]) -> str:
    """The credentials that were set aside, as they are kept."""
    return json.dumps([asdict(entry) for entry in entries], ensure_ascii=False)


def _document(entry: Presented) -> object:
    return entry.report.credential.document if entry.report.credential else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
