"""Whatever somebody signs or publishes, in whatever shape, ends in a report and never in an error.

Documents bent after they were signed fail at their signature; these are bent first, so that every
check behind the signature meets every shape.
"""

import json
from collections.abc import Iterator
from typing import Any

from bending import bent, paths
from campus import LIST_URL, NOW, Campus
from forging.forge import Forge

from vc import did
from vc.documents import JsonObject
from vc.jose import sign_compact
from vc.presentation import examine_presentation, present, verify_presentation

SHAPES: list[Any] = [
    {}, [], "", 0, -1, 2**53 - 1, 1.5, True, None, "x", "urn:x", "\0", "https://[", "did:web:",
    "data:,", "a.b.c", "1e999999", [[]], [{}], [None], ["x", "x"], {"id": []}, {"type": [[]]},
    {"@value": 1},
]  # fmt: skip
REVOCATIONS = "https://issuer.example/revocations"
KEYS = "https://issuer.example/.well-known/did.json"


def shapes(document: JsonObject) -> Iterator[JsonObject]:
    """The document with each of its parts in every shape."""
    for way in paths(document):
        for shape in SHAPES:
            yield bent(document, way, shape)


def full(campus: Campus) -> JsonObject:
    """A badge in which every check has something to look at."""
    badge = campus.unsigned_badge()
    subject = badge["credentialSubject"]
    subject["result"] = [
        {"type": ["Result"], "resultDescription": "urn:rd", "status": "Completed", "value": "3"}
    ]
    subject["identifier"] = [
        {
            "type": "IdentityObject",
            "hashed": True,
            "identityHash": "sha256$00",
            "identityType": "emailAddress",
            "salt": "x",
        }
    ]
    level = {"id": "urn:level", "type": ["RubricCriterionLevel"], "name": "Good"}
    subject["achievement"]["resultDescription"] = [
        {
            "id": "urn:rd",
            "type": ["ResultDescription"],
            "name": "Result",
            "resultType": "Status",
            "allowedValue": ["3"],
            "valueMin": "1",
            "valueMax": "9",
            "rubricCriterionLevel": [level],
        }
    ]
    resource = {"id": "https://www.w3.org/ns/credentials/v2", "digestSRI": "sha256-AAAA"}
    refresh = {"id": "https://issuer.example/refresh", "type": "1EdTechCredentialRefresh"}
    revocations = {"id": REVOCATIONS, "type": "1EdTechRevocationList"}
    return badge | {
        "relatedResource": [resource | {"digestMultibase": "uEiB"}],
        "refreshService": refresh,
        "credentialSchema": [{"id": "https://issuer.example/schema", "type": "JsonSchema"}],
        "termsOfUse": {"type": "Terms"},
        "endorsement": [campus.endorsement(campus.judge(1))],
        "credentialStatus": [badge["credentialStatus"], revocations],
    }


def signed(forge: Forge, document: JsonObject) -> JsonObject:
    return forge.signed(document, suite="eddsa-jcs-2022")


def with_contexts(documents: Iterator[JsonObject]) -> Iterator[JsonObject]:
    """A proof of these repeats the contexts, so there have to be some."""
    return (document for document in documents if "@context" in document)


def test_every_shape_of_a_badge_ends_in_a_report() -> None:
    forge = Forge()
    forge.campus.publish_status()
    for number, document in enumerate(with_contexts(shapes(full(forge.campus)))):
        assert forge.campus.verify(signed(forge, document)).steps
        if number % 5 == 0:
            content = json.dumps(document).encode()
            token = sign_compact({"typ": "vc+jwt"}, content, signer=forge.campus.issuer)
            assert forge.campus.verify(token).steps


def test_every_shape_of_a_status_list_ends_in_a_report() -> None:
    forge = Forge()
    campus = forge.campus
    campus.publish_status()
    badge = campus.badge()
    status_list = json.loads(campus.library.documents[LIST_URL])
    del status_list["proof"]
    for document in with_contexts(shapes(status_list)):
        campus.library.publish(LIST_URL, signed(forge, document))
        assert campus.verify(badge).steps


def test_every_shape_of_a_revocation_list_ends_in_a_report() -> None:
    forge = Forge()
    forge.campus.publish_status()
    badge = signed(forge, full(forge.campus))
    revocations = {
        "id": REVOCATIONS,
        "type": "1EdTechRevocationList",
        "issuer": forge.campus.issuer.did,
        "revokedCredential": [{"id": "urn:x", "revoked": True, "revocationReason": "A drill."}],
    }
    for document in shapes(revocations):
        forge.campus.library.publish(REVOCATIONS, document)
        assert forge.campus.verify(badge).steps


def test_every_shape_of_an_issuers_document_ends_in_a_report() -> None:
    campus = Campus()
    badge = campus.badge()
    published = did.document(campus.issuer.did, [("key-1", campus.issuer.public_key)])
    other = {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43}
    published["verificationMethod"].append(
        {"id": "#b", "type": "JsonWebKey", "controller": published["id"], "publicKeyJwk": other}
    )
    for document in shapes(published):
        campus.library.publish(KEYS, document)
        assert campus.verify(badge).steps


def test_every_shape_of_a_presentation_ends_in_a_report() -> None:
    campus = Campus()
    holder = campus.holder
    made = present(
        [campus.badge()],
        holder=holder.did,
        signer=holder,
        created=NOW,
        challenge="challenge",
        domain="domain",
    )
    for document in shapes(made):
        assert examine_presentation(
            document, now=NOW, fetcher=campus.library, challenge="challenge", domain="domain"
        ).steps
        assert verify_presentation(
            document,
            now=NOW,
            fetcher=campus.library,
            expected_challenge="challenge",
            expected_domain="domain",
        ).steps
