"""The commands add, list and remove, for each kind of document that the operator installs."""

from pathlib import Path

import click

from service.app import utc_now
from service.installed import Entry, Installed, Kind, surprises
from service.settings import from_environment
from vc.errors import Malformed
from vc.schemas import LARGEST


def group(kind: Kind, *, help_text: str) -> click.Group:
    """The group of commands for one kind."""

    @click.group(help=help_text)
    def command() -> None:
        """Nothing by itself."""

    @command.command("add")
    @click.argument("url")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def add(url: str, file: Path) -> None:
        """Install FILE as what stands at URL, under its digest."""
        with file.open("rb") as opened:
            content = opened.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise Malformed("file-size", f"It is larger than {LARGEST:,} bytes.", place=str(file))
        _show(_installed().add(kind, url, content, now=utc_now()))
        odd = surprises(content) if kind is Kind.CONTEXT else ()
        for place in odd:
            click.echo(f"  ! {place} is no keyword of JSON-LD.", err=True)
        if odd:
            click.echo(
                "Credentials with it may be good as JSON (JCS) and as tokens only.", err=True
            )

    @command.command("list")
    def list_installed() -> None:
        """Show what is installed."""
        entries = [entry for entry in _installed().entries() if entry.kind is kind]
        for entry in entries:
            _show(entry)
        if not entries:
            click.echo(f"No {kind} is installed.")

    @command.command("remove")
    @click.argument("url")
    def remove(url: str) -> None:
        """Forget what was installed for URL."""
        _installed().remove(kind, url)
        click.echo(f"Removed {url}")

    return command


def _installed() -> Installed:
    return Installed(from_environment().installed_folder)


def _show(entry: Entry) -> None:
    click.echo(entry.url)
    click.echo(f"  sha256 {entry.sha256}  since {entry.since}")
