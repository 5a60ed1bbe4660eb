"""Which way an address is read: in process, through the gateway, or from the outside."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from openid4vc.exchange import Answer
from service.fetchers import Loopback, Web
from vc.errors import Unavailable
from vc.fetch import LARGEST_LIST

ORIGIN = "https://learnometer.example.org"
AUTHORITY = "learnometer.example.org"


@dataclass
class Way:
    """Answers everything and keeps what it was asked."""

    asked: list[str] = field(default_factory=list)

    def send(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b"") -> Any:
        self.asked.append(url)
        return Answer(200, {"content-type": "application/json; charset=utf-8"}, b"{}")


def web(*roles: str, gateway: Way | None = None) -> tuple[Web, Way, Way]:
    inside, outside = Way(), Way()
    made: Any = Web(
        authority=AUTHORITY,
        roles=frozenset(roles),
        loopback=inside,  # type: ignore[arg-type]
        outside=outside,  # type: ignore[arg-type]
        gateway=gateway,  # type: ignore[arg-type]
    )
    return made, inside, outside


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_our_own_origin_is_read_in_process_under_either_scheme(scheme: str) -> None:
    reader, inside, outside = web("issuer")
    reader.get(f"{scheme}://{AUTHORITY}/issuer/a/did.json", accept="application/json")
    assert (len(inside.asked), outside.asked) == (1, [])


@pytest.mark.parametrize(
    "url",
    [
        "https://learnometer.example.org.evil.example/issuer/a/did.json",
        "https://learnometer.example.org:8443/issuer/a/did.json",
        "https://learnometer.example.org@evil.example/",
        "https://learnometer.example.org",
        "ftp://learnometer.example.org/",
    ],
)
def test_what_only_looks_like_our_origin_goes_to_the_outside(url: str) -> None:
    reader, inside, outside = web("issuer")
    reader.send("GET", url, headers={})
    assert (inside.asked, outside.asked) == ([], [url])


@pytest.mark.parametrize(
    ("path", "asked_inside"),
    [
        ("/issuer/a/did.json", 1),
        ("/.well-known/openid-credential-issuer/issuer/a", 1),
        ("/degree/did.json", 0),
        ("/.well-known/openid-credential-issuer/degree", 0),
    ],
)
def test_a_path_of_another_role_goes_to_the_gateway(path: str, asked_inside: int) -> None:
    beside = Way()
    reader, inside, _ = web("issuer", gateway=beside)
    reader.send("GET", ORIGIN + path, headers={})
    assert (len(inside.asked), len(beside.asked)) == (asked_inside, 1 - asked_inside)


def test_the_loopback_passes_method_query_headers_and_body() -> None:
    seen: dict[str, Any] = {}

    def application(environ: Any, start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("201 Created", [("Content-Type", "application/json"), ("X-A", "b")])
        return [b"{}"]

    answer = Loopback(application, ORIGIN).send(
        "POST", f"{ORIGIN}/a%20b?c=d%26", headers={"Authorization": "Bearer t"}, body=b"body"
    )
    assert (answer.status, answer.headers["x-a"], answer.body) == (201, "b", b"{}")
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == (
        "POST",
        "/a b",
        "c=d%26",
    )
    assert (seen["HTTP_AUTHORIZATION"], seen["body"]) == ("Bearer t", b"body")
    assert (seen["HTTP_HOST"], seen["wsgi.url_scheme"]) == (AUTHORITY, "https")


@pytest.mark.parametrize(
    "answer",
    [
        Answer(404, {"content-type": "application/json"}, b"{}"),
        Answer(302, {"content-type": "application/json"}, b""),
        Answer(200, {"content-type": "text/html"}, b"<p>"),
        Answer(200, {}, b"{}"),
    ],
)
def test_a_document_that_did_not_come_as_one_is_unavailable(answer: Answer) -> None:
    reader, inside, _ = web("issuer")
    inside.send = lambda *_args, **_named: answer  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        reader.get(f"{ORIGIN}/issuer/a/did.json", accept="application/json")


@pytest.mark.parametrize(("size", "comes"), [(LARGEST_LIST, True), (LARGEST_LIST + 1, False)])
def test_our_own_services_may_answer_with_a_long_list(size: int, *, comes: bool) -> None:
    def application(environ: Any, start: Any) -> list[bytes]:
        start("200 OK", [("Content-Type", "application/json")])
        return [b"x" * size]

    inside = Loopback(application, ORIGIN)
    if comes:
        assert len(inside.send("GET", ORIGIN, headers={}).body) == size
    else:
        with pytest.raises(Unavailable):
            inside.send("GET", ORIGIN, headers={})
