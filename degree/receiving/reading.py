"""A wallet read by a programme: what the pages and the dossier show, and what is said first."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from degree.receiving.exhibit import Exhibit
from degree.receiving.judged import Judged
from degree.rules.exact import CreditUnit, number_in
from degree.rules.linting import Remark
from degree.statement import Aside, AwardShown

_NAMES: Final = {CreditUnit.UK: "credits", CreditUnit.ECTS: "ECTS"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of it. `sources` are the programme's versions as they were handed over or chosen.

    `is_own` says that the reader brought the programme, and `remarks` are those on it; `is_stated`
    that records were handed over and no credential; `trusting` are issuers beyond its trust list;
    `checked_at` is a timestamp.
    """

    judged: Judged
    remarks: tuple[Remark, ...]
    sources: tuple[str, ...]
    is_own: bool
    is_stated: bool
    trusting: tuple[str, ...]
    holder: str
    name: str
    registered: date
    today: date
    checked_at: str
    exhibits: tuple[Exhibit, ...]
    aside: tuple[Aside, ...]

    @property
    def unit(self) -> CreditUnit:
        """In which the programme's file counts credits."""
        return self.judged.statement.unit

    @property
    def set_aside(self) -> tuple[Aside, ...]:
        """Everything that can count for no award of this programme."""
        return (*self.judged.statement.set_aside, *self.aside)

    @property
    def headline(self) -> str:
        """The one sentence that the university reads first."""
        statement = self.judged.statement
        return headline_of(self, statement.focus) if statement.focus else statement.verdict


def headline_of(reading: Reading, award: AwardShown) -> str:
    """How much of an award is met, in the unit of the file."""
    whose = "your" if reading.is_own else "these"
    who = "These records, as stated, meet" if reading.is_stated else "This wallet meets"
    met = met_by(award)
    number, asked = number_in(reading.unit, met), short(reading.unit, award.total.asked)
    if award.state == "met":
        return f"{who} all {asked} of {whose} modules for the {award.title}, by these badges."
    if award.state == "undecided":
        sentence = f"{who} {number} of {asked} of {whose} modules, by these badges"
        return f"{sentence}, if what is open is decided well."
    if not met:
        return f"{who} none of the {asked} of {whose} modules."
    if met == award.total.asked:
        return f"{who} all {asked} of {whose} modules, but not every rule of them."
    return f"{who} {number} of {asked} of {whose} modules, by these badges."


def met_by(award: AwardShown) -> int:
    """The tenths of credit that are met: what counts, without what a part lacks that is asked for.

    More than enough in one part stands for nothing in another.
    """
    missing = sum(
        max(0, part.asked - part.counted) for part in award.buckets if part.state == "needed"
    )
    return max(0, min(award.total.counted, award.total.asked - missing))


def short(unit: CreditUnit, tenths: int) -> str:
    """An amount with the short name of its unit: "60 ECTS", "120 credits"."""
    return f"{number_in(unit, tenths)} {_NAMES[unit]}"
