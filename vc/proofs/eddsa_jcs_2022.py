"""The cryptosuite eddsa-jcs-2022 (W3C VC-DI-EDDSA 1.0, section 3.3): signs the JSON itself."""

import hashlib
from datetime import datetime
from typing import Final

from vc import ed25519
from vc.documents import JsonObject
from vc.jcs import canonical_json
from vc.proofs import configuration as di

NAME: Final = "eddsa-jcs-2022"


def sign(
    document: JsonObject,
    *,
    signer: ed25519.Signer,
    created: datetime,
    purpose: str = "assertionMethod",
    challenge: str | None = None,
    domain: str | None = None,
) -> JsonObject:
    """`document` with a proof by `signer`. The same arguments give the same bytes."""
    proof = di.options(
        cryptosuite=NAME,
        signer=signer,
        created=created,
        purpose=purpose,
        challenge=challenge,
        domain=domain,
    )
    # VC-DI-EDDSA 3.3.1 step 2: the proof itself carries the document's contexts.
    proof = {"@context": document["@context"], **proof}
    message = hash_data(document, proof)
    return di.secured(document, proof, signer.sign(message))


def verifies(document: JsonObject, proof: di.Proof, *, public_key: bytes) -> bool:
    """Whether `proof` over `document` (given with or without its proofs) was made by that key."""
    message = hash_data(di.unsecured(document), proof.options)
    return ed25519.verifies(message, signature=proof.value, public_key=public_key)


def hash_data(document: JsonObject, options: JsonObject) -> bytes:
    """The 64 bytes that are signed. Raises Malformed where RFC 8785 has no form for a value."""
    # VC-DI-EDDSA 3.3.4: proof configuration hash first, then document hash.
    parts = [canonical_json(options), canonical_json(document)]
    return b"".join(hashlib.sha256(part).digest() for part in parts)
