"""What `learnometer degree audit PROGRAMME RECORDS [--json]` does, without the command line."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from degree.files import read_file
from degree.rules.audit import audit
from degree.rules.explain import Decision
from degree.rules.grammar import read_programme
from degree.rules.records import Wallet
from degree.rules.records_json import read_records
from degree.rules.rendering import decision_as_json, decision_as_text


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
    rules, wallet = read_file(programme, read_programme), read_file(records, read_records)
    return Audited(audit(rules, wallet, today=today), wallet)
