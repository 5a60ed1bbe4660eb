"""What `learnometer degree audit PROGRAMME RECORDS [--json]` does, without the command line."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

from degree.rules.audit import audit
from degree.rules.grammar import read_programme
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_json, decision_as_text
from vc.errors import Malformed, Missing

Form = TypeVar("Form")


def audit_as_text(programme: Path, records: Path, *, today: date) -> str:
    """The decision as text. Raises vc.errors.Refused, which names the file and the place in it."""
    wallet = _read(records, read_records)
    return decision_as_text(audit(_read(programme, read_programme), wallet, today=today), wallet)


def audit_as_json(programme: Path, records: Path, *, today: date) -> str:
    """The decision as JSON. Raises vc.errors.Refused, which names the file and the place in it."""
    wallet = _read(records, read_records)
    decision = audit(_read(programme, read_programme), wallet, today=today)
    return json.dumps(decision_as_json(decision), indent=2, ensure_ascii=False) + "\n"


def _read(path: Path, reader: Callable[[bytes], Form]) -> Form:
    try:
        return reader(path.read_bytes())
    except OSError as error:
        raise Missing("file", f"It cannot be read: {error.strerror}.", place=str(path)) from error
    except Malformed as error:
        place = f"{path}, {error.place}" if error.place else str(path)
        raise Malformed(error.code, error.sentence, place=place) from error
