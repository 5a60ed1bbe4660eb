"""Amounts of credit: whole tenths of a UK credit, so that sums never round.

One ECTS credit is two UK credits (QAA credit framework); every amount here is UK credit.
"""

from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Final

from vc.errors import Malformed


class CreditUnit(StrEnum):
    """In which a programme counts credits, and people read them."""

    UK = "uk"
    ECTS = "ects"


UK_CREDITS: Final = {CreditUnit.UK: 1, CreditUnit.ECTS: 2}  # in one credit of the unit


def tenths(amount: int | float | Decimal) -> int:
    """`amount` of UK credits in tenths. Raises Malformed when it is no whole number of tenths.

    A float is read as the decimal that it prints as: 12.3 is 123 tenths.
    """
    try:
        scaled = Decimal(str(amount)) * 10
        whole = int(scaled)
    except (InvalidOperation, OverflowError, ValueError) as error:
        raise Malformed("credits", f"{amount} is not an amount of credit.") from error
    if whole != scaled or whole < 0:
        raise Malformed("credits", f"{amount} is not a whole number of tenths of a credit.")
    return whole


def credits_text(amount: int) -> str:
    """Tenths as people write them: 200 is "20", 125 is "12.5"."""
    whole, rest = divmod(amount, 10)
    return f"{whole}.{rest}" if rest else f"{whole}"


def ects_text(amount: int) -> str:
    """Tenths of UK credits as ECTS credits, exactly: 120 is "6", 125 is "6.25"."""
    whole, hundredths = divmod(amount * 5, 100)
    return f"{whole}.{hundredths:02}".rstrip("0") if hundredths else f"{whole}"


def number_in(unit: CreditUnit, amount: int) -> str:
    """Tenths of UK credits as a number in the unit."""
    return ects_text(amount) if unit is CreditUnit.ECTS else credits_text(amount)


def amount_in(unit: CreditUnit, amount: int) -> str:
    """The same with its name: "42 ECTS credits", "84 credits"."""
    number = number_in(unit, amount)
    name = "credit" if number == "1" else "credits"
    return f"{number} ECTS {name}" if unit is CreditUnit.ECTS else f"{number} {name}"
