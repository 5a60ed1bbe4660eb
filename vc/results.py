"""Are the results in a badge those that its achievement describes?

Source: Open Badges 3.0, appendices B.1.20 (Result) and B.1.21 (ResultDescription).
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, Outcome, Step, identifier, listed
from vc.structure import BADGE_TYPES

STATUS: Final = "Status"
_PLAIN: Final = (str, int, float)
_DIGITS: Final = 64  # characters of a number: longer ones only cost time
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
STATUSES: Final = frozenset(
    {"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"}
)


@dataclass(frozen=True, slots=True)
class _Rubric:
    """What an achievement describes, read once: a badge may carry thousands of results."""

    descriptions: dict[str, "_Description"]
    levels: frozenset[str | None]


@dataclass(frozen=True, slots=True)
class _Description:
    """What one kind of result may be; None where nothing is said of it."""

    has_status: bool
    allowed: frozenset[object] | None
    least: Decimal | None
    most: Decimal | None


def check(credential: Credential) -> list[Step]:
    """The step results; none where the badge gives no result."""
    if not credential.types & BADGE_TYPES:
        return []
    given = listed(credential.subject.get("result"))
    if not given:
        return []
    rubric = _rubric(credential.subject.get("achievement"))
    try:
        alone = sum(
            not _check(result, rubric, place=f"/credentialSubject/result/{index}")
            for index, result in enumerate(given)
        )
    except Malformed as error:
        return [Step("results", Outcome.FAIL, str(error), error.code)]
    return [Step("results", Outcome.PASS, _sentence(len(given), alone))]


def _sentence(given: int, alone: int) -> str:
    if not alone:
        return "Its results are of the kind that it describes."
    # Badges in the field name descriptions that they do not carry; nothing contradicts them.
    return f"Results without a description, which nothing contradicts: {alone} of {given}."


def _rubric(achievement: Any) -> _Rubric:
    source = achievement.get("resultDescription") if isinstance(achievement, dict) else None
    found = [entry for entry in listed(source) if isinstance(entry, dict)]
    levels = (level for entry in found for level in listed(entry.get("rubricCriterionLevel")))
    return _Rubric(
        {name: _described(entry) for entry in found if (name := identifier(entry)) is not None},
        frozenset(identifier(level) for level in levels),
    )


def _described(entry: JsonObject) -> _Description:
    allowed = listed(entry.get("allowedValue"))
    return _Description(
        entry.get("resultType") == STATUS,
        frozenset(one for one in allowed if isinstance(one, _PLAIN)) if allowed else None,
        _number(entry.get("valueMin")),
        _number(entry.get("valueMax")),
    )


def _check(result: Any, rubric: _Rubric, *, place: str) -> bool:
    """Whether the result has a description, which it keeps to. Raises Malformed where not."""
    if not isinstance(result, dict):
        raise Malformed("result", "A result is an object.", place=place)
    description = rubric.descriptions.get(identifier(result.get("resultDescription")) or "")
    if description is None:
        return False
    given = result.get("status")
    if description.has_status and not (isinstance(given, str) and given in STATUSES):
        sentence = "A result of this kind has a status."
        raise Malformed("result", sentence, place=f"{place}/status")
    # Of any rubric of the achievement: the specification's own example names another's.
    if "achievedLevel" in result and identifier(result["achievedLevel"]) not in rubric.levels:
        raise Malformed("result", "The rubric has no such level.", place=f"{place}/achievedLevel")
    if "value" in result:
        _check_value(result["value"], description, place=f"{place}/value")
    return True


def _check_value(value: Any, description: _Description, *, place: str) -> None:
    allowed, least, most = description.allowed, description.least, description.most
    if allowed is not None and not (isinstance(value, _PLAIN) and value in allowed):
        raise Malformed("result", "The value is none of those that are allowed.", place=place)
    if least is None and most is None:
        return
    number = _number(value)
    if number is None:
        raise Malformed("result", "The value is no number, and bounds are given.", place=place)
    if (least is not None and number < least) or (most is not None and number > most):
        raise Malformed("result", "The value lies outside its bounds.", place=place)


def _number(value: Any) -> Decimal | None:
    """A JSON number, or a decimal of XML Schema in a text; Decimal itself would take more."""
    if isinstance(value, bool) or not isinstance(value, _PLAIN):
        return None
    text = str(value)
    return Decimal(text) if len(text) <= _DIGITS and _DECIMAL.fullmatch(text) else None
