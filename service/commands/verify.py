"""`learnometer verify`: one credential from a file or an address, with the desk's own words."""

import json
import sys
from pathlib import Path
from typing import Final

import click

from service.app import outward_web, utc_now
from service.settings import from_environment
from service.trust import trust_registry
from vc.bakery import LARGEST_IMAGE
from vc.errors import Malformed, Refused
from vc.model import Outcome, Verdict
from verifier.desk import Checked, Desk, checked_as_json, refusal_as_report

_EXIT: Final = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNCHECKED: 2}
_MARK: Final = {Outcome.PASS: "+", Outcome.FAIL: "x", Outcome.UNKNOWN: "?"}


@click.command()
@click.argument("source")
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
def command(source: str, **flags: bool) -> None:
    """Verify SOURCE: a file (JSON, JWT, PNG or SVG), the address of one, or - for standard input.

    Exit code 0: valid. 1: not valid. 2: could not be checked, or there was nothing to check.
    """
    settings = from_environment()
    desk = Desk(outward_web(settings), trust_registry(settings))
    now = utc_now()
    try:
        checked = desk.check(_handed_over(source), now=now)
    except Refused as error:
        checked = Checked(refusal_as_report(error, now=now), None)
    if flags["as_json"]:
        click.echo(json.dumps(checked_as_json(checked), indent=2, ensure_ascii=False))
    else:
        click.echo(_as_text(checked))
    raise SystemExit(_EXIT[checked.report.verdict])


def _handed_over(source: str) -> bytes | str:
    """The bytes of the file, or the address itself. Raises Malformed for a file too large."""
    if source.startswith(("http://", "https://")):
        return source
    with sys.stdin.buffer if source == "-" else Path(source).open("rb") as file:
        content = file.read(LARGEST_IMAGE + 1)
    if len(content) > LARGEST_IMAGE:
        sentence = f"The file is larger than {LARGEST_IMAGE:,} bytes."
        raise Malformed("file-size", sentence, place=source)
    return content


def _as_text(checked: Checked) -> str:
    lines = [f"{checked.report.verdict.value}: {checked.headline}"]
    credential = checked.report.credential
    if credential is not None and checked.tone != "invalid":
        lines.append(f"  {credential.name or 'unnamed'}, issued by {credential.issuer_id}")
    lines += [
        f"  {_MARK[step.outcome]} {step.name}: {step.sentence}" for step in checked.report.steps
    ]
    if checked.trust is not None:
        lines.append(f"  {'+' if checked.trust.known else '!'} trust: {checked.trust.sentence}")
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    """`line` without what a terminal would obey: a stranger's name could overwrite the verdict."""
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
