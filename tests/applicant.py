"""An applicant with really signed badges, and the programme of a university that reads them."""

from dataclasses import dataclass, field
from typing import Any

from campus import Campus

from vc.documents import JsonObject
from vc.encoding import digest_multibase

COMMUNITY = "did:web:issuer.example"
# Sixty ECTS credits in three modules, and a person's word.
PROGRAMME = """programme: MA Educational Practice
ruleset: {id: edu-ma, version: 2026.1, in_force_from: 2026-09-01, source: "Regulation E1"}
credit_unit: ects
trust_lists: {"2026": ["did:web:issuer.example"]}
evidence_gate:
  issuer_in: trust_list@2026
  status: [proof_valid, not_revoked, not_expired]
  endorsements: {min: 2}
buckets:
  reflection: {min: 5, where: {tag: reflective_practice}}
  ethics: {min: 5, where: {tag: ethics}}
  options: {min: 50, where: {not: {tag: [reflective_practice, ethics]}}}
awards:
  - {id: PGDip, title: Postgraduate Diploma, credits: 60, rpl_cap: 15}
"""
BEFORE_A_BOARD = PROGRAMME.replace(
    "rpl_cap: 15}",
    "requires: {all_of: [reflection, ethics, options, {attested: interview}]}}\n"
    'attestations: {interview: {says: "An interview was held.", by: tutor}}',
)
EVIDENCE = "https://issuer.example/evidence/film"


@dataclass
class Applicant:
    """Badges of the holder of `campus`, by the community's issuer."""

    campus: Campus = field(default_factory=Campus)

    def badge(self, number: int, *, ects: float = 5, **changes: Any) -> JsonObject:
        """Badge `number`: its id, its place in the status list and two judges follow from it.

        `changes` are to the credential; `name`, `tags` and `holder` have names of their own.
        """
        tags, holder = changes.pop("tags", ["enquiry"]), changes.pop("holder", None)
        subject = self._subject(number, ects, tags) | changes.pop("subject", {})
        badge: JsonObject = {
            "id": f"https://issuer.example/credentials/{number}",
            "name": changes.pop("name", f"Study {number}"),
            "credentialSubject": subject | ({"id": holder} if holder else {}),
            "credentialStatus": {
                **self.campus.unsigned_badge()["credentialStatus"],
                "id": f"https://issuer.example/status/1#{number}",
                "statusListIndex": str(number),
            },
            "evidence": [
                *self.campus.unsigned_badge()["evidence"],
                {"id": EVIDENCE, "type": ["Evidence"], "name": "A film", "genre": "film"},
            ],
            "relatedResource": [
                {"id": EVIDENCE, "digestMultibase": digest_multibase(b"film")},
            ],
            "endorsement": [
                self.campus.endorsement(self.campus.judge(2 * number + each)) for each in (0, 1)
            ],
        }
        return self.campus.badge(**badge | changes)

    def wallet(self) -> list[JsonObject]:
        """Forty-two of the sixty ECTS credits: ten of them for prior learning."""
        return [
            self.badge(1, ects=5, name="Reflective journal", tags=["reflective_practice"]),
            self.badge(2, ects=2, name="Ethics of classroom research", tags=["ethics"]),
            self.badge(3, ects=12.5, name="Lesson study in fractions"),
            self.badge(4, ects=12.5, name="Dialogue in science lessons"),
            self.badge(5, ects=10, name="Years of mentoring", tags=["prior_learning"]),
        ]

    def _subject(self, number: int, ects: float, tags: list[str]) -> JsonObject:
        subject = self.campus.unsigned_badge()["credentialSubject"]
        level = {
            "type": ["Alignment"],
            "targetFramework": "FHEQ",
            "targetCode": "7",
            "targetType": "CFItem",
            "targetName": "Level 7",
            "targetUrl": "https://frameworks.example/fheq",
        }
        return {
            **subject,
            "creditsEarned": int(2 * ects),
            "activityStartDate": f"2026-0{number}-01T09:00:00Z",
            "activityEndDate": f"2026-0{number}-20T09:00:00Z",
            "achievement": {**subject["achievement"], "tag": tags, "alignment": [level]},
        }
