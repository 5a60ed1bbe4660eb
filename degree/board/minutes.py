"""The minutes of a meeting, and which state of them somebody has read who writes on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from degree.board.tables import MeetingRow

_HEADS: Final = ("present", "apologies", "other_business")


class Resolution(StrEnum):
    """What the board resolved in a case."""

    AWARD = "award"
    EXCEPTION = "exception"
    NO_AWARD = "no_award"
    DEFERRED = "deferred"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minute:
    """What the board resolved in a case, `resolution` empty while nothing is written, and why."""

    resolution: Resolution | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """The minutes of a meeting; `of_cases` by the number of the case on the agenda."""

    present: str
    apologies: str
    other_business: str
    of_cases: Mapping[int, Minute]

    @property
    def heads(self) -> dict[str, str]:
        """What is written of the whole meeting."""
        return {name: getattr(self, name) for name in _HEADS}


def texts(meeting: MeetingRow) -> dict[str, str]:
    """What is written of a meeting; of case 2 as `resolution-2` and `minute-2`. Nothing empty."""
    found: dict[str, str] = {name: getattr(meeting, name) for name in _HEADS}
    for item in meeting.items:
        found[f"resolution-{item.number}"] = item.resolution
        found[f"minute-{item.number}"] = item.minute
    return {name: text for name, text in found.items() if text}


def version(meeting: MeetingRow) -> str:
    """Stands for all that is written now: another text has another version."""
    written = json.dumps(texts(meeting), sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def would_change(meeting: MeetingRow, minutes: Minutes) -> bool:
    """Whether anything would be written that does not stand there already."""
    after = minutes.heads
    for number, minute in minutes.of_cases.items():
        after[f"resolution-{number}"] = minute.resolution.value if minute.resolution else ""
        after[f"minute-{number}"] = minute.text
    before = texts(meeting)
    return any(before.get(name, "") != text for name, text in after.items())
