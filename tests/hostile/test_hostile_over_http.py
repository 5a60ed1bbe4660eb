"""The page and the API say of each hostile file what the verifier says, and break over none."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from openid4vc.exchange import Answer
from service.app import create_app
from service.settings import Settings
from vc.errors import Unavailable
from vc.model import instant

FOLDER = Path(__file__).parent
INDEX: dict[str, Any] = json.loads((FOLDER / "index.json").read_bytes())
NOW = instant(INDEX["now"], place="/now")
FAMILIES = sorted({case["file"].partition("/")[0] for case in INDEX["cases"]})


@dataclass
class Elsewhere:
    """The rest of the web: what the corpus has published, and nothing else."""

    documents: dict[str, bytes]

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        if url not in self.documents:
            raise Unavailable("unreachable", f"{url} did not answer.")
        return Answer(200, {"content-type": "application/json"}, self.documents[url])


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    published = INDEX["published"].items()
    documents = {url: (FOLDER / place).read_bytes() for url, place in published}
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        master_secret=bytes(32),
        secret_key="x" * 32,
        roles=frozenset({"verifier"}),
    )
    outside: Any = Elsewhere(documents)
    app = create_app(settings, clock=lambda: NOW, outside=outside)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def of(family: str) -> list[dict[str, str]]:
    return [case for case in INDEX["cases"] if case["file"].startswith(f"{family}/")]


def handed_over(client: FlaskClient, case: dict[str, str], *, accept: str) -> TestResponse:
    """The answer to the file in the page's form."""
    name = Path(case["file"]).name
    head = (
        f'--x-of-a-form\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    )
    body = head.encode() + (FOLDER / case["file"]).read_bytes() + b"\r\n--x-of-a-form--\r\n"
    kind = "multipart/form-data; boundary=x-of-a-form"
    return client.post("/verifier/", data=body, content_type=kind, headers={"accept": accept})


def against(steps: list[dict[str, str]]) -> tuple[str, str]:
    found = [
        step for outcome in ("fail", "unknown") for step in steps if step["outcome"] == outcome
    ]
    return (found[0]["name"], found[0]["code"]) if found else ("", "")


@pytest.mark.parametrize("family", FAMILIES)
def test_the_page_meets_the_same_check_in_every_file(family: str, client: FlaskClient) -> None:
    for case in of(family):
        answer = handed_over(client, case, accept="application/json")
        assert answer.status_code == 200, (case, answer.text[:200])
        assert answer.json is not None
        assert against(answer.json["steps"]) == (case["step"], case["code"]), case
        assert (answer.json["verdict"] == "valid") is (case["verdict"] == "valid"), case


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"png", "svg", "token"}))
def test_the_api_accepts_no_file_and_breaks_over_none(family: str, client: FlaskClient) -> None:
    for case in of(family):
        content = (FOLDER / case["file"]).read_bytes()
        for path, member in {
            "/verifier/credentials/verify": b"verifiableCredential",
            "/verifier/presentations/verify": b"verifiablePresentation",
        }.items():
            body = b'{"%s": %s}' % (member, content)
            answer = client.post(path, data=body, content_type="application/json")
            valid = case["verdict"] == "valid" and member == b"verifiableCredential"
            assert answer.status_code == 200 if valid else answer.status_code in (400, 413, 422), (
                case,
                answer.status_code,
                answer.text[:200],
            )


@pytest.mark.parametrize("family", FAMILIES)
def test_a_page_for_people_is_made_of_every_file(family: str, client: FlaskClient) -> None:
    for case in of(family):
        page = handed_over(client, case, accept="text/html")
        assert page.status_code == 200, case
        assert "<script" not in page.text
