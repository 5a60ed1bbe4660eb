"""A diploma supplement as a PDF, with the signed transcript attached. The same award gives the same
bytes."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from fpdf.enums import TableBordersLayout, VAlign
from fpdf.fonts import FontFace
from fpdf.table import Table

from degree.rules.exact import credits_text, ects_text
from degree.supplement import Section, Supplement
from degree.supplement_texts import LEVELS, PREAMBLE, SYSTEM
from degree.wording import both_units
from paper.sheets import INK, LINE, SOFT, WIDTH, Sheets, drawable

_TITLE: Final = "Diploma supplement"
_WASH: Final = (238, 241, 247)
_LACKING: Final = (
    "The name has letters that are not in the fonts of this paper. It stands whole in the "
    "attached transcript."
)
_ROOM: Final = 40  # millimetres that a heading wants below it on its sheet
_LABELS: Final = (17, 47, 110)  # millimetres: number, name, text


def supplement_pdf(told: Supplement) -> bytes:
    """The PDF."""
    paper = _Paper(told)
    try:
        paper.head()
        for section in told.sections:
            paper.section(section)
            if section.number == 4:
                paper.results()
                paper.requirements()
        paper.system()
        paper.attach()
        return paper.sheets.written()
    finally:
        paper.sheets.release()


class _Paper:
    """One supplement while it is written, from top to bottom."""

    def __init__(self, told: Supplement) -> None:
        earned = told.earned
        self._told = told
        self.sheets = Sheets(
            title=drawable(f"{_TITLE}: {earned.holder_name}, {earned.title}"),
            author=earned.issuer["name"],
            creator="Learnometer",
            foot=f"{_TITLE} of {earned.holder_name}",
            when=earned.issued_at,
        )

    def head(self) -> None:
        """Whose supplement it is, and what a supplement is for."""
        earned, sheets = self._told.earned, self.sheets
        sheets.paragraph(earned.issuer["name"], size=10, bold=True, colour=SOFT)
        sheets.ln(1)
        sheets.paragraph(_TITLE, size=21, bold=True)
        sheets.ln(2)
        sheets.paragraph(earned.holder_name, size=14, bold=True)
        sheets.paragraph(earned.title, size=11)
        if not _is_drawable(earned.holder_name):
            sheets.ln(1)
            sheets.paragraph(_LACKING, size=8, colour=SOFT)
        sheets.ln(3)
        self._prose(PREAMBLE)

    def section(self, section: Section) -> None:
        """A heading with the section's entries."""
        self._heading(f"{section.number}. {section.title}")
        with self._table(_LABELS) as table:
            for item in section.items:
                row = table.row()
                row.cell(item.number, style=FontFace(color=SOFT))
                row.cell(item.name, style=FontFace(emphasis="BOLD"))
                row.cell(drawable(item.text))

    def results(self) -> None:
        """Every counted badge, and the sum."""
        earned = self._told.earned
        total = credits_text(earned.credits_tenths), ects_text(earned.credits_tenths)
        self._grid(
            "4.3 Badges that count",
            (46, 31, 12, 15, 12, 21, 37),
            ("Badge", "Requirement", "Level", "Credits", "ECTS", "Issued", "Issuer"),
            [
                (one.title, one.fills, one.level, one.credits, one.ects, one.issued, one.issuer)
                for one in self._told.results
            ],
            last=("In all", "", "", *total, "", ""),
            numbers=(2, 3, 4),
        )

    def requirements(self) -> None:
        """What the award asks for, and what fills it."""
        earned = self._told.earned
        self._grid(
            "4.3 Requirements of the award",
            (66, 54, 54),
            ("Requirement", "Asked", "Counted"),
            [
                (one.title, both_units(one.minimum), both_units(one.counted))
                for one in earned.requirements
            ],
            last=(
                "In all",
                both_units(earned.award.credits),
                both_units(earned.credits_tenths),
            ),
            numbers=(1, 2),
        )

    def system(self) -> None:
        """The national system of higher education."""
        self._heading("8. Information on the national higher education system")
        self._prose(SYSTEM)
        self._grid(
            "",
            (18, 72, 34, 50),
            ("FHEQ", "Typical qualifications", "QF-EHEA cycle", "Credits (at that level)"),
            LEVELS,
        )

    def attach(self) -> None:
        """The signed transcripts, as the source of this paper."""
        several = len(self._told.attached) > 1
        for number, document in enumerate(self._told.attached, start=1):
            name = f"transcript-{number}.json" if several else "transcript.json"
            self.sheets.attach(document, name=name, description="The signed transcript")

    def _grid(
        self,
        title: str,
        widths: tuple[int, ...],
        heads: Sequence[str],
        rows: Iterable[Sequence[str]],
        *,
        last: Sequence[str] = (),
        numbers: Sequence[int] = (),
    ) -> None:
        """A table with its heads again on each sheet; `numbers` are columns set to the right."""
        sheets = self.sheets
        if title:
            self.sheets.room(_ROOM)
            sheets.ln(3)
            sheets.paragraph(title, size=9, bold=True)
            sheets.ln(1)
        aligned = tuple("RIGHT" if column in numbers else "LEFT" for column in range(len(widths)))
        with self._table(widths, size=8, heads=True, aligned=aligned) as table:
            table.row([drawable(text) for text in heads])
            for cells in rows:
                table.row([drawable(text) for text in cells])
            if last:
                table.row([drawable(text) for text in last], style=FontFace(emphasis="BOLD"))

    def _table(
        self,
        widths: tuple[int, ...],
        *,
        size: int = 9,
        heads: bool = False,
        aligned: tuple[str, ...] | str = "LEFT",
    ) -> AbstractContextManager[Table]:
        self.sheets.pen(size)
        self.sheets.set_draw_color(*LINE)
        self.sheets.set_fill_color(255)
        return self.sheets.table(
            width=WIDTH,
            col_widths=widths,
            first_row_as_headings=heads,
            headings_style=FontFace(emphasis="BOLD", color=SOFT),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=size * 0.5,
            padding=(1, 2, 1, 1),
            text_align=aligned,
            v_align=VAlign.T,
        )

    def _prose(self, paragraphs: Sequence[str]) -> None:
        for text in paragraphs:
            self.sheets.paragraph(text, size=9)
            self.sheets.ln(1.5)

    def _heading(self, text: str) -> None:
        self.sheets.room(_ROOM)
        sheets = self.sheets
        sheets.ln(4)
        sheets.set_fill_color(*_WASH)
        sheets.pen(11, bold=True, colour=INK)
        sheets.multi_cell(
            WIDTH, 6, drawable(text), fill=True, padding=1, align="L", new_x="LMARGIN"
        )
        sheets.ln(1)


def _is_drawable(name: str) -> bool:
    return drawable(name) == " ".join(name.split())
