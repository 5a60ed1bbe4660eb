"""Slips: what a receipt comes to, signed and short enough for the QR code on its paper.

Paper can be altered and a QR code cannot follow it: the code's address carries, under our
signature, the verdict, the day and what it is about, so that whoever scans it can compare. That is
how the page knows a receipt of which nothing was kept.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.errors import Malformed, Refused
from vc.jose import sign_compact, verify_compact
from vc.model import instant
from vc.public_key import KeyKind, PublicKey
from verifier.receipt import Receipt

TYP: Final = "receipt+jwt"
LONGEST_TOKEN: Final = 1_600  # characters; more makes a QR code that cameras cannot read from paper
LONGEST_TEXT: Final = 120  # bytes of each text in UTF-8; the receipt itself has them whole

# The fragments and public keys of the verifier, old ones too.
PublishedKeys = Callable[[], list[tuple[str, bytes]]]


@dataclass(frozen=True, slots=True)
class Slip:
    """What a receipt said, in short. Texts are cut; `receipt` is the receipt's id."""

    receipt: str
    checked_at: datetime
    verdict: str
    reason: str
    standing: str
    title: str
    credential: str
    issuer: str
    registered: str
    holder: str
    digest: str


def slip_token(receipt: Receipt, *, signer: Signer) -> str:
    """The signed slip of a receipt that was just verified."""
    checked = receipt.checked
    said: dict[str, str | int] = {
        "jti": receipt.id,
        "iat": int(instant(receipt.checked_at, place="/validFrom").timestamp()),
        "verdict": receipt.verdict,
        "why": receipt.reason,
        "st": receipt.trust.get("standing", ""),
        "name": checked.get("title", ""),
        "id": checked.get("id", ""),
        "by": checked.get("issuedBy", ""),
        "reg": receipt.trust.get("registeredName", ""),
        "to": checked.get("issuedTo", ""),
        "sha": checked.get("digestMultibase", ""),
    }
    short = {key: _cut(value) for key, value in said.items() if value}
    payload = json.dumps(short, separators=(",", ":"), ensure_ascii=False).encode()
    return sign_compact({"typ": TYP}, payload, signer=signer)


def read_slip(token: str, *, did: str, keys: PublishedKeys) -> Slip:
    """The slip in a token of ours. Raises Malformed for any other text."""
    if len(token) > LONGEST_TOKEN:
        raise Malformed("slip", "The address is longer than any that is printed on a receipt.")

    published = keys()  # whose failure is ours, and none of the token's

    def chosen(header: JsonObject) -> PublicKey:
        for fragment, public_key in published:
            if header.get("kid") == f"{did}#{fragment}":
                return PublicKey(KeyKind.ED25519, public_key)
        raise Malformed("slip", "It names no key of this verifier.")

    try:
        said = verify_compact(
            token, allowed_algorithms={"EdDSA"}, public_key=chosen, expected_type=TYP
        ).claims()
    except Refused as error:
        sentence = "This is not the address of a receipt of ours, or a part of it is missing."
        raise Malformed("slip", sentence) from error
    return Slip(
        receipt=_text(said, "jti"),
        checked_at=datetime.fromtimestamp(int(said["iat"]), UTC),
        verdict=_text(said, "verdict"),
        reason=_text(said, "why"),
        standing=_text(said, "st"),
        title=_text(said, "name"),
        credential=_text(said, "id"),
        issuer=_text(said, "by"),
        registered=_text(said, "reg"),
        holder=_text(said, "to"),
        digest=_text(said, "sha"),
    )


def _cut(value: str | int) -> str | int:
    if isinstance(value, int):
        return value
    value = "".join(one for one in value if one.isprintable())  # escapes would take sixfold room
    if len(value.encode()) <= LONGEST_TEXT:
        return value
    return value.encode()[: LONGEST_TEXT - 3].decode(errors="ignore") + "…"


def _text(said: dict[str, Any], key: str) -> str:
    value = said.get(key, "")
    return value if isinstance(value, str) else ""
