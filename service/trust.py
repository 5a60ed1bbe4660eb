"""Which issuers this installation knows: its own two, or the operator's registry file."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from service.settings import Settings
from vc.did import did_web
from vc.errors import Malformed
from verifier.receipts import TYPE as RECEIPT
from verifier.trust import DEGREES, KnownIssuer, TrustRegistry
from verifier.trust_file import read_registry

COMMUNITY: Final = "Learnometer community"  # the name under which it issues
UNIVERSITY: Final = "Learnometer University"  # the name under which it issues
_FILE: Final = "trust.yaml"
_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BADGES: Final = frozenset({"AchievementCredential"})


def trust_registry(settings: Settings) -> TrustRegistry:
    """The registry in the home folder, or one that knows our own issuers only.

    Raises Malformed naming the file and the entry at fault.
    """
    file = settings.home / _FILE
    # A folder of that name is no registry either: it is what a container engine makes of a file
    # that was to be mounted and is not there.
    house = KnownIssuer(
        did=did_web(settings.authority, "verifier"),
        name=f"The verifier of {settings.authority}",
        site=settings.origin,
        issues=frozenset({RECEIPT}),
        since=_BEGINNING,
    )
    if file.exists():
        return replace(_read(file), house=house)
    own = [
        _own(settings, "learnometer", COMMUNITY, _BADGES),
        _own(settings, "university", UNIVERSITY, _BADGES | DEGREES | {"ClrCredential"}),
    ]
    return TrustRegistry("this installation", {issuer.did: issuer for issuer in own}, house)


def _read(file: Path) -> TrustRegistry:
    try:
        return read_registry(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Malformed("trust-registry", "It is not UTF-8 text.", place=str(file)) from error
    except Malformed as error:
        place = f"{file}: {error.place}" if error.place else str(file)
        raise Malformed(error.code, error.sentence, place=place) from error


def _own(settings: Settings, tenant: str, name: str, issues: frozenset[str]) -> KnownIssuer:
    return KnownIssuer(
        did=did_web(settings.authority, "issuer", tenant),
        name=name,
        site=settings.origin,
        issues=issues,
        since=_BEGINNING,
    )
