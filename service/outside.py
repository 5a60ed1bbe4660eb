"""Speaking to public web servers: one address pinned for each exchange, and none of ours."""

import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from socket import SOCK_STREAM, create_connection, getaddrinfo, socket
from typing import Any, Final

from urllib3.connection import HTTPSConnection

from openid4vc.exchange import Answer
from service.addresses import is_public, target
from service.deadlines import cut_off, end_after, left
from service.exchange import NO_ANSWER, Unwanted, exchange, unreachable
from service.silence import Silence
from vc.fetch import LARGEST_DOCUMENT

PATIENCE: Final = 5.0  # seconds for one exchange, from the name's resolution to the last byte
_NEARLY_ALL: Final = 0.9  # of the patience: some of it may go by before a host is asked
AT_ONCE: Final = 8  # exchanges with the outside at a time, so that slow servers cannot take all
# A resolver cannot be stopped: names that nobody answers for keep it some 20 seconds, four times
# as long as an exchange keeps its place.
RESOLVERS: Final = 8 * AT_ONCE


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
            raise unreachable(url)
        try:
            raw = self._connected(wanted.host, deadline)
            with cut_off(raw, deadline):
                connection = _Pinned(wanted.host, raw, self._tls, timeout=left(deadline))
                answer = exchange(
                    connection, method, wanted.path, headers, body, largest=LARGEST_DOCUMENT
                )
            # A body without a length looks whole when the connection is cut.
            left(deadline)
            return answer
        except NO_ANSWER as error:
            raise unreachable(url) from error
        finally:
            self._places.release()

    def _connected(self, host: str, deadline: float) -> socket:
        """A socket to one public address of the host, unless it kept us waiting a moment ago."""
        if self._silence.keeps(host):
            raise Unwanted("silent a moment ago")
        began = time.monotonic()
        try:
            return self._dial(self._public_address(host, deadline), left(deadline))
        except NO_ANSWER:
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
            raise Unwanted("not a public address")
        return addresses[0]


class _Pinned(HTTPSConnection):
    """TLS over a socket that is already connected; the name in the certificate is still checked."""

    def __init__(
        self, host: str, connected: socket, tls: ssl.SSLContext, *, timeout: float
    ) -> None:
        super().__init__(host, 443, ssl_context=tls, timeout=timeout)
        self._connected = connected

    def _new_conn(self) -> socket:
        return self._connected


def _resolve(host: str) -> list[str]:
    found: list[Any] = getaddrinfo(host, 443, type=SOCK_STREAM)
    return [entry[4][0] for entry in found]


def _dial(address: str, seconds: float) -> socket:
    connected = create_connection((address, 443), timeout=seconds)
    if connected.getpeername()[0] != address:
        connected.close()
        raise Unwanted("connected to another address")
    return connected
