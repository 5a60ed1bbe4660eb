"""A reading as its page carries it from one request to the next: nothing is kept here.

It is sealed, so that nobody can have us print what we did not find, and opens for two hours.
"""

import json
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from degree.receiving.reading import Reading
from degree.receiving.values import as_json, from_json
from keys.sealing import Seal
from vc.encoding import base64url_decode, base64url_encode
from vc.errors import Gone, Malformed, Unavailable

CARRIED: Final = timedelta(hours=2)
LARGEST: Final = 450_000  # characters: a form takes 500,000 that are no file
# Characters before it is packed: somebody's texts may be all alike, and are printed all the same.
LARGEST_UNPACKED: Final = 1_500_000


@dataclass(frozen=True, slots=True)
class Carrier:
    """Seals readings and opens them again. Times are aware UTC.

    `software` is the version of this program: another one may write readings in another way.
    """

    seal: Seal
    software: str

    def carried(self, reading: Reading, *, now: datetime) -> str:
        """The reading for a hidden field. Raises Malformed where it is more than a form takes."""
        content = {"until": (now + CARRIED).timestamp(), "reading": as_json(reading)}
        plain = json.dumps(content, ensure_ascii=False)
        packed = zlib.compress(plain.encode())
        text = base64url_encode(self.seal.seal(packed, purpose=self._purpose))
        if len(text) > LARGEST or len(plain) > LARGEST_UNPACKED:
            sentence = "This wallet holds more than one page can carry. Hand over fewer badges."
            raise Malformed("too-large", sentence, place="files")
        return text

    def opened(self, text: str, *, now: datetime) -> Reading:
        """The reading that was carried. Raises Gone after its time, and for any other text."""
        try:
            packed = self.seal.open(base64url_decode(text), purpose=self._purpose)
        except (Malformed, Unavailable) as error:
            raise Gone("reading", "This was not read here. Read the wallet again.") from error
        content = json.loads(zlib.decompress(packed))
        if content["until"] <= now.timestamp():
            hours = int(CARRIED.total_seconds() // 3600)
            sentence = f"This is more than {hours} hours old. Read the wallet again."
            raise Gone("reading", sentence)
        return from_json(Reading, content["reading"])

    @property
    def _purpose(self) -> str:
        return f"a reading for a receiving university by {self.software}"
