"""Where the wallets of a cohort are: JSON files, and lines of JSON Lines files.

Lines are read one at a time, so that a file of any length takes little memory.
"""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from degree.rules.records_json import LARGEST
from vc.errors import Malformed, Missing

_LINES: Final = (".jsonl", ".ndjson")
_SUFFIXES: Final = (".json", *_LINES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One wallet, still unread: a file, or a line of one.

    `number` is its place in the cohort, from 1; `line` is the line's number, 0 for a whole file,
    whose `content` is None until it is read.
    """

    number: int
    path: Path
    line: int = 0
    content: bytes | None = None

    @property
    def name(self) -> str:
        """As people find it, with a sign for what is not UTF-8 in it."""
        shown = os.fsencode(self.path).decode("utf-8", "replace")
        return f"{shown}:{self.line}" if self.line else shown

    def read(self) -> bytes:
        """The records. Raises Missing, and Malformed for what is too large."""
        if self.content is not None:
            return _bounded(self.content)
        if not self.path.is_file():  # reading a pipe would wait for ever
            raise Missing("file", "It cannot be read: there is no file behind it.")
        try:
            with self.path.open("rb") as file:
                return _bounded(file.read(LARGEST + 1))
        except OSError as error:
            raise Missing("file", f"It cannot be read: {error.strerror}.") from error


def sources(files: Iterable[Path]) -> Iterator[Source]:
    """The wallets in these files, in order."""
    number = 0
    for path in files:
        for line, content in _lines(path) if path.suffix in _LINES else ((0, None),):
            number += 1
            yield Source(number=number, path=path, line=line, content=content)


def files_of(places: Iterable[Path]) -> Iterator[Path]:
    """The files themselves; of a folder those of JSON and JSON Lines that stand right in it,
    with links that lead nowhere and the like, which are told as wallets that cannot be read.

    Raises Missing for a place that is not there or a folder without such files.
    """
    for place in places:
        if place.is_dir():
            inside = [each for each in sorted(place.iterdir()) if each.suffix in _SUFFIXES]
            found = [each for each in inside if not each.is_dir()]
            if not found:
                sentence = "There are no JSON or JSON Lines files in this folder."
                raise Missing("records", sentence, place=str(place))
            yield from found
        elif place.is_file():
            yield place
        else:
            raise Missing("records", "There is no such file or folder.", place=str(place))


def how_many(files: Iterable[Path]) -> int:
    """How many wallets there are in these files, for a progress bar."""
    return sum(sum(1 for _ in _lines(path)) if path.suffix in _LINES else 1 for path in files)


def _lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, by number; of one that is too large what shows that it is.

    A file that cannot be read is one wallet that cannot be read.
    """
    if not path.is_file():
        yield 0, None
        return
    try:
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LARGEST + 2):
                number += 1
                if not line.endswith(b"\n"):
                    _skip_line(file)
                if line.strip():
                    yield number, line.rstrip(b"\r\n")
    except OSError:
        yield 0, None


def _skip_line(file: BinaryIO) -> None:
    while (rest := file.readline(LARGEST)) and not rest.endswith(b"\n"):
        pass


def _bounded(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise Malformed("json-size", f"The records are larger than {LARGEST:,} bytes.")
    return content
