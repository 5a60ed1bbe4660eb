"""SD-JWT-based verifiable credentials as a report (draft-ietf-oauth-sd-jwt-vc, RFC 9901).

They are no VCDM credentials: their claims stand flat beside `vct`, which says what they are.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit

from vc import dates
from vc.binding import Binding, bind
from vc.documents import LARGEST, JsonObject, parse
from vc.encoding import base64url_decode
from vc.errors import Malformed, Refused, Unavailable
from vc.fetch import Fetcher, document_in
from vc.jose import ALGORITHMS, LARGEST_HEADER, verify_compact
from vc.model import Credential, Outcome, Report, Step, listed
from vc.public_key import from_jwk
from vc.sd_jwt import SdJwt, digest, disclosed, split

TYPES: Final = frozenset({"dc+sd-jwt", "vc+sd-jwt"})
_KEY_BINDING: Final = "kb+jwt"
# What may not be disclosed selectively, and so stands in the token itself (section 3.2.2.2).
_OPEN: Final = frozenset({"iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"})
_ISSUER: Final = re.compile(
    r"did:[a-z0-9]+:[A-Za-z0-9._:%-]{1,2000}|https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[!-~]{0,2000})?"
)
_METADATA: Final = "application/json"


def examine(text: str, *, now: datetime, fetcher: Fetcher) -> Report:
    """What is found of an SD-JWT credential; never an exception about it."""
    try:
        parts = split(text)
        payload = parse(base64url_decode(parts.token.split(".")[1]))
        claims = disclosed(payload, parts.disclosures)
        credential = _credential(payload, claims)
    except Malformed as error:
        return Report((Step("structure", Outcome.FAIL, str(error), error.code),), None, now)
    sentence = f"It has the form of an SD-JWT credential, and shows {len(parts.disclosures)} of "
    steps = [Step("structure", Outcome.PASS, f"{sentence}what its holder may choose to show.")]
    report = Report((*steps, *_check_signature(parts, credential, fetcher)), credential, now)
    if not report.is_signed:
        return report
    found = [dates.check(credential, now=now), _status(claims)]
    if parts.key_binding:
        found.append(_check_holder(parts, payload))
    return report.with_steps(*found)


def _credential(payload: JsonObject, claims: JsonObject) -> Credential:
    for name in sorted(_OPEN & claims.keys()):
        if name not in payload:
            raise Malformed("sd-jwt-claim", "This claim is always shown.", place=f"/{name}")
    issuer, kind = payload.get("iss"), payload.get("vct")
    if not isinstance(issuer, str) or not _ISSUER.fullmatch(issuer):
        raise Malformed("sd-jwt-claim", "The issuer is a DID or an https address.", place="/iss")
    if not isinstance(kind, str) or not kind:
        raise Malformed("sd-jwt-claim", "It does not say what kind it is.", place="/vct")
    about = {key: value for key, value in claims.items() if key not in _OPEN}
    return Credential(
        document={"type": [kind], "issuer": issuer, "credentialSubject": about},
        id=str(claims["jti"]) if isinstance(claims.get("jti"), str) else "",
        types=frozenset({kind}),
        issuer_id=issuer,
        issuer_name="",
        subject_id=claims["sub"] if isinstance(claims.get("sub"), str) else "",
        name=kind,
        valid_from=_moment(payload, "nbf"),
        valid_until=_moment(payload, "exp"),
    )


def _moment(payload: Mapping[str, Any], claim: str) -> datetime | None:
    seconds = payload.get(claim)
    if seconds is None:
        return None
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise Malformed("date", "A number of seconds was expected.", place=f"/{claim}")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        sentence = "The seconds fall out of the calendar."
        raise Malformed("date", sentence, place=f"/{claim}") from error


def _check_signature(parts: SdJwt, credential: Credential, fetcher: Fetcher) -> list[Step]:
    try:
        encoded = parts.token.partition(".")[0]
        header = parse(base64url_decode(encoded), largest=LARGEST_HEADER)
        kind = header.get("typ")
        if kind not in TYPES:
            raise Malformed("jws-type", "The token is not of a type of SD-JWT credentials.")
        binding = _bind(header, credential.issuer_id, fetcher)
        if binding.public_key is None:
            return list(binding.steps)
        verify_compact(
            parts.token,
            allowed_algorithms=ALGORITHMS,
            public_key=binding.public_key,
            expected_type=str(kind),
        )
    except Unavailable as error:
        sentence = f"The issuer's keys could not be looked up: {error.sentence}"
        return [Step("issuer", Outcome.UNKNOWN, sentence, "issuer-unreachable")]
    except Refused as error:
        return [Step("signature", Outcome.FAIL, error.sentence, error.code)]
    standing = binding.standing(None, claimed=credential.valid_from, fetcher=fetcher)
    if standing is not None and standing.outcome is not Outcome.PASS:
        return [*binding.steps, standing]
    signed = Step("signature", Outcome.PASS, "Nothing that is shown was changed after signing.")
    return [*binding.steps, signed, *([standing] if standing else [])]


def _bind(header: JsonObject, issuer: str, fetcher: Fetcher) -> Binding:
    kid = header.get("kid")
    if not isinstance(kid, str):
        return Binding((Step("issuer", Outcome.FAIL, "The token names no key.", "jws-kid"),))
    if issuer.startswith("did:"):
        method = f"{issuer}{kid}" if kid.startswith("#") else kid
        return bind(method_id=method, controller=issuer, purpose="assertionMethod", fetcher=fetcher)
    found = [one for one in _published(issuer, fetcher) if one.get("kid") == kid]
    if len(found) != 1:
        sentence = "The issuer does not publish the key that the token names."
        return Binding((Step("issuer", Outcome.FAIL, sentence, "key-unknown"),))
    named = {key: value for key, value in found[0].items() if key in _OF_A_KEY}
    steps = (
        Step("issuer", Outcome.PASS, f"The key belongs to {issuer}."),
        Step("key", Outcome.PASS, "The issuer published the key for this use."),
    )
    return Binding(steps, from_jwk(named))


_OF_A_KEY: Final = frozenset({"kty", "crv", "x", "y", "n", "e", "d", "p", "q", "k"})


def _published(issuer: str, fetcher: Fetcher) -> list[JsonObject]:
    """The keys in an issuer's metadata (section 5). Raises Malformed, Unavailable."""
    address = urlsplit(issuer)
    url = f"https://{address.netloc}/.well-known/jwt-vc-issuer{address.path.rstrip('/')}"
    metadata = document_in(fetcher.get(url, accept=_METADATA), largest=LARGEST)
    if metadata.get("issuer") != issuer:
        raise Malformed("issuer-metadata", "The metadata published there are somebody else's.")
    keys = metadata.get("jwks")
    if keys is None and isinstance(metadata.get("jwks_uri"), str):
        keys = document_in(fetcher.get(metadata["jwks_uri"], accept=_METADATA), largest=LARGEST)
    entries = listed(keys.get("keys")) if isinstance(keys, dict) else []
    return [one for one in entries if isinstance(one, dict)]


def _status(claims: JsonObject) -> Step:
    if "status" not in claims:
        return Step("status", Outcome.PASS, "Its issuer did not provide for withdrawing it.")
    sentence = "Its status is kept in a token, which is not read here."
    return Step("status", Outcome.UNKNOWN, sentence, "status-kind")


def _check_holder(parts: SdJwt, payload: JsonObject) -> Step:
    """The holder's own token over exactly what is shown (RFC 9901, section 7.3).

    For whom it was made, and whether for the first time, only the one who asked can tell: anybody
    who has once seen it could show it again.
    """
    confirmed = payload.get("cnf")
    jwk = confirmed.get("jwk") if isinstance(confirmed, dict) else None
    try:
        if not isinstance(jwk, dict):
            raise Malformed("sd-jwt-holder", "The credential is not bound to a key.")
        bound = verify_compact(
            parts.key_binding,
            allowed_algorithms=ALGORITHMS,
            public_key=from_jwk(jwk),
            expected_type=_KEY_BINDING,
        ).claims()
        if bound.get("sd_hash") != digest(parts.presented):
            raise Malformed("sd-jwt-holder", "Its holder signed something else than is shown.")
    except Refused as error:
        return Step("holder", Outcome.FAIL, error.sentence, "sd-jwt-holder")
    sentence = "Its holder signed what is shown; when, and for whom, is not looked at here."
    return Step("holder", Outcome.PASS, sentence)
