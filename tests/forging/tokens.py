"""Tokens whose headers choose their own key or algorithm, or say something twice."""

import hashlib
import hmac
import json
from typing import Any

from campus import NOW
from cryptography.hazmat.primitives.asymmetric import ec
from forging.forge import STRANGER, AnySigner, Case, Cases, Forge, on_curve, text

from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.model import Verdict
from vc.public_key import PublicKey, ed25519, to_jwk

_DUE = int(NOW.timestamp())


def cases(forge: Forge) -> Cases:
    yield from _headers(forge)
    yield from _forms(forge)
    yield from _claims(forge)
    yield from _envelopes(forge)


def _case(
    name: str,
    token: str,
    code: str,
    why: str,
    *,
    step: str = "signature",
    verdict: Verdict = Verdict.INVALID,
) -> Case:
    content = token.encode()
    return Case(
        file=f"token/{name}.jwt", content=content, why=why, step=step, code=code, verdict=verdict
    )


def compact(header: JsonObject | bytes, payload: JsonObject | bytes, *, by: AnySigner) -> str:
    """A token over whatever header and payload, `alg` as they say and the signature by `by`."""
    parts = [
        base64url_encode(one if isinstance(one, bytes) else json.dumps(one).encode())
        for one in (header, payload)
    ]
    signature = by.sign(".".join(parts).encode())
    return ".".join([*parts, base64url_encode(signature)])


def _headers(forge: Forge) -> Cases:
    issuer = forge.campus.issuer
    badge = forge.badge()
    sound: JsonObject = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.verification_method}
    refused = "jws-header"
    for name, (changes, code, why) in {
        "alg-lower-case": ({"alg": "eddsa"}, "jws-algorithm", "another spelling"),
        "alg-hs256": ({"alg": "HS256"}, "jws-algorithm", "a shared secret"),
        "alg-es256k": ({"alg": "ES256K"}, "jws-algorithm", "another curve"),
        "alg-ps256": ({"alg": "PS256"}, "jws-algorithm", "another padding"),
        "alg-list": ({"alg": ["EdDSA"]}, "jws-algorithm", "a list"),
        "alg-missing": ({"alg": None}, "jws-algorithm", "no algorithm"),
        "alg-es256-for-ed25519": ({"alg": "ES256"}, "jwk", "a key of another kind"),
        "alg-rs256-for-ed25519": ({"alg": "RS256"}, "jwk", "a key of another kind"),
        "jku": ({"jku": "https://attacker.example/keys"}, refused, "keys from elsewhere"),
        "jku-loopback": ({"jku": "http://127.0.0.1/"}, refused, "keys from within"),
        "x5u": ({"x5u": "https://attacker.example/cert"}, refused, "certificates from elsewhere"),
        "x5c": ({"x5c": ["MIIB"]}, refused, "certificates along with it"),
        "crit": ({"crit": ["exp"], "exp": _DUE}, refused, "a demand nobody knows"),
        "crit-empty": ({"crit": []}, refused, "no demand"),
        "b64-false": ({"b64": False, "crit": ["b64"]}, refused, "a payload as it is"),
        "b64-false-uncritical": ({"b64": False}, refused, "a payload as it is, by the way"),
        "zip": ({"zip": "DEF"}, refused, "a compressed payload"),
        "epk": ({"epk": {}}, refused, "a header of encryption"),
        "unknown-header": ({"level": "high"}, refused, "an unknown header"),
        "kid-number": ({"kid": 1}, "jws-kid", "a number for a name"),
        "kid-missing": ({"kid": None}, "jws-kid", "no key named"),
        "typ-of-an-access-token": ({"typ": "at+jwt"}, "jws-type", "an access token"),
        "typ-of-a-presentation": ({"typ": "vp+jwt"}, "jws-type", "a presentation"),
        "typ-of-a-disclosure": ({"typ": "vc+sd-jwt"}, "jws-type", "a selective disclosure"),
        "typ-number": ({"typ": 1}, "jws-type", "a number"),
        "large-header": ({"iss": "x" * 5_000}, "json-size", "a header of 5 kB"),
    }.items():
        header = {key: one for key, one in (sound | changes).items() if one is not None}
        step = "issuer" if code == "jws-kid" else "signature"
        yield _case(name, compact(header, badge, by=issuer), code, why, step=step)
    nothing = "the algorithm that signs nothing"
    for alg in ("none", "None", "nOnE"):
        bare = compact(sound | {"alg": alg}, badge, by=issuer).rpartition(".")[0] + "."
        yield _case(f"alg-{alg}", bare, "jws-algorithm", nothing)
    head, body, _ = compact(sound | {"alg": "HS256"}, badge, by=issuer).split(".")
    for name, secret in {
        "raw": issuer.public_key,
        "jwk": json.dumps(_jwk(issuer.public_key)).encode(),
    }.items():
        mac = hmac.digest(secret, f"{head}.{body}".encode(), hashlib.sha256)
        token = f"{head}.{body}.{base64url_encode(mac)}"
        yield _case(f"public-key-as-secret-{name}", token, "jws-algorithm", "the key as a secret")
    theirs = {"kid": STRANGER.verification_method}
    token = compact(sound | theirs, badge, by=STRANGER)
    yield _case("kid-of-a-stranger", token, "issuer-mismatch", "another's key", step="issuer")
    token = compact(sound, badge, by=STRANGER)
    yield _case("strangers-signature", token, "jws-signature", "another's signature")
    for name, kid in {
        "path": "../../../../dev/null",
        "query": "key-1' UNION SELECT 'x",
        "loopback": "https://127.0.0.1:6379/key#key-1",
        "metadata": "http://169.254.169.254/latest#key-1",
        "relative": "#key-1",
    }.items():
        token = compact(sound | {"kid": kid}, badge, by=STRANGER)
        code = "issuer-mismatch" if kid.startswith("https:") else "key-scheme"
        yield _case(f"kid-{name}", token, code, "a key somewhere else", step="issuer")
    yield from _keys_in_headers(sound, badge)
    twice = json.dumps(sound)[:-1] + ', "alg": "none"}'
    token = compact(twice.encode(), badge, by=issuer)
    yield _case("header-twice", token, "json-duplicate-key", "one header twice")
    for name, header in {"nan": b'{"alg": NaN}', "list": b"[]", "cut-off": b'{"alg"'}.items():
        code = {"nan": "json-number", "list": "json-object", "cut-off": "json"}[name]
        yield _case(f"header-{name}", compact(header, badge, by=issuer), code, "no JSON object")


def _keys_in_headers(sound: JsonObject, badge: JsonObject) -> Cases:
    bare = {key: one for key, one in sound.items() if key != "kid"}
    own = _jwk(STRANGER.public_key)
    unknown = Verdict.UNCHECKED
    brought = compact(bare | {"jwk": own}, badge, by=STRANGER)
    yield _case(
        "jwk-of-a-stranger", brought, "issuer-not-bound", "own key", step="issuer", verdict=unknown
    )
    both = compact(sound | {"jwk": own}, badge, by=STRANGER)
    yield _case("jwk-and-kid", both, "jws-header", "two keys")
    secret = own | {"d": base64url_encode(STRANGER.seed)}
    private = compact(bare | {"jwk": secret}, badge, by=STRANGER)
    yield _case("jwk-private", private, "jwk-private-key", "a private key in the header")
    curve = on_curve(ec.SECP256R1())
    point = to_jwk(curve.public_key)
    other = point | {"y": point["x"]}
    number = {"n": base64url_encode(b"\xff" * 128), "e": "AQAB"}
    for name, (jwk, code, why) in {
        "secret": ({"kty": "oct", "k": "AAAA"}, "jwk-private-key", "a shared secret"),
        "point-off-its-curve": (other, "key-point", "a point off its curve"),
        "point-zero": (point | {"x": "A" * 43, "y": "A" * 43}, "key-point", "no point"),
        "short-coordinate": (point | {"x": point["x"][:-7]}, "jwk", "a coordinate too short"),
        "other-curve": (point | {"crv": "P-521"}, "jwk", "another curve"),
        "kind-and-curve-differ": (own | {"kty": "EC"}, "jwk", "a curve of another kind"),
        "ed448": (own | {"crv": "Ed448"}, "jwk", "another curve"),
        "short-rsa": ({"kty": "RSA", **number}, "jwk", "an RSA key of 1024 bits"),
        "even-rsa-exponent": (
            {"kty": "RSA", "n": base64url_encode(b"\xff" * 256), "e": "Ag"},
            "jwk",
            "an even exponent",
        ),
        "rsa-exponent-one": (
            {"kty": "RSA", "n": base64url_encode(b"\xff" * 256), "e": "AQ"},
            "jwk",
            "an exponent that changes nothing",
        ),
        "empty": ({}, "jwk", "no key"),
        "list": ([], "jwk", "a list"),
    }.items():
        token = compact(bare | {"jwk": jwk}, badge, by=STRANGER)
        yield _case(f"jwk-{name}", token, code, why)
    huge = {"kty": "RSA", "n": base64url_encode(b"\xff" * 2_048), "e": "AQAB"}
    token = compact(bare | {"jwk": huge}, badge, by=STRANGER)
    yield _case("jwk-of-16384-bits", token, "jwk", "an RSA key that costs time")
    es = bare | {"alg": "ES256", "jwk": point}
    head, body, _ = compact(es, badge, by=curve).split(".")
    for name, signature in {
        "zeros": bytes(64),
        "der": b"\x30\x44" + bytes(68),
        "empty": b"",
    }.items():
        bent = f"{head}.{body}.{base64url_encode(signature)}"
        yield _case(f"es256-{name}", bent, "jws-signature", "no signature")


def _jwk(public_key: bytes) -> dict[str, Any]:
    key: PublicKey = ed25519(public_key)
    return dict(to_jwk(key))


def _forms(forge: Forge) -> Cases:
    issuer = forge.campus.issuer
    sound: JsonObject = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.verification_method}
    token = compact(sound, forge.badge(), by=issuer)
    head, body, signature = token.split(".")
    structure = {"step": "structure"}
    yield _case("four-parts", token + ".x", "json", "four parts", **structure)
    yield _case("two-parts", f"{head}.{body}", "json", "two parts", **structure)
    yield _case("five-parts", f"{token}.x.y", "json", "an encrypted token", **structure)
    yield _case("points", "..", "json", "nothing but points", **structure)
    yield _case("padded", f"{head}.{body}=.{signature}", "base64url", "padding", **structure)
    yield _case("padded-signature", f"{token}==", "base64url", "padding")
    yield _case("spaces-within", f"{head}.{body} .{signature}", "base64url", "a space", **structure)
    yield _case("other-alphabet", f"{head}.{body}.+/{signature[2:]}", "base64url", "+ and /")
    stray = signature[:-1] + chr(ord(signature[-1]) + 1)
    yield _case("stray-bits", f"{head}.{body}.{stray}", "base64url", "bits after the last byte")
    yield _case("without-signature", f"{head}.{body}.", "jws-signature", "no signature")
    yield _case("huge-payload", f"{head}.{'A' * 500_000}.x", "json-size", "500 kB", **structure)
    yield _case("huge-header", f"{'A' * 500_000}.{body}.x", "json-size", "a header of 500 kB")
    yield _case("huge-signature", f"{head}.{body}.{'A' * 500_000}", "jws-size", "500 kB")
    flattened = {"payload": body, "protected": head, "signature": signature}
    yield _case(
        "flattened", json.dumps(flattened), "no-credential", "the JSON form", step="structure"
    )
    for name, payload in {
        "list": b"[]",
        "text": b'"x"',
        "not-json": b"\xff",
        "twice": b'{"a": 1, "a": 2}',
    }.items():
        code = {"not-json": "json-utf8", "twice": "json-duplicate-key"}.get(name, "json-object")
        made = compact(sound, payload, by=issuer)
        yield _case(f"payload-{name}", made, code, "no JSON object", **structure)
    inner = compact(sound, token.encode(), by=issuer)
    yield _case("token-in-a-token", inner, "json", "a token in a token", **structure)


def _claims(forge: Forge) -> Cases:
    issuer = forge.campus.issuer
    badge = forge.badge()
    header: JsonObject = {"alg": "EdDSA", "typ": "JWT", "kid": issuer.verification_method}
    begins = int(NOW.timestamp()) - 30 * 86_400
    sound: JsonObject = {
        "iss": issuer.did,
        "sub": badge["credentialSubject"]["id"],
        "jti": badge["id"],
        "nbf": begins,
    }
    for name, (changes, claim) in {
        "iss-of-another": ({"iss": STRANGER.did}, "iss"),
        "sub-of-another": ({"sub": STRANGER.did}, "sub"),
        "jti-of-another": ({"jti": "urn:x"}, "jti"),
        "nbf-in-the-past": ({"nbf": 0}, "nbf"),
        "nbf-true": ({"nbf": True}, "nbf"),
        "nbf-text": ({"nbf": str(begins)}, "nbf"),
        "exp-without-an-end": ({"exp": _DUE + 1}, "exp"),
        "exp-null": ({"exp": None}, "exp"),
        "iss-list": ({"iss": [issuer.did]}, "iss"),
    }.items():
        token = compact(header, badge | sound | changes, by=issuer)
        why = f"the claim {claim} says another thing"
        yield _case(f"claim-{name}", token, f"jwt-claim-{claim}", why, step="claims")
    del sound["sub"]
    yield _case(
        "claim-sub-missing",
        compact(header, badge | sound, by=issuer),
        "jwt-claim-sub",
        "a claim is missing",
        step="claims",
        verdict=Verdict.UNCHECKED,
    )
    doubled = compact(header, {**badge, "vc": badge | {"name": "Doctorate"}}, by=issuer)
    yield _case("vc-and-another", doubled, "jwt-vc", "a credential in the other", step="structure")
    texted = compact(header, {"vc": "x"}, by=issuer)
    yield _case("vc-text", texted, "jwt-vc", "a text for a credential", step="structure")
    ended = badge | {"validUntil": "2026-01-01T00:00:00Z"}
    token = compact(header | {"typ": "vc+jwt"}, ended, by=issuer)
    yield _case("expired", token, "dates-reversed", "an end before its beginning", step="dates")


def _envelopes(forge: Forge) -> Cases:
    issuer = forge.campus.issuer
    sound: JsonObject = {"alg": "EdDSA", "typ": "vc+jwt", "kid": issuer.verification_method}
    token = compact(sound, forge.badge(), by=issuer)
    for name, (url, code, why) in {
        "other-media-type": (f"data:text/html,{token}", "envelope", "a page"),
        "base64": (f"data:application/vc+jwt;base64,{token}", "envelope", "base64 around it"),
        "upper-case": (f"DATA:application/vc+jwt,{token}", "envelope", "capitals"),
        "https": ("https://attacker.example/vc.jwt", "envelope", "a token elsewhere"),
        "file": ("file:///etc/passwd", "envelope", "a file"),
        "number": (1, "envelope", "a number"),
        "empty": ("data:application/vc+jwt,", "envelope", "nothing"),
        "points": ("data:application/vc+jwt,..", "json", "nothing but points"),
        "escaped": (f"data:application/vc+jwt,{token.replace('.', '%2e')}", "envelope", "escaped"),
        "bomb": (f"data:application/vc+jwt,{'.' * 100_000}", "envelope", "100,000 points"),
    }.items():
        envelope = {
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": url,
            "type": "EnvelopedVerifiableCredential",
        }
        yield Case(
            file=f"envelope/{name}.json",
            content=text(envelope),
            why=why,
            step="structure",
            code=code,
        )
