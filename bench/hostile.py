"""What each hostile file costs: processor time, and memory in a process of its own.

`make bench-hostile` prints the worst, and fails when a file takes over 250 ms or 32 MiB. Besides
the corpus there are pictures of the largest size that is taken, made on the spot.
"""

import json
import os
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vc.bakery import LARGEST_IMAGE
from vc.errors import Unavailable
from vc.fetch import Fetched
from vc.model import instant
from vc.verify import verify

Measure = Callable[..., list[float]]
LONGEST: Final = 250.0  # milliseconds of one processor, whatever else the machine does
MOST: Final = 32.0  # MiB
_CORPUS: Final = Path(__file__).parents[1] / "tests" / "hostile"
_SHOWN: Final = 10
_OPEN: Final = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="https://purl.imsglobal.org/ob/v3p0"'
)


@dataclass(frozen=True, slots=True)
class Published:
    """The network of the corpus."""

    documents: dict[str, bytes]

    def get(self, url: str, *, accept: str) -> Fetched:
        """A document of the corpus. Raises Unavailable for any other."""
        del accept
        if url not in self.documents:
            raise Unavailable("unreachable", f"{url} did not answer.")
        return Fetched(url, self.documents[url], "application/json")


@dataclass(frozen=True, slots=True)
class Cost:
    """What one file cost: milliseconds, and MiB above what the process had before."""

    file: str
    time: float
    memory: float


def main() -> None:
    """Measure every file, print the worst, and end with 1 if one costs too much."""
    index = json.loads((_CORPUS / "index.json").read_bytes())
    published = index["published"].items()
    library = Published({url: (_CORPUS / place).read_bytes() for url, place in published})
    now = instant(index["now"], place="/now")

    def check(content: bytes) -> None:
        verify(content, now=now, fetcher=library)

    # Contexts are read and libraries loaded once for the life of a server.
    check((_CORPUS / "disclosure" / "sound.json").read_bytes())
    check((_CORPUS / "name" / "script.json").read_bytes())
    files = ((case["file"], (_CORPUS / case["file"]).read_bytes()) for case in index["cases"])
    costs = [_cost(name, content, check) for name, content in (*files, *_largest())]
    for unit, kind in (("ms", "time"), ("MiB", "memory")):
        print(f"The {_SHOWN} worst of {len(costs)} by {kind}:")
        worst = sorted(costs, key=lambda cost: float(getattr(cost, kind)), reverse=True)
        for cost in worst[:_SHOWN]:
            print(f"  {getattr(cost, kind):8.1f} {unit:4} {cost.file}")
    beyond = [cost.file for cost in costs if cost.time > LONGEST or cost.memory > MOST]
    sys.exit(f"Beyond {LONGEST} ms or {MOST} MiB: {', '.join(beyond)}" if beyond else 0)


def _cost(name: str, content: bytes, check: Callable[[bytes], None]) -> Cost:
    spent, resident = _in_a_child(name, _measured, content, check)
    _, traced = _in_a_child(name, _traced, content, check)
    # Pages that were free already do not count as resident, nor C's own memory as traced.
    return Cost(name, spent, max(resident, traced))


def _measured(content: bytes, check: Callable[[bytes], None]) -> list[float]:
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, began = _memory("VmRSS"), time.process_time()
    check(content)
    spent = time.process_time() - began
    return [spent * 1_000, _memory("VmHWM") - before]


def _traced(content: bytes, check: Callable[[bytes], None]) -> list[float]:
    tracemalloc.start()
    check(content)
    return [0.0, tracemalloc.get_traced_memory()[1] / 2**20]


def _in_a_child(name: str, measure: Measure, *what: Any) -> list[float]:
    """Measured apart, so that what an earlier file left in memory hides nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(measure(*what)).encode())
        os._exit(0)
    os.close(writing)
    answer = os.read(reading, 1_000)
    os.close(reading)
    os.waitpid(child, 0)
    if not answer:
        sys.exit(f"{name} ended its process")
    found: list[float] = json.loads(answer)
    return found


def _memory(kind: str) -> float:
    """A line of /proc/self/status, in MiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(kind)).split()[1]) / 1_024


def _largest() -> Iterator[tuple[str, bytes]]:
    """Pictures and texts of up to 5 MiB, each spent on one thing."""
    fill = LARGEST_IMAGE - 200
    yield "largest: white space", b" " * LARGEST_IMAGE
    yield "largest: no image", b"\xff" * LARGEST_IMAGE
    yield "largest: token", b"A" * (fill // 2) + b"." + b"A" * (fill // 2) + b".A"
    yield "largest: points", b"." * LARGEST_IMAGE
    for name, piece in {
        "elements": b"<a/>",
        "attributes": b"<a b=''/>",
        "comments": b"<!---->",
        "instructions": b"<?a?>",
        "characters": b"&#65;",
        "sections": b"<![CDATA[x]]>",
        "depth": b"<a>",
        "text": b"a",
        "letters of four bytes": b"\xf0\x9f\x98\x80",
    }.items():
        inside = piece * (fill // len(piece))
        yield f"largest: {name}", _OPEN + b">" + inside + b"</svg>"
        baked = b"><o:credential>" + inside + b"</o:credential></svg>"
        yield f"largest: {name} in the credential", _OPEN + baked[:LARGEST_IMAGE]
    yield "largest: attribute", _OPEN + b" a='" + b"x" * fill + b"'/>"
    wide = b" a='\xf0\x9f\x98\x80" + b"x" * 2_000_000 + b"'"
    yield "largest: wide attributes", _OPEN + b"><g" + wide + b"/><g" + wide + b"/></svg>"
    many = b"".join(b" a%d=''" % number for number in range(32_000))
    yield "largest: attributes of one tag", _OPEN + many + b"/>"
    spaces = b"".join(b"<g xmlns:a%d='b%d'/>" % (number, number) for number in range(32_000))
    yield "largest: namespaces", _OPEN + b">" + spaces + b"</svg>"
    yield "largest: name", _OPEN + b"><" + b"a" * fill + b"/></svg>"
    yield "largest: chunk", b"\x89PNG\r\n\x1a\n\x00\x50\x00\x00IHDR" + b"\0" * fill


if __name__ == "__main__":
    main()
