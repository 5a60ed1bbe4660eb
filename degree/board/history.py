"""What was done in a case, whichever table it is kept in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from degree.tables import ConferralRow, EventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What somebody did: `kind` and `detail` as in the log, or an amendment's and its award."""

    at: datetime
    kind: str
    by_name: str
    detail: Mapping[str, Any]


def done(events: Iterable[EventRow], conferrals: Iterable[ConferralRow]) -> tuple[Done, ...]:
    """The log of a case and what was done to its awards after they were conferred, in order."""
    logged = [
        Done(at=each.at, kind=each.kind, by_name=each.by_name, detail=each.detail)
        for each in events
    ]
    amended = [
        Done(
            at=each.made_at,
            kind=each.kind,
            by_name=each.made_by_name,
            detail={"award": conferral.award, "name": each.name, "reason": each.reason},
        )
        for conferral in conferrals
        for each in conferral.amendments
    ]
    # Of what happened in the same moment the log's comes first: an award is conferred before.
    return tuple(sorted([*logged, *amended], key=lambda each: each.at))
