"""The rows that look across all counted badges: variety, order in time, exclusions."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from itertools import product
from typing import Final

from degree.rules.programme import Dimension, Distinct, Finished, Needs, Order, Prerequisite
from degree.rules.records import Record
from degree.rules.registration import years_after
from degree.rules.rows import Counts, Term
from degree.rules.rule_paths import pair_of
from degree.rules.writing import Writing

_LABELS: Final[Mapping[Dimension, Callable[[Record], Iterable[str]]]] = {
    Dimension.CONTEXTS: lambda record: record.contexts,
    Dimension.CIRCLES: lambda record: (record.circle,),
    Dimension.VALIDATORS: lambda record: {judge.id for judge in record.judges},
    Dimension.CO_PARTICIPANTS: lambda record: record.co_participants,
    Dimension.ISSUERS: lambda record: (record.issuer,),
    Dimension.KINDS: lambda record: (record.kind,),
}


def write_across(writing: Writing) -> None:
    """Every such row that holds for the award."""
    programme, award = writing.case.programme, writing.award
    for rule in sorted(programme.distinct, key=lambda rule: rule.dimension):
        if award.id in rule.awards:
            _write_distinct(writing, rule)
    buckets = {part.bucket.name: number for number, part in enumerate(award.parts)}
    for order in programme.prerequisites:
        if award.id in order.awards and order.before in buckets and order.after in buckets:
            _write_prerequisite(writing, order, buckets[order.before], buckets[order.after])
    for needs in programme.needs:
        if award.id in needs.awards:
            _write_needs(writing, needs)
    for exclusion in programme.exclusions:
        among = [n for n in writing.able if writing.case.records[n].code in exclusion.codes]
        if award.id in exclusion.awards and len(among) > 1:
            once = dict.fromkeys(among, 1)
            writing.limit(exclusion.path, 1, None, once, counts=Counts.BADGES, fixed=True)


def labelled(dimension: Dimension, record: Record, *, holder: str) -> set[str]:
    """The labels that a record carries in a dimension; the holder is none."""
    return set(_LABELS[dimension](record)) - {"", holder}


def _write_distinct(writing: Writing, rule: Distinct) -> None:
    behind = _behind(writing, rule.dimension)
    if rule.at_least:
        _write_variety(writing, rule, behind)
    if rule.max_share is not None:
        _write_shares(writing, rule, behind)
    if rule.max_credits is not None:
        credits_ = writing.credits(None)
        for label in behind:
            name = f"{rule.path}.max_credits_each={label}"
            path = f"{rule.path}.max_credits_each"
            bound = int(writing.amount(name, rule.max_credits, Counts.CREDITS))
            theirs = {n: credits_[n] for n in behind[label] if n in credits_}
            terms = (Term(None, theirs),)
            writing.row(
                name, path=path, asks=False, bound=bound, terms=terms, counts=Counts.CREDITS
            )


def _behind(writing: Writing, dimension: Dimension) -> dict[str, list[int]]:
    """For each label, in their order, the records that could count and carry it."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    records, labels = writing.case.records, _LABELS[dimension]
    for number in writing.able:
        for label in labels(records[number]):
            found[label].append(number)
    nobody = ("", writing.case.wallet.holder)
    return {label: found[label] for label in sorted(found) if label not in nobody}


def _write_variety(writing: Writing, rule: Distinct, behind: dict[str, list[int]]) -> None:
    choices = []
    credits_, each = writing.credits(None), rule.credits_each
    for label, numbers in behind.items():
        name = f"{rule.path}={label}"
        choices.append(writing.choice(name))
        amounts = (
            {n: credits_[n] for n in numbers if n in credits_}
            if each
            else dict.fromkeys(numbers, 1)
        )
        writing.row(
            name,
            path=rule.path,
            asks=True,
            bound=0,
            terms=(Term(None, amounts),),
            choices={choices[-1]: -(each or 1)},
        )
    writing.row(
        rule.path,
        asks=True,
        bound=int(writing.amount(rule.path, rule.at_least, Counts.BADGES)),
        choices=dict.fromkeys(choices, 1),
    )


def _write_shares(writing: Writing, rule: Distinct, behind: dict[str, list[int]]) -> None:
    """A row for each label that could be behind too much; nobody else can break the rule.

    A placing that earns the award counts at least the award's credits, whatever else it counts.
    """
    assert rule.max_share is not None
    path = f"{rule.path}.max_share_each"
    pool, least = writing.credits(None), 0
    if not writing.case.relief.waives(credits_path := f"{writing.award.path}.credits"):
        least = int(writing.amount(credits_path, writing.award.credits, Counts.CREDITS))
    for label, numbers in behind.items():
        name = f"{path}={label}"
        share = writing.amount(name, rule.max_share, Counts.OTHER)
        part, whole = share.denominator, share.numerator
        theirs = {n: pool[n] for n in numbers if n in pool}
        if sum(theirs.values()) * part > whole * least:
            terms = (Term(None, theirs, times=-part), Term(None, pool, times=whole))
            writing.row(name, path=path, asks=True, bound=0, terms=terms, ratio=True)


def _write_prerequisite(writing: Writing, rule: Prerequisite, before: int, after: int) -> None:
    records, both = writing.case.records, tuple(sorted((before, after)))
    for first, later in product(writing.members[before], writing.members[after]):
        if first == later and both not in writing.options[first]:
            continue  # it fills one of the two at most
        if not in_time(rule.order, records[first], records[later]):
            writing.row(
                pair_of(rule.path, records[first].id, records[later].id),
                path=rule.path,
                asks=False,
                bound=1,
                terms=(Term(before, {first: 1}), Term(after, {later: 1})),
                counts=Counts.BADGES,
            )


def _write_needs(writing: Writing, rule: Needs) -> None:
    records = writing.case.records
    needed = [n for n in writing.able if records[n].code == rule.needed]
    for later in writing.able:
        if records[later].code != rule.code:
            continue
        helping = [n for n in needed if in_time(rule.order, records[n], records[later])]
        writing.row(
            f"{rule.path}={records[later].id}",
            path=rule.path,
            asks=True,
            bound=0,
            terms=(Term(None, dict.fromkeys(helping, 1)), Term(None, {later: 1}, times=-1)),
        )


def in_time(order: Order, earlier: Record, later: Record) -> bool:
    """Whether `earlier` ended in time for `later`, and has not lapsed by then."""
    day: date = (
        later.activity_start if order.finished is Finished.BEFORE_START else later.activity_end
    )
    if earlier.activity_end > day:
        return False
    years = order.lapses_after_years
    return years is None or years_after(earlier.activity_end, years) >= day
