"""Requests whose JSON is read strictly: duplicate keys, NaN and deep nesting are refused."""

from typing import Any

from flask import Request

from vc.documents import LARGEST, JsonObject, parse

# Room for the largest credential and what an API wraps around it, in bytes.
_LARGEST_BODY = LARGEST + 65_536


class _StrictJson:
    """The part of a JSON module that werkzeug's requests use."""

    @staticmethod
    def loads(source: bytes | str, **_options: Any) -> JsonObject:
        """The object in a request's body. Raises Malformed naming the place of the fault."""
        return parse(source, largest=_LARGEST_BODY)


class StrictRequest(Request):
    """A request that takes a JSON object and nothing that two readers could read differently."""

    json_module = _StrictJson
