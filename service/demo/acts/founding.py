"""Before anybody joins: two issuers and their keys, circles, rules, the menu, the staff."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from issuer.addresses import Addresses
from issuer.tables.community import AchievementRow, CircleRow, ContextRow, TenantRow
from issuer.tenant_keys import TenantKeys
from service.demo.menu import Achievement
from service.demo.signins import MODERATOR, REGISTRAR, SignIns, Staff
from service.demo.stage import Stage
from service.trust import UNIVERSITY as UNIVERSITYS_NAME

COMMUNITY = "learnometer"
UNIVERSITY = "university"

_TENANTS = {
    COMMUNITY: ("Learnometer community", "Circles of teachers who judge each other's work."),
    UNIVERSITY: (UNIVERSITYS_NAME, "Confers degrees on badges that peers have judged."),
}

# AchievementType of Open Badges 3.0; which kind of work it was is in the badge's name and tags.
_ACHIEVEMENT_TYPE = "MicroCredential"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The digests of the rules in force; rubrics and level descriptors by id."""

    policy: str
    rubrics: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What the other acts need of the founding; the staff by account id."""

    rules: Rules
    registrar: str
    moderator: str


def found(stage: Stage, *, policy: Path, sign_ins: SignIns) -> Founded:
    """Found the community under the policy file `policy`."""
    parts = stage.program.parts
    keys = TenantKeys(parts.custody, origin=parts.settings.origin)
    for tenant in _TENANTS:
        keys.ensure(tenant, now=stage.now())
    stage.office.community.establish([*_tenants(stage), *_contexts(stage), *_circles(stage)])
    rules = _rules(stage, policy)
    stage.office.community.offer_achievements(
        _achievement(each, rules) for each in stage.plot.community.achievements.values()
    )
    return Founded(
        rules=rules,
        registrar=_employed(stage, REGISTRAR, sign_ins),
        moderator=_employed(stage, MODERATOR, sign_ins),
    )


def _tenants(stage: Stage) -> list[TenantRow]:
    origin = stage.program.parts.settings.origin
    return [
        TenantRow(id=tenant, did=Addresses(origin, tenant).did, name=name, description=description)
        for tenant, (name, description) in _TENANTS.items()
    ]


def _contexts(stage: Stage) -> list[ContextRow]:
    contexts = stage.plot.community.contexts.values()
    return [ContextRow(id=context.code, name=context.name) for context in contexts]


def _circles(stage: Stage) -> list[CircleRow]:
    return [
        CircleRow(
            id=circle.id,
            tenant_id=COMMUNITY,
            name=circle.name,
            purpose=circle.purpose,
            platform=circle.platform,
            link=circle.link,
        )
        for circle in stage.plot.community.circles.values()
    ]


def _rules(stage: Stage, policy: Path) -> Rules:
    community = stage.office.community
    text = policy.read_text(encoding="utf-8")
    return Rules(
        policy=community.publish_policy(text, source=policy.name).digest,
        rubrics={
            rubric.id: community.publish_rubric(rubric.text, source=f"{rubric.id}.yaml").digest
            for rubric in stage.plot.community.rubrics.values()
        },
    )


def _achievement(achievement: Achievement, rules: Rules) -> AchievementRow:
    return AchievementRow(
        id=achievement.id,
        tenant_id=COMMUNITY,
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
        rubric_digest=rules.rubrics[achievement.rubric],
    )


def _employed(stage: Stage, staff: Staff, sign_ins: SignIns) -> str:
    person = stage.people.register(
        name=staff.name,
        email=staff.email,
        password=sign_ins.password,
        roles=staff.roles,
        now=stage.now(),
    )
    return person.id
