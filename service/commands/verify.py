"""`learnometer verify`: credentials from files or addresses, with the desk's own words."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import track

from service.clock import utc_now
from service.custody import owner_elsewhere
from service.fetchers import UnsafeMap, Web
from service.inside import inside
from service.installed import Installed
from service.outside import Outside
from service.settings import Settings, without_secrets
from service.telling import as_json, as_text
from service.trust import trust_registry
from service.unsafe import opened, unsafe_maps
from vc.bakery import LARGEST_IMAGE
from vc.errors import Malformed, Unavailable
from vc.model import Verdict
from verifier.bulk.checking import check_all
from verifier.bulk.intake import opened as opened_bulk
from verifier.bulk.item import LARGEST_FILE
from verifier.bulk.result import Row, as_csv
from verifier.checked import Checked, domain_of
from verifier.desk import Desk
from verifier.handing import Handed

_EXIT: Final = {"valid": 0, "warning": 0, "invalid": 1}  # by the tone; 2 for any other
_FILE: Final = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("sources", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="Print the report for machines.")
@click.option("--recipient", help="A DID or e-mail address that it has to be about.")
@click.option("--bulk", type=_FILE, help="A CSV of links or a ZIP of files.")
@click.option("--out", type=_FILE, help="Where the CSV of --bulk goes.")
@unsafe_maps
def command(sources: tuple[str, ...], **options: Any) -> None:
    """Verify SOURCES: files (JSON, JWT, PNG, SVG, a receipt's PDF), addresses, or - for
    standard input.

    Exit code 0: all are valid. 1: one is not valid. 2: one could not be read or checked. A receipt
    counts as what it says. With --bulk, one CSV says of each row or file what was found.

    Needs no installation; where there is one, its trust registry says who is known, and its
    extensions what is meant.
    """
    _expect_sense(sources, options)
    settings = without_secrets()
    Installed(settings.installed_folder).load()
    web = _web(settings, opened(options["unsafe_map"]))
    desk = Desk(web, trust_registry(settings))
    if options["bulk"]:
        found = _verify_bulk(desk, options["bulk"], options["out"])
    else:
        handed = [_handed_over(source) for source in sources]
        found = desk.examine(handed, now=utc_now(), recipient=options["recipient"] or "")
        click.echo(as_json(found) if options["as_json"] else as_text(found))
    _hint(found, settings)
    raise SystemExit(_exit_code(found))


def _expect_sense(sources: Sequence[str], options: Mapping[str, Any]) -> None:
    """Raises UsageError for options that would not do what they say."""
    if bool(sources) == bool(options["bulk"]):
        raise click.UsageError("Name what to verify, or one file with --bulk.")
    if options["recipient"] is not None and not options["recipient"].strip():
        # As when a script forgot to fill its variable: nobody would be compared.
        raise click.UsageError("--recipient names nobody.")
    if sources.count("-") > 1:
        raise click.UsageError("Standard input can be read once.")
    if options["out"] and not options["bulk"]:
        raise click.UsageError("--out takes the CSV of --bulk.")
    for option, given in (("--json", options["as_json"]), ("--recipient", options["recipient"])):
        if given and options["bulk"]:
            raise click.UsageError(f"{option} does not go with --bulk, which answers by a CSV.")
    if options["out"] and not options["out"].absolute().parent.is_dir():
        raise click.UsageError(f"There is no folder {options['out'].parent} for the CSV.")


def _verify_bulk(desk: Desk, file: Path, out: Path | None) -> list[Checked]:
    """Check everything in the file, with progress, and write one CSV whole or not at all."""
    with file.open("rb") as opened_file:
        content = opened_file.read(LARGEST_FILE + 1)
    try:
        many = opened_bulk(content)
    except Malformed as error:
        raise Malformed(error.code, error.sentence, place=str(file)) from error
    console, found, rows = Console(stderr=True), list[Checked](), list[Row]()
    steps = check_all(desk, many, now=utc_now())
    names = len(many.names)
    for some in track(
        steps, total=names, description="Checking", console=console, disable=not console.is_terminal
    ):
        found += some.checked
        rows += some.rows()
    text = as_csv(rows)
    if out is None:
        click.echo(text, nl=False)
    else:
        draft = out.with_name(f".{out.name}.draft")
        draft.write_text(text, encoding="utf-8-sig", newline="")
        draft.replace(out)
    return found


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
    codes = {_EXIT.get(one.tone, 2) for one in found}
    # A forgery among them matters more than what could not be checked.
    return 1 if 1 in codes else max(codes, default=2)


def _handed_over(source: str) -> Handed:
    """The file or the address, or why there is nothing: the others are verified all the same."""
    name = "standard input" if source == "-" else source
    if source.startswith(("http://", "https://")):
        return Handed(name, source)
    try:
        with sys.stdin.buffer if source == "-" else Path(source).open("rb") as file:
            content = file.read(LARGEST_IMAGE + 1)
    except (OSError, ValueError) as error:  # a name with a NUL is a ValueError
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Handed(name, Unavailable("unreachable", f"{reason[:1].upper()}{reason[1:]}."))
    if len(content) > LARGEST_IMAGE:
        too_large = f"The file is larger than {LARGEST_IMAGE:,} bytes."
        return Handed(name, Malformed("file-size", too_large))
    return Handed(name, content)


def _hint(found: Sequence[Checked], settings: Settings) -> None:
    """Say so when the issuer could be asked here, were this installation told its own address."""
    issuers = [
        domain_of(one.report.credential.issuer_id)
        for one in found
        if one.report.verdict is Verdict.UNCHECKED and one.report.credential is not None
    ]
    elsewhere = owner_elsewhere(settings) if issuers else ""
    if elsewhere in issuers:
        click.echo(
            f"The keys in {settings.keys_folder} are those of {elsewhere}: set LEARNOMETER_ORIGIN "
            "to its address to verify with them.",
            err=True,
        )
