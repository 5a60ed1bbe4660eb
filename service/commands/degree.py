"""`learnometer degree`: decide awards from files, without a server, a database or credentials."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import click

from degree.checker import Unreadable
from degree.command import audited, checked, linted, replay
from degree.rules.explain import Answer
from service.app import utc_now
from vc.errors import Malformed, Refused

FIRST_YEAR, LAST_YEAR = 1900, 2200  # beyond them, anniversaries fall out of the calendar
_EXIT: Final = {Answer.SATISFIED: 0, Answer.NOT_SATISFIED: 1, Answer.UNDECIDED: 2}
_FILE: Final = click.Path(path_type=Path)


@click.group()
def command() -> None:
    """Look through a programme, decide awards by it, and check decisions."""


@command.command("lint")
@click.argument("programme", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Write faults and remarks as JSON.")
def lint(programme: Path, *, as_json: bool) -> None:
    """Say what is wrong with a PROGRAMME (YAML), or what a regulator would ask about.

    Ends with 1 when the programme has faults, all of which are told; remarks are no faults.
    """
    with _refusals():
        found = linted(programme)
    click.echo(found.as_json() if as_json else found.as_text(), nl=False)
    click.get_current_context().exit(1 if found.faults else 0)


@command.command("audit")
@click.argument("programme", type=_FILE)
@click.argument("records", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Write the decision record as JSON.")
@click.option("--also", type=_FILE, multiple=True, help="Another version of the programme.")
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
    with _refusals():
        versions = (programme, *options["also"])
        found = audited(versions, records, today=day.date(), version=version("learnometer"))
    click.echo(found.as_json() if options["as_json"] else found.as_text(), nl=False)
    click.get_current_context().exit(_EXIT[found.decision.answer])


@command.command("check")
@click.argument("record", type=_FILE)
def check(record: Path) -> None:
    """Check a decision RECORD without the engine that made it.

    Ends with 0 when it is accepted, with 1 when anything speaks against it. The same check is the
    single file degree/checker.py, which needs Python and nothing else.
    """
    with _refusals():
        against = checked(record)
    for objection in against:
        click.echo(objection)
    if not against:
        click.echo("Accepted: the record proves what it says.")
    click.get_current_context().exit(1 if against else 0)


@command.command("replay")
@click.argument("record", type=_FILE)
def replay_(record: Path) -> None:
    """Make the decision in a RECORD again from what it rests on, and compare the bytes.

    Ends with 0 when they are the same, with 1 when they are not.
    """
    with _refusals():
        again = replay(record, version=version("learnometer"))
    if again.same:
        click.echo("The same decision, byte for byte.")
    else:
        made_by = ", ".join(f"{name} {value}" for name, value in sorted(again.engine.items()))
        click.echo(f"Another decision: {again.differs} differs. The record was made by {made_by}.")
    click.get_current_context().exit(0 if again.same else 1)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except Unreadable as unreadable:
        raise click.ClickException(str(unreadable)) from unreadable
