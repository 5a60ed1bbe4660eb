"""Our proofs before Digital Bazaar's libraries, and theirs before us: plain, base and derived."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from campus import NOW
from signers import did_of, ec_signer, ed25519_signer

from vc.documents import JsonObject
from vc.fetch import Nowhere
from vc.issue import Form, Selective, issue_as
from vc.model import Outcome
from vc.proofs import ecdsa_sd_2023
from vc.public_key import KeyKind
from vc.signing import AnySigner
from vc.structure import CREDENTIALS_V2
from vc.verify import verify

pytestmark = pytest.mark.peers

FOLDER = Path(__file__).parent / "digitalbazaar"
P256, P384 = ec_signer(KeyKind.P256), ec_signer(KeyKind.P384)
SELECTIVE = Selective(entropy=lambda count: bytes(range(count)), mandatory=("/issuer",))
TERMS = {
    "@protected": True,
    "Achieved": "urn:example:Achieved",
    "Sailing": {
        "@id": "urn:example:Sailing",
        "@context": {
            "@protected": True,
            "id": "@id",
            "type": "@type",
            "sailNumber": "urn:example:sailNumber",
            "sails": {"@id": "urn:example:sails", "@context": {"size": "urn:example:size"}},
        },
    },
    "achievements": {"@id": "urn:example:achievements", "@type": "@id"},
}
# Not a list of one: their library cannot point into it, because it compacts it away.
POINTERS = [
    ["/credentialSubject/name"],
    ["/credentialSubject/achievements/0"],
    ["/credentialSubject/achievements/0/sails/1"],
    ["/credentialSubject"],
]


def _ask(ask: str, **more: Any) -> JsonObject:
    done = subprocess.run(
        ["node", "peer.mjs"], cwd=FOLDER, input=json.dumps({"ask": ask, **more}), text=True,
        capture_output=True, timeout=60, check=True,
    )  # fmt: skip
    answer: JsonObject = json.loads(done.stdout)
    return answer


def _credential(issuer: str = "did:example:nobody") -> JsonObject:
    sails = [{"size": 5}, {"size": 6}, {"size": 7}]
    sailing = [{"type": "Sailing", "sailNumber": name, "sails": sails} for name in ("E1", "M1")]
    return {
        "@context": [CREDENTIALS_V2, TERMS],
        "type": ["VerifiableCredential", "Achieved"],
        "issuer": issuer,
        "credentialSubject": {"name": "Jane Doe", "achievements": sailing},
    }


def _issued(form: Form, by: AnySigner) -> JsonObject:
    issued = issue_as(form, _credential(did_of(by)), signer=by, created=NOW, selective=SELECTIVE)
    assert isinstance(issued, dict)
    return issued


def _is_good(credential: JsonObject) -> bool:
    step = verify(credential, now=NOW, fetcher=Nowhere()).step("signature")
    return step is not None and step.outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("form", "by"),
    [(Form.EDDSA_RDFC, ed25519_signer()), (Form.ECDSA_RDFC, P256), (Form.ECDSA_RDFC, P384)],
)
def test_plain_proof_of_ours_is_good_to_them(form: Form, by: AnySigner) -> None:
    issued = _issued(form, by)
    assert _ask("verified", credential=issued) == {"verified": True}
    bent = {**issued, "credentialSubject": {"name": "John"}}
    assert _ask("verified", credential=bent) == {"verified": False}


@pytest.mark.parametrize("pointers", POINTERS)
def test_part_that_either_derives_of_our_base_proof_is_good_to_both(pointers: list[str]) -> None:
    base = _issued(Form.ECDSA_SD, P256)
    by_us = ecdsa_sd_2023.derive(base, pointers=pointers)
    by_them = _ask("derived", credential=base, pointers=pointers)["credential"]
    for shown in (by_us, by_them):
        assert _ask("verified", credential=shown) == {"verified": True}
        assert _is_good(shown)


@pytest.mark.parametrize("pointers", POINTERS)
def test_part_that_we_derive_of_their_base_proof_is_good_to_both(pointers: list[str]) -> None:
    base = _ask("issued", credential=_credential(), pointers=["/issuer"])["credential"]
    shown = ecdsa_sd_2023.derive(base, pointers=pointers)
    assert _ask("verified", credential=shown) == {"verified": True}
    assert verify(base, now=NOW, fetcher=Nowhere()).step("signature") is not None
    assert _is_good(shown)
