"""Cuts: rows added up until they ask for more than the wallet can give (docs/decision-record.md).

A cut that a solver proposes is checked exactly: here nothing is believed. Cases without a solver
are closed by whole numbers from the start (closing.py).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import gcd

from degree.rules.rows import Option, Problem, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Multipliers by row name, which contradict each other.

    The asking rows need `needed` together; all that the wallet can give within the limits comes to
    `could_count`. With `whole` the rows are rounded to whole badges first.
    """

    rows: Mapping[str, int]
    whole: bool
    needed: int
    could_count: int

    @property
    def short(self) -> int:
        """By how much it falls short."""
        return self.needed - self.could_count


def cut(problem: Problem, rows: Iterable[tuple[Row, int]], *, whole: bool = False) -> Cut | None:
    """The cut with these rows and multipliers above 0, or None if they do not contradict."""
    used = [(row, times) for row, times in rows if times]
    anywhere: dict[int, int] = {}
    within: list[dict[int, int]] = [{} for _ in problem.award.parts]
    twice: dict[int, int] = {}
    exactly: dict[tuple[int, Option], int] = {}
    choices: dict[int, int] = {}
    needed = bound = 0
    for row, times in used:
        signed = times if row.asks else -times
        for term in row.terms:
            total = anywhere if term.bucket is None else within[term.bucket]
            _add(total, term.amounts, signed * term.times)
        _add(twice, row.shared, signed)
        for pair in row.exactly.items():
            exactly[pair] = exactly.get(pair, 0) + signed
        _add(choices, row.choices, signed)
        asked = (rounded_bound(problem, row) if whole else row.bound) * signed
        bound += asked
        needed += asked if row.asks else 0
    most = sum([weight for weight in choices.values() if weight > 0])
    for record in set(anywhere).union(twice, (each for each, _ in exactly), *within):
        best = 0
        for option in problem.options[record]:
            gives = anywhere.get(record, 0) + exactly.get((record, option), 0)
            gives += sum([within[bucket].get(record, 0) for bucket in option])
            if len(option) > 1:
                gives += twice.get(record, 0)
            best = max(best, gives)
        most += best
    if most >= bound:
        return None
    names = {row.name: times for row, times in used}
    return Cut(rows=names, whole=whole, needed=needed, could_count=needed - (bound - most))


def _add(total: dict[int, int], amounts: Mapping[int, int], times: int) -> None:
    for key, amount in amounts.items():
        total[key] = total.get(key, 0) + times * amount


def rounded_bound(problem: Problem, row: Row) -> int:
    """The bound of a plain row in whole badges: the next sum that badges can make."""
    if not row.plain:
        return row.bound
    ways = [
        {row.of(record, option) for option in problem.options[record]}
        for record in sorted(row.concerned())
    ]
    unit = gcd(*(amount for way in ways for amount in way), 0)
    if not unit:
        return row.bound
    sums = 1  # bit s is set when some badges make s units
    for way in ways:
        before = sums
        for amount in way:
            sums |= before << (amount // unit)
    if row.asks:
        least = max(0, -(-row.bound // unit))
        reached = sums >> least
        return (least + (reached & -reached).bit_length() - 1) * unit if reached else row.bound
    most = row.bound // unit
    kept = sums & ((1 << (most + 1)) - 1) if most >= 0 else 0
    return (kept.bit_length() - 1) * unit if kept else row.bound
