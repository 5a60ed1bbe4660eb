"""What is handed over as a wallet: files, and what stands at an address. Nothing is judged here."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from degree.rules.records_json import FORM
from vc.documents import MOST_NODES, JsonObject, parse
from vc.errors import Malformed, Refused
from vc.fetch import LARGEST_LIST, Fetcher
from vc.model import listed
from vc.received import PRESENTATION_ENVELOPE

MOST_CREDENTIALS: Final = 100  # as many as a share link shows
ADDRESS: Final = "address"
FILES: Final = "files"
_LONGEST_NAME: Final = 120  # characters of a file's name that are shown
_MOST_NODES: Final = 10 * MOST_NODES  # a link shows several credentials
_URL: Final = re.compile(r"https?://\S{1,2000}")
_ACCEPT: Final = "application/vc, application/vc+ld+json, application/json, text/plain, image/png"
_PRESENTATIONS: Final = frozenset({"VerifiablePresentation", PRESENTATION_ENVELOPE})


@dataclass(frozen=True, slots=True)
class Handed:
    """A credential in any form, or a presentation, and by which name it was handed over."""

    name: str
    source: bytes | str | JsonObject = field(repr=False)
    is_presentation: bool = False


def in_files(files: Iterable[tuple[str, bytes]]) -> list[Handed]:
    """What is in files, by their names. Raises Malformed whose place is the field."""
    return [one for name, content in files for one in _opened(_shown(name), content, place=FILES)]


def at_address(address: str, *, fetcher: Fetcher) -> list[Handed]:
    """What a share link shows, or any address of a credential.

    Raises Malformed, whose place is the field, where nothing could be had.
    """
    if not _URL.fullmatch(address):
        sentence = "This is no address. It begins with https:// and was copied whole."
        raise Malformed("address", sentence, place=ADDRESS)
    try:
        content = fetcher.get(address, accept=_ACCEPT).content
    except Refused as error:
        raise Malformed(error.code, error.sentence, place=ADDRESS) from error
    return _opened("What the link shows", content, place=ADDRESS)


def bounded(handed: list[Handed]) -> list[Handed]:
    """The same, unless it is nothing or too much. Raises Malformed."""
    if not handed:
        raise nothing_given()
    if len(handed) > MOST_CREDENTIALS:
        sentence = f"At most {MOST_CREDENTIALS} credentials at once."
        raise Malformed("too-many", sentence, place=FILES)
    return handed


def nothing_given() -> Malformed:
    """There is no wallet to read."""
    sentence = "Give the address of a share link, or choose the files of a wallet."
    return Malformed("nothing-given", sentence, place=ADDRESS)


def _opened(name: str, content: bytes, *, place: str) -> list[Handed]:
    """Taken apart where it is a list or a presentation; what cannot be read is left as it is."""
    found = _as_object(content)
    if found.get("form") == FORM:
        sentence = "This is a file of records, without credentials. Choose it further below."
        raise Malformed("records", sentence, place=place)
    if _PRESENTATIONS & {each for each in listed(found.get("type")) if isinstance(each, str)}:
        return [Handed(name, found, is_presentation=True)]
    several = found.get("credentials")
    if set(found) == {"credentials"} and isinstance(several, list):
        return [
            Handed(f"{name}, number {number}", _source(one))
            for number, one in enumerate(several, start=1)
        ]
    return [Handed(name, content)]


def _as_object(content: bytes) -> JsonObject:
    """The JSON object; an empty one for anything else."""
    if not content[:64].lstrip().startswith(b"{"):
        return {}
    try:
        return parse(content, largest=LARGEST_LIST, most_nodes=_MOST_NODES)
    except Refused:
        return {}


def _source(one: Any) -> str | JsonObject:
    """What is no credential stays in the list, and is found unreadable like any other."""
    return one if isinstance(one, str | dict) else ""


def _shown(name: str) -> str:
    """A file's own name without what cannot be seen, or turns the direction of writing."""
    base = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in base if character.isprintable())
    return printable[:_LONGEST_NAME] or "A file without a name"
