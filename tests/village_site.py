"""The village's issuer and wallet as a site, and people with browsers who visit it."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from village import NOW, ORIGIN, TENANTS, Village
from werkzeug.test import TestResponse

from accounts.people import People
from accounts.store import Store
from issuer.tenant_keys import TenantKeys
from keys.custody import Custody
from service.app import create_app
from service.database import Database
from service.settings import Settings

PASSWORD = "a long enough password"
SIGN_IN = {"north1", "north2", "south0", "newcomer", "admin", "mod"}


class Reader:
    """Somebody with a browser; a member, a moderator, or nobody in particular."""

    def __init__(self, app: Flask, email: str = "") -> None:
        self._client = app.test_client()
        if email:
            fields = {"email": email, "password": PASSWORD}
            self.submit("/account/sign-in", "/account/sign-in", **fields)

    def get(self, path: str, accept: str = "text/html,*/*;q=0.8") -> TestResponse:
        return self._client.get(path, headers={"Accept": accept})

    def text(self, path: str) -> str:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-600:])
        return answer.text

    def follow(self, page: str, action: str, **fields: Any) -> TestResponse:
        """Send the form with this action as the page filled it in."""
        text = self.get(page).text
        form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', text, re.DOTALL)
        assert form, f"{page} has no form for {action}"
        hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0])
        data = {**{name: unescape(value) for name, value in hidden}, **fields}
        return self._client.post(action, data=data, headers={"Accept": "text/html"})

    def submit(self, page: str, path: str, **fields: Any) -> TestResponse:
        found = re.search('name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        data = {"csrf_token": found[1], **fields}
        return self._client.post(path, data=data, headers={"Accept": "text/html"})


def site(home: Path, village: Village, database: Database) -> Flask:
    """The program, with an account for every member and for the desk."""
    settings = Settings(
        home=home,
        roles=frozenset({"issuer", "wallet"}),
        master_secret=bytes(32),
        secret_key="not a secret, only for these tests",
    )
    keys = TenantKeys(Custody(settings.keys_folder, settings.seal()), origin=ORIGIN)
    for tenant in TENANTS:
        keys.ensure(tenant, now=NOW)
        village.signers[tenant] = keys.signer(tenant)  # type: ignore[assignment]
    names = iter(
        [*(f"{c}{n}" for c in ("north", "south") for n in range(8)), "newcomer", "admin", "mod"]
    )
    people = People(
        Store(database.sessions),
        hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        new_id=names.__next__,
    )
    roles = {"admin": ["issuer_admin"], "mod": ["moderator"]}
    for name in [*village.wallets, "newcomer", "admin", "mod"]:
        people.register(
            name=name.title(),
            email=f"{name}@example.org",
            password=PASSWORD if name in SIGN_IN else None,
            roles=roles.get(name, ["member"]),
            now=NOW,
        )
    return create_app(settings, clock=lambda: NOW, database=database, people=people)


def reader(app: Flask, name: str = "") -> Reader:
    return Reader(app, f"{name}@example.org" if name else "")


def path_of(activity: str) -> str:
    return f"/issuer/learnometer/activities/{activity}"
