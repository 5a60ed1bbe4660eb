"""The cryptosuite eddsa-rdfc-2022 (W3C VC-DI-EDDSA 1.0, section 3.2)."""

from datetime import datetime
from typing import Final

from vc import ed25519
from vc.canonical import canonical_digest
from vc.documents import JsonObject
from vc.proofs import configuration as di

NAME: Final = "eddsa-rdfc-2022"


def sign(
    document: JsonObject,
    *,
    signer: ed25519.Signer,
    created: datetime,
    purpose: str = "assertionMethod",
    challenge: str | None = None,
    domain: str | None = None,
) -> JsonObject:
    """`document` with a proof by `signer`. The same arguments give the same bytes.

    Raises Malformed where the document cannot be canonicalised with certainty.
    """
    proof = di.options(
        cryptosuite=NAME,
        signer=signer,
        created=created,
        purpose=purpose,
        challenge=challenge,
        domain=domain,
    )
    message = hash_data(document, proof)
    return di.secured(document, proof, signer.sign(message))


def verifies(document: JsonObject, proof: di.Proof, *, public_key: bytes) -> bool:
    """Whether `proof` over `document` (given with or without its proofs) was made by that key."""
    message = hash_data(di.unsecured(document), proof.options)
    return ed25519.verifies(message, signature=proof.value, public_key=public_key)


def hash_data(document: JsonObject, options: JsonObject) -> bytes:
    """The 64 bytes that are signed."""
    # VC-DI-EDDSA 3.2.5 step 6: the proof configuration takes the document's contexts.
    configuration = {**options, "@context": document["@context"]}
    # VC-DI-EDDSA 3.2.4: proof configuration hash first, then document hash.
    return canonical_digest(configuration) + canonical_digest(document)
