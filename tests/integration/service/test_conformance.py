"""What the W3C suites ask of VC-API endpoints, asked of ours.

One case for each demand of the suites for the data model, Data Integrity, the EdDSA and ECDSA
cryptosuites, status lists, and the issuing and verifying of VC-API.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from signers import did_of, ec_signer, ed25519_signer
from werkzeug.test import TestResponse

from service.app import utc_now
from service.conformance.app import Conformance, conformance
from vc import status
from vc.documents import JsonObject
from vc.issue import Form, issue, issue_as
from vc.jose import sign_compact
from vc.proofs import configuration as di
from vc.proofs import ecdsa_sd_2023, eddsa_jcs_2022, eddsa_rdfc_2022
from vc.public_key import KeyKind
from vc.signing import AnySigner, as_ed25519
from vc.structure import CREDENTIALS_V1, CREDENTIALS_V2

ORIGIN = "https://localhost:8443"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
BY = ed25519_signer()
P256 = ec_signer(KeyKind.P256)
Change = Callable[[JsonObject], object]


@pytest.fixture(name="served", scope="module")
def _served() -> Conformance:
    return conformance(ORIGIN, now=utc_now)


@pytest.fixture(name="client", scope="module")
def _client(served: Conformance) -> FlaskClient:
    return served.app.test_client()


@pytest.fixture(name="did", scope="module")
def _did(served: Conformance) -> str:
    return served.instances["eddsa-rdfc-2022"].did


def _credential(by: Any, **changes: Any) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": by,
        "credentialSubject": {"id": "did:example:subject"},
        **changes,
    }


def _issue(client: FlaskClient, credential: Any, *, by: str = "", **options: Any) -> TestResponse:
    path = f"/{by}/credentials/issue" if by else "/credentials/issue"
    return client.post(path, json={"credential": credential, "options": options})


def _verify(client: FlaskClient, credential: Any, **options: Any) -> TestResponse:
    body = {"verifiableCredential": credential, "options": options}
    return client.post("/credentials/verify", json=body)


def _present(client: FlaskClient, presentation: Any, **options: Any) -> TestResponse:
    body = {"verifiablePresentation": presentation, "options": options}
    return client.post("/presentations/verify", json=body)


def _refused(response: TestResponse) -> None:
    assert response.status_code in (400, 422), response.text
    assert response.is_json
    assert response.json
    assert response.json.get("verified") is not True


EXTRA = {"ExampleTestCredential": "https://example.org/#ExampleTestCredential"}
TEXT = {"@value": "Dog", "@language": "en"}
DIRECTED = {**TEXT, "@direction": "ltr"}
SEVERAL = [TEXT, {"@value": "Chien", "@language": "fr"}]

ACCEPTED = {
    "several contexts": {"@context": [CREDENTIALS_V2, EXAMPLES]},
    "a context of its own": {
        "@context": [CREDENTIALS_V2, EXTRA],
        "type": ["VerifiableCredential", "ExampleTestCredential"],
    },
    "a type as a URL": {"type": ["VerifiableCredential", "https://example.org/#Type"]},
    "types in any order": {
        "type": ["https://example.org/#One", "VerifiableCredential", "https://example.org/#Two"]
    },
    "a type of a vocabulary": {
        "@context": [CREDENTIALS_V2, EXAMPLES],
        "type": ["VerifiableCredential", "RelationshipCredential"],
    },
    "an id that is no https address": {"id": "urn:uuid:36245ee9-9074-4b05-a777-febff2e69757"},
    "a subject without an id": {"credentialSubject": {"name": "Alice"}},
    "several subjects": {
        "credentialSubject": [{"id": "did:example:1", "name": "A"}, {"id": "did:example:2"}]
    },
    "validFrom with a fraction": {"validFrom": "2020-05-17T10:12:13.123Z"},
    "validFrom behind UTC": {"validFrom": "2020-05-17T10:12:13-05:00"},
    "validFrom in the future": {"validFrom": "2999-01-01T00:00:00Z"},
    "validUntil in the past": {"validUntil": "2020-05-17T10:12:13Z"},
    "both dates": {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2030-01-01T00:00:00Z"},
    "a status of another kind": {
        "@context": [CREDENTIALS_V2, {"OtherStatus": "https://example.org/#OtherStatus"}],
        "credentialStatus": {"type": "OtherStatus"},
    },
    "terms of use": {"termsOfUse": [{"type": "https://example.org/#T"}] * 1},
    "terms of use with an id": {"termsOfUse": {"type": "https://example.org/#T", "id": "urn:x:1"}},
    "evidence": {"evidence": [{"type": "https://example.org/#E"}, {"type": "urn:x:E"}]},
    "refresh services": {
        "refreshService": [{"type": "https://example.org/#R", "id": "https://example.org/r"}]
    },
    "schemas": {
        "credentialSchema": [
            {"id": "https://example.org/a.json", "type": "JsonSchema"},
            {"id": "https://example.org/b.json", "type": "JsonSchema"},
        ]
    },
    "a name": {"name": "Dog"},
    "a name in a language": {"name": TEXT},
    "a name with a direction": {"name": DIRECTED},
    "a name in several languages": {"name": SEVERAL},
    "a description in several languages": {"description": SEVERAL},
    "a description with a direction": {"description": DIRECTED},
}

REFUSED: dict[str, JsonObject] = {
    "no contexts": {"@context": []},
    "a context that is no list": {"@context": 4},
    "the base context second": {"@context": [EXAMPLES, CREDENTIALS_V2]},
    "no base context": {"@context": [EXAMPLES]},
    "an unknown context": {"@context": [CREDENTIALS_V2, "https ://not-a-url/v1"]},
    "a number among the contexts": {"@context": [CREDENTIALS_V2, 123]},
    "a list among the contexts": {"@context": [CREDENTIALS_V2, [EXAMPLES]]},
    "a type that is not mapped": {
        "@context": [CREDENTIALS_V2, {"@vocab": None}],
        "type": ["VerifiableCredential", "ExampleTestCredential"],
    },
    "an undefined type": {"type": ["VerifiableCredential", "ExampleTestCredential"]},
    "a type mapped to no URL": {
        "@context": [CREDENTIALS_V2, {"Example": "https ://not-a-url#Example"}],
        "type": ["VerifiableCredential", "Example"],
    },
    "the type redefined": {
        "@context": [CREDENTIALS_V2, {"VerifiableCredential": "https://example.org/#Bad"}]
    },
    "a term redefined": {
        "@context": [CREDENTIALS_V2, {"VerifiablePresentation": "https://example.org/#Bad"}]
    },
    "types without VerifiableCredential": {"type": ["https://example.org/#Other"]},
    "types that are no names": {"type": [2, None, {"foo": True}, False]},
    "a type that is a number": {"type": 4},
    "an undefined term": {"undefinedTerm": "x"},
    "an undefined term for a status entry": {
        "statusEntry": {
            "type": "BitstringStatusListEntry",
            "statusListIndex": True,
            "statusListCredential": "https://example.com",
        }
    },
    "no issuer": {"issuer": None},
    "an issuer that is a number": {"issuer": 4},
    "an issuer that is no URL": {"issuer": "not-a-url"},
    "an issuer object without a URL": {"issuer": {"id": "not-a-url"}},
    "an issuer object with null": {"issuer": {"id": None}},
    "an issuer object without an id": {"issuer": {"name": "x"}},
    "no subject": {"credentialSubject": None},
    "a subject that is a text": {"credentialSubject": "did:example:x"},
    "subjects that are none": {"credentialSubject": [None, True, 4]},
    "a list of no subjects": {"credentialSubject": []},
    "a subject without claims": {"credentialSubject": {}},
    "one of the subjects without claims": {"credentialSubject": [{"id": "did:example:1"}, {}]},
    "a subject with several ids": {"credentialSubject": {"id": ["did:example:1", "did:example:2"]}},
    "an id that is null": {"id": None},
    "an id that is no URL": {"id": "not-a-url"},
    "several ids": {"id": ["urn:x:1", "urn:x:2"]},
    "a validFrom that is no date": {"validFrom": "0:00 8/23/23"},
    "a validUntil that is no date": {"validUntil": "13:45 2/4/23"},
    "an end before the beginning": {
        "validFrom": "2030-01-01T00:00:00Z", "validUntil": "2020-01-01T00:00:00Z"
    },
    "a status without a type": {"credentialStatus": {"id": "urn:x:1"}},
    "a status whose type is no name": {"credentialStatus": {"type": 3}},
    "a status whose type is undefined": {"credentialStatus": {"type": "Undefined"}},
    "a status with several ids": {
        "credentialStatus": {"id": ["urn:x:1", "urn:x:2"], "type": "https://example.org/#S"}
    },
    "a status with an id that is no URL": {
        "credentialStatus": {"id": "not-a-url", "type": "https://example.org/#S"}
    },
    "terms of use without a type": {"termsOfUse": {"id": "urn:x:1"}},
    "evidence without a type": {"evidence": {"id": "urn:x:1"}},
    "a refresh service without a type": {"refreshService": {"id": "https://example.org/r"}},
    "a schema without a type": {"credentialSchema": {"id": "https://example.org/s.json"}},
    "a schema without an id": {"credentialSchema": {"type": "JsonSchema"}},
    "a schema whose id is no URL": {"credentialSchema": {"id": "x y", "type": "JsonSchema"}},
    "a schema whose id is a number": {"credentialSchema": {"id": 1, "type": "JsonSchema"}},
    "a name with more in it": {"name": {**TEXT, "url": "did:example:x"}},
    "a name that is a number": {"name": 4},
    "a name that is an object": {"name": {"first": "x"}},
    "a description with more in it": {"description": {**TEXT, "url": "did:example:x"}},
    "a description that is a list of numbers": {"description": [1]},
    "a related resource twice": {
        "relatedResource": [{"id": "urn:x:1", "digestSRI": "sha384-x"}] * 2
    },
    "a related resource without a digest": {"relatedResource": {"id": "urn:x:1"}},
    "a proof already": {"proof": {"type": "DataIntegrityProof"}},
}  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED)
def test_issuer_takes(client: FlaskClient, did: str, case: str) -> None:
    response = _issue(client, _credential(did, **ACCEPTED[case]))
    assert response.status_code == 201, response.text
    issued = response.json["verifiableCredential"]  # type: ignore[index]
    assert issued["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert {"@context", "type", "issuer", "credentialSubject"} <= issued.keys()


@pytest.mark.parametrize("case", REFUSED)
def test_issuer_refuses(client: FlaskClient, did: str, case: str) -> None:
    _refused(_issue(client, _credential(did, **REFUSED[case])))


@pytest.mark.parametrize("part", ["name", "description"])
@pytest.mark.parametrize("value", ["Dog", TEXT, DIRECTED, SEVERAL])
def test_issuer_may_be_described(client: FlaskClient, did: str, part: str, value: Any) -> None:
    response = _issue(client, _credential({"id": did, part: value}))
    assert response.status_code == 201, response.text
    bad = {**TEXT, "url": "did:example:x"}
    _refused(_issue(client, _credential({"id": did, part: bad})))


@pytest.mark.parametrize("missing", ["@context", "type", "issuer", "credentialSubject"])
def test_nothing_required_may_be_missing(client: FlaskClient, did: str, missing: str) -> None:
    credential = _credential(did)
    del credential[missing]
    _refused(_issue(client, credential))
    signed = issue(_credential(did_of(BY)), signer=BY, created=utc_now())
    del signed[missing]
    _refused(_verify(client, signed))


@pytest.mark.parametrize(
    "body", [{}, {"verifiableCredential": {}}, {"credential": []}, {"credential": "x"}, []]
)
def test_request_without_a_credential_is_refused(client: FlaskClient, body: Any) -> None:
    _refused(client.post("/credentials/issue", json=body))
    _refused(client.post("/credentials/verify", json={} if isinstance(body, dict) else body))


def _signed(by: AnySigner = BY, form: Form = Form.EDDSA_RDFC, **changes: Any) -> JsonObject:
    signed = issue_as(form, _credential(did_of(by), **changes), signer=by, created=utc_now())
    assert isinstance(signed, dict)
    return signed


def _proof(**changes: Any) -> Change:
    return lambda document: document["proof"].update(changes)


def _no_proof(member: str) -> Change:
    return lambda document: document["proof"].pop(member)


def _set(member: str, value: Any) -> Change:
    return lambda document: document.update({member: value})


def _wrong_header(document: JsonObject) -> None:
    document["proof"]["proofValue"] = document["proof"]["proofValue"][1:]


def _longer(document: JsonObject) -> None:
    document["proof"]["proofValue"] += "abc"


BENT: dict[str, Change] = {
    "no proof": lambda document: document.pop("proof"),
    **{f"a proof that is {value!r}": _set("proof", value)
       for value in ("string", None, 10, True, [], [[]], {})},
    **{f"no {member}": _no_proof(member)
       for member in ("type", "created", "verificationMethod", "proofPurpose", "proofValue",
                      "cryptosuite")},
    "an unknown type of proof": _proof(type="UnknownProofType"),
    "an unknown cryptosuite": _proof(cryptosuite="UnknownCryptosuite"),
    "another cryptosuite": _proof(cryptosuite="eddsa-jcs-2022"),
    "a cryptosuite that is no name": _proof(cryptosuite=4),
    "an unknown purpose": _proof(proofPurpose="invalidPurpose"),
    "another purpose": _proof(proofPurpose="authentication"),
    "a method that is no key": _proof(verificationMethod="did:key:invalidVm"),
    "a method of another kind": _proof(verificationMethod=12),
    "a proof value that is null": _proof(proofValue=None),
    "a proof value without its header": _wrong_header,
    "a proof value of another length": _longer,
    "a created that is no date": _proof(created="invalidDate"),
    "a created without an offset": _proof(created="2024-01-01T00:00:00"),
    "an expires that is no date": _proof(expires="invalidDate"),
    "an undefined term": lambda document: document["credentialSubject"].update(undefined="x"),
    "an undefined type": lambda document: document["type"].append("UndefinedType"),
    "a changed subject": lambda document: document["credentialSubject"].update(id="urn:x:1"),
    **{f"contexts that are {value!r}": _set("@context", value)
       for value in ("string", {}, None, 10, True, [[]], [{}], [None], [10], [True])},
    **{f"a type that is {value!r}": _set("type", value)
       for value in ("string", {}, None, 10, True, [[]], [{}], [None], [10], [True])},
    **{f"an issuer that is {value!r}": _set("issuer", value) for value in ([], None, 10, True)},
    **{f"a subject that is {value!r}": _set("credentialSubject", value)
       for value in ("string", None, 10, True, [])},
}  # fmt: skip


def test_verifier_accepts_what_was_signed(client: FlaskClient) -> None:
    response = _verify(client, _signed(), checks=["proof"])
    assert response.status_code == 200, response.text
    assert response.json
    assert response.json["verified"] is True
    assert response.json["problemDetails"] == []


@pytest.mark.parametrize("case", BENT)
def test_verifier_refuses(client: FlaskClient, case: str) -> None:
    bent = json.loads(json.dumps(_signed()))
    BENT[case](bent)
    response = _verify(client, bent, checks=["proof"])
    _refused(response)
    assert response.json
    assert response.json["verified"] is False
    assert response.json["problemDetails"]
    assert all(problem["type"] for problem in response.json["problemDetails"])


def test_proof_for_another_purpose_than_was_expected_is_refused(client: FlaskClient) -> None:
    _refused(_verify(client, _signed(), expectedProofPurpose="authentication"))
    assert _verify(client, _signed(), expectedProofPurpose="assertionMethod").status_code == 200


def test_proof_by_other_canonicalisation_or_digest_is_refused(client: FlaskClient) -> None:
    unsigned = _credential(did_of(BY))
    by_jcs = eddsa_jcs_2022.sign(unsigned, signer=BY, created=utc_now())
    by_jcs["proof"]["cryptosuite"] = eddsa_rdfc_2022.NAME
    _refused(_verify(client, by_jcs))
    proof = _signed()["proof"]
    short = {**unsigned, "proof": {**proof, "proofValue": di.multibase_encode(BY.sign(b"sha512"))}}
    _refused(_verify(client, short))


def test_document_of_no_kind_is_refused_by_every_endpoint(client: FlaskClient) -> None:
    document = {"type": ["NonconformingDocument"]}
    _refused(_verify(client, document))
    _refused(_present(client, document))


@pytest.mark.parametrize(
    ("by", "suite"),
    [
        ("eddsa-rdfc-2022", "eddsa-rdfc-2022"),
        ("eddsa-jcs-2022", "eddsa-jcs-2022"),
        ("ecdsa-rdfc-2019", "ecdsa-rdfc-2019"),
        ("ecdsa-rdfc-2019-p384", "ecdsa-rdfc-2019"),
        ("ecdsa-jcs-2019", "ecdsa-jcs-2019"),
        ("ecdsa-jcs-2019-p384", "ecdsa-jcs-2019"),
    ],
)
@pytest.mark.parametrize("version", [1, 2])
def test_each_cryptosuite_is_issued_and_verified(
    served: Conformance, client: FlaskClient, by: str, suite: str, version: int
) -> None:
    credential = _credential(served.instances[by].did)
    if version == 1:
        issued_on = {"issuanceDate": "2024-01-01T00:00:00Z"}
        credential = {**credential, "@context": [CREDENTIALS_V1], **issued_on}
    response = _issue(client, credential, by=by)
    assert response.status_code == 201, response.text
    issued = response.json["verifiableCredential"]  # type: ignore[index]
    proof = issued["proof"]
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", suite)
    assert proof["proofValue"].startswith("z")
    assert proof["proofPurpose"] == "assertionMethod"
    assert _verify(client, issued).status_code == 200
    bent = {**issued, "credentialSubject": {"id": "urn:invalid"}}
    _refused(_verify(client, bent))


@pytest.mark.parametrize(
    "by", ["vc-jwt-eddsa", "vc-jwt-es256", "vc-jwt-es384", "ob-jwt-es256", "ob-jwt-rs256"]
)
def test_tokens_come_and_go_in_envelopes(served: Conformance, client: FlaskClient, by: str) -> None:
    more = {"id": "urn:uuid:36245ee9-9074-4b05-a777-febff2e69757"}
    more["validFrom"] = "2024-01-01T00:00:00Z"
    response = _issue(client, _credential(served.instances[by].did, **more), by=by)
    assert response.status_code == 201, response.text
    issued = response.json["verifiableCredential"]  # type: ignore[index]
    assert issued["type"] == "EnvelopedVerifiableCredential"
    assert issued["id"].startswith("data:application/")
    assert _verify(client, issued).status_code == 200
    changes: list[JsonObject] = [
        {"@context": []},
        {"@context": EXAMPLES},
        {"id": issued["id"].partition(",")[2]},
        {"type": "VerifiableCredential"},
        {"type": None},
    ]
    for change in changes:
        _refused(_verify(client, {**issued, **change}))
    presented = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [issued],
    }
    assert _present(client, presented).status_code == 200


# Selective disclosure.
SAILOR = {
    "@context": [
        CREDENTIALS_V2,
        {
            "@protected": True,
            "Achieved": "urn:example:Achieved",
            "Sailing": {
                "@id": "urn:example:Sailing",
                "@context": {
                    "@protected": True,
                    "id": "@id",
                    "type": "@type",
                    "sailNumber": "urn:example:sailNumber",
                    "sails": {
                        "@id": "urn:example:sails",
                        "@context": {
                            "@protected": True,
                            "size": "urn:example:size",
                            "year": "urn:example:year",
                        },
                    },
                },
            },
            "achievements": {"@id": "urn:example:achievements", "@type": "@id"},
        },
    ],
    "type": ["VerifiableCredential", "Achieved"],
    "credentialSubject": {
        "name": "Jane Doe",
        "achievements": [
            {
                "type": "Sailing",
                "sailNumber": "Earth101",
                "sails": [
                    {"size": 5.5, "year": 2023},
                    {"size": 6.1, "year": 2023},
                    {"size": 7.8, "year": 2023},
                ],
            },
            {"type": "Sailing", "sailNumber": "Mars101", "sails": [{"size": 5.9, "year": 2022}]},
        ],
    },
}


def _base(served: Conformance, client: FlaskClient, pointers: list[str]) -> JsonObject:
    credential = _credential(served.instances["ecdsa-sd-2023"].did, **SAILOR)
    response = _issue(client, credential, by="ecdsa-sd-2023", mandatoryPointers=pointers)
    assert response.status_code == 201, response.text
    base: JsonObject = response.json["verifiableCredential"]  # type: ignore[index]
    assert base["proof"]["proofValue"].startswith("u2V0A")
    return base


def _derive(client: FlaskClient, base: JsonObject, pointers: list[str]) -> TestResponse:
    body = {"verifiableCredential": base, "options": {"selectivePointers": pointers}}
    return client.post("/credentials/derive", json=body)


@pytest.mark.parametrize(
    ("mandatory", "chosen"),
    [
        (["/issuer"], ["/credentialSubject/name"]),
        (["/issuer"], ["/credentialSubject"]),
        ([], ["/credentialSubject/achievements/0/sails"]),
        ([], ["/credentialSubject/achievements/0/sails/1/size"]),
        (["/credentialSubject/achievements/0/sails/1"], ["/credentialSubject/achievements/1"]),
        (["/credentialSubject/name"], []),
    ],
)
def test_part_of_a_credential_is_derived_and_verified(
    served: Conformance, client: FlaskClient, mandatory: list[str], chosen: list[str]
) -> None:
    base = _base(served, client, mandatory)
    _refused(_verify(client, base))  # a base proof is for its holder alone
    derived = _derive(client, base, chosen)
    assert derived.status_code == 201, derived.text
    shown = derived.json["verifiableCredential"]  # type: ignore[index]
    assert shown["proof"]["proofValue"].startswith("u2V0B")
    assert _verify(client, shown).status_code == 200
    for change in (
        _proof(proofValue="a" + shown["proof"]["proofValue"][1:]),
        _proof(cryptosuite="invalid-cryptosuite"),
        _set("credentialSubject", {**shown["credentialSubject"], "id": "urn:invalid"}),
    ):
        bent = json.loads(json.dumps(shown))
        change(bent)
        _refused(_verify(client, bent))


def test_pointers_that_lead_nowhere_are_refused(served: Conformance, client: FlaskClient) -> None:
    credential = _credential(served.instances["ecdsa-sd-2023"].did, **SAILOR)
    bad = ["/non/existent/path"]
    _refused(_issue(client, credential, by="ecdsa-sd-2023", mandatoryPointers=bad))
    _refused(_derive(client, _base(served, client, []), bad))
    _refused(_derive(client, _signed(), ["/issuer"]))
    _refused(client.post("/credentials/derive", json={}))


def test_derived_credential_names_its_secrets_to_nobody(
    served: Conformance, client: FlaskClient
) -> None:
    base = _base(served, client, [])
    shown = _derive(client, base, ["/credentialSubject/name"]).json
    assert shown
    _refused(_derive(client, shown["verifiableCredential"], ["/issuer"]))
    value = di.read_proof(base, base["proof"], suite=ecdsa_sd_2023.NAME).value
    hidden = value[3 + 1 + 2 + 64 + 2 + 35 + 2 :][:32]
    assert hidden not in di.multibase_decode(shown["verifiableCredential"]["proof"]["proofValue"])


# Status lists.
def test_credential_with_a_status_is_issued_verified_and_withdrawn(
    served: Conformance, client: FlaskClient
) -> None:
    name = "bitstring-status-list"
    credential = _credential(served.instances[name].did, id="urn:uuid:7b1a2f6c-0000-4000-8000-1")
    response = _issue(client, credential, by=name)
    assert response.status_code == 201, response.text
    issued = response.json["verifiableCredential"]  # type: ignore[index]
    entries = issued["credentialStatus"]
    for entry in entries:
        assert entry["type"] == "BitstringStatusListEntry"
        assert entry["statusListIndex"] == str(int(entry["statusListIndex"]))
        assert entry["id"] != entry["statusListCredential"]
        path = entry["statusListCredential"].removeprefix(ORIGIN)
        listed = client.get(path)
        assert listed.status_code == 200
        document: JsonObject = listed.json or {}
        assert "BitstringStatusListCredential" in document["type"]
        assert document["id"] == entry["statusListCredential"]
        subject = document["credentialSubject"]
        assert subject["statusPurpose"] == entry["statusPurpose"]
        assert len(status.decode(subject["encodedList"])) * 8 == status.SMALLEST
        assert _verify(client, document).status_code == 200
    assert _verify(client, issued, checks=["proof", "credentialStatus"]).status_code == 200

    for purpose in ("suspension", "revocation"):
        change = {"type": "BitstringStatusListEntry", "statusPurpose": purpose}
        body = {"credentialId": credential["id"], "credentialStatus": change}
        assert client.post("/credentials/status", json=body).status_code == 200
        assert client.post(f"/status-lists/{purpose}/publish", json={}).status_code == 204
        _refused(_verify(client, issued))
        undone = client.post("/credentials/status", json={**body, "status": False})
        assert undone.status_code == 200
        assert _verify(client, issued).status_code == 200


@pytest.mark.parametrize(
    ("change", "status_code"),
    [
        ({"credentialId": "urn:x:unknown"}, 404),
        ({"credentialStatus": {"type": "BitstringStatusListEntry", "statusPurpose": "x"}}, 400),
        ({"credentialStatus": {"type": "Other", "statusPurpose": "revocation"}}, 400),
        ({"credentialStatus": {}}, 400),
        ({"credentialId": 4}, 400),
    ],
)
def test_change_of_no_status_is_refused(
    client: FlaskClient, change: JsonObject, status_code: int
) -> None:
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    body = {"credentialId": "urn:x:1", "credentialStatus": entry, **change}
    assert client.post("/credentials/status", json=body).status_code == status_code


def test_list_or_issuer_of_another_name_is_not_there(client: FlaskClient, did: str) -> None:
    assert client.get("/status-lists/other").status_code == 404
    assert client.post("/status-lists/other/publish", json={}).status_code == 404
    assert _issue(client, _credential(did), by="other").status_code == 404


# Presentations.
DOMAIN = {"domain": "suite.example", "challenge": "uXJ8"}


def _presentation(**changes: Any) -> JsonObject:
    return {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiablePresentation"],
        "holder": did_of(BY),
        "verifiableCredential": [_signed()],
        **changes,
    }


def _signed_presentation(**changes: Any) -> JsonObject:
    return eddsa_rdfc_2022.sign(
        _presentation(**changes),
        signer=as_ed25519(BY),
        created=utc_now(),
        purpose="authentication",
        **DOMAIN,
    )


PRESENTED: dict[str, JsonObject] = {
    "as it is": {},
    "several contexts": {"@context": [CREDENTIALS_V2, EXAMPLES]},
    "a context of its own": {
        "@context": [CREDENTIALS_V2, {"ExamplePresentation": "https://example.org/#EP"}],
        "type": ["VerifiablePresentation", "ExamplePresentation"],
    },
    "no credentials": {"verifiableCredential": []},
    "several credentials": {"verifiableCredential": [_signed(), _signed(P256, Form.ECDSA_RDFC)]},
    "an id": {"id": "urn:uuid:36245ee9-9074-4b05-a777-febff2e69757"},
    "its holder as an object": {"holder": {"id": did_of(BY)}},
}
NOT_PRESENTED: dict[str, JsonObject] = {
    "contexts in another order": {"@context": [EXAMPLES, CREDENTIALS_V2]},
    "no base context": {"@context": [EXAMPLES]},
    "an unknown context": {"@context": [CREDENTIALS_V2, "https://example.com"]},
    "a context that is no URL": {"@context": [CREDENTIALS_V2, "https ://not-a-url/v1"]},
    "a number among the contexts": {"@context": [CREDENTIALS_V2, 123192875]},
    "another type": {"type": ["ExamplePresentation"]},
    "a holder without an id": {"holder": {"name": "x"}},
    "an id that is no URL": {"id": "not-a-url"},
    "a credential that is a text": {"verifiableCredential": ["https://example.org/vc"]},
    "a credential that is a number": {"verifiableCredential": [4]},
    "a credential that nobody signed": {"verifiableCredential": [_credential(did_of(BY))]},
}


@pytest.mark.parametrize("case", PRESENTED)
def test_presentation_is_verified_signed_and_unsigned(client: FlaskClient, case: str) -> None:
    signed = _present(client, _signed_presentation(**PRESENTED[case]), **DOMAIN)
    assert signed.status_code == 200, signed.text
    unsigned = _present(client, _presentation(**PRESENTED[case]), checks=[])
    assert unsigned.status_code == 200, unsigned.text


@pytest.mark.parametrize("case", NOT_PRESENTED)
def test_presentation_is_refused(client: FlaskClient, case: str) -> None:
    _refused(_present(client, _presentation(**NOT_PRESENTED[case]), checks=[]))


@pytest.mark.parametrize("missing", ["@context", "type"])
def test_presentation_lacks_nothing_required(client: FlaskClient, missing: str) -> None:
    presentation = _signed_presentation()
    del presentation[missing]
    _refused(_present(client, presentation, **DOMAIN))


def test_presentation_is_for_one_challenge_and_domain(client: FlaskClient) -> None:
    presentation = _signed_presentation()
    _refused(_present(client, presentation, **{**DOMAIN, "challenge": "other"}))
    _refused(_present(client, presentation, **{**DOMAIN, "domain": "other.example"}))
    presentation["proof"]["proofValue"] = "z5nmMBw2u9TGKd9NxxHJtyZKgjN2Eh"
    _refused(_present(client, presentation, **DOMAIN))


def test_presentation_as_a_token_is_verified(client: FlaskClient) -> None:
    claims = {"iss": did_of(BY), "aud": DOMAIN["domain"], "nonce": DOMAIN["challenge"]}
    payload = json.dumps({**_presentation(), **claims}).encode()
    token = sign_compact({"typ": "vp+jwt"}, payload, signer=BY)
    envelope = {
        "@context": CREDENTIALS_V2,
        "type": "EnvelopedVerifiablePresentation",
        "id": f"data:application/vp+jwt,{token}",
    }
    for presentation in (token, envelope):
        assert _present(client, presentation, **DOMAIN).status_code == 200
    for change in ({"@context": [EXAMPLES]}, {"id": token}, {"type": ["VerifiablePresentation"]}):
        _refused(_present(client, {**envelope, **change}))


def test_conformance_endpoints_are_all_there_is(served: Conformance) -> None:
    paths = {rule.rule for rule in served.app.url_map.iter_rules()}
    assert paths == {
        "/<name>/credentials/issue",
        "/credentials/derive",
        "/credentials/issue",
        "/credentials/status",
        "/credentials/verify",
        "/openapi.json",
        "/presentations/verify",
        "/status-lists/<purpose>",
        "/status-lists/<purpose>/publish",
    }
