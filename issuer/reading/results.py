"""What came of a ballot, as a page shows it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from issuer.peers.rubric import Rubric
from issuer.tables.judging import DecisionRow

# As issuer.peers.decision writes it into decisions and badges.
_TALLY: Final = re.compile(r"(\d+) yes of (\d+) cast, (\d+) eligible")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Numbers of persons."""

    yes: int
    cast: int
    eligible: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A decision: what, with which numbers, for which reasons.

    `levels` maps the names of criteria to the names of rubric levels, for a panel.
    """

    outcome: str
    tally: Tally
    sentences: tuple[str, ...]
    levels: Mapping[str, str]
    overall: str
    decided_at: datetime


def read_tally(text: str) -> Tally:
    """The numbers in a recorded tally."""
    match = _TALLY.fullmatch(text)
    numbers = [int(number) for number in match.groups()] if match else [0, 0, 0]
    return Tally(yes=numbers[0], cast=numbers[1], eligible=numbers[2])


def read_result(row: DecisionRow, rubric: Rubric) -> Result:
    """A decision in the words of the rubric that it used."""
    names = {level.id: level.name for level in rubric.levels}
    return Result(
        outcome=row.outcome,
        tally=read_tally(row.tally),
        sentences=tuple(row.sentences),
        levels={
            criterion.name: names[row.levels[criterion.id]]
            for criterion in rubric.criteria
            if criterion.id in row.levels
        },
        overall=names.get(row.overall, ""),
        decided_at=row.decided_at,
    )
