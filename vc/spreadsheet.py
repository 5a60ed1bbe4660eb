"""Texts of others in the cells of a CSV: none of them may be a formula to a spreadsheet."""

import re
from typing import Final

LONGEST_CELL: Final = 1_000  # characters
# A cell that begins so is a formula to spreadsheets; the wide forms are read as the plain ones.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_WITHIN: Final = re.compile(r"[;,|]\s*(?=[=+@\-])")


def cell(text: str) -> str:
    """The text on one line, cut short, with a quote before what would be a formula."""
    plain = "".join(one if one.isprintable() else " " for one in text)[:LONGEST_CELL].strip()
    # Where lists are separated by semicolons, a spreadsheet may split a cell at one.
    plain = _WITHIN.sub(r"\g<0>'", plain)
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
