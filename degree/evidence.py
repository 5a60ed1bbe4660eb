"""From verified credentials to the records that the degree rules reason about.

The only place where degree meets credentials. What a badge says is read strictly: a badge whose
facts cannot be read is set aside with the place of the fault, never guessed at.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from degree.rules.checks import HIGHEST_LEVEL
from degree.rules.exact import tenths
from degree.rules.faults import Faulty
from degree.rules.records import Judge, Record, Role, Status
from degree.rules.records_json import expect_readable
from vc.documents import JsonObject
from vc.encoding import digest_multibase
from vc.errors import Malformed
from vc.model import (
    Credential,
    Outcome,
    Report,
    Step,
    Verdict,
    identifier,
    instant,
    listed,
    timestamp,
)
from vc.nested import judges

MEMBERSHIP: Final = "Membership"
# What an award of the university calls itself (Open Badges 3.0, AchievementType).
AWARD_TYPES: Final = frozenset(
    {
        *("MasterDegree", "Degree", "Diploma", "DoctoralDegree", "BachelorDegree"),
        *("ext:PostgraduateDiploma", "ext:PostgraduateCertificate"),
    }
)
PRIOR_LEARNING: Final = "prior_learning"
LEVELS: Final = "FHEQ"
CONTEXTS: Final = "Learnometer contexts"

_LEVELS: Final = frozenset(map(str, range(1, HIGHEST_LEVEL + 1)))
_WITHDRAWN: Final = {
    "revoked": Status.REVOKED,
    "suspended": Status.SUSPENDED,
    "expired": Status.EXPIRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NotARecord:
    """A presented credential that is no record of learning, or none that can be read, and why."""

    title: str
    status: Status
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a presentation comes to. `registered` is from the membership card that holds, if any.

    `context_names` are the names of contexts, by code, on which all valid badges agree.
    """

    records: tuple[Record, ...]
    not_records: tuple[NotARecord, ...]
    registered: date | None
    context_names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A badge that an issuer offers to earn, as far as degree rules would look at it.

    `id` is the achievement's; the credits are tenths of a UK credit.
    """

    id: str
    title: str
    issuer: str
    credits_tenths: int
    level: int
    code: str
    kind: str
    tags: frozenset[str]

    def earned_as(self, record: Record) -> Record:
        """A record with what the offer says; all else, such as its days and judges, stays."""
        return replace(
            record,
            issuer=self.issuer,
            credits_tenths=self.credits_tenths,
            level=self.level,
            code=self.code,
            kind=self.kind,
            tags=self.tags,
        )


def offer(achievement: JsonObject, *, issuer: str) -> Offer:
    """The offer in an achievement on the menu of `issuer`. Raises Malformed."""
    return Offer(
        id=_text(achievement, "id", place="/achievement/id"),
        title=_text(achievement, "name", place="/achievement/name"),
        issuer=issuer,
        credits_tenths=_credits(achievement.get("creditsAvailable")),
        level=_level(achievement),
        code=_optional(achievement, "humanCode", place="/achievement/humanCode"),
        kind=_optional(achievement, "achievementType", place="/achievement/achievementType"),
        tags=frozenset(_texts(achievement.get("tag"), place="/achievement/tag")),
    )


def records_from(
    reports: Iterable[Report], *, holder: str, membership_issuers: frozenset[str]
) -> Evidence:
    """The records in the reports of one holder's credentials, in the order of presentation.

    A credential that was withdrawn or could not be checked is a record too, with its status: the
    rules list it and do not count it. `membership_issuers` are those whose membership card says
    since when the holder has been registered.
    """
    records: dict[str, Record] = {}
    not_records: list[NotARecord] = []
    since: list[date] = []
    names: dict[str, set[str]] = {}
    for report in reports:
        status = status_of(report)
        credential = report.credential
        if status is Status.VALID and credential and _is_card(credential):
            since += _member_since(credential, membership_issuers)
        read = _read(report, status, holder)
        if isinstance(read, NotARecord):
            not_records.append(read)
        elif read.id not in records:
            records[read.id] = read
            if status is Status.VALID and credential:
                for alignment in _alignments(_achievement(credential), CONTEXTS):
                    names.setdefault(alignment["targetCode"], set()).add(_name(alignment))
        elif read.digest != records[read.id].digest:
            not_records.append(
                NotARecord(title=read.title, status=status, reason="it was presented twice")
            )
    return Evidence(
        records=tuple(records.values()),
        not_records=tuple(not_records),
        registered=min(since, default=None),
        context_names={code: min(said) for code, said in names.items() if len(said) == 1},
    )


def status_of(report: Report) -> Status:
    """What the verification amounts to for a decision; the worst finding wins."""
    if report.verdict is Verdict.VALID:
        return Status.VALID
    failed = {step.code for step in report.steps if step.outcome is Outcome.FAIL}
    if failed - set(_WITHDRAWN):
        return Status.INVALID
    return next((status for code, status in _WITHDRAWN.items() if code in failed), Status.UNKNOWN)


def against(report: Report) -> Step:
    """What speaks against a credential that is not valid: the first step that failed, or else could
    not be decided."""
    found = {step.outcome: step for step in reversed(report.steps)}
    return found.get(Outcome.FAIL) or found[Outcome.UNKNOWN]


def digest_of(document: JsonObject) -> str:
    """The digest of a credential with its proofs, over its JSON with sorted keys."""
    written = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return digest_multibase(written.encode())


def _read(report: Report, status: Status, holder: str) -> Record | NotARecord:
    credential = report.credential
    if credential is None or status is Status.INVALID:
        title = credential.name if credential else ""
        return NotARecord(title=title, status=status, reason=against(report).sentence)
    reason = _set_aside(credential, holder)
    if reason:
        return NotARecord(title=credential.name, status=status, reason=reason)
    try:
        record = _record(credential, status)
        expect_readable(record)
        return record
    except Faulty as error:
        fault = error.faults[0]
        reason = f"it cannot be read: {fault.path} is {fault.found}, expected was {fault.expected}"
        return NotARecord(title=credential.name, status=status, reason=reason)
    except Malformed as error:
        reason = f"it cannot be read at {error.place}: {error.sentence}"
        return NotARecord(title=credential.name, status=status, reason=reason)


def _set_aside(credential: Credential, holder: str) -> str:
    kind = _achievement(credential).get("achievementType")
    if credential.subject_id != holder:
        return "it is about somebody else"
    if not credential.types & {"AchievementCredential", "OpenBadgeCredential"}:
        return "it is no badge"
    if kind == MEMBERSHIP:
        return "it shows membership, which is no credit"
    if isinstance(kind, str) and kind in AWARD_TYPES:
        return "it is an award, and awards do not count towards awards"
    return ""


def _is_card(credential: Credential) -> bool:
    return _achievement(credential).get("achievementType") == MEMBERSHIP


def _member_since(credential: Credential, issuers: frozenset[str]) -> list[date]:
    """The day on which the membership began; the card's own day where it does not say."""
    if credential.issuer_id not in issuers:
        return []
    if "activityStartDate" in credential.subject:
        try:
            return [_day(credential.subject, "activityStartDate")]
        except Malformed:
            return []
    return [credential.valid_from.date()] if credential.valid_from else []


def _record(credential: Credential, status: Status) -> Record:
    subject, achievement = credential.subject, _achievement(credential)
    start = _day(subject, "activityStartDate")
    end = _day(subject, "activityEndDate")
    if end < start:
        raise _fault("/activityEndDate", "The activity ended before it began.")
    tags = frozenset(_texts(achievement.get("tag"), place="/achievement/tag"))
    return Record(
        id=credential.id,
        title=credential.name or _text(achievement, "name", place="/achievement/name"),
        issuer=credential.issuer_id,
        credits_tenths=_credits(subject.get("creditsEarned")),
        level=_level(achievement),
        activity_start=start,
        activity_end=end,
        issued=_issued(credential),
        status=status,
        role=_role(subject.get("role")),
        rpl=PRIOR_LEARNING in tags,
        code=_optional(achievement, "humanCode", place="/achievement/humanCode"),
        kind=_optional(achievement, "achievementType", place="/achievement/achievementType"),
        activity=_activity(credential.document),
        circle=_id(subject, "source"),
        tags=tags,
        contexts=frozenset(_codes(achievement, CONTEXTS)),
        judges=_judges(credential),
        digest=digest_of(credential.document),
    )


def _achievement(credential: Credential) -> JsonObject:
    achievement = credential.subject.get("achievement")
    return achievement if isinstance(achievement, dict) else {}


def _issued(credential: Credential) -> date:
    awarded = credential.document.get("awardedDate")
    if awarded is None and credential.valid_from is not None:
        awarded = timestamp(credential.valid_from)
    return instant(awarded, place="/awardedDate").date()


def _day(subject: JsonObject, name: str) -> date:
    return instant(subject.get(name), place=f"/credentialSubject/{name}").date()


def _credits(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _fault("/creditsEarned", "A number of UK credits was expected.")
    try:
        return tenths(value)
    except Malformed as error:
        raise _fault("/creditsEarned", error.sentence) from error


def _level(achievement: JsonObject) -> int:
    codes = set(_codes(achievement, LEVELS))
    if len(codes) != 1 or (code := codes.pop()) not in _LEVELS:
        raise _fault("/achievement/alignment", "One level of the FHEQ was expected.")
    return int(code)


def _codes(achievement: JsonObject, framework: str) -> list[str]:
    """The codes that the achievement is aligned to in one framework."""
    return [alignment["targetCode"] for alignment in _alignments(achievement, framework)]


def _alignments(achievement: JsonObject, framework: str) -> list[JsonObject]:
    """The alignments to one framework, each with its code."""
    place = "/achievement/alignment"
    found = []
    for alignment in listed(achievement.get("alignment")):
        if not isinstance(alignment, dict):
            raise _fault(place, "An alignment is an object.")
        if _optional(alignment, "targetFramework", place=place) == framework:
            _text(alignment, "targetCode", place=place)
            found.append(alignment)
    return found


def _name(alignment: JsonObject) -> str:
    """What people call the target: its name, or its code where it has none that is a text."""
    name = alignment.get("targetName")
    return name if isinstance(name, str) and name.strip() else str(alignment["targetCode"])


def _role(value: Any) -> Role:
    if value is None:
        return Role.PARTICIPANT
    if isinstance(value, str) and value in set(Role):
        return Role(value)
    raise _fault("/role", f"One of {', '.join(Role)} was expected.")


def _activity(document: JsonObject) -> str:
    """The id of the activity behind the badge, which stands among the evidence."""
    for entry in listed(document.get("evidence")):
        if _optional(entry, "genre", place="/evidence/genre") == "activity":
            return identifier(entry) or ""
    return ""


def _judges(credential: Credential) -> tuple[Judge, ...]:
    """Who endorsed it, beside its issuer. Their signatures are part of the verification."""
    return tuple(Judge(judge) for judge in judges(credential) if judge != credential.issuer_id)


def _id(source: JsonObject, name: str) -> str:
    """The id of a member that may be absent, but not be written so that it looks absent."""
    found = identifier(source.get(name))
    if found is None and name in source:
        raise _fault(f"/{name}", "One object with an id was expected.")
    return found or ""


def _text(source: JsonObject, name: str, *, place: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not value:
        raise _fault(place, f"A text was expected as {name}.")
    return value


def _optional(source: JsonObject, name: str, *, place: str) -> str:
    return _text(source, name, place=place) if name in source else ""


def _texts(value: Any, *, place: str) -> list[str]:
    texts = listed(value)
    if not all(isinstance(text, str) for text in texts):
        raise _fault(place, "A list of texts was expected.")
    return texts


def _fault(place: str, sentence: str) -> Malformed:
    return Malformed("badge", sentence, place=f"/credentialSubject{place}")
