"""Are the results in a badge those that its achievement describes?

Source: Open Badges 3.0, appendices B.1.20 (Result) and B.1.21 (ResultDescription).
"""

import re
from decimal import Decimal
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import Credential, Outcome, Step, identifier, listed
from vc.structure import BADGE_TYPES

STATUS: Final = "Status"
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
STATUSES: Final = frozenset(
    {"Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"}
)


def check(credential: Credential) -> list[Step]:
    """The step results; none where the badge gives no result."""
    if not credential.types & BADGE_TYPES:
        return []
    given = listed(credential.subject.get("result"))
    if not given:
        return []
    try:
        described = _described(credential.subject.get("achievement"))
        alone = sum(
            not _check(result, described, place=f"/credentialSubject/result/{index}")
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


def _described(achievement: Any) -> dict[str, JsonObject]:
    source = achievement.get("resultDescription") if isinstance(achievement, dict) else None
    found = [entry for entry in listed(source) if isinstance(entry, dict)]
    return {name: entry for entry in found if (name := identifier(entry)) is not None}


def _check(result: Any, described: dict[str, JsonObject], *, place: str) -> bool:
    """Whether the result has a description, which it keeps to. Raises Malformed where not."""
    if not isinstance(result, dict):
        raise Malformed("result", "A result is an object.", place=place)
    description = described.get(identifier(result.get("resultDescription")) or "")
    if description is None:
        return False
    _check_status(result, description, place=f"{place}/status")
    if "achievedLevel" in result:
        # Of any rubric of the achievement: the specification's own example names another's.
        levels = [
            level for one in described.values() for level in listed(one.get("rubricCriterionLevel"))
        ]
        if identifier(result["achievedLevel"]) not in {identifier(level) for level in levels}:
            sentence = "The rubric has no such level."
            raise Malformed("result", sentence, place=f"{place}/achievedLevel")
    if "value" in result:
        _check_value(result["value"], description, place=f"{place}/value")
    return True


def _check_status(result: JsonObject, description: JsonObject, *, place: str) -> None:
    given = result.get("status")
    known = isinstance(given, str) and given in STATUSES
    if description.get("resultType") == STATUS and not known:
        raise Malformed("result", "A result of this kind has a status.", place=place)


def _check_value(value: Any, description: JsonObject, *, place: str) -> None:
    allowed = listed(description.get("allowedValue"))
    if allowed and value not in allowed:
        raise Malformed("result", "The value is none of those that are allowed.", place=place)
    bounds = [_number(description.get(name)) for name in ("valueMin", "valueMax")]
    if bounds == [None, None]:
        return
    number = _number(value)
    if number is None:
        raise Malformed("result", "The value is no number, and bounds are given.", place=place)
    least, most = bounds
    if (least is not None and number < least) or (most is not None and number > most):
        raise Malformed("result", "The value lies outside its bounds.", place=place)


def _number(value: Any) -> Decimal | None:
    """A JSON number, or a decimal of XML Schema in a text; Decimal itself would take more."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return Decimal(str(value)) if _DECIMAL.fullmatch(str(value)) else None
