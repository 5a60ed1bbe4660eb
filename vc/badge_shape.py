"""The members that Open Badges 3.0 gives its classes, and their kinds.

Sources: OB 3.0, appendix B, and its JSON Schemas, in the flavour that lets one value stand for a
list of one. Values of enumerations are not held against it: later versions add some.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import instant, listed

# Each member by name; `!` is required, `*` may be a list, and `:` says its kind where it is no
# text. A class ends in `.` where it has no other members.
_CLASSES: Final = {
    "AchievementCredential": """
        id! name description image:Image awardedDate:moment issuer!:ProfileRef evidence*:Evidence
        credentialSubject!:AchievementSubject""",
    "EndorsementCredential": """
        id! name! description awardedDate:moment issuer!:ProfileRef evidence*:Evidence
        credentialSubject!:EndorsementSubject""",
    "AchievementSubject": """
        id activityStartDate:moment activityEndDate:moment creditsEarned:number
        achievement!:Achievement identifier*:IdentityObject image:Image licenseNumber narrative
        result*:Result role source:Profile term""",
    "EndorsementSubject": "id! endorsementComment",
    "Achievement": """
        id! alignment*:Alignment achievementType creator:Profile creditsAvailable:number
        criteria!:Criteria description! fieldOfStudy humanCode image:Image inLanguage name!
        otherIdentifier*:IdentifierEntry related*:Related resultDescription*:ResultDescription
        specialization tag* version""",
    "Alignment": """
        targetCode targetDescription targetName! targetFramework targetType targetUrl!""",
    "Evidence": "id narrative name description genre audience",
    "Result": "achievedLevel alignment*:Alignment resultDescription status value",
    "ResultDescription": """
        id! alignment*:Alignment allowedValue* name! requiredLevel requiredValue resultType!
        rubricCriterionLevel*:RubricCriterionLevel valueMax valueMin""",
    "RubricCriterionLevel": "id! alignment*:Alignment description level name! points",
    "Related": "id! inLanguage version",
    "IdentityObject": "hashed!:flag identityHash! identityType! salt.",
    "IdentifierEntry": "identifier! identifierType!.",
    "Image": "id! caption.",
    "Profile": """
        id! name url phone description image:Image email address:Address
        otherIdentifier*:IdentifierEntry official parentOrg:Profile familyName givenName
        additionalName patronymicName honorificPrefix honorificSuffix familyNamePrefix
        dateOfBirth:day""",
    "Address": """
        addressCountry addressCountryCode addressRegion addressLocality streetAddress
        postOfficeBoxNumber postalCode geo:GeoCoordinates""",
    "GeoCoordinates": "latitude!:number longitude!:number",
}
# Classes whose nodes need not say what they are.
_UNTYPED: Final = {"Criteria": "id narrative"}
_MEMBER: Final = re.compile(r"([A-Za-z]+)(!?)(\*?)(?::([A-Za-z]+))?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED: Final = {"OpenBadgeCredential": "AchievementCredential"}


@dataclass(frozen=True, slots=True)
class _Class:
    required: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)
    is_closed: bool = False
    is_typed: bool = True


def check_badge(document: JsonObject, types: frozenset[str]) -> None:
    """Raise Malformed, naming the place, where a badge or endorsement breaks its class.

    A part of a badge that a holder shows may leave out what the whole must have.
    """
    names = {_NAMED.get(one, one) for one in types} & _CLASSES.keys()
    for name in sorted(names):
        _check_class(document, name, place="", is_whole=not _is_part(document))


def _is_part(document: JsonObject) -> bool:
    proofs = [one for one in listed(document.get("proof")) if isinstance(one, dict)]
    return bool(proofs) and all(
        (one.get("type"), one.get("cryptosuite")) == ("DataIntegrityProof", "ecdsa-sd-2023")
        for one in proofs
    )


def _check_class(node: JsonObject, name: str, *, place: str, is_whole: bool) -> None:
    shape = _class(name)
    if is_whole:
        for member in sorted(shape.required - node.keys()):
            sentence = f"{_spoken(name)} needs its {member}."
            raise Malformed("badge-shape", sentence, place=f"{place}/{member}")
    if shape.is_closed and (others := sorted(node.keys() - shape.kinds.keys() - {"type"})):
        sentence = f"{_spoken(name)} has no {others[0][:64]}."
        raise Malformed("badge-shape", sentence, place=f"{place}/{others[0][:64]}")
    for member in shape.kinds.keys() & node.keys():
        _check_member(node[member], member, shape, place=f"{place}/{member}", is_whole=is_whole)


def _check_member(value: Any, member: str, shape: _Class, *, place: str, is_whole: bool) -> None:
    kind = shape.kinds[member]
    if member == "credentialSubject" and isinstance(value, list) and len(value) == 1:
        value = value[0]  # VCDM lets the one subject stand in a list
    if isinstance(value, list) and member in shape.many:
        for index, item in enumerate(value):
            _check_kind(item, kind, place=f"{place}/{index}", is_whole=is_whole)
    else:
        _check_kind(value, kind, place=place, is_whole=is_whole)


def _check_kind(value: Any, kind: str, *, place: str, is_whole: bool) -> None:
    if kind == "ProfileRef":
        if isinstance(value, str):
            return
        kind = "Profile"
    if kind in _CLASSES or kind in _UNTYPED:
        if not isinstance(value, dict):
            raise Malformed("badge-shape", f"{_spoken(kind)} is an object.", place=place)
        if _class(kind).is_typed and kind not in listed(value.get("type")):
            sentence = f"{_spoken(kind)} has the type {kind}."
            raise Malformed("badge-shape", sentence, place=f"{place}/type")
        _check_class(value, kind, place=place, is_whole=is_whole)
    elif kind == "moment":
        instant(value, place=place)
    elif not _is(kind, value):
        raise Malformed("badge-shape", f"A {_WORDS[kind]} was expected.", place=place)


_WORDS: Final = {
    "text": "text",
    "number": "number",
    "flag": "true or false",
    "day": "date",
}


def _is(kind: str, value: Any) -> bool:
    match kind:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "flag":
            return isinstance(value, bool)
        case "day":
            return isinstance(value, str) and _DAY.fullmatch(value) is not None
        case _:
            # A text, or a text with its language.
            is_tagged = isinstance(value, dict) and isinstance(value.get("@value"), str)
            return isinstance(value, str) or is_tagged


def _spoken(name: str) -> str:
    words = re.sub(r"(?<!^)([A-Z])", r" \1", name).lower()
    return f"An {words}" if words[0] in "aeiou" else f"A {words}"


@cache
def _class(name: str) -> _Class:
    text = _CLASSES.get(name) or _UNTYPED[name]
    found = [_MEMBER.fullmatch(word.rstrip(".")) for word in text.split()]
    members = [one for one in found if one is not None]
    assert len(members) == len(found), name
    return _Class(
        required=frozenset(one[1] for one in members if one[2]),
        many=frozenset(one[1] for one in members if one[3]),
        kinds={one[1]: one[4] or "text" for one in members},
        is_closed=text.endswith("."),
        is_typed=name in _CLASSES,
    )
