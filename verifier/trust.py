"""Who is known here: the registry of issuers, kept by the operator in a versioned file.

The name shown for an issuer comes from here, never from the credential: anybody can write
"University" into a badge and sign it with a key of their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from vc.model import Credential

# Open Badges 3.0, AchievementType: who may issue badges is not by that a degree-awarding body.
DEGREES: Final = frozenset(
    {
        "AssociateDegree",
        "BachelorDegree",
        "Degree",
        "DoctoralDegree",
        "MasterDegree",
        "ProfessionalDoctorate",
        "ResearchDoctorate",
    }
)
_ANY_DEGREE: Final = "Degree"
_SAME: Final = {"OpenBadgeCredential": "AchievementCredential"}  # two names of one type


class Standing(StrEnum):
    """What the registry has to say of the issuer of a credential."""

    KNOWN = "known"
    UNLISTED = "unlisted"
    OTHER_KINDS = "other kinds"
    NOT_YET = "not yet"
    NO_MORE = "no more"


@dataclass(frozen=True, slots=True)
class KnownIssuer:
    """One entry: whose DID it is, which credentials it may issue, and from when.

    `issues` names types of credentials and, for degrees, types of achievements; "Degree" is any
    degree. What is dated from `until` on is no longer covered.
    """

    did: str
    name: str
    site: str
    issues: frozenset[str]
    since: datetime
    until: datetime | None = None

    @property
    def kinds(self) -> str:
        """What it may issue, in words."""
        return _listing({_SAME.get(kind, kind) for kind in self.issues})


@dataclass(frozen=True, slots=True)
class TrustFinding:
    """What the registry says of a credential's issuer, and why.

    `known` is the entry where it covers this credential; `entry` is there for every issuer that is
    listed at all, so that its registered name can be said.
    """

    standing: Standing
    sentence: str
    entry: KnownIssuer | None = None
    version: str = ""

    @property
    def known(self) -> KnownIssuer | None:
        """The entry, where it covers the credential."""
        return self.entry if self.standing is Standing.KNOWN else None


@dataclass(frozen=True, slots=True)
class TrustRegistry:
    """All known issuers under one version of the file; an empty registry knows nobody.

    `house` is the verifier itself, which knows its own receipts without being entered.
    """

    version: str
    issuers: Mapping[str, KnownIssuer]
    house: KnownIssuer | None = None

    def current(self) -> "TrustRegistry":
        """Itself: one version, for whoever asks a register for its latest."""
        return self

    def find(self, credential: Credential) -> TrustFinding:
        """Whether the issuer is known for credentials of this kind at its date, and why."""
        entry = self.issuers.get(credential.issuer_id)
        if entry is None and self.house and self.house.did == credential.issuer_id:
            entry = self.house
        if entry is None:
            sentence = (
                "The issuer is not registered here. That does not make the credential false: "
                "decide for yourself whether you trust whoever holds this identifier."
            )
            return TrustFinding(Standing.UNLISTED, sentence, version=self.version)
        standing, sentence = _judge(entry, credential)
        return TrustFinding(standing, sentence, entry, self.version)


class Registry(Protocol):
    """Whatever holds the registry: one version, or a file that goes on changing."""

    def current(self) -> TrustRegistry:
        """The version in force now."""
        ...


def _judge(entry: KnownIssuer, credential: Credential) -> tuple[Standing, str]:
    named = f"{entry.name} ({entry.site})"
    if foreign := _not_covered(entry, credential):
        what = "a degree" if foreign <= DEGREES else "this kind of credential"
        sentence = (
            f"{named} is registered here, but not for {what}: it may issue {entry.kinds}, "
            f"and this is {_listing(foreign)}."
        )
        return Standing.OTHER_KINDS, sentence
    issued = credential.valid_from
    if issued is not None and issued < entry.since:
        sentence = (
            f"{named} has been registered here since {_day(entry.since)}. This credential is from "
            f"before, of {_day(issued)}, so its registration does not cover it."
        )
        return Standing.NOT_YET, sentence
    if entry.until is not None and (issued is None or issued >= entry.until):
        dated = f"of {_day(issued)}" if issued else "and names no day"
        sentence = (
            f"{named} was registered here until {_day(entry.until)}. This credential is not from "
            f"before, {dated}, so its registration does not cover it."
        )
        return Standing.NO_MORE, sentence
    sentence = (
        f"The issuer is registered here as {named}, since {_day(entry.since)}. "
        f"It may issue {entry.kinds}, and this is one."
    )
    return Standing.KNOWN, sentence


def _not_covered(entry: KnownIssuer, credential: Credential) -> set[str]:
    """What the credential is, by all its types, that the entry does not name."""
    allowed = {_SAME.get(kind, kind) for kind in entry.issues}
    kinds = {_SAME.get(kind, kind) for kind in credential.types - {"VerifiableCredential"}}
    missing = kinds - allowed
    degree = _achievement_type(credential)
    if not missing and degree in DEGREES and not allowed & {degree, _ANY_DEGREE}:
        missing = {degree}
    return missing or (set() if kinds else {"no kind that is named"})


def _achievement_type(credential: Credential) -> str:
    achievement = credential.subject.get("achievement")
    kind = achievement.get("achievementType") if isinstance(achievement, dict) else None
    return kind if isinstance(kind, str) else ""


def _listing(words: Iterable[str]) -> str:
    first = sorted(words)
    return " and ".join([", ".join(first[:-1]), first[-1]] if len(first) > 1 else first)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
