"""From rows to the values that the rules reason about: members, activities, rules."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final, TypeVar

from issuer.peers.activity import Activity, Member, Part, Participation
from issuer.peers.policy import Policy, read_policy
from issuer.peers.rubric import Rubric, read_rubric
from issuer.store import Ledger
from issuer.tables.community import MemberRow, RuleRow
from issuer.tables.judging import ActivityRow, ParticipationRow
from vc.errors import Missing

Rule = TypeVar("Rule", Policy, Rubric)

# Rule files never change under their digest, so each is read and parsed once. In files.
_KEPT: Final = 64
_policies: dict[str, Policy] = {}
_rubrics: dict[str, Rubric] = {}


def policy_of(ledger: Ledger, digest: str) -> Policy:
    """The policy that was recorded under a digest."""
    policy = _policies.get(digest)
    if policy is None:
        row = ledger.get(RuleRow, digest)
        policy = read_policy(row.content, source=f"{row.name}-{row.version}")
        _keep(_policies, digest, policy)
    return policy


def rubric_of(ledger: Ledger, digest: str) -> Rubric:
    """The rubric that was recorded under a digest."""
    rubric = _rubrics.get(digest)
    if rubric is None:
        row = ledger.get(RuleRow, digest)
        rubric = read_rubric(row.content, source=f"{row.name}-{row.version}")
        _keep(_rubrics, digest, rubric)
    return rubric


def policy_in_force(ledger: Ledger, today: date) -> Policy:
    """The newest policy in force on a day. Raises Missing."""
    known = [policy_of(ledger, row.digest) for row in ledger.rules("policy")]
    in_force = [policy for policy in known if policy.in_force_from <= today]
    if not in_force:
        raise Missing("policy", "No policy is in force.")
    return max(in_force, key=lambda policy: (policy.in_force_from, policy.version))


def level_rubric(ledger: Ledger, level: int) -> Rubric:
    """What the participants are asked of an activity at an FHEQ level: the newest `level-<n>`.

    Raises Missing.
    """
    name = f"level-{level}"
    known = [rubric_of(ledger, row.digest) for row in ledger.rules("rubric") if row.name == name]
    if not known:
        raise Missing("rubric", f"No rubric says what level {level} is.")
    # 1.10 follows 1.9: the longer number is the later one.
    return max(known, key=lambda rubric: (len(rubric.version), rubric.version))


def _keep(kept: dict[str, Rule], digest: str, rule: Rule) -> None:
    if len(kept) >= _KEPT:
        kept.pop(next(iter(kept)), None)
    kept[digest] = rule


def members(ledger: Ledger, rows: Collection[MemberRow]) -> dict[str, Member]:
    """The members as the rules see them, by person."""
    people = [row.person_id for row in rows]
    calibrated: dict[str, set[str]] = {}
    for person_id, rubric in ledger.calibrations(people):
        calibrated.setdefault(person_id, set()).add(rubric)
    conflicts: dict[str, set[str]] = {}
    for declared in ledger.conflicts(people):
        conflicts.setdefault(declared.person_id, set()).add(declared.other_id)
    return {
        row.person_id: Member(
            person=row.person_id,
            circle=row.circle_id,
            context=row.context_id,
            identity_confirmed=row.identity_confirmed_at is not None,
            calibrated=frozenset(calibrated.get(row.person_id, ())),
            conflicts=frozenset(conflicts.get(row.person_id, ())),
            line_manager=row.line_manager,
        )
        for row in rows
    }


def activity_of(ledger: Ledger, row: ActivityRow) -> Activity:
    """The activity with all who took part."""
    return _activity(ledger, row, ledger.participations(row.id))


def activity_around(ledger: Ledger, row: ActivityRow, person_id: str) -> Activity:
    """The activity with its makers and one person: enough to say whether that person may judge."""
    return _activity(ledger, row, ledger.parts_around(row.id, person_id))


def _activity(ledger: Ledger, row: ActivityRow, parts: Sequence[ParticipationRow]) -> Activity:
    known = members(ledger, ledger.members([part.person_id for part in parts]))
    return Activity(
        id=row.id,
        circle=row.circle_id,
        rubric=rubric_of(ledger, row.rubric_digest).id,
        participations=tuple(
            Participation(
                member=known[part.person_id],
                part=Part(part.part),
                confirmed=part.confirmed_at is not None,
            )
            for part in parts
        ),
    )
