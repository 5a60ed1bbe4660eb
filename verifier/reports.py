"""A check as the pages show it: with a receipt to take along."""

from dataclasses import dataclass

from vc.documents import written
from verifier.checked import Checked
from verifier.counter import Counter


@dataclass(frozen=True, slots=True)
class Shown:
    """A check on a page, with the receipt of it; nothing where there is none."""

    checked: Checked
    receipt: str


def shown(checked: Checked, counter: Counter) -> Shown:
    """The check and what goes with it; what could not be read has no receipt."""
    credential = checked.report.credential
    if credential is not None and checked.about is not None:
        # Nobody needs a receipt of a receipt: one of ours is handed out again, also on paper.
        ours = credential.issuer_id == counter.did
        return Shown(checked, written(credential.document).decode() if ours else "")
    return Shown(checked, counter.receipt(checked).decode() if checked.readable else "")
