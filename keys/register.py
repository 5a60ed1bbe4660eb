"""The register: every key in custody, its facts and dates, in one file under one code.

The code (a MAC under the master secret) is over all keys together, so that nobody else can change
a date or a state, or take a key out: without its successor a key that was laid down would sign
again. One file is what a killed process cannot halve, and what no backup catches half of.
"""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from keys.files import replace_private
from keys.records import KeptKey, in_order, kept_in, written
from keys.sealing import Seal
from vc import documents
from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed, Unavailable

NAME: Final = "register.json"
UNUSABLE: Final = "key-register"  # the code of every refusal of a register
_PURPOSE: Final = "key register"


@dataclass(frozen=True, slots=True)
class Register:
    """The keys, the oldest first, and how often the file was written: each time is an edition."""

    edition: int = 0
    keys: tuple[KeptKey, ...] = ()

    def following(self, keys: Iterable[KeptKey]) -> "Register":
        """The next edition, with these keys."""
        return Register(self.edition + 1, in_order(keys))


def read(folder: Path, *, seal: Seal) -> Register:
    """The register in `folder`; an empty one where there is none.

    Raises Unavailable when it was closed under another master secret or changed by others: the two
    cannot be told apart. Raises Malformed, whose place is the file, for one that cannot be read.
    """
    path = folder / NAME
    found = _found(path)
    if found is None:
        return Register()
    if not hmac.compare_digest(found.code, seal.code(found.content, purpose=_PURPOSE)):
        sentence = "It does not open with this master secret, or somebody else changed it."
        raise Unavailable(UNUSABLE, sentence, place=str(path))
    return found.register


def read_unverified(folder: Path) -> Register:
    """What a register says to whoever has no master secret, and who may have been lied to.

    Good for a hint, never for a signature. Raises Malformed.
    """
    found = _found(folder / NAME)
    return Register() if found is None else found.register


def write(folder: Path, register: Register, *, seal: Seal) -> None:
    """Put `register` in the place of the one before, in one step.

    Raises Malformed for what could not be read again, such as a date without its offset.
    """
    path = folder / NAME
    content = _spelled(register)
    code = seal.code(documents.written(content), purpose=_PURPOSE)
    file = documents.written({**content, "code": base64url_encode(code)}) + b"\n"
    _parsed(file, str(path))
    replace_private(path, file)


@dataclass(frozen=True, slots=True)
class _Found:
    register: Register
    content: bytes  # what the code is over
    code: bytes


def _found(path: Path) -> _Found | None:
    try:
        return _parsed(path.read_bytes(), str(path))
    except (FileNotFoundError, NotADirectoryError):
        _expect_no_earlier(path.parent)
        return None
    except IsADirectoryError as error:
        raise _no_register(str(path)) from error


@lru_cache(maxsize=16)
def _parsed(file: bytes, place: str) -> _Found:
    """Every signature and every verification looks, and seldom at something new."""
    try:
        source = parse(file, largest=len(file), most_nodes=len(file))  # ours, however many keys
        register, code = _register(source), source.pop("code")
        return _Found(register, documents.written(source), base64url_decode(code))
    except Malformed as error:
        raise _no_register(place, error) from error


def _register(source: JsonObject) -> Register:
    edition, entries, code = (source.get(member) for member in ("edition", "keys", "code"))
    if type(edition) is not int or edition < 1:
        raise Malformed(UNUSABLE, "A number from 1 was expected.", place="edition")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Malformed(UNUSABLE, "A list of keys was expected.", place="keys")
    if not isinstance(code, str):
        raise Malformed(UNUSABLE, "The code was expected.", place="code")
    return Register(edition, in_order([_kept(entry, n) for n, entry in enumerate(entries)]))


def _kept(entry: JsonObject, number: int) -> KeptKey:
    try:
        return kept_in(entry)
    except Malformed as error:
        place = f"keys/{number}/{error.place}"
        raise Malformed(UNUSABLE, error.sentence, place=place) from error


def _no_register(place: str, fault: Malformed | None = None) -> Malformed:
    what = f" {fault}" if fault else ""
    return Malformed(UNUSABLE, f"This is no register of keys.{what}", place=place)


def _spelled(register: Register) -> JsonObject:
    return {"edition": register.edition, "keys": [written(key) for key in register.keys]}


def _expect_no_earlier(folder: Path) -> None:
    """Whoever made new keys beside the old ones would believe them lost."""
    if any(folder.glob("[a-z0-9]*.json")):
        sentence = (
            "The keys in this folder have a file each, and no register: an earlier version wrote "
            "them, which this one cannot read, or their register is missing."
        )
        raise Malformed(UNUSABLE, sentence, place=str(folder))
