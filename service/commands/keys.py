"""`learnometer keys`: the signing keys in custody."""

import click

from keys.custody import Custody, KeyRecord
from service.app import utc_now
from service.settings import from_environment
from vc.encoding import ed25519_multikey


@click.group()
def command() -> None:
    """Make and retire signing keys, and see which there are."""


@command.command("new")
@click.argument("name")
@click.argument("verification_method")
def new(name: str, verification_method: str) -> None:
    """Make a key and keep it sealed.

    VERIFICATION_METHOD is the DID URL under which its public half is published, such as
    did:web:example.org:issuer:learnometer#key-1.
    """
    _show(_custody().create(name, verification_method=verification_method, now=utc_now()))


@command.command("retire")
@click.argument("name")
def retire(name: str) -> None:
    """End a key's signing for good; it stays published, and what it signed stays valid."""
    _show(_custody().retire(name, now=utc_now()))


@command.command("list")
def list_keys() -> None:
    """Show the public facts of every key."""
    records = _custody().list()
    for record in records:
        _show(record)
    if not records:
        click.echo("There are no keys yet.")


def _custody() -> Custody:
    settings = from_environment()
    return Custody(settings.keys_folder, settings.seal())


def _show(record: KeyRecord) -> None:
    ended = f" until {record.retired:%Y-%m-%d}" if record.retired else ""
    click.echo(f"{record.name}  {record.state}  since {record.created:%Y-%m-%d}{ended}")
    click.echo(f"  {record.verification_method}")
    click.echo(f"  {ed25519_multikey(record.public_key)}")
