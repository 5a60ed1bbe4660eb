"""One thing of a file of many, and how much there may be."""

from dataclasses import dataclass, field
from typing import Final

MOST_ITEMS: Final = 1_000  # rows or members in one file
LARGEST_FILE: Final = 6 * 1_048_576  # bytes, as it is handed over


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check, by its name; `fault` says why there is nothing to check."""

    name: str
    source: bytes | str = field(default=b"", repr=False)
    fault: str = ""
