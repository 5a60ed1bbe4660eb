"""How the badges of a problem can be parted, and what that leaves to its rows.

What a badge could still do is a set of bits: one for each of its options and, last, one for none. A
parting leaves some of them to one side and the others to the other. The most that each row could
get of a badge stands in one number, in lanes (effects.py), all of one width.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from degree.rules.branches import Split
from degree.rules.columns import Columns
from degree.rules.rows import OUT


@dataclass(frozen=True, slots=True)
class Side:
    """What is left to a badge on one side of a parting: the most that each row can get of it then,
    in lanes, and by how much less that is than before, for lanes with less."""

    left: int
    most: int
    less: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """How a case is split: the badge, the most that rows could get of it before, and both sides.

    `place` is that of the split (Columns.places).
    """

    badge: int
    before: int
    low: Side
    high: Side
    place: int
    split: Split


class Partings:
    """The partings of all badges, over these rows: by their number in the problem.

    `empty` are the rooms of the rows with nothing counted, `weighed` are the numbers looked at.
    """

    def __init__(self, columns: Columns, rows: Sequence[int]) -> None:
        self._columns = columns
        self._groups = [group for group, _ in columns.once]
        self._gives = self._given(rows)
        self._best: dict[tuple[int, int], tuple[int, list[int]]] = {}
        self._known: dict[tuple[int, int], list[Parting]] = {}
        bounds = [columns.problem.rows[number] for number in rows]
        room = [-row.bound if row.asks else row.bound for row in bounds]
        self.width = self._lane_width(room)
        self.empty = self._in_lanes([each + (1 << self.width - 1) for each in room])
        self.weighed = 0

    def able(self) -> list[int]:
        """All that each badge could do."""
        return [(1 << len(options)) - 1 for options in self._gives]

    def room(self, rooms: int, lane: int) -> int:
        """What is left to a row; below 0 where it is broken."""
        half = 1 << self.width - 1
        return (rooms >> lane * self.width & (1 << self.width) - 1) - half

    def most(self, badge: int, left: int) -> int:
        """The most that each row can get of a badge by what is left to it, in lanes."""
        return self._most(badge, left)[0]

    def of(self, badge: int, left: int) -> list[Parting]:
        """Whether the badge counts at all; then for each option, whether it takes that one. Those
        that change nothing for any row are left out."""
        known = self._known.get((badge, left))
        if known is None:
            all_ = [self._made(badge, left, *each) for each in self._ways(badge, left)]
            known = [each for each in all_ if each.low.less or each.high.less]
            self._known[badge, left] = known
        return known

    def placing(self, left: Sequence[int]) -> tuple[int, ...]:
        """What gives every row the most of what is left."""
        placed = [OUT] * len(self._columns.problem.records)
        for badge, able in enumerate(left):
            (record,), most = self._columns.classes[badge], self.most(badge, able)
            for number in range(len(self._groups[badge])):
                if able >> number & 1 and self.most(badge, 1 << number) == most:
                    placed[record] = number
                    break
        return tuple(placed)

    def _given(self, rows: Sequence[int]) -> list[list[list[int]]]:
        """What each badge gives to each row by each option and, last, by none."""
        columns = self._columns
        gives = [[0] * len(rows) for _ in columns.options]
        for lane, number in enumerate(rows):
            sign = 1 if columns.problem.rows[number].asks else -1
            for column, amount in columns.rows[number].items():
                gives[column][lane] = amount * sign
        return [[*(gives[column] for column in group), [0] * len(rows)] for group in self._groups]

    def _lane_width(self, room: Sequence[int]) -> int:
        """The bits that hold whatever a row could come to, and one for its sign."""
        most = [abs(each) for each in room]
        for options in self._gives:
            for lane, amounts in enumerate(zip(*options, strict=True)):
                most[lane] += max(map(abs, amounts))
        return max(most, default=0).bit_length() + 2

    def _in_lanes(self, amounts: Sequence[int]) -> int:
        return sum(amount << lane * self.width for lane, amount in enumerate(amounts))

    def _most(self, badge: int, left: int) -> tuple[int, list[int]]:
        """The same in lanes, and apart."""
        found = self._best.get((badge, left))
        if found is None:
            able = [gives for n, gives in enumerate(self._gives[badge]) if left >> n & 1]
            most = [max(amounts) for amounts in zip(*able, strict=True)]
            self.weighed += len(most) * len(self._gives[badge])
            found = self._best[badge, left] = (self._in_lanes(most), most)
        return found

    def _ways(self, badge: int, left: int) -> Iterator[tuple[int, int, Split]]:
        """What is left on the high side, with the place and the split."""
        columns, options = self._columns, len(self._groups[badge])
        records, out = columns.classes[badge], 1 << options
        able = [number for number in range(options) if left >> number & 1]
        if left & out:
            yield left ^ out, len(columns) + badge, Split(records=records)
        elif len(able) > 1:
            for number in able:
                option = columns.problem.options[records[0]][number]
                split = Split(records=records, option=option)
                yield 1 << number, self._groups[badge][number], split

    def _made(self, badge: int, left: int, high: int, place: int, split: Split) -> Parting:
        return Parting(
            badge=badge,
            before=self.most(badge, left),
            low=self._side(badge, left, left ^ high),
            high=self._side(badge, left, high),
            place=place,
            split=split,
        )

    def _side(self, badge: int, before: int, left: int) -> Side:
        (_, had), (lanes, has) = self._most(badge, before), self._most(badge, left)
        less = [(lane, most - has[lane]) for lane, most in enumerate(had) if most > has[lane]]
        return Side(left, lanes, tuple(less))
