"""An in-memory campus: an issuer, judges and a holder, so that each attack is one line.

Nothing is mocked: documents are really signed, published and verified; only the network is a
dictionary and the clock stands still.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from ed25519_keys import KnownSigner, signer

from vc import did, status
from vc.documents import JsonObject
from vc.errors import Unavailable
from vc.fetch import Fetched
from vc.issue import issue
from vc.model import Report, timestamp
from vc.structure import CREDENTIALS_V2, OPEN_BADGES
from vc.verify import verify

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
BADGE_CONTEXTS = [CREDENTIALS_V2, OPEN_BADGES]
BADGE_ID = "https://issuer.example/credentials/1"
CONTRIBUTION_ID = "https://issuer.example/contributions/1"
LIST_URL = "https://issuer.example/status/1"


@dataclass
class Library:
    """A network of published documents; what is not in it is unreachable."""

    documents: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, url: str, *, accept: str) -> Fetched:
        self.asked.append(url)
        if url not in self.documents:
            raise Unavailable("unreachable", f"{url} did not answer.")
        return Fetched(url, self.documents[url], "application/json")

    def publish(self, url: str, document: JsonObject) -> None:
        self.documents[url] = json.dumps(document).encode()


@dataclass
class Campus:
    """One issuer with a status list, a holder, and as many judges as are asked for."""

    library: Library = field(default_factory=Library)
    issuer: KnownSigner = field(default_factory=lambda: signer(1, "did:web:issuer.example#key-1"))
    holder: KnownSigner = field(default_factory=lambda: signer(2))

    def __post_init__(self) -> None:
        self.publish_keys()
        self.publish_status()

    def publish_keys(self, **changes: Any) -> None:
        document = did.document("did:web:issuer.example", [("key-1", self.issuer.public_key)])
        self.library.publish("https://issuer.example/.well-known/did.json", document | changes)

    def publish_status(self, *revoked: int, by: KnownSigner | None = None, **changes: Any) -> None:
        author = by or self.issuer
        unsigned = status.status_list_credential(
            list_url=LIST_URL,
            issuer=author.did,
            purpose="revocation",
            encoded=status.encode(revoked),
            valid_from=NOW - timedelta(hours=1),
            valid_until=NOW + timedelta(hours=23),
        )
        self.library.publish(LIST_URL, issue(unsigned | changes, signer=author, created=NOW))

    def judge(self, number: int) -> KnownSigner:
        return signer(100 + number)

    def endorsement(self, judge: KnownSigner, *, about: str = CONTRIBUTION_ID) -> JsonObject:
        unsigned = {
            "@context": BADGE_CONTEXTS,
            "id": f"urn:uuid:00000000-0000-4000-8000-{int.from_bytes(judge.seed[-6:], 'big'):012d}",
            "type": ["VerifiableCredential", "EndorsementCredential"],
            "issuer": {"id": judge.did, "type": ["Profile"]},
            "name": "A judgement",
            "validFrom": "2026-01-01T00:00:00Z",
            "credentialSubject": {
                "id": about,
                "type": ["EndorsementSubject"],
                "endorsementComment": "At masters level.",
            },
        }
        return issue(unsigned, signer=judge, created=NOW)

    def unsigned_badge(self, **changes: Any) -> JsonObject:
        badge: JsonObject = {
            "@context": BADGE_CONTEXTS,
            "id": BADGE_ID,
            "type": ["VerifiableCredential", "AchievementCredential"],
            "issuer": {"id": self.issuer.did, "type": ["Profile"], "name": "Issuer"},
            "validFrom": timestamp(NOW - timedelta(days=30)),
            "name": "Lesson study",
            "credentialSubject": {
                "id": self.holder.did,
                "type": ["AchievementSubject"],
                "creditsEarned": 12.5,
                "achievement": {
                    "id": "https://issuer.example/achievements/lesson-study",
                    "type": ["Achievement"],
                    "name": "Lesson study",
                    "description": "Planned, taught and studied a lesson together.",
                    "criteria": {"narrative": "A cycle of three lessons, studied with peers."},
                    "tag": ["lesson_study", "research_methods"],
                },
            },
            "evidence": [
                {
                    "id": CONTRIBUTION_ID,
                    "type": ["Evidence"],
                    "name": "Three research lessons on fractions",
                }
            ],
            "credentialStatus": status.entry(list_url=LIST_URL, index=7, purpose="revocation"),
        }
        return {key: value for key, value in (badge | changes).items() if value is not None}

    def badge(self, **changes: Any) -> JsonObject:
        return issue(self.unsigned_badge(**changes), signer=self.issuer, created=NOW)

    def judged_badge(self, judges: int = 3) -> JsonObject:
        return self.badge(
            endorsement=[self.endorsement(self.judge(number)) for number in range(judges)]
        )

    def verify(self, source: bytes | str | JsonObject, *, now: datetime = NOW) -> Report:
        return verify(source, now=now, fetcher=self.library)
