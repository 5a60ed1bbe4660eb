"""What is in a file of many: the rows of a CSV, or the members of a ZIP.

Whoever made the file may be an attacker. Sizes are counted while they are unpacked, whatever the
archive claims, and a row or member that cannot be read is a result of its own: it stops no other.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Final

from vc.bakery import LARGEST_IMAGE, looks_like_image
from vc.errors import Malformed
from verifier.attached import is_pdf
from verifier.bulk.item import LARGEST_FILE, MOST_ITEMS, Item
from verifier.bulk.rows import rows_in
from verifier.handing import LONGEST_NAME, UNNAMED, shown

LARGEST_TOGETHER: Final = 64 * 1_048_576  # bytes of all members, unpacked
ONE: Final = "one-credential"  # the code for a credential in place of a file of many
# Also an SD-JWT, with what it discloses and whose key it is bound to.
_TOKEN: Final = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*(?:~[\w.-]*)*", re.ASCII)
_LARGEST_DIRECTORY: Final = 1_048_576  # bytes of a ZIP's list of members: some 20,000 of them
_END_OF_ZIP: Final = struct.Struct("<4s4H2LH")  # APPNOTE 4.3.16
_LONGEST_COMMENT: Final = 65_535
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Intake:
    """A file of many, opened: the names of its items, and each of them when it is wanted."""

    names: tuple[str, ...]
    read: Callable[[int], Item] = field(repr=False)

    def item(self, place: int) -> Item:
        """The item at this place, counted from 0; what is wrong with it is said in it."""
        return self.read(place)


def opened(content: bytes) -> Intake:
    """The CSV or ZIP with these bytes. Raises Malformed when it is neither, or too large."""
    if len(content) > LARGEST_FILE:
        raise Malformed("file-size", f"The file is larger than {LARGEST_FILE:,} bytes.")
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return _opened_zip(content)
    _refuse_others(content)
    items = rows_in(content)
    return Intake(tuple(item.name for item in items), items.__getitem__)


def _refuse_others(content: bytes) -> None:
    """Before an image, JSON or a token is taken for the rows of a CSV."""
    text = content.decode("utf-8-sig", "replace").strip()
    is_file = looks_like_image(content) or is_pdf(content)
    if is_file or text.startswith("{") or _TOKEN.fullmatch(text):
        raise Malformed(ONE, "This is one credential, not a file of many.")
    if text.startswith("["):
        sentence = "This is neither a CSV nor a ZIP. Put each credential of a list into a file."
        raise Malformed("csv", sentence)


def _opened_zip(content: bytes) -> Intake:
    _refuse_large_directory(content)
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _BROKEN as error:
        raise Malformed("zip", "The ZIP is broken.") from error
    members = [info for info in archive.infolist() if _is_wanted(info)]
    if not 0 < len(members) <= MOST_ITEMS:
        sentence = f"A ZIP holds 1 to {MOST_ITEMS:,} files; this one holds {len(members):,}."
        raise Malformed("zip", sentence)
    # No more comes out of a member than its size says, so the sizes can be added up beforehand.
    sizes = list(accumulate(min(info.file_size, LARGEST_IMAGE + 1) for info in members))

    def read(place: int) -> Item:
        item = _member(archive, members[place], together=sizes[place])
        return replace(item, number=place + 1)

    return Intake(tuple(_name(info) for info in members), read)


def _refuse_large_directory(content: bytes) -> None:
    """Before the list of members is read into memory."""
    tail = content[-(_LONGEST_COMMENT + _END_OF_ZIP.size) :]
    start = tail.rfind(b"PK\x05\x06")
    if start < 0 or len(tail) - start < _END_OF_ZIP.size or b"PK\x06\x07" in tail:
        raise Malformed("zip", "The ZIP is cut off, or of a kind for archives over four gigabytes.")
    size = _END_OF_ZIP.unpack_from(tail, start)[5]
    if size > _LARGEST_DIRECTORY:
        raise Malformed("zip", f"A ZIP holds 1 to {MOST_ITEMS:,} files; this one holds more.")


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Whether somebody put it there; systems add files of their own."""
    parts = info.filename.replace("\\", "/").split("/")
    # Not info.is_dir(): it looks at the last letter of a name that may have none.
    is_folder = info.filename.endswith("/")
    return not is_folder and parts[0] != "__MACOSX" and not parts[-1].startswith(".")


def _name(info: zipfile.ZipInfo) -> str:
    """Its path, by which files of one name are told apart: to be read, and opened nowhere."""
    parts = map(shown, info.filename.replace("\\", "/").split("/"))
    path = "/".join(part for part in parts if part not in ("", ".", ".."))
    if len(path) > LONGEST_NAME:  # its beginning and its end tell more than its middle
        path = f"{path[: LONGEST_NAME // 2 - 1]}…{path[-LONGEST_NAME // 2 :]}"
    return path or UNNAMED


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, *, together: int) -> Item:
    name = _name(info)
    if info.flag_bits & 1:
        return Item(name, fault="It is locked with a password.")
    if info.compress_type not in _METHODS:
        return Item(name, fault="It is packed in a way that is not read here.")
    if info.file_size > LARGEST_IMAGE:
        return Item(name, fault=f"It is larger than {LARGEST_IMAGE:,} bytes.")
    if together > LARGEST_TOGETHER:
        sentence = f"With those before it, it is more than {LARGEST_TOGETHER:,} bytes."
        return Item(name, fault=sentence)
    try:
        with archive.open(info) as file:
            return Item(name, file.read(LARGEST_IMAGE + 1))
    except _BROKEN:
        return Item(name, fault="It is broken inside the ZIP.")
