"""Why a badge does not count for an award, in words."""

import re
from fractions import Fraction
from typing import Final

from degree.rules.exact import CreditUnit, amount_in, credits_text, number_in
from degree.rules.leaving_out import FAILED, LeftOut
from degree.rules.nearly import Nearly
from degree.rules.programme import Finished, Order
from degree.rules.records import Record
from degree.rules.rows import Problem, Row
from degree.rules.saying import limit, percent, small, spoken, title
from degree.rules.saying_dimensions import dimension_of, stands_behind

_SAID: Final = (
    (r"^$", "not needed: other badges fill the award"),
    (r"\.buckets$", "it fits no bucket of this award"),
    (r"\.max_registration_years$", "it ended after the time of registration for this award"),
    (r"_gate\.status$", "its status could not be checked"),
)


def in_the_way(left_out: LeftOut, problem: Problem, unit: CreditUnit = CreditUnit.UK) -> str:
    """Why a record does not count for an award; credits are told in `unit`."""
    records = {record.id: record for record in problem.records}
    for pattern, said in _SAID:
        if re.search(pattern, left_out.rule):
            near = left_out.nearly
            return f"{said}: {_amiss(near, records[left_out.record])}" if near else said
    record = records[left_out.record]
    if marked := _by_its_mark(left_out, record):
        return marked
    if left_out.order is not None:
        return _out_of_order(left_out, left_out.order, record, records[left_out.beside])
    if left_out.beside:
        return f"it cannot count beside “{records[left_out.beside].title}”, which counts"
    row = next(row for row in problem.rows if row.path == left_out.rule)
    if left_out.share is not None and left_out.label:
        return (
            f"with it, {left_out.label} {stands_behind(dimension_of(row.path), 'would')} "
            f"{_more(left_out.share, row)} of the credit"
        )
    if row.asks or not row.plain:
        return f"with it, {small(title(row.path))} would not be kept"
    if not left_out.room:
        return f"{limit(row, unit)}, and these are used up"
    room = number_in(unit, left_out.room)
    return (
        f"it has {amount_in(unit, left_out.adds)}, and {room} {'is' if room == '1' else 'are'} "
        f"left of {limit(row, unit)}"
    )


def _amiss(near: Nearly, record: Record) -> str:
    """What is in the way of the bucket that a record nearly fits."""
    bucket, parts = spoken(near.bucket), []
    if near.mark is not None:
        own = "it has none" if record.mark is None else f"it has {credits_text(record.mark)}"
        parts.append(f"{bucket} asks for a mark of {credits_text(near.mark)}, and {own}")
    if near.level is not None:
        side = "above" if near.level > record.level else "below"
        parts.append(f"{bucket} takes level {near.level} or {side}, and it is of {record.level}")
    if near.rpl is not None:
        parts.append(f"{bucket} takes {'prior learning only' if near.rpl else 'no prior learning'}")
    return "; ".join(parts)


def _more(share: Fraction, row: Row) -> str:
    """A share that is larger than the row allows."""
    part, whole = (term.times for term in row.terms)
    told = percent(share)
    return f"a little more than {told}" if told == percent(Fraction(-whole, part)) else told


def _by_its_mark(left_out: LeftOut, record: Record) -> str:
    mark, least = credits_text(record.mark or 0), credits_text(left_out.bound)
    if left_out.rule == FAILED:
        return f"its mark of {mark} is below the pass mark of {least}"
    if left_out.rule.endswith(".mark_floor"):
        return f"its mark of {mark} is a fail, and below the {least} from which one is condoned"
    if left_out.rule.endswith(".min_mark"):
        return f"its mark of {mark} is too low for this award"
    of_class = re.fullmatch(r"classification\.([^.]+)\.(first_attempts|uncondoned)", left_out.rule)
    if not of_class:
        return ""
    name = spoken(of_class[1])
    if of_class[2] == "uncondoned":
        return f"its mark of {mark} is a fail, and {name} allows none"
    return f"it was not passed at the first attempt, and {name} asks for that"


def _out_of_order(left_out: LeftOut, order: Order, record: Record, beside: Record) -> str:
    """By the days of both."""
    earlier, later = (record, beside) if left_out.leads else (beside, record)
    started = order.finished is Finished.BEFORE_START
    day, verb = (later.activity_start, "began") if started else (later.activity_end, "ended")
    ended, name = earlier.activity_end, f"“{beside.title}”"
    if ended > day and left_out.leads:
        said = f"it ended on {ended}, and {name} {verb} on {day}"
    elif ended > day:
        said = f"it {verb} on {day}, and {name} ended on {ended}"
    elif left_out.leads:
        said = f"it ended on {ended}, too long before {name} did on {later.activity_end}"
    else:
        said = f"{name} ended on {ended}, too long before it did on {later.activity_end}"
    return f"{small(title(left_out.rule))}: {said}"
