"""Where in the file the rules stand: the place at each rule's path."""

from collections.abc import Iterator, Mapping
from typing import Final

from degree.rules.reading import Reader
from degree.rules.values import Written

# These are named after what they say.
_NAMED: Final = {"prerequisites", "exclusions", "equivalences"}


def places(root: Reader) -> dict[str, Reader]:
    """Every place in the file by its path, as the rules name it."""
    return dict(_places(root, ""))


def line_of(path: str, located: Mapping[str, Reader]) -> int:
    """The line of a rule, or of what it stands in; 0 for nothing in the file."""
    parts = path.split(".")
    if parts[0] == "awards" and parts[2:3] == ["buckets"] and path not in located:
        # A bucket's own rule, as the award has it.
        own = ".".join(parts[2:])
        path = own if own in located else path
    while path and path not in located:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return located[path].line if path else 0


def _places(place: Reader, path: str) -> Iterator[tuple[str, Reader]]:
    yield path, place
    if isinstance(place.value, dict):
        for key, child in place.entries():
            yield from _places(child, f"{path}.{key}" if path else key)
    elif isinstance(place.value, list):
        outer = "classification" if path == "classification.classes" else path
        for number, child in enumerate(place.elements()):
            name = _name(child.value, path)
            yield from _places(child, f"{outer}.{name}" if name else f"{path}[{number}]")


def _name(rule: Written, path: str) -> str:
    """The name that a rule in a list gives itself; empty when it has none."""
    said = rule if isinstance(rule, dict) else {}
    if path not in _NAMED:
        return _text(said.get("id"))
    if path == "equivalences":
        return _code(said.get("from"))
    if path == "exclusions":
        listed = said.get("one_of", rule)
        return "+".join(sorted(map(_code, listed))) if isinstance(listed, list) else ""
    if "badge" in said:
        return f"{_text(said['badge'])}-needs-{_text(said.get('needs'))}"
    return f"{_text(said.get('before'))}-before-{_text(said.get('after'))}"


def _code(value: Written) -> str:
    return _text(value).partition(":")[2]


def _text(value: Written) -> str:
    return value if isinstance(value, str) else ""
