"""An award as it was earned, and the degree credential that the university is asked to sign of it.

All papers of an award are written from one `Earned`, so that they cannot say different things.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from degree.rules.exact import credits_text
from degree.rules.programme import Award, Programme
from degree.rules.records import Record, Wallet
from degree.rules.saying import spoken
from vc.documents import JsonObject
from vc.encoding import digest_multibase
from vc.model import timestamp
from vc.structure import CREDENTIALS_V2, OPEN_BADGES

# AchievementType of Open Badges 3.0 knows no postgraduate certificate or diploma.
_TYPES: Final = {
    "MSc": "MasterDegree",
    "PGDip": "ext:PostgraduateDiploma",
    "PGCert": "ext:PostgraduateCertificate",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement of an award with the badges that fill it; `minimum` in tenths of a credit.

    `id` points at its place in the programme's published text.
    """

    id: str
    name: str
    title: str
    minimum: int
    records: tuple[Record, ...]

    @property
    def counted(self) -> int:
        """Tenths of credit that fill it."""
        return sum(record.credits_tenths for record in self.records)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """An award with all that its papers say.

    `source` is the programme's text, found at `programme_url`; `placements` say by record id which
    buckets each counted badge fills; `issuer` is the university's Profile; `holder_name` is as it
    is to be printed. A paper that replaces another has a later `issued_at` than `conferred_at`.
    Times are aware UTC.
    """

    programme: Programme
    source: str
    award: Award
    wallet: Wallet
    placements: Mapping[str, tuple[str, ...]]
    programme_url: str
    issuer: JsonObject
    holder_name: str
    conferred_at: datetime
    issued_at: datetime

    @property
    def title(self) -> str:
        """The award's full name."""
        return f"{self.award.title}, {self.programme.title}"

    @property
    def achievement_id(self) -> str:
        """The id of the award as an Achievement."""
        return f"{self.programme_url}#{self.award.id}"

    @property
    def counted(self) -> tuple[Record, ...]:
        """The badges that count, each once, in the order in which they were presented."""
        return tuple(record for record in self.wallet.records if record.id in self.placements)

    @property
    def credits_tenths(self) -> int:
        """Tenths of credit that count; a badge that fills two requirements counts once."""
        return sum(record.credits_tenths for record in self.counted)

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What the award asks for, in the programme's order, with what fills it."""
        return tuple(
            Requirement(
                id=f"{self.programme_url}#{part.path}",
                name=part.bucket.name,
                title=spoken(part.bucket.name).capitalize(),
                minimum=part.minimum,
                records=tuple(
                    record
                    for record in self.counted
                    if part.bucket.name in self.placements[record.id]
                ),
            )
            for part in self.award.parts
        )

    @property
    def identity(self) -> JsonObject:
        """Who the holder is, in words; the DID says it to machines."""
        return {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": self.holder_name,
            "identityType": "name",
        }


def degree_credential(earned: Earned, *, credential_id: str) -> JsonObject:
    """The unsigned credential of an award.

    The evidence names the counted badges, so that each requirement can be traced to its badges.
    """
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": credential_id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": earned.issuer,
        "validFrom": timestamp(earned.issued_at),
        "awardedDate": timestamp(earned.conferred_at),
        "name": earned.title,
        "credentialSubject": {
            "id": earned.wallet.holder,
            "type": ["AchievementSubject"],
            "identifier": [earned.identity],
            "creditsEarned": credits_number(earned.credits_tenths),
            "achievement": _achievement(earned),
            "result": [_result(earned, requirement) for requirement in earned.requirements],
        },
        "evidence": [_evidence(record, earned.placements[record.id]) for record in earned.counted],
        "relatedResource": [
            {
                "id": earned.programme_url,
                "digestMultibase": digest_multibase(earned.source.encode()),
                "mediaType": "application/yaml",
            }
        ],
    }


def _achievement(earned: Earned) -> JsonObject:
    programme, award = earned.programme, earned.award
    credits_ = credits_text(award.credits)
    return {
        "id": earned.achievement_id,
        "type": ["Achievement"],
        "achievementType": _TYPES.get(award.id, "Degree"),
        "humanCode": award.id,
        "name": earned.title,
        "description": (
            f"{award.title} of {credits_} UK credits, earned by badges that peers have judged."
        ),
        "criteria": {
            "id": earned.programme_url,
            "narrative": (
                f"Decided by version {programme.version} of the programme {programme.id} "
                f"({programme.digest}). The evidence names the badges that fill each requirement."
            ),
        },
        "creditsAvailable": credits_number(award.credits),
        "resultDescription": [
            {
                "id": _result_id(earned, requirement),
                "type": ["ResultDescription"],
                "name": requirement.title,
                "resultType": "Result",
            }
            for requirement in earned.requirements
        ],
    }


def _result(earned: Earned, requirement: Requirement) -> JsonObject:
    return {
        "type": ["Result"],
        "resultDescription": _result_id(earned, requirement),
        "value": (
            f"{credits_text(requirement.counted)} credits counted, "
            f"{credits_text(requirement.minimum)} required"
        ),
    }


def _result_id(earned: Earned, requirement: Requirement) -> str:
    return f"{earned.achievement_id}-{requirement.name}"


def _evidence(record: Record, buckets: tuple[str, ...]) -> JsonObject:
    fills = " and ".join(spoken(bucket) for bucket in buckets)
    return {
        "id": record.id,
        "type": ["Evidence"],
        "name": record.title,
        "genre": "badge",
        "description": (
            f"Counts for {fills}: {credits_text(record.credits_tenths)} credits at "
            f"level {record.level}, issued {record.issued}."
        ),
    }


def credits_number(tenths: int) -> float:
    """A whole number is written as an integer: processors canonicalise 20.0 in two ways."""
    return tenths // 10 if tenths % 10 == 0 else tenths / 10
