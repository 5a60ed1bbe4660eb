"""The paper that is written on: PDF/A-3 with embedded fonts, the same bytes each time.

Text that others wrote is drawn as text alone. Characters that the fonts lack, and those that turn
the direction of writing, are drawn as a replacement.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from html import escape
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import TableBordersLayout
from fpdf.fonts import FontFace, TTFFont
from fpdf.prefs import ViewerPreferences
from fpdf.table import Table

from paper.pdf_title import with_title

MARGIN: Final = 18  # millimetres
WIDTH: Final = 174  # millimetres between the margins of A4
INK, SOFT, LINE = (22, 32, 58), (74, 84, 112), (220, 216, 204)
_NAMES: Final = 44  # millimetres for the names in front of texts
LONGEST_TEXT: Final = 600  # characters: a row of a table has to fit one sheet
FAMILY: Final = "DejaVu Sans"
_FONTS: Final = Path(__file__).parent / "fonts"
_STYLES: Final = (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf"))
_PRODUCER: Final = "fpdf2"


class Sheets(FPDF):
    """Sheets with a title, an author and a moment, and the same words at the foot of each."""

    def __init__(self, *, title: str, author: str, creator: str, foot: str, when: datetime) -> None:
        super().__init__(enforce_compliance="PDF/A-3U")
        self._foot, self._titled, self._when = foot, title, when
        self.alias_nb_pages("")  # or "{nb}" in somebody's text would become a number
        self.set_margin(MARGIN)
        self.set_auto_page_break(auto=True, margin=MARGIN)
        for style, file in _STYLES:
            self.add_font(FAMILY, style, _FONTS / file)
        self.set_title(title)
        self.set_author(drawable(author))
        self.set_creator(drawable(creator))
        self.set_producer(_PRODUCER)
        self.set_lang("en")
        self.set_creation_date(when)
        self.set_xmp_metadata(_metadata(drawable(title), drawable(author), drawable(creator), when))
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        self.add_page()

    def written(self) -> bytes:
        """The PDF."""
        return with_title(bytes(self.output()), title=self._titled)

    def release(self) -> None:
        """Close the files of the fonts; the sheets are done with."""
        for font in _opened(self):
            font.close()

    def footer(self) -> None:
        """The words at the foot, and the sheet's number."""
        self.set_y(-13)
        self.pen(7, colour=SOFT)
        self.cell(WIDTH, 5, drawable(f"{self._foot}, sheet {self.page_no()}"))

    def pen(self, size: int, *, bold: bool = False, colour: tuple[int, int, int] = INK) -> None:
        """Write on in this size (points) and colour."""
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*colour)

    def paragraph(
        self,
        text: str,
        *,
        size: int,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        longest: int = LONGEST_TEXT,
    ) -> None:
        """A paragraph across the sheet, of at most `longest` characters."""
        self.pen(size, bold=bold, colour=colour)
        line = drawable(text, longest=longest)
        self.multi_cell(WIDTH, size * 0.5, line, align="L", new_x="LMARGIN")

    def room(self, height: int) -> None:
        """Begin another sheet unless so many millimetres are left on this one."""
        if self.get_y() + height > self.h - MARGIN:
            self.add_page()

    def heading(self, text: str) -> None:
        """The heading of a section."""
        self.ln(5)
        self.paragraph(text, size=12, bold=True)
        self.ln(1)

    def facts(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Pairs of a name and a text; those without a text are left out."""
        self.pen(9)
        with self.ruled((46, 128)) as table:
            for name, text in pairs:
                if text:
                    row = table.row()
                    row.cell(name, style=FontFace(color=SOFT))
                    row.cell(drawable(text))

    def beside(self, name: str, text: str, *, longest: int = LONGEST_TEXT) -> None:
        """A name, and beside it a text that may go on on the next sheet.

        Three times as fast as the row of a table, of which there may be a thousand.
        """
        self.room(10)
        top = self.get_y()
        self.pen(9, colour=SOFT)
        self.cell(_NAMES, 5, drawable(name))
        self.set_xy(MARGIN + _NAMES, top)
        self.pen(9)
        line = drawable(text, longest=longest)
        self.multi_cell(WIDTH - _NAMES, 5, line, align="L", new_x="LMARGIN")

    def lines(self, lines: Sequence[Sequence[str]], *, widths: tuple[int, ...]) -> None:
        """A table, of which the first text in each line stands out; widths in millimetres."""
        self.pen(9)
        with self.ruled(widths) as table:
            for first, *others in lines:
                row = table.row()
                row.cell(drawable(first), style=FontFace(emphasis="BOLD"))
                for text in others:
                    row.cell(drawable(text))

    def ruled(self, widths: tuple[int, ...]) -> AbstractContextManager[Table]:
        """A table with a line under each row."""
        self.set_draw_color(*LINE)
        self.set_fill_color(255)
        return self.table(
            width=WIDTH,
            col_widths=widths,
            first_row_as_headings=False,
            borders_layout=TableBordersLayout.HORIZONTAL_LINES,
            line_height=5,
            padding=1,
            text_align="LEFT",
        )

    def attach(self, document: bytes, *, name: str, description: str) -> None:
        """A JSON document, as the source of this paper."""
        self.embed_file(
            bytes=document,
            basename=name,
            desc=description,
            mime_type="application/json",
            associated_file_relationship="Source",
            creation_date=self._when,
            modification_date=self._when,
        )


def drawable(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """`text` on one line, not too long, without a character that has no glyph."""
    line = " ".join(text.split())
    line = line if len(line) <= longest else f"{line[:longest]}…"
    return "".join(one if ord(one) in _glyphs() else "\ufffd" for one in line)


@cache
def _glyphs() -> frozenset[int]:
    sheet = FPDF()
    for style, file in _STYLES:
        sheet.add_font(FAMILY, style, _FONTS / file)
    fonts = _opened(sheet)
    both = [frozenset(font.cmap) for font in fonts]
    for font in fonts:
        font.close()
    return both[0].intersection(*both)


def _opened(sheet: FPDF) -> list[TTFFont]:
    return [font for font in sheet.fonts.values() if isinstance(font, TTFFont)]


def _metadata(title: str, author: str, creator: str, when: datetime) -> str:
    """The XMP of the PDF. Written by the library, it would hold the moment of writing."""
    title, author, creator = map(escape, (title, author, creator))
    moment = when.isoformat(timespec="seconds")
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
      xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
      xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
    <rdf:Description rdf:about="" xmp:CreatorTool="{creator}" xmp:CreateDate="{moment}"
        xmp:ModifyDate="{moment}" xmp:MetadataDate="{moment}" pdf:Producer="{_PRODUCER}">
      <pdfaid:part>3</pdfaid:part>
      <pdfaid:conformance>U</pdfaid:conformance>
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""
