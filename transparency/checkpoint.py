"""Checkpoints: the signed size and root of a log, as a note that people can read and mail.

Sources: C2SP tlog-checkpoint and signed-note (key type 0x01, Ed25519).
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from vc.ed25519 import Signer, verifies
from vc.errors import Malformed, Refused

LONGEST: Final = 4_096  # characters; ours have about 250
_NAME: Final = re.compile(r"[^\s+]{1,200}")
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_ED25519: Final = b"\x01"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the log named `origin`: how many entries, and their root hash (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(checkpoint: Checkpoint, *, signer: Signer) -> str:
    """The checkpoint as a signed note; the log's origin is the name of its key."""
    if not _NAME.fullmatch(checkpoint.origin):
        raise Malformed("checkpoint", "The origin of a log is a name without spaces.")
    signature = signer.sign(checkpoint.text().encode())
    key_id = _key_id(checkpoint.origin, signer.public_key)
    encoded = base64.b64encode(key_id + signature).decode()
    return f"{checkpoint.text()}\n\u2014 {checkpoint.origin} {encoded}\n"


def read_checkpoint(note: str, *, expected_origin: str, public_key: bytes) -> Checkpoint:
    """The checkpoint in `note`, after the signature of the log's key.

    Further signatures, of witnesses, are passed over. Raises Malformed, and Refused when the
    log's key did not sign.
    """
    text, separator, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if len(note) > LONGEST or not separator or len(lines) != 3 or not _SIZE.fullmatch(lines[1]):
        raise Malformed("checkpoint", "This is not a checkpoint of three lines.")
    checkpoint = Checkpoint(lines[0], int(lines[1]), _decoded(lines[2]))
    if checkpoint.origin != expected_origin or len(checkpoint.root) != 32:
        raise Malformed("checkpoint", f"This is not a checkpoint of {expected_origin}.")
    mark = f"\u2014 {expected_origin} "
    key_id = _key_id(expected_origin, public_key)
    for line in signatures.split("\n"):
        signed = _decoded(line.removeprefix(mark)) if line.startswith(mark) else b""
        if signed[:4] == key_id and verifies(
            checkpoint.text().encode(), signature=signed[4:], public_key=public_key
        ):
            return checkpoint
    raise Refused("checkpoint-signature", "The checkpoint was not signed with the log's key.")


def _key_id(name: str, public_key: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("checkpoint", "The checkpoint holds broken base64.") from error
