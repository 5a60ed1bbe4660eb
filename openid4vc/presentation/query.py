"""DCQL (OpenID4VP 1.0, section 6), the part that asks for kinds of ldp_vc credentials."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import listed

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OB: Final = "https://purl.imsglobal.org/spec/vc/ob/vocab.html#"

# DCQL compares expanded IRIs (appendix B.1.1); these are the terms of the pinned contexts.
# AchievementCredential is Open Badges' other name for the same class.
TYPE_IRIS: Final[Mapping[str, str]] = {
    "VerifiableCredential": "https://www.w3.org/2018/credentials#VerifiableCredential",
    "OpenBadgeCredential": f"{_OB}OpenBadgeCredential",
    "AchievementCredential": f"{_OB}OpenBadgeCredential",
    "EndorsementCredential": f"{_OB}EndorsementCredential",
    "ClrCredential": "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrCredential",
}
OPEN_BADGE: Final = frozenset({TYPE_IRIS["VerifiableCredential"], TYPE_IRIS["OpenBadgeCredential"]})
_KNOWN: Final = frozenset({"id", "format", "meta", "multiple"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialQuery:
    """One kind of credential asked for.

    `alternatives` are sets of expanded type IRIs; a credential matches when it has all types of
    one of them. `multiple` lets it be answered by more than one credential.
    """

    id: str
    alternatives: tuple[frozenset[str], ...]
    multiple: bool = False

    def document(self) -> JsonObject:
        """The entry in `credentials`."""
        entry: JsonObject = {
            "id": self.id,
            "format": "ldp_vc",
            "meta": {"type_values": [sorted(types) for types in self.alternatives]},
        }
        return entry | {"multiple": True} if self.multiple else entry

    def matches(self, credential: JsonObject) -> bool:
        """Whether the types of `credential` are what is asked for."""
        types = expanded_types(credential)
        return any(wanted <= types for wanted in self.alternatives)


@dataclass(frozen=True, slots=True)
class Query:
    """Everything asked for; each part is needed."""

    credentials: tuple[CredentialQuery, ...]

    def document(self) -> JsonObject:
        """The dcql_query."""
        return {"credentials": [part.document() for part in self.credentials]}


def expanded_types(credential: JsonObject) -> frozenset[str]:
    """The type IRIs of a credential, as far as its types are terms that this project knows."""
    return frozenset(
        TYPE_IRIS[name] for name in listed(credential.get("type")) if name in TYPE_IRIS
    )


def read_query(document: Any) -> Query:
    """A dcql_query parsed. Raises Malformed for more than this wallet can answer faithfully.

    A constraint that is skipped would show credentials that nobody asked for.
    """
    parts = document.get("credentials") if isinstance(document, dict) else None
    if not isinstance(parts, list) or not parts or set(document) != {"credentials"}:
        sentence = "The request does not say simply which credentials it asks for."
        raise Malformed("dcql", sentence, place="/dcql_query")
    read = tuple(_read_part(part, f"/dcql_query/credentials/{i}") for i, part in enumerate(parts))
    if len({part.id for part in read}) != len(read):
        raise Malformed("dcql", "Two parts of the request have one id.", place="/dcql_query")
    return Query(read)


def _read_part(part: Any, place: str) -> CredentialQuery:
    if not isinstance(part, dict) or not _ID.fullmatch(str(part.get("id"))):
        raise Malformed("dcql", "A part of the request has no proper id.", place=place)
    # Binding is what every presentation of this wallet has, so asking for it changes nothing.
    if part.get("require_cryptographic_holder_binding", True) is not True:
        raise Malformed("dcql", "Only bound credentials are presented.", place=place)
    unknown = set(part) - _KNOWN - {"require_cryptographic_holder_binding"}
    if unknown or part.get("format") != "ldp_vc":
        sentence = "The request asks in a form that this wallet does not answer."
        raise Malformed("dcql", sentence, place=place)
    multiple = part.get("multiple", False)
    if not isinstance(multiple, bool):
        raise Malformed("dcql", "multiple is true or false.", place=f"{place}/multiple")
    return CredentialQuery(
        id=part["id"], alternatives=_alternatives(part.get("meta"), place), multiple=multiple
    )


def _alternatives(meta: Any, place: str) -> tuple[frozenset[str], ...]:
    values = meta.get("type_values") if isinstance(meta, dict) else None
    well_formed = (
        isinstance(values, list)
        and bool(values)
        and all(isinstance(types, list) and types for types in values)
        and all(isinstance(iri, str) for types in values for iri in types)
    )
    if not isinstance(values, list) or not well_formed:
        sentence = "The request does not name the types it asks for."
        raise Malformed("dcql", sentence, place=f"{place}/meta")
    return tuple(frozenset(types) for types in values)
