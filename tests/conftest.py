"""What all tests share: the published vectors, and a database of either kind."""

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
    with _postgres() as server:
        schema = f"test_{uuid.uuid4().hex}"
        server.execute(f"CREATE SCHEMA {schema}".encode())
        try:
            # Nothing here has to outlive a power failure.
            yield f"{_postgres_url()}?options=-csearch_path={schema}%20-csynchronous_commit=off"
        finally:
            server.execute(f"DROP SCHEMA {schema} CASCADE".encode())


@pytest.fixture
def database(empty_database_url: str) -> Iterator[Database]:
    """A database with the tables of all rooms, once on SQLite and once on PostgreSQL."""
    database = connect(empty_database_url)
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    yield database
    database.close()


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
