"""A degree office with a member, the member's wallet, a registrar and a university, in memory.

The badges are really signed and verified; the university signs what it is asked to.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from argon2 import PasswordHasher
from authenticator import Authenticator
from campus import NOW, Campus
from ed25519_keys import KnownSigner, signer
from studies import COMMUNITY, PROGRAMME, UNIVERSITY, Studies

from accounts.ceremony import RelyingParty
from accounts.passkeys import Passkeys
from accounts.people import People
from accounts.store import Person
from accounts.store import Store as Accounts
from degree.amending import Amending
from degree.board.approvals import signed_digest
from degree.board.approving import Approving
from degree.board.exceptions import Exceptions
from degree.board.store import Store
from degree.board.tables import ApprovalRow
from degree.catalogue import FOLDER, read_catalogue
from degree.conferring import Conferring
from degree.papers import Papers
from degree.reception import Addresses, Reception
from degree.registry import Registry
from degree.roles import EXAMINER as EXAMINERS
from degree.roles import REGISTRAR as REGISTRARS
from degree.university import University
from openid4vc.exchange import Answer
from openid4vc.presentation.asking import Asking
from openid4vc.presentation.request import read_authorization_uri, verify_request
from openid4vc.presentation.response import response_form
from service.database import Database
from vc import did
from vc.documents import JsonObject
from vc.issue import issue
from vc.presentation import present

ORIGIN = "http://localhost:8000"
HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
DID = "did:web:localhost%3A8000:degree"
MEMBER = Person("a" * 32, "Amina Otieno", "amina@example.org", frozenset({"member"}))
OTHER = Person("b" * 32, "Ben Hughes", "ben@example.org", frozenset({"member"}))
REGISTRAR = Person("c" * 32, "Ruth Cole", "ruth@example.org", frozenset({"registrar"}))
SECOND = Person("d" * 32, "Noor Aziz", "noor@example.org", frozenset({"registrar"}))
EXAMINER = Person("e" * 32, "Edith Marsh", "edith@example.org", frozenset({"external_examiner"}))


@dataclass
class SigningUniversity:
    """Signs what it is asked to and keeps it. Implements Http.

    It answers 503 once it has carried out `answers` requests, or answers the last of them with
    nothing that arrives where `loses` is set, and 403 to what it `refuses` to sign.
    """

    signer: KnownSigner = field(default_factory=lambda: signer(4, f"{UNIVERSITY}#key-1"))
    signed: list[JsonObject] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: int | None = None
    loses: bool = False
    refuses: bool = False
    before_signing: Callable[[], None] | None = None

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        assert headers["authorization"] == "Bearer a-token"
        self.asked.append(url)
        if self.answers == 0:
            return Answer(503, {}, b"{}")
        asked = unquote(url.rpartition("/")[2]) if method == "GET" else json.loads(body)
        answer = self._look(asked) if method == "GET" else self._do(url.rpartition("/")[2], asked)
        if self.answers is not None:
            self.answers -= 1
            if self.loses and self.answers == 0:
                return Answer(503, {}, b"{}")
        return answer

    def _look(self, credential_id: str) -> Answer:
        (found,) = [one for one in self.signed if one["id"] == credential_id]
        return _json(200, {"verifiableCredential": found})

    def _do(self, what: str, asked: JsonObject) -> Answer:
        if what == "offers":
            uri = f"openid-credential-offer://?credential_offer_uri={asked['credentialId']}"
            return _json(201, {"credential_offer_uri": uri})
        known = {one["id"] for one in self.signed}
        if what == "status":
            assert asked["status"] is True
            assert asked["credentialStatus"]["statusPurpose"] == "revocation"
            if asked["credentialId"] not in known - set(self.revoked):
                return _json(409 if asked["credentialId"] in known else 404, {})
            self.revoked.append(asked["credentialId"])
            return _json(200, {})
        if asked["credential"]["id"] in known:
            return _json(409, {})
        if self.before_signing:
            self.before_signing()
        if self.refuses:
            return _json(403, {"detail": "Awards wait."})
        self.signed.append(issue(asked["credential"], signer=self.signer, created=NOW))
        return _json(201, {"verifiableCredential": self.signed[-1]})


def _json(status: int, document: JsonObject) -> Answer:
    return Answer(status, {}, json.dumps(document).encode())


class Office(Studies):
    """The office over one database, and the wallet of one member of `campus`."""

    def __init__(self, database: Database, campus: Campus | None = None) -> None:
        super().__init__(campus or Campus())
        self.store = Store(database.sessions)
        self.catalogue = read_catalogue(FOLDER, community=COMMUNITY)
        self.key = signer(3, f"{DID}#key-1")
        self.http = SigningUniversity()
        library = self.campus.library
        library.publish(
            "https://localhost:8000/degree/did.json",
            did.document(DID, [("key-1", self.key.public_key)]),
        )
        addresses = Addresses(ORIGIN, DID)
        self.reception = Reception(
            self.store,
            catalogue=self.catalogue,
            asking=Asking(
                DID,
                signer=self.key,
                fetcher=library,
                new_token=lambda: secrets.token_urlsafe(32),
            ),
            addresses=addresses,
        )
        accounts = Accounts(database.sessions)
        party = RelyingParty.at(ORIGIN)
        self.passkeys = Passkeys(accounts, People(accounts, hasher=HASHER), party=party)
        self.devices = {one.id: Authenticator() for one in (REGISTRAR, SECOND, EXAMINER)}
        for person in (REGISTRAR, SECOND, EXAMINER):
            with accounts.ledger() as ledger:
                if ledger.person(person.id) is None:
                    ledger.add_person(person, password_hash=None, now=NOW)
            self.add_passkey(person)
        self.registry = Registry(
            self.store,
            catalogue=self.catalogue,
            fetcher=library,
            version="0.1.0",
        )
        self.exceptions = Exceptions(self.store, registry=self.registry, catalogue=self.catalogue)
        self.approving = Approving(self.store, registry=self.registry, passkeys=self.passkeys)
        university = University(
            self.http, f"{ORIGIN}/issuer/university", UNIVERSITY, "University", "a-token"
        )
        self.papers = Papers(self.store, university, addresses)
        self.conferring = Conferring(
            self.store, registry=self.registry, approving=self.approving, papers=self.papers
        )
        self.amending = Amending(self.store, registry=self.registry, papers=self.papers)

    def answer(self, uri: str, credentials: list[JsonObject], **changes: Any) -> bytes:
        """What the member's wallet posts; `changes` are to the presentations or the state."""
        reference = read_authorization_uri(uri)
        state = reference.request_uri.rpartition("/")[2]
        asked = verify_request(
            self.reception.request_object(state, now=NOW),
            expected_client_id=reference.client_id,
            now=NOW,
            fetcher=self.campus.library,
        )
        facts: dict[str, Any] = {
            "holder": self.campus.holder.did,
            "signer": self.campus.holder,
            "created": NOW,
            "challenge": asked.nonce,
            "domain": asked.client_id,
        }
        state = changes.pop("state", asked.state)
        presentations = [present([credential], **(facts | changes)) for credential in credentials]
        return response_form({"badges": presentations}, state=state)

    def apply(self, credentials: list[JsonObject], *, person: Person = MEMBER) -> str:
        """Ask, present, claim and audit; the id of the decision."""
        uri = self.reception.ask(person, programme=PROGRAMME, now=NOW)
        goes_on = self.reception.receive(self.answer(uri, credentials), now=NOW)
        application = self.reception.claim(goes_on.rpartition("/")[2], person, now=NOW)
        return self.registry.audit(application.id, now=NOW).id

    def add_passkey(self, person: Person) -> None:
        """Have a person register the passkey that their device makes."""
        made = self.devices[person.id].create(self.passkeys.begin_registration(person, now=NOW))
        self.passkeys.register(person, name="Laptop", response=made, now=NOW)

    def answers(self, decision_id: str, person: Person) -> str:
        """What the person's device answers when it is asked to approve a decision."""
        file = self.registry.file(decision_id, reader=REGISTRAR)
        asked = self.passkeys.begin_approval(person, digest=signed_digest(file.record), now=NOW)
        return self.devices[person.id].get(asked)

    def approve(self, decision_id: str, person: Person, capacity: str) -> ApprovalRow:
        """One of the two approvals of a decision."""
        response = self.answers(decision_id, person)
        return self.approving.approve(
            decision_id, person, capacity=capacity, response=response, now=NOW
        )

    def approved(self, decision_id: str) -> str:
        """The decision, with both approvals."""
        self.approve(decision_id, REGISTRAR, REGISTRARS)
        self.approve(decision_id, EXAMINER, EXAMINERS)
        return decision_id

    def confer(self) -> str:
        """A Postgraduate Certificate, applied for and conferred; the id of the decision."""
        decision_id = self.approved(self.apply(self.certificate()))
        return self.conferring.confer(decision_id, REGISTRAR, now=NOW).decision_id

    def publish_university(self) -> None:
        """Let everybody look up the university's key."""
        key = self.http.signer
        document = did.document(key.did, [("key-1", key.public_key)])
        self.campus.library.publish("https://localhost:8000/issuer/university/did.json", document)

    @property
    def signed_ids(self) -> list[str]:
        """The ids of what the university signed, in order."""
        return [str(one["id"]) for one in self.http.signed]
