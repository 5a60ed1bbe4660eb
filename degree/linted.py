"""What `learnometer degree lint PROGRAMME [--json]` does, without the command line."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from degree.files import read_file
from degree.rules.faults import Fault, Faulty
from degree.rules.linting import Remark, lint


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What is to be said of a programme file: its faults, or the remarks if it has none."""

    faults: tuple[Fault, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def as_text(self) -> str:
        """For a terminal: a line for each."""
        if self.faults:
            return "".join(f"{fault}\n" for fault in self.faults)
        return "".join(f"{remark}\n" for remark in self.remarks) or "No remarks.\n"

    def as_json(self) -> str:
        """For machines."""
        found = {
            "faults": [asdict(fault) for fault in self.faults],
            "remarks": [asdict(remark) for remark in self.remarks],
        }
        return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def linted(programme: Path) -> Linted:
    """The faults or remarks. Raises Malformed or Missing for what is no YAML file at all."""
    return read_file(programme, _linted)


def _linted(source: bytes) -> Linted:
    try:
        return Linted(remarks=lint(source))
    except Faulty as faulty:
        return Linted(faults=faulty.faults)
