"""What an award asks for and allows, as floors and ceilings over filters of one kind.

A floor is met by badges in certain parts (buckets); a ceiling limits all counted badges, or those
in one part. Nothing of a programme's own filters is lost: a part's filter holds its bucket's
`where`, whether it takes prior learning, its lowest mark, and the trusted issuers.
"""

from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from degree.rules.filters import ANY, Where
from degree.rules.linting.meaning import Meaning, meaning_of, takes_nothing, within
from degree.rules.programme import AtLevel, Award, Bound, Bucket, Programme, Unit
from degree.rules.requirements import Held, always_filled, certain


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """At least `amount` among the badges in `parts` that the filter takes.

    A floor that follows from another, and is not written, is `implied`.
    """

    path: str
    unit: Unit
    amount: Fraction
    where: Meaning
    parts: tuple[int, ...]
    implied: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """At most `amount` among the badges that the filter takes: in one part, or (None) in all."""

    path: str
    unit: Unit
    amount: Fraction
    where: Meaning
    part: int | None = None


class Demands:
    """The floors and ceilings of one award."""

    def __init__(self, programme: Programme, award: Award) -> None:
        self.programme = programme
        self.award = award
        self.parts = award.parts
        issuers = Where(issuers=programme.gate.issuers)
        self.filters = tuple(meaning_of(bucket_filter(part.bucket), issuers) for part in self.parts)
        self.everywhere = tuple(range(len(self.parts)))
        always = always_filled(award.requires)
        self.required = tuple(n for n in self.everywhere if self.parts[n].bucket.name in always)
        rule = programme.sharing
        self.shares = rule is not None and 0 not in (rule.max_badges, rule.max_credits)

    @cached_property
    def ceilings(self) -> tuple[Ceiling, ...]:
        """Every ceiling: of the award, then of its parts."""
        parts = (each for ceilings in self._in_part for each in ceilings)
        return (*self._overall, *parts)

    @cached_property
    def _overall(self) -> tuple[Ceiling, ...]:
        own = (_ceiling(bound, None, bound.path) for bound in self.award.at_most)
        levels = (_at_or_below(level, None, level.path) for level in self.award.ceilings)
        return (*own, *levels, *self._caps())

    @cached_property
    def _in_part(self) -> tuple[tuple[Ceiling, ...], ...]:
        return tuple(tuple(self._of_part(number)) for number in self.everywhere)

    def _caps(self) -> Iterator[Ceiling]:
        if self.award.rpl_cap is not None:
            yield Ceiling(
                path=f"{self.award.path}.rpl_cap",
                unit=Unit.CREDITS,
                amount=Fraction(self.award.rpl_cap),
                where=meaning_of(Where(rpl=True)),
            )
        for exclusion in self.programme.exclusions:
            if self.award.id in exclusion.awards:
                where = meaning_of(Where(codes=exclusion.codes))
                yield Ceiling(
                    path=exclusion.path, unit=Unit.BADGES, amount=Fraction(1), where=where
                )

    def _of_part(self, number: int) -> Iterator[Ceiling]:
        part, bucket = self.parts[number], self.parts[number].bucket
        for name, unit in (("max_badges", Unit.BADGES), ("max_credits", Unit.CREDITS)):
            amount = getattr(bucket, name)
            if amount is not None:
                path = f"{part.path}.{name}"
                yield Ceiling(
                    path=path,
                    unit=unit,
                    amount=Fraction(amount),
                    where=meaning_of(ANY),
                    part=number,
                )
        for level in bucket.ceilings:
            yield _at_or_below(level, number, part.path_of(level.path))
        for bound in bucket.at_most:
            yield _ceiling(bound, number, part.path_of(bound.path))

    @cached_property
    def floors(self) -> tuple[Floor, ...]:
        """Every floor that always holds: of the award, its required parts, and its badges."""
        award, all_ = self.award, self.everywhere
        credits_ = Floor(
            path=f"{award.path}.credits",
            unit=Unit.CREDITS,
            amount=Fraction(award.credits),
            where=meaning_of(ANY),
            parts=all_,
        )
        levels = (
            Floor(
                path=level.path,
                unit=Unit.CREDITS,
                amount=Fraction(level.amount),
                where=meaning_of(Where(level=level.level)),
                parts=all_,
            )
            for level in award.floors
        )
        own = (_floor(bound, bound.path, all_) for bound in award.at_least)
        parts = (each for n in self.required for each in self.of_bucket(n))
        badges = (self.of_badge(each) for each in certain(award.requires) if isinstance(each, Held))
        return (credits_, *levels, *own, *parts, *badges)

    def of_bucket(self, number: int) -> Iterator[Floor]:
        """What a part asks for when it is required."""
        part, only = self.parts[number], (number,)
        yield Floor(
            path=part.path,
            unit=Unit.CREDITS,
            amount=Fraction(part.minimum),
            where=meaning_of(ANY),
            parts=only,
        )
        badges, needs_one = part.bucket.min_badges, part.minimum > 0
        if badges or needs_one:
            yield Floor(
                path=f"{part.path}.min_badges" if badges else part.path,
                unit=Unit.BADGES,
                amount=Fraction(badges or 1),
                where=meaning_of(ANY),
                parts=only,
                implied=not badges,
            )
        for bound in part.bucket.at_least:
            yield _floor(bound, part.path_of(bound.path), only)

    def of_badge(self, node: Held) -> Floor:
        """The counted badge that a node asks for."""
        return Floor(
            path=node.path,
            unit=Unit.BADGES,
            amount=Fraction(1),
            where=meaning_of(Where(codes=frozenset({node.code}))),
            parts=self.everywhere,
        )

    def most(
        self,
        where: Meaning,
        unit: Unit,
        parts: Iterable[int],
        *,
        without: Container[str] = (),
    ) -> Fraction | None:
        """The most that badges which the filter takes can come to in the parts; None is no limit.

        Ceilings whose paths are in `without` are not reckoned with.
        """
        able = [number for number in parts if not takes_nothing(where, self.filters[number])]
        in_each = [self._most_in(where, unit, number, without) for number in able]
        limits = [
            ceiling.amount
            for ceiling in self._overall
            if ceiling.unit is unit
            and ceiling.path not in without
            and all(within(where, self.filters[number], other=ceiling.where) for number in able)
        ]
        known = [most for most in in_each if most is not None]
        if len(known) == len(in_each):
            limits.append(sum(known, Fraction(0)))
        return min(limits, default=None)

    def _most_in(
        self, where: Meaning, unit: Unit, number: int, without: Container[str]
    ) -> Fraction | None:
        limits = [
            ceiling.amount
            for ceiling in (*self._overall, *self._in_part[number])
            if ceiling.path not in without
            # Where no badge may stand, there is no credit either.
            and (ceiling.unit is unit or (ceiling.unit is Unit.BADGES and not ceiling.amount))
            and within(where, self.filters[number], other=ceiling.where)
        ]
        return min(limits, default=None)

    def falls_under(self, floor: Floor, where: Meaning, parts: Collection[int]) -> bool:
        """Whether every badge that can count for the floor is in the parts and taken as well."""
        return all(
            number in parts and within(floor.where, self.filters[number], other=where)
            for number in floor.parts
        )

    def takes_none(self, where: Meaning, parts: Iterable[int]) -> bool:
        """Whether the filter takes no badge of those that can stand in the parts."""
        return all(takes_nothing(where, self.filters[number]) for number in parts)

    def takes_all(self, where: Meaning, parts: Iterable[int]) -> bool:
        """Whether the filter takes every badge that can stand in the parts."""
        return all(within(self.filters[number], other=where) for number in parts)


def bucket_filter(bucket: Bucket) -> Where:
    """What the bucket takes: its `where`, its lowest mark, and prior learning or not."""
    own = Where(mark=bucket.min_mark, rpl=None if bucket.rpl else False)
    return Where(all_of=(bucket.where, own))


def _at_or_below(level: AtLevel, part: int | None, path: str) -> Ceiling:
    where, amount = meaning_of(Where(level_max=level.level)), Fraction(level.amount)
    return Ceiling(path=path, unit=Unit.CREDITS, amount=amount, where=where, part=part)


def _ceiling(bound: Bound, part: int | None, path: str) -> Ceiling:
    return Ceiling(
        path=path, unit=bound.unit, amount=bound.amount, where=meaning_of(bound.where), part=part
    )


def _floor(bound: Bound, path: str, parts: tuple[int, ...]) -> Floor:
    return Floor(
        path=path, unit=bound.unit, amount=bound.amount, where=meaning_of(bound.where), parts=parts
    )
