"""What is kept of one key: its public facts and dates, and its secret half, sealed or elsewhere."""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from vc.did import read_key
from vc.documents import parse
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.key_history import Compromise, HistoricKey, KeyState
from vc.public_key import KeyKind, PublicKey, published


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The public facts of one key in custody."""

    name: str
    key: HistoricKey

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find it."""
        return self.key.id

    @property
    def owner(self) -> str:
        """The DID for which it signs."""
        return self.key.id.partition("#")[0]

    @property
    def kind(self) -> KeyKind:
        """What kind of key it is: an owner has one that signs of each kind, at most."""
        return self.key.public_key.kind

    @property
    def number(self) -> int:
        """How manieth of its owner's keys of its kind it is, by its fragment; 0 for another."""
        digits = self.key.fragment.rpartition("-")[2]
        return int(digits) if digits.isdigit() else 0

    @property
    def public_key(self) -> bytes:
        """Its public half: the 32 bytes of an Ed25519 key, a point, or DER."""
        return self.key.public_key.content

    @property
    def state(self) -> KeyState:
        """What it may be believed."""
        return self.key.state


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key as it lies in its folder: the seed is sealed in it, or a token holds it by a label."""

    record: KeyRecord
    sealed_seed: bytes | None = None
    token_label: str | None = None


def written(file: KeyFile) -> bytes:
    """The content of a key file. When a key was rotated its successor tells."""
    key = file.record.key
    content = {
        "name": file.record.name,
        "verificationMethod": key.id,
        **published(key.public_key),
        "created": key.created.isoformat(),
    }
    if key.compromise is not None:
        content["compromisedSince"] = key.compromise.since.isoformat()
        content["compromiseNoted"] = key.compromise.noted.isoformat()
        content["logSize"] = str(key.compromise.log_size)
        content["logRoot"] = b64encode(key.compromise.log_root).decode()
    if key.revoked is not None:
        content["revoked"] = key.revoked.isoformat()
    if file.sealed_seed is not None:
        content["sealedSeed"] = base64url_encode(file.sealed_seed)
    if file.token_label is not None:
        content["tokenLabel"] = file.token_label
    return json.dumps(content, indent=2).encode() + b"\n"


def read(path: Path) -> KeyFile:
    """The key in a file. Raises Malformed, whose place is the file."""
    found = path.stat()
    return _read(path, found.st_ino, found.st_mtime_ns)


@lru_cache(maxsize=256)
def _read(path: Path, _inode: int, _changed: int) -> KeyFile:
    """Every signature and every verification looks; a file that is changed is another file."""
    try:
        source: dict[str, Any] = parse(path.read_bytes())
        key = HistoricKey(
            id=source["verificationMethod"],
            public_key=_public_key(source),
            created=datetime.fromisoformat(source["created"]),
            compromise=_compromise(source),
            revoked=datetime.fromisoformat(source["revoked"]) if "revoked" in source else None,
        )
        sealed, label = source.get("sealedSeed"), source.get("tokenLabel")
        if (sealed is None) == (label is None):
            raise KeyError("sealedSeed")
        return KeyFile(
            KeyRecord(source["name"], key),
            sealed_seed=None if sealed is None else base64url_decode(sealed),
            token_label=label,
        )
    except (KeyError, TypeError, ValueError, AttributeError, Malformed) as error:
        raise Malformed("key-file", "This is not a key file.", place=str(path)) from error


def in_order(files: Iterable[KeyFile]) -> tuple[KeyFile, ...]:
    """Keys, the oldest first, with the date of rotation that each has from its successor.

    The successor of a key is the next of its owner and kind.
    """
    ordered = sorted(files, key=lambda file: (file.record.key.created, file.record.number))
    dated, successors = [], dict[tuple[str, KeyKind], datetime]()
    for file in reversed(ordered):
        record = file.record
        rotated = successors.get((record.owner, record.kind))
        dated.append(
            replace(file, record=replace(record, key=replace(record.key, rotated=rotated)))
        )
        successors[record.owner, record.kind] = record.key.created
    return tuple(reversed(dated))


def _public_key(source: dict[str, Any]) -> PublicKey:
    public_key = read_key(source)
    if public_key is None:
        raise KeyError("publicKeyMultibase")
    return public_key


def _compromise(source: dict[str, Any]) -> Compromise | None:
    if "compromisedSince" not in source:
        return None
    return Compromise(
        since=datetime.fromisoformat(source["compromisedSince"]),
        noted=datetime.fromisoformat(source["compromiseNoted"]),
        log_size=int(source["logSize"]),
        log_root=b64decode(source["logRoot"], validate=True),
    )
