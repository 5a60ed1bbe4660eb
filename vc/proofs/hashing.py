"""What a proof signs: the digests of its own options and of the document, one after the other.

Sources: VC-DI-EDDSA 3.2.4, 3.3.4 and VC-DI-ECDSA 3.2.4, 3.3.4, which are alike.
"""

import hashlib

from vc.canonical import canonical_digest
from vc.documents import JsonObject
from vc.jcs import canonical_json


def rdfc(document: JsonObject, options: JsonObject, *, algorithm: str = "sha256") -> bytes:
    """The bytes to sign over the statements of `document`. Raises Malformed for uncertain ones."""
    # Section 3.2.5 step 6: the proof configuration takes the document's contexts.
    configuration = {**options, "@context": document["@context"]}
    # Section 3.2.4: proof configuration hash first, then document hash.
    parts = (configuration, document)
    return b"".join(canonical_digest(part, algorithm=algorithm) for part in parts)


def jcs(document: JsonObject, options: JsonObject, *, algorithm: str = "sha256") -> bytes:
    """The bytes to sign over the JSON of `document`. Raises Malformed where RFC 8785 has no form
    for a value."""
    # Section 3.3.4: proof configuration hash first, then document hash.
    parts = (canonical_json(options), canonical_json(document))
    return b"".join(hashlib.new(algorithm, part).digest() for part in parts)
