"""One database for the four roles: SQLite by default, PostgreSQL for several machines."""

import sqlite3
import threading
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    OperationalError,
    ProgrammingError,
)
from sqlalchemy.exc import TimeoutError as NoFreeConnection
from sqlalchemy.orm import Session, sessionmaker

from vc.errors import Malformed, Unavailable

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_BUSY_TIMEOUT: Final = 10_000  # milliseconds a writer waits for another one's transaction
_UPGRADE_LOCK: Final = 0x4C656172  # an arbitrary number that nothing else locks

# What is raised when the database cannot serve at the moment, through no fault of the asker.
OUT_OF_SERVICE: Final = (OperationalError, NoFreeConnection)
# What PostgreSQL raises, and SQLite never, for a text with a NUL in it or longer than its column.
UNFIT: Final = DataError

# The same, or its tables are not there yet.
UNUSABLE: Final = (*OUT_OF_SERVICE, ProgrammingError)

_open = threading.local()


@dataclass(frozen=True, slots=True)
class Database:
    """A database to work in: `sessions` is what the roles' stores are given."""

    engine: Engine
    sessions: sessionmaker[Session]

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def connect(url: str, *, synchronous: str = "FULL") -> Database:
    """The database at `url` (`sqlite:///path` or `postgresql+psycopg://...`).

    `synchronous` is SQLite's: with OFF a power failure may take what was committed, which is for
    data that can be made again. Opens no connection yet. Raises Malformed for a URL of another
    kind.
    """
    engine = _engine(url, synchronous)
    return Database(engine, sessionmaker(engine, expire_on_commit=False))


def upgrade(url: str) -> None:
    """Bring the tables at `url` to the newest revision; all of it happens, or nothing.

    Several processes may do this at once. Raises Unavailable when the database does not answer,
    Malformed when what `url` names is no database.
    """
    database = connect(url)
    try:
        with _connected(database) as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            command.upgrade(migration_config(connection), "head")
    except OUT_OF_SERVICE as error:
        raise Unavailable("database", "The database does not answer.") from error
    finally:
        database.close()


def _connected(database: Database) -> Connection:
    try:
        return database.engine.connect()
    except OUT_OF_SERVICE:
        raise
    except DatabaseError as error:  # an unknown option in the URL, a file of another kind
        sentence = "What the database URL names cannot be opened as a database."
        raise Malformed("database-url", sentence) from error


def transaction_is_open() -> bool:
    """Whether the running thread is inside a transaction of any database of ours.

    Nobody may wait for another server meanwhile: it can take seconds, and when that server is
    ourselves, it would wait for the very transaction that is open here.
    """
    return getattr(_open, "transactions", 0) > 0


def migration_config(connection: Connection) -> Config:
    """Alembic's configuration for work on one open connection; there is no alembic.ini."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def _engine(url: str, synchronous: str) -> Engine:
    # Parameters are hidden from errors: those go to the log, and rows hold names and digests.
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:  # ValueError: the port is no number
        raise Malformed("database-url", "The database URL cannot be read.") from error
    if parsed.drivername == "postgresql+psycopg":
        engine = create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
        _count_transactions(engine)
        return engine
    if parsed.drivername != "sqlite":
        sentence = "The database URL must start with sqlite:// or postgresql+psycopg://."
        raise Malformed("database-url", sentence)
    if parsed.database not in (None, "", ":memory:"):
        path = Path(parsed.database)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)  # it holds people's names and addresses
    engine = create_engine(parsed, hide_parameters=True)
    event.listen(engine, "connect", partial(_prepare_sqlite, synchronous))
    event.listen(engine, "begin", _begin_immediate)
    _count_transactions(engine)
    return engine


def _count_transactions(engine: Engine) -> None:
    def opened(_connection: Connection) -> None:
        _open.transactions = getattr(_open, "transactions", 0) + 1

    def closed(_connection: Connection) -> None:
        _open.transactions = max(0, getattr(_open, "transactions", 0) - 1)

    event.listen(engine, "begin", opened)
    event.listen(engine, "commit", closed)
    event.listen(engine, "rollback", closed)


def _prepare_sqlite(synchronous: str, connection: sqlite3.Connection, _record: Any) -> None:
    # Python's driver would begin its own, deferred transactions, and commit before some statements.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_TIMEOUT}",
        "journal_mode = WAL",
        f"synchronous = {synchronous}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that reads first and writes later fails at once when another has
    # written in between, without waiting for the busy timeout.
    connection.exec_driver_sql("BEGIN IMMEDIATE")
