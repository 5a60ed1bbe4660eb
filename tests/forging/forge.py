"""What the forgers share: a campus with known keys, and proofs in which any member can be wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from campus import NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec
from ed25519_keys import KnownSigner, signer

from vc import ecdsa
from vc.documents import JsonObject
from vc.encoding import multibase_encode
from vc.model import Verdict
from vc.proofs import configuration as di
from vc.proofs import hashing
from vc.public_key import ec_public_key, multikey

AnySigner = KnownSigner | ecdsa.LocalSigner

STRANGER = signer(666)


@dataclass(frozen=True, kw_only=True)
class Case:
    """One hostile file: what is wrong with it, and which check has to say so with which code."""

    file: str
    content: bytes
    why: str
    step: str
    code: str
    verdict: Verdict = Verdict.INVALID


Cases = Iterator[Case]


@dataclass(frozen=True)
class Forge:
    """An issuer that everybody knows, and the pens of those who would like to be it."""

    campus: Campus = field(default_factory=Campus)

    def badge(self, **changes: Any) -> JsonObject:
        """A sound badge without a status or evidence, not signed yet; None takes a member out."""
        lean: dict[str, Any] = {"credentialStatus": None, "evidence": None}
        return self.campus.unsigned_badge(**(lean | changes))

    def signed(
        self,
        document: JsonObject | None = None,
        *,
        by: AnySigner | None = None,
        suite: str = "eddsa-rdfc-2022",
        **changes: Any,
    ) -> JsonObject:
        """The document with a proof whose options are changed before they are signed."""
        document = self.badge() if document is None else document
        pen = by or self.campus.issuer
        proof = di.options(cryptosuite=suite, method=pen.verification_method, created=NOW)
        if "jcs" in suite:
            proof = {"@context": document["@context"], **proof}
        proof = {name: one for name, one in (proof | changes).items() if one is not None}
        digest = hashing.jcs if "jcs" in suite else hashing.rdfc
        value = multibase_encode(pen.sign(digest(document, proof, algorithm=hash_of(pen))))
        return {**document, "proof": {**proof, "proofValue": value}}


def hash_of(pen: AnySigner) -> str:
    return "sha256" if isinstance(pen, KnownSigner) else ecdsa.HASH[pen.public_key.kind]


def on_curve(curve: ec.EllipticCurve, secret: int = 7) -> ecdsa.LocalSigner:
    """A signer on a curve, as did:key."""
    key = ec.derive_private_key(secret, curve)
    name = multikey(ec_public_key(key.public_key()))
    return ecdsa.LocalSigner(key, verification_method=f"did:key:{name}#{name}")


def did_of(pen: AnySigner) -> str:
    return pen.verification_method.partition("#")[0]


def text(document: JsonObject) -> bytes:
    """The document as it lies in a file."""
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"
