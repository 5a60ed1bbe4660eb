"""Issuing on request: every form, by every kind of key, is read back by our own verifier."""

from typing import Any

import pytest
from campus import NOW, Campus
from signers import did_of, ec_signer, ed25519_signer, rsa_signer

from vc.documents import JsonObject
from vc.errors import Malformed
from vc.fetch import Nowhere
from vc.issue import ALWAYS_SHOWN, TOKENS, Form, Selective, issue, issue_as, mandatory
from vc.model import Verdict
from vc.proofs import ecdsa_sd_2023
from vc.public_key import KeyKind
from vc.signing import AnySigner
from vc.structure import OPEN_BADGES
from vc.verify import verify

SELECTIVE = Selective(entropy=lambda count: bytes(range(count)))
P256, P384 = ec_signer(KeyKind.P256), ec_signer(KeyKind.P384)
CHOICES = [
    pytest.param(Form.EDDSA_RDFC, ed25519_signer(), id="eddsa-rdfc"),
    pytest.param(Form.EDDSA_JCS, ed25519_signer(), id="eddsa-jcs"),
    pytest.param(Form.ECDSA_RDFC, P256, id="ecdsa-rdfc on P-256"),
    pytest.param(Form.ECDSA_RDFC, P384, id="ecdsa-rdfc on P-384"),
    pytest.param(Form.ECDSA_JCS, P256, id="ecdsa-jcs on P-256"),
    pytest.param(Form.ECDSA_JCS, P384, id="ecdsa-jcs on P-384"),
    *(
        pytest.param(form, by, id=f"{form} by {name}")
        for form in (Form.JWT, Form.VC_JWT)
        for name, by in {
            "EdDSA": ed25519_signer(),
            "ES256": P256,
            "ES384": P384,
            "RS256": rsa_signer(),
        }.items()
    ),
]


def _badge(by: AnySigner, **changes: Any) -> JsonObject:
    issuer = {"id": did_of(by), "type": ["Profile"], "name": "Issuer"}
    badge = Campus().unsigned_badge(issuer=issuer, **changes)
    return {key: value for key, value in badge.items() if key != "credentialStatus"}


@pytest.mark.parametrize(("form", "by"), CHOICES)
def test_each_form_is_read_back_as_valid(form: Form, by: AnySigner) -> None:
    issued = issue_as(form, _badge(by), signer=by, created=NOW)
    assert isinstance(issued, str) is (form in TOKENS)
    report = verify(issued, now=NOW, fetcher=Nowhere())
    assert report.verdict is Verdict.VALID, report.steps
    assert report.credential is not None
    assert report.credential.issuer_id == did_of(by)


@pytest.mark.parametrize(("form", "by"), CHOICES)
def test_the_same_arguments_give_the_same_bytes(form: Form, by: AnySigner) -> None:
    first, second = (issue_as(form, _badge(by), signer=by, created=NOW) for _ in range(2))
    assert first == second


def test_without_asking_a_credential_is_signed_with_eddsa_rdfc_2022() -> None:
    by = ed25519_signer()
    assert issue(_badge(by), signer=by, created=NOW) == issue_as(
        Form.EDDSA_RDFC, _badge(by), signer=by, created=NOW
    )


@pytest.mark.parametrize(
    ("form", "by"),
    [
        (Form.EDDSA_RDFC, P256),
        (Form.EDDSA_JCS, rsa_signer()),
        (Form.ECDSA_RDFC, ed25519_signer()),
        (Form.ECDSA_JCS, rsa_signer()),
        (Form.ECDSA_SD, ed25519_signer()),
        (Form.ECDSA_SD, P384),
    ],
)
def test_key_of_another_kind_signs_nothing(form: Form, by: AnySigner) -> None:
    with pytest.raises(Malformed) as refusal:
        issue_as(form, _badge(by), signer=by, created=NOW, selective=SELECTIVE)
    assert refusal.value.code == "key-kind"


@pytest.mark.parametrize("form", [form for form in Form if form is not Form.ECDSA_SD])
def test_nothing_is_signed_for_another_issuer(form: Form) -> None:
    by = rsa_signer() if form in TOKENS else ed25519_signer()
    badge = _badge(P256)
    with pytest.raises(Malformed) as refusal:
        issue_as(form, badge, signer=by, created=NOW)
    assert refusal.value.place == "/issuer"


def test_badge_as_a_token_names_its_subject() -> None:
    badge = _badge(P256)
    subject = {k: v for k, v in badge["credentialSubject"].items() if k != "id"}
    email = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": "a@example.com",
        "identityType": "emailAddress",
    }
    badge["credentialSubject"] = {**subject, "identifier": [email]}
    with pytest.raises(Malformed) as refusal:
        issue_as(Form.JWT, badge, signer=P256, created=NOW)
    assert (refusal.value.code, refusal.value.place) == ("jwt-claim", "/credentialSubject/id")


def test_member_with_a_claims_name_cannot_stand_beside_the_claim() -> None:
    with pytest.raises(Malformed) as refusal:
        issue_as(Form.JWT, {**_badge(P256), "exp": 1}, signer=P256, created=NOW)
    assert refusal.value.place == "/exp"


def test_holder_of_a_base_proof_shows_a_part_that_verifies() -> None:
    badge = _badge(P256, validUntil="2036-01-01T00:00:00Z")
    signed = issue_as(Form.ECDSA_SD, badge, signer=P256, created=NOW, selective=SELECTIVE)
    assert isinstance(signed, dict)
    shown = ecdsa_sd_2023.derive(signed, pointers=["/credentialSubject/achievement/name"])
    assert shown["credentialSubject"] == {
        "id": badge["credentialSubject"]["id"],
        "type": ["AchievementSubject"],
        "achievement": {
            "id": "https://issuer.example/achievements/lesson-study",
            "type": ["Achievement"],
            "name": "Lesson study",
        },
    }
    assert "evidence" not in shown
    report = verify(shown, now=NOW, fetcher=Nowhere())
    assert report.verdict is Verdict.VALID, report.steps


def test_holder_cannot_leave_out_that_it_ends_or_where_its_status_stands() -> None:
    campus = Campus()
    badge = campus.unsigned_badge(
        issuer={"id": did_of(P256), "type": ["Profile"]}, validUntil="2036-01-01T00:00:00Z"
    )
    chosen = mandatory(badge, ["/name"])
    assert chosen == ("/name", *ALWAYS_SHOWN)
    signed = issue_as(Form.ECDSA_SD, badge, signer=P256, created=NOW, selective=SELECTIVE)
    assert isinstance(signed, dict)
    shown = ecdsa_sd_2023.derive(signed, pointers=["/credentialSubject"])
    assert {"validFrom", "validUntil", "credentialStatus", "issuer"} <= shown.keys()


def test_base_proof_is_not_shown_to_anyone() -> None:
    signed = issue_as(Form.ECDSA_SD, _badge(P256), signer=P256, created=NOW, selective=SELECTIVE)
    step = verify(signed, now=NOW, fetcher=Nowhere()).step("signature")
    assert step is not None
    assert step.code == "sd-base"


FORGED = Campus().badge() | {"proof": None}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"endorsement": [{}]}, "no-credential"),
        ({"endorsement": ["x"]}, "endorsement"),
        ({"endorsement": [{**FORGED, "proof": []}]}, "unsigned-within"),
        ({"verifiableCredential": [{**FORGED, "proof": []}]}, "unsigned-within"),
        ({"endorsementJwt": ["x"]}, "json"),
        ({"evidence": [{"type": ["Evidence"], "endorsement": [{}]}]}, "no-credential"),
        ({"relatedResource": [{"id": OPEN_BADGES, "digestMultibase": "uAAAA"}]}, "digest"),
    ],
)
@pytest.mark.parametrize("form", [Form.EDDSA_JCS, Form.VC_JWT])
def test_nothing_is_signed_that_would_not_be_read_back(
    form: Form, changes: JsonObject, code: str
) -> None:
    by = ed25519_signer()
    with pytest.raises(Malformed) as refusal:
        issue_as(form, _badge(by, **changes), signer=by, created=NOW)
    assert refusal.value.code == code


def test_result_out_of_its_bounds_is_not_signed() -> None:
    badge = _badge(ed25519_signer())
    described = {"id": "urn:x:1", "type": ["ResultDescription"], "name": "Score"}
    described |= {"resultType": "RawScore", "valueMax": "10"}
    badge["credentialSubject"]["achievement"]["resultDescription"] = [described]
    for value, good in (("9", True), ("11", False)):
        result = {"type": ["Result"], "resultDescription": "urn:x:1", "value": value}
        badge["credentialSubject"]["result"] = [result]
        if good:
            assert issue(badge, signer=ed25519_signer(), created=NOW)
        else:
            with pytest.raises(Malformed, match="outside its bounds"):
                issue(badge, signer=ed25519_signer(), created=NOW)
