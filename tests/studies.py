"""A member's studies: a membership card and badges, really signed, and an award earned by them."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campus import NOW, Campus

from degree.award import Earned
from degree.catalogue import FOLDER, read_catalogue
from degree.evidence import records_from
from degree.rules.records import Wallet
from vc.documents import JsonObject

UNIVERSITY = "did:web:localhost%3A8000:issuer:university"
COMMUNITY = "did:web:issuer.example"
PROGRAMME = "lm-msc"
PROGRAMME_URL = f"http://localhost:8000/degree/programmes/{PROGRAMME}"


@dataclass
class Studies:
    """Badges of the holder of `campus`."""

    campus: Campus = field(default_factory=Campus)

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

    def earned(self, *badges: tuple[JsonObject, *tuple[str, ...]], **changes: Any) -> Earned:
        """A Postgraduate Certificate by these badges, each with the buckets that it fills."""
        applied = read_catalogue(FOLDER, community=COMMUNITY).applied(PROGRAMME)
        found = records_from(
            [self.campus.verify(badge) for badge, *_ in badges],
            holder=self.campus.holder.did,
            membership_issuers=frozenset(),
        )
        facts: dict[str, Any] = {
            "programme": applied.programme,
            "source": applied.source,
            "award": next(one for one in applied.programme.awards if one.id == "PGCert"),
            "wallet": Wallet(
                holder=self.campus.holder.did, registered=date(2025, 9, 1), records=found.records
            ),
            "placements": {badge["id"]: tuple(buckets) for badge, *buckets in badges},
            "programme_url": PROGRAMME_URL,
            "issuer": {"id": UNIVERSITY, "type": ["Profile"], "name": "University"},
            "holder_name": "Amina Otieno",
            "conferred_at": NOW,
            "issued_at": NOW,
        }
        return Earned(**facts | changes)
