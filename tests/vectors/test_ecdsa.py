"""VC-DI-ECDSA: every intermediate value of the W3C vectors, read in place."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric import ec

from vc import ecdsa, encoding
from vc.canonical import canonical
from vc.documents import JsonObject
from vc.fetch import Nowhere
from vc.model import Outcome, Verdict, instant
from vc.proofs import configuration as di
from vc.proofs import ecdsa_jcs_2019, ecdsa_rdfc_2019, hashing
from vc.public_key import multikey
from vc.verify import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CURVES = {"p256": ("sha256", ec.SECP256R1()), "p384": ("sha384", ec.SECP384R1())}


@pytest.fixture(name="folder")
def _folder(vectors: Path) -> Path:
    return vectors / "w3c" / "vc-di-ecdsa" / "TestVectors"


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def _signer(folder: Path, curve: str) -> ecdsa.LocalSigner:
    pair = _json(folder / f"{curve}KeyPair.json")
    secret = encoding.multibase_decode(pair["secretKeyMultibase"])[2:]
    key = ec.derive_private_key(int.from_bytes(secret, "big"), CURVES[curve][1])
    public = pair["publicKeyMultibase"]
    signer = ecdsa.LocalSigner(key, verification_method=f"did:key:{public}#{public}")
    assert multikey(signer.public_key) == public
    return signer


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("case", ["", "employ"])
def test_ecdsa_rdfc_2019_gives_every_published_value(folder: Path, curve: str, case: str) -> None:
    values, end = folder / f"ecdsa-rdfc-2019-{curve}" / case, f"ECDSA{curve.upper()}"
    algorithm = CURVES[curve][0]
    signed = _json(values / f"signed{end}.json")
    document, configuration = di.unsecured(signed), _json(values / f"proofConfig{end}.json")

    def text(name: str) -> str:
        return (values / f"{name}{end}.txt").read_text().strip()

    canon = canonical(document, algorithm=algorithm)
    proof_canon = canonical(configuration, algorithm=algorithm)
    assert canon.strip() == text("canonDoc")
    assert proof_canon.strip() == text("proofCanon")
    assert hashlib.new(algorithm, canon.encode()).hexdigest() == text("docHash")
    assert hashlib.new(algorithm, proof_canon.encode()).hexdigest() == text("proofHash")
    options = {key: value for key, value in configuration.items() if key != "@context"}
    combined = hashing.rdfc(document, options, algorithm=algorithm)
    assert combined.hex() == text("combinedHash")
    proof = di.read_proof(signed, signed["proof"], suite=ecdsa_rdfc_2019.NAME)
    assert proof.value.hex() == text("sigHex")
    assert encoding.multibase_encode(proof.value) == text("sigBTC58")


@pytest.mark.parametrize("curve", CURVES)
def test_ecdsa_jcs_2019_gives_every_published_value(folder: Path, curve: str) -> None:
    values, end = folder / f"ecdsa-jcs-2019-{curve}", f"JCSECDSA{curve.upper()}"
    signed = _json(values / f"signed{end}.json")
    document, configuration = di.unsecured(signed), _json(values / f"proofConfig{end}.json")

    def text(name: str) -> str:
        return (values / f"{name}{end}.txt").read_text().strip()

    assert rfc8785.dumps(document).decode() == text("canonDoc")
    assert rfc8785.dumps(configuration).decode() == text("proofCanon")
    combined = hashing.jcs(document, configuration, algorithm=CURVES[curve][0])
    assert combined.hex() == text("combinedHash")


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("suite", ["rdfc", "jcs"])
def test_signature_of_a_published_vector_is_good_and_its_issuer_not_bound(
    folder: Path, curve: str, suite: str
) -> None:
    infix = "JCS" if suite == "jcs" else ""
    name = f"ecdsa-{suite}-2019-{curve}/signed{infix}ECDSA{curve.upper()}.json"
    report = verify((folder / name).read_bytes(), now=NOW, fetcher=Nowhere())
    outcomes = {step.name: step.outcome for step in report.steps}
    assert outcomes["signature"] is Outcome.PASS
    assert outcomes["issuer"] is Outcome.UNKNOWN
    assert report.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize("curve", CURVES)
@pytest.mark.parametrize("suite", [ecdsa_rdfc_2019, ecdsa_jcs_2019], ids=lambda one: one.NAME)
def test_what_is_signed_here_verifies_the_same_each_time_and_no_change_does(
    folder: Path, curve: str, suite: Any
) -> None:
    signer = _signer(folder, curve)
    vector = _json(folder / f"ecdsa-rdfc-2019-{curve}" / f"signedECDSA{curve.upper()}.json")
    issuer = signer.verification_method.partition("#")[0]
    document: JsonObject = {**di.unsecured(vector), "issuer": issuer}
    created = instant(vector["proof"]["created"], place="")
    signed = suite.sign(document, signer=signer, created=created)
    assert signed == suite.sign(document, signer=signer, created=created)
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.VALID
    bent = {**signed, "name": "Another name"}
    step = verify(bent, now=NOW, fetcher=Nowhere()).step("signature")
    assert step is not None
    assert step.outcome is Outcome.FAIL
