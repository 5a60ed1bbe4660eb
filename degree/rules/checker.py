"""Checks a "satisfied" without trusting the engine: no search, no flow, nothing of its code.

It reads the programme, the wallet and the claimed placements, and says everything that speaks
against them. Rules are spelled out again here on purpose: a mistake would have to be made twice.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

from degree.rules.explain import Placement
from degree.rules.programme import Award, MeasuredAt, Obligations, Programme
from degree.rules.records import Record, Role, Status, Wallet


def objections(
    programme: Programme,
    wallet: Wallet,
    *,
    award_id: str,
    placements: Iterable[Placement],
    today: date,
) -> tuple[str, ...]:
    """Every objection to the claim that these placements earn the award; empty accepts it."""
    awards = [award for award in programme.awards if award.id == award_id]
    if len(awards) != 1:
        return (f"there is no award {award_id}",)
    award, records = awards[0], {record.id: record for record in wallet.records}
    claimed = list(placements)
    unknown = [claim.record for claim in claimed if claim.record not in records]
    if unknown or len({claim.record for claim in claimed}) < len(claimed):
        return ("a record is placed that is not presented, or twice", *unknown)
    counted = [records[claim.record] for claim in claimed]
    buckets: dict[str, list[Record]] = {}
    for claim in claimed:
        buckets.setdefault(claim.bucket, []).append(records[claim.record])
    return (
        *_against_records(programme, wallet, award, counted, today),
        *_against_buckets(award, buckets),
        *_against_totals(award, counted),
        *_against_spread(programme, award, counted),
        *_against_pairs(programme, buckets, counted),
        *_against_years(programme, wallet, award, today),
    )


def _against_records(
    programme: Programme, wallet: Wallet, award: Award, counted: list[Record], today: date
) -> Iterable[str]:
    gate, end = programme.gate, None
    if award.max_registration_years:
        end = _year_end(wallet, award.max_registration_years, paused=True)
    for record in counted:
        if not _genuine(programme, wallet, record):
            yield f"{record.id} does not pass the evidence gate"
        if gate.not_used_before and record.used_in:
            yield f"{record.id} already counts in {record.used_in}"
        life = gate.rpl_life if record.rpl else gate.earned_life
        if life:
            at = wallet.registered if life.measured_at is MeasuredAt.REGISTRATION else today
            if _anniversary(record.activity_end, life.years) < at:
                yield f"{record.id} is past its {life.years} years"
        if end and record.activity_end >= end:
            yield f"{record.id} was earned after the registration ended"


def _genuine(programme: Programme, wallet: Wallet, record: Record) -> bool:
    gate = programme.gate
    good = {Status.VALID, Status.EXPIRED} if gate.may_be_expired else {Status.VALID}
    judges = [judge for judge in record.judges if gate.holder_may_endorse or judge != wallet.holder]
    endorsed = len(set(judges)) if gate.distinct_endorsers else len(judges)
    return (
        record.issuer in gate.issuers and record.status in good and endorsed >= gate.min_endorsers
    )


def _against_buckets(award: Award, buckets: dict[str, list[Record]]) -> Iterable[str]:
    parts = {part.bucket.name: part for part in award.parts}
    yield from (f"the award has no bucket {name}" for name in buckets if name not in parts)
    for name, part in parts.items():
        bucket, inside = part.bucket, buckets.get(name, [])
        if _credits(inside) < part.minimum:
            yield f"{name} holds less than it needs"
        if bucket.max_badges is not None and len(inside) > bucket.max_badges:
            yield f"{name} holds too many badges"
        for cap in bucket.ceilings:
            if _credits(record for record in inside if record.level <= cap.level) > cap.amount:
                yield f"{name} holds too much at level {cap.level} or below"
        for record in inside:
            where = bucket.where
            fits = (
                (not where.tags or where.tags & record.tags)
                and (not where.kinds or record.kind in where.kinds)
                and (not where.roles or record.role in where.roles)
                and record.level >= where.level
                and (bucket.rpl or not record.rpl)
            )
            if not fits:
                yield f"{record.id} does not fit {name}"


def _against_totals(award: Award, counted: list[Record]) -> Iterable[str]:
    if _credits(counted) < award.credits:
        yield "the credits do not reach the award"
    for floor in award.floors:
        if _credits(record for record in counted if record.level >= floor.level) < floor.amount:
            yield f"too few credits at level {floor.level} or above"
    for cap in award.ceilings:
        if _credits(record for record in counted if record.level <= cap.level) > cap.amount:
            yield f"too many credits at level {cap.level} or below"
    prior = _credits(record for record in counted if record.rpl)
    if award.rpl_cap is not None and prior > award.rpl_cap:
        yield "too many credits of prior learning"


def _against_spread(programme: Programme, award: Award, counted: list[Record]) -> Iterable[str]:
    contexts, circles, judges = programme.contexts, programme.circles, programme.validators
    if contexts and award.id in contexts.awards:
        names = {name for record in counted for name in record.contexts}
        rich = [
            name
            for name in names
            if _credits(record for record in counted if name in record.contexts)
            >= contexts.credits_each
        ]
        if len(rich) < contexts.at_least:
            yield "too few contexts"
    named = {record.circle for record in counted if record.circle}
    if circles and award.id in circles.awards and len(named) < circles.at_least:
        yield "too few circles"
    if judges and award.id in judges.awards:
        people = {judge for record in counted for judge in record.judges}
        if len(people) < judges.at_least:
            yield "too few judges"
        for judge in sorted(people):
            theirs = _credits(record for record in counted if judge in record.judges)
            if judges.max_share and theirs > judges.max_share * _credits(counted):
                yield f"{judge} stands behind too large a share"


def _against_pairs(
    programme: Programme, buckets: dict[str, list[Record]], counted: list[Record]
) -> Iterable[str]:
    for exclusion in programme.exclusions:
        if sum(record.code in exclusion.codes for record in counted) > 1:
            yield f"more than one of {', '.join(sorted(exclusion.codes))} is counted"
    for rule in programme.prerequisites:
        pairs = product(buckets.get(rule.before, []), buckets.get(rule.after, []))
        for first, later in pairs:
            day = later.activity_start if rule.finished == "before_start" else later.activity_end
            if first.activity_end > day:
                yield f"{first.id} was not finished before {later.id}"


def _against_years(
    programme: Programme, wallet: Wallet, award: Award, today: date
) -> Iterable[str]:
    rule = programme.obligations
    if rule is None or award.id not in rule.awards:
        return
    genuine = [record for record in wallet.records if _genuine(programme, wallet, record)]
    first, number = wallet.registered, 1
    while (end := _year_end(wallet, number, paused=rule.pauses)) <= today:
        if not _kept(rule, [record for record in genuine if first <= record.activity_end < end]):
            yield f"registration year {number} was missed, and only the board may forgive it"
        first, number = end, number + 1


def _kept(rule: Obligations, year: list[Record]) -> bool:
    joined, provided = (
        {record.activity or record.id for record in year if record.role is role and not record.rpl}
        for role in (Role.PARTICIPANT, Role.CO_PROVIDER)
    )
    enough = len(joined) >= rule.joined and len(provided) >= rule.co_provided
    both = len(joined | provided) >= rule.joined + rule.co_provided
    return enough and (both or not rule.disjoint)


def _year_end(wallet: Wallet, years: int, *, paused: bool) -> date:
    """The first day after registration year `years`: walk until enough unpaused days are gone."""
    pauses = wallet.interruptions if paused else ()
    if not pauses:
        return _anniversary(wallet.registered, years)
    day = wallet.registered
    left = (_anniversary(wallet.registered, years) - wallet.registered).days
    while left:
        left -= not any(pause.first <= day <= pause.last for pause in pauses)
        day += timedelta(days=1)
    return day


def _anniversary(day: date, years: int) -> date:
    leap_day_lost = (day.month, day.day) == (2, 29) and not _is_leap(day.year + years)
    return date(day.year + years, 3, 1) if leap_day_lost else day.replace(year=day.year + years)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _credits(records: Iterable[Record]) -> int:
    return sum(record.credits_tenths for record in records)
