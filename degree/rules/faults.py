"""What is wrong in a written document: every fault at once, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from degree.rules.values import Way
from vc.errors import Malformed

MOST_OPTIONS: Final = 20  # names listed in a message
MOST_TOLD: Final = 200  # faults told in one refusal; whoever has more begins with these


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
        told = "\n".join(f"  {fault}" for fault in faults[:MOST_TOLD])
        more = f"\n  and {len(faults) - MOST_TOLD} more" if len(faults) > MOST_TOLD else ""
        super().__init__(code, f"{count}:\n{told}{more}")
        self.faults = faults


@dataclass(slots=True)
class Faults:
    """The faults found so far in one document; `code` is that of the refusal.

    `lines` tell on which line each value began, where the form has lines.
    """

    code: str
    lines: dict[Way, int] = field(default_factory=dict)
    found: list[Fault] = field(default_factory=list)

    def refuse_any(self) -> None:
        """Raise Faulty when there is a fault, in the order of lines."""
        if self.found:
            raise Faulty(self.code, tuple(sorted(self.found, key=lambda fault: fault.line)))


def either(options: Iterable[str]) -> str:
    """What could stand in a place, for a message, cut short."""
    known = tuple(options)
    told = " or ".join(known[:MOST_OPTIONS])
    return told if len(known) <= MOST_OPTIONS else f"{told} or another of {len(known)}"
