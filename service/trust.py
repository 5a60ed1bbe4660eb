"""Which issuers this installation knows: its own two, or the operator's registry file."""

from datetime import UTC, datetime
from typing import Final

from service.settings import Settings
from vc.did import did_web
from verifier.trust import KnownIssuer, TrustRegistry, read_registry

UNIVERSITY: Final = "Learnometer University"  # the name under which it issues
_FILE: Final = "trust.yaml"
_BEGINNING: Final = datetime(2020, 1, 1, tzinfo=UTC)
_BADGES: Final = frozenset({"AchievementCredential", "OpenBadgeCredential"})


def trust_registry(settings: Settings) -> TrustRegistry:
    """The registry in the home folder, or one that knows our own issuers only.

    Raises Malformed naming the entry at fault.
    """
    file = settings.home / _FILE
    if file.is_file():
        return read_registry(file.read_text(encoding="utf-8"))
    own = [
        _own(settings, "learnometer", "Learnometer community"),
        _own(settings, "university", UNIVERSITY),
    ]
    return TrustRegistry("this installation", {issuer.did: issuer for issuer in own})


def _own(settings: Settings, tenant: str, name: str) -> KnownIssuer:
    return KnownIssuer(
        did=did_web(settings.authority, "issuer", tenant),
        name=name,
        site=settings.origin,
        issues=_BADGES,
        since=_BEGINNING,
    )
