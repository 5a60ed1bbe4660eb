"""What a single written value must be: functions from the value to what is read in it.

They raise `Unexpected`; `shapes` makes such functions of what holds other values, and `reading`
tells where the value stands.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeVar

from degree.rules.exact import tenths
from degree.rules.faults import either
from degree.rules.values import MOST_DECIMALS, Way, Written, day_of, decimals, number_of
from vc.errors import Malformed

LARGEST_NUMBER: Final = 100_000  # far beyond any credit or count in a regulation
HIGHEST_LEVEL: Final = 8  # of the FHEQ, whose levels begin at 1
FIRST_YEAR: Final = 1900  # nobody registered or wrote a regulation that counts before
LAST_YEAR: Final = 2199  # so that adding a hundred years stays within the calendar

Value = TypeVar("Value")
Check = Callable[[Written], Value]
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Misfit:
    """What is wrong in a value or, along `way`, in what it holds.

    `found` tells what is there; without it, the value there does.
    """

    expected: str
    found: str = ""
    way: Way = ()


class Unexpected(Exception):
    """A value is not what is expected, or holds what is not."""

    def __init__(self, expected: str = "", *, misfits: Sequence[Misfit] = ()) -> None:
        super().__init__(expected)
        self.misfits = misfits or (Misfit(expected),)

    def below(self, key: str | int) -> list[Misfit]:
        """The misfits, as seen from what holds the value under this key."""
        return [Misfit(each.expected, each.found, (key, *each.way)) for each in self.misfits]


def text(value: Written) -> str:
    """A text that is not blank."""
    if isinstance(value, str) and value.strip():
        return value
    raise Unexpected("a text")


def member(kind: type[Member]) -> Check[Member]:
    """The check that gives the member of an enumeration with this value."""
    members = {each.value: each for each in kind}

    def check(value: Written) -> Member:
        if isinstance(value, str) and value in members:
            return members[value]
        raise Unexpected(either(members))

    return check


def truth(value: Written) -> bool:
    """True or false."""
    if isinstance(value, bool):
        return value
    raise Unexpected("true or false")


def day(value: Written) -> date:
    """A calendar day, as YAML reads it or as ISO 8601 text."""
    found = day_of(value)
    if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
        return found
    raise Unexpected(f"a date such as 2026-09-01, from {FIRST_YEAR} to {LAST_YEAR}")


def whole(value: Written, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
    """A whole number within bounds, both included."""
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    raise Unexpected(f"a whole number from {least} to {most}")


def credit(value: Written, *, unit: int = 1) -> int:
    """An amount of credit, in tenths of a UK credit; `unit` is one credit as it is written."""
    amount = number_of(value)
    if amount is not None:
        try:
            if amount <= LARGEST_NUMBER:
                return tenths(amount * unit)
        except (Malformed, ArithmeticError):
            pass  # what is raised below says it better
    raise Unexpected(
        "an amount of credit with at most one decimal, such as 20 or 7.5"
        if unit == 1
        else "an amount of ECTS credit that is whole tenths of a UK credit, such as 10 or 7.25"
    )


def mark(value: Written) -> int:
    """A mark from 0 to 100, in tenths."""
    exact = _exact(value, most=100)
    if exact is not None and (exact * 10).denominator == 1:
        return int(exact * 10)
    raise Unexpected("a mark from 0 to 100 with at most one decimal, such as 70 or 69.5")


def share(value: Written) -> Fraction:
    """A part of a whole: above 0 and below 1."""
    exact = _exact(value, most=1)
    if exact is not None and 0 < exact < 1:
        return exact
    raise Unexpected("a share above 0 and below 1 with at most six decimals, such as 0.34")


def number(value: Written) -> Fraction:
    """A number that is not negative, exactly."""
    exact = _exact(value, most=LARGEST_NUMBER)
    if exact is not None:
        return exact
    raise Unexpected(f"a number from 0 to {LARGEST_NUMBER} with at most six decimals")


def _exact(value: Written, *, most: int) -> Fraction | None:
    amount = number_of(value)
    if amount is not None:
        try:
            if 0 <= amount <= most and decimals(amount) <= MOST_DECIMALS:
                return Fraction(amount)
        except ArithmeticError:
            pass  # no number: it is told as one that is out of bounds
    return None
