"""What a verifier needs of a log that only grows: is this document among its first entries?

Sources: RFC 6962 section 2 (leaves, nodes), RFC 9162 section 2.1.3.2 (checking inclusion).
"""

import hashlib
from collections.abc import Sequence

from vc.documents import JsonObject
from vc.errors import Refused
from vc.jcs import canonical_json


def document_leaf(document: JsonObject) -> bytes:
    """The leaf hash (32 bytes) of a signed document, over its canonical JSON (RFC 8785).

    Whoever holds the document finds it; nobody else can guess it, because a signature is part of
    what is hashed. Raises Malformed where a value has no canonical form.
    """
    return leaf_hash(canonical_json(document))


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry; its prefix differs from a node's, or a node could pose as an entry."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


def check_inclusion(
    leaf: bytes,
    proof: Sequence[bytes],
    *,
    index: int,
    expected_size: int,
    expected_root: bytes,
) -> None:
    """Raises Refused unless `leaf` is entry `index` of the log (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < expected_size:
        raise Refused("log-inclusion", f"A log of {expected_size} has no entry {index}.")
    position, last, hashed = index, expected_size - 1, leaf
    for sibling in proof:
        if last == 0:
            raise Refused("log-inclusion", "The proof is longer than the tree is high.")
        if position & 1 or position == last:
            hashed = node_hash(sibling, hashed)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            hashed = node_hash(hashed, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or hashed != expected_root:
        raise Refused("log-inclusion", "The entry is not in the log.")
