"""More than twenty thousand ways to bend what is signed, under each kind of proof."""

import json
from collections.abc import Callable

import pytest
from bending import mutations
from campus import NOW, Campus
from cryptography.hazmat.primitives.asymmetric import ec

from vc.documents import JsonObject
from vc.ecdsa import LocalSigner
from vc.encoding import base64url_encode
from vc.jose import sign_compact
from vc.model import Verdict
from vc.proofs import ecdsa_jcs_2019, ecdsa_rdfc_2019, eddsa_jcs_2022, eddsa_rdfc_2022
from vc.public_key import ec_public_key, multikey

Sign = Callable[[Campus, JsonObject], JsonObject]


def on_curve(curve: ec.EllipticCurve) -> LocalSigner:
    key = ec.derive_private_key(7, curve)
    name = multikey(ec_public_key(key.public_key()))
    return LocalSigner(key, verification_method=f"did:key:{name}#{name}")


P256, P384 = on_curve(ec.SECP256R1()), on_curve(ec.SECP384R1())


def by(signer: LocalSigner) -> str:
    return signer.verification_method.partition("#")[0]


SUITES: dict[str, Sign] = {
    "eddsa-rdfc-2022": lambda c, d: eddsa_rdfc_2022.sign(d, signer=c.issuer, created=NOW),
    "eddsa-jcs-2022": lambda c, d: eddsa_jcs_2022.sign(d, signer=c.issuer, created=NOW),
    "ecdsa-rdfc-2019": lambda _, d: ecdsa_rdfc_2019.sign(
        d | {"issuer": by(P256)}, signer=P256, created=NOW
    ),
    "ecdsa-jcs-2019": lambda _, d: ecdsa_jcs_2019.sign(
        d | {"issuer": by(P384)}, signer=P384, created=NOW
    ),
}


def lean(campus: Campus) -> JsonObject:
    """A small badge without a status, so that each check is cheap."""
    return campus.unsigned_badge(credentialStatus=None, evidence=None)


@pytest.mark.parametrize("suite", SUITES)
def test_no_bent_credential_is_accepted(suite: str) -> None:
    campus = Campus()
    signed = SUITES[suite](campus, lean(campus))
    assert campus.verify(signed).verdict is Verdict.VALID
    tried = 0
    for path, document in mutations(signed):
        tried += 1
        assert campus.verify(document).verdict is not Verdict.VALID, (path, document)
    assert tried > 3_500


def test_no_bent_token_is_accepted() -> None:
    campus = Campus()
    document = lean(campus)
    claims = {
        **document,
        "iss": campus.issuer.did,
        "sub": campus.holder.did,
        "jti": document["id"],
        "nbf": 1761307200,
    }
    claims["validFrom"] = "2025-10-24T12:00:00Z"
    token = sign_compact({"typ": "JWT"}, json.dumps(claims).encode(), signer=campus.issuer)
    assert campus.verify(token).verdict is Verdict.VALID, campus.verify(token).steps
    head, _, signature = token.split(".")
    tried = 0
    for path, bent in mutations(claims):
        tried += 1
        payload = base64url_encode(json.dumps(bent).encode())
        report = campus.verify(f"{head}.{payload}.{signature}")
        assert report.verdict is not Verdict.VALID, path
    for position in range(len(token)):
        tried += 1
        other = "A" if token[position] != "A" else "B"
        changed = token[:position] + other + token[position + 1 :]
        assert campus.verify(changed).verdict is not Verdict.VALID, position
    assert tried > 4_500
