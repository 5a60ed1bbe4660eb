"""The Merkle tree of an append-only log: its root, proofs, and that it only grew (RFC 6962, 2).

Everything works on leaf hashes, so that a log can be audited without its entries. How an entry is
hashed and its inclusion checked stands in vc.logged, because verifiers ask for it.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from vc.errors import Malformed, Refused
from vc.logged import node_hash

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


def root_hash(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes, in the order of the log."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    split = _split(len(leaves))
    return node_hash(root_hash(leaves[:split]), root_hash(leaves[split:]))


def inclusion_proof(leaves: Sequence[bytes], *, index: int) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root (2.1.1). Raises Malformed."""
    if not 0 <= index < len(leaves):
        raise Malformed("log-index", f"The log has no entry {index}.")
    if len(leaves) == 1:
        return ()
    split = _split(len(leaves))
    if index < split:
        return (*inclusion_proof(leaves[:split], index=index), root_hash(leaves[split:]))
    return (*inclusion_proof(leaves[split:], index=index - split), root_hash(leaves[:split]))


def consistency_proof(leaves: Sequence[bytes], *, old_size: int) -> tuple[bytes, ...]:
    """The hashes that show that the log only grew since `old_size` entries (2.1.2).

    Raises Malformed for a size that the log never had.
    """
    if not 0 < old_size <= len(leaves):
        raise Malformed("log-size", f"The log has no earlier state of {old_size} entries.")
    return _subproof(leaves, old_size, complete=True)


def _subproof(leaves: Sequence[bytes], old_size: int, *, complete: bool) -> tuple[bytes, ...]:
    if old_size == len(leaves):
        return () if complete else (root_hash(leaves),)
    split = _split(len(leaves))
    if old_size <= split:
        left = _subproof(leaves[:split], old_size, complete=complete)
        return (*left, root_hash(leaves[split:]))
    right = _subproof(leaves[split:], old_size - split, complete=False)
    return (*right, root_hash(leaves[:split]))


def check_consistency(
    proof: Sequence[bytes],
    *,
    old_size: int,
    old_root: bytes,
    expected_size: int,
    expected_root: bytes,
) -> None:
    """Raises Refused unless the log only grew between two states (RFC 9162, section 2.1.4.2)."""
    if not 0 < old_size <= expected_size:
        raise Refused("log-consistency", "A log does not shrink.")
    if old_size == expected_size:
        if proof or old_root != expected_root:
            raise Refused("log-consistency", "One size of the log has two roots.")
        return
    # A complete old tree is itself the first node of the proof and is left out of it.
    path = list(proof) if old_size & (old_size - 1) else [old_root, *proof]
    if not path:
        raise Refused("log-consistency", "The proof is empty.")
    position, last = old_size - 1, expected_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise Refused("log-consistency", "The proof is longer than the tree is high.")
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    if last != 0 or old != old_root or new != expected_root:
        raise Refused("log-consistency", "The log did not only grow: entries were changed.")


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)
