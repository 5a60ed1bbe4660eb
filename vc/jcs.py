"""Canonical JSON (RFC 8785): one spelling of a document, to be signed or hashed."""

import rfc8785

from vc.documents import JsonObject
from vc.errors import Malformed


def canonical_json(document: JsonObject) -> bytes:
    """The UTF-8 bytes. Raises Malformed where RFC 8785 has no form for a value."""
    try:
        return rfc8785.dumps(document)
    except rfc8785.CanonicalizationError as error:
        raise Malformed("jcs", "A value has no canonical JSON form.") from error
