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

from degree.rules.branches import DEEPEST, MOST_NAMES, Branch, Tree
from degree.rules.closing import Hold, OneRow
from degree.rules.columns import Columns
from degree.rules.parting import Parting, Partings, Side
from degree.rules.tally import Tally

_MOST_BADGES: Final = 64  # with more, cases are hardly ever few, and to begin with them takes long
_MOST_WORK: Final = 8_000_000  # numbers that are weighed for one question: about half a second
_MOST_LEAVES: Final = 3_000
_MORE_LEAVES: Final = 40  # beside twice as many, which a proof by fewer rules may take
_MOST_WEIGHED: Final = 8  # partings before one is chosen; more hardly lead to fewer cases
_FINE: Final = 1 << 30  # parts of the room of a row, by which rows are compared


@dataclass(frozen=True, slots=True)
class _Closed:
    """A case that a row closes, by its number in the problem; `by` is what it then lacks."""

    row: int
    by: int


@dataclass(frozen=True, slots=True)
class _Parted:
    """A case in which a badge is parted from some of what it could do."""

    parting: Parting
    low: "_Case"
    high: "_Case"


_Case = _Closed | _Parted


class _TooMany(Exception):
    """The cases are too many."""


class _Open(Exception):
    """A case in which no row is broken, with what is left to each badge."""

    def __init__(self, left: Sequence[int]) -> None:
        super().__init__()
        self.left = left


def exhausted(columns: Columns) -> tuple[int, ...] | Tree | None:
    """A placing that keeps every row, or the proof that there is none, by as few rules as it takes;
    None where there are too many cases, or the choices of the first placing do not come out."""
    problem = columns.problem
    if len(problem.able) > _MOST_BADGES:
        return None
    if any(len(members) > 1 for members in columns.classes):
        columns = Columns(problem, twins=False)
    cases = _Cases(columns)
    try:
        found = cases.all(cases.rows, _MOST_LEAVES)
    except _TooMany:
        return None
    except _Open as open_:
        placed = cases.partings.placing(open_.left)
        return placed if Tally(problem, placed).keeps() else None
    return cases.proof(cases.least(found))


class _Cases:
    def __init__(self, columns: Columns) -> None:
        self._problem = problem = columns.problem
        self._columns = columns
        self.rows = [number for number in problem.binding if not problem.rows[number].choices]
        self.partings = Partings(columns, self.rows)
        self._of_row: dict[int, OneRow] = {}
        sizes = [problem.credits[record] for (record,) in columns.classes]
        self._largest_first = sorted(range(len(sizes)), key=lambda badge: -sizes[badge])
        self._leaves = 0  # that may still be closed
        self._names = 0  # of rows and records that their proof may still take
        self._held: dict[int, tuple[Hold, ...]] = {}  # what holds each badge in a case (closing.py)
        self._weighed = 0  # numbers, beside those of the partings
        self._lanes: list[int] = []  # of the rows that close cases
        self._signs = 0  # the highest bits of these

    def all(self, rows: Sequence[int], most_leaves: int, known: _Case | None = None) -> _Case:
        """All cases, closed by these rows. Raises _Open and _TooMany.

        Cases that are `known` are parted as they were, so that only the new ones cost a search.
        """
        self._leaves, self._names, self._held = most_leaves, MOST_NAMES, {}
        used = frozenset(rows)
        self._lanes = [lane for lane, number in enumerate(self.rows) if number in used]
        width, left = self.partings.width, self.partings.able()
        self._signs = sum(1 << lane * width + width - 1 for lane in self._lanes)
        most = (self.partings.most(badge, each) for badge, each in enumerate(left))
        rooms = self.partings.empty + sum(most)
        return self._close(left, rooms, 0, known)

    def _close(self, left: list[int], rooms: int, depth: int, known: _Case | None) -> _Case:
        broken = self._signs & ~rooms
        if broken:
            lane = (broken.bit_length() - 1) // self.partings.width
            self._leaves -= 1
            self._names -= self._by_row(self.rows[lane]).names(self._held)
            if self._leaves < 0 or self._names < 0:
                raise _TooMany
            return _Closed(self.rows[lane], -self.partings.room(rooms, lane))
        was = known if isinstance(known, _Parted) else None
        parting = was.parting if was else self._parting(left, rooms)
        if parting is None:
            raise _Open(left)
        if depth == DEEPEST:
            raise _TooMany
        badge, before = parting.badge, left[parting.badge]
        holds, rest = self._held.get(badge, ()), rooms - parting.before
        self._names -= 1
        left[badge], self._held[badge] = parting.low.left, (*holds, (parting.place, False))
        low = self._close(left, rest + parting.low.most, depth + 1, was and was.low)
        left[badge], self._held[badge] = parting.high.left, (*holds, (parting.place, True))
        high = self._close(left, rest + parting.high.most, depth + 1, was and was.high)
        left[badge], self._held[badge] = before, holds
        return _Parted(parting, low, high)

    def _parting(self, left: Sequence[int], rooms: int) -> Parting | None:
        """The parting that closes one of its sides or both; if none does, the one whose sides both
        take large parts of rooms. None where nothing is left to decide."""
        signs, half = self._signs, None
        others: list[Parting] = []
        for badge in self._largest_first:
            able = left[badge]
            for parting in self.partings.of(badge, able) if able & able - 1 else ():
                self._weighed += len(self.rows)
                rest = rooms - parting.before
                low_open = (rest + parting.low.most) & signs == signs
                high_open = (rest + parting.high.most) & signs == signs
                if low_open and high_open:
                    others.append(parting)
                elif low_open or high_open:
                    half = half or parting
                else:
                    return parting
        if self._is_spent:
            raise _TooMany
        return half or self._largest(others, rooms)

    def _largest(self, partings: Sequence[Parting], rooms: int) -> Parting | None:
        """Of the first of these the one that takes most."""
        scale = self._scale(rooms)
        return max(
            partings[:_MOST_WEIGHED],
            key=lambda each: _taken(each.low, scale) * _taken(each.high, scale),
            default=None,
        )

    @property
    def _is_spent(self) -> bool:
        return self._weighed + self.partings.weighed > _MOST_WORK

    def _scale(self, rooms: int) -> list[int]:
        """For each lane how much one unit is of its room; 0 where its row does not matter."""
        scale = [0] * len(self.rows)
        for lane in self._lanes:
            scale[lane] = _FINE // (self.partings.room(rooms, lane) + 1)
        return scale

    def least(self, found: _Case) -> _Case:
        """Proved by as few rules as it takes: each is left out on trial, and stays out where the
        others close all cases too."""
        for path in self._paths(found):
            used = {self._problem.rows[number].path for number in _rows(found)}
            if path not in used or self._is_spent:
                continue
            kept = [n for n in self.rows if self._problem.rows[n].path in used - {path}]
            more = 2 * sum(1 for _ in _rows(found)) + _MORE_LEAVES
            try:
                found = self.all(kept, min(more, _MOST_LEAVES), found)
            except (_Open, _TooMany):
                continue
        return found

    def _paths(self, found: _Case) -> list[str]:
        return list(dict.fromkeys(self._problem.rows[n].path for n in sorted(set(_rows(found)))))

    def proof(self, found: _Case) -> Tree:
        """The proof with its cuts, in the engine's own form."""
        return self._written(found, {}, {}, 1)

    def _written(
        self, case: _Case, held: dict[int, tuple[Hold, ...]], names: dict[Hold, str], depth: int
    ) -> Tree:
        """The proof of one case, with what holds each badge (closing.py)."""
        if isinstance(case, _Closed):
            return self._by_row(case.row).cut(held, names, case.by)
        parting = case.parting
        badge, before = parting.badge, held.get(parting.badge, ())
        sides = []
        for below, high in ((case.low, False), (case.high, True)):
            hold = parting.place, high
            held[badge] = (*before, hold)
            sides.append(self._written(below, held, {**names, hold: f"split {depth}"}, depth + 1))
        held[badge] = before
        return Branch(split=parting.split, low=sides[0], high=sides[1])

    def _by_row(self, number: int) -> OneRow:
        if number not in self._of_row:
            self._of_row[number] = OneRow(self._columns, number)
        return self._of_row[number]


def _taken(side: Side, scale: Sequence[int]) -> int:
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
