"""Which issuers this installation knows: its own two, or the operator's registry, kept in files.

`trust.yaml` in the home folder is what the operator begins with. Each change at the desk is a file
of its own in `trust/` beside it: written whole, never changed, numbered, so that of two processes
that write one number, one fails and tries the next.
"""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar

from keys.files import create_private
from service.settings import Settings
from vc.did import did_web
from vc.errors import Malformed
from verifier.receipt import TYPE as RECEIPT
from verifier.trust import DEGREES, KnownIssuer, Registry, TrustRegistry
from verifier.trust_file import (
    Version,
    read_beginning,
    read_registry,
    read_version,
    written_version,
)

COMMUNITY: Final = "Learnometer community"  # the name under which it issues
UNIVERSITY: Final = "Learnometer University"  # the name under which it issues
VERIFIER: Final = "Learnometer verifier"  # as wallets name it when it asks
OFFICE: Final = "Learnometer University, degree office"  # as wallets name it when it asks
_FILE: Final = "trust.yaml"
_FOLDER: Final = "trust"
_VERSION: Final = re.compile(r"([0-9]{6})\.yaml")
_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BADGES: Final = frozenset({"AchievementCredential"})

_Read = TypeVar("_Read")

_log = logging.getLogger(__name__)


def trust_registry(settings: Settings) -> "RegistryFiles":
    """The registry in the home folder, or one that knows our own issuers only.

    Raises Malformed naming the file and the entry at fault.
    """
    files = RegistryFiles(settings)
    files.latest()
    return files


class RegistryFiles:
    """The versions of the registry in one home folder; implements verifier.register.Versions.

    Other processes may write beside this one, so the newest is looked for each time, and read once.
    """

    def __init__(self, settings: Settings) -> None:
        self._home = settings.home
        self._own = _own_issuers(settings)
        self._house = _house(settings)
        self._read: tuple[object, Version] | None = None

    def current(self) -> TrustRegistry:
        """The registry in force; the last that could be read, should a newer one be broken."""
        try:
            return self.latest().registry
        except (Malformed, OSError) as error:
            if self._read is None:
                raise
            _log.error("the trust registry could not be read again: %s", error)
            return self._read[1].registry

    def latest(self) -> Version:
        """The version in force. Raises Malformed naming the file at fault."""
        number = max(self._numbers(), default=0)
        mark = (number, self._stamp() if number == 0 else None)
        if self._read is None or self._read[0] != mark:
            self._read = (mark, self._version(number))
        return self._read[1]

    def history(self) -> tuple[Version, ...]:
        """Every version, the newest first; the last is what the operator began with."""
        numbers = sorted(self._numbers(), reverse=True)
        return (*map(self._version, numbers), self._version(0, in_force=not numbers))

    def keep(self, version: Version) -> None:
        """Write a new version whole. Raises Conflict when one of that number exists."""
        create_private(self._path(version.number), written_version(version).encode("utf-8"))

    def _numbers(self) -> list[int]:
        folder = self._home / _FOLDER
        if not folder.is_dir():
            return []
        found = (_VERSION.fullmatch(path.name) for path in folder.iterdir())
        return [int(match[1]) for match in found if match]

    def _path(self, number: int) -> Path:
        return self._home / _FOLDER / f"{number:06}.yaml"

    def _stamp(self) -> object:
        try:
            found = (self._home / _FILE).stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size

    def _version(self, number: int, *, in_force: bool = True) -> Version:
        if number:
            found = _named(self._path(number), lambda text: read_version(text, number=number))
            return replace(found, registry=replace(found.registry, house=self._house))
        file = self._home / _FILE
        # A folder of that name is no registry either: it is what a container engine makes of a
        # file that was to be mounted and is not there.
        read = read_registry if in_force else read_beginning
        began = _named(file, read) if file.exists() else self._own
        # The desk counts on from it. It may have been given a name, and may be told by that.
        return Version(0, replace(began, version=began.version or "0", house=self._house))


def known_party(settings: Settings, registry: Registry) -> Callable[[str], str | None]:
    """The name under which this installation knows whoever has a DID, now; None for a stranger.

    Our own two who ask wallets, and the registered issuers: a university asks with the DID that
    it issues with.
    """
    own = {
        did_web(settings.authority, "verifier"): VERIFIER,
        did_web(settings.authority, "degree"): OFFICE,
    }

    def named(did: str) -> str | None:
        entry = registry.current().issuers.get(did)
        return own.get(did) or (entry.name if entry else None)

    return named


def _named(file: Path, read: Callable[[str], _Read]) -> _Read:
    """What `read` makes of a file. Raises Malformed whose place begins with the file."""
    try:
        return read(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed("trust-registry", "It is not UTF-8 text.", place=str(file)) from error
    except Malformed as error:
        place = f"{file}: {error.place}" if error.place else str(file)
        raise Malformed(error.code, error.sentence, place=place) from error


def _own_issuers(settings: Settings) -> TrustRegistry:
    own = [
        _own(settings, "learnometer", COMMUNITY, _BADGES),
        _own(settings, "university", UNIVERSITY, _BADGES | DEGREES | {"ClrCredential"}),
    ]
    return TrustRegistry("", {issuer.did: issuer for issuer in own})


def _own(settings: Settings, tenant: str, name: str, issues: frozenset[str]) -> KnownIssuer:
    return KnownIssuer(
        did=did_web(settings.authority, "issuer", tenant),
        name=name,
        site=settings.origin,
        issues=issues,
        since=_BEGINNING,
    )


def _house(settings: Settings) -> KnownIssuer:
    """The verifier itself, for its own receipts."""
    return KnownIssuer(
        did=did_web(settings.authority, "verifier"),
        name=f"The verifier of {settings.authority}",
        site=settings.origin,
        issues=frozenset({RECEIPT}),
        since=_BEGINNING,
    )
