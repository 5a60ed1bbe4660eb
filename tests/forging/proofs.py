"""Proofs of the wrong kind, by the wrong key, in the wrong place, in circles and in crowds."""

from typing import Any

from forging.forge import STRANGER, Case, Cases, Forge, did_of, options, text

from vc.documents import JsonObject
from vc.encoding import base64url_encode, multibase_decode, multibase_encode
from vc.model import Verdict
from vc.proofs import hashing

MANY = 500
_JCS = "eddsa-jcs-2022"  # signs any text of options, which JSON-LD would not


def cases(forge: Forge) -> Cases:
    yield from _shapes(forge)
    yield from _values(forge)
    yield from _purposes_and_keys(forge)
    yield from _chains(forge)
    yield from _crowds(forge)


def _case(
    name: str,
    document: JsonObject,
    code: str,
    why: str,
    *,
    step: str = "signature",
    verdict: Verdict = Verdict.INVALID,
) -> Case:
    return Case(
        file=f"proof/{name}.json",
        content=text(document),
        why=why,
        step=step,
        code=code,
        verdict=verdict,
    )


def _with(document: JsonObject, **changes: Any) -> JsonObject:
    """The document with members of its proof changed after it was signed; None takes one out."""
    proof = {**document["proof"], **changes}
    return document | {"proof": {name: one for name, one in proof.items() if one is not None}}


def _shapes(forge: Forge) -> Cases:
    sound, unsigned = forge.signed(), forge.badge()
    for name, proof in {"list": [], "null": None, "text": "z", "number": 1, "nested": [[]]}.items():
        yield _case(f"proof-is-{name}", unsigned | {"proof": proof}, "no-proof", "no proof at all")
    yield _case("no-proof", unsigned, "no-proof", "no proof")
    moved = unsigned | {
        "credentialSubject": unsigned["credentialSubject"] | {"proof": sound["proof"]}
    }
    yield _case("in-the-subject", moved, "no-proof", "the proof inside the subject")
    renamed = unsigned | {"Proof": sound["proof"]}
    yield _case("other-case", renamed, "no-proof", "Proof for proof")
    inside = _with(sound, proof=sound["proof"])
    yield _case("proof-in-a-proof", inside, "undefined-term", "a proof inside the proof")
    for name in ("proofPurpose", "verificationMethod", "proofValue"):
        yield _case(f"without-{name}", _with(sound, **{name: None}), "proof", f"no {name}")
        yield _case(f"{name}-is-a-list", _with(sound, **{name: ["x"]}), "proof", "a list")
    yield _case("without-created", _with(sound, created=None), "signature", "its date taken out")
    yield _case(
        "other-created", _with(sound, created="2026-01-01T00:00:00Z"), "signature", "redated"
    )
    yield _case(
        "added-expires", _with(sound, expires="2036-01-01T00:00:00Z"), "signature", "longer"
    )
    yield _case("added-domain", _with(sound, domain="x"), "signature", "a domain put in")
    yield _case("unknown-member", _with(sound, level="high"), "undefined-term", "an unknown word")
    unknown = Verdict.UNCHECKED
    yield _case(
        "unknown-suite", _with(sound, cryptosuite="xor-2026"), "suite-unknown", "x", verdict=unknown
    )
    yield _case(
        "without-suite", _with(sound, cryptosuite=None), "suite-unknown", "x", verdict=unknown
    )
    yield _case(
        "suite-as-type",
        _with(sound, type="eddsa-rdfc-2022", cryptosuite=None),
        "suite-unknown",
        "a suite's name for a type",
        verdict=unknown,
    )
    yield _case(
        "other-case-of-suite",
        _with(sound, cryptosuite="EDDSA-RDFC-2022"),
        "suite-unknown",
        "capitals",
        verdict=unknown,
    )
    jcs = forge.signed(suite="eddsa-jcs-2022")
    yield _case(
        "jcs-as-rdfc", _with(jcs, cryptosuite="eddsa-rdfc-2022"), "signature", "another suite"
    )
    yield _case(
        "rdfc-as-jcs", _with(sound, cryptosuite="eddsa-jcs-2022"), "signature", "another suite"
    )
    older = _with(sound, type="Ed25519Signature2020", cryptosuite=None)
    yield _case("as-an-older-type", older, "undefined-term", "the type of an older suite")
    yield _case(
        "ecdsa-by-ed25519", _with(sound, cryptosuite="ecdsa-rdfc-2019"), "key-kind", "no such key"
    )
    sd = _with(sound, cryptosuite="ecdsa-sd-2023")
    yield _case("as-selective", sd, "proof", "a plain signature as a disclosure")
    other = _with(jcs, **{"@context": jcs["@context"][:1]})
    yield _case("other-contexts", other, "proof-context", "a proof under other contexts")
    bare = _with(jcs, **{"@context": None})
    yield _case("jcs-without-contexts", bare, "signature", "contexts taken out of the proof")


def _values(forge: Forge) -> Cases:
    sound = forge.signed()
    value = multibase_decode(sound["proof"]["proofValue"])
    spelled = sound["proof"]["proofValue"][1:]
    for name, (bent, code, why) in {
        "base64url": ("u" + base64url_encode(value), "proof", "the other base"),
        "hexadecimal": ("f" + value.hex(), "proof", "hexadecimal"),
        "no-base": (spelled, "proof", "no base"),
        "empty": ("", "proof", "nothing"),
        "base-alone": ("z", "signature", "no signature"),
        "foreign-letter": ("z0" + spelled, "base58", "a letter that base 58 has not"),
        "leading-zero": ("z1" + spelled, "signature", "a zero byte in front"),
        "white-space": (f"z{spelled}\n", "base58", "a line break at the end"),
        "long": ("z" + "2" * 100_000, "base58", "100,000 characters"),
        "short": (multibase_encode(value[:-1]), "signature", "63 bytes"),
        "longer": (multibase_encode(value + b"\0"), "signature", "65 bytes"),
        "zeros": (multibase_encode(bytes(64)), "signature", "64 zeros"),
        "ones": (multibase_encode(b"\xff" * 64), "signature", "64 times 255"),
        "halves-swapped": (
            multibase_encode(value[32:] + value[:32]),
            "signature",
            "R and S swapped",
        ),
        "eastern-letters": ("z" + "\u0661" * 88, "base58", "digits of another script"),
    }.items():
        yield _case(f"value-{name}", _with(sound, proofValue=bent), code, why)


def _purposes_and_keys(forge: Forge) -> Cases:
    issuer = forge.campus.issuer
    for purpose in ("authentication", "assertionmethod", "", "capabilityInvocation"):
        signed = forge.signed(suite=_JCS, proofPurpose=purpose or "x")
        yield _case(f"purpose-{purpose or 'x'}", signed, "proof-purpose", f"made for {purpose}")
    mismatch = {"code": "issuer-mismatch", "step": "issuer"}
    forged = forge.signed(by=STRANGER)
    yield _case("key-of-a-stranger", forged, why="somebody else's key", **mismatch)
    posing = forge.signed(by=STRANGER, verificationMethod=issuer.verification_method)
    yield _case("strangers-signature-under-our-key", posing, "signature", "another's signature")
    key = STRANGER.verification_method.removeprefix("did:key:")
    for name, (method, code, why) in {
        "fragment": (f"{issuer.did}#{key}", "key-unknown", "a key that is not in the document"),
        "no-fragment": (issuer.did, "key-unknown", "no key named"),
        "two-fragments": (f"{issuer.verification_method}#x", "key-unknown", "two fragments"),
        "query": (f"{issuer.did}?x=1#key-1", "issuer-mismatch", "a query"),
        "relative": ("#key-1", "key-scheme", "a relative name"),
        "empty": ("", "key-scheme", "nothing"),
        "path-up": ("did:web:issuer.example:..:x#key-1", "issuer-mismatch", "a path upwards"),
        "longer-host": (f"{issuer.did}.attacker.example#key-1", "issuer-mismatch", "a longer name"),
        "homoglyph": ("did:web:\u0456ssuer.example#key-1", "issuer-mismatch", "a Cyrillic letter"),
        "https": ("https://attacker.example/keys#key-1", "issuer-mismatch", "at another site"),
        "loopback": ("https://127.0.0.1/keys#key-1", "issuer-mismatch", "at home"),
    }.items():
        bent = forge.signed(by=STRANGER, suite=_JCS, verificationMethod=method)
        yield _case(f"method-{name}", bent, code, why, step="issuer")
    for name, (did, code, why) in {
        "path-up": ("did:web:issuer.example:..:evil", "did-web", "a path upwards"),
        "escaped-slash": ("did:web:issuer.example%2Fevil", "did-web", "a slash in the host"),
        "escaped-path": ("did:web:issuer.example:a%2Fb", "did-web", "a slash in the path"),
        "escaped-twice": ("did:web:issuer.example%253A443", "did-web", "escaped twice"),
        "user-info": ("did:web:user@127.0.0.1", "did-web", "user info"),
        "empty-host": ("did:web:", "did-web", "no host"),
        "host-of-points": ("did:web:..", "did-web", "a way upwards for a host"),
        "capitals": ("did:WEB:issuer.example", "did-method", "capitals"),
        "homoglyph": ("did:web:\u0456ssuer.example", "did-web", "a Cyrillic letter"),
        "bent-key": (did_of(STRANGER)[:-1], "multikey", "a key one letter short"),
        "spelt-otherwise": ("did:key:z1" + did_of(STRANGER)[9:], "multikey", "a zero in front"),
        "of-a-private-key": (
            "did:jwk:" + base64url_encode(b'{"kty":"OKP","crv":"Ed25519","x":"","d":""}'),
            "jwk-private-key",
            "a private key in an identifier",
        ),
        "huge": ("did:jwk:" + "A" * 100_000, "did-jwk", "100,000 characters"),
        "for-encryption": (
            "did:jwk:" + base64url_encode(b'{"kty":"OKP","crv":"Ed25519","use":"enc"}'),
            "did-jwk",
            "a key that is not for signatures",
        ),
    }.items():
        badge = forge.badge(issuer={"id": did, "type": ["Profile"], "name": "Issuer"})
        signed = forge.signed(badge, by=STRANGER, suite=_JCS, verificationMethod=f"{did}#key-1")
        unknown = code == "did-method"
        yield _case(
            f"issuer-{name}",
            signed,
            "issuer-unreachable" if unknown else code,
            why,
            step="issuer",
            verdict=Verdict.UNCHECKED if unknown else Verdict.INVALID,
        )


def _chains(forge: Forge) -> Cases:
    badge = forge.badge()
    first = forge.signed(badge, id="urn:proof:1")["proof"]
    chain = "proof-chain"

    def over(*proofs: JsonObject, **changes: Any) -> JsonObject:
        """A proof over the badge and those proofs, whatever the options say of them."""
        proof = options(forge.campus.issuer, "eddsa-rdfc-2022")
        subject = badge | ({"proof": list(proofs)} if proofs else {})
        message = hashing.rdfc(subject, proof | changes)
        value = multibase_encode(forge.campus.issuer.sign(message))
        return proof | changes | {"proofValue": value}

    def chained(name: str, proofs: list[JsonObject], code: str, why: str) -> Case:
        return _case(name, badge | {"proof": proofs}, code, why)

    second = over(first, id="urn:proof:2", previousProof="urn:proof:1")
    yield chained("chain-without-its-first", [second], chain, "the first proof taken away")
    loop = over(id="urn:proof:1", previousProof="urn:proof:1")
    yield chained("chain-to-itself", [loop], "signature", "a proof over itself")
    one = over(id="urn:proof:1", previousProof="urn:proof:2")
    other = over(id="urn:proof:2", previousProof="urn:proof:1")
    yield chained("chain-in-a-circle", [one, other], "signature", "two proofs over each other")
    changed = first | {"created": "2026-01-01T00:00:00Z"}
    yield chained("chain-with-its-first-changed", [changed, second], "signature", "redated")
    yield chained("chain-with-an-id-twice", [first, first, second], chain, "one id twice")
    unchained = {key: value for key, value in second.items() if key != "previousProof"}
    yield chained("chain-taken-apart", [first, unchained], "signature", "the link taken out")
    long = over(id="urn:proof:3", previousProof=["urn:proof:1"] * 2)
    yield chained("chain-to-one-twice", [first, long], chain, "one proof named twice")
    odd = over(id="urn:proof:3")
    yield chained(
        "chain-to-an-object", [first, odd | {"previousProof": {"id": "x"}}], chain, "no name"
    )
    forged = forge.signed(badge, by=STRANGER)["proof"]
    sound = forge.signed(badge)["proof"]
    yield _case(
        "good-and-forged",
        badge | {"proof": [sound, forged]},
        "issuer-mismatch",
        "a forged proof beside a good one",
        step="issuer",
    )
    broken = sound | {"proofValue": multibase_encode(bytes(64))}
    yield chained("good-and-broken", [sound, broken], "signature", "a broken one beside a good one")


def _crowds(forge: Forge) -> Cases:
    badge = forge.badge()
    sound = forge.signed(badge)["proof"]
    bad = sound | {"proofValue": multibase_encode(bytes(64))}
    yield _case(
        "crowd-of-good-and-one-bad",
        badge | {"proof": [sound] * MANY + [bad]},
        "too-many-proofs",
        f"{MANY} good proofs and a broken one",
    )
    dated = [
        forge.signed(badge, created=f"2026-11-{1 + n // 50:02d}T{n % 24:02d}:{n % 60:02d}:00Z")[
            "proof"
        ]
        for n in range(MANY)
    ]
    yield _case(
        "crowd-of-different-good-ones",
        badge | {"proof": dated},
        "too-many-proofs",
        f"{MANY} good proofs",
    )
    unknown = [sound | {"cryptosuite": f"suite-{number}"} for number in range(MANY)]
    yield _case(
        "crowd-of-unknown-ones",
        badge | {"proof": unknown},
        "too-many-proofs",
        f"{MANY} proofs of unknown kinds",
    )
