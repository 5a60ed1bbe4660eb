"""The registry's file: YAML in a strict form, read and written."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import yaml

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import instant, timestamp
from verifier.identifiers import fault_of, fault_of_site, one_spelling
from verifier.trust import KnownIssuer, TrustRegistry

LONGEST_REGISTRY: Final = 1_048_576  # characters of YAML
LONGEST_NAME: Final = 200  # characters
_NEEDED: Final = {"did", "name", "site", "issues", "since"}
_MEMBERS: Final = _NEEDED | {"until"}
# The desk once took more than can match. Its files are never changed, so they are read on.
_SHOWN: Final = re.compile(r"(?:did:|https?://)[A-Za-z0-9._:%/#?=~-]{1,10000}")
_KIND: Final = re.compile(r"[A-Za-z][A-Za-z0-9:._-]{0,79}")
# Gives an entry back; raises Malformed for one at fault, whose place begins with the text.
Check = Callable[[KnownIssuer, str], KnownIssuer]


def read_registry(text: str) -> TrustRegistry:
    """The registry in a YAML file. Raises Malformed naming the entry and member at fault."""
    registry = registry_in(read_yaml(text), check=checked_entry)
    first: dict[str, int] = {}
    for index, identifier in enumerate(registry.issuers):
        entered = first.setdefault(one_spelling(identifier), index)
        if entered != index:
            sentence = f"This is the issuer of issuers/{entered} in another spelling."
            raise Malformed("trust-registry", sentence, place=f"issuers/{index}/did")
    return registry


def read_beginning(text: str) -> TrustRegistry:
    """The registry in a YAML file that is in force no more. Raises Malformed as read_registry.

    What is history is read as it was taken then: nobody can mend it any more.
    """
    return registry_in(read_yaml(text), check=formed_entry)


def read_yaml(text: str) -> JsonObject:
    """The mapping in a registry's file. Raises Malformed."""
    if len(text) > LONGEST_REGISTRY:
        raise Malformed("trust-registry", f"It is longer than {LONGEST_REGISTRY:,} characters.")
    try:
        source = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise Malformed("trust-registry", "The trust registry is not YAML.") from error
    if not isinstance(source, dict) or not isinstance(source.get("issuers"), list):
        raise Malformed("trust-registry", "A list of issuers was expected.", place="issuers")
    return source


def registry_in(source: JsonObject, *, check: Check) -> TrustRegistry:
    """The registry in the content of a file. Raises Malformed naming the place."""
    issuers = [
        check(_issuer(entry, f"issuers/{index}"), f"issuers/{index}/")
        for index, entry in enumerate(source["issuers"])
    ]
    by_did = {issuer.did: issuer for issuer in issuers}
    if len(by_did) != len(issuers):
        raise Malformed("trust-registry", "One DID is entered twice.", place="issuers")
    return TrustRegistry(str(source.get("version", "")), by_did)


def _issuer(entry: Any, place: str) -> KnownIssuer:
    if not isinstance(entry, dict) or not _NEEDED <= set(entry) <= _MEMBERS:
        members = ", ".join(sorted(_NEEDED))
        sentence = f"An issuer has the members {members}, and until where it has ended."
        raise Malformed("trust-registry", sentence, place=place)
    days = [entry["since"], entry.get("until", entry["since"])]
    if not isinstance(entry["issues"], list) or not all(type(day) is date for day in days):
        sentence = "issues is a list of types, and since and until are days."
        raise Malformed("trust-registry", sentence, place=place)
    return KnownIssuer(
        did=str(entry["did"]),
        name=str(entry["name"]),
        site=str(entry["site"]),
        issues=frozenset(str(kind) for kind in entry["issues"]),
        since=_midnight(entry["since"]),
        until=_midnight(entry["until"]) if "until" in entry else None,
    )


def checked_entry(entry: KnownIssuer, place: str = "") -> KnownIssuer:
    """`entry`, which is well formed and can match a credential. Raises Malformed for its member."""
    for member, fault in (("did", fault_of(entry.did)), ("site", fault_of_site(entry.site))):
        if fault:
            raise Malformed("trust-registry", fault, place=f"{place}{member}")
    return formed_entry(entry, place)


def formed_entry(entry: KnownIssuer, place: str = "") -> KnownIssuer:
    """`entry`, of which every member can be shown and read. Raises Malformed naming the member."""
    name = entry.name.strip()
    faults = {
        "did": "" if _SHOWN.fullmatch(entry.did) else "Give a DID, or an https address.",
        "name": ""
        if 0 < len(name) <= LONGEST_NAME and name.isprintable()
        else f"Give its legal name, of up to {LONGEST_NAME} characters.",
        "site": "" if _SHOWN.fullmatch(entry.site) else "Give the address of its site.",
        "issues": _fault_of_kinds(entry.issues),
        "until": ""
        if entry.until is None or entry.until > entry.since
        else "The end has to be after the beginning.",
    }
    for member, fault in faults.items():
        if fault:
            raise Malformed("trust-registry", fault, place=f"{place}{member}")
    return entry


def _fault_of_kinds(kinds: Collection[str]) -> str:
    if not kinds:
        return "Name at least one type, such as AchievementCredential."
    odd = sorted(kind[:40] for kind in kinds if not _KIND.fullmatch(kind))
    return f"No type has a name like this: {', '.join(odd)}." if odd else ""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the registry as it was kept: what it says, and who made it when and why.

    `number` 0 is what the operator began with: nobody made it at the desk.
    """

    number: int
    registry: TrustRegistry
    by: str = ""
    at: datetime | None = None
    why: str = ""


def read_version(text: str, *, number: int) -> Version:
    """The version in a file that `written_version` made. Raises Malformed."""
    source = read_yaml(text)
    changed = source.get("changed")
    if not isinstance(changed, dict) or not isinstance(changed.get("at"), str):
        raise Malformed("trust-registry", "It does not say who changed it.", place="changed")
    return Version(
        number=number,
        registry=registry_in(source, check=formed_entry),
        by=str(changed.get("by", "")),
        at=instant(changed["at"], place="changed/at"),
        why=str(changed.get("why", "")),
    )


def written_version(version: Version) -> str:
    """The text of a version's file, which people can read too.

    Raises ValueError without a date, Malformed for a text that would be too long to be read again.
    """
    if version.at is None:
        raise ValueError("a version that is kept says when it was made")
    source = {
        "version": str(version.number),
        "changed": {"by": version.by, "at": timestamp(version.at), "why": version.why},
        "issuers": [_as_mapping(entry) for entry in version.registry.issuers.values()],
    }
    text: str = yaml.safe_dump(source, sort_keys=False, allow_unicode=True, width=100)
    if len(text) > LONGEST_REGISTRY:
        sentence = f"The registry would be longer than {LONGEST_REGISTRY:,} characters."
        raise Malformed("trust-registry", sentence)
    return text


def _as_mapping(entry: KnownIssuer) -> JsonObject:
    mapping: JsonObject = {
        "did": entry.did,
        "name": entry.name,
        "site": entry.site,
        "issues": sorted(entry.issues),
        "since": entry.since.date(),
    }
    return mapping | ({"until": entry.until.date()} if entry.until else {})
