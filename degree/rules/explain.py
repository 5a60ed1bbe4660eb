"""The answer: a decision with its awards, findings, placements and what is still needed.

Everything here is plain values. `rule` and `requirements` are rule paths of the programme; `used`,
`record` and `candidates` are record ids; amounts are tenths of a UK credit.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from degree.rules.gate import SetAside


class Answer(StrEnum):
    """What is said of an award."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNDECIDED = "undecided"  # it goes to the board, and never counts as no


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule says. `met` is None where the board must decide."""

    rule: str
    met: bool | None
    reason: str
    used: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The record counts in this bucket."""

    record: str
    bucket: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Why the award is out of reach whatever is placed where: a cut through what could count.

    Together the `requirements` need `needed`; all of the `candidates`, within the `limits` (paths
    of caps), come to `could_count`. Whatever is earned, `at_least` more credit is needed; it is 0
    where the credit suffices and only the sizes of the badges do not fit.
    """

    requirements: tuple[str, ...]
    needed: int
    could_count: int
    at_least: int
    candidates: tuple[str, ...]
    limits: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardOutcome:
    """One award: its answer, and every rule's finding.

    When satisfied, `placements` is the allocation that the checker accepted. Otherwise it is the
    fullest one found, to show progress; only `shortfalls` and `conflict` (the smallest set of
    rules found that cannot hold together) are proof.
    """

    award: str
    title: str
    answer: Answer
    summary: str
    findings: tuple[Finding, ...]
    placements: tuple[Placement, ...]
    set_aside: tuple[SetAside, ...]
    shortfalls: tuple[Shortfall, ...] = ()
    conflict: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer for one wallet: awards from the highest tried, down to the first satisfied.

    `set_aside` are the records that the evidence gate kept out of every award.
    """

    programme: str
    programme_title: str
    version: str
    digest: str
    holder: str
    name: str
    today: date
    awards: tuple[AwardOutcome, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def earned(self) -> AwardOutcome | None:
        """The award that the member gets."""
        satisfied = (award for award in self.awards if award.answer is Answer.SATISFIED)
        return next(satisfied, None)

    @property
    def referred(self) -> tuple[AwardOutcome, ...]:
        """The awards above the earned one that the board must decide."""
        return tuple(award for award in self.awards if award.answer is Answer.UNDECIDED)

    @property
    def answer(self) -> Answer:
        """Undecided while a higher award is before the board, even when a lower one is earned."""
        if self.referred:
            return Answer.UNDECIDED
        return Answer.SATISFIED if self.earned else Answer.NOT_SATISFIED
