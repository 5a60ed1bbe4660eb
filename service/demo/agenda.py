"""What is to happen when, in the order of the story's time."""

import heapq
import itertools
from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID


class StoryClock:
    """Tells the story's time, which is set and only goes forwards."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        """The moment at which the story is, in UTC."""
        return self._now

    def set(self, now: datetime) -> None:
        """Go on to `now`."""
        if now < self._now:
            raise RuntimeError(f"the story would go back from {self._now} to {now}")
        self._now = now


class StoryChance:
    """Identifiers and nonces that are the same in every telling; implements issuer.chance.Chance.

    For a story only: whoever knows the seed foresees every lottery.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"{seed}/chance")  # noqa: S311  # a story is no secret

    def identifier(self) -> str:
        """32 hexadecimal digits of a UUID."""
        return UUID(int=self._rng.getrandbits(128), version=4).hex

    def nonce(self) -> bytes:
        """32 bytes."""
        return self._rng.randbytes(32)


class Agenda:
    """Actions by time; of two at the same time, the one that was entered first comes first."""

    def __init__(self, clock: StoryClock) -> None:
        self._clock = clock
        self._entries: list[tuple[datetime, int, Callable[[], None]]] = []
        self._turns = itertools.count()
        self._until: datetime | None = None
        self._expected = 0

    def at(self, moment: datetime, action: Callable[[], None]) -> None:
        """Enter an action."""
        heapq.heappush(self._entries, (moment, next(self._turns), action))
        if self._until is not None and moment < self._until:
            self._expected += 1

    def play(self, *, until: datetime, progress: Callable[[int, int], None]) -> None:
        """Do all that is due before `until`; each may enter more.

        `progress` is told how many are done, and of how many that are known so far.
        """
        self._until = until
        self._expected = sum(moment < until for moment, _, _ in self._entries)
        done = 0
        while self._entries and self._entries[0][0] < until:
            moment, _, action = heapq.heappop(self._entries)
            self._clock.set(moment)
            action()
            done += 1
            progress(done, self._expected)
        self._clock.set(until)
        self._until = None
