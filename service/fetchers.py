"""Reading documents and talking to other services: the only HTTP client of the program.

`Web` sends what is addressed to our own origin to the application itself, without a socket, or to
the service beside it; everything else goes through `Outside`, which reads from public servers only.
`UnsafeMap` is the exception that developers ask for.
"""

import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPException
from socket import SOCK_STREAM, create_connection, getaddrinfo, socket
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from werkzeug.test import EnvironBuilder, run_wsgi_app

from openid4vc.exchange import Answer
from service.addresses import is_public, target
from service.database import transaction_is_open
from service.deadlines import cut_off, end_after, left
from service.silence import Silence
from vc.errors import Unavailable
from vc.fetch import LARGEST_DOCUMENT, LARGEST_LIST, Fetched

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

PATIENCE: Final = 5.0  # seconds for one exchange, from the name's resolution to the last byte
_NEARLY_ALL: Final = 0.9  # of the patience: some of it may go by before a host is asked
AT_ONCE: Final = 8  # exchanges with the outside at a time, so that slow servers cannot take all
# A resolver cannot be stopped: names that nobody answers for keep it some 20 seconds, four times
# as long as an exchange keeps its place.
RESOLVERS: Final = 8 * AT_ONCE
_READ: Final = 65_536  # bytes
_OUR_HEADERS: Final = {"accept-encoding": "identity", "user-agent": "learnometer"}
_MEDIA_TYPES: Final = (
    "application/json",
    "application/jwt",
    "application/yaml",
    "image/png",
    "image/svg+xml",
)
_MEDIA_SUFFIXES: Final = ("+json", "+jwt", "text/plain")


class Outside:
    """Speaks to public web servers over https, one address pinned for each exchange.

    `resolve` gives the addresses of a name, `dial` a connected socket for one of them and a
    number of seconds; `tls` decides whom to believe; `silence` knows who is not asked again yet.
    """

    def __init__(
        self,
        *,
        resolve: Callable[[str], Sequence[str]] | None = None,
        dial: Callable[[str, float], socket] | None = None,
        tls: ssl.SSLContext | None = None,
        patience: float = PATIENCE,
        silence: Silence | None = None,
    ) -> None:
        self._resolve = resolve or _resolve
        self._dial = dial or _dial
        self._tls = tls or ssl.create_default_context()
        self._patience = patience
        self._silence = silence or Silence()
        self._resolvers = ThreadPoolExecutor(RESOLVERS, thread_name_prefix="resolve")
        self._places = threading.BoundedSemaphore(AT_ONCE)

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The answer of a public server. Raises Unavailable for every way of not getting one.

        The sentence is the same for a closed port, a private address and a wrong certificate, so
        that nobody can map a network by asking us to verify badges.
        """
        wanted = target(url)
        deadline = end_after(self._patience)
        if not self._places.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise _unreachable(url)
        try:
            raw = self._connected(wanted.host, deadline)
            with cut_off(raw, deadline):
                connection = _Pinned(wanted.host, raw, self._tls, timeout=left(deadline))
                answer = _exchange(
                    connection, method, wanted.path, headers, body, largest=LARGEST_DOCUMENT
                )
            # A body without a length looks whole when the connection is cut.
            left(deadline)
            return answer
        except _NO_ANSWER as error:
            raise _unreachable(url) from error
        finally:
            self._places.release()

    def _connected(self, host: str, deadline: float) -> socket:
        """A socket to one public address of the host, unless it kept us waiting a moment ago."""
        if self._silence.keeps(host):
            raise _Unwanted("silent a moment ago")
        began = time.monotonic()
        try:
            return self._dial(self._public_address(host, deadline), left(deadline))
        except _NO_ANSWER:
            # Only of who cannot be reached at all: one slow page is not to silence its host. And
            # an exchange that had less time, because its request ran out of it, tells nothing.
            if time.monotonic() - began > _NEARLY_ALL * self._patience:
                self._silence.heard_nothing(host)
            raise

    def _public_address(self, host: str, deadline: float) -> str:
        seconds = left(deadline)
        addresses = self._resolvers.submit(self._resolve, host).result(seconds)
        # One private address among public ones is how a name is made to point inside.
        if not addresses or not all(is_public(address) for address in addresses):
            raise _Unwanted("not a public address")
        return addresses[0]


@dataclass(frozen=True, slots=True)
class Loopback:
    """Our own application, called in process: a server that waits for itself would never answer."""

    application: "WSGIApplication"
    origin: str

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The application's own answer to a request that never was on a wire."""
        parts = urlsplit(url)
        builder = EnvironBuilder(
            method=method,
            path=parts.path or "/",
            query_string=parts.query,
            base_url=self.origin,
            headers=list(headers.items()),
            data=body,
        )
        try:
            chunks, status, answered = run_wsgi_app(
                self.application, builder.get_environ(), buffered=True
            )
            content = b"".join(chunks)
        finally:
            builder.close()
        if len(content) > LARGEST_LIST:
            raise _unreachable(url)
        return Answer(
            int(status.split(" ", 1)[0]),
            {name.lower(): value for name, value in answered.items()},
            content,
        )


@dataclass(frozen=True, slots=True)
class Gateway:
    """The proxy that stands before our own services, reached by its internal address."""

    address: str
    origin: str
    largest: int = LARGEST_LIST  # bytes of an answer

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The answer of the service beside us that owns the path."""
        if not url.isascii():
            raise _unreachable(url)
        gateway, ours, wanted = urlsplit(self.address), urlsplit(self.origin), urlsplit(url)
        path = (wanted.path or "/") + (f"?{wanted.query}" if wanted.query else "")
        sent = {
            **headers,
            "host": ours.netloc,
            "x-forwarded-proto": ours.scheme,
            "x-forwarded-host": ours.netloc,
        }
        connection = HTTPConnection(gateway.hostname or "", gateway.port or 80, timeout=PATIENCE)
        try:
            return _exchange(connection, method, path, sent, body, largest=self.largest)
        except _NO_ANSWER as error:
            raise _unreachable(url) from error


class UnsafeMap:
    """Origins that a loopback server answers for, as the operator said on the command line."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._ways = {
            origin: Gateway(address, origin, largest=LARGEST_DOCUMENT)
            for origin, address in addresses.items()
        }

    def way(self, url: str) -> Gateway | None:
        """The way to the server for the exact origin of `url`, if there is one."""
        scheme, _, rest = url.partition("://")
        return self._ways.get(f"{scheme}://{rest.partition('/')[0]}")


NOTHING_MAPPED: Final = UnsafeMap({})


@dataclass(frozen=True, slots=True)
class Web:
    """Every address by its way: our own origin inside, the rest of the world outside.

    Implements vc.fetch.Fetcher and openid4vc.exchange.Http. `roles` are those mounted here; a path
    of another role of our origin goes to the gateway. Our own authority is ours under http and
    https alike, because did:web always says https.
    """

    authority: str
    roles: frozenset[str]
    loopback: Loopback | None
    outside: Outside
    gateway: Gateway | None = None
    unsafe: UnsafeMap = NOTHING_MAPPED

    def get(self, url: str, *, accept: str) -> Fetched:
        """The document at `url`. Raises Unavailable unless it came whole, with status 200."""
        answer = self.send("GET", url, headers={"accept": accept})
        media_type = answer.headers.get("content-type", "").split(";")[0].strip().lower()
        wanted = media_type in _MEDIA_TYPES or media_type.endswith(_MEDIA_SUFFIXES)
        if answer.status != 200 or not wanted:
            raise _unreachable(url)
        return Fetched(url, answer.body, media_type)

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """The answer, whatever its status. Raises Unavailable when there is none.

        Raises RuntimeError when the caller holds a transaction open, which is our own mistake.
        """
        if transaction_is_open():
            raise RuntimeError(f"{url[:200]!a} was asked for while a transaction is open")
        return self._way(url).send(method, url, headers=headers, body=body)

    def _way(self, url: str) -> Outside | Loopback | Gateway:
        own = (f"http://{self.authority}/", f"https://{self.authority}/")
        if self.loopback is None or not url.startswith(own):
            return self.unsafe.way(url) or self.outside
        if self.gateway is None or _role(urlsplit(url).path) in self.roles:
            return self.loopback
        return self.gateway


class _Unwanted(Exception):
    """An answer that is not read further: too large, compressed, or from a private address."""


_NO_ANSWER: Final = (HTTPError, HTTPException, OSError, TimeoutError, _Unwanted)


class _Pinned(HTTPSConnection):
    """TLS over a socket that is already connected; the name in the certificate is still checked."""

    def __init__(
        self, host: str, connected: socket, tls: ssl.SSLContext, *, timeout: float
    ) -> None:
        super().__init__(host, 443, ssl_context=tls, timeout=timeout)
        self._connected = connected

    def _new_conn(self) -> socket:
        return self._connected


def _exchange(
    connection: HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    largest: int,
) -> Answer:
    try:
        connection.request(
            method,
            path,
            body=body or None,
            headers={**headers, **_OUR_HEADERS},
            preload_content=False,
            decode_content=False,
        )
        with closing(connection.getresponse()) as response:
            if response.headers.get("content-encoding", "identity") != "identity":
                raise _Unwanted("compressed although identity was asked for")
            received = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, received, _content(response, largest))
    finally:
        connection.close()


def _content(response: urllib3.HTTPResponse, largest: int) -> bytes:
    content = b""
    while chunk := response.read(_READ, decode_content=False):
        content += chunk
        if len(content) > largest:
            raise _Unwanted("too large")
    return content


def _resolve(host: str) -> list[str]:
    found: list[Any] = getaddrinfo(host, 443, type=SOCK_STREAM)
    return [entry[4][0] for entry in found]


def _dial(address: str, seconds: float) -> socket:
    connected = create_connection((address, 443), timeout=seconds)
    if connected.getpeername()[0] != address:
        connected.close()
        raise _Unwanted("connected to another address")
    return connected


def _role(path: str) -> str:
    """The role that owns a path; issuer metadata of OpenID4VCI stands before the role's name."""
    segments = path.split("/")[1:]
    if segments[0] == ".well-known":
        segments = segments[2:]
    return segments[0] if segments else ""


def _unreachable(url: str) -> Unavailable:
    return Unavailable("unreachable", f"{ascii(url[:200])[1:-1]} could not be read.")
