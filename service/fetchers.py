"""Reading documents and talking to other services: the only HTTP client of the program.

`Web` sends what is addressed to our own origin to the application itself, without a socket, or to
the service beside it; everything else goes through `Outside`, which reads from public servers only.
`UnsafeMap` is the exception that developers ask for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from urllib3.connection import HTTPConnection
from werkzeug.test import EnvironBuilder, run_wsgi_app

from openid4vc.exchange import Answer
from service.database import transaction_is_open
from service.exchange import NO_ANSWER, exchange, unreachable
from service.outside import PATIENCE, Outside
from vc.fetch import LARGEST_DOCUMENT, LARGEST_LIST, Fetched

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_MEDIA_TYPES: Final = (
    "application/json",
    "application/jwt",
    "application/yaml",
    "image/png",
    "image/svg+xml",
)
_MEDIA_SUFFIXES: Final = ("+json", "+jwt", "text/plain")


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
            raise unreachable(url)
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
            raise unreachable(url)
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
            return exchange(connection, method, path, sent, body, largest=self.largest)
        except NO_ANSWER as error:
            raise unreachable(url) from error


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
            raise unreachable(url)
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


def _role(path: str) -> str:
    """The role that owns a path; issuer metadata of OpenID4VCI stands before the role's name."""
    segments = path.split("/")[1:]
    if segments[0] == ".well-known":
        segments = segments[2:]
    return segments[0] if segments else ""
