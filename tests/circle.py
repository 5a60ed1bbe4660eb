"""A circle of members and its rules, made up in memory for the tests of issuer/peers."""

from pathlib import Path

from issuer.peers.activity import Activity, Member, Part, Participation
from issuer.peers.policy import Policy, read_policy
from issuer.peers.rubric import Rubric, read_rubric

POLICY = Path(__file__).parents[1] / "issuer" / "policies" / "learnometer-2026.1.yaml"

RUBRIC_TEXT = """\
rubric: masters-level
version: "1"
title: Masters level
criteria:
  - {id: inquiry, name: Inquiry, description: Asks a question that practice raised.}
  - {id: evidence, name: Evidence, description: Argues from evidence.}
levels:
  - {id: emerging, name: Emerging, description: Not yet at the level.}
  - {id: capable, name: Capable, description: At the level.}
  - {id: accomplished, name: Accomplished, description: Beyond the level.}
required: capable
"""


def policy() -> Policy:
    """The policy that the product ships."""
    return read_policy(POLICY.read_text(encoding="utf-8"), source=POLICY.name)


def rubric() -> Rubric:
    """A rubric with two criteria and three levels; the middle one is required."""
    return read_rubric(RUBRIC_TEXT, source="rubric.yaml")


def member(
    person: str,
    *,
    circle: str = "north",
    context: str = "ke-secondary",
    identity_confirmed: bool = True,
    calibrated: frozenset[str] = frozenset({"masters-level"}),
    conflicts: frozenset[str] = frozenset(),
    line_manager: str | None = None,
) -> Member:
    """A member who may judge unless said otherwise."""
    return Member(
        person=person,
        circle=circle,
        context=context,
        identity_confirmed=identity_confirmed,
        calibrated=calibrated,
        conflicts=conflicts,
        line_manager=line_manager,
    )


def members(prefix: str, number: int, *, circle: str) -> tuple[Member, ...]:
    """So many members of one circle, named with a prefix."""
    return tuple(member(f"{prefix}{n}", circle=circle) for n in range(number))


def took_part(
    who: Member, *, part: Part = Part.PARTICIPANT, confirmed: bool = True
) -> Participation:
    """A participation of `who`."""
    return Participation(member=who, part=part, confirmed=confirmed)


def activity(*participations: Participation) -> Activity:
    """An activity of the circle `north`."""
    return Activity(id="a1", circle="north", rubric="masters-level", participations=participations)
