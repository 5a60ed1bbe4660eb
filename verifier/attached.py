"""The credential in the PDF of a receipt or diploma supplement: read as we write it, and only so.

A PDF can hold its attachments in many forms, packed, encrypted and in layers; a reader for all of
them would be a door for attackers. Ours holds one, as it is. What is read out of it is verified
like any other credential, so nothing here has to be believed.
"""

import re
from typing import Final

from vc.errors import Malformed

_BEGINNING: Final = b"%PDF-"
_ATTACHMENT: Final = re.compile(
    rb"/Length ([0-9]{1,7})\n/Params <<[^<>]{1,200}>>\n"
    rb"/Subtype /application#2Fjson\n/Type /EmbeddedFile\n>>\nstream\n"
)


def is_pdf(content: bytes) -> bool:
    """Whether it begins as a PDF does."""
    return content.startswith(_BEGINNING)


def attached_in(pdf: bytes) -> bytes:
    """The JSON that is attached to such a PDF. Raises Malformed for any other."""
    found = list(_ATTACHMENT.finditer(pdf))
    if len(found) == 1:
        end = found[0].end() + int(found[0][1])
        if pdf[end : end + 10] == b"\nendstream":
            return pdf[found[0].end() : end]
    sentence = (
        "This is a PDF without a receipt or transcript that can be read here. If it is a receipt, "
        "scan its code; or save the JSON that is attached to it, and hand that over."
    )
    raise Malformed("pdf", sentence)
