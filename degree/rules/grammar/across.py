"""Reads what holds across the counted badges: variety, order in time, exclusions, sharing."""

from collections.abc import Collection, Iterable
from graphlib import CycleError, TopologicalSorter
from typing import Final

from degree.rules.grammar.awards import awards_named
from degree.rules.grammar.codes import badge, keep_apart
from degree.rules.programme import (
    Dimension,
    Distinct,
    Exclusion,
    Finished,
    Needs,
    Order,
    Prerequisite,
    Sharing,
)
from degree.rules.reading import MOST_YEARS, Keys, Reader

Ids = frozenset[str]  # of the awards

_ORDER: Final = ("finished", "lapses_after_years", "awards")


def distinct(place: Reader | None, award_ids: Ids) -> tuple[Distinct, ...]:
    """The variety that is asked for, in each dimension. Faults are noted."""
    if place is None:
        return ()
    keys = place.keys(optional=Dimension)
    if place.value == {}:
        place.fault("at least one of " + ", ".join(Dimension), found="none of them")
    return tuple(
        _distinct(keys[dimension], dimension, award_ids)
        for dimension in Dimension
        if dimension in keys
    )


def _distinct(place: Reader, dimension: Dimension, award_ids: Ids) -> Distinct:
    rules = ("at_least", "max_share_each", "max_credits_each")
    keys = place.keys(optional=(*rules, "min_credits_each", "awards"))
    if isinstance(place.value, dict) and not any(rule in keys for rule in rules):
        place.fault("at least one of " + ", ".join(rules), found="none of them")
    if "min_credits_each" in keys and "at_least" not in keys:
        keys["min_credits_each"].fault("at_least beside it")
    return Distinct(
        path=place.path,
        dimension=dimension,
        awards=awards_named(keys.get("awards"), award_ids),
        at_least=keys.read("at_least", lambda each: each.whole(least=1), otherwise=0),
        credits_each=keys.read("min_credits_each", Reader.credits, otherwise=0),
        max_share=keys.read("max_share_each", Reader.share, otherwise=None),
        max_credits=keys.read("max_credits_each", Reader.credits, otherwise=None),
    )


def order_in_time(
    place: Reader | None, award_ids: Ids, buckets: Collection[str]
) -> tuple[tuple[Prerequisite, ...], tuple[Needs, ...]]:
    """The prerequisites between buckets, and those between badges. Faults are noted."""
    prerequisites: list[Prerequisite] = []
    needs: list[Needs] = []
    paths = []
    for element in place.rules() if place else []:
        value = element.value
        if isinstance(value, dict) and ("badge" in value or "needs" in value):
            need = _needs(element, award_ids)
            needs.append(need)
            whole, path = bool(need.code and need.needed), need.path
        else:
            prerequisite = _prerequisite(element, award_ids, buckets)
            prerequisites.append(prerequisite)
            whole, path = bool(prerequisite.before and prerequisite.after), prerequisite.path
        if whole:
            paths.append((path, element))
    keep_apart(paths)
    if place:
        for award in sorted(award_ids):
            _refuse_cycle(place, award, prerequisites, needs)
    return tuple(prerequisites), tuple(needs)


def _prerequisite(place: Reader, award_ids: Ids, buckets: Collection[str]) -> Prerequisite:
    keys = place.keys(required=("before", "after"), optional=_ORDER)
    before = keys.read("before", lambda each: each.one_of(buckets, "bucket"), otherwise="")
    after = keys.read("after", lambda each: each.one_of(buckets, "bucket"), otherwise="")
    if before and before == after:
        keys["after"].fault("another bucket than `before`")
    return Prerequisite(
        path=f"prerequisites.{before}-before-{after}",
        before=before,
        after=after,
        order=_order(keys),
        awards=awards_named(keys.get("awards"), award_ids),
    )


def _needs(place: Reader, award_ids: Ids) -> Needs:
    keys = place.keys(required=("badge", "needs"), optional=_ORDER)
    code = keys.read("badge", Reader.text, otherwise="")
    needed = keys.read("needs", Reader.text, otherwise="")
    if code and code == needed:
        keys["needs"].fault("another code than `badge`")
    return Needs(
        path=f"prerequisites.{code}-needs-{needed}",
        code=code,
        needed=needed,
        order=_order(keys),
        awards=awards_named(keys.get("awards"), award_ids),
    )


def _order(keys: Keys) -> Order:
    finished = keys.read(
        "finished", lambda each: each.member(Finished), otherwise=Finished.BEFORE_END
    )
    years = keys.read(
        "lapses_after_years", lambda each: each.whole(least=1, most=MOST_YEARS), otherwise=None
    )
    return Order(finished=finished, lapses_after_years=years)


def _refuse_cycle(
    place: Reader, award: str, prerequisites: Iterable[Prerequisite], needs: Iterable[Needs]
) -> None:
    buckets = [(each.before, each.after) for each in prerequisites if award in each.awards]
    codes = [(each.needed, each.code) for each in needs if award in each.awards]
    for steps in (buckets, codes):
        sorter: TopologicalSorter[str] = TopologicalSorter()
        for first, then in steps:
            if first != then:  # told where it stands
                sorter.add(then, first)
        try:
            sorter.prepare()
        except CycleError as error:
            circle = " before ".join(error.args[1])
            place.fault("an order in time", found=f"a circle for {award}: {circle}")


def exclusions(place: Reader | None, award_ids: Ids) -> tuple[Exclusion, ...]:
    """The sets of badges of which one may count. Faults are noted."""
    elements = place.rules() if place else []
    found = tuple(_exclusion(element, award_ids) for element in elements)
    read = zip(found, elements, strict=True)
    keep_apart((each.path, element) for each, element in read if each.codes - {""})
    return found


def _exclusion(place: Reader, award_ids: Ids) -> Exclusion:
    listed: Reader | None = place
    named: Reader | None = None
    if isinstance(place.value, dict):
        keys = place.keys(required=("one_of", "awards"))
        listed, named = keys.get("one_of"), keys.get("awards")
    codes = [badge(each) for each in listed.elements(at_least=2)] if listed else []
    if len(set(codes)) < len(codes):
        place.fault("each badge once")
    return Exclusion(
        path=f"exclusions.{'+'.join(sorted(codes))}",
        codes=frozenset(codes),
        awards=awards_named(named, award_ids),
    )


def sharing(place: Reader | None, buckets: Collection[str]) -> Sharing | None:
    """How much may fill two buckets at once. Faults are noted."""
    if place is None:
        return None
    keys = place.keys(required=("max_badges",), optional=("max_credits", "between"))
    pairs = keys.read("between", lambda each: _pairs(each, buckets), otherwise=None)
    return Sharing(
        path=place.path,
        max_badges=keys.read("max_badges", Reader.whole, otherwise=0),
        max_credits=keys.read("max_credits", Reader.credits, otherwise=None),
        between=pairs,
    )


def _pairs(place: Reader, buckets: Collection[str]) -> frozenset[frozenset[str]]:
    pairs: set[frozenset[str]] = set()
    for element in place.elements(at_least=1):
        names = [each.one_of(buckets, "bucket") for each in element.elements(at_least=2)]
        pair = frozenset(names)
        if "" in pair:
            continue
        if names and (len(names) > 2 or len(pair) < 2):
            element.fault("two buckets")
        elif names and pair in pairs:
            element.fault("each pair once")
        pairs.add(pair)
    return frozenset(pairs)
