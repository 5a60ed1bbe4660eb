"""`learnometer degree`: decide awards from files, without a server, a database or credentials."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from degree.command import audited
from degree.linted import linted
from degree.rules.explain import Answer
from service.app import utc_now
from vc.errors import Malformed, Refused

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond them, anniversaries fall out of the calendar
_EXIT: Final = {Answer.SATISFIED: 0, Answer.NOT_SATISFIED: 1, Answer.UNDECIDED: 2}


@click.group()
def command() -> None:
    """Decide awards from a programme file and records."""


@command.command("audit")
@click.argument("programme", type=click.Path(path_type=Path))
@click.argument("records", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the whole decision as JSON.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the decision, such as 2026-11-22; today unless given.",
)
def audit(programme: Path, records: Path, **options: Any) -> None:
    """Decide which award the RECORDS (JSON) earn by the PROGRAMME (YAML).

    Ends with 0 when an award is earned and no higher one is open, with 1 when none is earned or
    the input is wrong, with 2 when the board must decide.
    """
    day: datetime = options["on"] or utc_now()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = f"A day from {FIRST_YEAR} to {LAST_YEAR} is expected."
        raise Malformed("day", sentence, place="--on")
    try:
        found = audited(programme, records, today=day.date())
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(found.as_json() if options["as_json"] else found.as_text(), nl=False)
    click.get_current_context().exit(_EXIT[found.decision.answer])


@command.command("lint")
@click.argument("programme", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write faults and remarks as JSON.")
def lint(programme: Path, *, as_json: bool) -> None:
    """Read a PROGRAMME (YAML) and say what is wrong with it, or what a regulator would ask about.

    Ends with 1 when the programme has faults, all of which are told; remarks are no faults.
    """
    try:
        found = linted(programme)
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(found.as_json() if as_json else found.as_text(), nl=False)
    click.get_current_context().exit(1 if found.faults else 0)
