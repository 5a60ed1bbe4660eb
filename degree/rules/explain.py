"""The answer as plain values: verdicts with an answer for each award, and the outcome.

Paths are of the programme's rules, `record`s are record ids; amounts are tenths of a UK credit.
docs/decision-record.md writes the same down; saying.py puts it into words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from degree.rules.cuts import Cut
from degree.rules.gate import SetAside
from degree.rules.programme import Programme
from degree.rules.records import Concession, Wallet
from degree.rules.registration import YearKept

ATTESTED: Final = "attested:"  # before the name of a word, among what is pending


class Answer(StrEnum):
    """What is said of an award, or of a class of it."""

    SATISFIED = "satisfied"
    NOT_SATISFIED = "not_satisfied"
    UNDECIDED = "undecided"  # it goes to the board, and never counts as no


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The record counts in this bucket, or in these two."""

    record: str
    buckets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedSplit:
    """A case split by names: how many of the records take just these buckets, or count at all where
    there are none, or a choice."""

    records: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    at_most: int = 0
    choice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cases:
    """A proof by cases: both sides of the split are closed."""

    split: NamedSplit
    low: "Cases | Cut"
    high: "Cases | Cut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Why an award cannot be had: each of the cuts is enough, or the cases together, or years.

    `conflict` are the paths that the cases use; `years` are the missed ones, more than the board
    may forgive.
    """

    cuts: tuple[Cut, ...] = ()
    cases: Cases | Cut | None = None
    conflict: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """What keeps an award undecided: missed years, pending evidence, or the search's limit.

    `pending` are ids of records, and the names of words after ATTESTED.
    """

    years: tuple[int, ...] = ()
    pending: tuple[str, ...] = ()
    search: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassAnswer:
    """The answer for one class of an award."""

    id: str
    answer: Answer
    placements: tuple[Placement, ...] = ()
    proof: Proof | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AwardAnswer:
    """The answer for one award. `years` are how the registration years were kept, in order."""

    award: str
    answer: Answer
    placements: tuple[Placement, ...] = ()
    classes: tuple[ClassAnswer, ...] = ()
    proof: Proof | None = None
    because: Because | None = None
    years: tuple[YearKept, ...] = ()

    @property
    def is_lost(self) -> bool:
        """Whether too many years were missed: nothing earned from now on would change it."""
        return self.answer is Answer.NOT_SATISFIED and bool(self.proof and self.proof.years)

    @property
    def is_placed(self) -> bool:
        """Whether it says what counts, were it nothing at all: a no does not, nor what only the
        search left open."""
        return self.proof is None if self.because is None else not self.because.search

    @property
    def best_class(self) -> ClassAnswer | None:
        """The class that is reached."""
        reached = (each for each in self.classes if each.answer is Answer.SATISFIED)
        return next(reached, None)

    @property
    def counted(self) -> tuple[Placement, ...]:
        """What fills what: the placing of the class that is reached, or else of the award."""
        best = self.best_class
        return best.placements if best else self.placements


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The answers of one version, with or without the concessions that apply."""

    programme: Programme
    concessions: tuple[Concession, ...]
    awards: tuple[AwardAnswer, ...]
    set_aside: tuple[SetAside, ...]

    @property
    def earned(self) -> AwardAnswer | None:
        """The award that the member gets."""
        satisfied = (award for award in self.awards if award.answer is Answer.SATISFIED)
        return next(satisfied, None)

    @property
    def referred(self) -> tuple[AwardAnswer, ...]:
        """The awards above the earned one that the board must decide."""
        return tuple(award for award in self.awards if award.answer is Answer.UNDECIDED)

    @property
    def worth(self) -> tuple[int, int]:
        """How good it is: the credits of what is earned, then its class. Greater is better."""
        earned = self.earned
        if earned is None:
            return (-1, 0)
        best = earned.best_class
        return (self.programme.award(earned.award).credits, self._rank(best) if best else -1000)

    @property
    def hoped(self) -> tuple[tuple[int, int], ...]:
        """What it would be worth by each class of the earned award that is undecided."""
        classes = self.earned.classes if self.earned else ()
        undecided = (each for each in classes if each.answer is Answer.UNDECIDED)
        return tuple((self.worth[0], self._rank(each)) for each in undecided)

    def _rank(self, class_: ClassAnswer) -> int:
        rules = self.programme.classification
        return -[each.id for each in rules.classes].index(class_.id) if rules else -1000

    @property
    def answer(self) -> Answer:
        """Undecided while a higher award is before the board, even when a lower one is earned."""
        if self.referred or self.hoped:
            return Answer.UNDECIDED
        return Answer.SATISFIED if self.earned else Answer.NOT_SATISFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The whole decision for one wallet on one day.

    `verdicts` come for each admissible version without concessions, then, if any apply, with them;
    `outcome` is the one that decides. `refused` tells why a concession does not apply, by its id.
    """

    wallet: Wallet
    today: date
    verdicts: tuple[Verdict, ...]
    outcome: Verdict
    refused: Mapping[str, str]

    @property
    def answer(self) -> Answer:
        """Undecided while an award that is worth more, or a better class of it, is before the board
        in any version."""
        earned, considered = self.outcome.earned, self._considered
        if earned is None:
            referred = any(each.referred for each in considered)
            return Answer.UNDECIDED if referred else Answer.NOT_SATISFIED
        worth = _credits(self.outcome, earned)
        above = self.outcome.referred or any(
            _credits(each, award) > worth for each in considered for award in each.referred
        )
        better = any(hope > self.outcome.worth for each in considered for hope in each.hoped)
        return Answer.UNDECIDED if above or better else Answer.SATISFIED

    @property
    def _considered(self) -> tuple[Verdict, ...]:
        """The verdicts with concessions if there are any, else those without."""
        versions = len({each.programme.digest for each in self.verdicts})
        return self.verdicts[versions:] or self.verdicts

    @property
    def hypothetical(self) -> bool:
        """Whether it only asks what would be; such a decision may never be signed."""
        return any(record.hypothetical for record in self.wallet.records)

    @property
    def plain(self) -> Verdict:
        """The verdict of the same version without concessions."""
        digest = self.outcome.programme.digest
        return next(each for each in self.verdicts if each.programme.digest == digest)


def _credits(verdict: Verdict, answer: AwardAnswer) -> int:
    return verdict.programme.award(answer.award).credits
