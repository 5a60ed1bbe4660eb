"""What is said about a programme that is read without fault."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from degree.rules.exact import credits_text
from degree.rules.programme import Unit


class Code(StrEnum):
    """The kinds of remarks; docs/degree.md says what each means."""

    NEVER_SATISFIED = "never-satisfied"
    TAKES_NOTHING = "takes-nothing"
    DEAD_BRANCH = "dead-branch"
    NEVER_CONFERRED = "never-conferred"
    CLASS_OUT_OF_REACH = "class-out-of-reach"
    ASKS_MORE = "asks-more"
    NEVER_BINDS = "never-binds"
    UNUSED = "unused"
    TWICE = "twice"
    ALL_AWARDS = "all-awards"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something that a regulator would want to know of a rule; nothing is refused for it.

    `line` is that of the rule in the file, 0 when it has none there.
    """

    code: Code
    path: str
    sentence: str
    line: int = 0

    def __str__(self) -> str:
        place = f"line {self.line}, {self.path}" if self.line else self.path
        return f"{place}: {self.sentence} [{self.code}]"


def told(amount: Fraction | int, unit: Unit) -> str:
    """An amount for a sentence."""
    match unit:
        case Unit.CREDITS:
            whole = int(amount)
            return "1 UK credit" if whole == 10 else f"{credits_text(whole)} UK credits"
        case Unit.BADGES:
            return "1 badge" if amount == 1 else f"{int(amount)} badges"
        case Unit.SHARE:
            return f"a share of {float(amount):g}"
