"""What the forgers share: a campus with known keys, and proofs in which any member can be wrong."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from campus import BADGE_CONTEXTS, BADGE_ID, NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec
from ed25519_keys import KnownSigner, signer

from vc import did, ecdsa
from vc.documents import JsonObject
from vc.encoding import ed25519_multikey, multibase_encode
from vc.model import Verdict, timestamp
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

    def __post_init__(self) -> None:
        library = self.campus.library
        library.documents.clear()
        issuer = self.campus.issuer
        library.publish(did.did_web_url(issuer.did), keys_of(issuer))

    def badge(self, **changes: Any) -> JsonObject:
        """A sound badge without a status or evidence, not signed yet; None takes a member out.

        Written out here, so that the files do not change with whatever else has such badges.
        """
        badge: JsonObject = {
            "@context": BADGE_CONTEXTS,
            "id": BADGE_ID,
            "type": ["VerifiableCredential", "AchievementCredential"],
            "issuer": {"id": self.campus.issuer.did, "type": ["Profile"], "name": "Issuer"},
            "validFrom": timestamp(NOW - timedelta(days=30)),
            "name": "Lesson study",
            "credentialSubject": {
                "id": self.campus.holder.did,
                "type": ["AchievementSubject"],
                "creditsEarned": 12.5,
                "achievement": {
                    "id": "https://issuer.example/achievements/lesson-study",
                    "type": ["Achievement"],
                    "name": "Lesson study",
                    "description": "Planned, taught and studied a lesson together.",
                    "criteria": {"narrative": "A cycle of three lessons, studied with peers."},
                    "tag": ["lesson_study", "research_methods"],
                },
            },
        }
        return {name: one for name, one in (badge | changes).items() if one is not None}

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
        proof = options(pen, suite)
        if "jcs" in suite:
            proof = {"@context": document["@context"], **proof}
        proof = {name: one for name, one in (proof | changes).items() if one is not None}
        digest = hashing.jcs if "jcs" in suite else hashing.rdfc
        value = multibase_encode(pen.sign(digest(document, proof, algorithm=hash_of(pen))))
        return {**document, "proof": {**proof, "proofValue": value}}


def options(pen: AnySigner, suite: str) -> JsonObject:
    """The members of a proof but its value."""
    return {
        "type": "DataIntegrityProof",
        "cryptosuite": suite,
        "created": timestamp(NOW),
        "verificationMethod": pen.verification_method,
        "proofPurpose": "assertionMethod",
    }


def keys_of(pen: KnownSigner) -> JsonObject:
    """The document that an issuer with one key publishes."""
    key = {
        "id": pen.verification_method,
        "type": "Multikey",
        "controller": pen.did,
        "publicKeyMultibase": ed25519_multikey(pen.public_key),
    }
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": pen.did,
        "verificationMethod": [key],
        "assertionMethod": [pen.verification_method],
        "authentication": [pen.verification_method],
    }


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
