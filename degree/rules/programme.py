"""A degree programme as values. Every rule knows its path, which messages point at.

Amounts are tenths of a UK credit; levels are of the FHEQ. grammar.py reads these from a file.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from degree.rules.records import Record, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which badges a bucket takes: every part that is given must hold; none given takes any.

    `level` is the lowest level taken.
    """

    tags: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    level: int = 0

    def takes(self, record: Record) -> bool:
        """Whether all that is asked for holds of the record."""
        return (
            record.level >= self.level
            and (not self.tags or bool(self.tags & record.tags))
            and (not self.kinds or record.kind in self.kinds)
            and (not self.roles or record.role in self.roles)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLevel:
    """An amount of credit bound to a level: a floor (at it or above) or a ceiling (at or below)."""

    path: str
    level: int
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A part of the programme that badges fill; each badge counts in one bucket at most."""

    name: str
    minimum: int
    where: Where
    mandatory: bool = False
    rpl: bool = True
    max_badges: int | None = None
    ceilings: tuple[AtLevel, ...] = ()

    def takes(self, record: Record) -> bool:
        """Whether the record may count here, prior learning only where it may."""
        return (self.rpl or not record.rpl) and self.where.takes(record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A bucket in an award, with the credits that this award asks of it."""

    path: str
    bucket: Bucket
    minimum: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award of the programme, with the buckets that it asks for."""

    id: str
    path: str
    title: str
    credits: int
    parts: tuple[Part, ...]
    floors: tuple[AtLevel, ...] = ()
    ceilings: tuple[AtLevel, ...] = ()
    rpl_cap: int | None = None
    max_registration_years: int | None = None


class MeasuredAt(StrEnum):
    """The day on which the age of a badge is taken."""

    REGISTRATION = "registration"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfLife:
    """An activity that ended more than `years` before the day of measuring counts no more."""

    path: str
    years: int
    measured_at: MeasuredAt


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a badge must be before it can count anywhere. The issuers' list is never empty."""

    path: str
    trust_list: str
    issuers: frozenset[str]
    may_be_expired: bool
    min_endorsers: int
    distinct_endorsers: bool
    holder_may_endorse: bool
    rpl_life: ShelfLife | None
    earned_life: ShelfLife | None
    not_used_before: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contexts:
    """At least so many contexts, each with so much counted credit."""

    path: str
    at_least: int
    credits_each: int
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Circles:
    """Counted badges come from at least so many circles; `awards` say for which it holds."""

    path: str
    at_least: int
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """So many different judges behind the counted badges, none behind too large a share."""

    path: str
    at_least: int
    max_share: Fraction | None
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligations:
    """Activities in each completed registration year; the board may forgive `forgivable` years.

    With `disjoint` an activity counts for one of the two roles only.
    """

    path: str
    joined: int
    co_provided: int
    disjoint: bool
    pauses: bool
    forgivable: int
    awards: frozenset[str]


class Finished(StrEnum):
    """Against which day of the later activity the earlier one's end is held."""

    BEFORE_START = "before_start"
    BEFORE_END = "before_end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """Every badge that fills `before` ended no later than any badge that fills `after`."""

    path: str
    before: str
    after: str
    finished: Finished

    def in_order(self, earlier: Record, later: Record) -> bool:
        """Whether `earlier` ended in time for `later`."""
        start = self.finished is Finished.BEFORE_START
        return earlier.activity_end <= (later.activity_start if start else later.activity_end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """At most one counted badge whose code is among these."""

    path: str
    codes: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme. `awards` stand from the highest to the lowest; `digest` is of the file."""

    title: str
    id: str
    version: str
    in_force_from: date
    digest: str
    awards: tuple[Award, ...]
    gate: Gate
    contexts: Contexts | None = None
    circles: Circles | None = None
    validators: Validators | None = None
    obligations: Obligations | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
