"""Frozen dataclasses as JSON, and back.

For what we tell ourselves: the process that decides, and a page that comes back to us. Whoever
reads has to know that it was us who wrote.
"""

from dataclasses import fields, is_dataclass
from datetime import date
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

Value = TypeVar("Value")


def as_json(value: object) -> Any:
    """The value with its fields by name; a set as a list in order."""
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, frozenset):
        return sorted(as_json(each) for each in value)
    if isinstance(value, tuple):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def from_json(kind: type[Value], written: Any) -> Value:
    """The value of this kind that `as_json` wrote."""
    value: Value = _read(kind, written)
    return value


def _read(kind: Any, written: Any) -> Any:
    if isinstance(kind, UnionType):  # of one kind and None
        return None if written is None else _read(get_args(kind)[0], written)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        kinds = inner if inner[-1] is not Ellipsis else inner[:1] * len(written)
        return tuple(_read(each, item) for each, item in zip(kinds, written, strict=True))
    if get_origin(kind) is frozenset:
        return frozenset(_read(get_args(kind)[0], each) for each in written)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _read(hints[name], each) for name, each in written.items()})
    if kind is date:
        return date.fromisoformat(written)
    return kind(written)
