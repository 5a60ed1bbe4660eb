"""`learnometer db`: the database."""

import click

from service.database import upgrade
from service.settings import from_environment


@click.group()
def command() -> None:
    """Look after the database."""


@command.command("upgrade")
def upgrade_database() -> None:
    """Bring the tables to the newest revision."""
    upgrade(from_environment().database)
    click.echo("The database is up to date.")
