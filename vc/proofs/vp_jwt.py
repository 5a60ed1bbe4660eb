"""The proof of a presentation that is a token, as verification steps.

Sources: W3C VC-JOSE-COSE 1.0, section 3.1.2; VC Data Model 1.1, section 6.3.1 (the `vp` claim).
"""

from typing import Final

from vc.binding import bind
from vc.documents import JsonObject, parse
from vc.effort import Exhausted
from vc.encoding import base64url_decode
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher
from vc.jose import ALGORITHMS, LARGEST_HEADER, verify_compact
from vc.model import Outcome, Step
from vc.received import LARGEST_PRESENTATION

VP_JWT: Final = "vp+jwt"
_LARGEST: Final = LARGEST_PRESENTATION * 4 // 3 + 8_192  # characters


def check_token(
    token: str, *, holder: str, challenge: str | None, domain: str | None, fetcher: Fetcher
) -> list[Step]:
    """The steps issuer, key, signature and request for a presentation inside `token`.

    `holder` may be empty, where the presentation names none: then it is whose key signed it.
    """
    try:
        encoded = token.partition(".")[0]
        header = parse(base64url_decode(encoded), largest=LARGEST_HEADER)
        kid = header.get("kid")
        if not isinstance(kid, str):
            raise Malformed("jws-kid", "The token names no key.")
        binding = bind(
            method_id=kid,
            controller=holder or kid.partition("#")[0],
            purpose="authentication",
            fetcher=fetcher,
        )
        steps = list(binding.steps)
        if binding.public_key is None:
            return steps
        claims = verify_compact(
            token,
            allowed_algorithms=ALGORITHMS,
            public_key=binding.public_key,
            expected_type=VP_JWT if header.get("typ") == VP_JWT else None,
            largest=_LARGEST,
        ).claims(largest=LARGEST_PRESENTATION)
    except Exhausted as error:
        return [error.step()]
    except Refused as error:
        return [Step("signature", Outcome.FAIL, error.sentence, error.code)]
    steps.append(Step("signature", Outcome.PASS, "Nothing was changed since it was signed."))
    return [*steps, *_check_claims(claims, holder, challenge, domain)]


def _check_claims(
    claims: JsonObject, holder: str, challenge: str | None, domain: str | None
) -> list[Step]:
    """`nonce` is the challenge, `aud` the domain, `iss` the holder; none is needed unasked."""
    audience = claims.get("aud")
    named = audience if isinstance(audience, list) else [audience]
    faults = {
        "challenge": challenge is not None and claims.get("nonce") != challenge,
        "domain": domain is not None and domain not in named,
        "holder": bool(holder) and claims.get("iss", holder) != holder,
    }
    for name, wrong in faults.items():
        if wrong:
            sentence = f"The presentation was made for another {name}."
            return [Step("request", Outcome.FAIL, sentence, f"presentation-{name}")]
    return []
