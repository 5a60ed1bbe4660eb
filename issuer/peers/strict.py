"""Rule files are read strictly: an unknown, missing, doubled or misshapen entry names its place."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

import yaml

from vc.errors import Malformed

_FRACTION: Final = re.compile(r"([0-9]{1,6})/([1-9][0-9]{0,5})")


class _Loader(yaml.SafeLoader):
    """YAML without doubled keys, which PyYAML would settle silently in favour of the last."""

    # PyYAML passes `deep` by its place.
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001
        seen = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                line = key_node.start_mark.line + 1
                raise Malformed("rules-key", f"{key!r} is given twice.", place=f"line {line}")
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read(text: str, *, source: str) -> "Section":
    """The mapping in the YAML `text`; `source` names the file in errors. Raises Malformed."""
    return _section(load_yaml(text, source=source), f"{source}:")


def load_yaml(text: str, *, source: str) -> Any:
    """What stands in the YAML `text`; `source` names the file in errors. Raises Malformed."""
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506  # a SafeLoader, made stricter
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=f"{source}, {error.place}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = f"{source}, line {mark.line + 1}" if mark else source
        raise Malformed("rules-yaml", f"This is not YAML: {error.problem}.", place=place) from error


@dataclass(slots=True)
class Section:
    """One mapping of a rule file. Every entry is asked for once; `done` refuses what is left."""

    place: str
    _entries: Mapping[str, Any]
    _asked: set[str] = field(default_factory=set)

    def text(self, key: str) -> str:
        """The non-empty text under `key`."""
        value = self._value(key)
        if not isinstance(value, str) or not value.strip():
            raise self._fault(key, "a text is expected here")
        return value

    def integer(self, key: str, *, at_least: int = 0) -> int:
        """The whole number under `key`."""
        value = self._value(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < at_least:
            raise self._fault(key, f"a whole number of {at_least} or more is expected here")
        return value

    def share(self, key: str) -> Fraction:
        """The fraction between 0 and 1 under `key`, written like 2/3 so that it is exact."""
        value = self._value(key)
        match = _FRACTION.fullmatch(value) if isinstance(value, str) else None
        if match is None or int(match[1]) > int(match[2]):
            raise self._fault(key, "a fraction such as 2/3, at most 1, is expected here")
        return Fraction(int(match[1]), int(match[2]))

    def date(self, key: str) -> datetime.date:
        """The calendar date under `key`."""
        value = self._value(key)
        if not isinstance(value, datetime.date) or isinstance(value, datetime.datetime):
            raise self._fault(key, "a date such as 2026-09-01 is expected here")
        return value

    def section(self, key: str) -> "Section":
        """The mapping under `key`."""
        return _section(self._value(key), self._at(key))

    def sections(self, key: str) -> tuple["Section", ...]:
        """The mappings in the non-empty list under `key`."""
        value = self._value(key)
        if not isinstance(value, list) or not value:
            raise self._fault(key, "a list with at least one entry is expected here")
        return tuple(_section(entry, f"{self._at(key)}[{n}]") for n, entry in enumerate(value))

    def done(self) -> None:
        """Refuse every entry that nobody asked for: a misspelt rule must not fall silent."""
        for key in self._entries:
            if key not in self._asked:
                raise self._fault(str(key), "this entry is not known")

    def _value(self, key: str) -> Any:
        self._asked.add(key)
        if key not in self._entries:
            raise self._fault(key, "this entry is missing")
        return self._entries[key]

    def _at(self, key: str) -> str:
        return f"{self.place}{'' if self.place.endswith(':') else '.'}{key}"

    def _fault(self, key: str, sentence: str) -> Malformed:
        return Malformed("rules-entry", f"{sentence}.", place=self._at(key))


def _section(content: object, place: str) -> Section:
    if not isinstance(content, dict):
        raise Malformed("rules-entry", "A mapping is expected here.", place=place.rstrip(":"))
    return Section(place, content)
