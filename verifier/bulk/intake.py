"""What is in a file of many: the rows of a CSV, or the members of a ZIP.

Whoever made the file may be an attacker. Sizes are counted while they are unpacked, whatever the
archive claims, and a row or member that cannot be read is a result of its own: it stops no other.
"""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice
from typing import Final

from vc.bakery import LARGEST_IMAGE
from vc.errors import Malformed
from verifier.handing import LONGEST_NAME, in_file

MOST_ITEMS: Final = 1_000  # rows or members in one file
LARGEST_FILE: Final = 6 * 1_048_576  # bytes, as it is handed over
LARGEST_TOGETHER: Final = 64 * 1_048_576  # bytes of all members, unpacked
_LARGEST_DIRECTORY: Final = 1_048_576  # bytes of a ZIP's list of members: some 20,000 of them
_MOST_LINES: Final = 20 * MOST_ITEMS  # a cell may hold several, and some are empty
MOST_CELLS: Final = 100  # of one row, not counting empty ones at its end
_MOST_MARKS: Final = 5_000  # in one row: those inside a quoted text separate nothing
_END_OF_ZIP: Final = struct.Struct("<4s4H2LH")  # APPNOTE 4.3.16
_LONGEST_COMMENT: Final = 65_535
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError
)  # fmt: skip
_LINK: Final = re.compile(r"https?://\S+|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_HEADINGS: Final = ("link", "url", "address", "share link", "badge", "credential")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to check, by its name; `fault` says why there is nothing to check."""

    name: str
    source: bytes | str = field(default=b"", repr=False)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """A file of many, opened: the names of its items, and each of them when it is wanted."""

    names: tuple[str, ...]
    read: Callable[[int], Item] = field(repr=False)

    def item(self, place: int) -> Item:
        """The item at this place, counted from 0; what is wrong with it is said in it."""
        return self.read(place)


def opened(content: bytes) -> Intake:
    """The CSV or ZIP with these bytes. Raises Malformed when it is neither, or too large."""
    if len(content) > LARGEST_FILE:
        raise Malformed("file-size", f"The file is larger than {LARGEST_FILE:,} bytes.")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _opened_zip(content)
    items = _rows(content)
    return Intake(tuple(item.name for item in items), items.__getitem__)


def _opened_zip(content: bytes) -> Intake:
    _refuse_large_directory(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise Malformed("zip", "The ZIP is broken.") from error
    members = [info for info in archive.infolist() if _is_wanted(info)]
    if not 0 < len(members) <= MOST_ITEMS:
        sentence = f"A ZIP holds 1 to {MOST_ITEMS:,} files; this one holds {len(members):,}."
        raise Malformed("zip", sentence)
    # No more comes out of a member than its size says, so the sizes can be added up beforehand.
    sizes = list(accumulate(min(info.file_size, LARGEST_IMAGE + 1) for info in members))

    def read(place: int) -> Item:
        return _member(archive, members[place], together=sizes[place])

    return Intake(tuple(_name(info) for info in members), read)


def _refuse_large_directory(content: bytes) -> None:
    """Before the list of members is read into memory."""
    tail = content[-(_LONGEST_COMMENT + _END_OF_ZIP.size) :]
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < _END_OF_ZIP.size or b"PK\x06\x07" in tail:
        raise Malformed("zip", "The ZIP is cut off, or of a kind for archives over four gigabytes.")
    size = _END_OF_ZIP.unpack_from(tail, start)[5]
    if size > _LARGEST_DIRECTORY:
        raise Malformed("zip", f"A ZIP holds 1 to {MOST_ITEMS:,} files; this one holds more.")


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether somebody put it there; systems add files of their own."""
    parts = info.filename.replace("\\", "/").split("/")
    # Not info.is_dir(): it looks at the last letter of a name that may have none.
    is_folder = info.filename.endswith("/")
    return not is_folder and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def _name(info: zipfile.ZipInfo) -> str:
    return in_file(info.filename, b"").name


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, together: int) -> Item:
    name = _name(info)
    if info.flag_bits & 1:
        return Item(name, fault="It is locked with a password.")
    if info.compress_type not in _METHODS:
        return Item(name, fault="It is packed in a way that is not read here.")
    if info.file_size > LARGEST_IMAGE:
        return Item(name, fault=f"It is larger than {LARGEST_IMAGE:,} bytes.")
    if together > LARGEST_TOGETHER:
        sentence = f"With those before it, it is more than {LARGEST_TOGETHER:,} bytes."
        return Item(name, fault=sentence)
    try:
        with archive.open(info) as file:
            return Item(name, file.read(LARGEST_IMAGE + 1))
    except _BROKEN:
        return Item(name, fault="It is broken inside the ZIP.")


def _rows(content: bytes) -> list[Item]:
    text = _decoded(content)
    if text.count("\n") + text.count("\r") > _MOST_LINES:
        raise Malformed("csv", f"A CSV holds 1 to {MOST_ITEMS:,} rows; this one holds more.")
    mark = max(",;\t", key=text.partition("\n")[0].count)
    rows = _read(text, mark)
    if not rows:
        raise Malformed("csv", "The file is empty.")
    column, headings = _column([row for _, row in rows])
    if len(rows) == headings:
        raise Malformed("csv", "The CSV holds no rows under its headings.")
    return [_item(row, column, number) for number, row in rows[headings:]]


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
    shown = link if link.startswith("http") else "a token"
    return Item(f"Row {number}: {shown}"[:LONGEST_NAME], link)


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")  # as spreadsheets save it
    if "\x00" in text:
        raise Malformed("csv", "This is neither a CSV nor a ZIP.")
    return text


def _table(text: str, mark: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV with the number of the line that each ends on."""
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
    for row in reader:
        marks = 0
        yield reader.line_num, row


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
