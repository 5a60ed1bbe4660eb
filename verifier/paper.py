"""A receipt as a PDF for the file: the same words, a QR code, and the signed JSON attached.

The same receipt gives the same bytes.
"""

import io
from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

import segno
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace
from fpdf.table import Table

from paper.pdf_title import with_title
from paper.sheets import LINE, MARGIN, SOFT, WIDTH, Sheets, drawable
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
        paper.facts(_facts(receipt))
        paper.checks(receipt.steps)
        paper.how_to_verify(address)
        paper.facts(_versions(receipt), title="Checked with")
        paper.attach(document)
        return with_title(bytes(paper.sheets.output()), title=_title(receipt))
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

    def facts(self, pairs: Sequence[tuple[str, str]], *, title: str = "") -> None:
        """Pairs of a name and a text; those without a text are left out."""
        if title:
            self._heading(title)
        self.sheets.pen(9)
        with self._table((46, 128)) as table:
            for name, text in pairs:
                if text:
                    row = table.row()
                    row.cell(name, style=FontFace(color=SOFT))
                    row.cell(drawable(text))

    def checks(self, steps: Sequence[dict[str, str]]) -> None:
        """Each check with its mark, its word and its sentence."""
        self._heading("The checks, one by one")
        self.sheets.pen(9)
        with self._table((32, 24, 118)) as table:
            for step in steps:
                mark, word = _MARKS.get(step.get("outcome", ""), _NOT_KNOWN)
                name = step.get("step", "")
                row = table.row()
                row.cell(drawable(step_name(name)), style=FontFace(emphasis="BOLD"))
                row.cell(f"{mark} {word}")
                row.cell(drawable(step.get("sentence", "")))

    def how_to_verify(self, address: str) -> None:
        """The QR code and what to do with it."""
        sheets = self.sheets
        if sheets.get_y() + _QR + 20 > sheets.h - MARGIN:
            sheets.add_page()
        self._heading("How to verify this paper")
        top = sheets.get_y()
        code, alt = io.BytesIO(), "QR code with the address at which this receipt can be compared"
        segno.make(address, error="l", boost_error=False).save(code, "png", scale=6, border=2)
        sheets.image(code, x=MARGIN, y=top, w=_QR, alt_text=alt)
        sheets.set_xy(MARGIN + _QR + 6, top)
        sheets.pen(9)
        sheets.multi_cell(WIDTH - _QR - 6, 5, _HOW, align="L", new_x="LMARGIN")
        sheets.set_y(max(sheets.get_y(), top + _QR))

    def attach(self, document: bytes) -> None:
        """The signed JSON, as the source of this paper."""
        self.sheets.embed_file(
            bytes=document,
            basename="receipt.json",
            desc="The signed receipt",
            mime_type="application/json",
            associated_file_relationship="Source",
            creation_date=self._when,
            modification_date=self._when,
        )

    def _table(self, widths: tuple[int, ...]) -> AbstractContextManager[Table]:
        self.sheets.set_draw_color(*LINE)
        self.sheets.set_fill_color(255)
        return self.sheets.table(
            width=WIDTH,
            col_widths=widths,
            first_row_as_headings=False,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=5,
            padding=1,
            text_align="LEFT",
        )

    def _heading(self, text: str) -> None:
        self.sheets.ln(5)
        self.sheets.paragraph(text, size=12, bold=True)
        self.sheets.ln(1)
