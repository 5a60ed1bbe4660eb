"""A PDF's title where every viewer looks for it.

PDF/A keeps the title in its XMP metadata, and the library that writes ours puts it nowhere else;
some viewers read the older information dictionary alone. It is added as an incremental update
(ISO 32000-1, 7.5.6): behind the end, so that nothing of what was written moves.
"""

import re
from typing import Final

_TRAILER: Final = re.compile(
    rb"trailer\n<<\n/Size (\d+)\n/Root (\d+ 0 R)\n/ID (\[[^\]]+\])\n>>\n"
    rb"startxref\n(\d+)\n%%EOF\s*\Z"
)
_NEW_TRAILER: Final = (
    b"trailer\n<<\n/Size %d\n/Root %s\n/Info %d 0 R\n/ID %s\n/Prev %s\n>>\nstartxref\n%d\n%%%%EOF\n"
)


def with_title(pdf: bytes, *, title: str) -> bytes:
    """The PDF with an information dictionary that holds `title`.

    Raises ValueError for one that the library did not write.
    """
    trailer = _TRAILER.search(pdf)
    if trailer is None:
        raise ValueError("the trailer of the PDF is not as it was expected")
    size, root, identity, start = trailer.groups()
    number = int(size)
    body = pdf.rstrip() + b"\n"
    # A text string is UTF-16 behind its mark (7.9.2.2), and in hexadecimal needs no escapes.
    text = ("\ufeff" + title).encode("utf-16-be").hex().upper().encode()
    entry = b"%d 0 obj\n<<\n/Title <%s>\n>>\nendobj\n" % (number, text)
    table = b"xref\n%d 1\n%010d 00000 n \n" % (number, len(body))
    where = (number + 1, root, number, identity, start, len(body) + len(entry))
    return body + entry + table + _NEW_TRAILER % where
