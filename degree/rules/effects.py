"""What each record does to all rows of a problem at once, as one whole number.

The room of a row is by how much it is kept: what the records give beyond what it asks for, or what
is left of what it allows; below 0 the row is broken. The rooms of all rows stand side by side in
one number, each in a lane of bits of its own. Half of what a lane can hold is added to each, so
that a room below 0 can be written too:

    room      -1     0     5
    lane      01   100  1101    -1 + 2, 0 + 4, 5 + 8

The highest bit of a lane is then 1 where its row is kept, and 0 where it is broken. A lane is wide
enough for all that its records could ever add up to, either way, so none runs over into the next.

What a record does by an option is one number in the same lanes, without the halves. To place the
record is to add its number; to see whether rows are kept is to look at their highest bits, all at
once.

Rows that say which badges exclude each other, two by two, can be a hundred thousand. Those of one
badge, with n others, have a lane in common: n times the badge and once each of the others come to
at most n.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # rows know their effects
    from degree.rules.rows import Option, Problem, Row


@dataclass(slots=True)
class _Whole:
    """Amounts by which several rows measure, and how many times they do, in the lanes of each."""

    amounts: Mapping[int, int]
    sum: int
    times: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """What choices add to the room of a row, each so much: those `counted`, of which one row tells
    whether they may be made, by the highest bits of these rows; `others` by their number."""

    counted: tuple[tuple[int, int], ...]
    others: tuple[tuple[int, int], ...]


class Effects:
    """The effects on the rows of one problem.

    `empty` are the rooms with nothing placed; there a row that defines a choice has it made, so
    that its highest bit says whether it may be. `weights` are for each record what it does by each
    of its options and, last, what it does by OUT: nothing.

    Of the rows without choices `alone` are the highest bits, `floors` and `ceilings` those of plain
    ones, `shares` those of rows that measure by a whole. `defined` are for each choice the highest
    bits of the rows that define it, `against` all rows in which it weighs down where there are
    others. `chosen` are by row what the choices in it add.
    """

    def __init__(self, problem: "Problem") -> None:
        records, rows = len(problem.records), problem.rows
        self._edges = [0]  # the bits from one edge up to the next are a lane
        self._rows: list[Sequence[int]] = []  # by lane
        self._lanes = [0] * len(rows)  # by row
        self._anywhere = [0] * records
        self._within = [[0] * records for _ in problem.award.parts]
        self._sharing = [0] * records
        self._wholes: dict[int, _Whole] = {}  # by the identity of their amounts
        self.empty = self.alone = self.shares = 0
        self.defined = [0] * len(problem.choices)
        binding = frozenset(problem.binding)
        pairs: dict[tuple[int | None, ...], list[int]] = {}
        for number, row in enumerate(rows):
            if len(row.terms) == 2 and not row.ratio and _excludes(row):
                one, other = row.terms
                pairs.setdefault((one.bucket, *one.amounts, other.bucket), []).append(number)
            else:
                self._write(row, (number,), defines=number not in binding)
        for numbers in pairs.values():
            self._write(_as_one([rows[number] for number in numbers]), numbers)
        for whole in self._wholes.values():
            _add(self._anywhere, whole.amounts, whole.times)
        self.weights = [
            [*[self._weight(record, option) for option in options], 0]
            for record, options in enumerate(problem.options)
        ]
        self.floors, self.ceilings = self.bits(problem.floors), self.bits(problem.ceilings)
        hanging = {number: rows[number] for number in problem.binding if rows[number].choices}
        self.against = _against(rows, hanging.values())
        self.chosen = {number: self._chosen(row) for number, row in hanging.items()}

    def bits(self, rows: Iterable[int]) -> int:
        """The highest bits of these rows."""
        edges, bits = self._edges, 0
        for lane in {self._lanes[row] for row in rows}:
            bits |= 1 << edges[lane + 1] - 1
        return bits

    def rows(self, bits: int) -> Iterator[Sequence[int]]:
        """The rows in each of the lanes of which these are the highest bits: one, or several of
        which at least one is broken if the lane is."""
        while bits:
            lowest = bits & -bits
            yield self._rows[bisect_right(self._edges, lowest.bit_length() - 1) - 1]
            bits ^= lowest

    def room(self, rooms: int, row: int) -> int:
        """The room of one row, by number, among those of all."""
        lane = self._lanes[row]
        low, high = self._edges[lane], self._edges[lane + 1]
        return (rooms >> low & (1 << high - low) - 1) - (1 << high - low - 1)

    def lacking(self, rooms: int, bits: int) -> int:
        """What the rows with these highest bits, each of which is broken, lack together."""
        edges, total = self._edges, 0
        while bits:
            lowest = bits & -bits
            low = edges[bisect_right(edges, lowest.bit_length() - 1) - 1]
            # The highest bit of a broken row is clear: what is below it falls short of it.
            total += (lowest >> low) - (rooms >> low & (lowest >> low) - 1)
            bits ^= lowest
        return total

    def _write(self, row: "Row", numbers: Sequence[int], *, defines: bool = False) -> None:
        """Give a row, which stands for those with these numbers, the next lane, and records what
        they do to it."""
        low, asks, most, is_share = self._edges[-1], row.asks, 0, False
        for term in row.terms:
            amounts, times = term.amounts, term.times
            lane = (times if asks else -times) << low
            if row.ratio and term.bucket is None and term is row.terms[1]:
                is_share = True
                amount = self._measure(amounts, lane)
            else:
                amount = sum(amounts.values())
                totals = self._anywhere if term.bucket is None else self._within[term.bucket]
                for record, each in amounts.items():
                    totals[record] += each * lane
            most += amount * (times if times > 0 else -times)
        if row.shared:
            most += sum(row.shared.values())
            _add(self._sharing, row.shared, 1 << low if asks else -1 << low)
        room = -row.bound if asks else row.bound
        if defines:
            room += sum(row.choices.values())  # of the one choice
        width = (most + abs(room)).bit_length()
        highest = 1 << low + width
        self.empty += (room << low) + highest
        self._edges.append(low + width + 1)
        for number in numbers:
            self._lanes[number] = len(self._rows)
        self._rows.append(numbers)
        if not row.choices:
            self.alone |= highest
            self.shares |= highest if is_share else 0
        elif defines:
            (choice,) = row.choices
            self.defined[choice] |= highest

    def _measure(self, amounts: Mapping[int, int], times: int) -> int:
        """Note how many times a row measures by these amounts, to be added for all rows at once;
        the sum of the amounts."""
        whole = self._wholes.get(id(amounts))
        if whole is None:
            whole = self._wholes[id(amounts)] = _Whole(amounts, sum(amounts.values()))
        whole.times += times
        return whole.sum

    def _weight(self, record: int, option: "Option") -> int:
        total = self._anywhere[record]
        for bucket in option:
            total += self._within[bucket][record]
        return total + self._sharing[record] if len(option) > 1 else total

    def _chosen(self, row: "Row") -> Chosen:
        counted: dict[int, int] = {}
        others = []
        for choice, weight in _signed(row):
            bits = self.defined[choice]
            if choice not in self.against and bits.bit_count() == 1:
                counted[weight] = counted.get(weight, 0) | bits
            else:
                others.append((weight, choice))
        return Chosen(counted=tuple(counted.items()), others=tuple(others))


def _add(totals: list[int], amounts: Mapping[int, int], times: int) -> None:
    """Add amounts to the totals of records, so many times in each lane."""
    for record, amount in amounts.items():
        totals[record] += amount * times


def _excludes(row: "Row") -> bool:
    """Whether it says that two badges in two buckets exclude each other, and no more."""
    if row.asks or row.bound != 1 or row.choices or row.shared:
        return False
    return all(term.times == 1 and list(term.amounts.values()) == [1] for term in row.terms)


def _as_one(pairs: Sequence["Row"]) -> "Row":
    """The rows on pairs with one badge in common, the first, as one row."""
    (first, later), times = pairs[0].terms, len(pairs)
    others = Counter(other for pair in pairs for other in pair.terms[1].amounts)
    terms = (first._replace(times=times), later._replace(amounts=others))
    return pairs[0]._replace(bound=times, terms=terms)


def _signed(row: "Row") -> Iterator[tuple[int, int]]:
    """The choices in a row, and what they add to its room."""
    for choice, weight in row.choices.items():
        yield choice, weight if row.asks else -weight


def _against(rows: Iterable["Row"], hanging: Iterable["Row"]) -> dict[int, list[int]]:
    """For each choice that weighs down in one of the rows that are `hanging`, all rows in which it
    does, by number."""
    found: dict[int, list[int]] = {
        choice: [] for row in hanging for choice, weight in _signed(row) if weight < 0
    }
    if found:
        for number, row in enumerate(rows):
            for choice, weight in _signed(row):
                if weight < 0 and choice in found:
                    found[choice].append(number)
    return found
