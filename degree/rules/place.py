"""A place in a written document, which can say where it is and that something is wrong there."""

from dataclasses import dataclass, replace
from typing import Self

from degree.rules.faults import Fault, Faults
from degree.rules.values import Way, Written, quoted


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A value, where it stands, and where faults go.

    `unit` is what one credit of the document is in UK credits: 2 where it writes ECTS credits. Path
    and line are worked out only when somebody asks.
    """

    value: Written
    faults: Faults
    unit: int = 1
    _outer: "Place | None" = None
    _key: str | int = ""
    _path: str = ""  # where it is not made of the keys that lead there

    @property
    def path(self) -> str:
        """The rule path of this place."""
        if self._outer is None or self._path:
            return self._path
        outer = self._outer.path
        if isinstance(self._key, int):
            return f"{outer}[{self._key}]"
        return f"{outer}.{self._key}" if outer else self._key

    @property
    def line(self) -> int:
        """The line on which the value began, 0 where the form has no lines."""
        return self.faults.lines.get(self.way, 0)

    @property
    def way(self) -> Way:
        """The keys and indices that lead here."""
        return (*self._outer.way, self._key) if self._outer else ()

    def fault(self, expected: str, *, found: str = "") -> None:
        """Note that this place does not hold what is expected."""
        found = found or quoted(self.value)
        fault = Fault(path=self.path, line=self.line, found=found, expected=expected)
        self.faults.found.append(fault)

    def under(self, path: str) -> Self:
        """The same place under another path, such as one with a name instead of an index."""
        return replace(self, _path=path)

    def in_unit(self, unit: int) -> Self:
        """The same place, with its credits in another unit."""
        return replace(self, unit=unit)
