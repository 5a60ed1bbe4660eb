"""The newest status lists that were seen: an older copy, shown again, would hide what is new."""

import threading
from collections import OrderedDict
from datetime import datetime
from typing import Final

from vc.errors import Malformed

MOST: Final = 10_000  # lists that are remembered, some 200 bytes each


class ListsSeen:
    """Since when each list that was verified is valid; forgotten when the program ends."""

    def __init__(self, *, most: int = MOST) -> None:
        self._most = most
        self._newest: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._lock = threading.Lock()

    def expect_newest(self, issuer: str, url: str, valid_from: datetime | None) -> None:
        """Remember the list of `issuer` at `url`, both proven.

        Raises Malformed for one that is older than one seen before.
        """
        if valid_from is None:
            return
        with self._lock:
            known = self._newest.get((issuer, url))
            if known is not None and valid_from < known:
                sentence = "The status list is older than one that was seen before."
                raise Malformed("status-rollback", sentence)
            self._newest[issuer, url] = valid_from
            self._newest.move_to_end((issuer, url))
            while len(self._newest) > self._most:
                self._newest.popitem(last=False)
