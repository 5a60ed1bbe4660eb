"""What all Data Integrity proofs share: the proof's own options, and taking it off the document.

Source: W3C VC Data Integrity 1.0, sections 4.2 to 4.5.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from vc.documents import JsonObject
from vc.ed25519 import Signer
from vc.encoding import multibase_decode, multibase_encode
from vc.errors import Malformed
from vc.model import timestamp


@dataclass(frozen=True, slots=True)
class Proof:
    """One DataIntegrityProof of a document, its required members checked for their form.

    `options` is the proof as it came, without its value.
    """

    cryptosuite: str
    purpose: str
    verification_method: str
    value: bytes
    options: JsonObject


def unsecured(document: JsonObject) -> JsonObject:
    """`document` without its proofs: what the proof is about."""
    return {key: value for key, value in document.items() if key != "proof"}


def options(
    *,
    cryptosuite: str,
    signer: Signer,
    created: datetime,
    purpose: str,
    challenge: str | None,
    domain: str | None,
) -> JsonObject:
    """The members of a new proof except its value."""
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": timestamp(created),
        "verificationMethod": signer.verification_method,
        "proofPurpose": purpose,
    }
    if challenge is not None:
        proof["challenge"] = challenge
    if domain is not None:
        proof["domain"] = domain
    return proof


def secured(document: JsonObject, proof: JsonObject, signature: bytes) -> JsonObject:
    """`document` with `proof` completed by `signature`."""
    return {**document, "proof": {**proof, "proofValue": multibase_encode(signature)}}


def read_proof(document: JsonObject, proof: Any) -> Proof:
    """`proof` parsed. Raises Malformed naming the member that is missing or misshapen."""
    if not isinstance(proof, dict):
        raise Malformed("proof", "A proof is an object.", place="/proof")
    members: dict[str, str] = {}
    for name in ("cryptosuite", "proofPurpose", "verificationMethod", "proofValue"):
        value = proof.get(name)
        if not isinstance(value, str):
            raise Malformed("proof", f"The proof lacks its {name}.", place=f"/proof/{name}")
        members[name] = value
    contexts = proof.get("@context", document["@context"])
    if contexts != document["@context"]:
        # Section 4.4 step 2 also allows a prefix; no issuer is known to use it.
        raise Malformed("proof-context", "The proof names other contexts.", place="/proof/@context")
    return Proof(
        cryptosuite=members["cryptosuite"],
        purpose=members["proofPurpose"],
        verification_method=members["verificationMethod"],
        value=multibase_decode(members["proofValue"]),
        options={key: value for key, value in proof.items() if key != "proofValue"},
    )
