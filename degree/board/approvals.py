"""Approvals of a decision: what they sign, how a record carries them, and whether they hold."""

import json
from collections.abc import Iterable

from accounts.approval import PasskeySignature, verify_approval
from accounts.ceremony import RelyingParty
from degree.board.tables import ApprovalRow
from degree.rules.decision_record import digest
from vc.documents import JsonObject
from vc.errors import Conflict, Malformed, NotAuthenticated
from vc.model import timestamp


def signed_digest(record: JsonObject) -> bytes:
    """The 32 bytes that approve a decision: the digest of its record without approvals."""
    return bytes.fromhex(digest(record).removeprefix("sha256:"))


def with_approvals(record: JsonObject, rows: Iterable[ApprovalRow]) -> JsonObject:
    """The decision record with its approvals, the registrar's first (docs/decision-record.md)."""
    return {**record, "approvals": [_as_json(row) for row in rows]}


def expect_signed(row: ApprovalRow, record: JsonObject, *, party: RelyingParty) -> None:
    """That what is kept as an approval is one, of this very decision. Raises Conflict."""
    try:
        verify_approval(
            PasskeySignature.from_json(json.loads(row.signature)),
            expected_digest=signed_digest(record),
            expected_origin=party.origin,
            expected_rp_id=party.id,
        )
    except (Malformed, NotAuthenticated) as refusal:
        sentence = f"The approval of {row.name} does not hold. {refusal.sentence}"
        raise Conflict("approval", sentence) from refusal


def expect_another_key(row: ApprovalRow, others: Iterable[ApprovalRow]) -> None:
    """That two people did not approve with one key, on a device that they share or have copied.

    Raises Conflict.
    """
    key = json.loads(row.signature)["publicKey"]
    if key in {json.loads(other.signature)["publicKey"] for other in others}:
        raise Conflict("passkey", "This passkey has approved it already, for somebody else.")


def _as_json(row: ApprovalRow) -> JsonObject:
    return {
        "role": row.role,
        "name": row.name,
        "at": timestamp(row.approved_at),
        "signature": json.loads(row.signature),
    }
