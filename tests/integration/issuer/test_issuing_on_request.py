"""VC-API of an issuer: credentials in the form that was asked for, and their status."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ed25519_keys import signer
from flask import Flask
from flask.testing import FlaskClient
from village import NOW, TENANTS, Village
from werkzeug.test import TestResponse

from issuer.securing import methods_of
from issuer.tenant_keys import TenantKeys
from service.app import create_app
from service.cli import main
from service.custody import custody_of
from service.database import Database
from service.mounts import ISSUE_FOR_THE_UNIVERSITY
from service.settings import Settings
from vc.documents import JsonObject
from vc.errors import Conflict, Unavailable
from vc.fetch import Fetched, Fetcher
from vc.model import Verdict
from vc.proofs import ecdsa_sd_2023
from vc.public_key import KeyKind
from vc.verify import verify

DID = "did:web:localhost%3A8000:issuer:university"
HOLDER = signer(2).did
Ask = Callable[..., TestResponse]


class Network:
    """The application as the only server there is."""

    def __init__(self, app: Flask) -> None:
        self._client = app.test_client()

    def get(self, url: str, *, accept: str) -> Fetched:
        path = url.partition("//")[2].partition("/")[2]
        answer = self._client.get(f"/{path}", headers={"Accept": accept})
        if answer.status_code != 200:
            raise Unavailable("unreachable", url)
        return Fetched(url, answer.data, answer.mimetype)


@pytest.fixture(name="settings")
def _settings(tmp_path: Path, database: Database) -> Settings:
    return Settings(
        home=tmp_path,
        roles=frozenset({"issuer", "wallet"}),
        database_url=database.engine.url.render_as_string(hide_password=False),
        master_secret=bytes(32),
        secret_key="not a secret, only for these tests",
    )


@pytest.fixture(name="app")
def _app(settings: Settings, village: Village, database: Database) -> Flask:
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    for tenant in TENANTS:
        keys.ensure(tenant, now=NOW)
        village.signers[tenant] = keys.signer(tenant)  # type: ignore[assignment]
    return create_app(settings, clock=lambda: NOW, database=database)


@pytest.fixture(name="client")
def _client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(name="with_keys")
def _with_keys(app: Flask, settings: Settings) -> None:
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    for kind in (KeyKind.P256, KeyKind.P384):
        keys.add("university", kind, now=NOW)


@pytest.fixture(name="with_rsa")
def _with_rsa(app: Flask, settings: Settings) -> None:
    """Apart, because making an RSA key takes long."""
    TenantKeys(custody_of(settings), origin=settings.origin).add("university", KeyKind.RSA, now=NOW)


@pytest.fixture(name="ask")
def _ask(client: FlaskClient, settings: Settings) -> Ask:
    token = settings.seal().token(purpose=ISSUE_FOR_THE_UNIVERSITY)

    def ask(path: str, body: JsonObject, *, by: str = f"Bearer {token}") -> TestResponse:
        headers = {"Authorization": by} if by else {}
        return client.post(f"/issuer/university{path}", json=body, headers=headers)

    return ask


@pytest.fixture(name="network")
def _network(app: Flask) -> Fetcher:
    return Network(app)


def _credential(**changes: Any) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "name": "Transcript",
        "credentialSubject": {"id": HOLDER, "name": "Anna"},
        **changes,
    }


def _issued(ask: Ask, credential: JsonObject | None = None, **options: Any) -> JsonObject:
    body = {"credential": credential or _credential(), "options": options}
    answer = ask("/credentials/issue", body)
    assert answer.status_code == 201, answer.text
    issued: JsonObject = answer.json["verifiableCredential"]  # type: ignore[index]
    return issued


PROOFS = [
    ({}, "eddsa-rdfc-2022"),
    ({"cryptosuite": "eddsa-jcs-2022"}, "eddsa-jcs-2022"),
    ({"cryptosuite": "ecdsa-rdfc-2019"}, "ecdsa-rdfc-2019"),
    ({"cryptosuite": "ecdsa-rdfc-2019", "algorithm": "ES384"}, "ecdsa-rdfc-2019"),
    ({"cryptosuite": "ecdsa-jcs-2019", "algorithm": "ES384"}, "ecdsa-jcs-2019"),
]
TOKENS = [
    {"format": form, "algorithm": algorithm}
    for form in ("jwt", "vc+jwt")
    for algorithm in ("EdDSA", "ES256", "ES384", "RS256")
]


@pytest.mark.usefixtures("with_keys")
@pytest.mark.parametrize(("options", "suite"), PROOFS)
def test_proof_that_was_asked_for_is_made_and_verified(
    ask: Ask, network: Fetcher, options: JsonObject, suite: str
) -> None:
    issued = _issued(ask, **options)
    assert issued["proof"]["cryptosuite"] == suite
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.VALID


@pytest.mark.usefixtures("with_keys")
@pytest.mark.parametrize("options", TOKENS, ids=lambda one: " ".join(one.values()))
def test_token_that_was_asked_for_comes_in_an_envelope_and_is_verified(
    request: pytest.FixtureRequest, ask: Ask, network: Fetcher, options: JsonObject
) -> None:
    if options["algorithm"] == "RS256":
        request.getfixturevalue("with_rsa")
    issued = _issued(ask, **options)
    assert issued["type"] == "EnvelopedVerifiableCredential"
    report = verify(issued, now=NOW, fetcher=network)
    assert report.verdict is Verdict.VALID, report.steps
    assert report.credential is not None
    assert report.credential.document["credentialStatus"]


@pytest.mark.usefixtures("with_keys")
def test_base_proof_that_was_asked_for_lets_its_holder_show_a_part(
    ask: Ask, client: FlaskClient, network: Fetcher
) -> None:
    base = _issued(ask, cryptosuite="ecdsa-sd-2023", mandatoryPointers=["/name"])
    body = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject"]}}
    derived = client.post("/wallet/credentials/derive", json=body)
    assert derived.status_code == 201
    shown = derived.json["verifiableCredential"]  # type: ignore[index]
    assert verify(shown, now=NOW, fetcher=network).verdict is Verdict.VALID
    assert {"issuer", "validFrom", "credentialStatus", "name"} <= shown.keys()
    assert ecdsa_sd_2023.derive(base, pointers=["/credentialSubject"]) == shown


@pytest.mark.parametrize(
    ("options", "status_code"),
    [
        ({"cryptosuite": "bbs-2023"}, 400),
        ({"cryptosuite": "jwt"}, 400),
        ({"format": "mdoc"}, 400),
        ({"algorithm": "none"}, 400),
        ({"algorithm": "HS256", "format": "jwt"}, 400),
        ({"cryptosuite": "eddsa-rdfc-2022", "format": "jwt"}, 400),
        ({"mandatoryPointers": "/issuer"}, 400),
        ({"algorithm": "RS256"}, 400),
        ({"cryptosuite": "ecdsa-sd-2023", "algorithm": "ES384"}, 400),
        ({"cryptosuite": "ecdsa-rdfc-2019"}, 409),
        ({"format": "jwt"}, 409),
    ],
)
def test_form_that_is_not_to_be_had_is_refused_and_nothing_is_kept(
    ask: Ask, options: JsonObject, status_code: int
) -> None:
    named = _credential(id="urn:uuid:00000000-0000-4000-8000-000000000001")
    answer = ask("/credentials/issue", {"credential": named, "options": options})
    assert answer.status_code == status_code, answer.text
    assert _issued(ask, named)["id"] == named["id"]


@pytest.mark.usefixtures("with_keys")
def test_pointer_that_leads_nowhere_is_refused_and_named(ask: Ask) -> None:
    options = {"cryptosuite": "ecdsa-sd-2023", "mandatoryPointers": ["/nothing"]}
    answer = ask("/credentials/issue", {"credential": _credential(), "options": options})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["place"] == "/nothing"


@pytest.mark.usefixtures("with_keys")
@pytest.mark.parametrize(
    "options",
    [{"format": "jwt"}, {"cryptosuite": "ecdsa-sd-2023"}, {"cryptosuite": "ecdsa-jcs-2019"}],
)
def test_form_that_wallets_do_not_keep_is_not_offered_to_them(
    ask: Ask, options: JsonObject
) -> None:
    url = "urn:uuid:00000000-0000-4000-8000-000000000002"
    _issued(ask, _credential(id=url), **options)
    answer = ask("/offers", {"credentialId": url})
    # Nobody in this community holds the key; the form is looked at only for members.
    assert answer.status_code == 404


def test_id_that_was_issued_before_is_refused_by_its_name(ask: Ask) -> None:
    named = _credential(id="urn:uuid:00000000-0000-4000-8000-000000000002")
    _issued(ask, named)
    again = ask("/credentials/issue", {"credential": named, "options": {}})
    assert again.status_code == 409
    assert again.json is not None
    assert again.json["place"] == "/id"
    assert "issued before" in again.json["detail"]


def test_status_is_changed_by_the_office_alone(ask: Ask, network: Fetcher) -> None:
    issued = _issued(ask)
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}
    body = {"credentialId": issued["id"], "credentialStatus": entry}
    assert ask("/credentials/status", body, by="").status_code == 401
    assert ask("/credentials/status", body, by="Bearer guessed").status_code == 401
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.VALID
    assert ask("/credentials/status", body).status_code == 200
    step = verify(issued, now=NOW, fetcher=network).step("status")
    assert step is not None
    assert step.code == "suspended"
    assert ask("/credentials/status", {**body, "status": False}).status_code == 200
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.VALID
    revoked = {**body, "credentialStatus": {**entry, "statusPurpose": "revocation"}}
    assert ask("/credentials/status", revoked).status_code == 200
    assert ask("/credentials/status", revoked).status_code == 409
    assert ask("/credentials/status", {**revoked, "status": False}).status_code == 409
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.INVALID
    other = {**body, "credentialStatus": {**entry, "statusPurpose": "message"}}
    assert ask("/credentials/status", other).status_code == 400
    assert ask("/credentials/status", {**body, "credentialId": "urn:x:1"}).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"status": "no"},
        {"status": 0},
        {"status": None},
        {"Status": False},
        {"credentialStatus": {"status": False}},
        {"credentialStatus": {"type": "BitstringStatusList"}},
    ],
    ids=repr,
)
def test_change_of_status_that_is_misspelled_revokes_nothing(
    ask: Ask, network: Fetcher, change: JsonObject
) -> None:
    issued = _issued(ask)
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}
    entry |= change.get("credentialStatus", {})
    body = {"credentialId": issued["id"], **change, "credentialStatus": entry}
    assert ask("/credentials/status", body).status_code == 400
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.VALID


def test_status_is_changed_by_the_entry_that_the_credential_carries(
    ask: Ask, network: Fetcher
) -> None:
    issued = _issued(ask)
    body = {"credentialId": issued["id"], "credentialStatus": issued["credentialStatus"]}
    assert ask("/credentials/status", body).status_code == 200
    assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.INVALID


@pytest.mark.parametrize("path", ["/credentials/issue", "/credentials/status", "/offers"])
def test_stranger_is_turned_away_before_the_body_is_looked_at(ask: Ask, path: str) -> None:
    assert ask(path, {"nonsense": 1}, by="").status_code == 401
    assert ask(path, {"nonsense": 1}).status_code == 400


@pytest.mark.usefixtures("with_keys", "with_rsa")
def test_issuer_has_one_key_of_each_kind_and_all_are_published(
    client: FlaskClient, settings: Settings
) -> None:
    published = client.get("/issuer/university/did.json").json
    assert published is not None
    kinds = [method["type"] for method in published["verificationMethod"]]
    assert sorted(kinds) == ["JsonWebKey", "Multikey", "Multikey", "Multikey"]
    assert len(published["assertionMethod"]) == 4
    history = client.get("/issuer/university/keys.json").json
    assert history is not None
    assert {key["state"] for key in history["keys"]} == {"active"}
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    with pytest.raises(Conflict):
        keys.add("university", KeyKind.RSA, now=NOW)
    with pytest.raises(Conflict):
        keys.add("nobody", KeyKind.RSA, now=NOW)


@pytest.mark.usefixtures("with_keys")
def test_rotating_one_kind_of_key_leaves_the_others_signing(
    ask: Ask, network: Fetcher, settings: Settings
) -> None:
    before = _issued(ask, cryptosuite="ecdsa-rdfc-2019")
    custody = custody_of(settings)
    old = custody.signer_with(DID, KeyKind.P256).verification_method
    made = custody.rotate("issuer-university-p256-1", now=NOW + timedelta(hours=1))
    assert made.verification_method == f"{DID}#p256-2"
    after = _issued(ask, cryptosuite="ecdsa-rdfc-2019")
    assert methods_of(before) == {old}
    assert methods_of(after) == {made.verification_method}
    assert methods_of(_issued(ask)) == {f"{DID}#key-1"}
    for issued in (before, after):
        assert verify(issued, now=NOW, fetcher=network).verdict is Verdict.VALID


def test_operator_adds_a_key_by_command(app: Flask, settings: Settings) -> None:
    environ = {
        "LEARNOMETER_HOME": str(settings.home),
        "LEARNOMETER_MASTER_SECRET": "A" * 43,
        "DATABASE_URL": settings.database_url,
    }
    answer = CliRunner().invoke(main, ["keys", "add", "university", "RSA"], env=environ)
    assert answer.exit_code == 0, answer.output
    assert "issuer-university-rsa-1  active" in answer.output
    again = CliRunner().invoke(main, ["keys", "add", "university", "RSA"], env=environ)
    assert again.exit_code == 1
    assert "has one already" in again.output
