"""Pages on which no text turns the direction of writing.

A title that a stranger chose stands inside our own sentences. By an override in it (Unicode
Bidirectional Algorithm, section 2) the rest of such a line would read reversed. As on paper, a
replacement is drawn; the marks that right-to-left texts need, which turn nothing else, stay.
"""

import re
from typing import Final

from flask import Flask, Response, request

# Embeddings, overrides and isolates (U+202A to U+202E, U+2066 to U+2069) in UTF-8.
_TURNS: Final = re.compile(rb"\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]")
_REPLACEMENT: Final = "\ufffd".encode()


def install(app: Flask, *, under: str) -> None:
    """Let no text turn the direction of writing on the pages of `app` under this path."""

    def replace(response: Response) -> Response:
        if request.path.startswith(under) and response.mimetype == "text/html":
            response.set_data(_TURNS.sub(_REPLACEMENT, response.get_data()))
        return response

    app.after_request(replace)
