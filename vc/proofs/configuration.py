"""What all Data Integrity proofs share: the proof's own options, and taking it off the document.

Source: W3C VC Data Integrity 1.0, sections 4.2 to 4.5.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vc.documents import JsonObject
from vc.encoding import base64url_encode, multibase_decode, multibase_encode
from vc.errors import Malformed
from vc.model import instant, listed, timestamp

_IN_BASE64URL: Final = frozenset({"ecdsa-sd-2023"})


@dataclass(frozen=True, slots=True)
class Proof:
    """One DataIntegrityProof of a document, its required members checked for their form.

    `suite` is the cryptosuite, or the type where the type is the suite. `options` is the proof as
    it came, without its value; `previous` are the ids of the proofs that it was made over.
    """

    suite: str
    purpose: str
    verification_method: str
    value: bytes
    options: JsonObject
    previous: tuple[str, ...] = ()


def unsecured(document: JsonObject) -> JsonObject:
    """`document` without its proofs: what the proof is about."""
    return {key: value for key, value in document.items() if key != "proof"}


def options(
    *,
    cryptosuite: str,
    method: str,
    created: datetime,
    purpose: str = "assertionMethod",
    challenge: str | None = None,
    domain: str | None = None,
) -> JsonObject:
    """The members of a new proof except its value; `method` is the DID URL of its key."""
    proof: JsonObject = {
        "type": "DataIntegrityProof",
        "cryptosuite": cryptosuite,
        "created": timestamp(created),
        "verificationMethod": method,
        "proofPurpose": purpose,
    }
    if challenge is not None:
        proof["challenge"] = challenge
    if domain is not None:
        proof["domain"] = domain
    return proof


def secured(document: JsonObject, proof: JsonObject, value: bytes) -> JsonObject:
    """`document` with `proof` completed by `value`, spelled as its suite does."""
    if proof["cryptosuite"] in _IN_BASE64URL:
        spelled = "u" + base64url_encode(value)
    else:
        spelled = multibase_encode(value)
    return {**document, "proof": {**proof, "proofValue": spelled}}


def subject_of(document: JsonObject, proof: Proof) -> JsonObject:
    """What `proof` was made over: the document, and the proofs before it in their chain.

    Section 4.5 step 5.2. Raises Malformed when a proof of the chain is not there.
    """
    if not proof.previous:
        return unsecured(document)
    proofs = [one for one in listed(document.get("proof")) if isinstance(one, dict)]
    by_id = {one["id"]: one for one in proofs if isinstance(one.get("id"), str)}
    missing = [one for one in proof.previous if one not in by_id]
    if missing or len(by_id) != sum("id" in one for one in proofs):
        raise Malformed("proof-chain", "A proof that this one was made over is not there.")
    return {**unsecured(document), "proof": [by_id[one] for one in proof.previous]}


def read_proof(document: JsonObject, proof: Any, *, suite: str) -> Proof:
    """`proof` parsed. Raises Malformed naming the member that is missing or misshapen."""
    if not isinstance(proof, dict):
        raise Malformed("proof", "A proof is an object.", place="/proof")
    members: dict[str, str] = {}
    for name in ("proofPurpose", "verificationMethod", "proofValue"):
        value = proof.get(name)
        if not isinstance(value, str):
            raise Malformed("proof", f"The proof lacks its {name}.", place=f"/proof/{name}")
        members[name] = value
    for name in ("created", "expires"):
        if name in proof:
            instant(proof[name], place=f"/proof/{name}")
    contexts = proof.get("@context", document["@context"])
    if contexts != document["@context"]:
        # Section 4.4 step 2 also allows a prefix; no issuer is known to use it.
        raise Malformed("proof-context", "The proof names other contexts.", place="/proof/@context")
    return Proof(
        suite=suite,
        purpose=members["proofPurpose"],
        verification_method=members["verificationMethod"],
        value=_value(members["proofValue"], suite),
        options={key: value for key, value in proof.items() if key != "proofValue"},
        previous=_previous(proof),
    )


def _value(spelled: str, suite: str) -> bytes:
    # Each suite fixes its base: a second spelling would give one signature two forms.
    base = "u" if suite in _IN_BASE64URL else "z"
    if not spelled.startswith(base):
        place = "/proof/proofValue"
        raise Malformed("proof", f"The proofValue of {suite} starts with {base}.", place=place)
    return multibase_decode(spelled)


def _previous(proof: JsonObject) -> tuple[str, ...]:
    previous = listed(proof.get("previousProof"))
    if not all(isinstance(one, str) for one in previous) or len(set(previous)) != len(previous):
        place = "/proof/previousProof"
        raise Malformed("proof-chain", "previousProof names other proofs, each once.", place=place)
    return tuple(previous)
