"""`learnometer clients`: programs that may issue in an issuer's name."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import click

from issuer.clients import Clients
from issuer.store import Store
from service.clock import utc_now
from service.database import connect
from service.mounts import clients_of
from service.settings import from_environment


@click.group()
def command() -> None:
    """See which programs may issue in an issuer's name (VC-API), let one in, and shut one out."""


@command.command("list")
def list_clients() -> None:
    """Show every program that was ever let in."""
    with _clients() as clients:
        rows = clients.listed()
    for row in rows:
        until = f", closed {row.closed_at:%Y-%m-%d}" if row.closed_at else ""
        click.echo(f"{row.tenant_id}  {row.name}  opened {row.opened_at:%Y-%m-%d}{until}")
    if not rows:
        click.echo("There are no clients yet.")


@command.command("open")
@click.argument("tenant")
@click.argument("name")
def open_client(tenant: str, name: str) -> None:
    """Let the program NAME issue whatever it wants in the name of TENANT, such as university.

    Its token is shown once, and kept nowhere.
    """
    with _clients() as clients:
        token = clients.open(tenant, name, now=utc_now())
    click.echo(f"{name} may issue in the name of {tenant}.")
    click.echo(f"Token: {token}")


@command.command("close")
@click.argument("tenant")
@click.argument("name")
def close_client(tenant: str, name: str) -> None:
    """Let the program NAME issue no more. What it issued stays as it is."""
    with _clients() as clients:
        clients.close(tenant, name, now=utc_now())
    click.echo(f"{name} may not issue in the name of {tenant} any more.")


@contextmanager
def _clients() -> Iterator[Clients]:
    settings = from_environment()
    with closing(connect(settings.database)) as database:
        yield clients_of(settings.seal(), Store(database.sessions))
