"""Reaching a service beside us, over a real socket on this machine."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from werkzeug import Request, Response
from werkzeug.serving import make_server

from service.fetchers import Gateway
from vc.errors import Unavailable
from vc.fetch import LARGEST_DOCUMENT

ORIGIN = "https://learnometer.example.org"


@Request.application
def echo(request: Request) -> Response:
    """Says what it was asked; a few paths misbehave."""
    if request.path == "/moved":
        return Response(status=302, headers={"Location": "http://127.0.0.1:1/"})
    if request.path == "/large":
        return Response(b"a" * (1_048_576 + 1))
    said = [request.method, request.full_path, request.host, request.headers["X-Forwarded-Proto"]]
    return Response("\n".join([*said, request.get_data(as_text=True)]), 201)


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    server: Any = make_server("127.0.0.1", 0, echo, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Gateway(f"http://127.0.0.1:{server.server_port}", ORIGIN)
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_service_beside_us_is_asked_under_our_own_name(gateway: Gateway) -> None:
    answer = gateway.send("POST", f"{ORIGIN}/degree/a?b=c", headers={}, body=b"body")
    assert answer.status == 201
    assert answer.body.decode().split("\n") == [
        "POST", "/degree/a?b=c", "learnometer.example.org", "https", "body"
    ]  # fmt: skip


def test_a_redirect_of_a_service_beside_us_is_an_answer(gateway: Gateway) -> None:
    assert gateway.send("GET", f"{ORIGIN}/moved", headers={}).status == 302


def test_an_answer_beyond_the_limit_is_not_taken(gateway: Gateway) -> None:
    bounded = replace(gateway, largest=LARGEST_DOCUMENT)
    with pytest.raises(Unavailable):
        bounded.send("GET", f"{ORIGIN}/large", headers={})
    assert len(gateway.send("GET", f"{ORIGIN}/large", headers={}).body) > LARGEST_DOCUMENT


def test_a_service_that_is_down_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        Gateway("http://127.0.0.1:1", ORIGIN).send("GET", f"{ORIGIN}/degree/", headers={})


@pytest.mark.parametrize(
    "path", ["/degree/\u00e9", "/degree/\ud800", "/a b", "/a\r\nHost: b", "/\0"]
)
def test_an_address_that_cannot_be_written_as_a_request_is_unavailable(
    gateway: Gateway, path: str
) -> None:
    with pytest.raises(Unavailable):
        gateway.send("GET", ORIGIN + path, headers={})
