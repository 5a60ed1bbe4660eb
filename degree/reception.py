"""Asking a member for badges and taking in what the member's wallet presents (OpenID4VP 1.0)."""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from accounts.store import Person
from degree.catalogue import Catalogue
from degree.evidence import NotARecord, records_from
from degree.rules.records import Wallet
from degree.rules.records_json import records_as_json
from degree.store import Store
from degree.tables import ApplicationRow, RequestRow
from openid4vc.exchange import OAuthError
from openid4vc.presentation.asking import Asking, Challenge, digest, no_open_request
from openid4vc.presentation.query import OPEN_BADGE, CredentialQuery, Query
from openid4vc.presentation.response import Presented, read_response
from vc.errors import Forbidden, Missing

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

    @property
    def verifier(self) -> str:
        """Where anybody can have a credential checked."""
        return f"{self.origin}/verifier/"

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
        asking: Asking,
        addresses: Addresses,
        new_id: Callable[[], str] = lambda: uuid.uuid4().hex,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._asking = asking
        self._addresses = addresses
        self._new_id = new_id

    def ask(self, person: Person, *, programme: str, now: datetime) -> str:
        """A fresh openid4vp address for the member's own wallet. Raises Missing."""
        self._catalogue.applied(programme)
        challenge = self._asking.challenge(now=now)
        request = RequestRow(
            state=challenge.state,
            nonce=challenge.nonce,
            person_id=person.id,
            name=person.name,
            programme=programme,
            created_at=now,
            expires_at=challenge.expires,
        )
        with self._store.ledger() as ledger:
            ledger.add(request)
        return self._asking.address(self._addresses.request(challenge.state))

    def request_object(self, state: str, *, now: datetime) -> str:
        """The signed request that the address refers to. Raises Missing, Gone."""
        with self._store.ledger() as ledger:
            request = ledger.request(state)
        if request is None:
            raise Missing("request", "There is no such request.")
        return self._asking.request_object(
            _challenge(request), query=QUERY, response_uri=self._addresses.response, now=now
        )

    def receive(self, body: bytes, *, now: datetime) -> str:
        """Take in a wallet's answer once; returns where the member's browser goes on.

        Raises OAuthError: `access_denied` when the member did not agree, else `invalid_request`.
        """
        response = read_response(body)
        with self._store.ledger() as ledger:
            request = ledger.request(response.state)
        if request is None:
            raise no_open_request()
        # (1) An open request of ours. (2) Presented for it by the holder of every credential.
        presented = self._asking.check(response, _challenge(request), query=QUERY, now=now)
        # (3) Read into records, with the day of registration.
        application, code = self._application(request, presented, now)
        # (4) Kept, once: of two answers at the same moment the second finds no open request.
        with self._store.ledger() as ledger:
            owner = ledger.person_of(application.holder)
            if owner not in {None, request.person_id}:
                raise OAuthError("invalid_request", "This wallet is known as another member's.")
            if not ledger.use_request(request.state, now=now):
                raise no_open_request()
            ledger.add(application)
        return self._addresses.answered(code)

    def claim(self, code: str, person: Person, *, now: datetime) -> ApplicationRow:
        """The application that a wallet's answer led to, for the member who asked for it.

        The code reaches only the browser that the wallet sends on. Without it, one who talks
        somebody else into answering their request would see that person's audit (OpenID4VP 1.0,
        section 14.2). Of two members who both asked one wallet, the first to come back keeps it.
        Raises Missing, Forbidden, Conflict.
        """
        with self._store.ledger() as ledger:
            application = ledger.application_by_code(digest(code))
            if application is None:
                raise Missing("answer", "There is no such answer.")
            if application.person_id != person.id:
                raise Forbidden("not-yours", "Somebody else asked for these badges.")
            if application.claimed_at is None:
                ledger.keep_holder(application.holder, person)
                application.claimed_at = now
        return application

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
        code = self._asking.new_token()
        application = ApplicationRow(
            id=self._new_id(),
            state=request.state,
            person_id=request.person_id,
            name=request.name,
            holder=holder,
            programme=request.programme,
            code_digest=digest(code),
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


def _challenge(request: RequestRow) -> Challenge:
    used = request.used_at is not None
    return Challenge(request.state, request.nonce, request.expires_at, used)
