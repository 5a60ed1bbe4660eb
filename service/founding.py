"""Founding an installation: its two issuers with their keys, contexts, circles, rules and menu.

The folder has the form of examples/community; of its files only those named here are read.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import issuer
from issuer.addresses import Addresses
from issuer.community import Community
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, TenantRow
from issuer.tenant_keys import TenantKeys
from service.charter.circles import Circle, Context, read_circles, read_contexts
from service.charter.menu import Achievement, Rubric, read_achievements, read_rubrics
from service.charter.reading import text_of, tree
from service.trust import COMMUNITY, UNIVERSITY

POLICY: Final = Path(issuer.__file__).parent / "policies" / "learnometer-2026.1.yaml"

COMMUNITY_TENANT: Final = "learnometer"
UNIVERSITY_TENANT: Final = "university"

_TENANTS: Final = {
    COMMUNITY_TENANT: (COMMUNITY, "Circles of teachers who judge each other's work."),
    UNIVERSITY_TENANT: (UNIVERSITY, "Confers degrees on badges that peers have judged."),
}
# AchievementType of Open Badges 3.0; which kind of work it was is in the badge's name and tags.
_ACHIEVEMENT_TYPE: Final = "MicroCredential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """What an installation is founded on; `policy` is the whole policy file."""

    contexts: tuple[Context, ...]
    circles: tuple[Circle, ...]
    rubrics: tuple[Rubric, ...]
    achievements: tuple[Achievement, ...]
    policy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The digests of the rules in force; rubrics and level descriptors by id."""

    policy: str
    rubrics: Mapping[str, str]


def read_charter(folder: Path, *, policy: Path = POLICY) -> Charter:
    """The charter in contexts.csv, circles.csv, achievements.yaml and rubrics/ of `folder`.

    Raises Malformed, which names file, row and column or entry.
    """
    contexts = read_contexts(folder / "contexts.csv")
    rubrics = read_rubrics(folder / "rubrics")
    achievements = read_achievements(tree(folder / "achievements.yaml"), rubrics=rubrics)
    return Charter(
        contexts=tuple(contexts.values()),
        circles=tuple(read_circles(folder / "circles.csv", contexts=contexts).values()),
        rubrics=tuple(rubrics.values()),
        achievements=tuple(achievements.values()),
        policy=text_of(policy),
    )


def found(
    charter: Charter, *, community: Community, keys: TenantKeys, origin: str, now: datetime
) -> Rules:
    """Found the installation at `origin`; after a crash it can be done again.

    Raises Conflict when it was founded already, Malformed for a rule that cannot be read.
    """
    rules = Rules(
        policy=community.publish_policy(charter.policy, source="policy").digest,
        rubrics={
            rubric.id: community.publish_rubric(rubric.text, source=f"{rubric.id}.yaml").digest
            for rubric in charter.rubrics
        },
    )
    # The keys come before the rows: who finds an issuer finds its key.
    for tenant in _TENANTS:
        keys.ensure(tenant, now=now)
    community.establish(
        [
            *(_tenant(tenant, origin) for tenant in _TENANTS),
            *(ContextRow(id=each.code, name=each.name) for each in charter.contexts),
            *(_circle(each) for each in charter.circles),
            *(_achievement(each, rules.rubrics[each.rubric]) for each in charter.achievements),
        ]
    )
    return rules


def _tenant(tenant: str, origin: str) -> TenantRow:
    name, description = _TENANTS[tenant]
    did = Addresses(origin, tenant).did
    return TenantRow(id=tenant, did=did, name=name, description=description)


def _circle(circle: Circle) -> CircleRow:
    return CircleRow(
        id=circle.id,
        tenant_id=COMMUNITY_TENANT,
        name=circle.name,
        purpose=circle.purpose,
        platform=circle.platform,
        link=circle.link,
    )


def _achievement(achievement: Achievement, rubric_digest: str) -> AchievementRow:
    return AchievementRow(
        id=achievement.id,
        tenant_id=COMMUNITY_TENANT,
        name=achievement.name,
        description=achievement.description,
        criteria=achievement.criteria,
        achievement_type=_ACHIEVEMENT_TYPE,
        level=achievement.level,
        credits_tenths=achievement.credits_tenths,
        tags=sorted(achievement.tags),
        alignments=[
            {"framework": each.framework, "code": each.code, "name": each.name, "url": each.url}
            for each in achievement.alignments
        ],
        rubric_digest=rubric_digest,
    )
