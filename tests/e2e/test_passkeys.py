"""Passkeys in a real browser with a virtual authenticator: added, signed in and approved with."""

import hashlib
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from browser import browser
from flask import render_template_string, request
from pages_in_chrome import (
    EMAIL,
    PASSWORD,
    add_passkey,
    button,
    expect,
    look,
    served,
    sign_in,
    sign_out,
    virtual_authenticator,
    waiting,
)
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from accounts.approval import PasskeySignature, verify_approval
from accounts.guard import allow, signed_in_person
from accounts.people import People
from accounts.store import Store
from service.app import compose, utc_now
from service.database import connect, upgrade
from service.parts import Program
from service.settings import Settings

pytestmark = pytest.mark.e2e

DIGEST = hashlib.sha256(b"Amina is awarded the degree.").digest()
# As an office's page has it.
APPROVING = """
{% extends "base.html" %}
{% from "components.html" import csrf_field %}
{% from "accounts/passkey_button.html" import approve_with_passkey %}
{% block main %}<h1>Approve</h1>
<form method="post">{{ csrf_field() }}
<div class="field"><label for="reason">Reason</label>
<input id="reason" name="reason" required></div>
{{ approve_with_passkey("Approve with your passkey", digest) }}</form>{% endblock %}
"""
APPROVED = """
{% extends "base.html" %}
{% block main %}<h1>Approved</h1><p>{{ reason }}</p><pre>{{ approval|tojson }}</pre>{% endblock %}
"""


def add_office(program: Program) -> None:
    """A page on which something is approved, as the degree office builds one."""
    app, passkeys = program.app, program.parts.passkeys

    @app.get("/approve")
    @allow("registrar")
    def approve() -> str:
        return render_template_string(APPROVING, digest=DIGEST)

    @app.post("/approve")
    @allow("registrar")
    def approved() -> str:
        signature = passkeys.approve(
            signed_in_person(), digest=DIGEST, response=request.form["passkey"], now=utc_now()
        )
        reason = request.form["reason"]
        return render_template_string(APPROVED, reason=reason, approval=signature.as_json())


@pytest.fixture
def origin(tmp_path: Path) -> Iterator[str]:
    """The program at its own origin on this machine: passkeys work at no other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = Settings(
        home=tmp_path,
        origin=f"http://localhost:{port}",
        roles=frozenset({"wallet"}),
        master_secret=bytes(32),
        secret_key="s" * 32,
    )
    upgrade(settings.database)
    with closing(connect(settings.database)) as database:
        people = People(
            Store(database.sessions),
            hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1),
        )
        registered = {"name": "Ruth Okafor", "email": EMAIL, "password": PASSWORD}
        now = datetime(2026, 11, 22, tzinfo=UTC)
        people.register(**registered, roles=["registrar"], now=now)
        program = compose(settings, database=database, people=people)
        add_office(program)
        with served(program.app, port):
            yield settings.origin


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    """A browser on a device that verifies its user and keeps passkeys."""
    with browser(tmp_path / "chrome") as opened:
        virtual_authenticator(opened)
        yield opened


def test_a_passkey_is_added_signs_in_approves_and_confirms_its_own_removal(
    chrome: Chrome, origin: str
) -> None:
    sign_in(chrome, origin)
    expect(chrome, "No passkeys yet")
    look(chrome)
    add_passkey(chrome, origin, "My laptop")
    look(chrome)

    sign_out(chrome)
    chrome.get(f"{origin}/account/sign-in?next=/approve")
    look(chrome)
    button(chrome, "Sign in with a passkey").click()
    expect(chrome, "Approve with your passkey")
    look(chrome)

    # What the form requires besides is asked for before the passkey.
    button(chrome, "Approve with your passkey").click()
    assert chrome.find_element(By.ID, "reason") == chrome.switch_to.active_element
    chrome.find_element(By.ID, "reason").send_keys("All requirements are met.")
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "All requirements are met.")
    approval = json.loads(chrome.find_element(By.TAG_NAME, "pre").text)
    verified = verify_approval(
        PasskeySignature.from_json(approval),
        expected_digest=DIGEST,
        expected_origin=origin,
        expected_rp_id="localhost",
    )
    assert verified.signature.algorithm == "ES256"

    chrome.get(f"{origin}/account/passkeys")
    chrome.find_element(By.LINK_TEXT, "My laptop").click()
    look(chrome)
    button(chrome, "Remove it with a passkey").click()
    expect(chrome, "“My laptop” is removed.")
    expect(chrome, "No passkeys yet")


def test_whoever_cancels_or_is_not_verified_is_told_and_may_try_again(
    chrome: Chrome, origin: str
) -> None:
    sign_in(chrome, origin)
    add_passkey(chrome, origin, "A key")
    chrome.get(f"{origin}/approve")
    chrome.find_element(By.ID, "reason").send_keys("As discussed.")
    chrome.set_user_verified(False)
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "No passkey was used")
    chrome.set_user_verified(True)
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "As discussed.")

    # The device holds one for this account, so it makes no second one.
    chrome.get(f"{origin}/account/passkeys/add")
    button(chrome, "Go on with a passkey").click()
    expect(chrome, "Make the passkey")
    chrome.find_element(By.ID, "name").send_keys("Again")
    button(chrome, "Make the passkey").click()
    expect(chrome, "holds a passkey for your account already")

    # A passkey that was removed here, and not on the device, is refused here.
    chrome.get(f"{origin}/account/passkeys")
    chrome.find_element(By.LINK_TEXT, "A key").click()
    waiting(chrome).until(lambda driver: driver.find_elements(By.ID, "password"))
    chrome.find_element(By.ID, "password").send_keys(PASSWORD)
    button(chrome, "Remove it").click()
    expect(chrome, "“A key” is removed.")
    sign_out(chrome)
    chrome.get(f"{origin}/account/sign-in")
    button(chrome, "Sign in with a passkey").click()
    expect(chrome, "This passkey is not known here.")


def test_what_the_server_refuses_to_ask_is_told_beside_the_button(
    chrome: Chrome, origin: str
) -> None:
    sign_in(chrome, origin, "/approve")
    chrome.find_element(By.ID, "reason").send_keys("As discussed.")
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "You have no passkey yet. Add one to your account first.")
    chrome.delete_cookie("learnometer_session")
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "Sign in first.")


def test_at_another_address_than_the_services_own_nothing_is_signed(
    chrome: Chrome, origin: str
) -> None:
    chrome.get(f"{origin.replace('localhost', '127.0.0.1')}/account/sign-in")
    button(chrome, "Sign in with a passkey").click()
    expect(chrome, "Passkeys work at the usual address of this site only")


def test_a_browser_without_passkeys_says_so(chrome: Chrome, origin: str) -> None:
    gone = {"source": "delete window.PublicKeyCredential"}
    chrome.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", gone)
    chrome.get(f"{origin}/account/sign-in")
    expect(chrome, "This browser cannot use passkeys on this page.")
    words = "//button[contains(., 'Sign in with a passkey')]"
    assert not chrome.find_element(By.XPATH, words).is_displayed()


def test_an_injected_script_does_not_run_beside_ours(chrome: Chrome, origin: str) -> None:
    chrome.get(f"{origin}/account/sign-in")
    chrome.execute_script(
        "const script = document.createElement('script'); script.textContent = 'window.ran = 1';"
        "document.body.append(script);"
    )
    assert chrome.execute_script("return window.ran") is None
    assert "Content Security Policy" in chrome.get_log("browser")[-1]["message"]
