"""`learnometer db`: the database."""

from contextlib import closing

import click

import verifier.asking.store
import verifier.bulk.store
from service.clock import utc_now
from service.database import connect, upgrade
from service.settings import from_environment

_Store = verifier.asking.store.Store | verifier.bulk.store.Store


@click.group()
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to the newest revision."""
    upgrade(from_environment().database)
    click.echo("The database is up to date.")


@command.command("tidy")
def tidy() -> None:
    """Delete what the verifier has kept long enough: what wallets showed, and files of many.

    A verifier that is visited does so by itself.
    """
    with closing(connect(from_environment().database)) as database:
        stores: dict[str, _Store] = {
            "Questions to wallets": verifier.asking.store.Store(database.sessions),
            "Files of many": verifier.bulk.store.Store(database.sessions),
        }
        for name, store in stores.items():
            count = 0
            while some := _forget_some(store):
                count += some
            click.echo(f"{name} deleted: {count}")


def _forget_some(store: _Store) -> int:
    with store.ledger() as ledger:
        return ledger.forget_old(now=utc_now())
