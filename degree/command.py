"""What `learnometer degree audit PROGRAMME RECORDS [--json]` does, without the command line."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from degree.rules.audit import audit
from degree.rules.explain import Decision
from degree.rules.grammar import read_programme
from degree.rules.records import Wallet
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_json, decision_as_text
from vc.errors import Malformed, Missing

Form = TypeVar("Form")


@dataclass(frozen=True, slots=True)
class Audited:
    """A decision and the wallet that it is about."""

    decision: Decision
    wallet: Wallet

    def as_text(self) -> str:
        """For a terminal."""
        return decision_as_text(self.decision, self.wallet)

    def as_json(self) -> str:
        """For machines."""
        return json.dumps(decision_as_json(self.decision), indent=2, ensure_ascii=False) + "\n"


def audited(programme: Path, records: Path, *, today: date) -> Audited:
    """The decision. Raises vc.errors.Refused, which names the file and the place in it."""
    rules, wallet = _read(programme, read_programme), _read(records, read_records)
    return Audited(audit(rules, wallet, today=today), wallet)


def _read(path: Path, reader: Callable[[bytes], Form]) -> Form:
    try:
        return reader(path.read_bytes())
    except OSError as error:
        raise Missing("file", f"It cannot be read: {error.strerror}.", place=str(path)) from error
    except Malformed as error:
        place = f"{path}, {error.place}" if error.place else str(path)
        raise Malformed(error.code, error.sentence, place=place) from error
