"""An end for an exchange as a whole, where sockets only know an end for each wait."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from socket import SHUT_RDWR, socket


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
