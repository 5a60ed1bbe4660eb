"""YAML as located values: every node keeps its line, and nothing is guessed.

PyYAML's own constructor loses lines, keeps the last of two equal keys, reads `yes` as true,
follows aliases (a few lines can unfold to gigabytes), takes tags, and builds dates that do not
exist into errors without a place. Only its composer is used here.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Final

import yaml

from degree.rules.faults import Fault, Faults
from degree.rules.reading import Reader
from degree.rules.values import DAY, HALF, Way, Written
from vc.errors import Malformed

LARGEST: Final = 131_072  # bytes of a programme file; the largest of ours has 6,000
DEEPEST: Final = 20  # levels of nesting

LONGEST_KEY: Final = 100  # characters; paths are made of keys

# Numbers that JSON keeps; whatever else looks like one is text.
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,8})\.[0-9]{1,6}")


def read_yaml(source: bytes, *, faults: Faults) -> Reader:
    """The document's root. Raises Malformed when it is not YAML; notes lesser faults."""
    if len(source) > LARGEST:
        raise Malformed("yaml-size", f"The file is larger than {LARGEST:,} bytes.")
    try:
        text = source.decode("utf-8")
        root = _Loader(text).get_single_node()
    except UnicodeDecodeError as error:
        sentence = "The file is not UTF-8."
        raise Malformed("yaml-utf8", sentence, place=f"byte {error.start}") from error
    except yaml.YAMLError as error:
        raise _not_yaml(error) from error
    except ValueError as error:  # an escape or a version beyond what Python can count
        raise Malformed("yaml", "This is not YAML: a number in it is too large.") from error
    if root is None:
        raise Malformed("yaml-empty", "The file is empty.")
    return Reader(_Values(faults).of(root, (), ""), faults)


def _not_yaml(error: yaml.YAMLError) -> Malformed:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "it ends early"
    return Malformed("yaml", f"This is not YAML: {problem}.", place=place)


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses what can unfold or nest without end before it does."""

    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # its stubs lack it
        line = f"line {event.start_mark.line + 1}" if event.start_mark else ""
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise Malformed("yaml-alias", "Aliases are not used in programmes.", place=line)
        if getattr(event, "tag", None) is not None:
            raise Malformed("yaml-tag", "Tags are not used in programmes.", place=line)
        if self._depth > DEEPEST:
            raise Malformed("yaml-depth", f"Nested deeper than {DEEPEST} levels.", place=line)
        self._depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1


class _Values:
    """Takes the values out of composed nodes. Their lines go to the faults, beside the values."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def of(self, node: yaml.Node, way: Way, path: str) -> Written:
        """The value of a node at the end of a way; `path` tells the way to people."""
        self._faults.lines[way] = line = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, way, path)
        if isinstance(node, yaml.SequenceNode):
            children = enumerate(node.value)
            return [self.of(child, (*way, index), f"{path}[{index}]") for index, child in children]
        if HALF.search(str(node.value)):
            self._note(path, line, found="half a character", expected="a text")
            return "�"
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, way: Way, path: str) -> dict[str, Written]:
        entries: dict[str, Written] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else ""
            quoted = key if len(key) <= LONGEST_KEY else key[:LONGEST_KEY] + "…"
            here = f"{path}.{quoted}" if path else quoted
            if not key or HALF.search(key):
                self._note(here, line, found="a key that is no plain name", expected="a name")
            elif key != quoted:
                expected = f"a key of at most {LONGEST_KEY} characters"
                self._note(here, line, found=f"one of {len(key)}", expected=expected)
            elif key in entries:
                found = f"the key {key!r} a second time"
                self._note(here, line, found=found, expected="each key once")
            else:
                entries[key] = self.of(value_node, (*way, key), here)
        return entries

    def _note(self, path: str, line: int, *, found: str, expected: str) -> None:
        fault = Fault(path=path, line=line, found=found, expected=expected)
        self._faults.found.append(fault)


def _scalar(node: yaml.Node) -> Written:
    text = str(node.value)
    if getattr(node, "style", None) is not None:  # quoted or block: the writer says that it is text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    return _day_or_text(text)


def _day_or_text(text: str) -> Written:
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text  # no such day: the place that expects a date says so
    return text
