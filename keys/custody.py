"""Custody of signing keys: sealed files, one per key, and the signers they give.

A key is never deleted: signatures of a retired key stay checkable only while its public half
stays in the DID document.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import nacl.utils
from nacl.signing import SigningKey

from keys.files import create_private, replace_private
from keys.sealing import Seal
from vc.documents import parse
from vc.encoding import (
    base64url_decode,
    base64url_encode,
    ed25519_from_multikey,
    ed25519_multikey,
)
from vc.errors import Conflict, Malformed, Missing

SEED_BYTES: Final = 32
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_METHOD: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+#[A-Za-z0-9._:%-]+")


class KeyState(StrEnum):
    """An active key signs; a retired one stays known, so that its signatures can be checked."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The public facts of one key in custody; `public_key` has 32 bytes."""

    name: str
    verification_method: str
    public_key: bytes
    state: KeyState
    created: datetime
    retired: datetime | None = None


class LocalSigner:
    """Signs with an Ed25519 key held in this process; implements vc.ed25519.Signer."""

    __slots__ = ("_key", "_verification_method")

    def __init__(self, seed: bytes, *, verification_method: str) -> None:
        if len(seed) != SEED_BYTES:
            raise Malformed("seed", f"An Ed25519 seed has {SEED_BYTES} bytes.")
        self._key = SigningKey(seed)
        self._verification_method = verification_method

    def __repr__(self) -> str:
        return f"LocalSigner({self._verification_method}, <redacted>)"

    @property
    def verification_method(self) -> str:
        """The DID URL under which verifiers find the public key."""
        return self._verification_method

    @property
    def public_key(self) -> bytes:
        """32 bytes."""
        return bytes(self._key.verify_key)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of `message`."""
        return self._key.sign(message).signature


class Custody:
    """The keys in one folder: `<name>.json` each, the seed sealed under the master secret."""

    def __init__(
        self, folder: Path, seal: Seal, *, entropy: Callable[[int], bytes] = nacl.utils.random
    ) -> None:
        self._folder = folder
        self._seal = seal
        self._entropy = entropy

    def __repr__(self) -> str:
        return f"Custody({self._folder})"

    def create(self, name: str, *, verification_method: str, now: datetime) -> KeyRecord:
        """Make and keep a new key. Raises Conflict when the name is taken, Malformed for its form.

        `verification_method` is the DID URL under which the public half will be published.
        """
        path = self._path(name)
        if not _METHOD.fullmatch(verification_method):
            sentence = "A verification method is a DID, a # and a fragment."
            raise Malformed("verification-method", sentence, place=verification_method[:64])
        seed = self._entropy(SEED_BYTES)
        signer = LocalSigner(seed, verification_method=verification_method)
        record = KeyRecord(name, verification_method, signer.public_key, KeyState.ACTIVE, now)
        sealed = self._seal.seal(seed, purpose=_purpose(record))
        create_private(path, _written(record, sealed))
        return record

    def list(self) -> tuple[KeyRecord, ...]:
        """Every key, active and retired, the oldest first."""
        if not self._folder.is_dir():
            return ()
        records = [_read(path)[0] for path in self._folder.glob("[a-z0-9]*.json")]
        return tuple(sorted(records, key=lambda record: (record.created, record.name)))

    def record(self, name: str) -> KeyRecord:
        """The public facts of one key. Raises Missing."""
        return self._load(name)[0]

    def retire(self, name: str, *, now: datetime) -> KeyRecord:
        """End a key's signing for good. Retiring it again changes nothing. Raises Missing."""
        record, sealed = self._load(name)
        if record.state is KeyState.RETIRED:
            return record
        retired = replace(record, state=KeyState.RETIRED, retired=now)
        replace_private(self._path(name), _written(retired, sealed))
        return retired

    def signer(self, name: str) -> LocalSigner:
        """The signer of an active key.

        Raises Missing, Conflict for a retired key, Unavailable when the master secret is another.
        """
        record, sealed = self._load(name)
        if record.state is not KeyState.ACTIVE:
            raise Conflict("key-retired", f"The key {name} is retired and signs no more.")
        seed = self._seal.open(sealed, purpose=_purpose(record))
        return LocalSigner(seed, verification_method=record.verification_method)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            sentence = "A key's name has up to 64 small letters, digits and hyphens."
            raise Malformed("key-name", sentence, place=name[:64])
        return self._folder / f"{name}.json"

    def _load(self, name: str) -> tuple[KeyRecord, bytes]:
        path = self._path(name)
        if not path.is_file():
            raise Missing("key", f"There is no key named {name}.")
        return _read(path)


def _purpose(record: KeyRecord) -> str:
    """The public facts are bound to the sealed seed: a file edited by hand does not open."""
    return f"signing key {record.verification_method} {ed25519_multikey(record.public_key)}"


def _written(record: KeyRecord, sealed: bytes) -> bytes:
    content = {
        "name": record.name,
        "verificationMethod": record.verification_method,
        "publicKeyMultibase": ed25519_multikey(record.public_key),
        "state": record.state.value,
        "created": record.created.isoformat(),
        "retired": record.retired.isoformat() if record.retired else None,
        "sealedSeed": base64url_encode(sealed),
    }
    return json.dumps(content, indent=2).encode() + b"\n"


def _read(path: Path) -> tuple[KeyRecord, bytes]:
    try:
        source: dict[str, Any] = parse(path.read_bytes())
        record = KeyRecord(
            name=source["name"],
            verification_method=source["verificationMethod"],
            public_key=ed25519_from_multikey(source["publicKeyMultibase"]),
            state=KeyState(source["state"]),
            created=datetime.fromisoformat(source["created"]),
            retired=datetime.fromisoformat(source["retired"]) if source["retired"] else None,
        )
        return record, base64url_decode(source["sealedSeed"])
    except (KeyError, TypeError, ValueError, Malformed) as error:
        raise Malformed("key-file", "This is not a key file.", place=str(path)) from error
