"""Selective disclosures that withhold what is mandatory, or show what was not signed."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from forging.forge import Case, Cases, Forge, did_of, on_curve, options, text

from vc.canonical import canonical, canonical_digest
from vc.documents import JsonObject
from vc.encoding import base64url_encode, multibase_encode
from vc.model import Verdict
from vc.proofs.ecdsa_sd_2023 import NAME, relabelled
from vc.public_key import multikey

_ISSUER, _OF_THIS_BADGE = on_curve(ec.SECP256R1()), on_curve(ec.SECP256R1(), 8)
_KEY = b"\x80\x24" + _OF_THIS_BADGE.public_key.content
_MANDATORY = ("issuer", "validFrom")


def encoded(value: Any) -> bytes:
    """A value as CBOR, in its shortest form."""
    match value:
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case int():
            return _head(0, value) if value >= 0 else _head(1, -1 - value)
        case list():
            return _head(4, len(value)) + b"".join(map(encoded, value))
        case dict():
            parts = (encoded(part) for item in value.items() for part in item)
            return _head(5, len(value)) + b"".join(parts)
    raise TypeError(value)


def _head(kind: int, argument: int) -> bytes:
    if argument < 24:
        return bytes([kind << 5 | argument])
    size = next(power for power in range(4) if argument < 1 << (8 << power))
    return bytes([kind << 5 | 24 + size]) + argument.to_bytes(1 << size, "big")


@dataclass(frozen=True)
class Disclosure:
    """All of a badge shown, with each statement that is not mandatory signed for by itself."""

    document: JsonObject
    options: JsonObject
    labels: dict[int, bytes]
    mandatory: list[int]
    signatures: list[bytes]
    base: bytes
    key: bytes = _KEY
    more: list[Any] = field(default_factory=list)

    @property
    def components(self) -> list[Any]:
        shown = [self.base, self.key, self.signatures, self.labels, self.mandatory]
        return [*shown, *self.more]

    def written(self, value: bytes | None = None, *, prefix: bytes = b"\xd9\x5d\x01") -> JsonObject:
        made = prefix + (encoded(self.components) if value is None else value)
        proof = self.options | {"proofValue": "u" + base64url_encode(made)}
        return self.document | {"proof": proof}


def disclosed(document: JsonObject) -> Disclosure:
    """As sections 3.4 and 3.5 make it, with everything shown."""
    statements = canonical(document)
    count = len(set(_nodes(statements)))
    labels = {
        number: hmac.digest(b"a key for labels", b"c14n%d" % number, hashlib.sha256)
        for number in range(count)
    }
    named = {number: "u" + base64url_encode(label) for number, label in labels.items()}
    lines = relabelled(statements, named)
    mandatory = [n for n, line in enumerate(lines) if any(f"#{m}>" in line for m in _MANDATORY)]
    proof = options(_ISSUER, NAME)
    proof_hash = canonical_digest({**proof, "@context": document["@context"]})
    kept = hashlib.sha256("".join(lines[n] for n in mandatory).encode()).digest()
    others = [line for n, line in enumerate(lines) if n not in mandatory]
    return Disclosure(
        document=document,
        options=proof,
        labels=labels,
        mandatory=mandatory,
        signatures=[_OF_THIS_BADGE.sign(line.encode()) for line in others],
        base=_ISSUER.sign(proof_hash + _KEY + kept),
    )


def _nodes(statements: str) -> list[str]:
    return [word for word in statements.split() if word.startswith("_:c14n")]


def cases(forge: Forge) -> Cases:
    badge = forge.badge(issuer={"id": did_of(_ISSUER), "type": ["Profile"]})
    alignment = {"type": ["Alignment"], "targetName": "x", "targetUrl": "urn:x"}
    badge["credentialSubject"]["achievement"]["alignment"] = [alignment]
    sound = disclosed(badge)
    yield _case(
        "sound", sound.written(), "", "nothing: the others differ from it", "", Verdict.VALID
    )
    yield from _statements(sound)
    yield from _components(sound)
    yield from _encodings(sound)


def _case(
    name: str,
    document: JsonObject,
    code: str,
    why: str,
    step: str = "signature",
    verdict: Verdict = Verdict.INVALID,
) -> Case:
    return Case(
        file=f"disclosure/{name}.json",
        content=text(document),
        why=why,
        step=step,
        code=code,
        verdict=verdict,
    )


def _statements(sound: Disclosure) -> Cases:
    """What is shown is not what was signed."""
    first, *rest = sound.signatures
    changed = "signature"
    for name, (bent, why) in {
        "signature-missing": (replace(sound, signatures=rest), "one statement not signed"),
        "signature-too-many": (replace(sound, signatures=[*sound.signatures, first]), "one more"),
        "signatures-swapped": (replace(sound, signatures=[*rest, first]), "another order"),
        "no-signatures": (replace(sound, signatures=[]), "nothing is signed for"),
        "mandatory-made-optional": (replace(sound, mandatory=sound.mandatory[1:]), "one less"),
        "all-mandatory": (
            replace(sound, mandatory=list(range(len(sound.signatures) + len(sound.mandatory)))),
            "all said to be mandatory",
        ),
        "mandatory-beyond": (replace(sound, mandatory=[*sound.mandatory, 99_999]), "no statement"),
        "mandatory-huge": (replace(sound, mandatory=[*sound.mandatory, 2**64 - 1]), "far beyond"),
        "key-of-another": (
            replace(sound, key=b"\x80\x24" + on_curve(ec.SECP256R1(), 9).public_key.content),
            "another key for the statements",
        ),
        "base-of-another": (replace(sound, base=first), "another signature"),
        "base-zero": (replace(sound, base=bytes(64)), "no signature"),
    }.items():
        yield _case(name, bent.written(), changed, why)
    renamed = replace(sound, document=sound.document | {"name": "Doctorate"})
    yield _case("statement-changed", renamed.written(), changed, "a changed name")
    more = replace(sound, document=sound.document | {"validUntil": "2036-01-01T00:00:00Z"})
    yield _case("statement-added", more.written(), changed, "an end that was not signed")
    fewer = dict(sound.document)
    del fewer["validFrom"]
    withheld = replace(sound, document=fewer)
    yield _case("mandatory-withheld", withheld.written(), changed, "a date withheld")
    swapped = {0: sound.labels[1], 1: sound.labels[0]}
    yield _case(
        "labels-swapped",
        replace(sound, labels=sound.labels | swapped).written(),
        changed,
        "two nodes exchanged",
    )


def _components(sound: Disclosure) -> Cases:
    misshapen = "sd-proof"
    labels = sound.labels
    for name, (bent, code, why) in {
        "labels-alike": (replace(sound, labels=dict.fromkeys(labels, labels[0])), misshapen, "one"),
        "label-missing": (replace(sound, labels={0: labels[0]}), "sd-labels", "a node unnamed"),
        "label-of-nothing": (
            replace(sound, labels=labels | {99: bytes(32)}),
            "sd-labels",
            "no node",
        ),
        "label-short": (replace(sound, labels=labels | {0: b"x"}), misshapen, "a short label"),
        "labels-by-text": (
            replace(sound, labels={"c14n0": bytes(32)}),  # type: ignore[dict-item]
            misshapen,
            "a label under a text",
        ),
        "mandatory-falling": (
            replace(sound, mandatory=sound.mandatory[::-1]),
            misshapen,
            "falling",
        ),
        "mandatory-twice": (replace(sound, mandatory=sound.mandatory[:1] * 2), misshapen, "twice"),
        "mandatory-negative": (replace(sound, mandatory=[-1]), "cbor", "counted from the end"),
        "mandatory-texts": (replace(sound, mandatory=["0"]), misshapen, "texts"),  # type: ignore[list-item]
        "signature-short": (replace(sound, signatures=[b"x"]), misshapen, "a short signature"),
        "six-components": (replace(sound, more=[0]), misshapen, "one component more"),
        "key-cut-off": (replace(sound, key=_KEY[:-1]), "multikey", "a key cut off"),
        "key-off-its-curve": (
            replace(sound, key=b"\x80\x24\x02" + bytes(31) + b"\x01"),
            "key-point",
            "a key off its curve",
        ),
        "base-short": (replace(sound, base=sound.base[:-1]), misshapen, "a signature cut off"),
    }.items():
        yield _case(name, bent.written(), code, why)


def _encodings(sound: Disclosure) -> Cases:
    value = encoded(sound.components)
    endless = b"\x9f" + b"".join(map(encoded, sound.components)) + b"\xff"
    nested: Callable[[int], bytes] = lambda depth: b"\x81" * depth + b"\x80"  # noqa: E731
    base = sound.written(prefix=b"\xd9\x5d\x00")
    yield _case("base-proof", base, "sd-base", "a proof for the holder alone")
    yield _case("unknown-form", sound.written(prefix=b"\xd9\x5d\x02"), "sd-proof", "another form")
    yield _case(
        "anonymous-form", sound.written(prefix=b"\xd9\x5d\x03"), "sd-proof", "another suite"
    )
    for name, (bent, code, why) in {
        "cut-off": (value[:-1], "cbor", "cut off"),
        "something-after": (value + b"\0", "cbor", "something after the end"),
        "empty": (b"", "cbor", "nothing"),
        "indefinite": (endless, "cbor", "a list without its length"),
        "long-form": (b"\x98\x05" + value[1:], "cbor", "a length in a longer form"),
        "tagged": (b"\xc2" + value, "cbor", "a tag that makes it a number"),
        "float": (b"\xfb" + bytes(8), "cbor", "a fraction"),
        "null": (b"\xf6", "cbor", "null"),
        "deep": (nested(5_000), "cbor", "5,000 deep"),
        "huge-list": (b"\x9b" + b"\xff" * 8, "cbor", "2^64 items"),
        "huge-map": (b"\xbb" + b"\xff" * 8, "cbor", "2^64 members"),
        "huge-bytes": (b"\x5b" + b"\xff" * 8, "cbor", "2^64 bytes"),
        "key-twice": (b"\xa2\x00\x00\x00\x00", "cbor", "one key twice"),
        "map": (b"\xa0", "sd-proof", "a map for a list"),
        "list-for-a-key": (b"\xa1\x80\x00", "cbor", "a list for a key"),
        "not-utf-8": (b"\x62\xff\xff", "cbor", "a text that is none"),
    }.items():
        yield _case(f"cbor-{name}", sound.written(bent), code, why)
    plain = sound.written()
    spelled = plain["proof"] | {"proofValue": multibase_encode(b"\xd9\x5d\x01" + value)[:500]}
    yield _case("in-base58", plain | {"proof": spelled}, "proof", "the other base")
    key = multikey(_ISSUER.public_key)
    assert plain["proof"]["verificationMethod"].endswith(key)
    ed = plain["proof"] | {"verificationMethod": _ED}
    moved = plain | {"issuer": {"id": _ED.partition("#")[0], "type": ["Profile"]}, "proof": ed}
    yield _case("by-an-ed25519-key", moved, "key-kind", "a key of another kind")


_ED = (
    "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
    "#z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"
)
