"""The requirements of one award, each over a list that says where every record is placed.

`placed[i]` is the index of the part in which item i counts, OUT when it does not count, or OPEN
while that is undecided. `possible` may say yes too often while items are open, never too seldom;
on a list without OPEN it is exact. `finding` speaks of a list without OPEN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

from degree.rules.exact import credits_text
from degree.rules.explain import Finding

OPEN: Final = -1
OUT: Final = -2

Placed = Sequence[int]


class Requirement(Protocol):
    """One rule of the programme over the placed items."""

    @property
    def path(self) -> str:
        """The rule path in the programme."""
        ...

    @property
    def fewer_helps(self) -> bool:
        """Whether counting fewer items can mend it."""
        ...

    def possible(self, placed: Placed) -> bool:
        """Whether it holds, or could hold once the open items are placed well for it."""
        ...

    def finding(self, placed: Placed) -> Finding:
        """Whether it holds with the counted items alone, and by how much."""
        ...


class Of(Enum):
    """What a ceiling bounds."""

    LEVEL = auto()
    RPL = auto()
    BADGES = auto()
    EXCLUDED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """At least `amount` of credit counted, in one part or (part None) anywhere.

    `amounts` gives each item's credit where it concerns this floor, 0 where it does not.
    """

    path: str
    amounts: tuple[int, ...]
    amount: int
    ids: tuple[str, ...]
    part: int | None = None
    level: int = 0
    fewer_helps: bool = False

    def possible(self, placed: Placed) -> bool:
        pairs = zip(self.amounts, placed, strict=True)
        if self.part is None:
            return sum([amount for amount, place in pairs if place >= OPEN]) >= self.amount
        here = (self.part, OPEN)
        return sum([amount for amount, place in pairs if place in here]) >= self.amount

    def counted(self, placed: Placed) -> int:
        """Tenths of credit counted towards this floor."""
        return _sum_counted(self.amounts, placed, self.part)

    def finding(self, placed: Placed) -> Finding:
        counted = self.counted(placed)
        level = f" at level {self.level} or above" if self.level else ""
        reason = f"{credits_text(counted)} of {credits_text(self.amount)} credits{level}"
        if counted < self.amount:
            reason += f"; {credits_text(self.amount - counted)} still needed"
        return Finding(
            rule=self.path,
            met=counted >= self.amount,
            reason=reason,
            used=_counted_ids(self.ids, self.amounts, placed, self.part),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """At most `amount` counted, in one part or (part None) anywhere."""

    path: str
    of: Of
    amounts: tuple[int, ...]
    amount: int
    ids: tuple[str, ...]
    part: int | None = None
    level: int = 0
    fewer_helps: bool = True

    def possible(self, placed: Placed) -> bool:
        return self.counted(placed) <= self.amount

    def counted(self, placed: Placed) -> int:
        """Tenths of credit, or badges, that fall under this ceiling."""
        return _sum_counted(self.amounts, placed, self.part)

    def finding(self, placed: Placed) -> Finding:
        counted = self.counted(placed)
        return Finding(
            rule=self.path,
            met=counted <= self.amount,
            reason=self._reason(counted),
            used=_counted_ids(self.ids, self.amounts, placed, self.part),
        )

    def _reason(self, counted: int) -> str:
        if self.of in (Of.BADGES, Of.EXCLUDED):
            return f"{counted} counted; {self.says}"
        return f"{credits_text(counted)} credits counted; {self.says}"

    @property
    def says(self) -> str:
        """The cap in words."""
        match self.of:
            case Of.BADGES:
                return f"at most {self.amount} badges"
            case Of.EXCLUDED:
                return "only one of these badges may count"
            case Of.RPL:
                return f"at most {credits_text(self.amount)} credits of prior learning"
            case Of.LEVEL:
                most = credits_text(self.amount)
                return f"at most {most} credits at level {self.level} or below"


def spoken(name: str) -> str:
    """A bucket's name as people say it."""
    return name.replace("_", " ")


def _sum_counted(amounts: tuple[int, ...], placed: Placed, part: int | None) -> int:
    pairs = zip(amounts, placed, strict=True)
    if part is None:
        return sum([amount for amount, place in pairs if place >= 0])
    return sum([amount for amount, place in pairs if place == part])


def _counted_ids(
    ids: tuple[str, ...], amounts: tuple[int, ...], placed: Placed, part: int | None
) -> tuple[str, ...]:
    return tuple(
        identifier
        for identifier, amount, place in zip(ids, amounts, placed, strict=True)
        if amount and (place >= 0 if part is None else place == part)
    )
