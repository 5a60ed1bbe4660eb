"""VC-DI-ECDSA, ecdsa-sd-2023: what a derived proof is verified by, against the W3C vectors."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vc.canonical import canonical, canonical_digest
from vc.documents import JsonObject
from vc.encoding import base64url_encode, multibase_decode
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.model import Outcome
from vc.proofs import configuration as di
from vc.proofs import ecdsa_sd_2023 as sd
from vc.public_key import from_multikey, multikey
from vc.verify import check_proofs, verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = ("employ", "prc")


@pytest.fixture(name="folder")
def _folder(vectors: Path) -> Path:
    return vectors / "w3c" / "vc-di-ecdsa" / "TestVectors" / "ecdsa-sd-2023"


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _derived(folder: Path, case: str) -> tuple[JsonObject, di.Proof]:
    document = _json(folder / case / "derivedRevealDocument.json")
    return document, di.read_proof(document, document["proof"], suite=sd.NAME)


@pytest.mark.parametrize("case", CASES)
def test_derived_proof_is_read_and_relabelled_as_published(folder: Path, case: str) -> None:
    document, proof = _derived(folder, case)
    shown = sd.read_disclosure(proof.value)
    values = _json(folder / case / "verifyDerivedProofValue.json")
    assert shown.base_signature.hex() == values["baseSignature"]
    assert multikey(shown.proof_key) == values["publicKey"]
    assert [signature.hex() for signature in shown.signatures] == values["signatures"]
    assert sorted(shown.mandatory) == values["mandatoryIndexes"]
    statements = sd.relabelled(canonical(di.unsecured(document)), shown.labels)
    assert statements == _json(folder / case / "verifyNQuads.json")
    hashed = _json(folder / case / "verifyCreateVerifyData.json")["proofHash"]
    options = {**proof.options, "@context": document["@context"]}
    assert canonical_digest(options).hex() == hashed


@pytest.mark.parametrize("case", CASES)
def test_published_derived_proof_is_good_by_the_issuers_key(folder: Path, case: str) -> None:
    document, proof = _derived(folder, case)
    key = _json(folder / "SDKeyMaterial.json")["baseKeyPair"]["publicKeyMultibase"]
    assert sd.verifies(di.unsecured(document), proof, public_key=from_multikey(key))
    # By the whole path too, as proofs of the one whose key it is.
    steps = check_proofs(
        document, controller=f"did:key:{key}", purpose="assertionMethod", fetcher=Nowhere()
    )
    assert [step.outcome for step in steps] == [Outcome.PASS] * 3


@pytest.mark.parametrize("case", CASES)
def test_nothing_that_is_shown_can_be_changed_added_or_left_out(folder: Path, case: str) -> None:
    document, proof = _derived(folder, case)
    key = from_multikey(_json(folder / "SDKeyMaterial.json")["baseKeyPair"]["publicKeyMultibase"])
    unsecured = di.unsecured(document)
    subject = unsecured["credentialSubject"]
    changes: list[JsonObject] = [
        {"validFrom": "2018-01-01T00:00:00Z"},
        {"validUntil": "2099-01-01T00:00:00Z"},
        {"id": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        {"credentialSubject": {**subject, "birthCountry": "Atlantis"}},
        {"credentialSubject": {"type": subject["type"]}},
        {"credentialSubject": {**subject, "givenName": "MARION"}},
    ]
    for change in changes:
        try:
            good = sd.verifies({**unsecured, **change}, proof, public_key=key)
        except Malformed:
            good = False
        assert not good, change


@pytest.mark.parametrize("case", CASES)
def test_base_proof_is_for_its_holder_alone(folder: Path, case: str) -> None:
    document = _json(folder / case / "addSignedSDBase.json")
    step = verify(document, now=NOW, fetcher=Nowhere()).step("signature")
    if step is not None:  # the vectors' issuer is another DID than the key
        assert step.outcome is Outcome.FAIL
    proof = di.read_proof(document, document["proof"], suite=sd.NAME)
    with pytest.raises(Malformed) as refusal:
        sd.read_disclosure(proof.value)
    assert refusal.value.code == "sd-base"


def test_every_byte_of_a_derived_proof_counts(folder: Path) -> None:
    document, proof = _derived(folder, "prc")
    key = from_multikey(_json(folder / "SDKeyMaterial.json")["baseKeyPair"]["publicKeyMultibase"])
    unsecured, content = di.unsecured(document), proof.value
    for position in range(len(content)):
        bent = content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :]
        spelled = {**document["proof"], "proofValue": "u" + base64url_encode(bent)}
        changed = di.read_proof(document, spelled, suite=sd.NAME)
        try:
            good = sd.verifies(unsecured, changed, public_key=key)
        except Malformed:
            good = False
        assert not good, position


def test_proof_value_has_one_spelling(folder: Path) -> None:
    document, proof = _derived(folder, "prc")
    assert multibase_decode(document["proof"]["proofValue"]) == proof.value
    with pytest.raises(Malformed):
        di.read_proof(document, {**document["proof"], "proofValue": "zAAAA"}, suite=sd.NAME)
