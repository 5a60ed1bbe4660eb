"""A receipt as a PDF for the file: the same words, a QR code, and the signed JSON attached.

The same receipt gives the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import segno

from paper.sheets import MARGIN, SOFT, WIDTH, Sheets, drawable
from vc.model import instant
from vc.step_names import step_name
from verifier.receipt import Receipt

_TITLE: Final = "Verification receipt"
_QR: Final = 52  # millimetres: some 0.4 for each module of a code of a thousand characters
_HOW: Final = (
    "Paper can be altered, and a copy of it too. Scan the code: the page that opens shows what "
    "this verifier signed, so compare it with what is printed here.\n\n"
    "The whole receipt is attached to this PDF as receipt.json. It is a W3C verifiable credential; "
    "this verifier or any other that reads eddsa-jcs-2022 checks it.\n\n"
    "It says how things stood at the moment above. A credential can be revoked later: where that "
    "matters, verify it again.\n\n"
    "The verifier keeps neither the credential nor this receipt."
)
_TONES: Final = {
    "valid": ((20, 104, 62), (224, 243, 231)),
    "invalid": ((168, 32, 26), (253, 231, 228)),
}
_UNDECIDED: Final = ((129, 81, 2), (253, 240, 213))
_MARKS: Final = {"pass": ("✓", "Passed"), "fail": ("✗", "Failed")}
_NOT_KNOWN: Final = ("?", "Not known")


def receipt_pdf(receipt: Receipt, *, document: bytes, address: str) -> bytes:
    """The PDF of a receipt that was verified.

    `document` is the signed JSON, `address` what the QR code says.
    """
    paper = _Paper(receipt, when=instant(receipt.checked_at, place="/validFrom"))
    try:
        paper.head()
        paper.sheets.facts(_facts(receipt))
        paper.checks(receipt.steps)
        paper.how_to_verify(address)
        paper.sheets.heading("Checked with")
        paper.sheets.facts(_versions(receipt))
        paper.sheets.attach(document, name="receipt.json", description="The signed receipt")
        return paper.sheets.written()
    finally:
        paper.sheets.release()


def _facts(receipt: Receipt) -> list[tuple[str, str]]:
    checked, trust = receipt.checked, receipt.trust
    return [
        ("What", checked.get("title", "")),
        ("Its identifier", checked.get("id", "")),
        ("Issued by", trust.get("registeredName", "")),
        ("Issuer's identifier", checked.get("issuedBy", "")),
        ("Issued to", checked.get("issuedTo", "")),
        ("Trust registry", trust.get("sentence", "")),
        ("SHA-256 (multibase)", checked.get("digestMultibase", "")),
    ]


def _versions(receipt: Receipt) -> list[tuple[str, str]]:
    version = receipt.trust.get("registry", "")
    return [
        ("Software", receipt.software),
        ("Trust registry", f"version {version}" if version else ""),
        ("Its signature", ", ".join(receipt.suites)),
        *(("Meaning of the terms", f"{url} {digest}") for url, digest in receipt.contexts),
        ("This receipt", receipt.id),
        ("Signed by", receipt.issuer),
    ]


def _title(receipt: Receipt) -> str:
    """The document's title: a viewer shows it for each of many papers."""
    return drawable(f"{_TITLE}: {receipt.checked.get('title') or receipt.day}")


class _Paper:
    """One receipt while it is written, from top to bottom."""

    def __init__(self, receipt: Receipt, *, when: datetime) -> None:
        self._receipt, self._when = receipt, when
        self.sheets = Sheets(
            title=_title(receipt),
            author=receipt.issuer,
            creator=receipt.software,
            foot=f"Receipt {receipt.id}",
            when=when,
        )

    def head(self) -> None:
        """What it is, and the verdict."""
        moment = f"{self._when.day} {self._when:%B %Y, %H:%M:%S} UTC"
        ink, wash = _TONES.get(self._receipt.tone, _UNDECIDED)
        sheets = self.sheets
        sheets.paragraph(_TITLE, size=21, bold=True)
        sheets.paragraph(f"Checked on {moment} by {self._receipt.issuer}", size=9, colour=SOFT)
        sheets.ln(4)
        sheets.set_fill_color(*wash)
        reason = drawable(self._receipt.reason)
        sheets.pen(13, bold=True, colour=ink)
        around = (3, 3, 1 if reason else 3, 3)  # millimetres above, right, below, left
        verdict = drawable(self._receipt.headline)
        sheets.multi_cell(WIDTH, 8, verdict, fill=True, padding=around, align="L", new_x="LMARGIN")
        if reason:
            sheets.pen(10)
            around = (0, 3, 3, 3)
            sheets.multi_cell(
                WIDTH, 5, reason, fill=True, padding=around, align="L", new_x="LMARGIN"
            )
        sheets.ln(3)

    def checks(self, steps: Sequence[dict[str, str]]) -> None:
        """Each check with its mark, its word and its sentence."""
        lines = []
        for step in steps:
            mark, word = _MARKS.get(step.get("outcome", ""), _NOT_KNOWN)
            said = step.get("sentence", "")
            lines.append((step_name(step.get("step", "")), f"{mark} {word}", said))
        self.sheets.heading("The checks, one by one")
        self.sheets.lines(lines, widths=(32, 24, 118))

    def how_to_verify(self, address: str) -> None:
        """The QR code and what to do with it."""
        sheets = self.sheets
        sheets.room(_QR + 20)
        sheets.heading("How to verify this paper")
        top = sheets.get_y()
        code, alt = io.BytesIO(), "QR code with the address at which this receipt can be compared"
        segno.make(address, error="l", boost_error=False).save(code, "png", scale=6, border=2)
        sheets.image(code, x=MARGIN, y=top, w=_QR, alt_text=alt)
        sheets.set_xy(MARGIN + _QR + 6, top)
        sheets.pen(9)
        sheets.multi_cell(WIDTH - _QR - 6, 5, _HOW, align="L", new_x="LMARGIN")
        sheets.set_y(max(sheets.get_y(), top + _QR))
