"""DCQL (OpenID4VP 1.0, section 6), the part that asks for kinds of credentials of named issuers."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any, Final

from openid4vc.presentation.claims import ID, ClaimQuery, read_claim_sets, read_claims
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import listed

EMBEDDED: Final = "ldp_vc"  # a credential with its proof inside
TOKEN: Final = "jwt_vc_json"  # noqa: S105 - a credential that is a JWT
FORMATS: Final = frozenset({EMBEDDED, TOKEN})

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
# Wallets with tokens compare the names as they stand in the credential.
OPEN_BADGE_NAMES: Final = (
    frozenset({"VerifiableCredential", "OpenBadgeCredential"}),
    frozenset({"VerifiableCredential", "AchievementCredential"}),
)
_MOST_WAYS: Final = 64  # ways to answer one query; a person chooses among a handful


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialQuery:
    """One kind of credential asked for.

    `alternatives` are sets of expanded type IRIs, for tokens of type names too; a credential
    matches when it has all types of one of them, and nothing does where there are none. It also
    has all `claims`, or all those of one of the `claim_sets`. `multiple` lets it be answered by
    more than one credential.
    """

    id: str
    alternatives: tuple[frozenset[str], ...]
    multiple: bool = False
    format: str = EMBEDDED
    claims: tuple[ClaimQuery, ...] = ()
    claim_sets: tuple[frozenset[str], ...] = ()

    def document(self) -> JsonObject:
        """The entry in `credentials`."""
        entry: JsonObject = {
            "id": self.id,
            "format": self.format,
            "meta": {"type_values": [sorted(types) for types in self.alternatives]},
        }
        if self.multiple:
            entry["multiple"] = True
        if self.claims:
            entry["claims"] = [claim.document() for claim in self.claims]
        if self.claim_sets:
            entry["claim_sets"] = [
                [claim.id for claim in self.claims if claim.id in one] for one in self.claim_sets
            ]
        return entry

    def matches(self, credential: JsonObject) -> bool:
        """Whether the types and the content of `credential` are what is asked for."""
        types = expanded_types(credential)
        if self.format == TOKEN:
            types |= {name for name in listed(credential.get("type")) if isinstance(name, str)}
        if not any(wanted <= types for wanted in self.alternatives):
            return False
        if not self.claim_sets:
            return all(claim.matches(credential) for claim in self.claims)
        found = {claim.id for claim in self.claims if claim.matches(credential)}
        return any(wanted <= found for wanted in self.claim_sets)


@dataclass(frozen=True, slots=True)
class Query:
    """Everything asked for.

    `options` are the sets of parts that answer it, the one that the verifier likes best first;
    without them each part is needed.
    """

    credentials: tuple[CredentialQuery, ...]
    options: tuple[frozenset[str], ...] = ()

    @property
    def ways(self) -> tuple[frozenset[str], ...]:
        """The sets of ids of which one has to be answered, whole and with nothing beside it."""
        return self.options or (frozenset(part.id for part in self.credentials),)

    def document(self) -> JsonObject:
        """The dcql_query."""
        document: JsonObject = {"credentials": [part.document() for part in self.credentials]}
        if self.options:
            options = [
                [part.id for part in self.credentials if part.id in option]
                for option in self.options
            ]
            document["credential_sets"] = [{"options": options}]
        return document


def expanded_types(credential: JsonObject) -> frozenset[str]:
    """The type IRIs of a credential, as far as its types are terms that this project knows."""
    return frozenset(
        TYPE_IRIS[name] for name in listed(credential.get("type")) if name in TYPE_IRIS
    )


def read_query(document: Any) -> Query:
    """A dcql_query parsed. Raises Malformed for more than this wallet can answer faithfully.

    Members that the specification does not name are ignored, as it demands. What it names and this
    wallet does not do makes a part that nothing here matches: a constraint that is skipped would
    show credentials that nobody asked for.
    """
    parts = document.get("credentials") if isinstance(document, dict) else None
    if not isinstance(parts, list) or not parts:
        sentence = "The request does not say simply which credentials it asks for."
        raise Malformed("dcql", sentence, place="/dcql_query")
    read = tuple(_read_part(part, f"/dcql_query/credentials/{i}") for i, part in enumerate(parts))
    ids = {part.id for part in read}
    if len(ids) != len(read):
        raise Malformed("dcql", "Two parts of the request have one id.", place="/dcql_query")
    if "credential_sets" not in document:
        return Query(read)
    return Query(read, _read_sets(document["credential_sets"], ids))


def _read_part(part: Any, place: str) -> CredentialQuery:
    # Looked at before it is matched: what is absent, or a number, has a text that would match.
    part_id = part.get("id") if isinstance(part, dict) else None
    if not isinstance(part_id, str) or not ID.fullmatch(part_id):
        raise Malformed("dcql", "A part of the request has no proper id.", place=place)
    # Binding is what every presentation of this wallet has, so asking for it changes nothing.
    bound = part.get("require_cryptographic_holder_binding", True)
    if not isinstance(part.get("format"), str) or not isinstance(bound, bool):
        raise Malformed("dcql", "A part of the request names no format.", place=place)
    if part["format"] not in FORMATS or not bound or "trusted_authorities" in part:
        return CredentialQuery(id=part_id, alternatives=(), format=part["format"])
    multiple = part.get("multiple", False)
    if not isinstance(multiple, bool):
        raise Malformed("dcql", "multiple is true or false.", place=f"{place}/multiple")
    claims = read_claims(part.get("claims"), f"{place}/claims")
    return CredentialQuery(
        id=part_id,
        alternatives=_alternatives(part.get("meta"), place),
        multiple=multiple,
        format=part["format"],
        claims=claims,
        claim_sets=read_claim_sets(part.get("claim_sets"), claims, f"{place}/claim_sets"),
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


def _read_sets(sets: Any, ids: set[str]) -> tuple[frozenset[str], ...]:
    """One option of each set that is required (section 6.4.2); what is optional stays here."""
    place = "/dcql_query/credential_sets"
    if not isinstance(sets, list) or not sets:
        raise Malformed("dcql", "credential_sets is a list of sets.", place=place)
    read = [_read_set(entry, ids, f"{place}/{index}") for index, entry in enumerate(sets)]
    needed = [options for options in read if options]
    if not needed or prod(map(len, needed)) > _MOST_WAYS:
        sentence = "The request can be answered in no way, or in too many."
        raise Malformed("dcql", sentence, place=place)
    ways = (frozenset[str]().union(*chosen) for chosen in product(*needed))
    return tuple(dict.fromkeys(ways))


def _read_set(entry: Any, ids: set[str], place: str) -> list[frozenset[str]]:
    """The options of a set; none for a set that is not required."""
    if not isinstance(entry, dict):
        raise Malformed("dcql", "A set of credentials has options.", place=place)
    options, required = entry.get("options"), entry.get("required", True)
    if not isinstance(required, bool) or not isinstance(options, list) or not options:
        raise Malformed("dcql", "A set of credentials has options.", place=place)
    for option in options:
        well_formed = (
            isinstance(option, list) and option and all(isinstance(i, str) for i in option)
        )
        if not well_formed or not ids.issuperset(option):
            raise Malformed("dcql", "An option names parts of the request.", place=place)
    return [frozenset(option) for option in options] if required else []
