"""The issuer over HTTP: a wallet fetches and verifies, offices and judges are let in by token."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from village import NOW, ORIGIN, TENANTS, Village

from issuer.oid4vci import offer
from issuer.peers.ballots import Answer, Mark
from issuer.tenant_keys import TenantKeys
from keys.custody import Custody
from openid4vc.exchange import FORM, JSON
from openid4vc.exchange import Answer as HttpAnswer
from openid4vc.issuance.credential import credential_request, read_credential_response
from openid4vc.issuance.metadata import fetch_issuer_metadata, fetch_token_endpoint
from openid4vc.issuance.offer import offer_by_value, read_offer_uri
from openid4vc.issuance.proof import make_proof
from openid4vc.issuance.token import read_nonce_response, read_token_response, token_request
from service.app import create_app
from service.database import Database
from service.fetchers import Loopback
from service.mounts import ISSUE_FOR_THE_UNIVERSITY
from service.settings import Settings
from vc.encoding import digest_multibase
from vc.fetch import Fetched
from vc.issue import issue
from vc.jose import sign_compact
from vc.logged import document_leaf
from vc.model import Verdict
from vc.verify import verify


class Network:
    """Our own origin, reached in process: what a wallet and a verifier would see."""

    def __init__(self, app: Flask) -> None:
        self._loopback = Loopback(app, ORIGIN)

    def send(self, method: str, url: str, *, headers: Any, body: bytes = b"") -> HttpAnswer:
        return self._loopback.send(method, url, headers=headers, body=body)

    def get(self, url: str, *, accept: str) -> Fetched:
        answer = self.send("GET", url.replace("https://", "http://"), headers={"accept": accept})
        assert answer.status == 200, url
        return Fetched(url, answer.body, answer.headers["content-type"])


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(
        home=tmp_path,
        roles=frozenset({"issuer"}),
        master_secret=bytes(32),
        secret_key="not a secret, only for these tests",
    )


@pytest.fixture
def app(settings: Settings, village: Village, database: Database) -> Flask:
    keys = TenantKeys(Custody(settings.keys_folder, settings.seal()), origin=ORIGIN)
    for tenant in TENANTS:
        keys.ensure(tenant, now=NOW)
        village.signers[tenant] = keys.signer(tenant)  # type: ignore[assignment]
    return create_app(settings, clock=lambda: NOW, database=database)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def fetched(network: Network, uri: str, signer: Any) -> dict[str, Any]:
    """What a wallet does with an offer, step by step."""
    offered = read_offer_uri(uri, http=network)
    metadata = fetch_issuer_metadata(offered.credential_issuer, http=network)
    endpoint = fetch_token_endpoint(metadata.authorization_server, http=network)
    form = token_request(offered.pre_authorized_code)
    token = read_token_response(network.send("POST", endpoint, headers=FORM, body=form))
    assert metadata.nonce_endpoint is not None
    nonce = read_nonce_response(network.send("POST", metadata.nonce_endpoint, headers=JSON))
    proof = make_proof(signer=signer, audience=offered.credential_issuer, nonce=nonce, now=NOW)
    body = json.dumps(credential_request(offered.configuration_ids[0], proof=proof)).encode()
    headers = {**JSON, "authorization": f"Bearer {token}"}
    return read_credential_response(
        network.send("POST", metadata.credential_endpoint, headers=headers, body=body)
    )


def test_wallet_fetches_a_badge_that_verifies_over_http(app: Flask, village: Village) -> None:
    network = Network(app)
    made = village.offers.offer(credential_id=village.badge(), person_id="north1", now=NOW)
    uri = offer_by_value(offer(made, origin=ORIGIN))
    badge = fetched(network, uri, village.wallets["north1"])
    report = verify(badge, now=NOW, fetcher=network)
    assert report.verdict is Verdict.VALID, report.steps


def test_proof_without_a_fresh_nonce_is_refused(app: Flask, village: Village) -> None:
    network = Network(app)
    made = village.offers.offer_card(person_id="north1", now=NOW)
    token = village.offers.redeem("learnometer", made.code, now=NOW)
    issuer = f"{ORIGIN}/issuer/learnometer"
    proof = make_proof(signer=village.wallets["north1"], audience=issuer, nonce="invented", now=NOW)
    answer = network.send(
        "POST",
        f"{issuer}/credential",
        headers={**JSON, "authorization": f"Bearer {token}"},
        body=json.dumps(credential_request("MembershipCard", proof=proof)).encode(),
    )
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_nonce")


def test_unknown_code_is_an_invalid_grant(client: FlaskClient) -> None:
    form = token_request("guessed")
    answer = client.post("/issuer/learnometer/token", data=form, headers=FORM)
    assert (answer.status_code, answer.json["error"]) == (400, "invalid_grant")  # type: ignore[index]


def test_credential_without_a_token_is_refused(client: FlaskClient) -> None:
    answer = client.post("/issuer/learnometer/credential", json={})
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]


def test_issuer_that_does_not_exist_has_no_documents(client: FlaskClient) -> None:
    for path in (
        "/issuer/nobody/did.json",
        "/.well-known/openid-credential-issuer/issuer/nobody",
        "/issuer/nobody/status/nobody-revocation-1",
    ):
        assert client.get(path).status_code == 404


def test_anybody_can_follow_the_log_over_http(client: FlaskClient, village: Village) -> None:
    leaf = document_leaf(village.document(village.badge())).hex()
    log = "/issuer/learnometer/log"
    note = client.get(f"{log}/checkpoint")
    assert (note.status_code, note.mimetype) == (200, "text/plain")
    for path in (f"entries/{leaf}", "growth/1"):
        answer = client.get(f"{log}/{path}")
        assert answer.get_json()["checkpoint"] == note.text, path
    assert client.get(f"{log}/entries/{'0' * 64}").status_code == 404
    assert client.get(f"{log}/growth/9").status_code == 400


def test_university_signs_only_for_its_degree_office(
    client: FlaskClient, app: Flask, settings: Settings
) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:localhost%3A8000:issuer:university",
        "credentialSubject": {"id": "did:example:graduate"},
    }
    path, body = "/issuer/university/credentials/issue", {"credential": document}
    assert client.post(path, json=body).status_code == 401
    wrong = {"Authorization": "Bearer guessed"}
    assert client.post(path, json=body, headers=wrong).status_code == 401
    token = settings.seal().token(purpose=ISSUE_FOR_THE_UNIVERSITY)
    right = {"Authorization": f"Bearer {token}"}
    community = path.replace("university", "learnometer")
    assert client.post(community, json=body, headers=right).status_code == 401
    answer = client.post(path, json=body, headers=right)
    assert answer.status_code == 201
    signed = answer.json["verifiableCredential"]  # type: ignore[index]
    assert verify(signed, now=NOW, fetcher=Network(app)).verdict is Verdict.VALID
    for odd in ({"credentialSubject": []}, {"type": [[]]}, {"type": 1}, {"id": {"id": 5}}):
        broken = {"credential": {**document, **odd}}
        assert client.post(path, json=broken, headers=right).status_code == 400


def test_every_digest_of_a_badge_is_that_of_what_is_published(
    client: FlaskClient, village: Village
) -> None:
    document = village.document(village.badge())
    for resource in document["relatedResource"]:
        answer = client.get(urlsplit(resource["id"]).path)
        assert digest_multibase(answer.data) == resource["digestMultibase"]
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_evidence_stays_closed_until_a_badge_names_it(
    client: FlaskClient, village: Village
) -> None:
    village.handed_in(village.found_at_level())
    digest = village.evidence("north1")[0].digest
    assert client.get(f"/issuer/learnometer/evidence/{digest}").status_code == 404


def signed_at(client: FlaskClient, url: str, wallet: Any, *, by: Any = None) -> Any:
    """What the judge's wallet does with a ballot's address; `by` signs it in the wallet's place."""
    asked = client.get(urlsplit(url).path).json
    assert asked is not None
    claims = asked["claims"]
    if claims.get("endorsement"):
        claims["endorsement"] = issue(claims["endorsement"], signer=wallet, created=NOW)
    payload = json.dumps(claims).encode()
    jws = sign_compact({"typ": "ballot+jwt"}, payload, signer=by or wallet)
    return client.post(urlsplit(asked["response_uri"]).path, data={"ballot": jws})


def test_judges_wallet_signs_the_ballots_that_the_pages_prepared(
    client: FlaskClient, village: Village
) -> None:
    activity = village.activity()
    url = village.requests.prepare_level(
        activity_id=activity,
        person_id="north2",
        answers=dict.fromkeys(("inquiry", "evidence"), Answer.YES),
        verdict=Answer.YES,
        now=NOW,
    )
    answer = signed_at(client, url, village.wallets["north2"])
    assert answer.json == {"redirect_uri": f"{ORIGIN}/issuer/learnometer/activities/{activity}"}
    assert client.get(urlsplit(url).path).status_code == 410


def test_ballot_signed_elsewhere_is_not_cast_at_an_address_laid_out_for_another(
    client: FlaskClient, village: Village
) -> None:
    activity = village.activity()
    url = village.requests.prepare_level(
        activity_id=activity,
        person_id="north2",
        answers=dict.fromkeys(("inquiry", "evidence"), Answer.YES),
        verdict=Answer.YES,
        now=NOW,
    )
    for stolen in (
        village.level_ballot(activity, "north3", Answer.NO),
        village.level_ballot(activity, "north2", Answer.NO),
    ):
        assert client.post(urlsplit(url).path, data={"ballot": stolen}).status_code == 400
    assert client.get(urlsplit(url).path).status_code == 200


def test_panel_ballot_prepared_for_one_judge_is_not_taken_from_another(
    client: FlaskClient, village: Village
) -> None:
    contribution = village.handed_in(village.found_at_level())
    seats = village.lottery.draw(contribution_id=contribution, now=NOW).seats
    judge, other = seats[0].judge, seats[1].judge
    given = village.panels.paper(contribution_id=contribution, judge_id=judge, now=NOW)
    marks = [
        Mark(
            criterion=criterion.id,
            level="capable",
            evidence=given.paper.evidence[0],
            anchor="the table on the second page",
        )
        for criterion in given.paper.rubric.criteria
    ]
    url = village.requests.prepare_panel(
        contribution_id=contribution,
        judge_id=judge,
        marks=marks,
        verdict=Answer.YES,
        feedback="",
        comment="I learned from it.",
        now=NOW,
    )
    asked = client.get(urlsplit(url).path).json
    assert asked is not None
    said = asked["claims"]["endorsement"]["credentialSubject"]["endorsementComment"]
    assert said == "I learned from it."
    stolen = signed_at(client, url, village.wallets[judge], by=village.wallets[other])
    assert stolen.status_code == 400
    assert signed_at(client, url, village.wallets[judge]).status_code == 200
