"""The result of checking many: a row for each credential, and all of them as one CSV."""

import csv
import io
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Final

from vc.model import timestamp
from vc.spreadsheet import cell
from verifier.bulk.item import Item
from verifier.checked import Checked

_HEADINGS: Final = (
    "what was handed over", "verdict", "in words", "reason", "credential", "issuer",
    "trust registry", "issued to", "valid from", "valid until", "identifier", "checked at",
)  # fmt: skip
_WORDS: Final = {
    "valid": "verified",
    "warning": "verified, with a warning",
    "invalid": "not valid",
    "unknown": "could not be checked",
    "unreadable": "could not be read",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result; what a forged credential says is not among its texts.

    `number` and `beside` say where it stood in the file, and with what in its row.
    """

    number: int
    beside: dict[str, str]
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


def row_of(checked: Checked, *, item: Item) -> Row:
    """The line for one check of an item."""
    credential = checked.report.credential if checked.says_who else None
    dates = (credential.valid_from, credential.valid_until) if credential else (None, None)
    valid_from, valid_until = (timestamp(date) if date else "" for date in dates)
    return Row(
        number=item.number,
        beside=dict(item.beside),
        name=checked.name,
        tone=checked.tone,
        headline=checked.headline,
        reason=checked.reason,
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
    """All rows under their headings, each cell quoted, none of them a formula to a spreadsheet.

    The columns that were beside the links come behind the number of the row.
    """
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    beside: list[str] | None = None
    for row in rows:
        if beside is None:
            beside = list(row.beside)
            writer.writerow(["row", *map(_theirs, beside), *_HEADINGS])
        writer.writerow([cell(text) for text in _cells(row, beside)])
    if beside is None:
        writer.writerow(["row", *_HEADINGS])
    return text.getvalue()


def _theirs(heading: str) -> str:
    """The heading of a column that was in the file, and not that of one of ours."""
    return cell(f"your {heading}" if heading.lower() in {"row", *_HEADINGS} else heading)


def _cells(row: Row, beside: Iterable[str]) -> list[str]:
    ours = asdict(row) | {"tone": row.verdict}
    number, own = ours.pop("number"), ours.pop("beside")
    return [str(number or ""), *(own.get(heading, "") for heading in beside), *ours.values()]
