"""The counter: where receipts are handed out, put on paper, and looked at again."""

import logging
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from vc.documents import written
from vc.ed25519 import Signer
from verifier.checked import Checked
from verifier.desk import Desk
from verifier.paper import receipt_pdf
from verifier.receipt import read_receipt
from verifier.receipts import Receipts, own_receipt
from verifier.slips import PublishedKeys, Slip, read_slip, slip_token

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Receipts in the name of the verifier `did` at `origin`; `keys` are all that it published.

    Nothing is kept: what is handed out is made from what was just checked, or handed in again.
    """

    desk: Desk
    signer: Signer
    did: str
    origin: str
    software: str
    keys: PublishedKeys

    def receipt(self, checked: Checked) -> bytes:
        """The signed receipt of a check, as JSON; nothing where a fault of ours keeps it."""
        try:
            return written(Receipts(self.signer, self.did, self.software).issue(checked))
        except Exception:
            # The verdict stands without it, and so do those on what was handed over with it.
            _log.exception("a receipt could not be made")
            return b""

    def document(self, handed_in: str, *, now: datetime) -> bytes:
        """A receipt of ours that was handed in again, as JSON. Raises Malformed for another."""
        checked = self.desk.check(handed_in, now=now)
        return written(own_receipt(checked, did=self.did))

    def paper(self, handed_in: str, *, now: datetime) -> bytes:
        """The PDF of a receipt of ours that was handed in again. Raises Malformed for another."""
        document = own_receipt(self.desk.check(handed_in, now=now), did=self.did)
        receipt = read_receipt(document)
        token = slip_token(receipt, signer=self.signer)
        address = f"{self.origin}/verifier/receipts/{quote(token)}"
        return receipt_pdf(receipt, document=written(document), address=address)

    def slip(self, token: str) -> Slip:
        """What the address in a QR code of ours says. Raises Malformed for any other."""
        return read_slip(token, did=self.did, keys=self.keys)
