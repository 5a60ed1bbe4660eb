"""The documents that the issuer signs or lays out for others to sign: Open Badges 3.0 on VCDM 2.0.

Nothing here decides or stores; every member comes from what was decided.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from issuer.achievements import achievement, membership, uk_credits
from issuer.addresses import Addresses
from issuer.decisions import BALLOT, LAST_WORDS
from issuer.peers.rubric import Rubric
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, MemberRow, TenantRow
from issuer.tables.judging import ActivityRow, ContributionRow, DecisionRow, EvidenceRow
from vc.documents import JsonObject
from vc.model import timestamp
from vc.structure import CREDENTIALS_V2, OPEN_BADGES

CONTEXTS: Final = (CREDENTIALS_V2, OPEN_BADGES)
_RULES_MEDIA_TYPE: Final = "application/yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """All that a badge says: who, for what, where, how it was judged, by whom."""

    tenant: TenantRow
    member: MemberRow
    activity: ActivityRow
    circle: CircleRow
    context: ContextRow
    achievement: AchievementRow
    rubric: Rubric
    contribution: ContributionRow
    evidence: Sequence[EvidenceRow]
    level_decision: DecisionRow | None
    panel_decision: DecisionRow
    endorsements: Sequence[JsonObject]


def badge(award: Award, *, addresses: Addresses, valid_from: datetime) -> JsonObject:
    """The unsigned AchievementCredential of an award, without its status entries."""
    return {
        "@context": list(CONTEXTS),
        "id": addresses.credential(award.contribution.credential_id),
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": profile(award.tenant, addresses=addresses),
        "validFrom": timestamp(valid_from),
        "awardedDate": timestamp(award.panel_decision.decided_at),
        "name": award.achievement.name,
        "credentialSubject": _subject(award, addresses),
        "evidence": [
            _contribution(award),
            _activity(award.activity, addresses),
            *(_evidence(piece, addresses) for piece in award.evidence),
        ],
        "relatedResource": related_resources(
            award.evidence,
            rubric=award.rubric.digest,
            policy=award.activity.policy_digest,
            addresses=addresses,
        ),
        "endorsement": list(award.endorsements),
    }


def profile(tenant: TenantRow, *, addresses: Addresses) -> JsonObject:
    """A tenant as the issuer Profile of a credential."""
    return {
        "id": tenant.did,
        "type": ["Profile"],
        "name": tenant.name,
        "url": addresses.credential_issuer,
        "description": tenant.description,
    }


def endorsement_draft(
    *,
    contribution: ContributionRow,
    badge_name: str,
    judge: str,
    evidence: Sequence[EvidenceRow],
    rubric: str,
    policy: str,
    addresses: Addresses,
    comment: str,
    valid_from: datetime,
) -> JsonObject:
    """What a judge signs beside a yes: an EndorsementCredential about the contribution.

    `judge` is the DID of the judge's key; `rubric` and `policy` are digests. The same judge and
    contribution give the same id. The badge is not the subject, because an embedded credential
    about the badge itself would add to what the badge says (docs/adr/0010).
    """
    subject = contribution_id(contribution)
    return {
        "@context": list(CONTEXTS),
        "id": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{subject}#{judge}')}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": judge, "type": ["Profile"]},
        "validFrom": timestamp(valid_from),
        "name": f"Judged at the level: {badge_name}",
        "credentialSubject": {
            "id": subject,
            "type": ["EndorsementSubject"],
            "endorsementComment": comment,
        },
        "relatedResource": related_resources(
            evidence, rubric=rubric, policy=policy, addresses=addresses
        ),
    }


def membership_card(
    *,
    tenant: TenantRow,
    member: MemberRow,
    circle: CircleRow,
    credential_url: str,
    addresses: Addresses,
    valid_from: datetime,
) -> JsonObject:
    """The unsigned membership card, with which a wallet binds its key to a member."""
    return {
        "@context": list(CONTEXTS),
        "id": credential_url,
        "type": ["VerifiableCredential", "AchievementCredential"],
        "issuer": profile(tenant, addresses=addresses),
        "validFrom": timestamp(valid_from),
        "name": f"Member of {tenant.name}",
        "credentialSubject": {
            "id": member.did,
            "type": ["AchievementSubject"],
            # Since when: the degree office counts years of registration from here.
            "activityStartDate": f"{member.joined_on.isoformat()}T00:00:00Z",
            "source": _circle(circle, addresses),
            "achievement": membership(tenant, addresses=addresses),
        },
    }


def related_resources(
    evidence: Sequence[EvidenceRow], *, rubric: str, policy: str, addresses: Addresses
) -> list[JsonObject]:
    """Evidence, rubric and policy bound by digest (VCDM 2.0 section 5.3)."""
    bound = [
        (addresses.evidence(piece.digest), piece.digest, piece.media_type) for piece in evidence
    ]
    bound += [(addresses.rule(digest), digest, _RULES_MEDIA_TYPE) for digest in (rubric, policy)]
    return [
        {"id": url, "digestMultibase": digest, "mediaType": media_type}
        for url, digest, media_type in bound
    ]


def _subject(award: Award, addresses: Addresses) -> JsonObject:
    return {
        "id": award.member.did,
        "type": ["AchievementSubject"],
        "activityStartDate": timestamp(award.activity.starts_at),
        "activityEndDate": timestamp(award.activity.ends_at),
        "creditsEarned": uk_credits(award.achievement.credits_tenths),
        "role": award.contribution.role,
        "source": _circle(award.circle, addresses),
        "narrative": f"For “{award.activity.title}” with {award.circle.name}.",
        "achievement": achievement(
            award.achievement, rubric=award.rubric, addresses=addresses, context=award.context
        ),
        "result": _results(award, addresses.achievement(award.achievement.id)),
    }


def _circle(circle: CircleRow, addresses: Addresses) -> JsonObject:
    return {"id": addresses.circle(circle.id), "type": ["Profile"], "name": circle.name}


def _results(award: Award, url: str) -> list[JsonObject]:
    names = {level.id: level.name for level in award.rubric.levels}
    decision = award.panel_decision
    results: list[JsonObject] = []
    if award.level_decision is not None:
        results.append(_result(f"{url}#level-ballot", value=award.level_decision.tally))
    results.append(_result(f"{url}#panel-ballot", value=decision.tally))
    if decision.stage != BALLOT:
        results.append(_result(f"{url}#last-word", value=LAST_WORDS[decision.stage]))
    results.append(_result(f"{url}#quality", achievedLevel=f"{url}#level-{decision.overall}"))
    results += [
        _result(f"{url}#criterion-{criterion.id}", value=names[decision.levels[criterion.id]])
        for criterion in award.rubric.criteria
    ]
    return results


def _result(description: str, **found: Any) -> JsonObject:
    return {"type": ["Result"], "resultDescription": description, **found}


def contribution_id(row: ContributionRow) -> str:
    """The id of what was handed in, which its judges endorse; one award comes of it at most."""
    return f"urn:uuid:{uuid.UUID(row.id)}"


def _contribution(award: Award) -> JsonObject:
    return {
        "id": contribution_id(award.contribution),
        "type": ["Evidence"],
        "name": f"Contribution to {award.activity.title}",
        "genre": "contribution",
    }


def _activity(row: ActivityRow, addresses: Addresses) -> JsonObject:
    return {
        "id": addresses.activity(row.id),
        "type": ["Evidence"],
        "name": row.title,
        "genre": "activity",
        "narrative": row.description,
    }


def _evidence(piece: EvidenceRow, addresses: Addresses) -> JsonObject:
    return {
        "id": addresses.evidence(piece.digest),
        "type": ["Evidence"],
        "name": piece.name,
        "genre": piece.genre,
    }
