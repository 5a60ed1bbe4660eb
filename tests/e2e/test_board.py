"""From an earned award to its papers in a real browser: two people approve it with passkeys."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import browser
from degree_campus import ORIGIN, Campus
from pages_in_chrome import button, expect, look, served, sign_in, virtual_authenticator, waiting
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By

from accounts.store import Person
from service.app import utc_now
from service.database import connect, upgrade

pytestmark = pytest.mark.e2e


@pytest.fixture
def campus(tmp_path: Path) -> Iterator[Campus]:
    """The program with a member who has earned a certificate, today."""
    url = f"sqlite:///{tmp_path / 'campus.sqlite'}"
    upgrade(url)
    database = connect(url)
    campus = Campus(database, tmp_path)
    campus.now = utc_now()
    yield campus
    database.close()


@pytest.fixture
def chrome(tmp_path: Path, campus: Campus) -> Iterator[Chrome]:
    """A browser on a device that keeps passkeys; what it takes for the origin is served here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    authority = ORIGIN.removeprefix("http://")
    flag = f"host-resolver-rules=MAP {authority} 127.0.0.1:{port}"
    with served(campus.program.app, port), browser(tmp_path / "chrome", flag) as opened:
        virtual_authenticator(opened)
        yield opened


def test_an_award_is_put_before_the_board_approved_by_two_and_conferred(
    chrome: Chrome, campus: Campus
) -> None:
    audit = campus.audited()
    case = audit.replace("/audits/", "/board/cases/")
    as_(chrome, campus, campus.registrar)

    # The registrar calls the meeting, and puts the case on its agenda.
    go(chrome, campus, "/degree/board/meetings/new")
    look(chrome)
    chrome.execute_script(f"document.getElementById('held_on').value = '{campus.now:%Y-%m-%d}'")
    chrome.find_element(By.ID, "place").send_keys("14:00, Senate room")
    chrome.find_element(By.ID, "chair").send_keys("Dr Miriam Adeyemi")
    button(chrome, "Call it").click()
    expect(chrome, "No case yet")
    go(chrome, campus, "/degree/board/")
    look(chrome)
    chrome.find_element(By.NAME, "case").click()
    button(chrome, "Put on the agenda").click()
    expect(chrome, "Put on the agenda: 1.")
    look(chrome)
    meeting = chrome.current_url

    # Nothing is conferred before two have approved; each with a passkey, after reading the case.
    go(chrome, campus, audit.replace("/audits/", "/registry/") + "/confer")
    expect(chrome, "It can be conferred once")
    look(chrome)
    approve(chrome, campus, case)
    expect(chrome, f"Ruth Cole, {campus.now:%-d %B %Y}")
    look(chrome)
    as_(chrome, campus, campus.examiner)
    approve(chrome, campus, case)
    expect(chrome, f"Edith Marsh, {campus.now:%-d %B %Y}")

    # The minutes are written and closed, the award conferred.
    as_(chrome, campus, campus.registrar)
    chrome.get(f"{meeting}/minutes/edit")
    look(chrome)
    chrome.find_element(By.ID, "present").send_keys("Miriam, Edith, Ruth")
    chrome.find_element(By.ID, "resolution-1-award").click()
    chrome.find_element(By.ID, "minute-1").send_keys("Read and agreed.")
    button(chrome, "Save the minutes").click()
    expect(chrome, "The minutes are saved.")
    chrome.get(f"{meeting}/minutes/edit")
    chrome.find_element(By.ID, "other_business").send_keys("Typed last, and not saved before.")
    button(chrome, "Close the minutes").click()
    expect(chrome, "Say that they are complete and true")
    chrome.get_log("browser")  # says that it was refused
    look(chrome)
    chrome.find_element(By.ID, "confirmed").click()
    button(chrome, "Close the minutes").click()
    expect(chrome, "The minutes are closed.")
    expect(chrome, "Typed last, and not saved before.")
    expect(chrome, "Read and agreed.")
    look(chrome)
    go(chrome, campus, case)
    look(chrome)
    chrome.find_element(By.LINK_TEXT, "Confer the Postgraduate Certificate").click()
    waiting(chrome).until(lambda driver: driver.find_elements(By.ID, "confirmed"))
    chrome.find_element(By.ID, "confirmed").click()
    button(chrome, "Confer").click()
    expect(chrome, "The award is conferred")
    look(chrome)

    # The member reads who approved it, and takes the papers.
    as_(chrome, campus, campus.member)
    go(chrome, campus, audit)
    expect(chrome, "Take it into my wallet")
    look(chrome)


def as_(chrome: Chrome, campus: Campus, person: Person) -> None:
    """Sign in as somebody else, on the same device."""
    chrome.delete_all_cookies()
    sign_in(chrome, ORIGIN, "/degree/", email=person.email)
    expect(chrome, person.name)


def go(chrome: Chrome, campus: Campus, path: str) -> None:
    chrome.get(ORIGIN + path.removeprefix(ORIGIN))


def approve(chrome: Chrome, campus: Campus, case: str) -> None:
    """Add a passkey, read the case, and approve it; whoever has none is told so before."""
    go(chrome, campus, f"{case}/approval")
    look(chrome)
    button(chrome, "Approve with your passkey").click()
    assert chrome.switch_to.active_element.get_attribute("id") == "confirmed"
    chrome.find_element(By.ID, "confirmed").click()
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "You have no passkey yet.")
    chrome.get_log("browser")  # notes that refusal
    go(chrome, campus, "/account/passkeys/add")
    waiting(chrome).until(lambda driver: driver.find_elements(By.ID, "password"))
    chrome.find_element(By.ID, "password").send_keys("a long enough password")
    button(chrome, "Go on").click()
    expect(chrome, "Make the passkey")
    chrome.find_element(By.ID, "name").send_keys("My laptop")
    button(chrome, "Make the passkey").click()
    expect(chrome, "“My laptop” is added.")
    go(chrome, campus, case)
    chrome.find_element(By.LINK_TEXT, "Approve it").click()
    waiting(chrome).until(lambda driver: driver.find_elements(By.ID, "confirmed"))
    chrome.find_element(By.ID, "confirmed").click()
    button(chrome, "Approve with your passkey").click()
    expect(chrome, "Your approval is signed and kept with the decision.")
