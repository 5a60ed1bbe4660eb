"""Bitstring Status List v1.0: one bit per credential, read from a signed list."""

import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from vc.documents import JsonObject
from vc.effort import spend
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Malformed
from vc.model import listed, timestamp
from vc.structure import CREDENTIALS_V2

_BITS_A_STEP: Final = 6_000  # bytes of bits, unpacked anew for each entry
SMALLEST: Final = 131_072  # entries: the herd that hides one holder (section 2.2)
MOST_BITS: Final = 8  # of one entry: 256 messages
LARGEST: Final = 2**26  # entries, 8 MiB expanded: the bound against decompression bombs


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """Where the status of one credential stands: which list, which bit, what a set bit means.

    `reference` is the list that says more of a set bit, empty where there is none. An entry has
    `size` bits; `messages` say what each value means, by its spelling such as 0x1.
    """

    list_url: str
    index: int
    purpose: str
    reference: str = ""
    size: int = 1
    messages: Mapping[str, str] = field(default_factory=dict)


def encode(set_indices: Iterable[int], *, size: int = SMALLEST) -> str:
    """The `encodedList` of `size` bits in which exactly `set_indices` are set."""
    bits = bytearray(size // 8)
    for index in set_indices:
        # Section 2.2: index 0 is the left-most bit.
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64url_encode(gzip.compress(bytes(bits), mtime=0))


def decode(encoded: Any) -> bytes:
    """The expanded bits of an `encodedList`. Raises Malformed beyond LARGEST bits."""
    if not isinstance(encoded, str) or not encoded.startswith("u"):
        raise Malformed("status-list", "The status list is not multibase base64url.")
    expander = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
    try:
        bits = expander.decompress(base64url_decode(encoded[1:]), LARGEST // 8 + 1)
    except zlib.error as error:
        raise Malformed("status-list", "The status list is not gzip.") from error
    if len(bits) > LARGEST // 8 or not expander.eof:
        raise Malformed("status-list", "The status list is cut off or expands too far.")
    if len(bits) * 8 < SMALLEST:
        sentence = f"The status list has fewer than {SMALLEST:,} entries."
        raise Malformed("status-list-length", sentence)
    spend(steps=len(bits) // _BITS_A_STEP)
    return bits


def value_at(bits: bytes, index: int, *, size: int = 1) -> int:
    """The value of the entry at `index` of an expanded list. Raises Malformed beyond its end."""
    if len(bits) * 8 // size < SMALLEST:
        sentence = f"The status list has fewer than {SMALLEST:,} entries."
        raise Malformed("status-list-length", sentence)
    if (index + 1) * size > len(bits) * 8:
        raise Malformed("status-range", "The credential's index lies beyond the status list.")
    value = 0
    for position in range(index * size, (index + 1) * size):
        value = value << 1 | bool(bits[position // 8] & 0x80 >> position % 8)
    return value


def entry(*, list_url: str, index: int, purpose: str, reference: str = "") -> JsonObject:
    """The `credentialStatus` of a credential at `index` of the list at `list_url`.

    `reference` is the list whose same bit tells a suspension from a revocation.
    """
    more = {"statusReference": reference} if reference else {}
    return {
        "id": f"{list_url}#{purpose}-{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": str(index),
        "statusListCredential": list_url,
        **more,
    }


def read_entry(source: JsonObject) -> StatusEntry:
    """A `credentialStatus` parsed. Raises Malformed naming the member at fault."""
    index, url = source.get("statusListIndex"), source.get("statusListCredential")
    purpose = source.get("statusPurpose")
    place = "/credentialStatus"
    if isinstance(index, int) and not isinstance(index, bool):
        index = str(index)  # section 2.1 asks for a string; issuers in the field write a number
    if not isinstance(index, str) or not index.isascii() or not index.isdigit() or len(index) > 9:
        raise Malformed("status-index", "The index is a number in a string.", place=place)
    if not isinstance(url, str) or not isinstance(purpose, str):
        raise Malformed("status-entry", "The entry names no list or no purpose.", place=place)
    size = source.get("statusSize", 1)
    if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= MOST_BITS:
        sentence = f"The statusSize is a number from 1 to {MOST_BITS}."
        raise Malformed("status-size", sentence, place=place)
    if source.get("id") == url:
        sentence = "The entry's own id is that of its list."
        raise Malformed("status-entry", sentence, place=place)
    reference = source.get("statusReference")
    return StatusEntry(
        list_url=url,
        index=int(index),
        purpose=purpose,
        reference=reference if isinstance(reference, str) else "",
        size=size,
        messages=_messages(source, size, place=f"{place}/statusMessage"),
    )


def _messages(source: JsonObject, size: int, *, place: str) -> Mapping[str, str]:
    """Section 2.1: one message for each value that `size` bits can have."""
    entries = listed(source.get("statusMessage"))
    if not entries and size == 1:
        return {}
    messages = {
        entry["status"].lower(): entry["message"]
        for entry in entries
        if isinstance(entry, dict)
        and isinstance(entry.get("status"), str)
        and isinstance(entry.get("message"), str)
    }
    if len(entries) != 2**size or messages.keys() != {hex(value) for value in range(2**size)}:
        sentence = f"One message for each of the {2**size} values is expected."
        raise Malformed("status-message", sentence, place=place)
    return messages


def status_list_credential(
    *,
    list_url: str,
    issuer: JsonObject | str,
    purpose: str,
    encoded: str,
    valid_from: datetime,
    valid_until: datetime,
) -> JsonObject:
    """The unsigned credential to publish at `list_url`."""
    return {
        "@context": [CREDENTIALS_V2],
        "id": list_url,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer,
        "validFrom": timestamp(valid_from),
        "validUntil": timestamp(valid_until),
        "credentialSubject": {
            "id": f"{list_url}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose,
            "encodedList": encoded,
        },
    }


def bits_for(subject: JsonObject, *, purpose: str) -> bytes:
    """The expanded bits of a list's subject. Raises Malformed when it serves another purpose."""
    if "BitstringStatusList" not in listed(subject.get("type")):
        raise Malformed("status-list", "What was published there is not a status list.")
    if purpose not in listed(subject.get("statusPurpose")):
        raise Malformed("status-list", f"The list published there is not about {purpose}.")
    return decode(subject.get("encodedList"))
