"""Proof of possession of the holder's key (OpenID4VCI 1.0, appendix F.1, proof type `jwt`)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from openid4vc.exchange import OAuthError
from openid4vc.issuance.metadata import PROOF_ALGORITHM
from vc.did import did_key
from vc.ed25519 import Signer
from vc.errors import Refused
from vc.jose import by_did_key, sign_compact, verify_compact

PROOF_TYPE: Final = "openid4vci-proof+jwt"
# A clock may be wrong by this much, and a proof may be this old: nonces do the real work.
TOLERANCE: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Possession:
    """A proof that was checked: the DID to bind the credential to."""

    holder: str


def make_proof(*, signer: Signer, audience: str, nonce: str | None, now: datetime) -> str:
    """A proof JWT for `audience`, the credential issuer's identifier.

    It has no `iss`: in the anonymous pre-authorized flow there is no client.
    """
    claims: dict[str, str | int] = {"aud": audience, "iat": int(now.timestamp())}
    if nonce is not None:
        claims["nonce"] = nonce
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return sign_compact({"typ": PROOF_TYPE}, payload, signer=signer)


def check_proof(
    token: str, *, expected_audience: str, now: datetime, spend_nonce: Callable[[str], bool]
) -> Possession:
    """The holder who made the proof. Raises OAuthError `invalid_proof` or `invalid_nonce`.

    `spend_nonce` is asked last, once everything else holds: it withdraws the nonce and says
    whether it was one that the issuer gave and that nobody used.
    """
    try:
        verified = verify_compact(
            token,
            allowed_algorithms=[PROOF_ALGORITHM],
            public_key=by_did_key,
            expected_type=PROOF_TYPE,
        )
        claims = verified.claims()
    except Refused as error:
        raise OAuthError("invalid_proof", error.sentence) from error
    if claims.get("aud") != expected_audience:
        raise OAuthError("invalid_proof", "The proof was made for another issuer.")
    if "iss" in claims:
        raise OAuthError("invalid_proof", "A proof for an anonymous client has no iss.")
    _check_age(claims.get("iat"), now)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise OAuthError("invalid_proof", "The proof lacks the nonce.")
    if not spend_nonce(nonce):
        raise OAuthError("invalid_nonce", "The nonce is unknown, used or too old.")
    return Possession(did_key(by_did_key(verified.header).content))


def _check_age(issued_at: object, now: datetime) -> None:
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
        raise OAuthError("invalid_proof", "The iat of the proof is not a number.")
    if abs(now.timestamp() - issued_at) > TOLERANCE.total_seconds():
        raise OAuthError("invalid_proof", "The proof is too old or from the future.")
