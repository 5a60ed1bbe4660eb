"""An employer asks, a member agrees, and the page turns into the verdict by itself."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from composition import free_port
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import title_contains, url_contains, url_to_be
from selenium.webdriver.support.wait import WebDriverWait
from wallet_site import Site, wallet_site
from werkzeug.serving import make_server

pytestmark = pytest.mark.e2e

SECONDS = 30  # until a page that looks again every four has looked


@dataclass
class Town:
    """The site at a port of this machine, and a browser in which Amina is signed in."""

    site: Site
    origin: str
    chrome: Chrome

    def click(self, selector: str) -> None:
        self.chrome.find_element(By.CSS_SELECTOR, selector).click()

    def arrives(self, path: str) -> None:
        """Wait until the browser is at an address that holds `path`."""
        WebDriverWait(self.chrome, SECONDS).until(url_contains(path))

    def fits(self) -> None:
        """The page as it stands fits a phone and a desk, and breaks no content policy."""
        for width in (390, 1280):
            screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700}
            self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
            wide = self.chrome.execute_script("return document.documentElement.scrollWidth")
            assert wide <= width, (self.chrome.current_url, width)
            assert len(self.chrome.find_elements(By.TAG_NAME, "h1")) == 1
        assert [entry["message"] for entry in self.chrome.get_log("browser")] == []


@pytest.fixture(name="town")
def _town(tmp_path: Path) -> Iterator[Town]:
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    site = wallet_site(tmp_path, origin=origin)
    application = site.amina.client.application
    server: Any = make_server("127.0.0.1", port, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with browser(tmp_path / "chrome") as chrome:
        chrome.get(f"{origin}/verifier/ask")
        session = site.amina.client.get_cookie("learnometer_session")
        assert session
        # The site's clock stands still, so that its own cookie has expired for this browser.
        chrome.add_cookie({"name": session.key, "value": session.value, "path": "/"})
        yield Town(site, origin, chrome)
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_waiting_page_turns_into_the_verdict_without_a_click(town: Town) -> None:
    town.site.fetch(town.site.amina)
    town.fits()
    town.click("main form button")
    town.arrives("/verifier/asked/")
    town.fits()
    code = re.search(r"<output[^>]*>(openid4vp:[^<]+)<", town.chrome.page_source)
    assert code
    consent = f"/wallet/present?{unescape(code[1]).partition('?')[2]}"
    held = re.search(r'name="credentials" value="([^"]+)"', town.site.amina.get(consent).text)
    assert held
    town.site.amina.submit(consent, "/wallet/present", answer="agree", credentials=held[1])
    WebDriverWait(town.chrome, SECONDS).until(title_contains("genuine"))
    assert "It is held by the one who presented it" in town.chrome.page_source
    town.fits()


def test_a_member_at_this_device_agrees_and_comes_back_to_the_verdict(town: Town) -> None:
    issuer = town.site.issuer
    for number, name in enumerate(("Lesson study", "Coaching for a year", "Research ethics")):
        issuer.deliver = lambda holder, number=number, name=name: issuer.badge_for(
            holder, id=f"https://issuer.example/credentials/{number}", name=name
        )
        town.site.fetch(town.site.amina)
    town.click("input[value=badges]")
    town.click("main form button")
    town.arrives("/verifier/asked/")
    town.click("a[href^='/wallet/present']")
    town.arrives("/wallet/present")
    assert "Learnometer verifier asks to see badges" in town.chrome.page_source
    town.fits()
    town.click("button[value=all]")
    town.arrives("/verifier/asked/")
    assert "Everything that was shown is genuine" in town.chrome.page_source
    town.fits()
    town.click("form[action$='/forget'] button")  # delete it now
    WebDriverWait(town.chrome, SECONDS).until(url_to_be(f"{town.origin}/verifier/ask"))
