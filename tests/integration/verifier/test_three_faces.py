"""One judge with three faces: the page, the command and the VC-API give one verdict."""

import io
import json
from pathlib import Path

import pytest
from campus import NOW
from click.testing import CliRunner
from flask.testing import FlaskClient
from wallet_site import Elsewhere

from keys.sealing import MASTER_BYTES
from openid4vc.exchange import Answer
from service.app import create_app
from service.cli import main
from service.commands import verify
from service.settings import Settings
from vc.errors import Unavailable


class Silence(Elsewhere):
    """An outside in which nobody answers, so that all three ask the same web."""

    def __init__(self) -> None:
        pass

    def send(self, method: str, url: str, **_: object) -> Answer:
        raise Unavailable("unreachable", f"{url} could not be read.")


def _published(vectors: Path) -> list[Path]:
    folders = ("1edtech/valid", "1edtech/invalid", "openbadges/higher-education", "openbadges")
    found = [path for folder in folders for path in sorted((vectors / folder).iterdir())]
    found = [path for path in found if path.suffix in {".json", ".png", ".svg", ".1ob", ".jwt"}]
    return [*found, *filter(_is_signed, sorted((vectors / "w3c").rglob("*.json")))]


def _is_signed(path: Path) -> bool:
    content = json.loads(path.read_bytes())
    return isinstance(content, dict) and {"@context", "proof"} <= content.keys()


@pytest.fixture(name="client")
def _client(tmp_path: Path) -> FlaskClient:
    settings = Settings(
        home=tmp_path / "home",
        master_secret=bytes(MASTER_BYTES),
        secret_key="x" * 32,
        roles=frozenset({"verifier"}),
    )
    app = create_app(settings, clock=lambda: NOW, outside=Silence())
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_page_command_and_api_agree_on_every_published_credential(
    client: FlaskClient, vectors: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "none"))
    monkeypatch.setattr(verify, "utc_now", lambda: NOW)
    monkeypatch.setattr(verify, "Outside", Silence)
    paths = _published(vectors)
    assert len(paths) > 60
    verdicts = set()
    for path in paths:
        content = path.read_bytes()
        accept = {"Accept": "application/json"}
        page = client.post("/verifier/", data={"file": (io.BytesIO(content), "f")}, headers=accept)
        said = CliRunner().invoke(main, ["verify", "--json", str(path)])
        by_command = json.loads(said.output)
        assert page.json is not None, path
        assert page.json["steps"] == by_command["steps"], path
        assert page.json["verdict"] == by_command["verdict"], path
        assert said.exit_code == {"valid": 0, "invalid": 1}.get(page.json["verdict"], 2), path
        verdicts.add(page.json["verdict"])
        if path.suffix == ".json":
            body = {"verifiableCredential": json.loads(content)}
            by_api = client.post("/verifier/credentials/verify", json=body)
            assert by_api.json is not None, path
            assert by_api.json["results"]["verdict"] == page.json["verdict"], path
            assert by_api.status_code == (200 if page.json["verdict"] == "valid" else 400), path
    assert verdicts >= {"invalid", "could not be checked"}
