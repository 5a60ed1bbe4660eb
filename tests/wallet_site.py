"""The wallet as a site: the real application, with an issuer at the other end of its network."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from pathlib import Path

from argon2 import PasswordHasher
from badge_issuer import BadgeIssuer
from campus import NOW, Campus
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.people import People
from accounts.store import Store
from openid4vc.exchange import Answer
from service.app import create_app
from service.database import connect
from service.migrations.tables import TABLES
from service.settings import Settings

ORIGIN = "http://localhost:8000"
PASSWORD = "a long enough password"
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass
class Elsewhere:
    """The rest of the web: the issuer's endpoints, and the documents of the library."""

    issuer: BadgeIssuer

    def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        published = self.issuer.campus.library.documents.get(url)
        if published is not None:
            return Answer(200, {"content-type": "application/json"}, published)
        return self.issuer.send(method, url, headers=headers, body=body)


class Browser:
    """A test client of one person that fills in the forms it finds."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str) -> TestResponse:
        return self.client.get(path.removeprefix(ORIGIN), headers=PAGE)

    def submit(self, page: str, action: str, **fields: object) -> TestResponse:
        """Send the form with this action on that page, with its hidden fields and `fields`."""
        text = self.get(page).text
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', text, re.DOTALL)
        assert form, f"{page} has no form for {action}"
        hidden = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
        given = {name: unescape(value) for name, value in hidden.items()} | fields
        return self.client.post(action, data=given, headers=PAGE)


@dataclass
class Site:
    """The application, its issuer, and a browser for each person."""

    issuer: BadgeIssuer
    amina: Browser
    ben: Browser
    stranger: Browser

    def fetch(self, browser: Browser) -> str:
        """Have a badge offered and accepted; returns the path of its page."""
        offer = self.issuer.offer().partition("?")[2]
        answer = browser.submit(f"/wallet/offers?{offer}", "/wallet/offers/accept")
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def share(self, browser: Browser, badge: str, **fields: str) -> str:
        """Make a link to the badge at this path; returns the link's path."""
        page = browser.submit(badge, "/wallet/links", **fields)
        found = re.search(rf"{ORIGIN}(/wallet/share/[A-Za-z0-9_-]+)", page.text)
        assert found, page.text
        return found[1]


def wallet_site(
    folder: Path, *, clock: Callable[[], datetime] = lambda: NOW, origin: str = ORIGIN
) -> Site:
    """A site on SQLite in `folder`, with Amina and Ben signed in."""
    database = connect(f"sqlite:///{folder / 'site.sqlite'}")
    with database.engine.begin() as connection:
        for tables in TABLES:
            tables.create_all(connection)
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    people = People(Store(database.sessions), hasher=hasher)
    issuer = BadgeIssuer(Campus())
    settings = Settings(home=folder, origin=origin, master_secret=bytes(32), secret_key="s" * 32)
    app = create_app(
        settings,
        clock=clock,
        database=database,
        people=people,
        outside=Elsewhere(issuer),
    )
    browsers = []
    for name in ("Amina Otieno", "Ben Ito"):
        email = f"{name.split()[0].lower()}@example.org"
        people.register(name=name, email=email, password=PASSWORD, roles=["member"], now=NOW)
        browser = Browser(app.test_client())
        action = "/account/sign-in"
        signed_in = browser.submit(action, action, email=email, password=PASSWORD)
        assert signed_in.status_code == 303
        browsers.append(browser)
    return Site(issuer, *browsers, Browser(app.test_client()))
