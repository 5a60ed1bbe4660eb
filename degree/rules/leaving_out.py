"""What does not count for an award, and what is in its way: read off the placing, never guessed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from degree.rules.bench import Bench
from degree.rules.case import Case
from degree.rules.drafting import HIGHEST_MARK
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
    which this one `leads`.
    """

    record: str
    rule: str
    adds: int = 0
    room: int = 0
    bound: int = 0
    beside: str = ""
    order: Order | None = None
    leads: bool = False


def left_out(case: Case, problem: Problem, placed: Placing) -> Iterable[LeftOut]:
    """The records of the case that are not placed."""
    last, tally = deadline(case, problem.award), Tally(problem, placed)
    for number, record in enumerate(problem.records):
        if placed[number] != OUT:
            continue
        if problem.options[number]:
            yield _limited(case, problem, tally, number)
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
    nowhere = LeftOut(record=record.id, rule=f"{award.path}.buckets")
    pass_mark = case.programme.pass_mark
    if record.mark is None:
        return nowhere
    if pass_mark is not None and record.mark < pass_mark:
        homes = _homes(case, award, replace(record, mark=pass_mark))
        floors = [floor for floor in map(case.condoned_from, homes) if floor is not None]
        if floors:
            rule = f"{award.path}.condonement.mark_floor"
            return LeftOut(record=record.id, rule=rule, bound=min(floors))
        if homes:
            return LeftOut(record=record.id, rule=FAILED, bound=pass_mark)
    if _homes(case, award, replace(record, mark=HIGHEST_MARK)):
        return LeftOut(record=record.id, rule=f"{award.path}.min_mark")
    return nowhere


def _homes(case: Case, award: Award, record: Record) -> list[Bucket]:
    """The buckets that would take such a record."""
    alone = replace(case, records=(record,))
    return [part.bucket for part in award.parts if alone.taken(part.bucket)]


def _limited(case: Case, problem: Problem, tally: Tally, record: int) -> LeftOut:
    """By a limit that keeps it out beside what is counted, if possible out of every bucket."""
    name = problem.records[record].id
    over = [
        {
            number: amount
            for number in problem.ceilings
            if (amount := problem.rows[number].of(record, option))
            and tally.sum(number) + amount > problem.rows[number].bound
        }
        for option in problem.options[record]
    ]
    if not all(over):
        return LeftOut(record=name, rule="")
    everywhere = set(over[0]).intersection(*over)
    number = min(everywhere or over[0])
    row = problem.rows[number]
    orders = {each.path: each.order for each in case.programme.prerequisites}
    excluding = {each.path for each in case.programme.exclusions}
    beside = ""
    if row.path in orders or row.path in excluding:
        beside = next(
            problem.records[other].id
            for other, taken in enumerate(tally.placed)
            if taken != OUT and row.of(other, problem.options[other][taken])
        )
    return LeftOut(
        record=name,
        rule=row.path,
        adds=over[0][number],
        room=max(0, row.bound - tally.sum(number)),
        beside=beside,
        order=orders.get(row.path),
        leads=record in row.terms[0].amounts if row.path in orders else False,
    )
