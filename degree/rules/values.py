"""What can stand in a written document, whatever its form: plain values, and how to name them."""

import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

LONGEST_QUOTE: Final = 60  # characters of a found value repeated in a message
MOST_DECIMALS: Final = 6
LARGEST_LABEL: Final = 999_999_999_999_999  # of a version that is a number; JSON keeps 15 digits
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HALF: Final = re.compile(r"[\ud800-\udfff]")  # of a character: UTF-8 cannot write it

# JSON has floats and no dates; YAML has decimals, which keep how they were written.
Written = str | bool | int | float | Decimal | None | date | list["Written"] | dict[str, "Written"]
Way = tuple[str | int, ...]  # the keys and indices that lead from the root to a value


def number_of(value: Written) -> int | Decimal | None:
    """The value if it is a number; a float is read as the decimal that it prints as."""
    if isinstance(value, float):
        return Decimal(str(value))
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def day_of(value: Written) -> date | None:
    """The value if it is a calendar day, as YAML reads it or as ISO 8601 text."""
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def decimals(value: int | Decimal) -> int:
    """How many decimals are written; too many for what is no number."""
    exponent = Decimal(value).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else MOST_DECIMALS + 1


def as_json_number(value: int | float | Decimal | Fraction) -> int | float:
    """A number as JSON holds it: a whole one as an integer."""
    return int(value) if value == int(value) else float(value)


def number_text(value: int | Decimal) -> str:
    """How the number is written once it has been through JSON; "" when JSON does not keep it."""
    if decimals(value) > MOST_DECIMALS or not -LARGEST_LABEL <= value <= LARGEST_LABEL:
        return ""
    return str(as_json_number(value))


def quoted(value: Written) -> str:
    """A found value for a message, cut short."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    if isinstance(value, float):
        value = number_of(value)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "…"
    return f"the text {text!r}" if isinstance(value, str) else text
