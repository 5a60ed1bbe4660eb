"""VC-DI-ECDSA, ecdsa-sd-2023: base and derived proofs, against the W3C vectors."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from vc.canonical import canonical, canonical_digest
from vc.documents import JsonObject
from vc.ecdsa import LocalSigner
from vc.encoding import base58btc_decode, base64url_encode, multibase_decode
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.model import Outcome
from vc.proofs import configuration as di
from vc.proofs import ecdsa_sd_2023 as sd
from vc.proofs.ecdsa_sd_values import read_base, read_disclosure
from vc.proving import check_proofs
from vc.public_key import from_multikey, multikey
from vc.selective import labelled
from vc.verify import verify

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CASES = ("employ", "prc")
# What the holder of both credentials chose to show (VC-DI-ECDSA 1.0, appendix B.6).
CHOSEN = ["/validFrom", "/validUntil", "/credentialSubject/birthCountry"]


@pytest.fixture(name="folder")
def _folder(vectors: Path) -> Path:
    return vectors / "w3c" / "vc-di-ecdsa" / "TestVectors" / "ecdsa-sd-2023"


def _json(path: Path) -> Any:
    return json.loads(path.read_text())


def _derived(folder: Path, case: str) -> tuple[JsonObject, di.Proof]:
    document = _json(folder / case / "derivedRevealDocument.json")
    return document, di.read_proof(document, document["proof"], suite=sd.NAME)


def _signer(multikey: str, method: str = "") -> LocalSigner:
    number = int.from_bytes(base58btc_decode(multikey[1:])[2:], "big")
    return LocalSigner(ec.derive_private_key(number, ec.SECP256R1()), verification_method=method)


@pytest.mark.parametrize("case", CASES)
def test_base_proof_is_made_byte_for_byte_as_published(folder: Path, case: str) -> None:
    keys = _json(folder / "SDKeyMaterial.json")
    hmac_key = bytes.fromhex(keys["hmacKeyString"])
    published = _json(folder / case / "addSignedSDBase.json")
    transformed = _json(folder / case / "addBaseTransform.json")
    document, pointers = di.unsecured(published), transformed["mandatoryPointers"]

    whole = labelled(document, label=sd.by_hmac(hmac_key))
    assert list(whole.statements) == _json(folder / case / "addBaseDocHMACCanon.json")
    shown = whole.indexes(pointers)
    for name, indexes in {
        "mandatory": shown,
        "nonMandatory": set(range(len(whole.statements))) - shown,
    }.items():
        assert [[index, whole.statements[index]] for index in sorted(indexes)] == transformed[name][
            "value"
        ]

    signed = sd.sign(
        document,
        signer=_signer(
            keys["baseKeyPair"]["secretKeyMultibase"], published["proof"]["verificationMethod"]
        ),
        created=datetime.fromisoformat(published["proof"]["created"]),
        mandatory=pointers,
        hmac_key=hmac_key,
        proof_key=_signer(keys["proofKeyPair"]["secretKeyMultibase"]),
    )
    assert signed == published
    base = read_base(di.read_proof(signed, signed["proof"], suite=sd.NAME).value)
    recovered = _json(folder / case / "derivedRecoveredBaseData.json")
    assert base.base_signature.hex() == recovered["baseSignature"]
    assert base.hmac_key.hex() == recovered["hmacKey"]
    assert [signature.hex() for signature in base.signatures] == recovered["signatures"]


@pytest.mark.parametrize("case", CASES)
def test_part_is_derived_byte_for_byte_as_published(folder: Path, case: str) -> None:
    groups = _json(folder / case / "derivedGroupIndexes.json")
    signed = _json(folder / case / "addSignedSDBase.json")
    hmac_key = bytes.fromhex(_json(folder / "SDKeyMaterial.json")["hmacKeyString"])
    whole = labelled(di.unsecured(signed), label=sd.by_hmac(hmac_key))
    assert sorted(whole.indexes(CHOSEN)) == groups["selectiveIndexes"]
    derived = sd.derive(signed, pointers=CHOSEN)
    assert derived == _json(folder / case / "derivedRevealDocument.json")


@pytest.mark.parametrize("case", CASES)
def test_derived_proof_is_read_and_relabelled_as_published(folder: Path, case: str) -> None:
    document, proof = _derived(folder, case)
    shown = read_disclosure(proof.value)
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
        read_disclosure(proof.value)
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
