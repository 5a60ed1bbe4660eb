"""A file of many: watched on a page, across processes and restarts, or checked by a command."""

import csv
import io
import json
import secrets
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from badge_issuer import BadgeIssuer
from campus import NOW, Campus
from click.testing import CliRunner
from flask.testing import FlaskClient
from wallet_site import PAGE, Elsewhere

from service.app import create_app
from service.cli import main
from service.commands import verify
from service.database import Database
from service.settings import Settings
from vc.errors import Malformed, Missing, Unavailable
from verifier.bulk import checking
from verifier.bulk.checking import AT_A_TIME, KEPT, Batches
from verifier.bulk.item import LARGEST_FILE
from verifier.bulk.store import Store
from verifier.desk import Desk
from verifier.trust_file import read_registry

MANY = AT_A_TIME + 7


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> object:
        return self.now


@pytest.fixture(name="campus")
def _campus() -> Campus:
    return Campus()


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="batches")
def _batches(database: Database, campus: Campus, clock: Clock) -> Batches:
    desk = Desk(campus.library, read_registry("version: '1'\nissuers: []"))
    return Batches(
        store=Store(database.sessions),
        desk=desk,
        clock=clock,  # type: ignore[arg-type]
        entropy=secrets.token_bytes,
    )


def _zip(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def _badges(campus: Campus, count: int) -> bytes:
    badge = campus.badge()
    texts = [json.dumps(badge), json.dumps(badge | {"name": "Bent"}), "hello"]
    return _zip({f"{number:03}.json": texts[number % 3] for number in range(count)})


def test_looks_check_everything_once_and_in_order(campus: Campus, batches: Batches) -> None:
    token = batches.open("badges.zip", _badges(campus, MANY))
    assert batches.batch(token).checked == 0
    assert batches.proceed(token).checked == AT_A_TIME
    done = batches.proceed(token)
    assert (done.checked, done.items) == (MANY, MANY)
    rows = batches.rows(done)
    assert [row.name for row in rows] == [f"{number:03}.json" for number in range(MANY)]
    assert [row.tone for row in rows[:3]] == ["warning", "invalid", "unreadable"]
    with batches.store.ledger() as ledger:
        assert ledger.content(done.id) is None


def test_several_processes_check_no_item_twice(campus: Campus, batches: Batches) -> None:
    token = batches.open("badges.zip", _badges(campus, 30))
    asked: list[str] = campus.library.asked
    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda _: batches.proceed(token), range(4)))
    batch = batches.batch(token)
    assert batch.checked == 30
    assert len(batches.rows(batch)) == 30
    assert asked.count("https://issuer.example/.well-known/did.json") <= 4


def test_item_of_a_process_that_ended_is_taken_up_again(
    campus: Campus, batches: Batches, clock: Clock
) -> None:
    token = batches.open("badges.zip", _badges(campus, 3))
    batch = batches.batch(token)
    with batches.store.ledger() as ledger:
        assert ledger.take(batch.id, now=clock.now, stale=clock.now) == 0
    assert batches.proceed(token).checked == 2
    clock.now += timedelta(minutes=6)
    assert batches.proceed(token).checked == 3
    assert [row.name for row in batches.rows(batch)] == ["000.json", "001.json", "002.json"]


def test_nothing_of_a_batch_is_left_after_its_time(
    campus: Campus, batches: Batches, clock: Clock
) -> None:
    token = batches.open("badges.zip", _badges(campus, 3))
    batch = batches.proceed(token)
    clock.now += KEPT
    with pytest.raises(Missing):
        batches.batch(token)
    with batches.store.ledger() as ledger:
        assert ledger.results(batch.id) == []


def test_owner_deletes_a_batch_at_once(campus: Campus, batches: Batches) -> None:
    token = batches.open("badges.zip", _badges(campus, 3))
    batches.forget(token)
    for call in (batches.batch, batches.proceed, batches.forget):
        with pytest.raises(Missing):
            call(token)


def test_no_more_files_are_held_than_there_is_room_for(
    campus: Campus, batches: Batches, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_BATCHES", 1)
    token = batches.open("badges.zip", _badges(campus, 1))
    with pytest.raises(Unavailable):
        batches.open("badges.zip", _badges(campus, 1))
    batches.proceed(token)
    batches.open("badges.zip", _badges(campus, 1))


def test_file_that_is_neither_csv_nor_zip_is_not_kept(batches: Batches) -> None:
    with pytest.raises(Malformed):
        batches.open("x.csv", b"\x00")
    with batches.store.ledger() as ledger:
        assert ledger.unfinished() == 0


@pytest.fixture(name="client")
def _client(tmp_path: Path, database: Database, campus: Campus) -> FlaskClient:
    app = create_app(
        Settings(home=tmp_path, master_secret=bytes(32), secret_key="s" * 32),
        clock=lambda: NOW,
        database=database,
        outside=Elsewhere(BadgeIssuer(campus)),
    )
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_csv_of_links_is_watched_until_its_result_is_there(
    client: FlaskClient, campus: Campus
) -> None:
    for number in range(MANY):
        address = f"https://wallet.example/share/{number}"
        shown = [campus.badge(), campus.badge()] if number == 1 else [campus.badge()]
        whole = {"credentials": shown} if number == 1 else shown[0]
        campus.library.publish(address, whole)
    links = [f"https://wallet.example/share/{n}" for n in range(MANY)]
    lines = ["name,link", *(f"Number {n},{link}" for n, link in enumerate(links)), "N,none"]
    upload = {"file": (io.BytesIO("\n".join(lines).encode()), "links.csv")}
    taken = client.post("/verifier/bulk/", data=upload, headers=PAGE)
    assert taken.status_code == 303
    address = taken.headers["Location"]
    first = client.get(address, headers=PAGE)
    assert first.headers["Refresh"] == "1"
    assert f"{AT_A_TIME} of {MANY + 1}" in first.text
    last = client.get(address, headers=PAGE)
    assert last.text.count('class="choice-note">Number 3</span>') == 1
    assert "Refresh" not in last.headers
    assert "Everything is checked" in last.text
    result = client.get(f"{address}/verdicts.csv")
    assert result.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(result.data.decode("utf-8-sig"), newline="")))
    assert len(rows) == MANY + 2  # one link shows two badges, one row holds no link
    assert rows[-1]["reason"] == "This row holds no link."
    assert [row["row"] for row in rows[:4]] == ["2", "3", "3", "4"]
    assert [row["name"] for row in rows[:4]] == ["Number 0", "Number 1", "Number 1", "Number 2"]
    assert {row["verdict"] for row in rows[:-1]} == {"verified, with a warning"}
    client.post(f"{address}/forget", headers=PAGE)
    assert client.get(address, headers=PAGE).status_code == 404


@pytest.mark.parametrize("content", [b"", b"\x00", b"PK\x03\x04", b"a,b\n1,2\n"])
def test_other_files_show_the_form_again_with_the_fault(
    client: FlaskClient, content: bytes
) -> None:
    upload = {"file": (io.BytesIO(content), "x.csv")}
    page = client.post("/verifier/bulk/", data=upload, headers=PAGE)
    assert page.status_code == 400
    assert 'class="field-error"' in page.text


ONE = json.dumps(Campus().badge())
SVG = f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{ONE}</desc></svg>'


@pytest.mark.parametrize(
    "content", [ONE, f"\ufeff {ONE}", "a.b.c\n", "a.b.c~d~e.f.g", SVG, "%PDF-1.7", "\x89PNG"]
)
def test_one_credential_is_led_to_where_it_is_verified(client: FlaskClient, content: str) -> None:
    raw = b"\x89PNG\r\n\x1a\n" if content == "\x89PNG" else content.encode()
    upload = {"file": (io.BytesIO(raw), "badge")}
    page = client.post("/verifier/bulk/", data=upload, headers=PAGE)
    assert page.status_code == 400
    assert "This is one credential, not a file of many." in page.text
    assert '<a href="/verifier/">Verify it here.</a>' in page.text


def test_file_that_is_too_large_is_told_on_the_form_with_the_limit(client: FlaskClient) -> None:
    form = "multipart/form-data; boundary=x"
    body = b"x" * (LARGEST_FILE + 1)
    page = client.post("/verifier/bulk/", data=body, content_type=form, headers=PAGE)
    assert page.status_code == 413
    assert "The file is larger than 6 MB. Split it" in page.text
    assert 'action="/verifier/bulk/"' in page.text


def test_pages_of_a_batch_that_is_gone_lead_back_to_the_form(client: FlaskClient) -> None:
    answers = [
        client.get(f"/verifier/bulk/{'A' * 32}", headers=PAGE),
        client.get(f"/verifier/bulk/{'A' * 32}/verdicts.csv", headers=PAGE),
        client.post(f"/verifier/bulk/{'A' * 32}/forget", headers=PAGE),
    ]
    for page in answers:
        assert page.status_code == 404
        assert "Hand the file over again." in page.text
        assert 'action="/verifier/bulk/"' in page.text


def test_file_for_which_there_is_no_room_is_told_so_on_the_form(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_BATCHES", 0)
    upload = {"file": (io.BytesIO(b"link\nhttps://wallet.example/share/1\n"), "links.csv")}
    page = client.post("/verifier/bulk/", data=upload, headers=PAGE)
    assert (page.status_code, page.headers["Retry-After"]) == (503, "7200")
    assert "Try again in a while." in page.text
    assert 'action="/verifier/bulk/"' in page.text


def test_guessed_address_shows_nothing(client: FlaskClient) -> None:
    for path in ("", "/verdicts.csv"):
        assert client.get(f"/verifier/bulk/{'A' * 32}{path}", headers=PAGE).status_code == 404


def test_command_checks_a_file_of_many_into_one_csv(
    campus: Campus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "none"))
    monkeypatch.setattr(verify, "utc_now", lambda: NOW)
    endorsement = json.dumps(campus.endorsement(campus.judge(1)))
    source, out = tmp_path / "badges.zip", tmp_path / "verdicts.csv"
    source.write_bytes(_zip({"good.json": endorsement, "bad.json": "hello"}))
    said = CliRunner().invoke(main, ["verify", "--bulk", str(source), "--out", str(out)])
    assert said.exit_code == 2
    rows = list(csv.DictReader(io.StringIO(out.read_text("utf-8-sig"), newline="")))
    assert [(row["what was handed over"], row["verdict"]) for row in rows] == [
        ("good.json", "verified, with a warning"),
        ("bad.json", "could not be read"),
    ]
    source.write_bytes(_zip({"good.json": endorsement}))
    said = CliRunner().invoke(main, ["verify", "--bulk", str(source)])
    assert (said.exit_code, said.stdout.count("\n")) == (0, 2)


def test_command_names_the_file_that_is_no_csv(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x00")
    said = CliRunner().invoke(main, ["verify", "--bulk", str(tmp_path / "x.csv")])
    assert said.exit_code == 2
    assert "x.csv: This is neither a CSV nor a ZIP." in said.output
