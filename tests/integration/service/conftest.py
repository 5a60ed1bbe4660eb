"""An application with one person in each role, whose clock the test sets."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.people import ROLES, People
from accounts.store import Store
from service.app import create_app
from service.database import connect
from service.migrations.tables import TABLES
from service.settings import Settings

PASSWORD = "a long enough password"


@dataclass
class Clock:
    """Tells the time that the test has set."""

    now: datetime = field(default=datetime(2026, 11, 22, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


class Browser:
    """A test client that asks for pages, and fills in forms with their CSRF token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers={"Accept": "text/html,*/*;q=0.8"})

    def submit(self, page: str, path: str, **fields: str) -> TestResponse:
        found = re.search('name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(
            path, data={"csrf_token": found[1], **fields}, headers={"Accept": "text/html"}
        )

    def sign_in(self, email: str, **fields: str) -> TestResponse:
        fields = {"email": email, "password": PASSWORD, **fields}
        return self.submit("/account/sign-in", "/account/sign-in", **fields)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_app(tmp_path: Path, clock: Clock) -> Iterator[Callable[..., Flask]]:
    """Makes an application on SQLite; the origin may be another one, and proxies before it."""
    database = connect(f"sqlite:///{tmp_path / 'app.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    people = People(
        Store(database.sessions), hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    for role in sorted(ROLES):
        people.register(
            name=f"The {role}",
            email=f"{role}@example.org",
            password=PASSWORD,
            roles=[role],
            now=clock(),
        )

    def make(origin: str = "http://localhost:8000", proxies: int = 0) -> Flask:
        settings = Settings(
            home=tmp_path,
            origin=origin,
            proxies=proxies,
            master_secret=bytes(32),
            secret_key="s" * 32,
        )
        return create_app(settings, clock=clock, database=database, people=people)

    yield make
    database.close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    return make_app()


@pytest.fixture
def browser_at() -> Callable[[Flask, str], Browser]:
    """A browser before one application, of which proxies say that it is at this address."""

    def make(app: Flask, address: str) -> Browser:
        client = app.test_client()
        client.environ_base["HTTP_X_FORWARDED_FOR"] = address
        return Browser(client)

    return make


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, str], None]:
    """Signs a client in as the person with that role; the form's token must be off."""

    def sign_in(client: FlaskClient, role: str) -> None:
        form = {"email": f"{role}@example.org", "password": PASSWORD}
        assert client.post("/account/sign-in", data=form).status_code == 303

    return sign_in
