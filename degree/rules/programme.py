"""A degree programme as values. Every rule knows its path, which messages and proofs name.

Amounts are tenths of a UK credit, marks are tenths of a mark; levels are of the FHEQ. The language
is taught in docs/degree.md; the package grammar reads these values from a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from degree.rules.exact import CreditUnit
from degree.rules.filters import Where
from degree.rules.records import Action
from degree.rules.requirements import AllOf


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLevel:
    """An amount of credit bound to a level: a floor (at it or above) or a ceiling (at or below)."""

    path: str
    level: int
    amount: int


class Unit(StrEnum):
    """What a bound counts."""

    CREDITS = "credits"
    BADGES = "badges"
    SHARE = "share"  # of all the counted credit that the bound looks at


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A floor or ceiling over the badges that a filter takes.

    `amount` is in tenths for credits, whole for badges, and between 0 and 1 for a share.
    """

    path: str
    unit: Unit
    amount: Fraction
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A part of the programme that badges fill."""

    name: str
    minimum: int
    where: Where
    mandatory: bool = False
    rpl: bool = True
    min_badges: int = 0
    max_badges: int | None = None
    max_credits: int | None = None
    min_mark: int | None = None
    compensatable: bool = True
    ceilings: tuple[AtLevel, ...] = ()
    at_least: tuple[Bound, ...] = ()
    at_most: tuple[Bound, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A bucket in an award, with the credits that this award asks of it."""

    path: str
    bucket: Bucket
    minimum: int

    def path_of(self, rule: str) -> str:
        """A bucket's own rule, as a rule of the award: `buckets.NAME.x` under `awards.ID`."""
        return self.path + rule.removeprefix(f"buckets.{self.bucket.name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """One award of the programme: the buckets in which badges may count, and which it requires.

    `requires` includes every listed mandatory bucket.
    """

    id: str
    path: str
    title: str
    credits: int
    parts: tuple[Part, ...]
    requires: AllOf
    floors: tuple[AtLevel, ...] = ()
    ceilings: tuple[AtLevel, ...] = ()
    rpl_cap: int | None = None
    reuse_cap: int | None = None
    max_registration_years: int | None = None
    pathway: str = ""
    at_least: tuple[Bound, ...] = ()
    at_most: tuple[Bound, ...] = ()

    @property
    def bucket_names(self) -> tuple[str, ...]:
        """The names of its buckets, in their order."""
        return tuple(part.bucket.name for part in self.parts)


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
class Trusted:
    """An issuer on a trust list, for badges issued between two days, both included."""

    issuer: str
    first: date = date.min
    last: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What a badge must be before it can count anywhere. The issuers' list is never empty.

    `barred` are relations to the holder in which a judge does not count.
    """

    path: str
    trust_list: str
    trusted: tuple[Trusted, ...]
    may_be_expired: bool
    min_endorsers: int
    distinct_endorsers: bool
    holder_may_endorse: bool
    barred: frozenset[str] = frozenset()
    endorser_level: int = 0
    rpl_life: ShelfLife | None = None
    earned_life: ShelfLife | None = None
    not_used_before: bool = False

    @property
    def issuers(self) -> frozenset[str]:
        """Every issuer on the list, whatever its days."""
        return frozenset(trusted.issuer for trusted in self.trusted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """Until a day, a badge with an old code is read with a new one, and more tags."""

    path: str
    old: str
    new: str
    tags: frozenset[str]
    until: date


class Dimension(StrEnum):
    """What badges can differ in."""

    CONTEXTS = "contexts"
    CIRCLES = "circles"
    VALIDATORS = "validators"
    CO_PARTICIPANTS = "co_participants"
    ISSUERS = "issuers"
    KINDS = "kinds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distinct:
    """Variety among the counted badges in one dimension; `awards` say for which it holds."""

    path: str
    dimension: Dimension
    awards: frozenset[str]
    at_least: int = 0
    credits_each: int = 0
    max_share: Fraction | None = None
    max_credits: int | None = None


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
class Order:
    """When one activity comes in time before another."""

    finished: Finished = Finished.BEFORE_END
    lapses_after_years: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prerequisite:
    """Every badge that fills `before` came in time before every badge that fills `after`."""

    path: str
    before: str
    after: str
    order: Order
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Needs:
    """A badge with `code` counts only beside one with `needed` that came in time before it."""

    path: str
    code: str
    needed: str
    order: Order
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusion:
    """At most one counted badge whose code is among these."""

    path: str
    codes: frozenset[str]
    awards: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """So many badges, with so much credit, may fill two buckets; `between` None is any two."""

    path: str
    max_badges: int | None
    max_credits: int | None
    between: frozenset[frozenset[str]] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Condonement:
    """How badges below the pass mark may count. `cap_class` "" is an award without class."""

    path: str
    max_credits: int
    mark_floor: int
    not_in: frozenset[str]
    cap_class: str
    mean: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criteria:
    """Marks that must be reached together."""

    path: str
    mean: int | None = None
    bucket_means: Mapping[str, int] = field(default_factory=dict)
    credits_at: Mapping[int, int] = field(default_factory=dict)  # by mark
    share_at: Mapping[int, Fraction] = field(default_factory=dict)  # by mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """A class of an award: its own criteria, and one of the alternatives if there are any."""

    id: str
    path: str
    criteria: Criteria
    alternatives: tuple[Criteria, ...]
    first_attempts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """How awards are classified; `classes` stand from the best."""

    path: str
    awards: frozenset[str]
    rpl_marks: bool
    half_up: bool
    graded_at_least: int
    classes: tuple[Class, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationRule:
    """Something that a person must attest."""

    name: str
    says: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcessionRules:
    """Which concessions may be made, what each must say, and the paths that none may touch."""

    path: str
    allowed: frozenset[Action]
    requires: frozenset[str]
    never: frozenset[str]


class WhichVersion(StrEnum):
    """Which version decides."""

    START = "start_version"
    START_OR_BETTER = "start_version_or_better"


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A whole programme. `awards` stand from the highest to the lowest.

    `digest` is of `document`, the file as JSON (docs/decision-record.md).
    """

    title: str
    id: str
    version: str
    in_force_from: date
    digest: str
    document: Mapping[str, object]
    awards: tuple[Award, ...]
    gate: Gate
    choose: WhichVersion = WhichVersion.START
    source: str = ""
    pass_mark: int | None = None
    equivalences: tuple[Equivalence, ...] = ()
    distinct: tuple[Distinct, ...] = ()
    obligations: Obligations | None = None
    prerequisites: tuple[Prerequisite, ...] = ()
    needs: tuple[Needs, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    sharing: Sharing | None = None
    condonement: Condonement | None = None
    classification: Classification | None = None
    attestations: tuple[AttestationRule, ...] = ()
    concessions: ConcessionRules | None = None

    def award(self, award_id: str) -> Award:
        """The award with this id, which is known to be there."""
        return next(award for award in self.awards if award.id == award_id)

    @property
    def listed_buckets(self) -> Mapping[str, Bucket]:
        """Every bucket that an award lists, by name, in the order of the awards."""
        return {part.bucket.name: part.bucket for award in self.awards for part in award.parts}

    @property
    def unit(self) -> CreditUnit:
        """In which its file counts credits."""
        return CreditUnit(str(self.document.get("credit_unit", CreditUnit.UK)))

    @property
    def is_marked(self) -> bool:
        """Whether its rules look at marks, so that new badges are to have some."""
        return self.pass_mark is not None or self.classification is not None

    @property
    def bucket_names(self) -> frozenset[str]:
        """Every bucket, also those that no award lists."""
        buckets = self.document["buckets"]
        assert isinstance(buckets, Mapping)  # the grammar has read it
        return frozenset(buckets)
