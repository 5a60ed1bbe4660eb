"""Reads awards: what each asks for, and the buckets in which badges may count for it."""

from collections.abc import Collection, Mapping
from typing import Final

from degree.rules.exact import credits_text
from degree.rules.faults import either
from degree.rules.grammar.buckets import at_levels, bounds
from degree.rules.grammar.requires import requires
from degree.rules.programme import Award, Bucket, Part
from degree.rules.reading import MOST_YEARS, Reader

OPTIONAL: Final = (
    *("title", "min_at_level", "max_below_level", "rpl_cap", "reuse_cap", "pathway"),
    *("max_registration_years", "at_least", "at_most", "buckets", "requires"),
)


def awards(
    place: Reader | None, buckets: Mapping[str, Bucket], *, attested: Collection[str]
) -> tuple[Award, ...]:
    """The awards from the highest; `attested` are the names of attestations. Faults are noted."""
    if place is None:
        return ()
    found: list[Award] = []
    for name, element in place.identified():
        award = _award(name, element, buckets, attested)
        if found and award.credits > found[-1].credits:
            element.fault("the awards from the highest to the lowest", found="more credits")
        found.append(award)
    return tuple(found)


def awards_named(place: Reader | None, award_ids: frozenset[str]) -> frozenset[str]:
    """The awards that a clause lists as its own, or all of them when it lists none."""
    if place is None:
        return award_ids
    known = sorted(award_ids)
    return frozenset(element.one_of(known, "award") for element in place.elements(at_least=1))


def _award(
    name: str, place: Reader, buckets: Mapping[str, Bucket], attested: Collection[str]
) -> Award:
    keys = place.keys(required=("id", "credits"), optional=OPTIONAL)
    parts = keys.read("buckets", lambda listed: _listed(listed, buckets), otherwise=None)
    if parts is None:
        parts = tuple(
            Part(path=f"{place.path}.buckets.{each.name}", bucket=each, minimum=each.minimum)
            for each in buckets.values()
        )
    return Award(
        id=name,
        path=place.path,
        title=keys.read("title", Reader.text, otherwise=name),
        credits=keys.read("credits", Reader.credits, otherwise=0),
        parts=parts,
        requires=requires(keys.get("requires"), place.path, parts, attested),
        floors=keys.read("min_at_level", at_levels, otherwise=()),
        ceilings=keys.read("max_below_level", at_levels, otherwise=()),
        rpl_cap=keys.read("rpl_cap", Reader.credits, otherwise=None),
        reuse_cap=keys.read("reuse_cap", Reader.credits, otherwise=None),
        max_registration_years=keys.read("max_registration_years", _years, otherwise=None),
        pathway=keys.read("pathway", Reader.name, otherwise=""),
        at_least=keys.read("at_least", bounds, otherwise=()),
        at_most=keys.read("at_most", bounds, otherwise=()),
    )


def _years(place: Reader) -> int:
    return place.whole(least=1, most=MOST_YEARS)


def _listed(place: Reader, buckets: Mapping[str, Bucket]) -> tuple[Part, ...]:
    parts = []
    for name, amount in place.entries(at_least=1):
        bucket = buckets.get(name)
        if bucket is None:
            amount.fault(either(buckets), found=f"the bucket {name!r}")
            continue
        minimum = amount.credits()
        if bucket.mandatory and minimum < bucket.minimum:
            least = credits_text(bucket.minimum)
            amount.fault(f"{least} or more UK credits, because the bucket is mandatory")
        parts.append(Part(path=amount.path, bucket=bucket, minimum=minimum))
    return tuple(parts)
