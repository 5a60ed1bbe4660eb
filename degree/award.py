"""The degree credential: what the university is asked to sign when an award is conferred."""

from collections import defaultdict
from collections.abc import Mapping
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


def degree_credential(
    *,
    programme: Programme,
    source: str,
    award: Award,
    wallet: Wallet,
    placements: Mapping[str, tuple[str, ...]],
    credential_id: str,
    issuer: JsonObject,
    programme_url: str,
    now: datetime,
) -> JsonObject:
    """The unsigned credential of an award.

    `placements` say by record id which buckets each counted badge fills; the evidence names them,
    so that each requirement can be traced to its badges. `source` is the programme's text.
    """
    counted = [record for record in wallet.records if record.id in placements]
    name = f"{award.title}, {programme.title}"
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": credential_id,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": issuer,
        "validFrom": timestamp(now),
        "awardedDate": timestamp(now),
        "name": name,
        "credentialSubject": {
            "id": wallet.holder,
            "type": ["AchievementSubject"],
            "identifier": [_named(wallet.name or wallet.holder)],
            "creditsEarned": _number(sum(record.credits_tenths for record in counted)),
            "achievement": _achievement(programme, award, name, programme_url),
            "result": _results(award, counted, placements, programme_url),
        },
        "evidence": [_evidence(record, placements[record.id]) for record in counted],
        "relatedResource": [
            {
                "id": programme_url,
                "digestMultibase": digest_multibase(source.encode()),
                "mediaType": "application/yaml",
            }
        ],
    }


def _named(name: str) -> JsonObject:
    """Who the holder is, in words; the DID says it to machines."""
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def _achievement(programme: Programme, award: Award, name: str, url: str) -> JsonObject:
    credits_ = credits_text(award.credits)
    return {
        "id": f"{url}#{award.id}",
        "type": ["Achievement"],
        "achievementType": _TYPES.get(award.id, "Degree"),
        "humanCode": award.id,
        "name": name,
        "description": (
            f"{award.title} of {credits_} UK credits, earned by badges that peers have judged."
        ),
        "criteria": {
            "id": url,
            "narrative": (
                f"Decided by version {programme.version} of the programme {programme.id} "
                f"({programme.digest}). The evidence names the badges that fill each requirement."
            ),
        },
        "creditsAvailable": _number(award.credits),
        "resultDescription": [
            {
                "id": f"{url}#{award.id}-{part.bucket.name}",
                "type": ["ResultDescription"],
                "name": spoken(part.bucket.name).capitalize(),
                "resultType": "Result",
            }
            for part in award.parts
        ],
    }


def _results(
    award: Award, counted: list[Record], placements: Mapping[str, tuple[str, ...]], url: str
) -> list[JsonObject]:
    filled: dict[str, int] = defaultdict(int)
    for record in counted:
        for bucket in placements[record.id]:
            filled[bucket] += record.credits_tenths
    return [
        {
            "type": ["Result"],
            "resultDescription": f"{url}#{award.id}-{part.bucket.name}",
            "value": (
                f"{credits_text(filled[part.bucket.name])} credits counted, "
                f"{credits_text(part.minimum)} required"
            ),
        }
        for part in award.parts
    ]


def _evidence(record: Record, buckets: tuple[str, ...]) -> JsonObject:
    return {
        "id": record.id,
        "type": ["Evidence"],
        "name": record.title,
        "genre": "badge",
        "description": (
            f"Counts for {' and '.join(map(spoken, buckets))}: "
            f"{credits_text(record.credits_tenths)} credits at level {record.level}, "
            f"issued {record.issued}."
        ),
    }


def _number(tenths: int) -> float:
    """A whole number is written as an integer: processors canonicalise 20.0 in two ways."""
    return tenths // 10 if tenths % 10 == 0 else tenths / 10
