"""The proof of a VC-JWT as verification steps (Open Badges 3.0, section 8.2.4)."""

from datetime import datetime
from typing import Any

from vc.binding import Binding, bind
from vc.dates import CLOCK_SKEW
from vc.documents import JsonObject, parse
from vc.encoding import base64url_decode
from vc.errors import Refused
from vc.fetch import Fetcher
from vc.jose import LARGEST_HEADER
from vc.jwt import ClaimFault, verify_credential_jwt
from vc.model import Outcome, Step, listed
from vc.public_key import from_jwk


def check_token(
    token: str, *, controller: str, claimed: datetime | None, now: datetime, fetcher: Fetcher
) -> list[Step]:
    """The steps issuer, key, signature and claims for a credential inside `token`.

    `claimed` is from when on it says to be valid, the only time that it names for certain.
    """
    try:
        header = parse(base64url_decode(token.partition(".")[0]), largest=LARGEST_HEADER)
        binding = _bind(header, controller, fetcher)
        steps = list(binding.steps)
        if binding.public_key is None:
            return steps
        verified = verify_credential_jwt(token, public_key=binding.public_key)
    except Refused as error:
        return [Step("signature", Outcome.FAIL, error.sentence, error.code)]
    # What a token was signed at it says by its claims alone, and no log holds tokens.
    standing = binding.standing(None, claimed=claimed, fetcher=fetcher)
    if standing is not None and standing.outcome is not Outcome.PASS:
        return [*steps, standing]
    steps.append(Step("signature", Outcome.PASS, "Nothing was changed since it was signed."))
    steps.extend([standing] if standing else [])
    steps.extend(_fault(fault) for fault in verified.faults)
    return [*steps, *_check_others(verified.claims, now)]


def _check_others(claims: JsonObject, now: datetime) -> list[Step]:
    """The claims that say nothing of the credential: when it was signed, and for whom."""
    steps = []
    issued = claims.get("iat", 0)
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        steps.append(Step("claims", Outcome.FAIL, "The claim iat is no date.", "jwt-claim-iat"))
    elif issued > (now + CLOCK_SKEW).timestamp():
        sentence = "It claims to be signed at a time that is still to come."
        steps.append(Step("claims", Outcome.FAIL, sentence, "signed-in-future"))
    if "aud" in claims:
        steps.append(_check_audience(claims["aud"]))
    return steps


def _check_audience(audience: Any) -> Step:
    named = [one for one in listed(audience) if isinstance(one, str)]
    if not named or len(named) != len(listed(audience)):
        return Step("claims", Outcome.FAIL, "The claim aud names nobody.", "jwt-claim-aud")
    sentence = f"It was made for {', '.join(named)[:200]}; whether you are meant is not known."
    return Step("claims", Outcome.UNKNOWN, sentence, "jwt-claim-aud")


def _bind(header: JsonObject, controller: str, fetcher: Fetcher) -> Binding:
    if "jwk" in header:
        sentence = f"The key stands only in the token; nothing shows that it is {controller}'s."
        step = Step("issuer", Outcome.UNKNOWN, sentence, "issuer-not-bound")
        return Binding((step,), from_jwk(jwk if isinstance(jwk := header["jwk"], dict) else {}))
    kid = header.get("kid")
    if not isinstance(kid, str):
        return Binding((Step("issuer", Outcome.FAIL, "The token names no key.", "jws-kid"),))
    return bind(method_id=kid, controller=controller, purpose="assertionMethod", fetcher=fetcher)


def _fault(fault: ClaimFault) -> Step:
    """A claim that contradicts the credential makes it two; one that is missing does not."""
    outcome = Outcome.UNKNOWN if fault.missing else Outcome.FAIL
    return Step("claims", outcome, fault.sentence, f"jwt-claim-{fault.claim}")
