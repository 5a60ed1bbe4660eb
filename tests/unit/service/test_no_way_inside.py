"""No payload makes this program connect to an address that is not public: asserted on the socket.

Two witnesses: the interpreter's own report of every connection, and a stand-in for the last step
before the network, which keeps the address that the real code would have connected to.
"""

import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from campus import NOW, Campus
from ed25519_keys import signer
from payloads import PRIVATE_ADDRESSES, REFUSED_URLS
from sockets import watched

from service import outside
from service.addresses import is_public
from service.fetchers import Loopback, Web
from service.outside import Outside
from vc.documents import JsonObject
from vc.errors import Unavailable
from vc.model import Verdict
from vc.proofs import eddsa_jcs_2022
from vc.verify import verify

PUBLIC, OTHER = "93.184.216.34", "2606:4700::1111"
URL = "https://badges.example.org/did.json"
TLS = ssl.create_default_context()  # once: it reads every authority that there is
Resolve = Callable[[str], list[str]]


@pytest.fixture
def dialled(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that would have been connected to; each refuses, as a closed port does."""
    kept: list[str] = []

    def refuse(_: socket.socket, address: Any) -> None:
        kept.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    with watched() as attempts:
        yield kept
    assert attempts == []


def web(resolve: Resolve | None = None) -> Web:
    """The fetcher of the command line, with the real socket behind it."""
    outside = Outside(resolve=resolve, patience=2.0, tls=TLS)
    return Web(authority="", roles=frozenset(), loopback=None, outside=outside)


def test_the_witness_sees_what_is_connected_to() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, watched() as attempts:
        socket.create_connection(server.getsockname()).close()
    assert [host for host, _ in attempts] == ["127.0.0.1"]


@pytest.mark.parametrize("url", REFUSED_URLS.values(), ids=REFUSED_URLS)
def test_no_payload_is_resolved_or_connected_to(url: str, dialled: list[str]) -> None:
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    with pytest.raises(Unavailable):
        web(resolve).get(url, accept="application/json")
    assert asked == dialled == []


def test_an_ordinary_name_is_connected_to_at_the_address_that_was_checked(
    dialled: list[str],
) -> None:
    with pytest.raises(Unavailable):
        web(lambda _: [PUBLIC, OTHER]).get(URL, accept="application/json")
    assert dialled == [PUBLIC]


INSIDE = [address for address in PRIVATE_ADDRESSES if address]
# What a resolver never says, and a careless one might let through as an address.
NO_ADDRESSES = [
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.1",
    "localhost",
    "127.0.0.1\0",
    " ::1",
]


@pytest.mark.parametrize("address", [*INSIDE, *NO_ADDRESSES])
@pytest.mark.parametrize("before", [[], [PUBLIC], [PUBLIC] * 100])
@pytest.mark.parametrize("after", [[], [OTHER]])
def test_a_name_with_any_inner_address_among_its_answers_is_left(
    address: str, before: list[str], after: list[str], dialled: list[str]
) -> None:
    with pytest.raises(Unavailable):
        web(lambda _: [*before, address, *after]).get(URL, accept="application/json")
    assert dialled == []


def test_a_name_that_changes_its_answer_each_time_never_leads_inside(dialled: list[str]) -> None:
    """DNS rebinding: between the check and the connection nobody asks again."""
    answers = itertools.cycle([[PUBLIC], *([inside] for inside in INSIDE), [OTHER]])
    reader = web(lambda _: next(answers))
    for _ in range(1_000):
        with pytest.raises(Unavailable):
            reader.get(URL, accept="application/json")
    assert set(dialled) == {PUBLIC, OTHER}
    assert all(is_public(address) for address in dialled)


def test_many_at_once_with_changing_answers_never_lead_inside(dialled: list[str]) -> None:
    answers = itertools.cycle([[PUBLIC], ["127.0.0.1"], ["10.0.0.1"], [OTHER]])
    reader = web(lambda _: next(answers))

    def read() -> None:
        for _ in range(50):
            with pytest.raises(Unavailable):
                reader.get(URL, accept="application/json")

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(dialled) == {PUBLIC, OTHER}


def test_a_resolver_that_fails_is_a_name_that_is_left(dialled: list[str]) -> None:
    def failing(_: str) -> list[str]:
        raise socket.gaierror

    for resolve in (failing, lambda _: []):
        with pytest.raises(Unavailable):
            web(resolve).get(URL, accept="application/json")
    assert dialled == []


def test_a_connection_that_ended_elsewhere_than_it_was_sent_is_left_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a proxy in the network could have it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = server.getsockname()
        ended = socket.create_connection(here)
        monkeypatch.setattr(outside, "create_connection", lambda *_, **__: ended)
        with pytest.raises(Unavailable):
            web(lambda _: [PUBLIC]).get(URL, accept="application/json")
        accepted, _ = server.accept()
        with accepted:
            assert accepted.recv(1) == b""


# Where a credential names an address; what is put there has to stay unasked.
PLACES: dict[str, Callable[[JsonObject, str], JsonObject]] = {
    "status": lambda badge, url: (
        badge
        | {
            "credentialStatus": {
                "id": "urn:x",
                "type": "BitstringStatusListEntry",
                "statusPurpose": "revocation",
                "statusListIndex": "7",
                "statusListCredential": url,
            }
        }
    ),
    "revocations": lambda badge, url: (
        badge | {"credentialStatus": {"id": url, "type": "1EdTechRevocationList"}}
    ),
    "context": lambda badge, url: badge | {"@context": [*badge["@context"], url]},
    "schema": lambda badge, url: badge | {"credentialSchema": {"id": url, "type": "JsonSchema"}},
    "refresh": lambda badge, url: (
        badge | {"refreshService": {"id": url, "type": "1EdTechCredentialRefresh"}}
    ),
    "evidence": lambda badge, url: badge | {"evidence": [{"id": url, "type": ["Evidence"]}]},
    "resource": lambda badge, url: (
        badge | {"relatedResource": [{"id": url, "digestMultibase": "uEiB" + "A" * 43}]}
    ),
    "image": lambda badge, url: badge | {"image": {"id": url, "type": "Image"}},
    "terms": lambda badge, url: badge | {"termsOfUse": [{"id": url, "type": "Terms"}]},
    "issuer": lambda badge, url: badge | {"issuer": {"id": url, "type": ["Profile"]}},
}


@pytest.mark.parametrize("place", PLACES)
def test_a_credential_that_is_signed_well_leads_nowhere_inside(
    place: str, dialled: list[str]
) -> None:
    """A stranger may sign whatever they like; what they name is still not ours to be asked."""
    pen = signer(77)
    badge = Campus().unsigned_badge(
        issuer={"id": pen.did, "type": ["Profile"]}, credentialStatus=None
    )
    reader = web(lambda _: ["127.0.0.1"])
    for url in REFUSED_URLS.values():
        signed = eddsa_jcs_2022.sign(PLACES[place](badge, url), signer=pen, created=NOW)
        verify(signed, now=NOW, fetcher=reader)
        moved = signed["proof"] | {"verificationMethod": f"{url}#key-1"}
        verify(signed | {"proof": moved}, now=NOW, fetcher=reader)
    assert dialled == []


METHODS = [
    "did:web:127.0.0.1",
    "did:web:127.0.0.1%3A6379",
    "did:web:localhost%3A8000:issuer",
    "did:web:2130706433",
    "did:web:0x7f.1",
    "did:web:%5B%3A%3A1%5D",
    "did:web:user%40127.0.0.1",
    "did:web:example.org%2F..%2F..",
    "did:web:example.org:..:..:etc",
    "did:web:example.org%3A22",
    "did:web:metadata.google.internal",
    "did:web:169.254.169.254:latest:meta-data",
    "did:web:example.org.",
    "did:web:%6cocalhost",
    "did:web:\uff4cocalhost",
    "did:web:inside.example.org",
]


@pytest.mark.parametrize("did", METHODS)
def test_a_did_leads_nowhere_inside(did: str, dialled: list[str]) -> None:
    badge = Campus().unsigned_badge(issuer={"id": did, "type": ["Profile"]}, credentialStatus=None)
    signed = eddsa_jcs_2022.sign(badge, signer=signer(77, f"{did}#key-1"), created=NOW)
    report = verify(signed, now=NOW, fetcher=web(lambda _: ["127.0.0.1"]))
    assert report.verdict is not Verdict.VALID
    assert dialled == []


def test_nothing_but_the_issuers_keys_is_asked_for_before_the_signature_is_good(
    dialled: list[str],
) -> None:
    campus = Campus()
    badge = campus.badge(credentialStatus=None)
    bent = PLACES["status"](badge, "https://status.example.org/1")
    asked: list[str] = []

    def resolve(host: str) -> list[str]:
        asked.append(host)
        return [PUBLIC]

    verify(bent, now=NOW, fetcher=web(resolve))
    assert asked == ["issuer.example"]
    assert dialled == [PUBLIC]


@pytest.mark.parametrize("proxy", ["http://127.0.0.1:3128", "socks5://127.0.0.1:1080"])
def test_a_proxy_in_the_environment_is_not_asked(
    proxy: str, dialled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    with pytest.raises(Unavailable):
        web(lambda _: [PUBLIC]).get(URL, accept="application/json")
    assert dialled == [PUBLIC]


def test_our_own_origin_is_ours_by_its_whole_name_alone(dialled: list[str]) -> None:
    """What only begins like our address goes outside, and so is held to its rules."""
    reached: list[str] = []

    def application(environ: Any, start: Any) -> list[bytes]:
        reached.append(environ["PATH_INFO"])
        start("200 OK", [("Content-Type", "application/json")])
        return [b"{}"]

    reader = Web(
        authority="learnometer.example",
        roles=frozenset({"issuer"}),
        loopback=Loopback(application, "https://learnometer.example"),
        outside=Outside(resolve=lambda _: ["127.0.0.1"]),
    )
    for url in (
        "https://learnometer.example@127.0.0.1/",
        "https://learnometer.example:443@127.0.0.1/",
        "https://learnometer.example.attacker.example/",
        "https://learnometer.example\\@127.0.0.1/",
        "https://learnometer.example#@127.0.0.1/",
        "https://learnometer.example?@127.0.0.1/",
        "https://learnometer.example",
        "//learnometer.example/",
        "ftp://learnometer.example/",
    ):
        with pytest.raises(Unavailable):
            reader.get(url, accept="application/json")
    assert reached == dialled == []
    reader.get("https://learnometer.example/issuer/@127.0.0.1/", accept="application/json")
    assert reached == ["/issuer/@127.0.0.1/"]


def test_every_payload_is_another() -> None:
    assert len(set(REFUSED_URLS.values())) == len(REFUSED_URLS)
    assert len(REFUSED_URLS) >= 61
    assert {urlsplit(url).scheme for url in REFUSED_URLS.values() if "[" not in url} >= {
        "http",
        "file",
        "gopher",
        "ftp",
        "data",
        "jar",
        "",
    }
