"""What the desk found, as lines for a terminal and as JSON for machines."""

import json
from collections.abc import Sequence
from typing import Final

from vc.model import Outcome
from verifier.checked import Checked, all_as_json

_MARK: Final = {Outcome.PASS: "+", Outcome.FAIL: "x", Outcome.UNKNOWN: "?"}


def as_json(found: Sequence[Checked]) -> str:
    """The reports as JSON."""
    return json.dumps(all_as_json(found), indent=2, ensure_ascii=False)


def as_text(found: Sequence[Checked]) -> str:
    """A verdict for each, and a line for each check."""
    return "\n".join(_report(one, named=len(found) > 1) for one in found)


def _report(checked: Checked, *, named: bool) -> str:
    verdict = checked.report.verdict.value if checked.readable else "could not be read"
    if checked.about is not None:
        verdict += " receipt"  # whether what it is about was valid, the headline says
    lines = [f"{checked.name}: "] if named or not checked.readable else [""]
    lines[0] += f"{verdict}: {checked.headline}"
    credential = checked.report.credential
    if credential is not None and checked.says_who:
        lines.append(f"  {checked.title}, issued by {credential.issuer_id}")
        if checked.about is not None and checked.against is None and checked.reason:
            lines.append(f"  The reason then: {checked.reason}")
    lines += [f"  {_MARK[step.outcome]} {step.name}: {step.sentence}" for step in checked.steps]
    if checked.trust is not None and checked.says_who:
        lines.append(f"  {'+' if checked.trust.known else '!'} trust: {checked.trust.sentence}")
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    """`line` without what a terminal would obey: a stranger's name could overwrite the verdict."""
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
