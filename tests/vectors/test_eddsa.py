"""VC-DI-EDDSA: every intermediate value of the W3C vectors, read in place."""

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from ed25519_keys import KnownSigner

from vc import encoding
from vc.canonical import canonical
from vc.fetch import Nowhere
from vc.model import Outcome, Verdict, instant
from vc.proofs import configuration as di
from vc.proofs import eddsa_jcs_2022, eddsa_rdfc_2022, hashing
from vc.verify import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture(name="folder")
def _folder(vectors: Path) -> Path:
    return vectors / "w3c" / "vc-di-eddsa" / "TestVectors"


def _json(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text())
    return document


def _known_signer(folder: Path) -> KnownSigner:
    secret = _json(folder / "keyPair.json")["privateKeyMultibase"]
    return KnownSigner(encoding.multibase_decode(secret)[2:])


@pytest.mark.parametrize("case", ["", "employ"])
def test_eddsa_rdfc_2022_gives_every_published_value(folder: Path, case: str) -> None:
    values = folder / "eddsa-rdfc-2022" / case
    signed = _json(values / "signedDataInt.json")
    document, configuration = di.unsecured(signed), _json(values / "proofConfigDataInt.json")

    def text(name: str) -> str:
        return (values / f"{name}DataInt.txt").read_text().strip()

    assert canonical(document).strip() == text("canonDoc")
    assert canonical(configuration).strip() == text("proofCanon")
    assert hashlib.sha256(canonical(document).encode()).hexdigest() == text("docHash")
    assert hashlib.sha256(canonical(configuration).encode()).hexdigest() == text("proofHash")
    options = {key: value for key, value in configuration.items() if key != "@context"}
    assert hashing.rdfc(document, options).hex() == text("combinedHash")
    proof = di.read_proof(signed, signed["proof"], suite=eddsa_rdfc_2022.NAME)
    assert proof.value.hex() == text("sigHex")
    assert encoding.multibase_encode(proof.value) == text("sigBTC58")


def test_eddsa_rdfc_2022_signs_the_published_credential_byte_for_byte(folder: Path) -> None:
    signed = _json(folder / "eddsa-rdfc-2022" / "signedDataInt.json")
    created = instant(signed["proof"]["created"], place="")
    signer = _known_signer(folder)
    assert eddsa_rdfc_2022.sign(di.unsecured(signed), signer=signer, created=created) == signed


def test_eddsa_jcs_2022_gives_every_published_value(folder: Path) -> None:
    values = folder / "eddsa-jcs-2022"
    signed = _json(values / "signedJCS.json")
    document, configuration = di.unsecured(signed), _json(values / "proofConfigJCS.json")

    def text(name: str) -> str:
        return (values / f"{name}JCS.txt").read_text().strip()

    assert rfc8785.dumps(document).decode() == text("canonDoc")
    assert rfc8785.dumps(configuration).decode() == text("proofCanon")
    assert hashing.jcs(document, configuration).hex() == text("combinedHash")
    created = instant(signed["proof"]["created"], place="")
    signer = _known_signer(folder)
    assert eddsa_jcs_2022.sign(document, signer=signer, created=created) == signed


@pytest.mark.parametrize("name", ["eddsa-rdfc-2022/signedDataInt", "eddsa-jcs-2022/signedJCS"])
def test_signature_of_a_published_vector_is_good_and_its_issuer_not_bound(
    folder: Path, name: str
) -> None:
    report = verify((folder / f"{name}.json").read_bytes(), now=NOW, fetcher=Nowhere())
    outcomes = {step.name: step.outcome for step in report.steps}
    assert outcomes["signature"] is Outcome.PASS
    assert outcomes["issuer"] is Outcome.UNKNOWN
    assert report.verdict is Verdict.UNCHECKED


def test_ed25519_signature_2020_gives_every_published_value(folder: Path) -> None:
    values = folder / "Ed25519Signature2020"
    signed = _json(values / "signedEdSig.json")
    document, configuration = di.unsecured(signed), _json(values / "proofConfigEdSig.json")

    def text(name: str) -> str:
        return (values / f"{name}EdSig.txt").read_text().strip()

    assert canonical(document).strip() == text("canonDoc")
    assert canonical(configuration).strip() == text("proofCanon")
    options = {key: value for key, value in configuration.items() if key != "@context"}
    assert hashing.rdfc(document, options).hex() == text("combinedHash")
    step = verify(signed, now=NOW, fetcher=Nowhere()).step("signature")
    assert step is not None
    assert step.outcome is Outcome.PASS


@pytest.mark.parametrize("name", ["Set1", "Set2", "Chain1", "Chain2"])
def test_every_proof_of_a_set_or_chain_holds(folder: Path, name: str) -> None:
    path = folder / "proof-set-chain" / f"signedProof{name}.json"
    report = verify(path.read_bytes(), now=NOW, fetcher=Nowhere())
    step = report.step("signature")
    assert step is not None
    assert step.outcome is Outcome.PASS, step.sentence


def test_chain_without_the_proof_that_comes_first_is_refused(folder: Path) -> None:
    signed = _json(folder / "proof-set-chain" / "signedProofChain2.json")
    later = [proof for proof in signed["proof"] if "previousProof" in proof]
    step = verify({**signed, "proof": later}, now=NOW, fetcher=Nowhere()).step("signature")
    assert step is not None
    assert (step.outcome, step.code) == (Outcome.FAIL, "proof-chain")
