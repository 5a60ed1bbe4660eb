"""Poses an award's question over a wallet. Pure filtering: nothing is decided here."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction

from degree.rules.across import Different, InOrder, Share, Spread
from degree.rules.gate import SetAside
from degree.rules.problem import Problem
from degree.rules.programme import AtLevel, Award, Part, Programme
from degree.rules.records import Record, Wallet
from degree.rules.registration import last_day
from degree.rules.requirements import Ceiling, Floor, Of

Homes = tuple[tuple[int, ...], ...]


def problem_for(
    award: Award, programme: Programme, wallet: Wallet, records: Iterable[Record]
) -> tuple[Problem, tuple[SetAside, ...]]:
    """The award's question over these records, and the records that fit nowhere in it."""
    deadline = (
        last_day(
            wallet.registered,
            years=award.max_registration_years,
            interruptions=wallet.interruptions,
        )
        if award.max_registration_years
        else date.max
    )
    fitting, fitting_homes, aside = [], [], []
    for record in records:
        homes_here = _homes(award, record)
        if record.activity_end > deadline:
            rule = f"{award.path}.max_registration_years"
            reason = f"it ended on {record.activity_end}, after registration ended on {deadline}"
            aside.append(SetAside(record=record.id, rule=rule, reason=reason))
        elif not homes_here:
            reason = "it fits no bucket of this award"
            aside.append(SetAside(record=record.id, rule=f"{award.path}.buckets", reason=reason))
        else:
            fitting.append(record)
            fitting_homes.append(homes_here)
    kept, homes = tuple(fitting), tuple(fitting_homes)
    problem = Problem(
        award=award,
        records=kept,
        homes=homes,
        requirements=(
            *_floors(award, kept, homes),
            *_ceilings(award, kept, homes),
            *_exclusions(programme, kept),
            *_across(award, programme, kept),
            *_orders(award, programme, kept),
        ),
    )
    return problem, tuple(aside)


def _homes(award: Award, record: Record) -> tuple[int, ...]:
    return tuple(index for index, part in enumerate(award.parts) if part.bucket.takes(record))


def _floors(award: Award, records: tuple[Record, ...], homes: Homes) -> list[Floor]:
    ids = tuple(record.id for record in records)
    floors = [
        Floor(
            path=f"{award.path}.credits",
            amounts=tuple(record.credits_tenths for record in records),
            amount=award.credits,
            ids=ids,
        )
    ]
    floors += [
        Floor(
            path=bound.path,
            amounts=tuple(
                record.credits_tenths if record.level >= bound.level else 0 for record in records
            ),
            amount=bound.amount,
            ids=ids,
            level=bound.level,
        )
        for bound in award.floors
    ]
    floors += [
        Floor(
            path=part.path,
            amounts=tuple(
                record.credits_tenths if index in fits else 0
                for record, fits in zip(records, homes, strict=True)
            ),
            amount=part.minimum,
            ids=ids,
            part=index,
        )
        for index, part in enumerate(award.parts)
    ]
    return floors


def _ceilings(award: Award, records: tuple[Record, ...], homes: Homes) -> list[Ceiling]:
    ids = tuple(record.id for record in records)
    ceilings = [_level_ceiling(bound, records) for bound in award.ceilings]
    if award.rpl_cap is not None:
        amounts = tuple(record.credits_tenths if record.rpl else 0 for record in records)
        path = f"{award.path}.rpl_cap"
        ceilings.append(
            Ceiling(path=path, of=Of.RPL, amounts=amounts, amount=award.rpl_cap, ids=ids)
        )
    for index, part in enumerate(award.parts):
        ceilings += _part_ceilings(index, part, records, homes)
    return ceilings


def _part_ceilings(
    index: int, part: Part, records: tuple[Record, ...], homes: Homes
) -> list[Ceiling]:
    bucket = part.bucket
    ceilings = [replace(_level_ceiling(bound, records), part=index) for bound in bucket.ceilings]
    if bucket.max_badges is not None:
        ceilings.append(
            Ceiling(
                path=f"{part.path}.max_badges",
                of=Of.BADGES,
                amounts=tuple(1 if index in fits else 0 for fits in homes),
                amount=bucket.max_badges,
                ids=tuple(record.id for record in records),
                part=index,
            )
        )
    return ceilings


def _level_ceiling(bound: AtLevel, records: tuple[Record, ...]) -> Ceiling:
    return Ceiling(
        path=bound.path,
        of=Of.LEVEL,
        amounts=tuple(
            record.credits_tenths if record.level <= bound.level else 0 for record in records
        ),
        amount=bound.amount,
        ids=tuple(record.id for record in records),
        level=bound.level,
    )


def _exclusions(programme: Programme, records: tuple[Record, ...]) -> list[Ceiling]:
    return [
        Ceiling(
            path=exclusion.path,
            of=Of.EXCLUDED,
            amounts=tuple(1 if record.code in exclusion.codes else 0 for record in records),
            amount=1,
            ids=tuple(record.id for record in records),
        )
        for exclusion in programme.exclusions
        if sum(record.code in exclusion.codes for record in records) > 1
    ]


def _across(
    award: Award, programme: Programme, records: tuple[Record, ...]
) -> list[Different | Spread | Share]:
    rules: list[Different | Spread | Share] = []
    ids = tuple(record.id for record in records)
    contexts, circles, judges = programme.contexts, programme.circles, programme.validators
    if contexts and award.id in contexts.awards:
        rules.append(
            Spread(
                path=contexts.path,
                contexts=tuple(record.contexts for record in records),
                credits=tuple(record.credits_tenths for record in records),
                at_least=contexts.at_least,
                each=contexts.credits_each,
            )
        )
    if circles and award.id in circles.awards:
        labels = tuple(frozenset({record.circle} - {""}) for record in records)
        rules.append(_different(circles.path, labels, circles.at_least, ids, noun="circles"))
    if judges and award.id in judges.awards:
        labels = tuple(frozenset(record.judges) for record in records)
        rules.append(_different(judges.path, labels, judges.at_least, ids, noun="judges"))
        if judges.max_share is not None:
            rules.append(_share(judges.path, judges.max_share, award, records, labels))
    return rules


def _different(
    path: str, labels: tuple[frozenset[str], ...], at_least: int, ids: tuple[str, ...], *, noun: str
) -> Different:
    return Different(path=path, labels=labels, at_least=at_least, ids=ids, noun=noun)


def _share(
    path: str,
    most: Fraction,
    award: Award,
    records: tuple[Record, ...],
    labels: tuple[frozenset[str], ...],
) -> Share:
    judged: dict[str, list[int]] = {}
    for item, judges in enumerate(labels):
        for judge in sorted(judges):
            judged.setdefault(judge, []).append(item)
    loads = {
        judge: sum(records[item].credits_tenths for item in items)
        for judge, items in judged.items()
    }
    bearable = int(most * award.credits)  # loads are whole tenths
    return Share(
        path=f"{path}.max_share_per_validator",
        judged={judge: tuple(items) for judge, items in judged.items()},
        heavy=tuple(judge for judge, load in loads.items() if load > bearable),
        credits=tuple(record.credits_tenths for record in records),
        most=most,
        ids=tuple(record.id for record in records),
    )


def _orders(award: Award, programme: Programme, records: tuple[Record, ...]) -> list[InOrder]:
    index = {part.bucket.name: number for number, part in enumerate(award.parts)}
    return [
        InOrder(
            prerequisite=rule,
            records=records,
            before=index[rule.before],
            after=index[rule.after],
        )
        for rule in programme.prerequisites
        if rule.before in index and rule.after in index
    ]
