"""`learnometer degree`: decide awards from files, without a server, a database or credentials."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from degree.command import audit_as_json, audit_as_text, audited
from degree.rules.explain import Answer
from service.app import utc_now
from vc.errors import Refused

_EXIT = {Answer.SATISFIED: 0, Answer.NOT_SATISFIED: 1, Answer.UNDECIDED: 2}


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
@click.pass_context
def audit(context: click.Context, programme: Path, records: Path, **options: Any) -> None:
    """Decide which award the RECORDS (JSON) earn by the PROGRAMME (YAML).

    Ends with 0 when an award is earned and none is open, with 1 when none is or the input is
    wrong, with 2 when the board must decide.
    """
