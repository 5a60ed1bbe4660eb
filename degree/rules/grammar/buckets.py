"""Reads buckets, and the bounds that buckets and awards have in common."""

from fractions import Fraction
from typing import Final

from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.filters import ANY
from degree.rules.grammar.filters import where
from degree.rules.programme import AtLevel, Bound, Bucket, Unit
from degree.rules.reading import Keys, Reader

OPTIONAL: Final = (
    *("mandatory", "rpl", "min_badges", "max_badges", "max_credits", "min_mark", "compensatable"),
    *("max_below_level", "at_least", "at_most"),
)
_LEVELS: Final = tuple(str(level) for level in range(1, HIGHEST_LEVEL + 1))


def bucket(name: str, place: Reader) -> Bucket:
    """One bucket; the paths of its rules begin with `buckets.NAME`. Faults are noted."""
    keys = place.keys(required=("min", "where"), optional=OPTIONAL)
    return Bucket(
        name=name,
        minimum=keys.read("min", Reader.credits, otherwise=0),
        where=keys.read("where", where, otherwise=ANY),
        mandatory=keys.read("mandatory", Reader.truth, otherwise=False),
        rpl=keys.read("rpl", Reader.truth, otherwise=True),
        min_badges=keys.read("min_badges", Reader.whole, otherwise=0),
        max_badges=keys.read("max_badges", Reader.whole, otherwise=None),
        max_credits=keys.read("max_credits", Reader.credits, otherwise=None),
        min_mark=keys.read("min_mark", Reader.mark, otherwise=None),
        compensatable=keys.read("compensatable", Reader.truth, otherwise=True),
        ceilings=keys.read("max_below_level", at_levels, otherwise=()),
        at_least=keys.read("at_least", bounds, otherwise=()),
        at_most=keys.read("at_most", bounds, otherwise=()),
    )


def at_levels(place: Reader) -> tuple[AtLevel, ...]:
    """`{7: 150}`: an amount of credit for each level, from the lowest level."""
    amounts = []
    for level, amount in place.entries(at_least=1):
        if level in _LEVELS:
            amounts.append(AtLevel(path=amount.path, level=int(level), amount=amount.credits()))
        else:
            expected = f"an FHEQ level from 1 to {HIGHEST_LEVEL}, such as 7"
            amount.fault(expected, found=f"the key {level!r}")
    return tuple(sorted(amounts, key=lambda each: each.level))


def bounds(place: Reader) -> tuple[Bound, ...]:
    """The floors or ceilings in a list, each named by its id."""
    return tuple(_bound(element) for _, element in place.identified())


def _bound(place: Reader) -> Bound:
    units = tuple(unit.value for unit in Unit)
    keys = place.keys(required=("id", "where"), optional=units)
    given = [unit for unit in Unit if unit in keys]
    if len(given) != 1:
        found = " and ".join(given) if given else "none of them"
        place.fault("one of credits, badges and share", found=found)
    unit = given[0] if given else Unit.CREDITS
    return Bound(
        path=place.path,
        unit=unit,
        amount=_amount(keys, unit),
        where=keys.read("where", where, otherwise=ANY),
    )


def _amount(keys: Keys, unit: Unit) -> Fraction:
    match unit:
        case Unit.CREDITS:
            return Fraction(keys.read(unit, Reader.credits, otherwise=0))
        case Unit.BADGES:
            return Fraction(keys.read(unit, Reader.whole, otherwise=0))
        case Unit.SHARE:
            return keys.read(unit, Reader.share, otherwise=Fraction(0))
