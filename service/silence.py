"""Hosts that kept us waiting in vain: they are left alone for a while.

Whoever writes a credential chooses whom we ask. A name that never answers costs the whole patience
each time, and one of the few places for exchanges at a time, which others are waiting for.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

SECONDS: Final = 60.0  # as long as a host is left alone
MOST: Final = 1_000  # hosts that are remembered; the oldest are forgotten first


class Silence:
    """The hosts that could not be reached lately; for all threads of a process."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._since: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def keeps(self, host: str) -> bool:
        """Whether the host was silent less than SECONDS ago."""
        with self._lock:
            since = self._since.get(host)
            return since is not None and self._clock() - since < SECONDS

    def heard_nothing(self, host: str) -> None:
        """Remember that the host could not be reached in the time that it had."""
        with self._lock:
            self._since[host] = self._clock()
            self._since.move_to_end(host)
            while len(self._since) > self._most:
                self._since.popitem(last=False)
