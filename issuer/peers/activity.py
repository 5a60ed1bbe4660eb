"""An activity, who took part in which part, and who may therefore judge it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What a member did in an activity."""

    PARTICIPANT = "participant"
    PROVIDER = "provider"
    CO_AUTHOR = "co_author"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """What the rules need to know of a person.

    `conflicts` are the persons with whom a conflict of interest was declared by either side;
    `calibrated` are the ids of the rubrics whose calibration items the person has passed.
    """

    person: str
    circle: str
    context: str
    identity_confirmed: bool
    calibrated: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    line_manager: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation:
    """One person's part in one activity; `confirmed` says that attendance was confirmed."""

    member: Member
    part: Part
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a circle did together: an hour or several years. One participation per person."""

    id: str
    circle: str
    rubric: str
    participations: tuple[Participation, ...]

    @property
    def makers(self) -> tuple[Member, ...]:
        """Those who provided it or wrote its materials."""
        return tuple(p.member for p in self.participations if p.part is not Part.PARTICIPANT)

    @property
    def provider_contexts(self) -> frozenset[str]:
        """The contexts from which it was provided."""
        return frozenset(p.member.context for p in self.participations if p.part is Part.PROVIDER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """Whether one person may judge, and every reason why not."""

    member: Member
    reasons: tuple[str, ...]

    @property
    def eligible(self) -> bool:
        """Whether nothing speaks against it."""
        return not self.reasons


def who_may_judge_level(activity: Activity) -> tuple[Eligibility, ...]:
    """For each participation, whether that person may cast a ballot on the activity's level."""
    return tuple(
        Eligibility(member=p.member, reasons=tuple(_reasons_on_level(p, activity)))
        for p in activity.participations
    )


def reasons_against(member: Member, *, judged: Iterable[Member], rubric: str) -> Iterable[str]:
    """Why `member` may not judge work of the persons `judged` against `rubric`."""
    if not member.identity_confirmed:
        yield "identity is not confirmed"
    if rubric not in member.calibrated:
        yield "the calibration items of the rubric are not passed"
    for other in judged:
        yield from _ties(member, other)


def _reasons_on_level(participation: Participation, activity: Activity) -> Iterable[str]:
    if not participation.confirmed:
        yield "attendance is not confirmed"
    if participation.part is Part.PROVIDER:
        yield "provided the activity"
    if participation.part is Part.CO_AUTHOR:
        yield "co-author of the activity"
    others = [maker for maker in activity.makers if maker.person != participation.member.person]
    yield from reasons_against(participation.member, judged=others, rubric=activity.rubric)


def _ties(member: Member, other: Member) -> Iterable[str]:
    if member.person == other.person:
        yield "author of what is judged"
    if member.person == other.line_manager:
        yield "line manager of a person who is judged"
    if other.person in member.conflicts or member.person in other.conflicts:
        yield "a conflict of interest is declared"
