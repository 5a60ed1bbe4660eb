"""A community's files are read strictly: what is missing, unknown or misshapen names its place."""

import csv
import datetime
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

from issuer.peers.strict import load_yaml
from vc.errors import Malformed


@dataclass(slots=True)
class Entry:
    """One row of a table or one mapping of a YAML file; every part of it is asked for by name.

    `place` names it in errors, `noun` says what its parts are called there.
    """

    place: str
    noun: str
    _values: Mapping[str, Any]
    _asked: set[str] = field(default_factory=set)

    def __contains__(self, key: str) -> bool:
        return key in self._values

    @property
    def keys(self) -> tuple[str, ...]:
        """The names of all parts, in the file's order."""
        return tuple(self._values)

    def text(self, key: str) -> str:
        """The text under `key`, not empty."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self.fault(key, "A text is expected here.")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts in the list under `key`; in a table they are words with blanks between."""
        value = self._value(key)
        texts = value.split() if isinstance(value, str) else value
        if not isinstance(texts, list) or not texts:
            raise self.fault(key, "A list with at least one text is expected here.")
        for text in texts:
            if not isinstance(text, str) or not text.strip():
                raise self.fault(key, f"{text!r} is not a text.")
        return tuple(texts)

    def chosen(self, key: str, known: Collection[str]) -> str:
        """The text under `key`, which must be one of those that are known."""
        text = self.text(key)
        if text not in known:
            raise self.fault(key, f"{text!r} is not known.")
        return text

    def all_chosen(self, key: str, known: Collection[str]) -> tuple[str, ...]:
        """The texts under `key`, each of them known and none of them twice."""
        texts = self.texts(key)
        for text in texts:
            if text not in known:
                raise self.fault(key, f"{text!r} is not known.")
        if len(set(texts)) < len(texts):
            raise self.fault(key, "One of them is named twice.")
        return texts

    def new(self, key: str, found: Collection[str]) -> str:
        """The text under `key`, an id that has not been found before."""
        text = self.text(key)
        if text in found:
            raise self.fault(key, f"{text!r} occurs twice.")
        return text

    def date(self, key: str) -> datetime.date:
        """The calendar date under `key`, as in 2026-09-01."""
        return self._date(key, self._value(key))

    def dates(self, key: str) -> tuple[datetime.date, datetime.date]:
        """A first and a last day, in this order."""
        value = self._value(key)
        if not isinstance(value, list) or len(value) != 2:
            raise self.fault(key, "A first and a last day are expected here.")
        first, last = (self._date(key, day) for day in value)
        if last < first:
            raise self.fault(key, "The last day lies before the first.")
        return first, last

    def integer(self, key: str) -> int:
        """The whole number under `key`, 1 or more."""
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self.fault(key, "A whole number of 1 or more is expected here.")
        return value

    def tenths(self, key: str) -> int:
        """The amount under `key`, above 0 and with one decimal at most, in tenths."""
        value = self._value(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self.fault(key, "An amount such as 2.5 is expected here.")
        tenths = Decimal(str(value)) * 10
        if not tenths.is_finite() or tenths <= 0 or tenths != int(tenths):
            raise self.fault(key, "An amount such as 2.5 is expected here.")
        return int(tenths)

    def flag(self, key: str) -> bool:
        """Yes or no."""
        value = self._value(key)
        if value in ("yes", True):
            return True
        if value in ("no", False):
            return False
        raise self.fault(key, "Yes or no is expected here.")

    def entry(self, key: str) -> "Entry":
        """The mapping under `key`."""
        return _entry(self._value(key), f"{self.place}, {key}")

    def entries(self, key: str) -> tuple["Entry", ...]:
        """The mappings in the list under `key`, each named by its first part or by its number."""
        value = self._value(key)
        if not isinstance(value, list) or not value:
            raise self.fault(key, "A list with at least one entry is expected here.")
        return tuple(
            _entry(each, f"{self.place}, {_name(each, f'{key} {number}')}")
            for number, each in enumerate(value, start=1)
        )

    def done(self) -> None:
        """Refuse what nobody asked for: a misspelt part must not fall silent."""
        for key in self._values:
            if key not in self._asked:
                raise self.fault(str(key), "This is not known here.")

    def fault(self, key: str, sentence: str) -> Malformed:
        """The error that says what is wrong with the part `key`."""
        return Malformed("community-entry", sentence, place=f"{self.place}, {self.noun} {key}")

    def _value(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._values:
            raise self.fault(key, "This is missing.")
        return self._values[key]

    def _date(self, key: str, value: object) -> datetime.date:
        if isinstance(value, str):
            try:
                return datetime.date.fromisoformat(value)
            except ValueError as error:
                raise self.fault(key, f"{value!r} is not a date such as 2026-09-01.") from error
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self.fault(key, "A date such as 2026-09-01 is expected here.")
        return value


def table(path: Path, *, columns: tuple[str, ...]) -> Iterator[Entry]:
    """The rows of a CSV file with exactly these columns; row 1 is the header. Raises Malformed."""
    lines = csv.reader(StringIO(text_of(path), newline=""), strict=True)
    name = path.name
    try:
        header = tuple(next(lines, ()))
        if header != columns:
            wanted = ", ".join(columns)
            raise Malformed(
                "community-table", f"The columns must be {wanted}.", place=f"{name}, row 1"
            )
        for number, cells in enumerate(lines, start=2):
            place = f"{name}, row {number}"
            if len(cells) != len(columns):
                sentence = f"{len(columns)} cells are expected and {len(cells)} are there."
                raise Malformed("community-table", sentence, place=place)
            yield Entry(place, "column", dict(zip(columns, cells, strict=True)))
    except csv.Error as error:
        place = f"{name}, line {lines.line_num}"
        raise Malformed("community-table", f"This is not CSV: {error}.", place=place) from error


def tree(path: Path) -> Entry:
    """The mapping in a YAML file. Raises Malformed."""
    return _entry(load_yaml(text_of(path), source=path.name), path.name)


def text_of(path: Path) -> str:
    """The text of a file in UTF-8. Raises Malformed."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Malformed("community-file", "The file cannot be read.", place=path.name) from error
    except UnicodeDecodeError as error:
        raise Malformed("community-file", "The file is not UTF-8.", place=path.name) from error


def _entry(content: object, place: str) -> Entry:
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise Malformed("community-yaml", "A mapping is expected here.", place=place)
    return Entry(place, "entry", content)


def _name(content: object, otherwise: str) -> str:
    """How an entry of a list is named in errors: by its first value, mostly its id."""
    first = next(iter(content.values()), None) if isinstance(content, dict) else None
    return first if isinstance(first, str) and len(first) <= 40 else otherwise
