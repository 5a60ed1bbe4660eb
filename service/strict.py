"""Requests whose JSON is read strictly: duplicate keys, NaN and deep nesting are refused."""

from typing import Any

from flask import Request

from vc.documents import MOST_NODES, JsonObject, parse
from vc.received import LARGEST_PRESENTATION

# Room for the largest presentation and what an API wraps around it, in bytes.
_LARGEST_BODY = LARGEST_PRESENTATION + 65_536
_MOST_NODES = 10 * MOST_NODES


class _StrictJson:
    """The part of a JSON module that werkzeug's requests use."""

    @staticmethod
    def loads(source: bytes | str, **_options: Any) -> JsonObject:
        """The object in a request's body. Raises Malformed naming the place of the fault."""
        return parse(source, largest=_LARGEST_BODY, most_nodes=_MOST_NODES)


class StrictRequest(Request):
    """A request that takes a JSON object and nothing that two readers could read differently."""

    json_module = _StrictJson
