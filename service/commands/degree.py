"""`learnometer degree`: decide awards from files, without a server, a database or credentials."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track

from degree.cohort.auditing import Line, Task, audit_all, whole_file
from degree.cohort.lines import csv_heading, line_as_csv, line_as_json
from degree.cohort.sources import Source, files_of, how_many, sources
from degree.cohort.summary import summary, titles_of
from degree.command import audited, checked, linted, planned, replay, versions
from degree.rules.checks import FIRST_YEAR, LAST_YEAR
from degree.rules.explain import Answer
from degree.rules.figures import Figures
from service.app import utc_now
from vc.errors import Malformed, Refused

_EXIT: Final = {Answer.SATISFIED: 0, Answer.NOT_SATISFIED: 1, Answer.UNDECIDED: 3}
_FILE: Final = click.Path(path_type=Path)
_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_ON: Final = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day of the decision, such as 2026-11-22; today unless given.",
)


class _CannotBeAsked(click.ClickException):
    """Something is wrong with the input; click ends with the same for wrong options."""

    exit_code = 2


@click.group()
def command() -> None:
    """Look through a programme, decide awards by it, and check decisions.

    Each command ends with 0 for yes and 1 for no, and with 2 when the input cannot be read.
    """


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
@_ON
def audit(programme: Path, records: Path, **options: Any) -> None:
    """Decide which award the RECORDS (JSON) earn by the PROGRAMME (YAML).

    Ends with 0 when an award is earned and no higher one is open, with 1 when none is earned, with
    2 when the input cannot be read, with 3 when the board must decide.
    """
    with _refusals():
        today = _day(options["on"])
        versions = (programme, *options["also"])
        found = audited(versions, records, today=today, version=version("learnometer"))
    click.echo(found.as_json() if options["as_json"] else found.as_text(), nl=False)
    click.get_current_context().exit(_EXIT[found.decision.answer])


@command.command("plan")
@click.argument("programme", type=_FILE)
@click.argument("records", type=_FILE)
@click.option("--award", help="The award's id; the one above what is earned unless given.")
@click.option("--also", type=_FILE, multiple=True, help="Another version of the programme.")
@_ON
def plan(programme: Path, records: Path, **options: Any) -> None:
    """Say what is still to earn for an award of the PROGRAMME (YAML), beside the RECORDS (JSON).

    What it calls the least is proved, and the badges that it names were decided upon. Ends with 0
    when there is a way or none is needed, with 1 when there is none, with 2 when the input cannot
    be read.
    """
    with _refusals():
        today = _day(options["on"])
        programmes = (programme, *options["also"])
        found = planned(programmes, records, award=options["award"], today=today)
    click.echo(found.as_text(), nl=False)
    click.get_current_context().exit(0 if found.leads_on else 1)


@command.command("cohort")
@click.argument("programme", type=_FILE)
@click.argument("records", type=_FILE, nargs=-1, required=True)
@click.option("--also", type=_FILE, multiple=True, help="Another version of the programme.")
@_ON
@click.option("--out", type=_FOLDER, help="A folder for the result and the decision records.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes; one for each processor.")
@click.option("--json", "as_json", is_flag=True, help="Write the lines as JSON Lines, not CSV.")
@click.option("--summary", is_flag=True, help="Print figures over all of them, and no lines.")
def cohort(programme: Path, records: tuple[Path, ...], **options: Any) -> None:
    """Decide which awards many RECORDS earn by the PROGRAMME (YAML), a line for each.

    RECORDS are JSON files, JSON Lines files with a wallet in each line, and folders of either.
    With --out, FOLDER/cohort.csv (or cohort.jsonl) takes the lines, and a decision record of each
    wallet stands beside it. Ends with 0 when all were decided, with 1 when some could not be read,
    with 2 when nothing could be begun.
    """
    workers = options["workers"] or os.cpu_count() or 1
    figures, unread, out = Figures(), 0, options["out"]
    with _refusals():
        today = _day(options["on"])
        rules = versions((programme, *options["also"]))
        files = list(files_of(records))
        task = Task(
            programmes=tuple(dict(each.document) for each in rules),
            today=today,
            version=version("learnometer"),
            out=out,
        )
        with _lines_written(
            out, **{name: options[name] for name in ("as_json", "summary")}
        ) as tell:
            for line in audit_all(task, _tracked(files), workers=workers):
                tell(line)
                if line.standing is None:
                    unread += 1
                else:
                    figures.add(line.standing)
    if options["summary"]:
        click.echo(summary(figures, unread=unread, titles=titles_of(rules)), nl=False)
    click.get_current_context().exit(1 if unread else 0)


@command.command("check")
@click.argument("record", type=_FILE)
def check(record: Path) -> None:
    """Check a decision RECORD without the engine that made it.

    Ends with 0 when it is accepted, with 1 when anything speaks against it. The same check, but
    for the signatures of its approvals, is the single file degree/checker.py, which needs Python
    and nothing else.
    """
    with _refusals():
        found = checked(record)
    for objection in found.objections:
        click.echo(objection)
    if not found.objections:
        click.echo("Accepted: the record proves what it says.")
        for approver in found.approved_by:
            click.echo(f"Approved by {approver}: the signature holds.")
    click.get_current_context().exit(1 if found.objections else 0)


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


def _day(on: datetime | None) -> date:
    day = on or utc_now()
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        sentence = f"A day from {FIRST_YEAR} to {LAST_YEAR} is expected."
        raise Malformed("day", sentence, place="--on")
    return day.date()


@contextmanager
def _lines_written(
    out: Path | None, *, as_json: bool, summary: bool
) -> Iterator[Callable[[Line], None]]:
    """What writes the lines of a cohort: into the folder, or else to standard output.

    With a summary standard output is the summary's.
    """
    form = line_as_json if as_json else line_as_csv
    heading = "" if as_json else csv_heading()
    if out is None:
        if not summary:
            click.echo(heading, nl=False)
        yield lambda line: None if summary else click.echo(form(line), nl=False)
        return
    out.mkdir(parents=True, exist_ok=True)
    path = out / ("cohort.jsonl" if as_json else "cohort.csv")
    # The result of an earlier run does not tell of the records that are written beside it now.
    path.unlink(missing_ok=True)
    with whole_file(path, encoding="utf-8" if as_json else "utf-8-sig") as file:
        file.write(heading)
        yield lambda line: print(form(line), end="", file=file)


def _tracked(files: Sequence[Path]) -> Iterable[Source]:
    """The wallets, with a bar of how many were taken up where somebody looks on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        return sources(files)
    total = how_many(files)
    return track(sources(files), "Auditing", total=total, console=console, transient=True)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise _CannotBeAsked(str(refusal)) from refusal
