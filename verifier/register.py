"""Keeping the registry of issuers: every change is a version of its own, with who, when and why."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Protocol

from vc.errors import Conflict, Malformed, Missing
from verifier.identifiers import one_spelling
from verifier.trust import KnownIssuer, Registry, TrustRegistry
from verifier.trust_file import Version, checked_entry

LONGEST_REASON: Final = 500  # characters
NAMESAKE: Final = "namesake"  # the code of a refusal that a second look overrules
MOST_ISSUERS: Final = 5_000
_TRIES: Final = 20  # as often as others may save between our reading and our writing


class Versions(Registry, Protocol):
    """Where the versions lie; service/trust.py keeps them as files."""

    def history(self) -> tuple[Version, ...]:
        """Every version, the newest first; the last is what the operator began with."""
        ...

    def latest(self) -> Version:
        """The version in force."""
        ...

    def keep(self, version: Version) -> None:
        """Keep a new version. Raises Conflict when one of that number is kept already."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What an editor wants: `entry` in place of the entry of `did`; None takes that entry out.

    `seen` is the seal of the entry as the editor saw it, empty for one that was not there;
    `namesake` says that two issuers of one name are meant.
    """

    did: str
    entry: KnownIssuer | None
    seen: str
    by: str
    why: str
    namesake: bool = False


def seal_of(entry: KnownIssuer | None) -> str:
    """What tells whether an entry is still the one that an editor saw."""
    return hashlib.sha256(repr(_fields(entry)).encode()).hexdigest()[:32] if entry else ""


@dataclass(frozen=True, slots=True)
class Register:
    """The registry as it is edited at the desk."""

    versions: Versions

    def change(self, change: Change, *, now: datetime) -> Version:
        """Make the change on the newest version, whoever else is editing.

        Changes of two editors to two entries both stand. Raises Conflict where another editor has
        changed the same entry meanwhile, Malformed with the field at fault.
        """
        why = change.why.strip()
        if not 0 < len(why) <= LONGEST_REASON:
            sentence = f"Say why, in up to {LONGEST_REASON} characters."
            raise Malformed("trust-registry", sentence, place="why")
        if change.entry is not None:
            checked_entry(change.entry)
        for _ in range(_TRIES):
            latest = self.versions.latest()
            issuers = _changed(latest.registry.issuers, change)
            number = latest.number + 1
            registry = replace(latest.registry, version=str(number), issuers=issuers)
            version = Version(number, registry, change.by, now, why)
            try:
                self.versions.keep(version)
            except Conflict:
                continue  # somebody was faster: make the change on what they have made
            return version
        raise Conflict("trust-registry", "Too many people are editing at once. Try again.")


def _changed(issuers: Mapping[str, KnownIssuer], change: Change) -> dict[str, KnownIssuer]:
    present = issuers.get(change.did)
    if present is None and change.seen:
        raise Conflict("trust-registry", "Somebody has taken this issuer out meanwhile.")
    if seal_of(present) != change.seen:
        sentence = (
            "Somebody has changed this issuer meanwhile. What you see now is theirs: look at it, "
            "and make your change again."
        )
        if not change.seen:
            sentence = "This identifier is entered already."
        raise Conflict("trust-registry", sentence, place="did")
    if change.entry is None and present is None:
        raise Missing("trust-registry", "There is no such issuer.")
    if change.entry is not None and change.entry.did != change.did:
        raise Malformed("trust-registry", "An entry keeps its identifier.", place="did")
    kept = {did: entry for did, entry in issuers.items() if did != change.did}
    if change.entry is None:
        return kept
    if len(kept) >= MOST_ISSUERS:
        raise Malformed("trust-registry", f"It has up to {MOST_ISSUERS:,} issuers.", place="did")
    if not change.namesake and (present is None or present.name != change.entry.name):
        _refuse_namesake(change.entry.name, kept)
    # An entry that is changed keeps its place, so that two versions compare line by line.
    if present is None:
        _refuse_respelling(change.did, kept)
        return {**issuers, change.did: change.entry}
    return {did: change.entry if did == change.did else entry for did, entry in issuers.items()}


def _refuse_namesake(name: str, entered: Mapping[str, KnownIssuer]) -> None:
    """Readers of a verdict see the name alone: two of one name have to be meant."""
    for did, entry in entered.items():
        if _folded(entry.name) == _folded(name):
            sentence = f"An issuer of this name is entered already: {did}."
            raise Malformed(NAMESAKE, sentence, place="name")


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _refuse_respelling(identifier: str, entered: Mapping[str, KnownIssuer]) -> None:
    spelled = one_spelling(identifier)
    for other, entry in entered.items():
        if one_spelling(other) == spelled:
            sentence = f"{entry.name} is entered with it already, spelled {other}."
            raise Malformed("trust-registry", sentence, place="did")


@dataclass(frozen=True, slots=True)
class Difference:
    """What one version changed against the one before it: entries before and after."""

    before: KnownIssuer | None
    after: KnownIssuer | None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of what differs, where an entry was changed."""
        if self.before is None or self.after is None:
            return ()
        before, after = _fields(self.before), _fields(self.after)
        return tuple(name for name in before if before[name] != after[name])


def differences(before: TrustRegistry, after: TrustRegistry) -> tuple[Difference, ...]:
    """Every entry that was added, changed or taken out between two versions."""
    dids = [*after.issuers, *(did for did in before.issuers if did not in after.issuers)]
    found = (Difference(before.issuers.get(did), after.issuers.get(did)) for did in dids)
    return tuple(one for one in found if one.before != one.after)


def _fields(entry: KnownIssuer) -> dict[str, object]:
    return {
        "did": entry.did,
        "name": entry.name,
        "site": entry.site,
        "issues": sorted(entry.issues),
        "since": entry.since.isoformat(),
        "until": entry.until.isoformat() if entry.until else "",
    }
