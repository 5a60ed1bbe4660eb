"""The rows of a problem over a placing, kept up to date while records move.

It is how the engine knows whether a placing keeps every rule, in a microsecond or two; the checker
works it out in its own way.
"""

from collections.abc import Iterable, Iterator

from degree.rules.rows import OUT, Placing, Problem


class Tally:
    """A placing with the room of each row, all in one number (effects.py)."""

    def __init__(self, problem: Problem, placed: Placing) -> None:
        self.problem = problem
        self._effects = problem.effects
        self._rooms = self._effects.empty
        self.placed = [OUT] * len(problem.records)
        self.follow(placed)

    def follow(self, placed: Placing) -> None:
        """Move whatever is placed otherwise than in `placed`."""
        for record, taken in enumerate(placed):
            if self.placed[record] != taken:
                self.move(record, taken)

    def move(self, record: int, taken: int) -> None:
        """Let a record take another option, or none (OUT)."""
        self._rooms = self._moved(record, taken)
        self.placed[record] = taken

    def move_within(self, limits: int, record: int, taken: int) -> bool:
        """Let a record take another option if the rows with these highest bits are kept then;
        whether they are."""
        rooms = self._moved(record, taken)
        if rooms & limits != limits:
            return False
        self._rooms = rooms
        self.placed[record] = taken
        return True

    def _moved(self, record: int, taken: int) -> int:
        weights = self._effects.weights[record]
        return self._rooms + weights[taken] - weights[self.placed[record]]

    def sum(self, number: int) -> int:
        """What the records give to a row."""
        row, options, placed = self.problem.rows[number], self.problem.options, self.placed
        return sum(
            row.of(record, options[record][placed[record]])
            for record in row.concerned()
            if placed[record] != OUT
        )

    def chosen(self) -> list[int]:
        """Each choice as high as its rows allow."""
        values: dict[int, int] = {}
        return [self._value(choice, values) for choice in range(len(self.problem.choices))]

    def broken(self) -> list[int]:
        """The rows, by number, that are not kept, choices being made in favour of the placing."""
        return self.breaks(self._effects.alone, self._effects.chosen)

    def below(self, bits: int) -> Iterator[int]:
        """Of the rows with these highest bits those, by number, that are not kept."""
        for rows in self._effects.rows(bits & ~self._rooms):
            for number in rows:
                if len(rows) == 1 or self.sum(number) > self.problem.rows[number].bound:
                    yield number

    def breaks(self, bits: int, choosing: Iterable[int]) -> list[int]:
        """Of the rows with these highest bits, and of these which hang on choices, those that are
        not kept, by number."""
        values: dict[int, int] = {}
        hanging = [row for row in choosing if not self._holds(row, values)]
        return sorted([*self.below(bits), *hanging]) if hanging or not self.has(bits) else []

    def keeps(self) -> bool:
        """Whether all rows are kept, choices being made in favour of the placing."""
        effects, values = self._effects, dict[int, int]()
        return self.has(effects.alone) and all(self._holds(row, values) for row in effects.chosen)

    def has(self, bits: int) -> bool:
        """Whether the rows with these highest bits are kept."""
        return self._rooms & bits == bits

    def lack(self) -> int | None:
        """What the rows that measure by a whole lack together, such as shares; None where another
        row is broken that hangs on no choice."""
        return self._lack(self._rooms)

    def lack_with(self, record: int, taken: int) -> int | None:
        """The same if a record took another option, or none (OUT)."""
        return self._lack(self._moved(record, taken))

    def _lack(self, rooms: int) -> int | None:
        effects = self._effects
        broken = effects.alone & ~rooms
        if broken & ~effects.shares:
            return None
        return effects.lacking(rooms, broken)

    def _holds(self, number: int, values: dict[int, int]) -> bool:
        room = self._effects.room(self._rooms, number)
        chosen = self._effects.chosen.get(number)
        if chosen is not None:
            for weight, bits in chosen.counted:
                room += weight * (self._rooms & bits).bit_count()
            for weight, choice in chosen.others:
                room += weight * self._value(choice, values)
        return room >= 0

    def _value(self, choice: int, values: dict[int, int]) -> int:
        """A choice as high as its rows allow; `values` remembers those that were looked at."""
        against = self._effects.against.get(choice)
        if against is None:
            return int(self.has(self._effects.defined[choice]))
        if choice not in values:
            values[choice] = 1
            if not all(self._holds(row, values) for row in against):
                values[choice] = 0
        return values[choice]
