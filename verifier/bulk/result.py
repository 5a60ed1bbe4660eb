"""The result of checking many: a row for each credential, and all of them as one CSV."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from vc.model import timestamp
from verifier.checked import Checked

LONGEST_CELL: Final = 1_000  # characters
# A cell that begins so is a formula to spreadsheets; the wide forms are read as the plain ones.
_FORMULA: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "|", "%")
_WORDS: Final = {
    "valid": "verified",
    "warning": "genuine, with a warning",
    "invalid": "not valid",
    "unknown": "could not be checked",
    "unreadable": "could not be read",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result: texts only, and what a forged credential says is not among them."""

    name: str
    tone: str
    headline: str
    reason: str
    title: str
    issuer: str
    registry: str
    issued_to: str
    valid_from: str
    valid_until: str
    credential: str
    checked_at: str

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return _WORDS.get(self.tone, self.tone)


def row_of(checked: Checked) -> Row:
    """The line for one check."""
    credential = checked.report.credential if checked.says_who else None
    dates = (credential.valid_from, credential.valid_until) if credential else (None, None)
    valid_from, valid_until = (timestamp(date) if date else "" for date in dates)
    return Row(
        name=checked.name,
        tone=checked.tone,
        headline=checked.headline,
        reason=checked.against.sentence if checked.against else "",
        title=checked.title if credential else "",
        issuer=(checked.issuer or credential.issuer_id) if credential else "",
        registry=checked.trust.sentence if credential and checked.trust else "",
        issued_to=credential.subject_id if credential else "",
        valid_from=valid_from,
        valid_until=valid_until,
        credential=credential.id if credential else "",
        checked_at=timestamp(checked.report.checked_at),
    )


def as_csv(rows: Iterable[Row]) -> str:
    """All rows under their headings, each cell quoted, none of them a formula to a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(
        ["what was handed over", "verdict", "in words", "reason", "credential", "issuer",
         "trust registry", "issued to", "valid from", "valid until", "identifier", "checked at"]
    )  # fmt: skip
    for row in rows:
        cells = asdict(row)
        cells["tone"] = row.verdict
        writer.writerow([_cell(cell) for cell in cells.values()])
    return text.getvalue()


def _cell(text: str) -> str:
    plain = "".join(one if one.isprintable() else " " for one in text)[:LONGEST_CELL].strip()
    return f"'{plain}" if plain.startswith(_FORMULA) else plain
