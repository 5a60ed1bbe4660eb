"""The history of an issuer's keys, published beside its DID document and signed by the newest key.

did:web tells which keys there are, and not since when or until when. The history does: which key
signs, which signed until when, and which fell into other hands. It only grows.
"""

from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from vc import ed25519
from vc.did import DidDocument, read_key
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.model import instant, timestamp
from vc.proofs import configuration as di
from vc.proofs import eddsa_jcs_2022
from vc.proofs.suites import suite_of
from vc.public_key import PublicKey, published
from vc.structure import CREDENTIALS_V2

MOST_KEYS: Final = 1_000  # an issuer that changes its key every month needs 83 years for them
_ROOT_BYTES: Final = 32


class KeyState(StrEnum):
    """What a key may be believed. Only an active one signs."""

    ACTIVE = "active"
    ROTATED = "rotated"  # signs no more; all that it signed until then stays good
    COMPROMISED = "compromised"  # good is only what the log had before the date
    REVOKED = "revoked"  # nothing that it signed is good


@dataclass(frozen=True, slots=True)
class Compromise:
    """A key fell into other hands at `since`, which was found out at `noted`.

    Its own dates prove nothing any more. What the issuer's log held before `since`, its first
    `log_size` entries with the root `log_root` (32 bytes), was signed before it.
    """

    since: datetime
    noted: datetime
    log_size: int
    log_root: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoricKey:
    """One key of an issuer, with the dates of its states; `id` is its DID URL."""

    id: str
    public_key: PublicKey
    created: datetime
    rotated: datetime | None = None
    compromise: Compromise | None = None
    revoked: datetime | None = None

    @property
    def fragment(self) -> str:
        """What tells it from the issuer's other keys."""
        return self.id.partition("#")[2]

    @property
    def state(self) -> KeyState:
        """The last and worst that happened to it."""
        if self.revoked is not None:
            return KeyState.REVOKED
        if self.compromise is not None:
            return KeyState.COMPROMISED
        return KeyState.ACTIVE if self.rotated is None else KeyState.ROTATED

    @property
    def withdrawn(self) -> datetime | None:
        """When the issuer took it back: its signatures alone prove nothing since."""
        return self.revoked or (self.compromise.noted if self.compromise else None)


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """All keys that `issuer` ever had, the oldest first; `log` is the address of its log."""

    issuer: str
    log: str
    keys: Sequence[HistoricKey]

    def key(self, method_id: str) -> HistoricKey | None:
        """The key with this id, or None."""
        return next((key for key in self.keys if key.id == method_id), None)


def sign(history: KeyHistory, *, signer: ed25519.Signer) -> JsonObject:
    """The history to publish. The same history gives the same bytes: it is dated by its news."""
    document: JsonObject = {
        "@context": [CREDENTIALS_V2],
        "issuer": history.issuer,
        "log": history.log,
        "keys": [_written(key) for key in history.keys],
    }
    news = max(moment for key in history.keys for moment in _moments(key))
    return eddsa_jcs_2022.sign(document, signer=signer, created=news)


def read(source: JsonObject, *, document: DidDocument) -> KeyHistory:
    """The history in `source`, which a key signed that is active in it and in the DID document.

    A key that was compromised cannot clear itself: whoever holds it signs no history. Raises
    Malformed.
    """
    keys = [_read(entry, index) for index, entry in enumerate(_entries(source))]
    history = KeyHistory(str(source.get("issuer")), str(source.get("log")), keys)
    ids, spelled = ({key.id for key in keys}, {key.public_key for key in keys})
    if history.issuer != document.id or any(
        key.id.partition("#")[0] != document.id for key in keys
    ):
        raise Malformed("key-history", f"The key history is not that of {document.id}.")
    if len(ids) != len(keys) or len(spelled) != len(keys):
        raise Malformed("key-history", "A key is entered twice.", place="/keys")
    if suite_of(proof := _proof(source)) != eddsa_jcs_2022.NAME:
        raise Malformed("key-history", "The key history is not signed in the way it must be.")
    read_proof = di.read_proof(source, proof, suite=eddsa_jcs_2022.NAME)
    signer = history.key(read_proof.verification_method)
    method = document.method(read_proof.verification_method)
    if (
        signer is None
        or method is None
        or signer.state is not KeyState.ACTIVE
        or method.id not in document.assertion_method
        or read_proof.purpose != "assertionMethod"
        or not eddsa_jcs_2022.verifies(
            di.unsecured(source), read_proof, public_key=method.public_key
        )
    ):
        raise Malformed("key-history", "The key history is not signed by a key that may do so.")
    return history


def _moments(key: HistoricKey) -> list[datetime]:
    noted = key.compromise.noted if key.compromise else None
    moments = [key.created, key.rotated, noted, key.revoked]
    return [moment for moment in moments if moment is not None]


def _written(key: HistoricKey) -> JsonObject:
    entry = {
        "id": key.id,
        **published(key.public_key),
        "state": key.state.value,
        "created": timestamp(key.created),
    }
    if key.rotated is not None:
        entry["rotated"] = timestamp(key.rotated)
    if key.revoked is not None:
        entry["revoked"] = timestamp(key.revoked)
    if key.compromise is None:
        return entry
    compromise = {
        "since": timestamp(key.compromise.since),
        "noted": timestamp(key.compromise.noted),
        "logSize": key.compromise.log_size,
        "logRoot": b64encode(key.compromise.log_root).decode(),
    }
    return entry | {"compromised": compromise}


def _entries(source: JsonObject) -> list[Any]:
    entries = source.get("keys")
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_KEYS:
        raise Malformed("key-history", "A list of keys was expected.", place="/keys")
    return entries


def _proof(source: JsonObject) -> JsonObject:
    proof = source.get("proof")
    if not isinstance(proof, dict) or source.get("@context") != [CREDENTIALS_V2]:
        raise Malformed("key-history", "A key history has one proof.", place="/proof")
    return proof


def _read(entry: Any, index: int) -> HistoricKey:
    place = f"/keys/{index}"
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise Malformed("key-history", "A key with its id was expected.", place=place)
    compromised = entry.get("compromised")
    public_key = read_key(entry)
    if public_key is None:
        raise Malformed("key-history", "This is no key that is read here.", place=place)
    key = HistoricKey(
        id=entry["id"],
        public_key=public_key,
        created=instant(entry.get("created"), place=f"{place}/created"),
        rotated=_optional(entry, "rotated", place),
        compromise=None if compromised is None else _compromise(compromised, place),
        revoked=_optional(entry, "revoked", place),
    )
    if entry.get("state") != key.state.value:
        raise Malformed("key-history", "Its state and its dates differ.", place=place)
    return key


def _optional(entry: JsonObject, name: str, place: str) -> datetime | None:
    return instant(entry[name], place=f"{place}/{name}") if name in entry else None


def _compromise(source: Any, place: str) -> Compromise:
    members = source if isinstance(source, dict) else {}
    size, root = members.get("logSize"), members.get("logRoot")
    try:
        decoded = b64decode(str(root), validate=True)
    except (Base64Error, ValueError):
        decoded = b""
    if type(size) is not int or size < 0 or len(decoded) != _ROOT_BYTES:
        sentence = "A compromise says how the log stood before it."
        raise Malformed("key-history", sentence, place=f"{place}/compromised")
    return Compromise(
        since=instant(members.get("since"), place=f"{place}/compromised/since"),
        noted=instant(members.get("noted"), place=f"{place}/compromised/noted"),
        log_size=size,
        log_root=decoded,
    )
