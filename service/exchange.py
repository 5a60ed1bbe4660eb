"""One exchange over a connection that is there already, within limits of size and encoding."""

from collections.abc import Mapping
from contextlib import closing
from http.client import HTTPException
from typing import Final

import urllib3
from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError

from openid4vc.exchange import Answer
from vc.errors import Unavailable

_READ: Final = 65_536  # bytes
_OUR_HEADERS: Final = {"accept-encoding": "identity", "user-agent": "learnometer"}


class Unwanted(Exception):
    """An answer that is not read further: too large, compressed, or from a private address."""


NO_ANSWER: Final = (HTTPError, HTTPException, OSError, TimeoutError, Unwanted)


def exchange(
    connection: HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    largest: int,
) -> Answer:
    """The answer, with at most `largest` bytes of content. Raises one of NO_ANSWER."""
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
                raise Unwanted("compressed although identity was asked for")
            received = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, received, _content(response, largest))
    finally:
        connection.close()


def _content(response: urllib3.HTTPResponse, largest: int) -> bytes:
    content = b""
    while chunk := response.read(_READ, decode_content=False):
        content += chunk
        if len(content) > largest:
            raise Unwanted("too large")
    return content


def unreachable(url: str) -> Unavailable:
    """The one refusal for every way of not getting an answer."""
    return Unavailable("unreachable", f"{ascii(url[:200])[1:-1]} could not be read.")
