"""Issuing: nothing is signed that our own verifier would not read back."""

from datetime import datetime

from vc import ed25519
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.proofs import eddsa_rdfc_2022
from vc.structure import BADGE_TYPES, read_credential


def issue(credential: JsonObject, *, signer: ed25519.Signer, created: datetime) -> JsonObject:
    """`credential` signed with eddsa-rdfc-2022. The same arguments give the same bytes.

    Raises Malformed, naming the place, for a credential that has no sound form, that carries a
    proof already, or whose issuer is not the controller of the signer's key.
    """
    parsed = read_credential(credential)
    if "proof" in credential:
        raise Malformed("proof", "The credential to sign carries a proof already.", place="/proof")
    if parsed.valid_until and parsed.valid_from and parsed.valid_until < parsed.valid_from:
        raise Malformed("date", "validUntil lies before validFrom.", place="/validUntil")
    controller = signer.verification_method.partition("#")[0]
    if parsed.issuer_id != controller:
        raise Malformed(
            "issuer", f"The issuer is {parsed.issuer_id}, the key {controller}'s.", place="/issuer"
        )
    signed = eddsa_rdfc_2022.sign(credential, signer=signer, created=created)
    if parsed.types & BADGE_TYPES:
        # The strict JSON Schemas of Open Badges 3.0 take a list of proofs only.
        signed["proof"] = [signed["proof"]]
    return signed
