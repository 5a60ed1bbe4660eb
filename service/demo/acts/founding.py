"""Before anybody joins: the installation is founded, and the staff employed."""

from dataclasses import dataclass

from issuer.tenant_keys import TenantKeys
from service import founding
from service.demo.signins import MODERATOR, REGISTRAR, SignIns, Staff
from service.demo.stage import Stage
from service.founding import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Founded:
    """What the other acts need of the founding; the staff by account id."""

    rules: Rules
    registrar: str
    moderator: str


def found(stage: Stage, *, sign_ins: SignIns) -> Founded:
    """Found the story's community as an operator would."""
    community, parts = stage.plot.community, stage.program.parts
    charter = founding.Charter(
        contexts=tuple(community.contexts.values()),
        circles=tuple(community.circles.values()),
        rubrics=tuple(community.rubrics.values()),
        achievements=tuple(community.achievements.values()),
        policy=founding.POLICY.read_text(encoding="utf-8"),
    )
    rules = founding.found(
        charter,
        community=stage.office.community,
        keys=TenantKeys(parts.custody, origin=parts.settings.origin),
        origin=parts.settings.origin,
        now=stage.now(),
    )
    return Founded(
        rules=rules,
        registrar=employed(stage, REGISTRAR, sign_ins),
        moderator=employed(stage, MODERATOR, sign_ins),
    )


def employed(stage: Stage, staff: Staff, sign_ins: SignIns) -> str:
    """Somebody gets an account with their roles; its id."""
    person = stage.people.register(
        name=staff.name,
        email=staff.email,
        password=sign_ins.password,
        roles=staff.roles,
        now=stage.now(),
    )
    return person.id
