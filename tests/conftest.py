"""What all tests share: the published vectors, and a database of either kind."""

import contextlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.database import Database, connect
from service.migrations.tables import TABLES

VECTORS = Path(__file__).parents[2] / "shared" / "vectors"
POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/test"


@pytest.fixture(scope="session")
def vectors() -> Path:
    """The folder of published vectors, read in place."""
    if not VECTORS.is_dir():
        reason = f"the published vectors are not at {VECTORS}"
        if os.environ.get("REQUIRE_VECTORS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return VECTORS


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database without tables, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.sqlite'}"
        return
    yield request.getfixturevalue("empty_postgres_url")


@pytest.fixture
def empty_postgres_url() -> Iterator[str]:
    """The URL of a schema without tables."""
    with _postgres() as server, _schema(server) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database with the empty tables of all rooms, once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        database = connect(f"sqlite:///{tmp_path / 'test.sqlite'}")
        _create_tables(database)
        yield database
        database.close()
        return
    # Creating fifty tables takes PostgreSQL longer than most tests; they are emptied instead.
    database = connect(request.getfixturevalue("postgres_tables"))
    yield database
    with database.engine.begin() as connection:
        for tables in TABLES:
            for table in reversed(tables.sorted_tables):  # quicker than TRUNCATE of few rows
                connection.execute(table.delete())
    database.close()


@pytest.fixture(scope="session")
def postgres_tables() -> Iterator[str]:
    """The URL of a schema with all tables, one for each process that runs tests."""
    with _postgres() as server, _schema(server) as url:
        database = connect(url)
        _create_tables(database)
        database.close()
        yield url


def _create_tables(database: Database) -> None:
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)


@contextlib.contextmanager
def _schema(server: psycopg.Connection) -> Iterator[str]:
    """A schema of its own, as long as it is needed."""
    schema = f"test_{uuid.uuid4().hex}"
    server.execute(f"CREATE SCHEMA {schema}".encode())
    try:
        # Nothing here has to outlive a power failure.
        yield f"{_postgres_url()}?options=-csearch_path={schema}%20-csynchronous_commit=off"
    finally:
        server.execute(f"DROP SCHEMA {schema} CASCADE".encode())


def _postgres_url() -> str:
    return os.environ.get("TEST_POSTGRES_URL", POSTGRES)


def _postgres() -> psycopg.Connection:
    try:
        url = _postgres_url().replace("+psycopg", "")
        return psycopg.connect(url, autocommit=True, connect_timeout=5)
    except psycopg.OperationalError as error:
        reason = f"no PostgreSQL server answers: {error}"
        if os.environ.get("REQUIRE_POSTGRES") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
