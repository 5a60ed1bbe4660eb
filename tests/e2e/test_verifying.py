"""Verifying in a real browser: many files at once, a receipt in hand, a ZIP watched to its end."""

import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import browser
from campus import Campus
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import WebDriverWait
from werkzeug.serving import make_server

from service.app import create_app
from service.database import upgrade
from service.settings import Settings

pytestmark = pytest.mark.e2e

MANY = 120  # more than two looks of a page


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The verifier alone, on this machine."""
    server: Any = make_server("127.0.0.1", 0, None, threaded=True)
    origin = f"http://localhost:{server.server_port}"
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        origin=origin,
        master_secret=bytes(32),
        secret_key="s" * 32,
        roles=frozenset({"verifier"}),
    )
    upgrade(settings.database)
    server.app = create_app(settings)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield origin
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the browser puts files."""
    return tmp_path_factory.mktemp("downloads")


@pytest.fixture(scope="module")
def chrome(tmp_path_factory: pytest.TempPathFactory, downloads: Path) -> Iterator[Chrome]:
    with browser(tmp_path_factory.mktemp("chrome")) as opened:
        opened.execute_cdp_cmd(
            "Browser.setDownloadBehavior",
            {"behavior": "allow", "downloadPath": str(downloads)},
        )
        yield opened


def _hand_over(chrome: Chrome, page: str, *files: Path) -> None:
    chrome.get(page)
    chrome.find_element(By.ID, "file").send_keys("\n".join(map(str, files)))
    button = chrome.find_element(By.CSS_SELECTOR, "main form button")
    button.click()
    # The click may come back before the page of the answer has taken the form's place, and just
    # while it does, the driver may know the button no more and not say yet that it is stale.
    wait = WebDriverWait(chrome, 30, ignored_exceptions=[WebDriverException])
    wait.until(staleness_of(button))


def _rows(chrome: Chrome) -> list[WebElement]:
    return chrome.find_elements(By.CSS_SELECTOR, ".verdict-row")


def _downloaded(chrome: Chrome, file: Path) -> bytes:
    WebDriverWait(chrome, 30).until(lambda _: file.exists())
    return file.read_bytes()


def _written(folder: Path) -> tuple[Path, Path, Path]:
    """A genuine credential, the same bent, and no credential."""
    campus = Campus()
    genuine = campus.endorsement(campus.judge(1))
    files = folder / "genuine.json", folder / "bent.json", folder / "photo.png"
    files[0].write_text(json.dumps(genuine))
    files[1].write_text(json.dumps(genuine | {"name": "Bent"}))
    files[2].write_bytes(b"\x89PNG\r\n\x1a\n")
    return files


def test_each_file_has_a_row_that_opens_its_report(
    chrome: Chrome, origin: str, tmp_path: Path
) -> None:
    _hand_over(chrome, f"{origin}/verifier/", *_written(tmp_path))
    verdicts = [row.find_element(By.CSS_SELECTOR, ".pill").text for row in _rows(chrome)]
    assert verdicts == ["Verified, with a warning", "Not valid", "Could not be read"]
    bent = _rows(chrome)[1]
    report = bent.find_element(By.CSS_SELECTOR, ".verdict-report")
    assert not report.is_displayed()
    bent.find_element(By.TAG_NAME, "summary").click()
    assert report.is_displayed()
    assert "the content was changed" in report.text
    assert len(report.find_elements(By.CSS_SELECTOR, ".steps li")) == 1


def test_receipt_that_was_taken_along_verifies_on_the_same_page(
    chrome: Chrome, origin: str, downloads: Path, tmp_path: Path
) -> None:
    _hand_over(chrome, f"{origin}/verifier/", _written(tmp_path)[0])
    chrome.find_element(By.CSS_SELECTOR, "button[value=pdf]").click()
    assert _downloaded(chrome, downloads / "receipt.pdf").startswith(b"%PDF-")
    chrome.find_element(By.CSS_SELECTOR, "button[value=json]").click()
    receipt = json.loads(_downloaded(chrome, downloads / "receipt.json"))
    assert receipt["type"] == ["VerifiableCredential", "VerificationReceipt"]
    for name in ("receipt.json", "receipt.pdf"):
        _hand_over(chrome, f"{origin}/verifier/", downloads / name)
        main = chrome.find_element(By.ID, "main").text
        assert "This receipt is genuine. It says of" in main
        assert "What this receipt says" in main


def test_page_of_a_zip_looks_again_by_itself_until_all_is_checked(
    chrome: Chrome, origin: str, downloads: Path, tmp_path: Path
) -> None:
    genuine = _written(tmp_path)[0].read_text()
    source = tmp_path / "many.zip"
    with zipfile.ZipFile(source, "w") as archive:
        for number in range(MANY):
            archive.writestr(f"{number}.json", genuine if number else "{")
    _hand_over(chrome, f"{origin}/verifier/bulk/", source)
    done = "a[href$='/verdicts.csv']"
    WebDriverWait(chrome, 60).until(lambda _: chrome.find_elements(By.CSS_SELECTOR, done))
    assert f"{MANY} of {MANY}" in chrome.find_element(By.ID, "main").text
    chrome.find_element(By.CSS_SELECTOR, done).click()
    lines = _downloaded(chrome, downloads / "verdicts.csv").decode("utf-8-sig").splitlines()
    assert len(lines) == MANY + 1
    assert '"could not be read"' in lines[1]
