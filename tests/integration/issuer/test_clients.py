"""Programs that may issue: let in by a token of their own, on record, and shut out again."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select
from village import NOW, TENANTS, Village
from werkzeug.test import TestResponse

from issuer.tables.clients import ClientRow
from issuer.tables.credentials import EventRow
from issuer.tenant_keys import TenantKeys
from service.app import create_app
from service.cli import main
from service.custody import custody_of
from service.database import Database
from service.settings import Settings
from vc.documents import JsonObject
from vc.encoding import base64url_encode

DID = "did:web:localhost%3A8000:issuer:university"


@pytest.fixture(name="app")
def _app(
    tmp_path: Path, village: Village, database: Database, monkeypatch: pytest.MonkeyPatch
) -> Flask:
    settings = Settings(
        home=tmp_path,
        roles=frozenset({"issuer"}),
        database_url=database.engine.url.render_as_string(hide_password=False),
        master_secret=bytes(32),
        secret_key="not a secret, only for these tests",
    )
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path))
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", base64url_encode(bytes(32)))
    monkeypatch.setenv("DATABASE_URL", settings.database)
    keys = TenantKeys(custody_of(settings), origin=settings.origin)
    for tenant in TENANTS:
        keys.ensure(tenant, now=NOW)
        village.signers[tenant] = keys.signer(tenant)  # type: ignore[assignment]
    return create_app(settings, clock=lambda: NOW, database=database)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["clients", *arguments])


def _opened(name: str) -> str:
    answer = run("open", "university", name)
    assert answer.exit_code == 0, answer.output
    said, token = answer.output.split("Token: ")
    assert said == f"{name} may issue in the name of university.\n"
    return token.strip()


def _status(app: Flask, token: str, tenant: str = "university", **changes: object) -> int:
    credential: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": DID,
        "credentialSubject": {"id": "did:example:anna"},
        **changes,
    }
    answer = app.test_client().post(
        f"/issuer/{tenant}/credentials/issue",
        json={"credential": credential},
        headers={"Authorization": f"Bearer {token}"},
    )
    return answer.status_code


def test_program_with_a_token_issues_until_it_is_shut_out(app: Flask) -> None:
    first, second = _opened("Student records"), _opened("Alumni office")
    assert [_status(app, token) for token in (first, second)] == [201, 201]
    assert run("close", "university", "Student records").exit_code == 0
    assert [_status(app, token) for token in (first, second)] == [401, 201]
    day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    assert re.fullmatch(
        f"university  Alumni office  opened {day}\n"
        f"university  Student records  opened {day}, closed {day}\n",
        run("list").output,
    )


def test_program_finds_again_what_it_had_signed_and_nothing_else(app: Flask) -> None:
    first, second = _opened("Student records"), _opened("Alumni office")
    own, other = "urn:uuid:00000000-0000-4000-8000-00000000000a", "https://a.example/credentials/1"
    assert _status(app, first, id=own) == _status(app, second, id=other) == 201

    def found(token: str, credential_id: str, tenant: str = "university") -> TestResponse:
        return app.test_client().get(
            f"/issuer/{tenant}/credentials/{quote(credential_id, safe='')}",
            headers={"Authorization": f"Bearer {token}"},
        )

    for token, credential_id in ((first, own), (second, other)):
        answer = found(token, credential_id)
        assert answer.json["verifiableCredential"]["id"] == credential_id
        assert "proof" in answer.json["verifiableCredential"]
        assert answer.headers["Cache-Control"] == "no-store"
    assert found(first, other).status_code == found(second, own).status_code == 404
    assert found(first, "urn:x:none").status_code == found(first, "issue").status_code == 404
    assert found("nobody's", own).status_code == 401
    assert found(first, own, tenant="learnometer").status_code == 401


def test_who_asked_for_a_credential_is_on_record_and_the_token_nowhere(
    app: Flask, database: Database
) -> None:
    token = _opened("Student records")
    assert _status(app, token) == 201
    with database.sessions() as session:
        events = session.scalars(select(EventRow).order_by(EventRow.id)).all()
        facts = [str(event.detail) for event in events]
        rows = session.scalars(select(ClientRow)).all()
    assert sum("Student records" in fact for fact in facts) == 2
    assert token not in str([[vars(row) for row in rows], facts])


@pytest.mark.parametrize("token", ["", "x", "ü", "0" * 64, "A" * 5000])
def test_token_of_nobody_is_refused(app: Flask, token: str) -> None:
    assert _status(app, token) == 401


def test_token_of_one_issuer_opens_no_other(app: Flask) -> None:
    token = _opened("Student records")
    assert _status(app, token, tenant="learnometer") == 401
    assert _status(app, token, tenant="nobody") == 401
    assert _status(app, token, issuer="did:web:localhost%3A8000:issuer:learnometer") == 403


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("open", "nobody", "Records"), 1, "There is no such tenant"),
        (("open", "learnometer", "Records"), 1, "its members decide"),
        (("open", "university", ""), 2, "1 to 80 characters"),
        (("open", "university", " "), 2, "1 to 80 characters"),
        (("open", "university", "a\nb"), 2, "1 to 80 characters"),
        (("open", "university", "a" * 81), 2, "1 to 80 characters"),
        (("open", "university", "degree office"), 1, "has or had a client named degree office"),
        (("close", "university", "Records"), 1, "has no client named Records"),
    ],
)
def test_client_that_cannot_be_is_refused_in_a_sentence(
    app: Flask, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    del app
    answer = run(*arguments)
    assert answer.exit_code == code
    assert sentence in answer.output
    assert "Traceback" not in answer.output
    assert run("list").output == "There are no clients yet.\n"


def test_name_is_never_used_again(app: Flask) -> None:
    del app
    _opened("Records")
    assert "has or had a client" in run("open", "university", "Records").output
    assert run("close", "university", "Records").exit_code == 0
    assert "was closed on" in run("close", "university", "Records").output
    assert "has or had a client" in run("open", "university", "Records").output
