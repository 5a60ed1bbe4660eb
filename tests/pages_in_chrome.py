"""Pages as people use them in a headless Chromium: signing in, passkeys, buttons, and a look."""

import threading
from typing import Any, Final

from flask import Flask
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.virtual_authenticator import VirtualAuthenticatorOptions
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.wait import WebDriverWait
from werkzeug.serving import make_server

EMAIL, PASSWORD = "ruth@example.org", "a long enough password"
TIMEOUT: Final = 20  # seconds
WIDTHS: Final = (390, 1280)


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


def virtual_authenticator(chrome: Chrome) -> None:
    """A device that verifies its user and keeps passkeys."""
    chrome.add_virtual_authenticator(
        VirtualAuthenticatorOptions(
            transport=VirtualAuthenticatorOptions.Transport.INTERNAL,
            has_resident_key=True,
            has_user_verification=True,
            is_user_verified=True,
        )
    )


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


def sign_in(
    chrome: Chrome, origin: str, wanted: str = "/account/passkeys", *, email: str = EMAIL
) -> None:
    """By the form, and on to the page that is wanted."""
    chrome.get(f"{origin}/account/sign-in?next={wanted}")
    chrome.find_element(By.ID, "email").send_keys(email)
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
