"""VC Data Model 1.1 by did:key issuers: signed by didkit in a process of its own, read by us."""

import json
import subprocess
import sys
from typing import Any

import pytest
from campus import NOW

from vc.fetch import Nowhere
from vc.model import Outcome, Verdict
from vc.verify import verify

pytest.importorskip("didkit", reason="didkit has no wheel for this Python")

_SIGN = """
import asyncio, atexit, json, sys, time
import didkit
atexit.register(time.sleep, 0.2)
async def sign(kind, credential):
    key = didkit.generate_ed25519_key()
    method = await didkit.key_to_verification_method("key", key)
    credential["issuer"] = didkit.key_to_did("key", key)
    options = {"proofPurpose": "assertionMethod", "verificationMethod": method, "type": kind,
               "created": "2024-01-01T00:00:00Z"}
    return await didkit.issue_credential(json.dumps(credential), json.dumps(options), key)
print(asyncio.run(sign(sys.argv[1], json.loads(sys.argv[2]))), flush=True)
"""


def _signed(kind: str, **changes: Any) -> dict[str, Any]:
    contexts = ["https://www.w3.org/2018/credentials/v1"]
    if kind.endswith("2020"):
        contexts.append("https://w3id.org/security/suites/ed25519-2020/v1")
    credential = {
        "@context": contexts,
        "id": "urn:uuid:0b0a4b4c-6a5e-4c2b-9a53-3f3c4a8f7e01",
        "type": ["VerifiableCredential"],
        "issuanceDate": "2024-01-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:abc"},
    } | changes
    command = [sys.executable, "-c", _SIGN, kind, json.dumps(credential)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    signed: dict[str, Any] = json.loads(output)
    return signed


@pytest.mark.parametrize("kind", ["Ed25519Signature2018", "Ed25519Signature2020"])
def test_older_credential_of_a_did_key_is_valid_and_changed_it_is_not(kind: str) -> None:
    signed = _signed(kind)
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.VALID
    changed = signed | {"issuanceDate": "2023-01-01T00:00:00Z"}
    report = verify(changed, now=NOW, fetcher=Nowhere())
    assert [step.code for step in report.steps if step.outcome is Outcome.FAIL] == ["signature"]


def test_expiry_of_an_older_credential_is_ours_to_check() -> None:
    signed = _signed("Ed25519Signature2018", expirationDate="2025-01-01T00:00:00Z")
    report = verify(signed, now=NOW, fetcher=Nowhere())
    assert [step.code for step in report.steps if step.outcome is Outcome.FAIL] == ["expired"]


def test_unsigned_term_in_an_older_credential_is_refused() -> None:
    report = verify(_signed("Ed25519Signature2018") | {"x": "y"}, now=NOW, fetcher=Nowhere())
    assert report.verdict is Verdict.INVALID


def test_older_credential_of_another_did_method_could_not_be_checked() -> None:
    signed = _signed("Ed25519Signature2018")
    signed["issuer"] = "did:web:issuer.example"
    signed["proof"]["verificationMethod"] = "did:web:issuer.example#key-1"
    assert verify(signed, now=NOW, fetcher=Nowhere()).verdict is Verdict.UNCHECKED
