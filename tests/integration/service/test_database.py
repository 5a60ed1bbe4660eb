"""The database as every store meets it, and the history of its tables."""

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.database import Database, connect, transaction_is_open, upgrade
from service.fetchers import Loopback, Web
from service.migrations.tables import TABLES
from service.outside import Outside
from vc.errors import Malformed, Unavailable


def test_the_history_of_revisions_ends_at_the_tables_that_the_stores_declare(
    empty_database_url: str,
) -> None:
    upgrade(empty_database_url)
    database = connect(empty_database_url)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), list(TABLES)) == []
    database.close()


def test_upgrading_again_changes_nothing(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    upgrade(empty_database_url)


def test_every_table_carries_the_prefix_of_its_room() -> None:
    rooms = ("accounts_", "issuer_", "wallet_", "verifier_", "degree_")
    assert [name for tables in TABLES for name in tables.tables if not name.startswith(rooms)] == []


def test_sqlite_is_durable_and_keeps_foreign_keys(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'new folder' / 'a.sqlite'}")
    with database.engine.connect() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]
    database.close()


def test_a_row_that_points_nowhere_is_refused(database: Database) -> None:
    statement = "INSERT INTO accounts_role (person_id, role) VALUES ('nobody', 'member')"
    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text(statement))


def test_two_writers_that_read_first_wait_for_each_other(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path / 'a.sqlite'}")
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def add_fifty() -> None:
        for _ in range(50):
            with database.engine.begin() as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=add_fifty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 200
    database.close()


@pytest.mark.parametrize("url", ["mysql://localhost/a", "postgresql://localhost/a", "not a url"])
def test_a_database_of_another_kind_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(Malformed) as refusal:
        connect(url)
    assert refusal.value.code == "database-url"


def test_no_address_is_asked_for_while_a_transaction_is_open(database: Database) -> None:
    reader = Web(
        authority="localhost:8000",
        roles=frozenset(),
        loopback=Loopback(lambda _environ, _start: [], "http://localhost:8000"),
        outside=Outside(resolve=lambda _: []),
    )
    with database.sessions.begin() as session:
        session.execute(text("SELECT 1"))
        with pytest.raises(RuntimeError, match="while a transaction is open"):
            reader.get("https://example.org/did.json", accept="application/json")
    with pytest.raises(Unavailable):
        reader.get("https://example.org/did.json", accept="application/json")


def test_a_transaction_that_failed_is_no_longer_open(database: Database) -> None:
    statement = "INSERT INTO accounts_role (person_id, role) VALUES ('nobody', 'member')"
    with pytest.raises(IntegrityError), database.sessions.begin() as session:
        session.execute(text(statement))
    assert not transaction_is_open()
    with database.engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        assert transaction_is_open()
    assert not transaction_is_open()


def test_an_error_of_the_database_repeats_nothing_of_the_rows(database: Database) -> None:
    statement = text("INSERT INTO accounts_nowhere (person_id) VALUES (:person)")
    with pytest.raises(DBAPIError) as error, database.sessions.begin() as session:
        session.execute(statement, {"person": "a-secret"})
    assert "a-secret" not in str(error.value)
