"""What a holder presents, after verification: one record for each badge, and the registration.

Records come from verified credentials (degree/evidence.py) or from the documented JSON
(records_json.py); the engine cannot tell which and needs no credential.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from vc.errors import Malformed


class Status(StrEnum):
    """What verification said of the badge on the day of the snapshot."""

    VALID = "valid"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    INVALID = "invalid"  # the proof does not hold
    UNKNOWN = "unknown"  # it could not be checked, for instance a status list was out of reach


class Role(StrEnum):
    """The part that the holder had in the activity."""

    PARTICIPANT = "participant"
    CO_PROVIDER = "co_provider"


@dataclass(frozen=True, slots=True)
class Judge:
    """Who endorsed a badge. `level` 0 is not known; `relation` is to the holder, "" if unknown."""

    id: str
    level: int = 0
    relation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One badge, as far as degree rules look at it.

    `credits_tenths` are tenths of a UK credit, `level` is of the FHEQ, `mark` is in tenths. `code`
    is the achievement's human code, which exclusions name. `activity` names the activity behind the
    badge; two badges of one activity share it, and empty means that the badge stands alone.
    `judges` endorsed it. `used_in` names an award that already counted it. `digest` is of the
    credential from which the record was made; empty when there is none. A `hypothetical` badge is
    only asked about.
    """

    id: str
    title: str
    issuer: str
    credits_tenths: int
    level: int
    activity_start: date
    activity_end: date
    issued: date
    status: Status
    role: Role = Role.PARTICIPANT
    rpl: bool = False
    code: str = ""
    kind: str = ""
    activity: str = ""
    circle: str = ""
    tags: frozenset[str] = frozenset()
    contexts: frozenset[str] = frozenset()
    judges: tuple[Judge, ...] = ()
    co_participants: frozenset[str] = frozenset()
    mark: int | None = None
    first_attempt: bool = True
    hypothetical: bool = False
    used_in: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """An authorised break: from the first day to the last, both included."""

    first: date
    last: date


class Action(StrEnum):
    """What a concession does."""

    WAIVE = "waive"
    REDUCE = "reduce"
    ACCEPT = "accept"
    FORGIVE_YEAR = "forgive_year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Concession:
    """What somebody with the authority to do so has granted to one holder.

    `path` is for waive and reduce, `to` for reduce (UK credits, a number or a share, as the rule
    counts), `record` and `bucket` for accept, `year` for forgive_year. `said` are the texts that
    the programme may require: authority, rationale, clause_ref.
    """

    id: str
    action: Action
    granted: date
    expiry: date | None = None
    path: str = ""
    to: Fraction | None = None
    record: str = ""
    bucket: str = ""
    year: int = 0
    said: Mapping[str, str] = field(default_factory=dict)


class Word(StrEnum):
    """What a person attests."""

    YES = "yes"
    NO = "no"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attestation:
    """A person's word on something that no badge tells."""

    value: Word
    by: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """Everything that one holder presents for a decision. Record ids are distinct.

    `name` and `context_names`, the issuers' names of contexts by code, are for people who read;
    no rule looks at them. `pathway` is the one that the holder wishes, "" for any.
    """

    holder: str
    registered: date
    records: tuple[Record, ...]
    interruptions: tuple[Interruption, ...] = ()
    name: str = ""
    context_names: Mapping[str, str] = field(default_factory=dict)
    pathway: str = ""
    attestations: Mapping[str, Attestation] = field(default_factory=dict)
    concessions: tuple[Concession, ...] = ()

    def __post_init__(self) -> None:
        for record_id, times in Counter(record.id for record in self.records).items():
            if times > 1:
                sentence = f"The record {record_id!r} is presented {times} times."
                raise Malformed("record-twice", sentence, place="records")
