"""Contexts and schemas that the operator installed: files under their digests, and an index.

A context or schema is read when the program starts, and from then on by its URL alone.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

import contexts
import contexts.schemas
from keys.files import replace_private
from vc.documents import parse
from vc.errors import Conflict, Malformed, Missing
from vc.own_terms import refuse_unsafe
from vc.schemas import LARGEST, read_schema

_INDEX: Final = "index.json"


class Kind(StrEnum):
    """What is installed."""

    CONTEXT = "context"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Entry:
    """One installed document: what it is, its URL, its SHA-256 in hex, and since when."""

    kind: Kind
    url: str
    sha256: str
    since: str


class Installed:
    """The documents installed in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def entries(self) -> tuple[Entry, ...]:
        """Every document, in the order of installing. Raises Malformed for a spoilt index."""
        path = self._folder / _INDEX
        if not path.is_file():
            return ()
        try:
            source = parse(path.read_bytes())["installed"]
            return tuple(
                Entry(Kind(one["kind"]), one["url"], one["sha256"], one["since"]) for one in source
            )
        except (KeyError, TypeError, ValueError, Malformed) as error:
            sentence = "This is not an index of installed documents."
            raise Malformed("installed", sentence, place=str(path)) from error

    def add(self, kind: Kind, url: str, content: bytes, *, now: datetime) -> Entry:
        """Install a document. Raises Malformed for one that is unsafe or of another kind.

        Raises Conflict when another one has the URL. The same one again changes nothing.
        """
        if not url.startswith("https://"):
            raise Malformed("url", "The URL starts with https://.", place=url[:200])
        _checked(kind, url, content)
        digest = hashlib.sha256(content).hexdigest()
        entries = self.entries()
        same = next((one for one in entries if (one.kind, one.url) == (kind, url)), None)
        if same is not None and same.sha256 != digest:
            sentence = f"Another {kind} is installed for this URL. Remove it first."
            raise Conflict("installed", sentence, place=url[:200])
        if same is not None:
            return same
        entry = Entry(kind, url, digest, f"{now:%Y-%m-%d}")
        replace_private(self._folder / digest, content)
        self._write((*entries, entry))
        return entry

    def remove(self, kind: Kind, url: str) -> None:
        """Forget a document. Raises Missing where none is installed."""
        entries = self.entries()
        left = tuple(one for one in entries if (one.kind, one.url) != (kind, url))
        if left == entries:
            raise Missing("installed", f"No {kind} is installed for this URL.", place=url[:200])
        self._write(left)
        for gone in {one.sha256 for one in entries} - {one.sha256 for one in left}:
            (self._folder / gone).unlink(missing_ok=True)

    def load(self) -> None:
        """Make every document known to the program. Raises Malformed for one that was altered."""
        for entry in self.entries():
            path = self._folder / entry.sha256
            content = path.read_bytes() if path.is_file() else b""
            if hashlib.sha256(content).hexdigest() != entry.sha256:
                sentence = f"The {entry.kind} {entry.url} is not the one that was installed."
                raise Malformed("installed", sentence, place=str(path))
            if entry.kind is Kind.CONTEXT:
                contexts.install(entry.url, content)
            else:
                contexts.schemas.install(entry.url, content)

    def _write(self, entries: tuple[Entry, ...]) -> None:
        content = {"installed": [asdict(entry) for entry in entries]}
        replace_private(self._folder / _INDEX, json.dumps(content, indent=2).encode() + b"\n")


def surprises(content: bytes) -> list[str]:
    """What a context says that JSON-LD does not read: places of members that are no keywords."""
    found: list[str] = []

    def walk(context: object, place: str) -> None:
        for term, definition in context.items() if isinstance(context, dict) else ():
            if isinstance(definition, dict):
                at = f"{place}/{term}"
                found.extend(f"{at}/{key}" for key in definition if not key.startswith("@"))
                walk(definition.get("@context"), f"{at}/@context")

    document = parse(content, largest=LARGEST)
    within = document.get("@context")
    for one in within if isinstance(within, list) else [within]:
        walk(one, "/@context")
    return found


def _checked(kind: Kind, url: str, content: bytes) -> None:
    if kind is Kind.SCHEMA:
        read_schema(content)
        return
    if url in contexts.pinned():
        raise Conflict("installed", "This context comes with the program.", place=url[:200])
    refuse_unsafe(parse(content, largest=LARGEST).get("@context"))
