"""What a credential and the result of checking it look like once parsed."""

import contextlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed, Refused

# XML Schema dateTimeStamp (VCDM 2.0 section 4.9): a date, a time and an offset, all mandatory.
# Python reads more: weeks, commas, no hyphens, any digits; another reader would see another date.
_STAMP: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,20})?"
    r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
)


def instant(value: Any, *, place: str) -> datetime:
    """The aware datetime of a dateTimeStamp string. Raises Malformed naming `place`."""
    if isinstance(value, str) and _STAMP.fullmatch(value):
        # A day that the calendar has not, or that falls out of it in UTC.
        with contextlib.suppress(ValueError, OverflowError):
            return datetime.fromisoformat(value).astimezone(UTC)
    raise Malformed("date", "A date and time with its offset was expected.", place=place)


def timestamp(moment: datetime) -> str:
    """`moment` as the dateTimeStamp that this project writes: UTC, whole seconds, a Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def listed(value: Any) -> list[Any]:
    """JSON-LD lets one value stand for a list of one; absent is a list of none."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def identifier(value: Any) -> str | None:
    """The id of a node that is given as a string or as an object with an `id`."""
    if isinstance(value, dict):
        value = value.get("id")
    return value if isinstance(value, str) else None


class Outcome(StrEnum):
    """What one check found."""

    PASS = "pass"  # noqa: S105 - an outcome, not a password
    FAIL = "fail"
    UNKNOWN = "unknown"


class Verdict(StrEnum):
    """What all checks together say; only VALID may be acted on as valid."""

    VALID = "valid"
    INVALID = "invalid"
    UNCHECKED = "could not be checked"


@dataclass(frozen=True, slots=True)
class Step:
    """One named check, its outcome, a stable code for machines and a sentence for people."""

    name: str
    outcome: Outcome
    sentence: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Credential:
    """A structurally sound credential, parsed; nothing in it is proven yet.

    `document` is the JSON as received, with its proofs. Dates are aware, in UTC.
    """

    document: JsonObject = field(repr=False)
    id: str
    types: frozenset[str]
    issuer_id: str
    issuer_name: str
    subject_id: str
    name: str
    valid_from: datetime | None
    valid_until: datetime | None

    @property
    def subject(self) -> JsonObject:
        """The credentialSubject; the first of them where a generic credential has several."""
        subject: JsonObject = listed(self.document["credentialSubject"])[0]
        return subject

    @property
    def endorsable(self) -> frozenset[str]:
        """What an endorsement inside the credential may be about: itself, or its evidence."""
        evidence = (identifier(entry) for entry in listed(self.document.get("evidence")))
        return frozenset(filter(None, (self.id, *evidence)))


@dataclass(frozen=True, slots=True)
class VerifiedCredential:
    """A credential of which every required check passed at `checked_at`.

    Only Report.verified makes one. Trust in the issuer is not part of it.
    """

    credential: Credential
    checked_at: datetime


@dataclass(frozen=True, slots=True)
class Report:
    """The steps of a verification in order, and what they amount to."""

    steps: tuple[Step, ...]
    credential: Credential | None
    checked_at: datetime

    @property
    def verdict(self) -> Verdict:
        """INVALID if any step failed, UNCHECKED if any could not be decided, else VALID."""
        return verdict(self.steps)

    @property
    def is_signed(self) -> bool:
        """Whether its signature is known to be good."""
        signature = self.step("signature")
        return signature is not None and signature.outcome is Outcome.PASS

    def with_steps(self, *more: Step) -> "Report":
        """The report with more steps after its own."""
        return replace(self, steps=(*self.steps, *more))

    def step(self, name: str) -> Step | None:
        """The step of that name, or None where the verification ended before it."""
        return next((step for step in self.steps if step.name == name), None)

    def verified(self) -> VerifiedCredential:
        """The credential, proven. Raises Refused with the first step that stands against it."""
        if self.credential is not None and self.verdict is Verdict.VALID:
            return VerifiedCredential(self.credential, self.checked_at)
        against = next(step for step in self.steps if step.outcome is not Outcome.PASS)
        raise Refused(against.code or f"not-verified-{against.name}", against.sentence)


def verdict(steps: tuple[Step, ...]) -> Verdict:
    """What `steps` amount to; no steps at all prove nothing."""
    outcomes = {step.outcome for step in steps}
    if Outcome.FAIL in outcomes:
        return Verdict.INVALID
    if Outcome.UNKNOWN in outcomes or not outcomes:
        return Verdict.UNCHECKED
    return Verdict.VALID
