"""Proofs by cases without a solver: badges are decided one by one, until a rule closes the case.

Where few badges could count, and a rule such as a share of judges makes each of them matter, all
cases are gone through in a few milliseconds. What the rules could still get at best stands in one
number, in lanes as in effects.py, so that one addition follows a badge and one look at the highest
bits shows whether a rule can no longer be kept.

Rules that hang on choices close no case here: where only such a rule is broken, nothing is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from degree.rules.branches import DEEPEST, Branch, Split, Tree, split_row
from degree.rules.closing import Closing
from degree.rules.columns import Columns
from degree.rules.rows import OUT, Problem, Row
from degree.rules.tally import Tally

_MOST_BADGES: Final = 64  # with more, cases are hardly ever few, and to begin with them takes long
_MOST_WORK: Final = 8_000_000  # numbers that are weighed for one question: about half a second
_MOST_LEAVES: Final = 3_000
_MOST_WEIGHED: Final = 8  # partings before one is chosen; more hardly lead to fewer cases
_FINE: Final = 1 << 30  # parts of the room of a row, by which rows are compared


@dataclass(frozen=True, slots=True)
class _Closed:
    """A case that a row closes, by its number in the problem."""

    row: int


@dataclass(frozen=True, slots=True)
class _Parted:
    """A case in which a badge is parted from some of what it could do."""

    place: int
    split: Split
    low: "_Case"
    high: "_Case"


_Case = _Closed | _Parted


@dataclass(frozen=True, slots=True)
class _Side:
    """What is left to a badge, as a set of bits, on one side of a parting: the most that each row
    can get of it then, in lanes, and by how much less that is than before, for lanes with less."""

    left: int
    most: int
    less: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parting:
    """How a case is split: the badge, and what it could do before and can do on each side."""

    badge: int
    before: int
    low: _Side
    high: _Side
    place: int
    split: Split


class _TooMany(Exception):
    """The cases are too many."""


class _Open(Exception):
    """A case in which no row is broken, with what is left to each badge."""

    def __init__(self, left: Sequence[int]) -> None:
        super().__init__()
        self.left = left


def exhausted(problem: Problem) -> tuple[int, ...] | Tree | None:
    """A placing that keeps every row, or the proof that there is none, by as few rules as it takes;
    None where there are too many cases, or the choices of the first placing do not come out."""
    if len(problem.able) > _MOST_BADGES:
        return None
    cases = _Cases(problem)
    try:
        found = cases.all(cases.rows, _MOST_LEAVES)
    except _TooMany:
        return None
    except _Open as open_:
        placed = cases.placing(open_.left)
        return placed if Tally(problem, placed).keeps() else None
    return cases.proof(cases.least(found))


class _Cases:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._columns = columns = Columns(problem, twins=False)
        self._closing = Closing(columns, ())
        self.rows = [number for number in problem.binding if not problem.rows[number].choices]
        self._groups = [group for group, _ in columns.once]
        sizes = [problem.credits[record] for (record,) in columns.classes]
        self._largest_first = sorted(range(len(sizes)), key=lambda badge: -sizes[badge])
        self._gives = self._given()
        bounds = [self._closing.rounded[number] for number in self.rows]
        self._start = [-row.bound if row.asks else row.bound for row in bounds]
        self._width = self._lane_width()
        self._best: dict[tuple[int, int], tuple[int, list[int]]] = {}
        self._known: dict[tuple[int, int], list[_Parting]] = {}
        self._leaves = 0  # that may still be closed
        self._work = _MOST_WORK

    def _given(self) -> list[list[list[int]]]:
        """What each badge gives to each row by each option and, last, by none."""
        gives = [[0] * len(self.rows) for _ in self._columns.options]
        for lane, number in enumerate(self.rows):
            sign = 1 if self._problem.rows[number].asks else -1
            for column, amount in self._columns.rows[number].items():
                gives[column][lane] = amount * sign
        return [
            [*(gives[column] for column in group), [0] * len(self.rows)] for group in self._groups
        ]

    def _lane_width(self) -> int:
        """The bits that hold whatever a row could come to, and one for its sign."""
        most = [abs(each) for each in self._start]
        for options in self._gives:
            for lane, amounts in enumerate(zip(*options, strict=True)):
                most[lane] += max(map(abs, amounts))
        return max(most, default=0).bit_length() + 2

    def best(self, badge: int, left: int) -> tuple[int, list[int]]:
        """The most that each row can get of a badge by what is left to it: in lanes, and apart."""
        found = self._best.get((badge, left))
        if found is None:
            self._work -= len(self.rows) * len(self._gives[badge])
            able = [gives for n, gives in enumerate(self._gives[badge]) if left >> n & 1]
            most = [max(amounts) for amounts in zip(*able, strict=True)]
            found = self._best[badge, left] = (self._in_lanes(most), most)
        return found

    def _in_lanes(self, amounts: Sequence[int]) -> int:
        return sum(amount << lane * self._width for lane, amount in enumerate(amounts))

    def all(self, rows: Sequence[int], most_leaves: int) -> _Case:
        """All cases, closed by these rows. Raises _Open and _TooMany."""
        self._leaves = most_leaves
        used = frozenset(rows)
        self._lanes = [lane for lane, number in enumerate(self.rows) if number in used]
        highest = self._width - 1
        self._signs = sum(1 << lane * self._width + highest for lane in self._lanes)
        left = [(1 << len(options)) - 1 for options in self._gives]
        rooms = self._in_lanes([each + (1 << highest) for each in self._start])
        rooms += sum(self.best(badge, each)[0] for badge, each in enumerate(left))
        return self._close(left, rooms, 0)

    def _close(self, left: list[int], rooms: int, depth: int) -> _Case:
        broken = self._signs & ~rooms
        if broken:
            self._leaves -= 1
            if self._leaves < 0:
                raise _TooMany
            return _Closed(self.rows[(broken.bit_length() - 1) // self._width])
        parting = self._parting(left, rooms)
        if parting is None:
            raise _Open(left)
        if depth == DEEPEST:
            raise _TooMany
        badge, before = parting.badge, left[parting.badge]
        rest = rooms - parting.before
        sides = []
        for side in (parting.low, parting.high):
            left[badge] = side.left
            sides.append(self._close(left, rest + side.most, depth + 1))
        left[badge] = before
        return _Parted(parting.place, parting.split, *sides)

    def _parting(self, left: Sequence[int], rooms: int) -> _Parting | None:
        """The parting that closes one of its sides or both; if none does, the one whose sides both
        take large parts of rooms. None where nothing is left to decide."""
        signs, scale = self._signs, self._scale(rooms)
        found, most = None, (-1, 0)
        weighed = 0
        for badge in self._largest_first:
            able = left[badge]
            for parting in self._partings(badge, able) if able & able - 1 else ():
                low, high, rest = parting.low, parting.high, rooms - parting.before
                self._work -= len(scale)
                closed = (signs & ~(rest + low.most) != 0) + (signs & ~(rest + high.most) != 0)
                if closed == 2:
                    return parting
                if closed or most[0] > 0 or weighed == _MOST_WEIGHED:
                    worth = (closed, 0)
                else:
                    weighed += 1
                    worth = (0, _taken(low, scale) * _taken(high, scale))
                if worth > most:
                    found, most = parting, worth
        if self._work < 0:
            raise _TooMany
        return found

    def _scale(self, rooms: int) -> list[int]:
        """For each lane how much one unit is of its room; 0 where its row does not matter."""
        width, mask, half = self._width, (1 << self._width) - 1, 1 << self._width - 1
        scale = [0] * len(self.rows)
        for lane in self._lanes:
            scale[lane] = _FINE // ((rooms >> lane * width & mask) - half + 1)
        return scale

    def _partings(self, badge: int, left: int) -> list[_Parting]:
        """Whether the badge counts at all; then for each option, whether it takes that one. Those
        that change nothing for any row are left out."""
        known = self._known.get((badge, left))
        if known is None:
            all_ = [self._made(badge, left, *each) for each in self._ways(badge, left)]
            known = [each for each in all_ if each.low.less or each.high.less]
            self._known[badge, left] = known
        return known

    def _ways(self, badge: int, left: int) -> Iterator[tuple[int, int, Split]]:
        """What is left on the high side, with the place and the split."""
        columns, options = self._columns, len(self._groups[badge])
        records, out = columns.classes[badge], 1 << options
        able = [number for number in range(options) if left >> number & 1]
        if left & out:
            yield left ^ out, len(columns) + badge, Split(records=records)
        elif len(able) > 1:
            for number in able:
                option = self._problem.options[records[0]][number]
                split = Split(records=records, option=option)
                yield 1 << number, self._groups[badge][number], split

    def _made(self, badge: int, left: int, high: int, place: int, split: Split) -> _Parting:
        before, _ = self.best(badge, left)
        return _Parting(
            badge=badge,
            before=before,
            low=self._side(badge, left, left ^ high),
            high=self._side(badge, left, high),
            place=place,
            split=split,
        )

    def _side(self, badge: int, before: int, left: int) -> _Side:
        (_, had), (lanes, has) = self.best(badge, before), self.best(badge, left)
        less = [(lane, most - has[lane]) for lane, most in enumerate(had) if most > has[lane]]
        return _Side(left, lanes, tuple(less))

    def placing(self, left: Sequence[int]) -> tuple[int, ...]:
        """What gives every row the most of what is left."""
        placed = [OUT] * len(self._problem.records)
        for badge, able in enumerate(left):
            (record,), most = self._columns.classes[badge], self.best(badge, able)[0]
            for number in range(len(self._groups[badge])):
                if able >> number & 1 and self.best(badge, 1 << number)[0] == most:
                    placed[record] = number
                    break
        return tuple(placed)

    def least(self, found: _Case) -> _Case:
        """Proved by as few rules as it takes: each is left out on trial, and stays out where the
        others close all cases too."""
        for path in self._paths(found):
            used = {self._problem.rows[number].path for number in _rows(found)}
            if path not in used or self._work < 0:
                continue
            kept = [n for n in self.rows if self._problem.rows[n].path in used - {path}]
            try:
                found = self.all(kept, 2 * sum(1 for _ in _rows(found)))
            except (_Open, _TooMany):
                continue
        return found

    def _paths(self, found: _Case) -> list[str]:
        return list(dict.fromkeys(self._problem.rows[n].path for n in sorted(set(_rows(found)))))

    def proof(self, case: _Case, held: tuple[tuple[int, Row], ...] = ()) -> Tree | None:
        """The proof with its cuts, in the engine's own form."""
        if isinstance(case, _Closed):
            return self._closing.by_row(case.row, {(place, row.asks): row for place, row in held})
        sides = []
        for side, high in ((case.low, False), (case.high, True)):
            row = split_row(case.split, len(held) + 1, high=high)
            sides.append(self.proof(side, (*held, (case.place, row))))
        low, high_ = sides
        return Branch(split=case.split, low=low, high=high_) if low and high_ else None


def _taken(side: _Side, scale: Sequence[int]) -> int:
    """How much of the rooms a side takes: large parts of a few count for more than small ones of
    many."""
    return 1 + sum([(less * scale[lane] >> 15) ** 2 for lane, less in side.less])


def _rows(case: _Case) -> Iterator[int]:
    """The row of every closed case."""
    waiting = [case]
    while waiting:
        each = waiting.pop()
        if isinstance(each, _Closed):
            yield each.row
        else:
            waiting += (each.high, each.low)
