"""The registration clock, and what each registration year asks of a member.

The clock stands still in an authorised interruption: a registration year ends when a year of
uninterrupted days has gone by.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta

from degree.rules.programme import Obligations
from degree.rules.records import Interruption, Record, Role

_DAY = timedelta(days=1)
_LAST = date.max.toordinal()

Activities = dict[str, str]  # for each activity the record that shows it


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationYear:
    """One registration year, from `first` to `last`, both included; on `paused` days in it the
    clock stood still."""

    number: int
    first: date
    last: date
    paused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class YearKept:
    """What a member did in one registration year: ids of the records that count for each role."""

    year: RegistrationYear
    joined: tuple[str, ...]
    co_provided: tuple[str, ...]
    kept: bool


def years_after(day: date, years: int) -> date:
    """The anniversary; the one of 29 February falls on 1 March where there is no such day, and one
    beyond the calendar on its last day, so that it never comes."""
    if day.year + years > MAXYEAR:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def last_day(registered: date, *, years: int, interruptions: Iterable[Interruption]) -> date:
    """The last day of registration year number `years`; one beyond the calendar is never over."""
    return _last_day(registered, years, _merged(interruptions))


def _last_day(registered: date, years: int, pauses: Iterable[tuple[date, date]]) -> date:
    end = years_after(registered, years).toordinal()  # days may be beyond the calendar
    for first, last in pauses:
        begin = max(first, registered)
        if begin.toordinal() < end and last >= begin:
            end += (last - begin).days + 1
    return date.fromordinal(min(end - 1, _LAST))


def registration_years(
    registered: date, *, until: date, interruptions: Iterable[Interruption]
) -> tuple[RegistrationYear, ...]:
    """The registration years that have begun by `until`, in order; the last may still run."""
    pauses, first = _merged(interruptions), registered
    years: list[RegistrationYear] = []
    while first <= until:
        number = len(years) + 1
        last = _last_day(registered, number, pauses)
        paused = sum(_days_within(pause, first, last) for pause in pauses)
        years.append(RegistrationYear(number=number, first=first, last=last, paused=paused))
        first = last + _DAY
    return tuple(years)


def _days_within(pause: tuple[date, date], first: date, last: date) -> int:
    return max(0, (min(pause[1], last) - max(pause[0], first)).days + 1)


def year_kept(
    obligations: Obligations, year: RegistrationYear, records: Iterable[Record]
) -> YearKept:
    """Whether the activities that ended in `year` keep the obligations.

    Where an activity may serve one role only, those that could serve both go where they are
    needed: with two roles it is enough that each role, and both together, have enough activities.
    """
    within = [record for record in records if year.first <= record.activity_end <= year.last]
    joined = _activities(within, Role.PARTICIPANT)
    provided = _activities(within, Role.CO_PROVIDER)
    if obligations.disjoint:
        joined, provided = _parted(joined, provided, enough_joined=obligations.joined)
    return YearKept(
        year=year,
        joined=tuple(joined.values()),
        co_provided=tuple(provided.values()),
        kept=len(joined) >= obligations.joined and len(provided) >= obligations.co_provided,
    )


def _parted(
    joined: Activities, provided: Activities, *, enough_joined: int
) -> tuple[Activities, Activities]:
    """Give each activity with both roles to one of them: to joining until it has enough."""
    alone = {activity: kept for activity, kept in joined.items() if activity not in provided}
    for activity in [activity for activity in joined if activity in provided]:
        if len(alone) >= enough_joined:
            break
        alone[activity] = joined[activity]
    return alone, {key: kept for key, kept in provided.items() if key not in alone}


def _activities(records: Iterable[Record], role: Role) -> Activities:
    """Each activity in that role, with the record that shows it; prior learning is no activity."""
    found: Activities = {}
    for record in records:
        if record.role is role and not record.rpl:
            found.setdefault(record.activity or record.id, record.id)
    return found


def _merged(interruptions: Iterable[Interruption]) -> list[tuple[date, date]]:
    """The interruptions in order, without overlap, so that no day stops the clock twice."""
    merged: list[tuple[date, date]] = []
    for pause in sorted(interruptions, key=lambda pause: pause.first):
        if merged and pause.first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], pause.last))
        else:
            merged.append((pause.first, pause.last))
    return merged


def missed_years(
    years: Iterable[YearKept], *, today: date, forgiven: Collection[int]
) -> tuple[int, ...]:
    """The completed years, by number, that were not kept and not forgiven."""
    return tuple(
        each.year.number
        for each in years
        if not each.kept and each.year.last < today and each.year.number not in forgiven
    )
