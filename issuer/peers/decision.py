"""Decisions from counted ballots, each of which explains itself in sentences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from issuer.peers.activity import Eligibility
from issuer.peers.ballots import Answer, LevelBallot, PanelBallot
from issuer.peers.panel import Seat
from issuer.peers.policy import Policy
from issuer.peers.rubric import Rubric
from vc.errors import Conflict


class LevelOutcome(StrEnum):
    """What the participants said of an activity."""

    AT_LEVEL = "at_level"
    BELOW_LEVEL = "below_level"
    NO_QUORUM = "no_quorum"


class PanelOutcome(StrEnum):
    """What a panel's votes lead to."""

    ACCEPTED = "accepted"
    MODERATOR = "moderator"
    REVISE = "revise"
    NOT_ACCEPTED = "not_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelDecision:
    """The result of a level ballot: numbers of persons, and the reasons one after another."""

    outcome: LevelOutcome
    eligible: int
    cast: int
    yes: int
    no: int
    sentences: tuple[str, ...]

    @property
    def tally(self) -> str:
        """The numbers as the badge states them."""
        return f"{self.yes} yes of {self.cast} cast, {self.eligible} eligible"


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDecision:
    """The result of a panel: votes, the achieved rubric levels, and the reasons.

    `levels` maps each criterion to the lower median of the judges' levels, `overall` is the lower
    median of those; judges who differ by a step then never lift a badge to the higher one.
    """

    outcome: PanelOutcome
    seats: int
    yes: int
    yes_from_outside: int
    levels: Mapping[str, str]
    overall: str
    sentences: tuple[str, ...]

    @property
    def tally(self) -> str:
        """The numbers as the badge states them."""
        return f"{self.yes} yes of {self.seats} cast, {self.seats} eligible"


def decide_level(
    ballots: Iterable[LevelBallot],
    *,
    eligibility: Sequence[Eligibility],
    provider_contexts: frozenset[str],
    policy: Policy,
) -> LevelDecision:
    """Whether the activity was at the level.

    A ballot counts only from an eligible person, and one per person: whatever else is in the box,
    such as a provider's own vote, is left out and said so. Not enough evidence is no yes.
    """
    contexts = {e.member.person: e.member.context for e in eligibility if e.eligible}
    counted: dict[str, LevelBallot] = {}
    foreign = 0
    for ballot in ballots:
        if ballot.judge not in contexts:
            foreign += 1
        elif counted.setdefault(ballot.judge, ballot) is not ballot:
            raise Conflict("ballot-doubled", "Two ballots of one person are in the box.")
    yes = [b.judge for b in counted.values() if b.verdict is Answer.YES]
    no = sum(b.verdict is Answer.NO for b in counted.values())
    other = sum(contexts[judge] not in provider_contexts for judge in yes)
    outcome, reasons = _level_reasons(len(contexts), len(counted), len(yes), other, policy)
    if foreign:
        reasons.append(f"Ballots of persons who may not judge were left out: {foreign}.")
    return LevelDecision(
        outcome=outcome,
        eligible=len(contexts),
        cast=len(counted),
        yes=len(yes),
        no=no,
        sentences=(*reasons, _under(policy)),
    )


def _level_reasons(
    eligible: int, cast: int, yes: int, other: int, policy: Policy
) -> tuple[LevelOutcome, list[str]]:
    rule = policy.level
    quorum = max(rule.quorum_at_least, ceil(rule.quorum_share * eligible))
    if cast < quorum:
        sentence = f"{cast} of {eligible} eligible members voted, and {quorum} are needed."
        return LevelOutcome.NO_QUORUM, [sentence]
    reasons = [f"{cast} of {eligible} eligible members voted; {quorum} were needed."]
    needed = ceil(rule.yes_share * cast)
    enough = yes >= needed
    reasons.append(f"{yes} of {cast} said yes, and {needed} are needed ({rule.yes_share}).")
    outside = other >= rule.yes_from_another_context
    reasons.append(
        f"{other} yes came from another context than the providers', "
        f"and {rule.yes_from_another_context} is needed."
    )
    return (LevelOutcome.AT_LEVEL if enough and outside else LevelOutcome.BELOW_LEVEL), reasons


def decide_panel(
    ballots: Sequence[PanelBallot],
    *,
    seats: Sequence[Seat],
    rubric: Rubric,
    revision: int,
    policy: Policy,
) -> PanelDecision:
    """What the panel's votes lead to; `revision` is 0 for the first handing in.

    Raises Conflict unless every seat has cast exactly one ballot, and nobody else has: an overdue
    judge is replaced before the close.
    """
    if sorted(b.judge for b in ballots) != sorted(seat.judge for seat in seats):
        raise Conflict("panel-open", "Each judge who sits, and nobody else, must have voted.")
    outsiders = {seat.judge for seat in seats if seat.outsider}
    yes = [ballot.judge for ballot in ballots if ballot.verdict is Answer.YES]
    outside = len(outsiders.intersection(yes))
    levels = achieved_levels(ballots, rubric=rubric)
    outcome, reasons = _panel_reasons(len(yes), outside, len(seats), revision, policy)
    return PanelDecision(
        outcome=outcome,
        seats=len(seats),
        yes=len(yes),
        yes_from_outside=outside,
        levels=levels,
        overall=_lower_median(list(levels.values()), rubric),
        sentences=(*reasons, _under(policy)),
    )


def _panel_reasons(
    yes: int, outside: int, seats: int, revision: int, policy: Policy
) -> tuple[PanelOutcome, list[str]]:
    rule = policy.panel
    reasons = [
        f"{yes} of {seats} judges said yes, and {rule.yes} are needed.",
        f"{outside} yes came from outside the circle, and {rule.yes_from_outside} is needed.",
    ]
    if yes >= rule.yes and outside >= rule.yes_from_outside:
        return PanelOutcome.ACCEPTED, reasons
    if yes >= rule.moderator_from_yes:
        reasons.append("That is too close to decide without a moderator.")
        return PanelOutcome.MODERATOR, reasons
    if revision < rule.revisions_at_most:
        left = rule.revisions_at_most - revision
        reasons.append(f"The author may revise it; {left} of {rule.revisions_at_most} remain.")
        return PanelOutcome.REVISE, reasons
    reasons.append("No revision remains; the activity can be repeated.")
    return PanelOutcome.NOT_ACCEPTED, reasons


def achieved_levels(ballots: Sequence[PanelBallot], *, rubric: Rubric) -> dict[str, str]:
    """For each criterion the lower median of the levels that the judges gave."""
    given: dict[str, list[str]] = {criterion.id: [] for criterion in rubric.criteria}
    for ballot in ballots:
        for mark in ballot.marks:
            given[mark.criterion].append(mark.level)
    return {criterion: _lower_median(levels, rubric) for criterion, levels in given.items()}


def _lower_median(levels: Sequence[str], rubric: Rubric) -> str:
    ordered = sorted(levels, key=rubric.rank)
    return ordered[(len(ordered) - 1) // 2]


def _under(policy: Policy) -> str:
    return f"Decided under the policy {policy.title}."
