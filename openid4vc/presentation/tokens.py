"""Presentations of the format jwt_vc_json (OpenID4VP 1.0, appendix B.1): a JWT around JWTs.

`nonce` and `aud` stand where a Data Integrity proof has its challenge and domain.
"""

import json
import re
from datetime import datetime
from typing import Any, Final

from vc.documents import JsonObject, parse
from vc.ed25519 import Signer
from vc.effort import bounded, for_many
from vc.encoding import base64url_decode
from vc.errors import Malformed
from vc.fetch import Fetcher
from vc.jose import sign_compact
from vc.model import Outcome, Step, listed
from vc.presentation import PresentationReport, check_holder
from vc.proofs import vp_jwt
from vc.received import LARGEST_PRESENTATION
from vc.structure import CREDENTIALS_V1
from vc.verify import verify

_COMPACT: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def present_token(
    credential: str, *, holder: str, signer: Signer, nonce: str, audience: str, now: datetime
) -> str:
    """A presentation of one credential, a compact JWS, good for one `nonce` of one `audience`."""
    claims: JsonObject = {
        "iss": holder,
        "aud": audience,
        "nonce": nonce,
        "iat": int(now.timestamp()),
        "vp": {
            "@context": [CREDENTIALS_V1],
            "type": ["VerifiablePresentation"],
            "verifiableCredential": [credential],
        },
    }
    payload = json.dumps(claims, separators=(",", ":")).encode()
    return sign_compact({"typ": "JWT"}, payload, signer=signer)


def verify_token_presentation(
    token: str, *, now: datetime, fetcher: Fetcher, expected_nonce: str, expected_client_id: str
) -> PresentationReport:
    """Check that a holder made this presentation for us, now, of credentials about themself.

    Not part of it: whether the nonce was used before. The caller accepts each once.
    """
    # (1) Structure. Nothing that is read here counts before (3).
    try:
        claims = _claims(token)
        holder = _holder(claims)
        credentials = _credentials(claims)
    except Malformed as error:
        return _refused("", Step("structure", Outcome.FAIL, str(error), error.code))
    # (2) Made for this request: compared before anybody's keys are looked up.
    steps = [_check_request(claims, expected_nonce, expected_client_id, now)]
    if steps[0].outcome is not Outcome.PASS:
        return _refused(holder, *steps)
    with bounded(for_many()):
        # (3) Signed by the holder's authentication key.
        steps += vp_jwt.check_token(
            token,
            holder=holder,
            challenge=expected_nonce,
            domain=expected_client_id,
            fetcher=fetcher,
        )
        if any(step.outcome is not Outcome.PASS for step in steps):
            return _refused(holder, *steps)
        # (4) Each credential, by the same path as anywhere, and (5) about the one who presents it.
        reports = tuple(verify(credential, now=now, fetcher=fetcher) for credential in credentials)
    steps.append(check_holder(holder, reports))
    return PresentationReport(holder, tuple(steps), reports)


def credentials_in(token: str) -> list[str]:
    """The credentials in a presentation, unverified. Raises Malformed."""
    return _credentials(_claims(token))


def _claims(token: str) -> JsonObject:
    parts = token.split(".")
    if len(parts) != 3:
        raise Malformed("jws-form", "A compact JWS has three parts divided by points.")
    return parse(base64url_decode(parts[1]), largest=LARGEST_PRESENTATION)


def _holder(claims: JsonObject) -> str:
    holder = claims.get("iss")
    if not isinstance(holder, str) or not holder.startswith("did:"):
        raise Malformed("holder", "The presentation names its holder by a DID.", place="/iss")
    return holder


def _credentials(claims: JsonObject) -> list[str]:
    presented: Any = claims.get("vp")
    if not isinstance(presented, dict) or (
        "VerifiablePresentation" not in listed(presented.get("type"))
    ):
        raise Malformed("type", "This is not a verifiable presentation.", place="/vp")
    if presented.keys() & claims.keys():
        sentence = "The token says one thing inside vp and another around it."
        raise Malformed("jwt-vp", sentence, place="/vp")
    if presented.get("holder", claims.get("iss")) != claims.get("iss"):
        raise Malformed("holder", "The presentation names two holders.", place="/vp/holder")
    credentials = listed(presented.get("verifiableCredential"))
    if not all(isinstance(entry, str) and _COMPACT.fullmatch(entry) for entry in credentials):
        sentence = "A credential in a token's presentation is a token."
        raise Malformed("credential", sentence, place="/vp/verifiableCredential")
    return credentials


def _check_request(claims: JsonObject, nonce: str, client_id: str, now: datetime) -> Step:
    if claims.get("nonce") != nonce or claims.get("aud") not in (client_id, [client_id]):
        sentence = "The presentation was made for another request or another verifier."
        return Step("request", Outcome.FAIL, sentence, "presentation-request")
    expires = claims.get("exp", float("inf"))
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        return Step("request", Outcome.FAIL, "Its expiry is no date.", "presentation-expiry")
    if expires <= now.timestamp():
        return Step("request", Outcome.FAIL, "The presentation has expired.", "presentation-expiry")
    return Step("request", Outcome.PASS, "The presentation answers this request.")


def _refused(holder: str, *steps: Step) -> PresentationReport:
    return PresentationReport(holder, steps, ())
