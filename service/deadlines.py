"""An end for an exchange as a whole, where sockets only know an end for each wait.

And an end for all exchanges of one request together: whoever writes a credential names dozens of
addresses, and servers of theirs that take their time could hold every thread of ours for minutes.
"""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from socket import SHUT_RDWR, socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_end_of_all: ContextVar[float | None] = ContextVar("end_of_all", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Whatever is exchanged within ends after `seconds`, or when an outer limit ends."""
    limit = _end_of_all.set(end_after(seconds))
    try:
        yield
    finally:
        _end_of_all.reset(limit)


def end_after(seconds: float) -> float:
    """The moment on the monotonic clock after `seconds`, or the end of all if that is sooner."""
    end, outer = time.monotonic() + seconds, _end_of_all.get()
    return end if outer is None else min(end, outer)


class Limited:
    """An application whose requests exchange nothing with others after so many seconds."""

    def __init__(self, application: "WSGIApplication", *, seconds: float) -> None:
        self._application = application
        self._seconds = seconds

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The application's answer."""
        with within(self._seconds):
            return self._application(environ, start_response)


@contextmanager
def cut_off(raw: socket, deadline: float) -> Iterator[None]:
    """Shut the connection down at the deadline.

    A socket's own timeout starts anew with each byte, so a server that drips would never meet it.
    """
    # TLS takes the socket over; a duplicate of its descriptor still reaches the connection.
    duplicate = raw.dup()
    timer = threading.Timer(max(0.0, deadline - time.monotonic()), _shut, (duplicate,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        duplicate.close()
        raw.close()


def _shut(connection: socket) -> None:
    try:
        connection.shutdown(SHUT_RDWR)
    except OSError:
        return  # it had ended by itself


def left(deadline: float) -> float:
    """Seconds until `deadline` on the monotonic clock. Raises TimeoutError when it is past."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds
