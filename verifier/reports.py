"""A check as the pages show it: with a receipt to take along, and what it says if it is one."""

from dataclasses import dataclass

from vc.documents import written
from verifier.checked import Checked
from verifier.counter import Counter
from verifier.receipts import Receipt, is_receipt, read_receipt


@dataclass(frozen=True, slots=True)
class Shown:
    """A check on a page, with its receipt, and with what it says where it is a receipt itself."""

    checked: Checked
    receipt: str
    about: Receipt | None


def shown(checked: Checked, counter: Counter) -> Shown:
    """The check and what goes with it; what could not be read has no receipt."""
    credential = checked.report.credential
    if credential is not None and is_receipt(credential) and checked.is_bound:
        # Nobody needs a receipt of a receipt: one of ours is handed out again, also on paper.
        ours = written(credential.document).decode() if credential.issuer_id == counter.did else ""
        return Shown(checked, ours, read_receipt(credential.document))
    return Shown(checked, counter.receipt(checked).decode() if checked.readable else "", None)
