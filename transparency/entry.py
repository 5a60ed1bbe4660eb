"""What a log of signed documents holds of each: its hash, and nothing that could be read."""

from transparency.tree import leaf_hash
from vc.documents import JsonObject
from vc.jcs import canonical_json


def document_leaf(document: JsonObject) -> bytes:
    """The leaf hash (32 bytes) of a signed document, over its canonical JSON (RFC 8785).

    Whoever holds the document finds it; nobody else can guess it, because a signature is part of
    what is hashed. Raises Malformed where a value has no canonical form.
    """
    return leaf_hash(canonical_json(document))
