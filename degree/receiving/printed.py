"""A dossier on paper. The same dossier gives the same bytes."""

from datetime import datetime
from typing import Final

from degree.receiving.dossier import Dossier
from degree.receiving.entry import Entry
from degree.receiving.exhibit import LONGEST, Piece
from degree.wording import both_units
from paper.sheets import SOFT, Sheets

_ALARM: Final = (129, 81, 2)
_TOGETHER: Final = 30  # millimetres that a heading and what follows it need at least


def printed(found: Dossier, *, software: str, author: str, when: datetime) -> bytes:
    """The PDF of a dossier, with the decision record attached."""
    foot = " ".join((found.title, *found.marks))
    sheets = Sheets(title=found.title, author=author, creator=software, foot=foot, when=when)
    try:
        _cover(found, sheets)
        _requirements(found, sheets)
        _claims(found, sheets)
        for each in found.entries:
            _entry(each, sheets)
        sheets.attach(found.record.encode(), name="record.json", description="The decision record")
        return sheets.written()
    finally:
        sheets.release()


def _cover(found: Dossier, sheets: Sheets) -> None:
    sheets.paragraph(found.title, size=21, bold=True)
    sheets.paragraph(found.headline, size=13, bold=True)
    for mark in found.marks:
        sheets.paragraph(mark, size=11, bold=True, colour=_ALARM)
    sheets.heading("The case")
    sheets.facts(found.cover)
    sheets.heading("How to check this without us")
    sheets.facts(found.checking)


def _requirements(found: Dossier, sheets: Sheets) -> None:
    sheets.heading("Each requirement, and the badges that fill it")
    for part in found.fillings:
        sheets.room(_TOGETHER)
        sheets.ln(3)
        sheets.paragraph(f"{part.title}: {part.amount}. {part.state}.", size=10, bold=True)
        sheets.paragraph(part.asks, size=9, colour=SOFT)
        if part.entries:
            sheets.lines([_filling(each) for each in part.entries], widths=(12, 92, 70))
    if found.rules:
        sheets.heading("Rules over all badges that count")
        sheets.lines(found.rules, widths=(58, 28, 88))
    if found.open_questions:
        sheets.heading("What is missing or open")
        for sentence in found.open_questions:
            sheets.paragraph(sentence, size=9)


def _filling(each: Entry) -> tuple[str, str, str]:
    return str(each.number), each.record.title, both_units(each.record.credits_tenths)


def _claims(found: Dossier, sheets: Sheets) -> None:
    sheets.room(_TOGETHER)
    sheets.heading("What is claimed, and what counts")
    sheets.lines(
        [("Badge", "Claimed", "Counts", "Why not more")]
        + [(each.title, each.claimed, each.counts, each.reason) for each in found.claims],
        widths=(52, 46, 32, 44),
    )
    sheets.paragraph(found.totals, size=9, bold=True)
    sheets.room(_TOGETHER)
    sheets.heading("Prior learning")
    sheets.paragraph(found.prior, size=9)
    if found.prior_entries:
        sheets.lines([_filling(each) for each in found.prior_entries], widths=(12, 92, 70))


def _entry(each: Entry, sheets: Sheets) -> None:
    sheets.room(_TOGETHER)
    sheets.heading(f"{each.number}. {each.record.title}")
    for name, text in each.facts:
        if text:
            sheets.beside(name, text, longest=LONGEST)
    for piece in each.exhibit.pieces if each.exhibit else ():
        sheets.beside("Evidence", _piece(piece), longest=LONGEST)


def _piece(piece: Piece) -> str:
    genre = f" ({piece.genre})" if piece.genre else ""
    said = (piece.address, piece.digest, piece.description)
    return " ".join((f"{piece.name or 'Without a name'}{genre}.", *filter(None, said)))
