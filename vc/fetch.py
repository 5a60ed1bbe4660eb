"""The port through which the trust core reads documents that others publish.

The core never opens a socket. service/fetchers.py implements the port; tests hand in a dictionary.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from vc.documents import JsonObject, parse
from vc.effort import spend
from vc.errors import Refused, Unavailable

# What a DID document, key document or status list may weigh, decoded, in bytes.
LARGEST_DOCUMENT: Final = 1_048_576
_BYTES_A_STEP: Final = 36  # of JSON, keys in it made out
# And a share link's list of a hundred badges, from our own services alone.
LARGEST_LIST: Final = 4_194_304


@dataclass(frozen=True, slots=True)
class Fetched:
    """A published document: its bytes as they came, and the media type without parameters."""

    url: str
    content: bytes
    media_type: str


def document_in(fetched: Fetched, *, largest: int = LARGEST_DOCUMENT) -> JsonObject:
    """The JSON object in a document. Raises Malformed; Exhausted, for reading is work as well.

    A document that many credentials name is fetched once, and read for each of them.
    """
    spend(steps=len(fetched.content) // _BYTES_A_STEP)
    return parse(fetched.content, largest=largest)


class Fetcher(Protocol):
    """Reads one document by URL, within limits of size and time."""

    def get(self, url: str, *, accept: str) -> Fetched:
        """The document at `url`. Raises vc.errors.Unavailable when it cannot be had."""
        ...


TOO_MANY: Final = "too-many-documents"
# For all that one person hands over, or holds, at once: others chose the addresses in it.
MOST_DOCUMENTS_AT_ONCE: Final = 96


class Bounded:
    """A fetcher that asks `other` for so many documents, and then for no more.

    Whoever writes a credential names what is fetched to check it: status lists by the thousand
    would hold a verifier for hours, and send it against somebody else's server.
    """

    def __init__(self, other: Fetcher, *, most: int) -> None:
        self._other = other
        self._left = most

    def get(self, url: str, *, accept: str) -> Fetched:
        """The document at `url`. Raises vc.errors.Unavailable when it cannot be had."""
        if self._left == 0:
            raise Unavailable(TOO_MANY, "It names too many documents to look up.")
        self._left -= 1
        return self._other.get(url, accept=accept)


class Nowhere:
    """A fetcher for callers that must stay offline: every document is unreachable."""

    def get(self, url: str, *, accept: str) -> Fetched:  # noqa: ARG002
        raise Unavailable("offline", f"{url} was not asked for: this check runs offline.")


class ReadOnce:
    """A fetcher that asks for each document once: many badges share one key and one list.

    For one answer to one question only; a status kept longer would be an old status.
    """

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._read: dict[tuple[str, str], Fetched | Refused] = {}

    def get(self, url: str, *, accept: str) -> Fetched:
        """The document at `url`, or the same failure again. Raises as the fetcher does."""
        key = (url, accept)
        if key not in self._read:
            try:
                self._read[key] = self._fetcher.get(url, accept=accept)
            except Refused as error:
                self._read[key] = error
        answer = self._read[key]
        if isinstance(answer, Refused):
            raise answer
        return answer
