"""What people hand over: text, files, addresses, one or many; nothing in it is judged here."""

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from vc.documents import MOST_NODES, JsonObject, parse
from vc.errors import Malformed, Refused
from vc.fetch import LARGEST_LIST

MOST_AT_ONCE: Final = 20  # files or lines on one page; more go into a ZIP or a CSV
LONGEST_NAME: Final = 120  # characters of a file's name that are shown
UNNAMED: Final = "A file without a name"
_MOST_NODES: Final = 10 * MOST_NODES  # a link shows several credentials
_URL: Final = re.compile(r"https?://\S+")
_LINE: Final = re.compile(r"https?://\S+|[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing that was handed over, and the name by which its result is found again.

    `source` may be the reason why nothing could be had: a file that is missing has a result too.
    """

    name: str
    source: bytes | str | JsonObject | Refused = field(repr=False)


def in_text(text: str) -> list[Handed]:
    """What was pasted: one credential or address, or several lines with a token or address each.

    A line that is neither, among lines that are, is handed over with them, and found unreadable.
    Of too many lines only so many are taken as show that they are too many.
    """
    filled = (line.strip() for line in text.splitlines() if line.strip())
    lines = list(islice(filled, MOST_AT_ONCE + 1))
    is_document = text.lstrip().startswith(("{", "[", "<"))
    if len(lines) > 1 and not is_document and any(map(_LINE.fullmatch, lines)):
        return [Handed(_label(line, number), line) for number, line in enumerate(lines, start=1)]
    return [Handed(_label(text.strip(), 0), text)]


def in_file(name: str, content: bytes) -> Handed:
    """A file, by its own name as far as that can be shown."""
    base = name.replace("\\", "/").rpartition("/")[2]
    return Handed(shown(base)[:LONGEST_NAME] or UNNAMED, content)


def shown(name: str) -> str:
    """`name` without what cannot be seen, or turns the direction of writing."""
    return "".join(character for character in name if character.isprintable())


def bounded(handed: list[Handed], *, most: int = MOST_AT_ONCE) -> list[Handed]:
    """The same, unless it is too much for one answer. Raises Malformed."""
    if len(handed) > most:
        sentence = f"At most {most} at once here. Put more into a ZIP, or their links into a CSV."
        raise Malformed("too-many", sentence, place="file")
    return handed


def address_in(source: bytes | str | JsonObject) -> str:
    """The URL that was handed over in place of a credential, or nothing."""
    if isinstance(source, dict):
        return ""
    text = source.decode("utf-8", "replace") if isinstance(source, bytes) else source
    return text.strip() if _URL.fullmatch(text.strip()) else ""


def several_in(content: bytes | str | JsonObject) -> list[Any]:
    """The credentials in a list of them, as share links give it; none for anything else."""
    if isinstance(content, dict):
        return []
    head = content[:64].lstrip()
    if not (head.startswith(b"{") if isinstance(head, bytes) else head.startswith("{")):
        return []
    try:
        found = parse(content, largest=LARGEST_LIST, most_nodes=_MOST_NODES)
    except Refused:
        return []
    listed = found.get("credentials")
    if set(found) != {"credentials"} or not isinstance(listed, list):
        return []
    # What is no credential stays in the list, and is found unreadable like any other.
    return [one if isinstance(one, str | dict) else "" for one in listed]


def _label(text: str, number: int) -> str:
    if _URL.fullmatch(text):
        return text[:LONGEST_NAME]
    return f"Line {number}" if number else "What was pasted"
