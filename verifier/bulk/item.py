"""One thing of a file of many, and how much there may be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

MOST_ITEMS: Final = 1_000  # rows or members in one file
LARGEST_FILE: Final = 6 * 1_048_576  # bytes, as it is handed over


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check, by its name; `fault` says why there is nothing to check.

    `number` is the row of a CSV or the file of a ZIP, counted from 1, and `beside` what stands
    beside a link in its row: cells by their headings, few and short.
    """

    name: str
    source: bytes | str = field(default=b"", repr=False)
    fault: str = ""
    number: int = 0
    beside: Mapping[str, str] = field(default_factory=dict)
