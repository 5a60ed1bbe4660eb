"""Reads a written document by expectation, and gathers every fault instead of the first.

A `Reader` stands on one value and knows its rule path and line. When the value is not what is
asked for, it notes the fault and returns a harmless stand-in, so that reading goes on; the caller
ends with `Faults.refuse_any`, and no stand-in is ever used.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from degree.rules.exact import tenths
from vc.errors import Malformed

LONGEST_QUOTE: Final = 60  # characters of a found value repeated in a message
LARGEST_NUMBER: Final = 100_000  # far beyond any credit or count in a regulation
MOST_YEARS: Final = 100
FIRST_YEAR: Final = 1900  # nobody registered or wrote a regulation that counts before
LAST_YEAR: Final = 2199  # so that adding a hundred years stays within the calendar


@dataclass(frozen=True, slots=True)
class Node:
    """A written value and the line it began on (0 where the form has no lines)."""

    value: "Written"
    line: int


Written = str | bool | int | Decimal | None | date | list[Node] | dict[str, Node]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong: where, what was found there, and what was expected."""

    path: str
    line: int
    found: str
    expected: str

    def __str__(self) -> str:
        line = f"line {self.line}, " if self.line else ""
        where = f"{line}{self.path or 'top'}"
        return f"{where}: found {self.found}; expected {self.expected}."


class Faulty(Malformed):
    """A document with faults, all of them."""

    def __init__(self, code: str, faults: tuple[Fault, ...]) -> None:
        count = "one fault" if len(faults) == 1 else f"{len(faults)} faults"
        super().__init__(code, f"{count}:\n" + "\n".join(f"  {fault}" for fault in faults))
        self.faults = faults


@dataclass(slots=True)
class Faults:
    """The faults found so far in one document; `code` is that of the refusal."""

    code: str
    found: list[Fault] = field(default_factory=list)

    def refuse_any(self) -> None:
        """Raise Faulty when there is a fault, in the order of lines."""
        if self.found:
            raise Faulty(self.code, tuple(sorted(self.found, key=lambda fault: fault.line)))


@dataclass(frozen=True, slots=True)
class Reader:
    """A place in the document: its node, its rule path, and where faults go."""

    node: Node
    path: str
    faults: Faults

    def fault(self, expected: str, *, found: str = "") -> None:
        """Note that this place does not hold what is expected."""
        self.faults.found.append(
            Fault(
                path=self.path,
                line=self.node.line,
                found=found or _quoted(self.node.value),
                expected=expected,
            )
        )

    def named(self, name: str) -> "Reader":
        """The same place under a path that ends in `name` instead of an index."""
        return Reader(self.node, f"{self.path.rpartition('[')[0]}.{name}", self.faults)

    def keys(
        self,
        *,
        required: Iterable[str] = (),
        optional: Iterable[str] = (),
        refused: Mapping[str, str] | None = None,
    ) -> dict[str, "Reader"]:
        """The entries of a mapping with these keys; `refused` tells why a known key cannot be."""
        if not isinstance(self.node.value, dict):
            self.fault("a mapping")
            return {}
        needed, known = tuple(required), {*required, *optional}
        for key, node in self.node.value.items():
            if refused and key in refused:
                self._at(key, node).fault(refused[key], found=f"the key {key!r}")
            elif key not in known:
                expected = "one of " + ", ".join(sorted(known))
                self._at(key, node).fault(expected, found=f"the unknown key {key!r}")
        for key in needed:
            if key not in self.node.value:
                self.fault(f"the key {key!r}", found="no such key")
        return {key: reader for key, reader in self.entries() if key in known}

    def entries(self) -> list[tuple[str, "Reader"]]:
        """The entries of a mapping whose keys are names."""
        if not isinstance(self.node.value, dict):
            self.fault("a mapping")
            return []
        return [(key, self._at(key, node)) for key, node in self.node.value.items()]

    def elements(self, *, at_least: int = 0) -> list["Reader"]:
        """The elements of a list."""
        if not isinstance(self.node.value, list) or len(self.node.value) < at_least:
            self.fault("a list" if not at_least else f"a list of {at_least} or more")
            return []
        return [
            Reader(node, f"{self.path}[{index}]", self.faults)
            for index, node in enumerate(self.node.value)
        ]

    def text(self) -> str:
        """A text that is not blank."""
        if isinstance(self.node.value, str) and self.node.value.strip():
            return self.node.value
        self.fault("a text")
        return ""

    def label(self) -> str:
        """A name or number used as a name, such as the version 2026.1."""
        value = self.node.value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        return self.text()

    def texts(self) -> tuple[str, ...]:
        """A list of texts, or a single one."""
        if isinstance(self.node.value, list):
            return tuple(element.text() for element in self.elements(at_least=1))
        return (self.text(),)

    def choice(self, options: Iterable[str]) -> str:
        """One of the options, of which there is at least one."""
        known = tuple(options)
        if isinstance(self.node.value, str) and self.node.value in known:
            return self.node.value
        self.fault(" or ".join(known))
        return known[0]

    def whole(self, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
        """A whole number within bounds, both included."""
        value = self.node.value
        number = isinstance(value, int) and not isinstance(value, bool)
        if number and isinstance(value, int) and least <= value <= most:
            return value
        self.fault(f"a whole number from {least} to {most}")
        return least

    def credits(self) -> int:
        """An amount of UK credit, in tenths."""
        value = self.node.value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            try:
                if value <= LARGEST_NUMBER:
                    return tenths(value)
            except (Malformed, ArithmeticError):
                pass  # the fault below says it better
        self.fault("an amount of credit in tenths, such as 20 or 7.5")
        return 0

    def truth(self) -> bool:
        """True or false."""
        if isinstance(self.node.value, bool):
            return self.node.value
        self.fault("true or false")
        return False

    def day(self) -> date:
        """A calendar day, as YAML reads it or as ISO 8601 text."""
        day = _day(self.node.value)
        if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR:
            return day
        self.fault(f"a date such as 2026-09-01, from {FIRST_YEAR} to {LAST_YEAR}")
        return date(FIRST_YEAR, 1, 1)

    def _at(self, key: str, node: Node) -> "Reader":
        return Reader(node, f"{self.path}.{key}" if self.path else key, self.faults)


def _day(value: Written) -> date | None:
    if isinstance(value, str) and len(value) == len("2026-09-01"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None


def _quoted(value: Written) -> str:
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if value is None:
        return "nothing"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if len(text) > LONGEST_QUOTE:
        text = text[:LONGEST_QUOTE] + "…"
    return f"the text {text!r}" if isinstance(value, str) else text
