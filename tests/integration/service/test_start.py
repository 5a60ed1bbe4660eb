"""What a service does before its first request, and what it does without its database."""

import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from village import NOW, ORIGIN, Village

from accounts.guard import allow
from issuer.tables.credentials import CredentialRow
from issuer.tenant_keys import TenantKeys
from keys.custody import Custody
from keys.sealing import Seal
from service.app import create_app
from service.database import Database, connect, upgrade
from service.settings import Settings, keep_master_secret
from service.start import start
from vc.encoding import base64url_encode
from vc.errors import Conflict, Unavailable

ROOT = Path(__file__).parents[3]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path, origin=ORIGIN, master_secret=bytes(32), secret_key="s" * 32)


@pytest.fixture
def village(settings: Settings) -> Village:
    """A village in the database of `settings`, whose issuers have their keys at home."""
    upgrade(settings.database)
    village = Village(connect(settings.database))
    keys = TenantKeys(Custody(settings.keys_folder, settings.seal()), origin=ORIGIN)
    for tenant in ("learnometer", "university"):
        keys.ensure(tenant, now=NOW)
        village.signers[tenant] = keys.signer(tenant)  # type: ignore[assignment]
    return village


def unsign(village: Village, credential: str) -> str:
    """As after a crash between the record and the signature; the signed text is the result."""
    with village.store.ledger() as ledger:
        row = ledger.get(CredentialRow, credential)
        signed, row.signed = row.signed, None
    assert signed
    return signed


def signed(village: Village, credential: str) -> str | None:
    with village.store.ledger() as ledger:
        return ledger.get(CredentialRow, credential).signed


def test_a_badge_that_a_crash_left_unsigned_is_signed_at_the_start(
    settings: Settings, village: Village
) -> None:
    badge = village.badge()
    before = unsign(village, badge)
    start(replace(settings, roles=frozenset({"issuer"})))
    assert signed(village, badge) == before


def test_a_credential_that_cannot_be_signed_keeps_no_other_one_waiting(
    settings: Settings, village: Village, caplog: pytest.LogCaptureFixture
) -> None:
    badge = village.badge()
    before = unsign(village, badge)
    with village.store.ledger() as ledger:
        ledger.add(
            CredentialRow(
                id="0" * 32,
                tenant_id="learnometer",
                url="urn:x",
                kind="VerifiableCredential",
                name="",
                subject="",
                unsigned="{}",
                created_at=NOW,
            )
        )
    with caplog.at_level(logging.ERROR):
        start(settings)
    assert signed(village, badge) == before
    assert signed(village, "0" * 32) is None
    assert f"credential {'0' * 32} stays unsigned" in caplog.text


def test_a_service_starts_before_its_database(settings: Settings) -> None:
    url = "postgresql+psycopg://learnometer:hunter22@127.0.0.1:1/none"
    answer = (
        start(replace(settings, database_url=url)).test_client().get("/issuer/learnometer/did.json")
    )
    assert answer.status_code == 503
    assert "hunter22" not in answer.text


def test_keys_of_another_origin_are_refused(settings: Settings, village: Village) -> None:
    with pytest.raises(Conflict, match="belong to did:web:localhost%3A8000:issuer:learnometer"):
        start(replace(settings, origin="https://learnometer.example"))


def test_keys_under_another_master_secret_are_refused(settings: Settings, village: Village) -> None:
    for roles in ({"issuer"}, {"degree"}):
        with pytest.raises(Unavailable, match="does not open with this master secret"):
            start(replace(settings, master_secret=bytes(31) + b"x", roles=frozenset(roles)))


BEGIN = """
import sys
from pathlib import Path
from service.app import create_app
from service.settings import Settings, keep_master_secret

home = Path(sys.argv[1])
master = keep_master_secret(home)
settings = Settings(
    home=home, origin=sys.argv[2], master_secret=master, roles=frozenset({"degree", "wallet"})
)
create_app(settings)
print(master.hex(), settings.cookie_secret())
"""


def test_secrets_and_keys_are_made_once_however_many_start_together(tmp_path: Path) -> None:
    command = [sys.executable, "-c", BEGIN, str(tmp_path), ORIGIN]
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    together = [
        subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(4)
    ]
    answers = {one.communicate(timeout=120)[0] for one in together}
    assert len(answers) == 1
    assert answers.pop()
    assert [one.returncode for one in together] == [0] * 4
    (key,) = Custody(tmp_path / "keys", Seal(keep_master_secret(tmp_path))).list()
    assert key.name == "degree"


def test_gunicorn_is_told_in_one_sentence_what_is_wrong_and_tries_no_more(tmp_path: Path) -> None:
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LEARNOMETER_HOME": str(tmp_path),
        "LEARNOMETER_ROLES": "janitor",
        "LEARNOMETER_MASTER_SECRET": base64url_encode(bytes(32)),
    }
    done = subprocess.run(
        [sys.executable, "-c", "import service.wsgi"],
        env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Error: LEARNOMETER_ROLES: janitor is not among the roles")


@pytest.fixture
def mortal(database: Database, settings: Settings) -> Flask:
    """An application on PostgreSQL with a page in whose middle the connection is cut."""
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no connection that a server could cut")
    app = create_app(settings, database=database)

    @app.get("/cut")
    @allow("anyone")
    def cut() -> str:
        with database.sessions.begin() as session:
            session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        return "served"

    @app.get("/whole")
    @allow("anyone")
    def whole() -> str:
        with database.sessions.begin() as session:
            return str(session.scalar(text("SELECT 42")))

    return app


def test_a_connection_cut_in_mid_request_is_503_and_the_next_request_is_served(
    mortal: Flask,
) -> None:
    client = mortal.test_client()
    assert client.get("/whole").text == "42"
    refused = client.get("/cut")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert client.get("/whole").text == "42"


def test_connections_cut_between_requests_are_not_noticed(
    mortal: Flask, database: Database
) -> None:
    client = mortal.test_client()
    assert client.get("/whole").text == "42"
    pid = text("SELECT pg_backend_pid()")
    with database.engine.connect() as idle:
        number = idle.scalar(pid)
    other = connect(database.engine.url.render_as_string(hide_password=False))
    with other.engine.begin() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid, 2000)"), {"pid": number})
    other.close()
    assert client.get("/whole").text == "42"
