"""Passkeys in a real browser with a virtual authenticator: added, signed in and approved with."""

import hashlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from argon2 import PasswordHasher
from browser import browser
from flask import Flask, render_template_string, request
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import make_server

from accounts.approval import PasskeySignature, verify_approval
from accounts.guard import allow, signed_in_person
from accounts.people import People
from accounts.store import Store
from service.app import compose, utc_now
from service.database import connect, upgrade
from service.parts import Program
from service.settings import Settings

pytestmark = pytest.mark.e2e

EMAIL, PASSWORD = "ruth@example.org", "a long enough password"
DIGEST = hashlib.sha256(b"Amina is awarded the degree.").digest()
TIMEOUT: Final = 20  # seconds
WIDTHS: Final = (390, 1280)
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


class served:  # noqa: N801
    """A server in a thread, for as long as a block runs."""

    def __init__(self, app: Flask, port: int) -> None:
        self._server: Any = make_server("127.0.0.1", port, app, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def chrome(tmp_path: Path) -> Iterator[Chrome]:
    """A browser on a device that verifies its user and keeps passkeys."""
    with browser(tmp_path / "chrome") as opened:
        opened.add_virtual_authenticator(
            VirtualAuthenticatorOptions(
                transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
                has_resident_key=True,
                has_user_verification=True,
                is_user_verified=True,
            )
        )
        yield opened


def waiting(chrome: Chrome) -> WebDriverWait[Chrome]:
    """Looks again when the page was changed while it looked."""
    return WebDriverWait(chrome, TIMEOUT, ignored_exceptions=[WebDriverException])


def button(chrome: Chrome, words: str) -> WebElement:
    """The button with these words, once it can be seen."""

    def find(driver: Chrome) -> WebElement | None:
        found = driver.find_elements(By.XPATH, f"//button[contains(., '{words}')]")
        return next((each for each in found if each.is_displayed()), None)

    return waiting(chrome).until(find)


def expect(chrome: Chrome, words: str) -> None:
    """Wait until the page shows these words."""
    shown = "return document.body ? document.body.innerText : ''"
    waiting(chrome).until(lambda driver: words in driver.execute_script(shown))


def look(chrome: Chrome) -> None:
    """The page that is open fits a phone and a desk, has one heading, and broke no policy."""
    for width in WIDTHS:
        screen = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 700}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
        assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(chrome.find_elements(By.TAG_NAME, "h1")) == 1
    assert [entry["message"] for entry in chrome.get_log("browser")] == []


def sign_in(chrome: Chrome, origin: str, wanted: str = "/account/passkeys") -> None:
    chrome.get(f"{origin}/account/sign-in?next={wanted}")
    chrome.find_element(By.ID, "email").send_keys(EMAIL)
    chrome.find_element(By.ID, "password").send_keys(PASSWORD)
    button(chrome, "Sign in").click()
    waiting(chrome).until_not(url_contains("/account/sign-in"))


def sign_out(chrome: Chrome) -> None:
    """And wait until it is done: a click comes back before the answer."""
    button(chrome, "Sign out").click()
    waiting(chrome).until(lambda driver: driver.find_elements(By.LINK_TEXT, "Sign in"))


def add_passkey(chrome: Chrome, origin: str, name: str) -> None:
    """With the password first."""
    chrome.get(f"{origin}/account/passkeys/add")
    look(chrome)
    chrome.find_element(By.ID, "password").send_keys(PASSWORD)
    button(chrome, "Go on").click()
    expect(chrome, "Make the passkey")
    look(chrome)
    chrome.find_element(By.ID, "name").send_keys(name)
    button(chrome, "Make the passkey").click()
    expect(chrome, f"“{name}” is added.")


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
