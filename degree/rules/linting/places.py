"""Where in the file the rules stand: the node at each rule's path."""

from collections.abc import Iterator, Mapping
from typing import Final

from degree.rules.faults import Node

# These are named after what they say.
_NAMED: Final = {"prerequisites", "exclusions", "equivalences"}


def places(root: Node) -> dict[str, Node]:
    """Every node of the file by its path, as the rules name it."""
    return dict(_places(root, ""))


def line_of(path: str, nodes: Mapping[str, Node]) -> int:
    """The line of a rule, or of what it stands in; 0 for nothing in the file."""
    parts = path.split(".")
    if parts[0] == "awards" and parts[2:3] == ["buckets"] and path not in nodes:
        # A bucket's own rule, as the award has it.
        own = ".".join(parts[2:])
        path = own if own in nodes else path
    while path and path not in nodes:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return nodes[path].line if path else 0


def _places(node: Node, path: str) -> Iterator[tuple[str, Node]]:
    yield path, node
    if isinstance(node.value, dict):
        for key, child in node.value.items():
            yield from _places(child, f"{path}.{key}" if path else key)
    elif isinstance(node.value, list):
        outer = "classification" if path == "classification.classes" else path
        for number, child in enumerate(node.value):
            name = _name(child, path)
            yield from _places(child, f"{outer}.{name}" if name else f"{path}[{number}]")


def _name(node: Node, path: str) -> str:
    """The name that a rule in a list gives itself; empty when it has none."""
    said = node.value if isinstance(node.value, dict) else {}
    if path not in _NAMED:
        return _text(said.get("id"))
    if path == "equivalences":
        return _code(said.get("from"))
    if path == "exclusions":
        listed = said.get("one_of", node).value
        return "+".join(sorted(map(_code, listed))) if isinstance(listed, list) else ""
    if "badge" in said:
        return f"{_text(said['badge'])}-needs-{_text(said.get('needs'))}"
    return f"{_text(said.get('before'))}-before-{_text(said.get('after'))}"


def _code(node: Node | None) -> str:
    return _text(node).partition(":")[2]


def _text(node: Node | None) -> str:
    return node.value if node and isinstance(node.value, str) else ""
