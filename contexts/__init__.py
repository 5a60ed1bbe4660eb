"""Pinned JSON-LD contexts: the meaning of a signed term must not change under the signature.

Each file is the published text, byte for byte; MANIFEST.json says where it came from and what
its SHA-256 is. A context that is not listed is an error, never a download. The operator may have
installed others, which `install` adds when the program starts.
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

_ROOM = Path(__file__).parent


class UnknownContext(LookupError):
    """A credential names a JSON-LD context that is not pinned here."""

    def __init__(self, url: str) -> None:
        super().__init__(
            f"The context {url[:200]} is not installed, so its terms have no known meaning."
        )
        self.url = url


class AlteredContext(RuntimeError):
    """A context file on disk is not the one that the manifest pins."""


@cache
def _manifest() -> dict[str, dict[str, str]]:
    entries = json.loads((_ROOM / "MANIFEST.json").read_text(encoding="utf-8"))
    return {entry["url"]: entry for entry in entries}


_installed: dict[str, bytes] = {}


def install(url: str, content: bytes) -> None:
    """Make the operator's context at `url` known, for as long as the program runs.

    Raises AlteredContext for other content than that of a context which is known already.
    """
    if url in known() and raw(url) != content:
        raise AlteredContext(f"{url} is known already, with other content.")
    if url not in known():
        _installed[url] = content


def installed() -> tuple[str, ...]:
    """The URLs of the operator's contexts, in the order in which they were installed."""
    return tuple(_installed)


def pinned() -> frozenset[str]:
    """The URLs of the contexts that come with the program."""
    return frozenset(_manifest())


def known() -> frozenset[str]:
    """The URLs of all contexts that have a meaning here."""
    return pinned() | _installed.keys()


@cache
def raw(url: str) -> bytes:
    """The bytes of the context at `url`, checked against the manifest.

    Raises UnknownContext, or AlteredContext when the file's digest differs.
    """
    if url in _installed:
        return _installed[url]
    try:
        entry = _manifest()[url]
    except KeyError:
        raise UnknownContext(url) from None
    content = (_ROOM / entry["file"]).read_bytes()
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise AlteredContext(f"{entry['file']} differs from the digest in MANIFEST.json.")
    return content


@cache
def load(url: str) -> dict[str, Any]:
    """The parsed context document at `url`; shared, so callers must not change it."""
    document: dict[str, Any] = json.loads(raw(url))
    return document
