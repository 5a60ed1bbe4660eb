"""The transcript of an award: a CLR 2.0 that holds the degree credential and all badges it counts.

    award                      the achievement of the degree credential
      └─ isChildOf ─ requirement      an achievement of its own, in `achievement`
           ├─ isChildOf ─ what was achieved     the achievement of a badge
           └─ isPartOf ── the badge             the credential's own id

CLR 2.0 associates achievements. One achievement can be earned by several badges that fill different
requirements; which badge fills which is therefore said of the credentials too.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from degree.award import Earned, Requirement, credits_number
from degree.rules.exact import credits_text
from vc.documents import LARGEST_RECORD, JsonObject, written
from vc.model import identifier, listed, timestamp
from vc.structure import CLR, CREDENTIALS_V2, OPEN_BADGES

# What is around the badges: the degree credential, the requirements and the associations.
_LARGEST: Final = LARGEST_RECORD - 131_072  # bytes
# Each badge and each endorsement names two contexts, of 512 that one document may name.
_MOST_CREDENTIALS: Final = 220


def parts(badges: Iterable[JsonObject]) -> tuple[tuple[JsonObject, ...], ...]:
    """The badges in as few transcripts as verifiers take: nearly always one. Never none."""
    divided: list[list[JsonObject]] = [[]]
    size = credentials = 0
    for badge in badges:
        more_size, more_credentials = len(written(badge)), 1 + len(listed(badge.get("endorsement")))
        size, credentials = size + more_size, credentials + more_credentials
        if divided[-1] and (size > _LARGEST or credentials > _MOST_CREDENTIALS):
            divided.append([])
            size, credentials = more_size, more_credentials
        divided[-1].append(badge)
    return tuple(map(tuple, divided))


def transcript(
    earned: Earned,
    *,
    degree: JsonObject,
    badges: Sequence[JsonObject],
    credential_id: str,
    part: int = 1,
    of: int = 1,
) -> JsonObject:
    """The unsigned transcript with the signed `degree` and the signed `badges` in it.

    Where the badges take more than one transcript, this is `part` of so many (from 1).
    """
    name = f"Transcript: {earned.title}"
    return {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
        "id": credential_id,
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": earned.issuer,
        "validFrom": timestamp(earned.issued_at),
        "awardedDate": timestamp(earned.conferred_at),
        "name": name if of == 1 else f"{name} ({part} of {of})",
        "description": (
            f"Every badge that counts for the {earned.title}, with the requirement that it fills."
        ),
        # The office knows of badges that do not count, and leaves them out.
        "partial": True,
        "credentialSubject": {
            "id": earned.wallet.holder,
            "type": ["ClrSubject"],
            "identifier": [earned.identity],
            "achievement": [
                _achievement(earned, requirement) for requirement in earned.requirements
            ],
            "verifiableCredential": [degree, *badges],
            "association": _associations(earned, {str(badge["id"]): badge for badge in badges}),
        },
    }


def _achievement(earned: Earned, requirement: Requirement) -> JsonObject:
    asked = credits_text(requirement.minimum)
    return {
        "id": requirement.id,
        "type": ["Achievement"],
        "achievementType": "ext:Requirement",
        "name": requirement.title,
        "description": (
            f"A requirement of the {earned.title}: {asked} UK credits, "
            f"filled by badges of {credits_text(requirement.counted)}."
        ),
        "criteria": {
            "id": earned.programme_url,
            "narrative": "The programme says which badges can fill it.",
        },
        "creditsAvailable": credits_number(requirement.minimum),
    }


def _associations(earned: Earned, badges: Mapping[str, JsonObject]) -> list[JsonObject]:
    tree: list[JsonObject] = []
    for requirement in earned.requirements:
        tree.append(_association("isChildOf", requirement.id, earned.achievement_id))
        filling = [record.id for record in requirement.records if record.id in badges]
        achieved = dict.fromkeys(_achieved(badges[badge]) for badge in filling)
        tree += [_association("isChildOf", one, requirement.id) for one in achieved if one]
        tree += [_association("isPartOf", badge, requirement.id) for badge in filling]
    return tree


def _achieved(badge: JsonObject) -> str:
    """The id of a badge's achievement."""
    (subject,) = listed(badge["credentialSubject"])
    return identifier(subject.get("achievement")) or ""


def _association(kind: str, source: str, target: str) -> JsonObject:
    return {
        "type": "Association",
        "associationType": kind,
        "sourceId": source,
        "targetId": target,
    }
