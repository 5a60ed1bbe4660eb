"""What does not count for an award, and what is in its way: read off the placing, never guessed."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from degree.rules.bench import Bench
from degree.rules.case import Case
from degree.rules.drafting import HIGHEST_MARK
from degree.rules.measuring import measure
from degree.rules.nearly import Nearly, nearly
from degree.rules.posing import deadline
from degree.rules.programme import Award, Bucket, Order
from degree.rules.records import Record
from degree.rules.rows import OUT, Placing, Problem
from degree.rules.tally import Tally

FAILED: Final = "pass_mark"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A record that does not count for an award, the rule in its way, "" where it is not needed.

    A limit has `room` left, and the record `adds` more than that. A mark is below `bound`. `beside`
    is the counted record beside which it cannot stand, by `order` where that is one of time, in
    which this one `leads`. With it `label` would be behind a `share` of the credit that is too
    large. What fits no bucket fits one `nearly`, where so much is known.
    """

    record: str
    rule: str
    adds: int = 0
    room: int = 0
    bound: int = 0
    beside: str = ""
    order: Order | None = None
    leads: bool = False
    label: str = ""
    share: Fraction | None = None
    nearly: Nearly | None = None


class _Rules:
    """Rows that could keep a record out, those with a path in `first` before others: the highest
    bits of those without choices, and those that hang on choices."""

    def __init__(self, problem: Problem, rows: Iterable[int], first: Collection[str]) -> None:
        choosing = {row for row in rows if problem.rows[row].choices}
        self.bits = problem.effects.bits(row for row in rows if row not in choosing)
        self.choosing = sorted(choosing)
        self.first = first


def left_out(
    case: Case, problem: Problem, placed: Placing, *, filled: bool, first: Collection[str] = ()
) -> Iterable[LeftOut]:
    """The records of the case that are not placed.

    Where a placing has `filled` the award, what no limit keeps out is not needed; elsewhere any
    rule that it would break is in its way, one with a path in `first` before others.
    """
    last, tally = deadline(case, problem.award), Tally(problem, placed)
    kept = frozenset(problem.ceilings if filled else problem.binding).difference(tally.broken())
    rules = _Rules(problem, kept, first)
    for number, record in enumerate(problem.records):
        if placed[number] != OUT:
            continue
        if problem.options[number]:
            limited = _limited(case, problem, tally, number, rules)
            yield limited or LeftOut(record=record.id, rule="")
        elif record.activity_end > last:
            rule = f"{problem.award.path}.max_registration_years"
            yield LeftOut(record=record.id, rule=rule)
        else:
            yield _fits_nowhere(case, problem.award, record)


def unchecked(bench: Bench, case: Case) -> Iterable[LeftOut]:
    """The records that were left out because nobody could tell whether they are in force."""
    for record in bench.sifted.passed:
        if record.id in bench.sifted.pending:
            yield LeftOut(record=record.id, rule=f"{case.programme.gate.path}.status")


def _fits_nowhere(case: Case, award: Award, record: Record) -> LeftOut:
    """By its mark, where it would fit with a better one."""
    pass_mark = case.programme.pass_mark
    if record.mark is not None and pass_mark is not None and record.mark < pass_mark:
        homes = _homes(case, award, replace(record, mark=pass_mark))
        floors = [floor for floor in map(case.condoned_from, homes) if floor is not None]
        if floors:
            rule = f"{award.path}.condonement.mark_floor"
            return LeftOut(record=record.id, rule=rule, bound=min(floors))
        if homes:
            return LeftOut(record=record.id, rule=FAILED, bound=pass_mark)
    if record.mark is not None and _homes(case, award, replace(record, mark=HIGHEST_MARK)):
        return LeftOut(record=record.id, rule=f"{award.path}.min_mark")
    near = nearly(case, award, record)
    return LeftOut(record=record.id, rule=f"{award.path}.buckets", nearly=near)


def _homes(case: Case, award: Award, record: Record) -> list[Bucket]:
    """The buckets that would take such a record."""
    alone = replace(case, records=(record,))
    return [part.bucket for part in award.parts if alone.taken(part.bucket)]


def _limited(
    case: Case, problem: Problem, tally: Tally, record: int, rules: _Rules
) -> LeftOut | None:
    """By the first of these rules that it would break beside what is counted; None where it breaks
    none.

    One that keeps it out of a bucket which is short goes before one that keeps it out of all.
    """
    over: list[tuple[int, set[int]]] = []  # each option, and what it would break
    for taken in range(len(problem.options[record])):
        tally.move(record, taken)
        over.append((taken, set(tally.breaks(rules.bits, rules.choosing))))
    tally.move(record, OUT)
    if not all(broken for _, broken in over):
        return None
    short = _short(problem, tally)
    wanted = [each for each in over if not short.isdisjoint(problem.options[record][each[0]])]
    over = wanted or over
    taken, broken = over[0]
    common = broken.intersection(*(each for _, each in over)) or broken
    number = min(common, key=lambda row: (problem.rows[row].path not in rules.first, row))
    return _by(case, problem, tally, (record, taken), number)


def _by(case: Case, problem: Problem, tally: Tally, move: tuple[int, int], number: int) -> LeftOut:
    """By the row with this number, which the record would break by that option."""
    record, taken = move
    row, name = problem.rows[number], problem.records[record].id
    if row.ratio:
        placed = [*tally.placed[:record], taken, *tally.placed[record + 1 :]]
        label, share = row.name.partition("=")[2], measure(problem, placed, number)
        return LeftOut(record=name, rule=row.path, label=label, share=share)
    orders = {each.path: each.order for each in case.programme.prerequisites}
    excluding = {each.path for each in case.programme.exclusions}
    beside = ""
    if row.path in orders or row.path in excluding:
        beside = next(
            problem.records[other].id
            for other, home in enumerate(tally.placed)
            if home != OUT and row.of(other, problem.options[other][home])
        )
    return LeftOut(
        record=name,
        rule=row.path,
        adds=row.of(record, problem.options[record][taken]),
        room=max(0, row.bound - tally.sum(number)),
        beside=beside,
        order=orders.get(row.path),
        leads=record in row.terms[0].amounts if row.path in orders else False,
    )


def _short(problem: Problem, tally: Tally) -> frozenset[int]:
    """The buckets that lack credit."""
    paths = {part.path: number for number, part in enumerate(problem.award.parts)}
    names = [problem.rows[number].name for number in tally.broken()]
    return frozenset(paths[name] for name in names if name in paths)
