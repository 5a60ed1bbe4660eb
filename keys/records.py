"""What is kept of one key: its public facts and dates, and its secret half, sealed or elsewhere."""

from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from vc.did import read_key
from vc.documents import JsonObject
from vc.encoding import base64url_decode, base64url_encode
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
class KeptKey:
    """A key as it is kept: its secret half is sealed beside it, or a token holds it by a label."""

    record: KeyRecord
    sealed_seed: bytes | None = None
    token_label: str | None = None


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
    if kept.token_label is not None:
        entry["tokenLabel"] = kept.token_label
    return entry


def kept_in(entry: JsonObject) -> KeptKey:
    """The key of an entry. Raises KeyError, TypeError, ValueError, Malformed for none."""
    key = HistoricKey(
        id=entry["verificationMethod"],
        public_key=_public_key(entry),
        created=datetime.fromisoformat(entry["created"]),
        compromise=_compromise(entry),
        revoked=datetime.fromisoformat(entry["revoked"]) if "revoked" in entry else None,
    )
    sealed, label = entry.get("sealedSeed"), entry.get("tokenLabel")
    if (sealed is None) == (label is None):
        raise KeyError("sealedSeed")
    return KeptKey(
        KeyRecord(entry["name"], key),
        sealed_seed=None if sealed is None else base64url_decode(sealed),
        token_label=label,
    )


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
        raise KeyError("publicKeyMultibase")
    return public_key


def _compromise(entry: JsonObject) -> Compromise | None:
    if "compromisedSince" not in entry:
        return None
    return Compromise(
        since=datetime.fromisoformat(entry["compromisedSince"]),
        noted=datetime.fromisoformat(entry["compromiseNoted"]),
        log_size=int(entry["logSize"]),
        log_root=b64decode(entry["logRoot"], validate=True),
    )
