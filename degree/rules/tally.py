"""The rows of a problem over a placing, kept up to date while records move.

It is how the engine knows whether a placing keeps every rule, in some ten microseconds for each
move with 60 badges; the checker works it out in its own way.
"""

from collections.abc import Iterable, Iterator

from degree.rules.rows import OUT, Placing, Problem


class Tally:
    """A placing with the room of each row: by how much it is kept, below 0 where it is broken.

    Room is reckoned without choices, and without what rows have in common (`Effects.pools`).
    """

    def __init__(self, problem: Problem, placed: Placing) -> None:
        self._problem = problem
        self._effects = problem.effects
        self._room = list(self._effects.room)
        self._pools = [0] * self._effects.pools
        self.placed = [OUT] * len(problem.records)
        self.follow(placed)

    def follow(self, placed: Placing) -> None:
        """Move whatever is placed otherwise than in `placed`."""
        for record, taken in enumerate(placed):
            if self.placed[record] != taken:
                self.move(record, taken)

    def move(self, record: int, taken: int) -> None:
        """Let a record take another option, or none (OUT)."""
        before = self.placed[record]
        if before >= 0:
            self._weigh(record, before, -1)
        if taken >= 0:
            self._weigh(record, taken, 1)
        self.placed[record] = taken

    def _weigh(self, record: int, taken: int, times: int) -> None:
        room = self._room
        for weights in self._effects.of(record, self._problem.options[record][taken]):
            for number, amount in weights:
                room[number] += amount * times
        for pool, amount in self._effects.in_pools[record]:
            self._pools[pool] += amount * times

    def sum(self, number: int) -> int:
        """What the records give to a row."""
        row, room = self._problem.rows[number], self._own_room(number)
        return row.bound + room if row.asks else row.bound - room

    def chosen(self) -> list[int]:
        """Each choice as high as its rows allow."""
        values: dict[int, int] = {}
        return [self._value(choice, values) for choice in range(len(self._problem.choices))]

    def broken(self, numbers: Iterable[int] | None = None) -> Iterator[int]:
        """The rows, by number, that are not kept, choices being made in favour of the placing."""
        values: dict[int, int] = {}
        for number in self._problem.binding if numbers is None else numbers:
            if not self._holds(number, values):
                yield number

    def keeps(self, numbers: Iterable[int] | None = None) -> bool:
        """Whether all rows are kept, or these."""
        if numbers is not None:
            return next(self.broken(numbers), None) is None
        room, binding = self._room, self._effects.binding
        if min([room[number] for number in binding.alone], default=0) < 0:
            return False
        for (pool, times), rows in binding.pooled.items():
            if min([room[number] for number in rows]) + self._pools[pool] * times < 0:
                return False
        values: dict[int, int] = {}
        return all(self._holds(number, values) for number in binding.choosing)

    def lack(self) -> int | None:
        """What the rows that measure by a whole lack together, such as shares; None where another
        row is broken that hangs on no choice."""
        room, binding = self._room, self._effects.binding
        if min([room[number] for number in binding.alone], default=0) < 0:
            return None
        lack = 0
        for (pool, times), rows in binding.pooled.items():
            common = self._pools[pool] * times
            lack -= sum([own for number in rows if (own := room[number] + common) < 0])
        return lack

    def _own_room(self, number: int) -> int:
        """The room that records leave, whatever is chosen."""
        pool = self._effects.pool_of.get(number)
        return self._room[number] + (self._pools[pool[0]] * pool[1] if pool else 0)

    def _holds(self, number: int, values: dict[int, int]) -> bool:
        room, thresholds = self._own_room(number), self._effects.thresholds
        for choice, weight in self._effects.choices[number]:
            if weight > 0 and room >= 0:
                return True  # those that weigh down came first
            known = thresholds[choice]
            if known is None:
                room += weight * self._value(choice, values)
            elif self._room[known[0]] >= known[1]:
                room += weight
        return room >= 0

    def _value(self, choice: int, values: dict[int, int]) -> int:
        """A choice as high as its rows allow; `values` remembers those that were looked at."""
        known = self._effects.thresholds[choice]
        if known is not None:
            return int(self._room[known[0]] >= known[1])
        if choice not in values:
            values[choice] = 1
            if not all(self._holds(row, values) for row in self._effects.deciders[choice]):
                values[choice] = 0
        return values[choice]
