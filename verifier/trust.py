"""Who is known here: the registry of issuers, kept by the operator in a file.

The name shown for an issuer comes from here, never from the credential: anybody can write
"University" into a badge and sign it with a key of their own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

import yaml

from vc.errors import Malformed
from vc.model import Credential

_MEMBERS: Final = {"did", "name", "site", "issues", "since"}


@dataclass(frozen=True, slots=True)
class KnownIssuer:
    """One entry: whose DID it is, which credential types it may issue, and from when."""

    did: str
    name: str
    site: str
    issues: frozenset[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class TrustFinding:
    """What the registry says of a credential's issuer; `known` is None when it says nothing."""

    known: KnownIssuer | None
    sentence: str


@dataclass(frozen=True, slots=True)
class TrustRegistry:
    """All known issuers under one version of the file; an empty registry knows nobody."""

    version: str
    issuers: Mapping[str, KnownIssuer]

    def find(self, credential: Credential) -> TrustFinding:
        """Whether the issuer is known for credentials of this type at its date."""
        known = self.issuers.get(credential.issuer_id)
        if known is None:
            sentence = (
                "The issuer is not in this registry. That does not make the credential false: "
                "decide for yourself whether you trust whoever holds this identifier."
            )
            return TrustFinding(None, sentence)
        if not known.issues & credential.types:
            sentence = f"{known.name} is known here, but not for issuing this kind of credential."
            return TrustFinding(None, sentence)
        if credential.valid_from is not None and credential.valid_from < known.since:
            sentence = f"{known.name} is known here only since {known.since:%d %B %Y}."
            return TrustFinding(None, sentence)
        return TrustFinding(known, f"The issuer is registered here as {known.name} ({known.site}).")


def read_registry(text: str) -> TrustRegistry:
    """The registry in a YAML file. Raises Malformed naming the entry and member at fault."""
    try:
        source = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Malformed("trust-registry", "The trust registry is not YAML.") from error
    if not isinstance(source, dict) or not isinstance(source.get("issuers"), list):
        raise Malformed("trust-registry", "A list of issuers was expected.", place="issuers")
    issuers = [_issuer(entry, f"issuers/{index}") for index, entry in enumerate(source["issuers"])]
    by_did = {issuer.did: issuer for issuer in issuers}
    if len(by_did) != len(issuers):
        raise Malformed("trust-registry", "One DID is entered twice.", place="issuers")
    return TrustRegistry(str(source.get("version", "")), by_did)


def _issuer(entry: Any, place: str) -> KnownIssuer:
    if not isinstance(entry, dict) or set(entry) != _MEMBERS:
        members = ", ".join(sorted(_MEMBERS))
        raise Malformed("trust-registry", f"An issuer has the members {members}.", place=place)
    if not isinstance(entry["issues"], list) or not isinstance(entry["since"], date):
        sentence = "issues is a list of types and since a date."
        raise Malformed("trust-registry", sentence, place=place)
    return KnownIssuer(
        did=str(entry["did"]),
        name=str(entry["name"]),
        site=str(entry["site"]),
        issues=frozenset(str(kind) for kind in entry["issues"]),
        since=datetime.combine(entry["since"], time(), UTC),
    )
