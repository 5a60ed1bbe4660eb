"""A degree office with a member, the member's wallet, a registrar and a university, in memory.

The badges are really signed and verified; the university signs what it is asked to.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campus import NOW, Campus
from ed25519_keys import KnownSigner, signer

from accounts.store import Person
from degree.catalogue import FOLDER, read_catalogue
from degree.conferring import Conferring
from degree.reception import Addresses, Reception
from degree.registry import Registry
from degree.store import Store
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
DID = "did:web:localhost%3A8000:degree"
UNIVERSITY = "did:web:localhost%3A8000:issuer:university"
COMMUNITY = "did:web:issuer.example"
PROGRAMME = "lm-msc"
MEMBER = Person("a" * 32, "Amina Otieno", "amina@example.org", frozenset({"member"}))
OTHER = Person("b" * 32, "Ben Hughes", "ben@example.org", frozenset({"member"}))
REGISTRAR = Person("c" * 32, "Ruth Cole", "ruth@example.org", frozenset({"registrar"}))


@dataclass
class SigningUniversity:
    """Signs what it is asked to; `down` makes it answer 503, `refuses` 403. Implements Http."""

    signer: KnownSigner = field(default_factory=lambda: signer(4, f"{UNIVERSITY}#key-1"))
    signed: list[JsonObject] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    down: bool = False
    refuses: bool = False

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        assert (method, headers["authorization"]) == ("POST", "Bearer a-token")
        self.asked.append(url)
        if self.down:
            return Answer(503, {}, b"{}")
        if self.refuses:
            return Answer(403, {}, b'{"detail": "Awards wait."}')
        asked = json.loads(body)
        if url.endswith("/offers"):
            uri = f"openid-credential-offer://?credential_offer_uri={asked['credentialId']}"
            return Answer(201, {}, json.dumps({"credential_offer_uri": uri}).encode())
        signed = issue(asked["credential"], signer=self.signer, created=NOW)
        self.signed.append(signed)
        return Answer(201, {}, json.dumps({"verifiableCredential": signed}).encode())


class Office:
    """The office over one database, and the wallet of one member of `campus`."""

    def __init__(self, database: Database, campus: Campus | None = None) -> None:
        self.campus = campus or Campus()
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
        self.registry = Registry(
            self.store, catalogue=self.catalogue, fetcher=library, version="0.1.0"
        )
        self.conferring = Conferring(
            self.store,
            registry=self.registry,
            university=University(
                self.http, f"{ORIGIN}/issuer/university", UNIVERSITY, "University", "a-token"
            ),
            addresses=addresses,
        )

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

    def card(self, *, since: str = "2025-09-01T00:00:00Z") -> JsonObject:
        """The member's membership card."""
        achievement = {
            "id": "https://issuer.example/achievements/membership",
            "type": ["Achievement"],
            "achievementType": "Membership",
            "name": "Member of the community",
            "description": "A member of a learning circle.",
            "criteria": {"narrative": "Joined a circle."},
        }
        return self.campus.badge(
            id="https://issuer.example/credentials/card",
            name="Member of the community",
            evidence=None,
            credentialSubject={
                "id": self.campus.holder.did,
                "type": ["AchievementSubject"],
                "activityStartDate": since,
                "achievement": achievement,
            },
        )

    def badge(self, number: int, *, credits_: float = 20, **changes: Any) -> JsonObject:
        """Badge `number`: its id, status index and two judges follow from the number."""
        return self.campus.badge(
            id=f"https://issuer.example/credentials/{number}",
            name=changes.pop("name", f"Study {number}"),
            credentialSubject=self._subject(number, credits_, **changes),
            credentialStatus={
                **self.campus.unsigned_badge()["credentialStatus"],
                "id": f"https://issuer.example/status/1#{number}",
                "statusListIndex": str(number),
            },
            endorsement=[
                self.campus.endorsement(self.campus.judge(2 * number + each)) for each in (0, 1)
            ],
        )

    def certificate(self) -> list[JsonObject]:
        """A membership card and the badges of a Postgraduate Certificate."""
        return [
            self.card(),
            self.badge(1, credits_=10, name="Reflective journal", tag=["reflective_practice"]),
            self.badge(2, credits_=5, name="Ethics of classroom research", tag=["ethics"]),
            self.badge(3, credits_=15, name="Lesson study in fractions"),
            self.badge(4, credits_=15, name="Reading group on feedback"),
            self.badge(5, credits_=15, name="Dialogue in science lessons"),
        ]

    def _subject(self, number: int, credits_: float, **changes: Any) -> JsonObject:
        subject = self.campus.unsigned_badge()["credentialSubject"]
        alignment = {
            "type": ["Alignment"],
            "targetFramework": "FHEQ",
            "targetCode": str(changes.pop("level", 7)),
            "targetType": "CFItem",
            "targetName": "Level",
            "targetUrl": "https://frameworks.example/fheq",
        }
        context = {
            **alignment,
            "targetFramework": "Learnometer contexts",
            "targetCode": "ke-secondary",
            "targetName": "Secondary schools in Kenya",
            "targetUrl": "https://frameworks.example/ke-secondary",
        }
        achievement = {
            **subject["achievement"],
            "tag": changes.pop("tag", ["enquiry"]),
            "alignment": [alignment, context],
        }
        return {
            **subject,
            "creditsEarned": credits_,
            "activityStartDate": f"2026-0{number}-01T09:00:00Z",
            "activityEndDate": f"2026-0{number}-20T09:00:00Z",
            "achievement": achievement,
            **changes,
        }
