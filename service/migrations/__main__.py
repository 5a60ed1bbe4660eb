"""`python -m service.migrations MESSAGE` writes the next revision from the tables as they are now.

While nothing is released, the first revision is made anew instead: delete it, then run this.
"""

import tempfile
from pathlib import Path

import click
from alembic import command

from service.database import MIGRATIONS, connect, migration_config


@click.command()
@click.argument("message")
def revise(message: str) -> None:
    """Write the revision that brings an upgraded, empty database to the present tables."""
    number = len(list((MIGRATIONS / "versions").glob("[0-9]*.py"))) + 1
    with tempfile.TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{Path(folder) / 'empty.sqlite'}")
        with database.engine.connect() as connection:
            config = migration_config(connection)
            command.upgrade(config, "head")
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04d}")
        database.close()


revise()
