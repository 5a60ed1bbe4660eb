"""The cryptosuite ecdsa-jcs-2019 (W3C VC-DI-ECDSA 1.0, section 3.3), on P-256 and P-384."""

from datetime import datetime
from typing import Final

from vc import ecdsa
from vc.documents import JsonObject
from vc.proofs import configuration as di
from vc.proofs import hashing
from vc.public_key import PublicKey

NAME: Final = "ecdsa-jcs-2019"


def sign(document: JsonObject, *, signer: ecdsa.Signer, created: datetime) -> JsonObject:
    """`document` with a proof by `signer`. The same arguments give the same bytes."""
    proof = di.options(cryptosuite=NAME, method=signer.verification_method, created=created)
    # VC-DI-ECDSA 3.3.1 step 2: the proof itself carries the contexts of the document.
    proof = {"@context": document["@context"], **proof}
    message = hashing.jcs(document, proof, algorithm=ecdsa.HASH[signer.public_key.kind])
    return di.secured(document, proof, signer.sign(message))


def verifies(document: JsonObject, proof: di.Proof, *, public_key: PublicKey) -> bool:
    """Whether `proof` over `document`, given without it, was made by that key."""
    ecdsa.expect_ecdsa(public_key)
    message = hashing.jcs(document, proof.options, algorithm=ecdsa.HASH[public_key.kind])
    return ecdsa.verifies(message, signature=proof.value, public_key=public_key)
