"""Status lists: a random place for each credential, and lists whose bits are read from rows.

Sources: Bitstring Status List v1.0; CWE-362 (an encoded list that is read, changed and written
back loses revocations, so here it is only ever a copy).
"""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Final

from issuer import log
from issuer.addresses import Addresses
from issuer.chance import Chance
from issuer.store import Ledger
from issuer.tables.credentials import StatusEntryRow, StatusListRow
from vc import status
from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.errors import Conflict
from vc.issue import issue

REVOCATION: Final = "revocation"
SUSPENSION: Final = "suspension"
PURPOSES: Final = (REVOCATION, SUSPENSION)

SIZE: Final = status.SMALLEST  # places in one list
# How long a served list holds: after it, verifiers no longer believe an old copy.
_VALID_FOR: Final = timedelta(hours=24)
# A served copy keeps at least this much of its time, so that none expires on its way.
_FRESH_FOR: Final = timedelta(hours=12)

_ROUNDS: Final = 8
_HALF: Final = 9  # bits: two halves make 2^18 places, the next even power above SIZE


def shuffled(counter: int, *, key: bytes) -> int:
    """The place of the counter-th entry: a permutation of all places under a secret key.

    A keyed Feistel network whose values beyond the list are walked on; neighbours in time are
    then no neighbours in the list, and no two entries meet.
    """
    place = counter
    while True:
        left, right = place >> _HALF, place & ((1 << _HALF) - 1)
        for number in range(_ROUNDS):
            left, right = right, left ^ _mixed(number, right, key)
        place = left << _HALF | right
        if place < SIZE:
            return place


def _mixed(number: int, half: int, key: bytes) -> int:
    message = bytes([number]) + half.to_bytes(2, "big")
    mixed = hashlib.blake2b(message, key=key, digest_size=2).digest()
    return int.from_bytes(mixed, "big") & ((1 << _HALF) - 1)


def take_entry(
    ledger: Ledger, *, addresses: Addresses, credential_id: str, chance: Chance
) -> JsonObject:
    """Give a credential its place in a pair of lists; its `credentialStatus` is the result.

    Open Badges 3.0 has room for one status entry. It names the revocation list, in which a
    suspended credential's bit is set too; the suspension list, to which it refers, holds the
    same place and tells the one from the other.

    Call it in the transaction that records the credential, holding the tenant: both happen, or
    neither, and one at a time.
    """
    held = ledger.open_status_list(addresses.tenant, REVOCATION)
    if held is None or held.taken >= SIZE:
        held = _open_pair(ledger, addresses.tenant, after=held, chance=chance)
    place = shuffled(held.taken, key=held.key)
    held.taken += 1
    revocation, suspension = (_list_id(held, purpose) for purpose in PURPOSES)
    for list_id in (revocation, suspension):
        ledger.add(StatusEntryRow(list_id=list_id, place=place, credential_id=credential_id))
    return status.entry(
        list_url=addresses.status_list(revocation),
        index=place,
        purpose=REVOCATION,
        reference=addresses.status_list(suspension),
    )


def _open_pair(
    ledger: Ledger, tenant: str, *, after: StatusListRow | None, chance: Chance
) -> StatusListRow:
    """A new revocation list, opened together with the suspension list of its places."""
    number = 1 if after is None else after.number + 1
    key = chance.nonce()
    revocation, suspension = (
        StatusListRow(
            id=f"{tenant}-{purpose}-{number}",
            tenant_id=tenant,
            purpose=purpose,
            number=number,
            key=key,
        )
        for purpose in PURPOSES
    )
    ledger.add(revocation, suspension)
    return revocation


def _list_id(held: StatusListRow, purpose: str) -> str:
    return f"{held.tenant_id}-{purpose}-{held.number}"


def change(
    ledger: Ledger, *, credential_id: str, purpose: str, raised: bool, reason: str, now: datetime
) -> None:
    """Raise or lower the bit of a credential. Raises Conflict when it stands so already."""
    if not reason.strip():
        raise Conflict("status-reason", "A status changes only with a reason on record.")
    entry = ledger.status_entry(credential_id, purpose)
    if entry.raised is raised:
        raise Conflict("status", f"The {purpose} stands so already.")
    entry.raised, entry.reason, entry.changed_at = raised, reason.strip(), now
    ledger.bit_changed(entry.list_id)
    if purpose == SUSPENSION:
        ledger.bit_changed(ledger.status_entry(credential_id, REVOCATION).list_id)


def published(
    ledger: Ledger, *, list_id: str, addresses: Addresses, signer: Signer, now: datetime
) -> str:
    """The signed list as JSON text, made anew when a bit, the key or its time has changed.

    Call it holding the tenant.
    """
    held = ledger.hold(StatusListRow, list_id)
    fresh = held.valid_until is not None and held.valid_until - now >= _FRESH_FOR
    published = held.published or ""
    # A list of an earlier key is signed anew: that key may no longer be believed.
    ours = f'"{signer.verification_method}"' in published
    if ours and fresh and held.published_changes == held.changes:
        return published
    raised = set(ledger.raised(list_id))
    if held.purpose == REVOCATION:
        raised.update(ledger.raised(_list_id(held, SUSPENSION)))
    unsigned = status.status_list_credential(
        list_url=addresses.status_list(list_id),
        issuer=addresses.did,
        purpose=held.purpose,
        encoded=status.encode(raised, size=SIZE),
        valid_from=now,
        valid_until=now + _VALID_FOR,
    )
    signed = issue(unsigned, signer=signer, created=now)
    log.append(ledger, tenant=addresses.tenant, document=signed, now=now)
    held.published = json.dumps(signed, ensure_ascii=False)
    held.published_changes, held.valid_until = held.changes, now + _VALID_FOR
    return held.published
