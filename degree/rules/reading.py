"""Reads a written document by expectation, and gathers every fault instead of the first.

A `Reader` stands on one value and knows its rule path and line. When the value is not what is
asked for, it notes the fault and returns a harmless stand-in, so that reading goes on; the caller
ends with `Faults.refuse_any`, and no stand-in is ever used.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Final, TypeVar

from degree.rules import checks
from degree.rules.checks import (
    FIRST_YEAR,
    HIGHEST_LEVEL,
    LARGEST_NUMBER,
    Check,
    Member,
    Misfit,
    Unexpected,
    Value,
)
from degree.rules.faults import either
from degree.rules.place import Place
from degree.rules.shapes import keys_amiss
from degree.rules.values import Way, Written, number_of, number_text

MOST_NAMED: Final = 100  # awards, buckets, classes and the like in one programme
MOST_RULES: Final = 300  # exclusions and the like in one programme
MOST_YEARS: Final = 100

# Rule paths are made of names and . # = [ ]; the others would be misread beside them.
NAME: Final = re.compile(r"[^\s.,#=@\[\]]{1,80}")

A_NAME: Final = "a name of at most 80 characters without blanks and without . , # = @ [ ]"

Other = TypeVar("Other")


class Keys(Mapping[str, "Reader"]):
    """The entries of a mapping, of which some may be absent; a place is made when it is asked for.

    Without the place of the mapping there are none.
    """

    __slots__ = ("_entries", "_place")

    def __init__(
        self, place: "Reader | None" = None, entries: Mapping[str, Written] | None = None
    ) -> None:
        self._place = place
        self._entries = entries if place and entries else {}

    def __getitem__(self, key: str) -> "Reader":
        value = self._entries[key]
        assert self._place  # or else there would be no entry
        return self._place.below(key, value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def read(
        self, key: str, how: "Callable[[Reader], Value]", *, otherwise: Other
    ) -> Value | Other:
        """What `how` reads under the key, or `otherwise` when it is absent."""
        return how(self[key]) if key in self._entries else otherwise

    def in_unit(self, unit: int) -> "Keys":
        """The same entries, with their credits in another unit."""
        return Keys(self._place.in_unit(unit), self._entries) if self._place else self


class Reader(Place):
    """A place with what can be read there."""

    __slots__ = ()

    def below(self, key: str | int, value: Written) -> "Reader":
        """The place of a value in this one."""
        return Reader(value, self.faults, self.unit, self, key)

    def read(self, check: Check[Value], *, otherwise: Other) -> Value | Other:
        """What the check reads here, or `otherwise` after a fault."""
        try:
            return check(self.value)
        except Unexpected as unexpected:
            self._note(unexpected.misfits)
            return otherwise

    def _note(self, misfits: Iterable[Misfit]) -> None:
        for misfit in misfits:
            self._at(misfit.way).fault(misfit.expected, found=misfit.found)

    def _at(self, way: Way) -> "Reader":
        place = self
        for key in way:
            held: Any = place.value
            place = place.below(key, held[key])
        return place

    def keys(self, *, required: Collection[str] = (), optional: Iterable[str] = ()) -> Keys:
        """The entries of a mapping with these keys; others are faults."""
        entries = self.value
        if not isinstance(entries, dict):
            self.fault("a mapping")
            return Keys()
        needed = dict.fromkeys(required).keys()  # in their order
        known = {*needed, *optional}
        self._note(keys_amiss(entries, required=needed, known=known))
        entries = {key: value for key, value in entries.items() if key in known}
        return Keys(self, entries)

    def entries(self, *, at_least: int = 0) -> list[tuple[str, "Reader"]]:
        """The entries of a mapping whose keys are free."""
        if not isinstance(self.value, dict) or len(self.value) < at_least:
            self.fault("a mapping" if not at_least else f"a mapping of {at_least} or more")
            return []
        return [(key, self.below(key, value)) for key, value in self.value.items()]

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
            value, name = element.value, ""
            if isinstance(value, dict) and "id" in value:
                name = element.below("id", value["id"]).name()
            if name and name in found:
                element.fault("each id once", found=f"the id {name!r} a second time")
            found.add(name)
            places.append((name, element.under(f"{self.path}.{name}") if name else element))
        return places

    def _refuse_crowd(self, number: int, *, most: int) -> None:
        if number > most:
            self.fault(f"at most {most} of them", found=f"{number}")

    def elements(self, *, at_least: int = 0) -> list["Reader"]:
        """The elements of a list."""
        if not isinstance(self.value, list) or len(self.value) < at_least:
            self.fault("a list" if not at_least else f"a list of {at_least} or more")
            return []
        return [self.below(index, value) for index, value in enumerate(self.value)]

    def rules(self) -> list["Reader"]:
        """The elements of a list of rules, one or more."""
        elements = self.elements(at_least=1)
        self._refuse_crowd(len(elements), most=MOST_RULES)
        return elements

    def text(self) -> str:
        """A text that is not blank."""
        return self.read(checks.text, otherwise="")

    def name(self) -> str:
        """A text that a path can carry."""
        if isinstance(self.value, str) and NAME.fullmatch(self.value):
            return self.value
        self.fault(A_NAME)
        return ""

    def label(self) -> str:
        """A name, or a number or day used as one, such as the version 2026.1."""
        number = number_of(self.value)
        if number is not None:
            if number < 0 or str(number) != number_text(number):
                self.fault("a version in quotes, because as a number it would be written otherwise")
            return str(number)
        return self.value.isoformat() if isinstance(self.value, date) else self.text()

    def texts(self) -> tuple[str, ...]:
        """A list of texts, or a single one."""
        if isinstance(self.value, list):
            return tuple(element.text() for element in self.elements(at_least=1))
        return (self.text(),)

    def choice(self, options: Iterable[str]) -> str:
        """One of the options, of which there is at least one."""
        known = tuple(options)
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.fault(either(known))
        return known[0]

    def member(self, kind: type[Member]) -> Member:
        """The member of an enumeration with this value; the first after a fault."""
        return self.read(checks.member(kind), otherwise=next(iter(kind)))

    def one_of(self, known: Collection[str], what: str) -> str:
        """One of the names that the document knows; "" after a fault. `what` they name."""
        if isinstance(self.value, str) and self.value in known:
            return self.value
        self.fault(either(known) or f"no {what}, as there is none")
        return ""

    def whole(self, *, least: int = 0, most: int = LARGEST_NUMBER) -> int:
        """A whole number within bounds, both included."""
        return self.read(partial(checks.whole, least=least, most=most), otherwise=least)

    def credits(self) -> int:
        """An amount of credit, in tenths of a UK credit."""
        return self.read(partial(checks.credit, unit=self.unit), otherwise=0)

    def mark(self) -> int:
        """A mark from 0 to 100, in tenths."""
        return self.read(checks.mark, otherwise=0)

    def share(self) -> Fraction:
        """A part of a whole: above 0 and below 1."""
        return self.read(checks.share, otherwise=Fraction(1, 2))

    def number(self) -> Fraction:
        """A number that is not negative, exactly."""
        return self.read(checks.number, otherwise=Fraction(0))

    def level(self) -> int:
        """A level of the FHEQ."""
        return self.whole(least=1, most=HIGHEST_LEVEL)

    def truth(self) -> bool:
        """True or false."""
        return self.read(checks.truth, otherwise=False)

    def day(self) -> date:
        """A calendar day, as YAML reads it or as ISO 8601 text."""
        return self.read(checks.day, otherwise=date(FIRST_YEAR, 1, 1))
