"""Requests whose JSON is read strictly: duplicate keys, NaN and deep nesting are refused."""

from typing import Any

from flask import Request
from flask_smorest import Blueprint
from webargs import missing
from webargs.flaskparser import FlaskParser

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

    @property
    def json_module(self) -> Any:
        """Our reader, whatever Flask sets: it gives each request the application's."""
        return _StrictJson

    @json_module.setter
    def json_module(self, module: Any) -> None:
        del module


class _StrictParser(FlaskParser):
    """The arguments of an API route, from JSON that was read strictly: webargs has its own reader,
    which takes duplicate keys, NaN and halves of characters.

    What does not fit is answered with 400, as VC-API 0.3 has it, and not with the 422 of webargs.
    """

    DEFAULT_VALIDATION_STATUS = 400

    def load_json(self, req: Request, schema: Any) -> Any:
        """The body of a request that says that it is JSON. Raises Malformed."""
        del schema
        return req.get_json() if req.is_json else missing


def install() -> None:
    """Have the arguments of every route that is declared from now on read strictly."""
    Blueprint.ARGUMENTS_PARSER = _StrictParser()
