"""Reads a written document by expectation, and gathers every fault instead of the first.

A `Reader` stands on one value and knows its rule path and line. When the value is not what is
asked for, it notes the fault and returns a harmless stand-in, so that reading goes on; the caller
ends with `Faults.refuse_any`, and no stand-in is ever used.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeVar

from degree.rules.exact import tenths
from degree.rules.faults import Fault, Faults, Node, Written, either, quoted
from vc.errors import Malformed

LARGEST_NUMBER: Final = 100_000  # far beyond any credit or count in a regulation
LARGEST_LABEL: Final = 999_999_999_999_999  # of a version that is a number; JSON keeps 15 digits
MOST_DECIMALS: Final = 6
HIGHEST_LEVEL: Final = 8  # of the FHEQ, whose levels begin at 1
MOST_NAMED: Final = 100  # awards, buckets, classes and the like in one programme
MOST_RULES: Final = 300  # exclusions and the like in one programme
MOST_YEARS: Final = 100
FIRST_YEAR: Final = 1900  # nobody registered or wrote a regulation that counts before
LAST_YEAR: Final = 2199  # so that adding a hundred years stays within the calendar

DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# Rule paths are made of names and . # = [ ]; the others would be misread beside them.
NAME: Final = re.compile(r"[^\s.,#=@\[\]]{1,80}")

A_NAME: Final = "a name of at most 80 characters without blanks and without . , # = @ [ ]"

Value = TypeVar("Value")
Other = TypeVar("Other")


class Keys(dict[str, "Reader"]):
    """The entries of a mapping, of which some may be absent."""

    def read(
        self, key: str, how: "Callable[[Reader], Value]", *, otherwise: Other
    ) -> Value | Other:
        """What `how` reads under the key, or `otherwise` when it is absent."""
        return how(self[key]) if key in self else otherwise


@dataclass(frozen=True, slots=True)
class Reader:
    """A place in the document: its node, its rule path, and where faults go.

    `unit` is what one credit of the document is in UK credits: 2 where it writes ECTS credits.
    """

    node: Node
    path: str
    faults: Faults
    unit: int = 1

    def fault(self, expected: str, *, found: str = "") -> None:
        """Note that this place does not hold what is expected."""
        self.faults.found.append(
            Fault(
                path=self.path,
                line=self.node.line,
                found=found or quoted(self.node.value),
                expected=expected,
            )
        )

    def named(self, name: str) -> "Reader":
        """The same place under a path that ends in `name` instead of an index."""
        return replace(self, path=f"{self.path.rpartition('[')[0]}.{name}")

    def in_unit(self, unit: int) -> "Reader":
        """The same place, with its credits in another unit."""
        return replace(self, unit=unit)

    def keys(self, *, required: Iterable[str] = (), optional: Iterable[str] = ()) -> Keys:
        """The entries of a mapping with these keys; others are faults."""
        if not isinstance(self.node.value, dict):
            self.fault("a mapping")
            return Keys()
        needed, known = tuple(required), {*required, *optional}
        for key, node in self.node.value.items():
            if key not in known:
                expected = either(sorted(known))
                self._at(key, node).fault(expected, found=f"the unknown key {key!r}")
        for key in needed:
            if key not in self.node.value:
                self.fault(f"the key {key!r}", found="no such key")
        return Keys({key: reader for key, reader in self.entries() if key in known})

    def entries(self, *, at_least: int = 0) -> list[tuple[str, "Reader"]]:
        """The entries of a mapping whose keys are free."""
        if not isinstance(self.node.value, dict) or len(self.node.value) < at_least:
            self.fault("a mapping" if not at_least else f"a mapping of {at_least} or more")
            return []
        return [(key, self._at(key, node)) for key, node in self.node.value.items()]

    def named_entries(self) -> list[tuple[str, "Reader"]]:
        """The entries of a mapping, one or more, whose keys are names that paths can carry."""
        entries = self.entries(at_least=1)
        self._refuse_crowd(len(entries), most=MOST_NAMED)
        for name, place in entries:
            if not NAME.fullmatch(name):
                place.fault(A_NAME, found=f"the name {name!r}")
        return [(name, place) for name, place in entries if NAME.fullmatch(name)]

    def identified(self) -> list[tuple[str, "Reader"]]:
        """The elements of a list, one or more, each with its own `id`, which its path carries."""
        found = set()
        elements = self.elements(at_least=1)
        self._refuse_crowd(len(elements), most=MOST_NAMED)
        places = []
        for element in elements:
            value = element.node.value
            node = value.get("id") if isinstance(value, dict) else None
            name = element._at("id", node).name() if node else ""  # noqa: SLF001 - of this class
            if name and name in found:
                element.fault("each id once", found=f"the id {name!r} a second time")
            found.add(name)
            places.append((name, element.named(name) if name else element))
        return places

    def _refuse_crowd(self, number: int, *, most: int) -> None:
        if number > most:
            self.fault(f"at most {most} of them", found=f"{number}")

    def elements(self, *, at_least: int = 0) -> list["Reader"]:
        """The elements of a list."""
        if not isinstance(self.node.value, list) or len(self.node.value) < at_least:
            self.fault("a list" if not at_least else f"a list of {at_least} or more")
            return []
        return [
            Reader(node, f"{self.path}[{index}]", self.faults, self.unit)
            for index, node in enumerate(self.node.value)
        ]

    def rules(self) -> list["Reader"]:
        """The elements of a list of rules, one or more."""
        elements = self.elements(at_least=1)
        self._refuse_crowd(len(elements), most=MOST_RULES)
        return elements

    def text(self) -> str:
        """A text that is not blank."""
        if isinstance(self.node.value, str) and self.node.value.strip():
            return self.node.value
        self.fault("a text")
        return ""

    def name(self) -> str:
        """A text that a path can carry."""
        if isinstance(self.node.value, str) and NAME.fullmatch(self.node.value):
            return self.node.value
        self.fault(A_NAME)
        return ""

    def label(self) -> str:
        """A name, or a number or day used as one, such as the version 2026.1."""
        value = self.node.value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            if str(value) != _number_text(value):
                self.fault("a version in quotes, because as a number it would be written otherwise")
            return str(value)
        return value.isoformat() if isinstance(value, date) else self.text()

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
        self.fault(either(known))
        return known[0]

    def one_of(self, known: Collection[str], what: str) -> str:
        """One of the names that the document knows; "" after a fault. `what` they name."""
        if isinstance(self.node.value, str) and self.node.value in known:
            return self.node.value
        self.fault(either(known) or f"no {what}, as there is none")
        return ""

    def whole(self, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
        """A whole number within bounds, both included."""
        value = self.node.value
        number = isinstance(value, int) and not isinstance(value, bool)
        if number and isinstance(value, int) and least <= value <= most:
            return value
        self.fault(f"a whole number from {least} to {most}")
        return least

    def credits(self) -> int:
        """An amount of credit, in tenths of a UK credit."""
        value = self.node.value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            try:
                if value <= LARGEST_NUMBER:
                    return tenths(value * self.unit)
            except (Malformed, ArithmeticError):
                pass  # the fault below says it better
        self.fault(
            "an amount of credit in tenths, such as 20 or 7.5"
            if self.unit == 1
            else "an amount of ECTS credit that is whole tenths of a UK credit, such as 10 or 7.25"
        )
        return 0

    def mark(self) -> int:
        """A mark from 0 to 100, in tenths."""
        value = self._exact(most=100)
        if value is not None and (value * 10).denominator == 1:
            return int(value * 10)
        self.fault("a mark from 0 to 100 with at most one decimal, such as 70 or 69.5")
        return 0

    def share(self) -> Fraction:
        """A part of a whole: above 0 and below 1."""
        value = self._exact(most=1)
        if value is not None and 0 < value < 1:
            return value
        self.fault("a share above 0 and below 1 with at most six decimals, such as 0.34")
        return Fraction(1, 2)

    def number(self) -> Fraction:
        """A number that is not negative, exactly."""
        value = self._exact(most=LARGEST_NUMBER)
        if value is not None:
            return value
        self.fault(f"a number from 0 to {LARGEST_NUMBER} with at most six decimals")
        return Fraction(0)

    def level(self) -> int:
        """A level of the FHEQ."""
        return self.whole(least=1, most=HIGHEST_LEVEL)

    def _exact(self, *, most: int) -> Fraction | None:
        value = self.node.value
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            try:
                if 0 <= value <= most and _decimals(value) <= MOST_DECIMALS:
                    return Fraction(value)
            except ArithmeticError:
                pass  # no number: it is told as one that is out of bounds
        return None

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
        # Not `replace`, which takes a quarter of the time that a wallet takes to be read.
        path = f"{self.path}.{key}" if self.path else key
        return Reader(node, path, self.faults, self.unit)


def _decimals(value: int | Decimal) -> int:
    exponent = Decimal(value).as_tuple().exponent
    return -exponent if isinstance(exponent, int) else MOST_DECIMALS + 1


def as_json_number(value: int | Decimal) -> int | float:
    """A number as JSON holds it: a whole one as an integer."""
    return int(value) if value == int(value) else float(value)


def _number_text(value: int | Decimal) -> str:
    """How the number is written once it has been through JSON; "" when JSON does not keep it."""
    if _decimals(value) > MOST_DECIMALS or not -LARGEST_LABEL <= value <= LARGEST_LABEL:
        return ""
    return str(as_json_number(value))


def _day(value: Written) -> date | None:
    if isinstance(value, str) and DAY.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, date) else None
