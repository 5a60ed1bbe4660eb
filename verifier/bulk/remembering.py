"""A fetcher that remembers the last documents, for the many credentials of one file."""

from collections import OrderedDict
from typing import Final

from vc.errors import Refused
from vc.fetch import Fetched, Fetcher

MOST_REMEMBERED: Final = 32  # documents, of at most a megabyte each


class Remembering:
    """Asks `other` for each document once, as long as it is among the last that were wanted.

    For one file that is checked now: a status kept longer would be an old status.
    """

    def __init__(self, other: Fetcher) -> None:
        self._other = other
        self._last: OrderedDict[tuple[str, str], Fetched | Refused] = OrderedDict()

    def get(self, url: str, *, accept: str) -> Fetched:
        """The document at `url`, or the same failure again. Raises as the other does."""
        key = (url, accept)
        if key not in self._last:
            self._last[key] = self._ask(url, accept)
        self._last.move_to_end(key)
        while len(self._last) > MOST_REMEMBERED:
            self._last.popitem(last=False)
        answer = self._last[key]
        if isinstance(answer, Refused):
            raise answer
        return answer

    def _ask(self, url: str, accept: str) -> Fetched | Refused:
        try:
            return self._other.get(url, accept=accept)
        except Refused as error:
            return error
