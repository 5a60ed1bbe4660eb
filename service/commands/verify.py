"""`learnometer verify`: credentials from files or addresses, with the desk's own words."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track

from service.clock import utc_now
from service.fetchers import Outside, UnsafeMap, Web
from service.inside import inside
from service.installed import Installed
from service.settings import Settings, without_secrets
from service.trust import trust_registry
from service.unsafe import opened, unsafe_maps
from vc.bakery import LARGEST_IMAGE
from vc.errors import Malformed
from vc.model import Outcome, Verdict
from verifier.bulk import intake
from verifier.bulk.checking import check_all
from verifier.bulk.result import as_csv, row_of
from verifier.checked import Checked, all_as_json
from verifier.desk import Desk
from verifier.handing import Handed

_EXIT: Final = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.UNCHECKED: 2}
_MARK: Final = {Outcome.PASS: "+", Outcome.FAIL: "x", Outcome.UNKNOWN: "?"}


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@click.option("--recipient", default="", help="A DID or e-mail address that it has to be about.")
@click.option("--bulk", type=click.Path(path_type=Path), help="A CSV of links or a ZIP of files.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the CSV of --bulk goes.")
@unsafe_maps
def command(sources: tuple[str, ...], **options: Any) -> None:
    """Verify SOURCES: files (JSON, JWT, PNG, SVG), addresses, or - for standard input.

    Exit code 0: all are valid. 1: one is not valid. 2: one could not be read or checked. With
    --bulk, one CSV says of each row or file what was found.

    Needs no installation; where there is one, its trust registry says who is known, and its
    extensions what is meant.
    """
    if bool(sources) == bool(options["bulk"]):
        raise click.UsageError("Name what to verify, or one file with --bulk.")
    settings = without_secrets()
    Installed(settings.installed_folder).load()
    web = _web(settings, opened(options["unsafe_map"]))
    desk = Desk(web, trust_registry(settings))
    if options["bulk"]:
        found = _verify_bulk(desk, options["bulk"], options["out"])
    else:
        handed = [_handed_over(source) for source in sources]
        found = desk.examine(handed, now=utc_now(), recipient=options["recipient"])
        _say(found, as_json=options["as_json"])
    raise SystemExit(_exit_code(found))


def _verify_bulk(desk: Desk, file: Path, out: Path | None) -> list[Checked]:
    """Check everything in the file, with progress, and write one CSV whole or not at all."""
    with file.open("rb") as opened_file:
        content = opened_file.read(intake.LARGEST_FILE + 1)
    try:
        many = intake.opened(content)
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=str(file)) from error
    console, found = Console(stderr=True), list[Checked]()
    steps = check_all(desk, many, now=utc_now())
    names = len(many.names)
    for some in track(
        steps, total=names, description="Checking", console=console, disable=not console.is_terminal
    ):
        found += some
    text = as_csv(row_of(one) for one in found)
    if out is None:
        click.echo(text, nl=False)
    else:
        draft = out.with_name(f".{out.name}.draft")
        draft.write_text(text, encoding="utf-8-sig", newline="")
        draft.replace(out)
    return found


def _say(found: Sequence[Checked], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(all_as_json(found), indent=2, ensure_ascii=False))
    else:
        click.echo("\n".join(_as_text(one, named=len(found) > 1) for one in found))


def _web(settings: Settings, unsafe_map: Mapping[str, str]) -> Web:
    """The world outside, and the installation here, where there is one."""
    return Web(
        authority=settings.authority,
        roles=settings.roles,
        loopback=inside(settings),
        outside=Outside(),
        unsafe=UnsafeMap(unsafe_map),
    )


def _exit_code(found: Sequence[Checked]) -> int:
    codes = {_EXIT[one.report.verdict] for one in found}
    # A forgery among them matters more than what could not be checked.
    return 1 if 1 in codes else max(codes, default=2)


def _handed_over(source: str) -> Handed:
    """The file or the address. Raises Malformed for a file too large, OSError for none."""
    if source.startswith(("http://", "https://")):
        return Handed(source, source)
    with sys.stdin.buffer if source == "-" else Path(source).open("rb") as file:
        content = file.read(LARGEST_IMAGE + 1)
    if len(content) > LARGEST_IMAGE:
        sentence = f"The file is larger than {LARGEST_IMAGE:,} bytes."
        raise Malformed("file-size", sentence, place=source)
    return Handed("standard input" if source == "-" else source, content)


def _as_text(checked: Checked, *, named: bool) -> str:
    verdict = checked.report.verdict.value if checked.readable else "could not be read"
    lines = [f"{checked.name}: "] if named or not checked.readable else [""]
    lines[0] += f"{verdict}: {checked.headline}"
    credential = checked.report.credential
    if credential is not None and checked.says_who:
        lines.append(f"  {credential.name or 'unnamed'}, issued by {credential.issuer_id}")
    lines += [f"  {_MARK[step.outcome]} {step.name}: {step.sentence}" for step in checked.steps]
    if checked.trust is not None:
        lines.append(f"  {'+' if checked.trust.known else '!'} trust: {checked.trust.sentence}")
    return "\n".join(map(_printable, lines))


def _printable(line: str) -> str:
    """`line` without what a terminal would obey: a stranger's name could overwrite the verdict."""
    return "".join(character if character.isprintable() else "\ufffd" for character in line)
