"""The rows of a CSV of links, each a result of its own whatever is wrong with it.

Whoever made the file may be an attacker: rows, and the cells of each, are counted before they are
made.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from vc.errors import Malformed
from verifier.bulk.item import LARGEST_FILE, MOST_ITEMS, Item
from verifier.handing import LONGEST_NAME, shown

MOST_CELLS: Final = 100  # of one row, not counting empty ones at its end
MOST_BESIDE: Final = 20  # columns beside the links that come back in the result
LONGEST_BESIDE: Final = 100  # characters of each of their cells
_MOST_LINES: Final = 20 * MOST_ITEMS  # a cell may hold several, and some are empty
_MOST_MARKS: Final = 5_000  # in one row: those inside a quoted text separate nothing
_LINK: Final = re.compile(r"https?://\S+|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_HEADINGS: Final = ("link", "url", "address", "share link", "badge", "credential")


def rows_in(content: bytes) -> list[Item]:
    """The rows under the headings. Raises Malformed for what is no CSV of links."""
    text = _decoded(content)
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise Malformed("csv", f"A CSV holds 1 to {MOST_ITEMS:,} rows; this one holds more.")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    rows = _read(text, mark)
    if not rows:
        raise Malformed("csv", "The file is empty.")
    column, headings = _column([row for _, row in rows])
    if len(rows) - headings > MOST_ITEMS:
        raise Malformed("csv", f"A CSV holds 1 to {MOST_ITEMS:,} rows; this one holds more.")
    if len(rows) == headings:
        raise Malformed("csv", "The CSV holds no rows under its headings.")
    others = _others(rows[0][1], column) if headings else {}
    return [
        replace(_item(row, column, number), number=number, beside=_beside(row, others))
        for number, row in rows[headings:]
    ]


def _read(text: str, mark: str) -> list[tuple[int, list[str]]]:
    """The rows that hold something. Raises Malformed for too many, and for one too wide."""
    try:
        rows = _limited(_table(text, mark))
    except _Swallowed:
        return _limited(_lines(text, mark))
    if any("\n" in cell and "http" in cell for _, row in rows for cell in row):
        return _limited(_lines(text, mark))
    return rows


class _Swallowed(Exception):
    """A row so wide that a quotation mark that nobody closed may have swallowed those after it."""


def _item(row: list[str], column: int, number: int) -> Item:
    link = row[column].strip() if column < len(row) else ""
    if not _LINK.fullmatch(link):
        return Item(f"Row {number}", fault="This row holds no link.")
    what = link if link.startswith("http") else "a token"
    return Item(f"Row {number}: {what}"[:LONGEST_NAME], link)


def _others(headings: list[str], column: int) -> dict[str, int]:
    """Where the columns beside the links stand, by their headings: as many as are carried along."""
    found: dict[str, int] = {}
    for place, cell in enumerate(headings):
        heading = _short(cell)
        if place == column or not heading:
            continue
        found[f"{heading} (column {place + 1})" if heading in found else heading] = place
        if len(found) == MOST_BESIDE:
            break
    return found


def _beside(row: list[str], others: dict[str, int]) -> dict[str, str]:
    return {
        heading: _short(row[place]) if place < len(row) else "" for heading, place in others.items()
    }


def _short(cell: str) -> str:
    line = shown(" ".join(cell[: 10 * LONGEST_BESIDE].split()))
    return line if len(line) <= LONGEST_BESIDE else f"{line[: LONGEST_BESIDE - 1]}…"


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # as spreadsheets save it
    if "\x00" in text:
        raise Malformed("csv", "This is neither a CSV nor a ZIP.")
    return text


def _table(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV with their numbers, as a spreadsheet counts them."""
    csv.field_size_limit(LARGEST_FILE)
    marks = 0  # in the row that is being read: counted before its cells are made

    def counted() -> Iterator[str]:
        nonlocal marks
        for line in io.StringIO(text, newline=""):
            marks += line.count(mark)
            if marks > _MOST_MARKS:
                raise _Swallowed
            yield line

    reader = csv.reader(counted(), delimiter=mark)
    for number, row in enumerate(reader, start=1):
        marks = 0
        yield number, row


def _lines(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """Each line as a row of its own, whatever its quotation marks say."""
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.count(mark) > _MOST_MARKS:
            raise _too_wide(number)
        yield number, next(csv.reader([line.strip()], delimiter=mark), [])


def _limited(rows: Iterator[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """The rows that hold something. Raises Malformed for too many, without reading them all."""
    filled = ((number, _filled(row, number)) for number, row in rows)
    found = list(islice((each for each in filled if each[1]), MOST_ITEMS + 2))
    if len(found) > MOST_ITEMS + 1:
        raise Malformed("csv", f"A CSV holds 1 to {MOST_ITEMS:,} rows; this one holds more.")
    return found


def _filled(row: list[str], number: int) -> list[str]:
    """The row up to its last cell that holds something. Raises Malformed for too many cells."""
    filled = next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)
    if filled > MOST_CELLS:
        raise _too_wide(number)
    return row[:filled]


def _too_wide(number: int) -> Malformed:
    return Malformed("csv", f"A row holds at most {MOST_CELLS} cells; row {number} holds more.")


def _column(rows: list[list[str]]) -> tuple[int, int]:
    """Where the links stand, and how many rows are headings. Raises Malformed."""
    head = [cell.strip().lower() for cell in rows[0]]
    for heading in _HEADINGS:
        if heading in head:
            return head.index(heading), 1
    for row in rows:
        for index, cell in enumerate(row):
            if _LINK.fullmatch(cell.strip()):
                return index, 0 if row is rows[0] else 1
    raise Malformed("csv", "No column of the CSV holds links. Give it the heading “link”.")
