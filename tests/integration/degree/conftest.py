"""The whole program for the tests of the degree office's pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from degree_campus import Campus

from service.database import connect
from service.migrations.tables import TABLES


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    database = connect(f"sqlite:///{tmp_path / 'campus.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    yield Campus(database, tmp_path)
    database.close()
