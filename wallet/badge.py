"""What a credential says, laid out for a reader. Nothing here is proven: a report says what is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from vc.documents import JsonObject, is_learner_record
from vc.errors import Malformed
from vc.learner_record import parts
from vc.model import identifier, instant, listed

ECTS_PER_UK_CREDIT: Final = 0.5  # QAA: two UK credits equal one ECTS credit
CONTEXTS: Final = "Learnometer contexts"
_RECORD: Final = "Learner record"


@dataclass(frozen=True, slots=True)
class Found:
    """A result, or a piece of evidence: its name, what it says, and its web address if any."""

    name: str
    value: str = ""
    url: str = ""

    @property
    def pair(self) -> tuple[str, str]:
        """The name and what it says, as lists of facts take them."""
        return self.name, self.value


@dataclass(frozen=True, slots=True)
class Judge:
    """Somebody who signed an endorsement, and what they wrote."""

    did: str
    comment: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What a learner record holds under one name, which is empty for what stands by itself."""

    name: str
    badges: tuple["Badge", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """The facts of a badge, or of a learner record with the badges that it `holds`.

    A fact that it does not state is empty.
    """

    name: str
    description: str
    criteria: str
    criteria_url: str
    seed: str
    kind: str
    level: str
    credits: str
    contexts: tuple[str, ...]
    circle: str
    role: str
    tags: tuple[str, ...]
    narrative: str
    started: datetime | None
    ended: datetime | None
    issued: datetime | None
    expires: datetime | None
    results: tuple[Found, ...]
    evidence: tuple[Found, ...]
    judges: tuple[Judge, ...]
    holds: tuple[Holding, ...]
    short_id: str


def read_badge(document: JsonObject, *, short_id: str) -> Badge:
    """The facts in a credential. What has an unexpected shape is left out, never guessed."""
    subject = _node(document.get("credentialSubject"))
    is_record = is_learner_record(document)
    # A learner record's achievements are not what it is: they sort what it holds.
    achievement = {} if is_record else _node(subject.get("achievement"))
    alignments = [_node(entry) for entry in listed(achievement.get("alignment"))]
    criteria = _node(achievement.get("criteria"))
    return Badge(
        name=_text(achievement.get("name")) or _text(document.get("name")),
        description=_text(achievement.get("description")) or _text(document.get("description")),
        criteria=_text(criteria.get("narrative")),
        criteria_url=_web(criteria.get("id")),
        seed=identifier(achievement) or _text(document.get("name")),
        kind=_RECORD if is_record else kind_in_words(_text(achievement.get("achievementType"))),
        level=_level(alignments),
        credits=_credits(subject.get("creditsEarned")),
        contexts=tuple(
            _text(entry.get("targetName"))
            for entry in alignments
            if entry.get("targetFramework") == CONTEXTS
        ),
        circle=_text(_node(subject.get("source")).get("name")),
        role=_text(subject.get("role")).replace("_", " "),
        tags=tuple(_text(tag).replace("_", " ") for tag in listed(achievement.get("tag"))),
        narrative=_text(subject.get("narrative")),
        started=_moment(subject.get("activityStartDate")),
        ended=_moment(subject.get("activityEndDate")),
        issued=_moment(document.get("awardedDate"))
        or _moment(document.get("validFrom", document.get("issuanceDate"))),
        expires=_moment(document.get("validUntil", document.get("expirationDate"))),
        results=tuple(_results(subject, achievement)),
        evidence=tuple(_evidence(document)),
        judges=tuple(_judges(document)),
        holds=tuple(
            Holding(
                part.name, tuple(read_badge(one.document, short_id="") for one in part.credentials)
            )
            for part in parts(document)
        ),
        short_id=short_id,
    )


def _results(subject: JsonObject, achievement: JsonObject) -> Iterator[Found]:
    descriptions = {
        identifier(entry): _node(entry) for entry in listed(achievement.get("resultDescription"))
    }
    for entry in map(_node, listed(subject.get("result"))):
        description = descriptions.get(_text(entry.get("resultDescription")), {})
        levels = {
            identifier(level): _text(_node(level).get("name"))
            for level in listed(description.get("rubricCriterionLevel"))
        }
        value = (
            _text(entry.get("value"))
            or levels.get(_text(entry.get("achievedLevel")), "")
            or _text(entry.get("status"))
        )
        if value:
            yield Found(_text(description.get("name")), value)


def _evidence(document: JsonObject) -> Iterator[Found]:
    for entry in map(_node, listed(document.get("evidence"))):
        if entry.get("genre") == "contribution":
            continue  # the name under which the pieces were judged together, and no piece itself
        url = _web(entry.get("id"))
        name = _text(entry.get("name")) or host_of(url) or _text(entry.get("genre"))
        yield Found(name, _text(entry.get("narrative")) or _text(entry.get("genre")), url)


def _judges(document: JsonObject) -> Iterator[Judge]:
    for entry in map(_node, listed(document.get("endorsement"))):
        comment = _text(_node(entry.get("credentialSubject")).get("endorsementComment"))
        yield Judge(identifier(entry.get("issuer")) or "", comment)


def _level(alignments: list[JsonObject]) -> str:
    for entry in alignments:
        if entry.get("targetFramework") == "FHEQ":
            return _text(entry.get("targetCode"))[:3]
    return ""


def _credits(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
        return ""
    return f"{value:g} UK credits ({value * ECTS_PER_UK_CREDIT:g} ECTS)"


def _moment(value: Any) -> datetime | None:
    try:
        return instant(value, place="")
    except Malformed:
        return None


def host_of(url: str) -> str:
    """The host of a web address; nothing for what has none, or is no address at all."""
    try:
        return urlsplit(url).netloc
    except ValueError:
        return ""


def _web(value: Any) -> str:
    """An address that a page may link to: never javascript: or data:."""
    text = _text(value)
    return text if text.startswith(("https://", "http://")) else ""


def _node(value: Any) -> JsonObject:
    first = listed(value)[:1]
    return first[0] if first and isinstance(first[0], dict) else {}


def kind_in_words(achievement_type: str) -> str:
    """A term of the AchievementType enumeration (OB 3.0) in words: MasterDegree, Master degree."""
    if achievement_type == "MicroCredential":  # the one that is a single word
        return "Microcredential"
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", achievement_type)
    return words[:1] + words[1:].lower()


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
