"""Files that are to cost a verifier more than they cost their writer: crowds within crowds."""

from typing import Any

from campus import BADGE_CONTEXTS, BADGE_ID
from cryptography.hazmat.primitives.asymmetric import ec
from forging.forge import STRANGER, Case, Cases, Forge, did_of, on_curve, options, text

from vc.documents import JsonObject
from vc.encoding import multibase_encode
from vc.model import Verdict
from vc.proofs import hashing
from vc.structure import CLR, CREDENTIALS_V2, OPEN_BADGES

_JCS = "eddsa-jcs-2022"
_GRAPHS, _JUDGES, _PROOFS = 20, 12, 16


def cases(forge: Forge) -> Cases:
    yield _alike_graphs(forge)
    yield _many_signatures(forge)
    yield from _forests(forge)
    yield _tiny_values(forge)
    yield _many_types(forge)


def _case(name: str, content: bytes, why: str, *, step: str, code: str, sure: bool = True) -> Case:
    verdict = Verdict.INVALID if sure else Verdict.UNCHECKED
    return Case(
        file=f"labour/{name}.json", content=content, why=why, step=step, code=code, verdict=verdict
    )


def _alike_graphs(forge: Forge) -> Case:
    """A learner record of small credentials, each with as many alike nodes as one may have."""
    held = [forge.signed(_alike(number), by=STRANGER) for number in range(_GRAPHS)]
    record = {
        "@context": [CREDENTIALS_V2, CLR, OPEN_BADGES],
        "id": "urn:x:record",
        "type": ["VerifiableCredential", "ClrCredential"],
        "issuer": {"id": STRANGER.did, "type": ["Profile"]},
        "name": "Everything",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"type": ["ClrSubject"], "verifiableCredential": held},
    }
    why = "each member takes all the labelling that one document may"
    return _case(
        "alike-graphs",
        text(forge.signed(record, by=STRANGER, suite=_JCS)),
        why,
        step="credentials",
        code="too-much-work",
        sure=False,
    )


def _alike(number: int) -> JsonObject:
    result = {"type": "Result", "alignment": [{"type": "Alignment"} for _ in range(5)]}
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": f"urn:x:{number}",
        "type": ["VerifiableCredential"],
        "issuer": STRANGER.did,
        "credentialSubject": {"type": ["AchievementSubject"], "result": [result] * 6},
    }


def _many_signatures(forge: Forge) -> Case:
    """Endorsements, each with as many proofs as one may have, of the slowest kind."""
    carried = [_endorsement(number) for number in range(_JUDGES)]
    badge = forge.signed(forge.badge(endorsement=carried), suite=_JCS)
    why = f"{_JUDGES} times {_PROOFS} proofs of P-384"
    return _case(
        "many-signatures", text(badge), why, step="endorsements", code="too-much-work", sure=False
    )


def _endorsement(number: int) -> JsonObject:
    pen = on_curve(ec.SECP384R1(), 1_000 + number)
    document: JsonObject = {
        "@context": BADGE_CONTEXTS,
        "id": f"urn:x:{number}",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "issuer": {"id": did_of(pen), "type": ["Profile"]},
        "name": "A judgement",
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": BADGE_ID, "type": ["EndorsementSubject"]},
    }
    proof = {"@context": BADGE_CONTEXTS, **options(pen, "ecdsa-jcs-2019")}
    digest = hashing.jcs(document, proof, algorithm="sha384")
    value = {**proof, "proofValue": multibase_encode(pen.sign(digest))}
    return {**document, "proof": [value] * _PROOFS}


def _forests(forge: Forge) -> Cases:
    """Twins of long chains without names, under a signature that nobody made."""
    why = "pairs of chains that cannot be told apart"
    for name, trees, code in (("forest", 25, "graph-poison"), ("large-forest", 120, "crowd")):
        content = text(_unsigned_forest(forge, trees))
        yield _case(name, content, why, step="signature", code=code)


def _unsigned_forest(forge: Forge, trees: int) -> JsonObject:
    def chain(length: int) -> Any:
        return {"p": chain(length - 1)} if length else {"p": "x"}

    document = {
        "@context": [CREDENTIALS_V2, {"p": "https://x.example/p"}],
        "id": "urn:x:forest",
        "type": ["VerifiableCredential"],
        "issuer": forge.campus.issuer.did,
        "credentialSubject": [{"p": [chain(20), chain(20)]} for _ in range(trees)],
    }
    proof = options(forge.campus.issuer, "eddsa-rdfc-2022")
    return {**document, "proof": {**proof, "proofValue": multibase_encode(b"x" * 64)}}


def _tiny_values(forge: Forge) -> Case:
    """So many values that reading them costs more than all that is checked of others."""
    sound = text(forge.signed())
    crowd = sound.rstrip()[:-1] + b',"x":[' + b"{}," * 80_000 + b"{}]}"
    return _case("tiny-values", crowd, "80,000 empty objects", step="structure", code="json-nodes")


def _many_types(forge: Forge) -> Case:
    """Nodes of all the types that bring contexts of their own, under a signature of nobody."""
    types = ["Achievement", "Alignment", "Address", "Criteria", "Evidence", "Image", "Profile"]
    types += ["Related", "Result", "ResultDescription", "RubricCriterionLevel", "GeoCoordinates"]
    nodes = [{"id": f"urn:x:{number}", "type": types} for number in range(200)]
    badge = forge.badge(evidence=[{"type": ["Evidence"], "name": "x", "related": nodes}])
    proof = options(forge.campus.issuer, "eddsa-rdfc-2022")
    forged = {**badge, "proof": {**proof, "proofValue": multibase_encode(b"x" * 64)}}
    return _case(
        "many-types", text(forged), "200 nodes of 12 types", step="signature", code="crowd"
    )
