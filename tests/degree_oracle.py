"""A second opinion on small programmes: tries every placing, shares no code with the engine.

It reads the same mapping that the programme file is written from, so the grammar is tested too.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

from degree.rules.records import Record


def can_be_earned(outline: dict[str, Any], award: dict[str, Any], records: list[Record]) -> bool:
    """Whether some placing of `records` keeps every rule of the award."""
    return any(_keeps(outline, award, placing) for placing in _placings(outline, award, records))


Placing = list[tuple[Record, str]]


def _placings(
    outline: dict[str, Any], award: dict[str, Any], records: list[Record]
) -> Iterator[Placing]:
    ways = [
        [None, *(name for name in award["buckets"] if _fits(outline["buckets"][name], record))]
        for record in records
    ]
    for choice in product(*ways):
        yield [(record, name) for record, name in zip(records, choice, strict=True) if name]


def _fits(bucket: dict[str, Any], record: Record) -> bool:
    where = bucket["where"]
    return (
        ("tag" not in where or where["tag"] in record.tags)
        and record.level >= where.get("level", 0)
        and (bucket.get("rpl", True) or not record.rpl)
    )


def _keeps(outline: dict[str, Any], award: dict[str, Any], placing: Placing) -> bool:
    counted = [record for record, _ in placing]
    return (
        _tenths(counted) >= award["credits"] * 10
        and all(
            _tenths([r for r in counted if r.level >= level]) >= amount * 10
            for level, amount in award.get("min_at_level", {}).items()
        )
        and _below(award, counted)
        and _tenths([r for r in counted if r.rpl]) <= award.get("rpl_cap", 9999) * 10
        and all(_bucket_keeps(outline, award, name, placing) for name in award["buckets"])
        and _distinct_keeps(outline.get("distinct", {}), counted)
        and _pairs_keep(outline, placing)
    )


def _bucket_keeps(
    outline: dict[str, Any], award: dict[str, Any], name: str, placing: Placing
) -> bool:
    bucket, inside = outline["buckets"][name], [r for r, place in placing if place == name]
    return (
        _tenths(inside) >= award["buckets"][name] * 10
        and len(inside) <= bucket.get("max_badges", 99)
        and _below(bucket, inside)
    )


def _below(rule: dict[str, Any], records: list[Record]) -> bool:
    return all(
        _tenths([r for r in records if r.level <= level]) <= amount * 10
        for level, amount in rule.get("max_below_level", {}).items()
    )


def _distinct_keeps(rules: dict[str, Any], counted: list[Record]) -> bool:
    sums: Counter[str] = Counter()
    shares: Counter[str] = Counter()
    for record in counted:
        for context in record.contexts:
            sums[context] += record.credits_tenths
        for judge in set(record.judges):
            shares[judge] += record.credits_tenths
    contexts, validators = rules.get("contexts"), rules.get("validators")
    if contexts:
        rich = [c for c, amount in sums.items() if amount >= contexts["min_credits_each"] * 10]
        if len(rich) < contexts["at_least"]:
            return False
    if "circles" in rules and (
        len({r.circle for r in counted if r.circle}) < rules["circles"]["at_least"]
    ):
        return False
    if validators:
        most = Fraction(str(validators.get("max_share_per_validator", 1)))
        if len({judge for record in counted for judge in record.judges}) < validators["at_least"]:
            return False
        return all(amount <= most * _tenths(counted) for amount in shares.values())
    return True


def _pairs_keep(outline: dict[str, Any], placing: Placing) -> bool:
    for twins in outline.get("exclusions", []):
        codes = {name.removeprefix("badge:") for name in twins}
        if sum(record.code in codes for record, _ in placing) > 1:
            return False
    for rule in outline.get("prerequisites", []):
        first = [r.activity_end for r, place in placing if place == rule["before"]]
        then = [r.activity_end for r, place in placing if place == rule["after"]]
        if first and then and max(first) > min(then):
            return False
    return True


def _tenths(records: list[Record]) -> int:
    return sum(record.credits_tenths for record in records)
