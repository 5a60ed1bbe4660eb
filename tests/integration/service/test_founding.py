"""`learnometer found` and `learnometer people`: from an empty home to somebody who signs in."""

import re
import shutil
from contextlib import closing
from pathlib import Path

import pytest
from authenticator import Authenticator
from click.testing import CliRunner, Result
from sqlalchemy import text

from accounts.ceremony import RelyingParty
from accounts.passkeys import Passkeys
from accounts.people import People
from accounts.store import Store
from service.app import utc_now
from service.cli import main
from service.database import connect
from service.settings import from_environment
from vc.encoding import base64url_encode
from vc.errors import NotAuthenticated

COMMUNITY = Path(__file__).parents[3] / "examples" / "community"
MEMBER = ("--role", "member", "--circle", "bridges", "--context", "gb-further")


@pytest.fixture(autouse=True)
def _environment(tmp_path: Path, empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", base64url_encode(bytes(32)))
    monkeypatch.setenv("DATABASE_URL", empty_database_url)


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, arguments, input=typed)


def count(table: str) -> int:
    database = connect(from_environment().database)
    with database.engine.connect() as connection:
        found = connection.scalar(text(f"SELECT count(*) FROM {table}"))
    database.close()
    assert isinstance(found, int)
    return found


def can_sign_in(email: str, password: str) -> bool:
    with closing(connect(from_environment().database)) as database:
        people = People(Store(database.sessions))
        signed_in = people.sign_in(email=email, password=password, place="here", now=utc_now())
    return signed_in.person.email == email


def test_an_installation_is_founded_once() -> None:
    said = run("found", str(COMMUNITY))
    assert said.exit_code == 0, said.output
    assert said.output.startswith("http://localhost:8000 is founded: 2 circles, ")
    again = run("found", str(COMMUNITY))
    assert (again.exit_code, again.output) == (
        1,
        "Error: That is already recorded, or names what is not.\n",
    )
    assert (count("issuer_tenant"), count("issuer_circle")) == (2, 2)
    assert run("keys", "list").output.count("active") == 2


def test_a_fault_in_the_files_names_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "community"
    shutil.copytree(COMMUNITY, folder)
    circles = folder / "circles.csv"
    circles.write_text(circles.read_text().replace("gb-secondary", "zz-nowhere"))
    said = run("found", str(folder))
    assert said.exit_code == 2
    assert "circles.csv" in said.output
    assert "'zz-nowhere' is not known." in said.output
    assert not (tmp_path / "home" / "keys").exists()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    said = run("found", str(tmp_path / "nowhere"))
    assert said.exit_code == 2
    assert str(tmp_path / "nowhere") in said.output or "contexts.csv" in said.output
    assert "Traceback" not in said.output


def test_the_password_that_is_shown_once_signs_in() -> None:
    said = run("people", "add", "Rosa", "rosa@example.org", "--role", "registrar")
    assert said.output.startswith("Rosa <rosa@example.org> can sign in as registrar.\n")
    found = re.search("^Password: (\\S{20,})$", said.output, re.MULTILINE)
    assert found
    assert can_sign_in("rosa@example.org", found[1])


def test_a_password_that_is_typed_is_not_shown() -> None:
    typed = "a password of my own\n"
    said = run(
        "people", "add", "R", "r@example.org", "--role", "registrar", "--ask", typed=typed * 2
    )
    assert said.exit_code == 0, said.output
    assert typed.strip() not in said.output
    assert can_sign_in("r@example.org", typed.strip())


def test_a_member_gets_a_place_in_a_circle() -> None:
    run("found", str(COMMUNITY))
    said = run("people", "add", "Amina", "amina@example.org", *MEMBER)
    assert said.exit_code == 0, said.output
    assert count("issuer_member") == 1


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        (("--role", "member"), 2, "--circle: A member has a circle and a context."),
        ((*MEMBER[:3], "nowhere", *MEMBER[4:]), 1, "There is no such circle."),
        ((*MEMBER[:5], "nowhere"), 1, "There is no such context."),
        (("--role", "janitor"), 2, "'janitor' is not one of"),
        ((), 2, "Missing option '--role'"),
    ],
)
def test_who_cannot_be_placed_gets_no_account(
    options: tuple[str, ...], code: int, sentence: str
) -> None:
    run("found", str(COMMUNITY))
    said = run("people", "add", "Amina", "amina@example.org", *options)
    assert said.exit_code == code
    assert sentence in said.output
    assert count("accounts_person") == 0


def test_an_address_that_is_taken_is_refused() -> None:
    run("people", "add", "Rosa", "rosa@example.org", "--role", "registrar")
    again = run("people", "add", "Rosa", "rosa@example.org", "--role", "registrar")
    assert (again.exit_code, again.output) == (
        1,
        "Error: email: Somebody has this e-mail address.\n",
    )


def test_another_password_is_shown_once_and_the_old_one_ends() -> None:
    run("found", str(COMMUNITY))
    first = run("people", "add", "Rosa", "rosa@example.org", "--role", "registrar").output
    old = first.partition("Password: ")[2].strip()
    said = run("people", "password", "Rosa@example.org")
    assert said.exit_code == 0, said.output
    assert can_sign_in("rosa@example.org", said.output.partition("Password: ")[2].strip())
    with pytest.raises(NotAuthenticated):
        can_sign_in("rosa@example.org", old)


def test_password_of_nobody_is_a_sentence() -> None:
    run("found", str(COMMUNITY))
    said = run("people", "password", "nobody@example.org")
    assert said.exit_code != 0
    assert "There is no such person." in said.output


def test_somebody_who_lost_a_device_loses_its_passkeys_and_sessions_by_one_command() -> None:
    run("people", "add", "Rosa", "rosa@example.org", "--role", "registrar")
    assert run("people", "passkeys", "rosa@example.org").output == "Passkeys: 0\n"
    authenticator, party = Authenticator(), RelyingParty.at("http://localhost:8000")
    with closing(connect(from_environment().database)) as database:
        store = Store(database.sessions)
        people = People(store)
        rosa = people.person_by_email("rosa@example.org")
        passkeys = Passkeys(store, people, party=party)
        options = passkeys.begin_registration(rosa, now=utc_now())
        passkeys.register(
            rosa, name="Her phone", response=authenticator.create(options), now=utc_now()
        )
    assert "Passkeys that still sign in: 1." in run("people", "password", "rosa@example.org").output
    said = run("people", "passkeys", "rosa@example.org").output
    assert re.fullmatch(r"Her phone: added [-\d]{10}, last used never\nPasskeys: 1\n", said)
    assert run("people", "passkeys", "rosa@example.org", "--remove").output.endswith("Removed: 1\n")
    assert run("people", "passkeys", "rosa@example.org").output == "Passkeys: 0\n"
    assert run("people", "passkeys", "nobody@example.org").exit_code == 1
