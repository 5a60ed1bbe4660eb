"""Credentials as JWT: the payload is the credential.

Sources: Open Badges 3.0, section 8.2 (JSON Web Token Proof Format), which asks for a few claims
beside it; W3C VC-JOSE-COSE 1.0, section 3.1, which does not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode
from vc.errors import Malformed
from vc.jcs import canonical_json
from vc.jose import ALGORITHMS, LARGEST_HEADER, KeyChoice, sign_compact, verify_compact
from vc.model import listed
from vc.public_key import PublicKey
from vc.received import REGISTERED, unwrapped
from vc.signing import AnySigner
from vc.structure import BADGE_TYPES

# The typ of VC-JOSE-COSE, whose payload is the credential and needs no claim beside it.
VC_JWT: Final = "vc+jwt"
_PLACES: Final = {
    "iss": "/issuer",
    "sub": "/credentialSubject/id",
    "jti": "/id",
    "nbf": "/validFrom",
    "exp": "/validUntil",
}


@dataclass(frozen=True, slots=True)
class ClaimFault:
    """A JWT claim that is missing or contradicts the credential that it stands for."""

    claim: str
    sentence: str
    missing: bool


@dataclass(frozen=True, slots=True)
class CredentialToken:
    """A VC-JWT whose signature was verified: the credential, and the JWT claims beside it."""

    header: JsonObject
    claims: JsonObject
    credential: JsonObject
    faults: tuple[ClaimFault, ...]


def verify_credential_jwt(token: str, *, public_key: PublicKey | KeyChoice) -> CredentialToken:
    """The credential in `token`, after its signature: of Open Badges 3.0, or of VC-JOSE-COSE.

    Whether the key belongs to the issuer is the caller's to check, and `faults` are the caller's
    to weigh: OB 3.0 section 8.2.4 makes a verifier refuse each of them. Raises Malformed, Refused.
    """
    expected = _type_of(token)
    verified = verify_compact(
        token, allowed_algorithms=ALGORITHMS, public_key=public_key, expected_type=expected
    )
    claims = verified.claims()
    content = unwrapped(claims, "vc")
    credential = {name: value for name, value in content.items() if name not in REGISTERED}
    faults = claim_faults(claims, credential)
    if expected == VC_JWT or not BADGE_TYPES.intersection(_types(credential)):
        # Only Open Badges 3.0 requires that claims say again what the credential says.
        faults = tuple(fault for fault in faults if not fault.missing)
    beside = {name: value for name, value in claims.items() if name in REGISTERED}
    return CredentialToken(verified.header, beside, credential, faults)


def sign_credential_jwt(credential: JsonObject, *, signer: AnySigner, claims: bool) -> str:
    """`credential` as the payload of a token by `signer`.

    With `claims`, as Open Badges 3.0 section 8.2 has it: `typ` JWT and its claims beside the
    credential, which must have an id and a subject with an id. Without, as VC-JOSE-COSE has it.
    Raises Malformed for a credential that has a claim's name as a member, or lacks one's value.
    """
    taken = REGISTERED & credential.keys()
    if taken:
        name = min(taken)
        raise Malformed("jwt-claim", "The credential has a claim's name.", place=f"/{name}")
    if not claims:
        return sign_compact({"typ": VC_JWT}, canonical_json(credential), signer=signer)
    beside = _claims_of(credential)
    missing = [name for name, value in beside.items() if value is None]
    if missing:
        sentence = f"A badge as a JWT needs a value for the claim {missing[0]}."
        raise Malformed("jwt-claim", sentence, place=_PLACES[missing[0]])
    payload = canonical_json({**credential, **beside})
    return sign_compact({"typ": "JWT"}, payload, signer=signer)


def _types(credential: JsonObject) -> list[str]:
    return [one for one in listed(credential.get("type")) if isinstance(one, str)]


def _type_of(token: str) -> str | None:
    header = parse(base64url_decode(token.partition(".")[0]), largest=LARGEST_HEADER)
    return VC_JWT if header.get("typ") == VC_JWT else None


def claim_faults(
    claims: Mapping[str, Any], credential: Mapping[str, Any]
) -> tuple[ClaimFault, ...]:
    """What the JWT claims lack or contradict; empty when they repeat the credential exactly."""
    expected = _claims_of(credential)
    if "exp" in claims:
        expected.setdefault("exp", None)
    return tuple(
        ClaimFault(claim, _sentence(claim, missing=claim not in claims), claim not in claims)
        for claim, value in expected.items()
        if value is None or not _same(claims.get(claim), value)
    )


def _claims_of(credential: Mapping[str, Any]) -> dict[str, Any]:
    """The claims that say again what the credential says; None for what it does not say."""
    claims: dict[str, Any] = {
        "iss": _id(credential.get("issuer")),
        "sub": _id(credential.get("credentialSubject")),
        "jti": credential.get("id"),
        "nbf": _seconds(credential.get("validFrom", credential.get("issuanceDate"))),
    }
    until = credential.get("validUntil", credential.get("expirationDate"))
    if until is not None:
        claims["exp"] = _seconds(until)
    return claims


def _sentence(claim: str, *, missing: bool) -> str:
    if missing:
        return f"The claim {claim}, which Open Badges 3.0 requires, is missing."
    return f"The claim {claim} is not what the credential itself says."


def _same(found: Any, expected: Any) -> bool:
    # bool is an int in Python, and True == 1.
    return not isinstance(found, bool) and bool(found == expected)


def _id(node: Any) -> Any:
    return node.get("id") if isinstance(node, dict) else node


def _seconds(moment: Any) -> int | None:
    if not isinstance(moment, str):
        return None
    try:
        parsed = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return int(parsed.timestamp()) if parsed.tzinfo else None
