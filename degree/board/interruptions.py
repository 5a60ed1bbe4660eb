"""What an authorised interruption may be: within the registration, of days that can be meant."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from degree.rules.records import Interruption
from degree.rules.registration import years_after
from degree.wording import day
from vc.errors import Malformed

# Each one, and how far ahead it may end: our own bound, so that a slip of the pen is no century.
# Who needs more is interrupted again.
MOST_YEARS: Final = 2


def expect_meant(
    interruption: Interruption,
    *,
    registered: date,
    others: Iterable[Interruption],
    today: date,
) -> None:
    """That it lies in the registration and beside the others, and is not longer than can be meant.

    Raises Malformed, whose place is the field.
    """
    first, last = interruption.first, interruption.last
    if last < first:
        raise Malformed("interruption", "It ends before it begins.", place="last")
    if first < registered:
        sentence = f"The member registered on {day(registered)}: it begins on that day or later."
        raise Malformed("interruption", sentence, place="first")
    if last >= years_after(first, MOST_YEARS):
        sentence = f"An interruption lasts at most {MOST_YEARS} years."
        raise Malformed("interruption", sentence, place="last")
    if last > (latest := years_after(today, MOST_YEARS)):
        sentence = f"It ends at most {MOST_YEARS} years from now, on {day(latest)}."
        raise Malformed("interruption", sentence, place="last")
    for other in others:
        if first <= other.last and other.first <= last:
            sentence = f"One is entered from {day(other.first)} to {day(other.last)} already."
            raise Malformed("interruption", sentence, place="first")
