"""The cryptosuite eddsa-jcs-2022 (W3C VC-DI-EDDSA 1.0, section 3.3): signs the JSON itself."""

from datetime import datetime
from typing import Final

from vc import ed25519
from vc.documents import JsonObject
from vc.proofs import configuration as di
from vc.proofs import hashing
from vc.public_key import PublicKey

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
        method=signer.verification_method,
        created=created,
        purpose=purpose,
        challenge=challenge,
        domain=domain,
    )
    # VC-DI-EDDSA 3.3.1 step 2: the proof itself carries the document's contexts.
    proof = {"@context": document["@context"], **proof}
    message = hashing.jcs(document, proof)
    return di.secured(document, proof, signer.sign(message))


def verifies(document: JsonObject, proof: di.Proof, *, public_key: PublicKey) -> bool:
    """Whether `proof` over `document`, given without it, was made by that key."""
    message = hashing.jcs(document, proof.options)
    return ed25519.verified_by(message, signature=proof.value, public_key=public_key)
