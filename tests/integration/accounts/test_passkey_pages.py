"""The pages of passkeys as a browser fills them in, on both databases."""

import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from authenticator import PRESENT, Authenticator
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from accounts.passkeys import CHALLENGE_LIFE
from accounts.people import People
from accounts.store import Store
from service.app import create_app
from service.database import Database
from service.settings import Settings

PASSWORD = "a long enough password"
PASSKEYS = "/account/passkeys"
ACCEPT = {"Accept": "text/html,*/*;q=0.8"}


@dataclass
class Clock:
    now: datetime = field(default=datetime(2026, 11, 22, 12, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Browser:
    """A test client that fills in forms, and does what passkeys.js does."""

    client: FlaskClient
    passkey: Authenticator = field(default_factory=Authenticator)

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, headers=ACCEPT)

    def submit(self, page: str | TestResponse, path: str, **fields: str) -> TestResponse:
        shown = self.get(page) if isinstance(page, str) else page
        found = re.search('name="csrf_token" value="([^"]+)"', shown.text)
        assert found, shown.text
        return self.client.post(path, data={"csrf_token": found[1], **fields}, headers=ACCEPT)

    def asked(self, page: str, *, expected: int = 200) -> Mapping[str, str]:
        """What the button on the page fetches."""
        text = self.get(page).text
        found = re.search(r'data-challenge="([^"]+)"(?: data-digest="(\w+)")?', text)
        assert found, text
        more = {"digest": found[2]} if found[2] else {}
        answer = self.submit(page, found[1], **more)
        assert answer.status_code == expected, answer.text
        options: Mapping[str, str] = answer.json
        return options

    def sign_in(self, name: str = "ruth") -> None:
        form = {"email": f"{name}@example.org", "password": PASSWORD}
        assert self.submit("/account/sign-in", "/account/sign-in", **form).status_code == 303

    def add(self, name: str = "My laptop", *, password: str = PASSWORD) -> TestResponse:
        page = self.submit(f"{PASSKEYS}/add", f"{PASSKEYS}/add", password=password)
        assert page.status_code == 200, page.text
        response = self.passkey.create(options_in(page))
        return self.submit(page, PASSKEYS, name=name, passkey=response)

    def address(self) -> str:
        """The page of the one passkey in the list."""
        (found,) = re.findall(rf'href="({PASSKEYS}/[0-9a-f]{{32}})"', self.get(PASSKEYS).text)
        return str(found)


def options_in(page: TestResponse) -> dict[str, object]:
    found = re.search(r'data-options="([^"]+)"', page.text)
    assert found, page.text
    options: dict[str, object] = json.loads(html.unescape(found[1]))
    return options


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(database: Database, tmp_path: Path, clock: Clock) -> Flask:
    people = People(
        Store(database.sessions), hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    for name in ("ruth", "edgar"):
        people.register(
            name=name.title(),
            email=f"{name}@example.org",
            password=PASSWORD,
            roles=["registrar"],
            now=clock(),
        )
    settings = Settings(
        home=tmp_path, roles=frozenset({"wallet"}), master_secret=bytes(32), secret_key="s" * 32
    )
    return create_app(settings, clock=clock, database=database, people=people)


@pytest.fixture
def ruth(app: Flask) -> Browser:
    browser = Browser(app.test_client())
    browser.sign_in()
    return browser


def test_a_passkey_is_added_after_the_password_and_stands_in_the_list(ruth: Browser) -> None:
    assert "No passkeys yet" in ruth.get(PASSKEYS).text
    assert ruth.add("My <laptop>").status_code == 303
    page = ruth.get(PASSKEYS).text
    assert "“My &lt;laptop&gt;” is added." in page
    assert ">My &lt;laptop&gt;</a>" in page
    assert "Never" in page


def test_whoever_only_sits_at_a_signed_in_browser_adds_and_removes_nothing(ruth: Browser) -> None:
    refused = ruth.submit(f"{PASSKEYS}/add", f"{PASSKEYS}/add", password="not the right one")
    assert refused.status_code == 400
    assert "The password is not right." in refused.text
    assert "data-options" not in refused.text
    assert ruth.submit(f"{PASSKEYS}/add", f"{PASSKEYS}/add").status_code == 400
    ruth.add()
    address = ruth.address()
    refused = ruth.submit(address, f"{address}/removal", password="not the right one")
    assert refused.status_code == 400
    assert ruth.address() == address


def test_a_passkey_signs_in_where_one_wanted_to_go_with_a_new_session(
    app: Flask, ruth: Browser
) -> None:
    ruth.add()
    other = Browser(app.test_client(), ruth.passkey)
    other.sign_in("edgar")
    planted = other.client.get_cookie("learnometer_session").value
    other.client.delete_cookie("learnometer_session")
    page = "/account/sign-in?next=/wallet/links"
    options = other.asked(page)
    other.client.set_cookie("learnometer_session", planted)
    response = ruth.passkey.get(options)
    other_form = {"next": "/wallet/links", "passkey": response}
    answer = other.submit("/account/password", "/account/sign-in/passkey", **other_form)
    assert (answer.status_code, answer.location) == (303, "/wallet/links")
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Ruth" in other.get("/").text
    other.client.set_cookie("learnometer_session", planted)
    assert "Edgar" not in other.get("/").text


def test_a_passkey_leads_to_no_other_site(app: Flask, ruth: Browser) -> None:
    ruth.add()
    other = Browser(app.test_client(), ruth.passkey)
    response = ruth.passkey.get(other.asked("/account/sign-in"))
    form = {"next": "//evil.example/", "passkey": response}
    answer = other.submit("/account/sign-in", "/account/sign-in/passkey", **form)
    assert answer.location == "/"


def test_a_refused_passkey_shows_the_sign_in_form_again(app: Flask, ruth: Browser) -> None:
    ruth.add()
    other = Browser(app.test_client(), ruth.passkey)
    for bent, sentence in (
        ({"origin": "https://evil.example"}, "used at another address than http://localhost:8000"),
        ({"flags": PRESENT}, "did not make sure who used it"),
    ):
        right = vars(ruth.passkey).copy()
        vars(ruth.passkey).update(bent)
        response = ruth.passkey.get(other.asked("/account/sign-in"))
        vars(ruth.passkey).update(right)
        answer = other.submit("/account/sign-in", "/account/sign-in/passkey", passkey=response)
        assert answer.status_code == 401
        assert sentence in answer.text
        assert "Ruth" not in other.get("/").text
    answer = other.submit("/account/sign-in", "/account/sign-in/passkey", passkey="{}")
    assert answer.status_code == 401
    assert other.submit("/account/sign-in", "/account/sign-in/passkey").status_code == 400


def test_an_answer_is_no_use_in_another_browser(app: Flask, ruth: Browser) -> None:
    ruth.add()
    asked, other = (Browser(app.test_client(), ruth.passkey) for _ in range(2))
    response = ruth.passkey.get(asked.asked("/account/sign-in"))
    other.asked("/account/sign-in")
    answer = other.submit("/account/sign-in", "/account/sign-in/passkey", passkey=response)
    assert answer.status_code == 401
    assert "Try again." in answer.text


def test_after_five_failures_a_passkey_waits(app: Flask, ruth: Browser) -> None:
    ruth.add()
    other = Browser(app.test_client(), ruth.passkey)
    ruth.passkey.flags = PRESENT
    statuses = []
    for _ in range(6):
        response = ruth.passkey.get(other.asked("/account/sign-in"))
        answer = other.submit("/account/sign-in", "/account/sign-in/passkey", passkey=response)
        statuses.append(answer.status_code)
    assert statuses == [401] * 5 + [429]


def test_a_passkey_is_renamed_and_a_name_that_cannot_be_is_told_at_its_field(
    ruth: Browser,
) -> None:
    ruth.add()
    address = ruth.address()
    refused = ruth.submit(address, f"{address}/name", name="n" * 61)
    assert refused.status_code == 400
    assert 'id="name-error"' in refused.text
    assert ruth.submit(address, f"{address}/name", name="In the safe").status_code == 303
    assert "In the safe" in ruth.get(PASSKEYS).text


def test_the_last_passkey_is_removed_by_password_and_the_password_goes_on_working(
    app: Flask, ruth: Browser
) -> None:
    ruth.add()
    other = Browser(app.test_client())
    other.sign_in()
    address = ruth.address()
    assert ruth.submit(address, f"{address}/removal", password=PASSWORD).status_code == 303
    assert "No passkeys yet" in ruth.get(PASSKEYS).text
    assert ruth.get(address).status_code == 404
    assert other.get(PASSKEYS).status_code == 302  # signed out
    other.sign_in()


def test_a_passkey_confirms_its_own_removal_and_that_alone(ruth: Browser) -> None:
    ruth.add()
    address = ruth.address()
    for_adding = ruth.passkey.get(ruth.asked(f"{PASSKEYS}/add"))
    refused = ruth.submit(address, f"{address}/removal", passkey=for_adding)
    assert refused.status_code == 400
    assert "something else than it was asked for" in refused.text
    response = ruth.passkey.get(ruth.asked(address))
    assert ruth.submit(address, f"{address}/removal", passkey=response).status_code == 303
    assert "No passkeys yet" in ruth.get(PASSKEYS).text


def test_a_second_passkey_is_added_by_the_first(ruth: Browser) -> None:
    ruth.add()
    add = f"{PASSKEYS}/add"
    page = ruth.submit(add, add, passkey=ruth.passkey.get(ruth.asked(add)))
    response = ruth.passkey.create(options_in(page))
    assert ruth.submit(page, PASSKEYS, name="Second", passkey=response).status_code == 303
    assert "Second" in ruth.get(PASSKEYS).text


def test_a_passkey_that_took_longer_than_five_minutes_is_asked_for_again(
    ruth: Browser, clock: Clock
) -> None:
    add = f"{PASSKEYS}/add"
    page = ruth.submit(add, add, password=PASSWORD)
    response = ruth.passkey.create(options_in(page))
    clock.now += CHALLENGE_LIFE + timedelta(seconds=1)
    answer = ruth.submit(page, PASSKEYS, name="Late", passkey=response)
    assert answer.status_code == 400
    assert "five minutes are over" in answer.text
    assert "No passkeys yet" in ruth.get(PASSKEYS).text


def test_somebody_elses_passkey_does_not_exist_for_one(app: Flask, ruth: Browser) -> None:
    ruth.add()
    address = ruth.address()
    edgar = Browser(app.test_client())
    edgar.sign_in("edgar")
    assert edgar.get(address).status_code == 404
    form = {"name": "Mine", "password": PASSWORD}
    assert edgar.submit("/account/password", f"{address}/name", name="Mine").status_code == 404
    del form["name"]
    assert edgar.submit("/account/password", f"{address}/removal", **form).status_code == 404
    assert "My laptop" in ruth.get(PASSKEYS).text


def test_what_a_passkey_is_asked_is_told_as_json_and_so_is_why_not(ruth: Browser) -> None:
    path = f"{PASSKEYS}/challenge"
    page = ruth.get("/account/password")
    found = re.search('name="csrf_token" value="([^"]+)"', page.text)
    assert found
    form = {"csrf_token": found[1], "digest": "00" * 32}
    json_only = {"Accept": "application/json"}
    without = ruth.client.post(path, data=form, headers=json_only)
    assert without.status_code == 409
    assert "Add one" in without.json["detail"]
    ruth.add()
    assert ruth.client.post(path, data=form, headers=json_only).json["rpId"] == "localhost"
    for digest in ("", "00", "0" * 65, "zz" * 32, "00" * 32 + "\n"):
        answer = ruth.client.post(path, data=form | {"digest": digest}, headers=json_only)
        assert (answer.status_code, answer.json["place"]) == (400, "digest")


def test_pages_of_passkeys_hold_nothing_that_the_policy_forbids(ruth: Browser) -> None:
    ruth.add("Its name")
    add = f"{PASSKEYS}/add"
    pages = [
        ruth.get(PASSKEYS),
        ruth.get(add),
        ruth.get(ruth.address()),
        ruth.submit(add, add, password=PASSWORD),
    ]
    for page in pages:
        assert not re.search(
            r"<script(?! type=\"module\" src=)|<style|\sstyle=|\son[a-z]+=", page.text
        )
        assert "unsafe" not in page.headers["Content-Security-Policy"]
