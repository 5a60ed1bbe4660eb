"""JSON Schemas that credentials name, as the operator installed them; none is ever downloaded."""

import json
from typing import Any

_installed: dict[str, dict[str, Any]] = {}


def install(url: str, content: bytes) -> None:
    """Make the schema at `url` known, for as long as the program runs."""
    _installed[url] = json.loads(content)


def installed() -> tuple[str, ...]:
    """The URLs of all schemas, in the order in which they were installed."""
    return tuple(_installed)


def load(url: str) -> dict[str, Any] | None:
    """The parsed schema, shared, so callers must not change it; None where it is not installed."""
    return _installed.get(url)
