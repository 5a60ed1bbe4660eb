"""What is kept of one key: its public facts and dates, and its secret half, sealed or elsewhere."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from vc.did import read_key
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.key_history import Compromise, HistoricKey, KeyState
from vc.model import instant
from vc.public_key import KeyKind, PublicKey, published

NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
METHOD: Final = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+#[A-Za-z0-9._:%-]+")
_SIZE: Final = re.compile(r"[0-9]{1,18}")
_ROOT: Final = re.compile(r"[A-Za-z0-9+/]{43}=")  # 32 bytes
_ANY: Final = re.compile(r".+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """The public facts of one key in custody."""

    name: str
    key: HistoricKey
    token_label: str | None = None  # of the hardware token that holds it; else it is sealed here

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
class KeptKey:
    """A key as it is kept: with its secret half, sealed, unless a token holds that."""

    record: KeyRecord
    sealed_seed: bytes | None = None


def written(kept: KeptKey) -> JsonObject:
    """A key's entry in the register. When it was rotated its successor tells."""
    key = kept.record.key
    entry: JsonObject = {
        "name": kept.record.name,
        "verificationMethod": key.id,
        **published(key.public_key),
        "created": key.created.isoformat(),
    }
    if key.compromise is not None:
        entry["compromisedSince"] = key.compromise.since.isoformat()
        entry["compromiseNoted"] = key.compromise.noted.isoformat()
        entry["logSize"] = str(key.compromise.log_size)
        entry["logRoot"] = b64encode(key.compromise.log_root).decode()
    if key.revoked is not None:
        entry["revoked"] = key.revoked.isoformat()
    if kept.sealed_seed is not None:
        entry["sealedSeed"] = base64url_encode(kept.sealed_seed)
    if kept.record.token_label is not None:
        entry["tokenLabel"] = kept.record.token_label
    return entry


def kept_in(entry: JsonObject) -> KeptKey:
    """The key of an entry. Raises Malformed, whose place is the member at fault."""
    key = HistoricKey(
        id=_text(entry, "verificationMethod", METHOD),
        public_key=_public_key(entry),
        created=_moment(entry, "created"),
        compromise=_compromise(entry),
        revoked=_moment(entry, "revoked") if "revoked" in entry else None,
    )
    if ("sealedSeed" in entry) == ("tokenLabel" in entry):
        raise Malformed("key-entry", "A seed or a label was expected.", place="sealedSeed")
    name = _text(entry, "name", NAME)
    if "tokenLabel" in entry:
        return KeptKey(KeyRecord(name, key, token_label=_text(entry, "tokenLabel")))
    return KeptKey(KeyRecord(name, key), base64url_decode(_text(entry, "sealedSeed")))


def in_order(keys: Iterable[KeptKey]) -> tuple[KeptKey, ...]:
    """Keys, the oldest first, with the date of rotation that each has from its successor.

    The successor of a key is the next of its owner and kind.
    """
    ordered = sorted(keys, key=lambda kept: (kept.record.key.created, kept.record.number))
    dated, successors = [], dict[tuple[str, KeyKind], datetime]()
    for kept in reversed(ordered):
        record = kept.record
        rotated = successors.get((record.owner, record.kind))
        dated.append(
            replace(kept, record=replace(record, key=replace(record.key, rotated=rotated)))
        )
        successors[record.owner, record.kind] = record.key.created
    return tuple(reversed(dated))


def _public_key(entry: JsonObject) -> PublicKey:
    public_key = read_key(entry)
    if public_key is None:
        raise Malformed("key-entry", "A public key was expected.", place="publicKeyMultibase")
    return public_key


def _compromise(entry: JsonObject) -> Compromise | None:
    if "compromisedSince" not in entry:
        return None
    return Compromise(
        since=_moment(entry, "compromisedSince"),
        noted=_moment(entry, "compromiseNoted"),
        log_size=int(_text(entry, "logSize", _SIZE)),
        log_root=b64decode(_text(entry, "logRoot", _ROOT)),
    )


def _moment(entry: JsonObject, member: str) -> datetime:
    """One without its offset could not be compared with the others."""
    return instant(entry.get(member), place=member)


def _text(entry: JsonObject, member: str, form: re.Pattern[str] = _ANY) -> str:
    value = entry.get(member)
    if not isinstance(value, str) or not form.fullmatch(value):
        raise Malformed("key-entry", "Text of another form was expected.", place=member)
    return value
