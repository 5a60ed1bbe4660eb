"""The outside fetcher against servers that misbehave, over a pair of sockets in this process."""

import datetime
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug.test import EnvironBuilder, run_wsgi_app

from service.deadlines import Limited, within
from service.outside import RESOLVERS, Outside
from service.silence import SECONDS, Silence
from vc.errors import Unavailable

PUBLIC = "93.184.216.34"
URL = "https://badges.example.org/did.json"
HELLO = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for badges.example.org, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "badges.example.org")])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("badges.example.org")]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


class Server:
    """A server at the other end of whatever is dialled; it keeps what it was asked."""

    def __init__(self, certificate: Path, speak: Callable[[ssl.SSLSocket], None]) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate)
        self.speak = speak
        self.asked = b""
        self.dialled: list[str] = []

    def dial(self, address: str, seconds: float) -> socket.socket:
        self.dialled.append(address)
        ours, theirs = socket.socketpair()
        ours.settimeout(seconds)
        threading.Thread(target=self._serve, args=(theirs,), daemon=True).start()
        return ours

    def _serve(self, end: socket.socket) -> None:
        try:
            with self.context.wrap_socket(end, server_side=True) as connection:
                self.asked = connection.recv(65_536)
                self.speak(connection)
        except OSError:
            pass


def outside(server: Server, certificate: Path, addresses: list[list[str]] | None = None) -> Outside:
    answers = iter(addresses or [[PUBLIC]])
    return Outside(
        resolve=lambda _: next(answers),
        dial=server.dial,
        tls=ssl.create_default_context(cafile=str(certificate)),
        patience=1.0,
    )


def test_a_public_document_is_read_with_its_own_name_and_nothing_of_ours(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    answer = outside(server, certificate).send("GET", URL, headers={"accept": "application/json"})
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers["content-type"] == "application/json"
    lines = server.asked.decode().split("\r\n")
    assert lines[0] == "GET /did.json HTTP/1.1"
    assert "Host: badges.example.org" in lines
    assert "accept-encoding: identity" in lines
    assert not [line for line in lines if line.lower().startswith(("cookie", "authorization"))]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(certificate: Path, status: int) -> None:
    moved = f"HTTP/1.1 {status} Moved\r\nLocation: https://127.0.0.1/\r\nContent-Length: 0\r\n\r\n"
    server = Server(certificate, lambda connection: connection.sendall(moved.encode()))
    assert outside(server, certificate).send("GET", URL, headers={}).status == status
    assert server.dialled == [PUBLIC]


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], [PUBLIC, "10.0.0.1"], [PUBLIC, "::ffff:127.0.0.1"], []]
)
def test_a_name_with_any_private_address_is_never_dialled(
    certificate: Path, addresses: list[str]
) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    with pytest.raises(Unavailable):
        outside(server, certificate, [addresses]).send("GET", URL, headers={})
    assert server.dialled == []


def test_a_name_that_changes_its_address_is_dialled_at_the_one_that_was_checked(
    certificate: Path,
) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    rebinding = outside(server, certificate, [[PUBLIC], ["127.0.0.1"]])
    rebinding.send("GET", URL, headers={})
    with pytest.raises(Unavailable):
        rebinding.send("GET", URL, headers={})
    assert server.dialled == [PUBLIC]


def test_a_certificate_for_another_name_is_refused(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    with pytest.raises(Unavailable):
        outside(server, certificate).send("GET", "https://other.example.org/", headers={})
    assert server.asked == b""


def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    strict = Outside(resolve=lambda _: [PUBLIC], dial=server.dial, patience=1.0)
    with pytest.raises(Unavailable):
        strict.send("GET", URL, headers={})


def drip(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        time.sleep(0.05)


def drip_headers(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
    for _ in range(100):
        connection.sendall(b"a")
        time.sleep(0.05)


def flood(connection: ssl.SSLSocket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"10000\r\n" + b"a" * 65_536 + b"\r\n")


MISBEHAVIOUR: dict[str, Callable[[ssl.SSLSocket], None]] = {
    "drips its body": drip,
    "drips its headers": drip_headers,
    "never ends": flood,
    "compresses": lambda c: c.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"
    ),
    "promises more than it sends": lambda c: c.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n{}"
    ),
    "speaks HTTP/0.9": lambda c: c.sendall(b"{}"),
    "says nothing": lambda c: None,
    "sends endless headers": lambda c: c.sendall(b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 1000),
}


@pytest.mark.parametrize("misbehaviour", MISBEHAVIOUR.values(), ids=MISBEHAVIOUR)
def test_a_server_that_misbehaves_is_left_within_the_time_allowed(
    certificate: Path, misbehaviour: Callable[[ssl.SSLSocket], None]
) -> None:
    server = Server(certificate, misbehaviour)
    began = time.monotonic()
    with pytest.raises(Unavailable) as refusal:
        outside(server, certificate).send("GET", URL, headers={})
    assert time.monotonic() - began < 2.0
    assert refusal.value.sentence == f"{URL} could not be read."


def test_a_host_that_cannot_be_reached_is_left_alone_for_a_minute_and_no_other_is(
    certificate: Path,
) -> None:
    moment, down = [0.0], [True]
    server = Server(certificate, lambda connection: connection.sendall(HELLO))

    def dial(address: str, seconds: float) -> socket.socket:
        if down[0]:
            server.dialled.append(address)
            time.sleep(seconds)
            raise TimeoutError
        return server.dial(address, seconds)

    reader = Outside(
        resolve=lambda _: [PUBLIC],
        dial=dial,
        tls=ssl.create_default_context(cafile=str(certificate)),
        patience=0.2,
        silence=Silence(clock=lambda: moment[0]),
    )
    for url in (URL, URL, "https://badges.example.org/another"):
        with pytest.raises(Unavailable):
            reader.send("GET", url, headers={})
    assert len(server.dialled) == 1
    down[0], reader._patience = False, 5.0
    with pytest.raises(Unavailable):
        reader.send("GET", URL, headers={})
    with pytest.raises(Unavailable):  # by its certificate: it was asked
        reader.send("GET", "https://other.example.org/", headers={})
    assert len(server.dialled) == 2
    moment[0] = SECONDS
    assert reader.send("GET", URL, headers={}).status == 200


def test_a_host_that_answers_badly_or_slowly_is_asked_again(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(b"no"))
    reader = outside(server, certificate, [[PUBLIC]] * 9)
    reader._patience = 0.2
    for speak in (server.speak, drip, drip_headers, lambda _: time.sleep(1)):
        server.speak = speak
        with pytest.raises(Unavailable):
            reader.send("GET", URL, headers={})
    assert len(server.dialled) == 4


def test_silent_hosts_are_forgotten_the_oldest_first() -> None:
    silence = Silence(clock=lambda: 0.0, most=2)
    for host in ("a.example", "b.example", "a.example", "c.example"):
        silence.heard_nothing(host)
    kept = [host for host in ("a.example", "b.example", "c.example") if silence.keeps(host)]
    assert kept == ["a.example", "c.example"]


def test_a_name_that_does_not_resolve_in_time_is_left(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))

    def slow(_: str) -> list[str]:
        time.sleep(1.5)
        return [PUBLIC]

    began = time.monotonic()
    with pytest.raises(Unavailable):
        Outside(resolve=slow, dial=server.dial, patience=0.2).send("GET", URL, headers={})
    assert time.monotonic() - began < 1.0


def test_a_request_whose_time_is_spent_asks_nobody(certificate: Path) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    reader = outside(server, certificate, [[PUBLIC]] * 9)
    with within(60):
        assert reader.send("GET", URL, headers={}).status == 200
        with within(0):
            for _ in range(8):
                with pytest.raises(Unavailable):
                    reader.send("GET", URL, headers={})
        with within(600):
            assert reader.send("GET", URL, headers={}).status == 200
    assert server.dialled == [PUBLIC] * 2


def test_a_limit_within_a_limit_does_not_outlast_it(certificate: Path) -> None:
    """As when an application asks itself: each of its requests has a limit of its own."""
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    reader = outside(server, certificate, [[PUBLIC]] * 9)

    def application(environ: Any, start: Any) -> list[bytes]:
        with pytest.raises(Unavailable):
            reader.send("GET", URL, headers={})
        start("200 OK", [])
        return []

    inner = Limited(application, seconds=600)
    run_wsgi_app(Limited(inner, seconds=0), EnvironBuilder().get_environ())
    assert server.dialled == []
    assert reader.send("GET", URL, headers={}).status == 200


def test_names_that_nobody_answers_for_do_not_keep_others_from_being_resolved(
    certificate: Path,
) -> None:
    server = Server(certificate, lambda connection: connection.sendall(HELLO))
    over = threading.Event()

    def resolve(host: str) -> list[str]:
        if host != "badges.example.org":
            over.wait()
        return [PUBLIC]

    trust = ssl.create_default_context(cafile=str(certificate))
    slow = Outside(resolve=resolve, dial=server.dial, tls=trust, patience=0.01)
    for number in range(RESOLVERS - 1):
        with pytest.raises(Unavailable):
            slow.send("GET", f"https://silent-{number}.example.org/", headers={})
    slow._patience = 10.0
    answer = slow.send("GET", URL, headers={})
    over.set()
    assert answer.status == 200
