"""The JSON of requests is read as strictly as that of files, on every way into a view."""

from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from vc.errors import Malformed

NOT_ONE_READING = {
    "a key twice": (b'{"verifiableCredential": {"a": 1, "a": 2}}', "json-duplicate-key"),
    "a key twice at the top": (
        b'{"verifiableCredential": {}, "verifiableCredential": {}}',
        "json-duplicate-key",
    ),
    "no number": (b'{"verifiableCredential": {"a": NaN}}', "json-number"),
    "half a character": (b'{"verifiableCredential": {"a": "\\ud800"}}', "json-surrogate"),
    "too deep": (b'{"verifiableCredential": ' + b'{"a":' * 100_000, "json-depth"),
    "another encoding": (b'{"verifiableCredential": "\xff"}', "json-utf8"),
    "no object": (b"[]", "json-object"),
    "no JSON": (b"{", "json"),
}


@pytest.fixture(name="client")
def _client(tmp_path: Path) -> FlaskClient:
    settings = Settings(
        home=tmp_path,
        master_secret=bytes(32),
        secret_key="s" * 32,
        roles=frozenset({"verifier"}),
    )
    return create_app(settings).test_client()


@pytest.mark.parametrize(("body", "code"), NOT_ONE_READING.values(), ids=NOT_ONE_READING)
def test_what_two_readers_could_read_differently_reaches_no_route_of_the_api(
    client: FlaskClient, body: bytes, code: str
) -> None:
    for path in ("/verifier/credentials/verify", "/verifier/presentations/verify"):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json is not None
        assert answer.json["title"] == code


@pytest.mark.parametrize(("body", "code"), NOT_ONE_READING.values(), ids=NOT_ONE_READING)
def test_nor_a_view_that_reads_the_request_itself(
    client: FlaskClient, body: bytes, code: str
) -> None:
    """Flask gives each request a reader of its own, which takes all of these."""
    made = client.application.test_request_context(
        "/", method="POST", data=body, content_type="application/json"
    )
    with made, pytest.raises(Malformed) as refusal:
        request.get_json()
    assert refusal.value.code == code
