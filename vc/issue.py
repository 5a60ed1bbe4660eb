"""Issuing: nothing is signed that our own verifier would not read back."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from vc import ecdsa, ed25519, nested, related, results
from vc.documents import JsonObject
from vc.errors import Malformed
from vc.jwt import sign_credential_jwt
from vc.model import Credential, Outcome
from vc.proofs import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ecdsa_sd_2023,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from vc.proofs.ecdsa_sd_values import HMAC_KEY
from vc.received import receive
from vc.signing import AnySigner, as_ecdsa, as_ed25519
from vc.structure import BADGE_TYPES, read_credential

Entropy = Callable[[int], bytes]
# What a holder may not leave out: who says it, and when and whether it is still true.
ALWAYS_SHOWN: Final = ("/issuer", "/validFrom", "/validUntil", "/credentialStatus")


class Form(StrEnum):
    """The ways in which a credential can be secured here; the first is for all who do not ask."""

    EDDSA_RDFC = eddsa_rdfc_2022.NAME
    EDDSA_JCS = eddsa_jcs_2022.NAME
    ECDSA_RDFC = ecdsa_rdfc_2019.NAME
    ECDSA_JCS = ecdsa_jcs_2019.NAME
    ECDSA_SD = ecdsa_sd_2023.NAME
    JWT = "jwt"  # Open Badges 3.0, section 8.2
    VC_JWT = "vc+jwt"  # W3C VC-JOSE-COSE 1.0


# The media type of each token in an envelope (VC-JOSE-COSE 1.0, section 6.1).
ENVELOPED: Final = {Form.JWT: "application/jwt", Form.VC_JWT: "application/vc+jwt"}
TOKENS: Final = ENVELOPED.keys()


@dataclass(frozen=True, slots=True)
class Selective:
    """What a base proof needs besides its key: what is always shown, and secrets of its own.

    `entropy(n)` gives n bytes that nobody else knows, others for each credential.
    """

    entropy: Entropy
    mandatory: tuple[str, ...] = ()


def issue(credential: JsonObject, *, signer: ed25519.Signer, created: datetime) -> JsonObject:
    """`credential` signed with eddsa-rdfc-2022. The same arguments give the same bytes.

    Raises Malformed as `issue_as` does.
    """
    parsed = _checked(credential, signer)
    signed = eddsa_rdfc_2022.sign(credential, signer=signer, created=created)
    return _listed_proof(signed, parsed)


def issue_as(
    form: Form,
    credential: JsonObject,
    *,
    signer: AnySigner,
    created: datetime,
    selective: Selective | None = None,
) -> JsonObject | str:
    """`credential` secured in another form: with a proof, or as a token.

    The same arguments give the same bytes. Raises Malformed, naming the place, for a credential
    that has no sound form, that carries a proof already, or whose issuer is not the controller of
    the signer's key; and for a key of a kind that the form cannot use.
    """
    parsed = _checked(credential, signer)
    if form in TOKENS:
        return sign_credential_jwt(credential, signer=signer, claims=form is Form.JWT)
    if form is Form.ECDSA_SD:
        if selective is None:
            raise TypeError("a base proof needs entropy of its own")
        return _listed_proof(_with_base_proof(credential, signer, created, selective), parsed)
    return _listed_proof(_with_proof(form, credential, signer, created), parsed)


def _with_proof(
    form: Form, credential: JsonObject, signer: AnySigner, created: datetime
) -> JsonObject:
    match form:
        case Form.EDDSA_RDFC:
            return eddsa_rdfc_2022.sign(credential, signer=as_ed25519(signer), created=created)
        case Form.EDDSA_JCS:
            return eddsa_jcs_2022.sign(credential, signer=as_ed25519(signer), created=created)
        case Form.ECDSA_RDFC:
            return ecdsa_rdfc_2019.sign(credential, signer=as_ecdsa(signer), created=created)
        case _:
            return ecdsa_jcs_2019.sign(credential, signer=as_ecdsa(signer), created=created)


def _with_base_proof(
    credential: JsonObject, signer: AnySigner, created: datetime, selective: Selective
) -> JsonObject:
    return ecdsa_sd_2023.sign(
        credential,
        signer=as_ecdsa(signer),
        created=created,
        mandatory=mandatory(credential, selective.mandatory),
        hmac_key=selective.entropy(HMAC_KEY),
        proof_key=ecdsa.passing_signer(selective.entropy),
    )


def mandatory(credential: JsonObject, chosen: Sequence[str]) -> tuple[str, ...]:
    """`chosen`, and those of ALWAYS_SHOWN that the credential has and that are not among them."""
    more = [one for one in ALWAYS_SHOWN if one[1:] in credential and one not in chosen]
    return (*chosen, *more)


def _checked(credential: JsonObject, signer: AnySigner) -> Credential:
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
    for step in (*results.check(parsed), *related.check(parsed)):
        if step.outcome is Outcome.FAIL:
            raise Malformed(step.code, step.sentence)
    _expect_signed(nested.credentials(parsed), "credential")
    _expect_signed([one.source for one in nested.endorsements(parsed)], "endorsement")
    return parsed


def _expect_signed(carried: Iterable[JsonObject | str], what: str) -> None:
    """Raises Malformed for what is carried within and is no signed credential at all.

    Whose signatures those are is for whoever verifies the whole, who can look their keys up.
    """
    for number, source in enumerate(carried, start=1):
        received = receive(source)
        if not (received.token or received.sd_jwt or received.document.get("proof")):
            sentence = f"The {what} number {number} in it carries no proof."
            raise Malformed("unsigned-within", sentence)
        if not received.sd_jwt:
            read_credential(received.document)


def _listed_proof(signed: dict[str, Any], parsed: Credential) -> JsonObject:
    if parsed.types & BADGE_TYPES:
        # The strict JSON Schemas of Open Badges 3.0 take a list of proofs only.
        return {**signed, "proof": [signed["proof"]]}
    return signed
