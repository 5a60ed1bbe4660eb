"""What stands behind the board's pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from degree.board.approving import Approving
from degree.board.exceptions import Exceptions
from degree.board.meetings import Meetings
from degree.board.store import Store
from degree.registry import Registry


@dataclass(frozen=True, slots=True)
class Room:
    """The use cases behind the pages, and the clock."""

    registry: Registry
    exceptions: Exceptions
    approving: Approving
    meetings: Meetings
    store: Store
    now: Callable[[], datetime]
