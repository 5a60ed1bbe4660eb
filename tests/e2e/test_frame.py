"""The pages in a real browser: one heading, nothing overflows, no content policy is broken."""

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from flask import render_template
from jinja2 import ChoiceLoader, FileSystemLoader
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from werkzeug.serving import make_server

from accounts.guard import allow
from issuer.community import Community
from issuer.store import Store
from issuer.tenant_keys import TenantKeys
from keys.custody import Custody
from service.app import create_app, utc_now
from service.database import connect, upgrade
from service.founding import POLICY, found, read_charter
from service.settings import Settings

pytestmark = pytest.mark.e2e

COMMUNITY = Path(__file__).parents[2] / "examples" / "community"
STYLEGUIDE = Path(__file__).parents[1] / "integration" / "service" / "templates"
CHECKS = [
    {"name": "Structure", "outcome": "pass", "sentence": "It is an Open Badge 3.0."},
    {"name": "Signature", "outcome": "fail", "sentence": "It was changed since it was signed."},
    {"name": "Status", "outcome": "unknown", "sentence": "The list was not reached."},
]
PAGES = [
    "/",
    "/account/sign-in",
    "/nowhere",
    "/styleguide",
    "/issuer/",
    "/issuer/activities/",
    "/issuer/learnometer/achievements/action-research",
    "/issuer/learnometer/circles/enquiring-classrooms",
    "/verifier/",
    "/verifier/ask",
    "/verifier/bulk/",
    "/verifier/registry/",
    "/degree/",
]


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The whole program on this machine, with the style guide as one more page."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(home=home, master_secret=bytes(32), secret_key="s" * 32)
    upgrade(settings.database)
    found_community(settings)
    app = create_app(settings)
    loaders: Any = [app.jinja_loader, FileSystemLoader(str(STYLEGUIDE))]
    app.jinja_loader = ChoiceLoader(loaders)  # type: ignore[assignment]

    @app.get("/styleguide")
    @allow("anyone")
    def styleguide() -> str:
        return render_template("styleguide.html", checks=CHECKS)

    server: Any = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def found_community(settings: Settings) -> None:
    """The circles and the menu of the example community, as an operator founds them."""
    keys = TenantKeys(Custody(settings.keys_folder, settings.seal()), origin=settings.origin)
    with closing(connect(settings.database)) as database:
        community = Community(Store(database.sessions))
        charter = read_charter(COMMUNITY, policy=POLICY)
        found(charter, community=community, keys=keys, origin=settings.origin, now=utc_now())


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("chrome")) as opened:
        yield opened


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_fits_the_screen_has_one_heading_and_keeps_to_the_content_policy(
    chrome: Chrome, origin: str, page: str, width: int
) -> None:
    screen = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 700}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    chrome.get(origin + page)
    assert chrome.execute_script("return document.documentElement.scrollWidth") <= width
    assert len(chrome.find_elements(By.TAG_NAME, "h1")) == 1
    complaints = [entry["message"] for entry in chrome.get_log("browser")]
    assert [said for said in complaints if "404 (NOT FOUND)" not in said] == []


def test_the_first_key_stroke_offers_to_skip_to_the_content(chrome: Chrome, origin: str) -> None:
    chrome.get(origin + "/")
    chrome.switch_to.active_element.send_keys("\ue004")  # the tabulator
    assert chrome.switch_to.active_element.get_attribute("href") == f"{origin}/#main"
    assert chrome.find_element(By.ID, "main").tag_name == "main"
