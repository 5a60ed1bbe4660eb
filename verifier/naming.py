"""Registered issuers by names that can be told apart, for whoever has to choose one."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from verifier.trust import KnownIssuer

_LONGEST: Final = 60  # characters of an identifier; a did:jwk has hundreds


def told_apart(issuers: Iterable[KnownIssuer]) -> dict[str, str]:
    """What to call each issuer, by its identifier: its name, and more only where others share it.

    First its site is added; where they share that too, as two keys of one university do, the
    identifier.
    """
    entries = tuple(issuers)
    # Of all ways at once: somebody's name may be spelled as another's name with its site.
    sharing = Counter(name for entry in entries for name in {_read(way(entry)) for way in _WAYS})

    def called(entry: KnownIssuer) -> str:
        names = (way(entry) for way in _WAYS)
        return next((name for name in names if sharing[_read(name)] == 1), _with_identifier(entry))

    return {entry.did: called(entry) for entry in entries}


def _with_site(entry: KnownIssuer) -> str:
    return f"{entry.name} ({_site(entry)})"


def _with_identifier(entry: KnownIssuer) -> str:
    return f"{entry.name} ({_site(entry)}, {_short(entry.did)})"


_WAYS: Final[tuple[Callable[[KnownIssuer], str], ...]] = (lambda entry: entry.name, _with_site)


def _site(entry: KnownIssuer) -> str:
    return entry.site.partition("://")[2]


def _short(identifier: str) -> str:
    # Keys of one kind begin alike, so the end is kept.
    return identifier if len(identifier) <= _LONGEST else f"{identifier[:40]}…{identifier[-19:]}"


def _read(name: str) -> str:
    """The same for names that read alike to whoever glances at them."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
