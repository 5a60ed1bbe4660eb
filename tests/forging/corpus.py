"""The hostile corpus: every forger's files, and the index that says what each must meet.

`python -m forging.corpus` writes tests/hostile anew; a test holds that it would write the same.
"""

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

from campus import NOW
from forging.forge import Case, Cases, Forge

from vc.model import timestamp

FOLDER = Path(__file__).parents[1] / "hostile"
FORGERS = (
    "json_texts",
    "images",
    "meanings",
    "proofs",
    "tokens",
    "statuses",
    "curves",
    "moments",
    "disclosures",
    "bundles",
    "names",
    "issuers",
    "labours",
)


def forged() -> tuple[list[Case], dict[str, bytes]]:
    """All cases, and what the network would have published, by URL."""
    forge = Forge()
    cases = [case for name in FORGERS for case in _forger(name)(forge)]
    names = [case.file for case in cases]
    assert len(names) == len(set(names)), "two files of one name"
    return cases, forge.campus.library.documents


def _forger(name: str) -> Callable[[Forge], Cases]:
    found: Callable[[Forge], Cases] = import_module(f"forging.{name}").cases
    return found


def files() -> Iterator[tuple[str, bytes]]:
    """Every file of the corpus, by its path in the folder."""
    cases, published = forged()
    index: dict[str, object] = {"now": timestamp(NOW)}
    places = {}
    for url, content in published.items():
        places[url] = f"published/{url.removeprefix('https://')}"
        yield places[url], content
    index["published"] = places
    index["cases"] = [
        {
            "file": case.file,
            "verdict": case.verdict.value,
            "step": case.step,
            "code": case.code,
            "why": case.why,
        }
        for case in cases
    ]
    yield "index.json", json.dumps(index, indent=1, ensure_ascii=False).encode() + b"\n"
    yield from ((case.file, case.content) for case in cases)


def write() -> None:
    """Make the folder hold the corpus and nothing else but its test."""
    for old in FOLDER.rglob("*"):
        if old.is_file() and old.suffix not in {".py", ".pyc"}:
            old.unlink()
    for name, content in files():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    write()
