"""The registry's versions: kept whole, with who and why, and nobody's change is lost."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from badge_issuer import BadgeIssuer
from campus import NOW, Campus
from flask.testing import FlaskClient
from wallet_site import PAGE, PASSWORD, Browser, Elsewhere
from werkzeug.test import TestResponse

from accounts.people import People
from accounts.store import Store
from service.app import create_app
from service.database import connect
from service.migrations.tables import TABLES
from service.settings import Settings
from service.trust import RegistryFiles
from vc.errors import Conflict, Malformed
from verifier.register import Change, Register, differences, seal_of
from verifier.trust import KnownIssuer, TrustRegistry
from verifier.trust_file import LONGEST_REGISTRY, Version, written_version

FORM = "/verifier/registry/issuer"


def _files(home: Path) -> RegistryFiles:
    return RegistryFiles(Settings(home=home, origin="https://verify.example"))


def _issuer(number: int, name: str = "Issuer") -> KnownIssuer:
    return KnownIssuer(
        did=f"did:web:issuer-{number}.example",
        name=f"{name} {number}",
        site=f"https://issuer-{number}.example",
        issues=frozenset({"AchievementCredential"}),
        since=datetime(2024, 1, 1, tzinfo=UTC),
    )


def _long_issuer(number: int) -> KnownIssuer:
    return replace(_issuer(number), did=f"did:web:a.example:{number:03}{'x' * 1_750}")


def _change(entry: KnownIssuer, *, seen: KnownIssuer | None = None) -> Change:
    return Change(did=entry.did, entry=entry, seen=seal_of(seen), by="Rosa <r@x>", why="Known.")


def test_every_change_is_a_version_with_who_when_and_why(tmp_path: Path) -> None:
    files = _files(tmp_path)
    register = Register(files)
    register.change(_change(_issuer(1)), now=NOW)
    register.change(_change(_issuer(1, "Renamed"), seen=_issuer(1)), now=NOW + timedelta(days=1))
    newest, first, began = _files(tmp_path).history()
    assert [one.number for one in (newest, first, began)] == [2, 1, 0]
    assert (newest.by, newest.why, newest.at) == ("Rosa <r@x>", "Known.", NOW + timedelta(days=1))
    (changed,) = differences(first.registry, newest.registry)
    assert changed.fields == ("name",)
    assert set(began.registry.issuers) == {
        "did:web:verify.example:issuer:learnometer",
        "did:web:verify.example:issuer:university",
    }


def test_operators_file_is_what_the_desk_begins_with(tmp_path: Path) -> None:
    (tmp_path / "trust.yaml").write_text(
        "version: '2026-11'\nissuers:\n  - {did: 'did:web:a.example', name: A, "
        "site: 'https://a.example', issues: [Degree], since: 2020-01-01, until: 2030-01-01}\n"
    )
    files = _files(tmp_path)
    assert files.current().version == "2026-11"
    Register(files).change(_change(_issuer(1)), now=NOW)
    after = _files(tmp_path).current()
    assert after.version == "1"
    assert after.issuers["did:web:a.example"].until == datetime(2030, 1, 1, tzinfo=UTC)


def test_another_process_sees_a_change_at_once_and_no_half_of_it(tmp_path: Path) -> None:
    here, there = _files(tmp_path), _files(tmp_path)
    assert _issuer(1).did not in there.current().issuers
    Register(here).change(_change(_issuer(1)), now=NOW)
    assert _issuer(1).did in there.current().issuers
    assert [path.name for path in (tmp_path / "trust").iterdir()] == ["000001.yaml"]


def test_editors_at_once_lose_nothing_of_one_another(tmp_path: Path) -> None:
    def enter(number: int) -> None:
        Register(_files(tmp_path)).change(_change(_issuer(number)), now=NOW)

    with ThreadPoolExecutor(8) as editors:
        list(editors.map(enter, range(16)))
    files = _files(tmp_path)
    assert {_issuer(number).did for number in range(16)} <= set(files.current().issuers)
    assert files.latest().number == 16


def test_second_editor_of_one_entry_is_told_and_changes_nothing(tmp_path: Path) -> None:
    files = _files(tmp_path)
    register = Register(files)
    register.change(_change(_issuer(1)), now=NOW)
    register.change(_change(_issuer(1, "First"), seen=_issuer(1)), now=NOW)
    for seen in (_issuer(1), None):
        with pytest.raises(Conflict):
            register.change(_change(_issuer(1, "Second"), seen=seen), now=NOW)
    assert files.current().issuers[_issuer(1).did].name == "First 1"
    assert files.latest().number == 2


@pytest.mark.parametrize("why", ["", "  ", "x" * 501])
def test_change_without_a_reason_is_refused(tmp_path: Path, why: str) -> None:
    files = _files(tmp_path)
    with pytest.raises(Malformed) as refusal:
        Register(files).change(
            Change(did=_issuer(1).did, entry=_issuer(1), seen="", by="R", why=why), now=NOW
        )
    assert (refusal.value.place, files.latest().number) == ("why", 0)


def test_version_that_would_be_too_long_to_be_read_again_is_not_written(tmp_path: Path) -> None:
    register = Register(_files(tmp_path))
    known = TrustRegistry("0", {one.did: one for one in map(_long_issuer, range(555))})
    began = written_version(Version(0, known, at=NOW))
    assert LONGEST_REGISTRY - 1_900 < len(began) <= LONGEST_REGISTRY
    (tmp_path / "trust.yaml").write_text(began, encoding="utf-8")
    with pytest.raises(Malformed, match="longer than"):
        register.change(_change(_long_issuer(555)), now=NOW)
    assert [one.number for one in _files(tmp_path).history()] == [0]


def test_broken_version_leaves_the_last_good_one_in_force(tmp_path: Path) -> None:
    files = _files(tmp_path)
    Register(files).change(_change(_issuer(1)), now=NOW)
    assert _issuer(1).did in files.current().issuers
    (tmp_path / "trust" / "000002.yaml").write_text("issuers: {")
    assert _issuer(1).did in files.current().issuers
    with pytest.raises(Malformed, match=r"000002\.yaml"):
        _files(tmp_path).latest()


class Desk:
    """The site with a registrar and a stranger."""

    def __init__(self, home: Path) -> None:
        self.campus = Campus()
        database = connect(f"sqlite:///{home / 'site.sqlite'}")
        with database.engine.begin() as connection:
            for tables in TABLES:
                tables.create_all(connection)
        hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        people = People(Store(database.sessions), hasher=hasher)
        people.register(
            name="Rosa Registrar",
            email="rosa@example.org",
            password=PASSWORD,
            roles=["registrar"],
            now=NOW,
        )
        app = create_app(
            Settings(home=home, master_secret=bytes(32), secret_key="s" * 32),
            clock=lambda: NOW,
            database=database,
            people=people,
            outside=Elsewhere(BadgeIssuer(self.campus)),
        )
        self.stranger: FlaskClient = app.test_client()
        self.rosa = Browser(app.test_client())
        self.rosa.submit(
            "/account/sign-in", "/account/sign-in", email="rosa@example.org", password=PASSWORD
        )

    def save(self, page: str = FORM, **fields: object) -> TestResponse:
        given: dict[str, object] = {
            "did": "did:web:issuer.example",
            "name": "University of Example",
            "site": "https://issuer.example/",
            "issues": ["AchievementCredential"],
            "since": "2020-01-01",
            "why": "Their registrar called.",
        }
        return self.rosa.submit(page, FORM, **(given | fields))


@pytest.fixture(name="desk")
def _desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_issuer_entered_at_the_desk_is_known_from_the_next_check_on(desk: Desk) -> None:
    def verdict() -> str:
        badge = json.dumps(desk.campus.badge())
        page = desk.rosa.submit("/verifier/", "/verifier/", credential=badge)
        return page.text

    assert "an issuer that is not known here" in verdict()
    assert desk.save().status_code == 303
    after = verdict()
    assert "This credential is genuine and valid." in after
    assert "registered here as University of Example (https://issuer.example)" in after
    public = desk.stranger.get("/verifier/registry/", headers=PAGE)
    assert "University of Example" in public.text
    assert "Enter an issuer" not in public.text
    history = desk.rosa.get("/verifier/registry/history").text
    for words in ("Rosa Registrar", "Their registrar called.", "Entered University of Example"):
        assert words in history


@pytest.mark.parametrize("name", ["University of Example", " university  of EXAMPLE"])
def test_second_issuer_of_one_name_has_to_be_meant(desk: Desk, name: str) -> None:
    assert desk.save().status_code == 303
    other = {"did": "did:web:other.example", "site": "https://other.example", "name": name}
    refused = desk.save(**other)
    assert refused.status_code == 400
    assert "An issuer of this name is entered already: did:web:issuer.example." in refused.text
    assert "did:web:other.example" not in desk.stranger.get("/verifier/registry/").text
    assert desk.save(**other, namesake="true").status_code == 303
    assert "did:web:other.example" in desk.stranger.get("/verifier/registry/").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"did": "issuer"}, "Give a DID"),
        ({"site": "javascript:alert(1)"}, "Give the address of its site."),
        ({"issues": []}, "Name at least one type"),
        ({"name": "  "}, "Give its legal name, of up to 200 characters."),
        ({"site": " "}, "Give the address of its site."),
        ({"did": " "}, "Give a DID"),
        ({"since": "soon"}, "Give the day from which on it is registered."),
        ({"since": ""}, "Give the day from which on it is registered."),
        ({"until": "later"}, "Give the day that ends it, or leave it open."),
        ({"others": "Type " * 101}, "Name the other types in up to 500 characters."),
        ({"until": "2019-01-01"}, "The end has to be after the beginning."),
        ({"why": ""}, "Say why"),
        ({"why": "w" * 501}, "Say why, in up to 500 characters."),
        ({"surprise": "1"}, "This field was not filled in as expected."),
        ({"others": "1st"}, "No type has a name like this: 1st."),
    ],
)
def test_form_is_shown_again_with_the_fault_and_what_was_entered(
    desk: Desk, fields: dict[str, object], sentence: str
) -> None:
    page = desk.save(**fields)
    assert page.status_code == 400
    assert sentence in page.text
    assert 'value="did:web:issuer.example"' in page.text or "did" in fields
    assert "Version" not in desk.rosa.get("/verifier/registry/history").text.partition("<ul>")[0]


def test_name_that_is_too_long_is_shown_again_with_how_long_it_may_be(desk: Desk) -> None:
    page = desk.save(name="n" * 201)
    assert page.status_code == 400
    assert "Give its legal name, of up to 200 characters." in page.text
    assert "n" * 201 in page.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("did", "did:key:zzz", "This did:key spells no public key"),
        ("did", "did:web:issuer.example#key-1", "without the “#”"),
        ("did", "https://issuer.example/keys?q#f", "without the “#”"),
        ("site", "https://issuer.example:99999", "A port is a number from 1 to 65535."),
        ("site", "http://issuer.example", "Give the https address of its site"),
    ],
)
def test_entry_that_can_match_no_credential_is_refused_at_its_field_and_not_kept(
    desk: Desk, field: str, value: str, sentence: str
) -> None:
    page = desk.save(**{field: value})
    assert page.status_code == 400
    fault = re.search(rf'<p class="field-error" id="{field}-error">(.*?)</p>', page.text, re.S)
    assert fault
    assert sentence in unescape(fault[1])
    assert "University of Example" not in desk.rosa.get("/verifier/registry/").text


def test_second_spelling_of_an_identifier_is_refused_with_the_first(desk: Desk) -> None:
    assert desk.save().status_code == 303
    page = desk.save(did="did:web:ISSUER.example", name="Another name")
    assert page.status_code == 400
    assert "is entered with it already, spelled did:web:issuer.example." in page.text
    assert "Another name" not in desk.rosa.get("/verifier/registry/").text


def test_registry_kept_with_an_entry_that_nothing_matches_is_read_and_mended_at_the_desk(
    tmp_path: Path,
) -> None:
    files = _files(tmp_path)
    hollow = replace(_issuer(1), did="did:key:zzz")
    registry = replace(files.current(), issuers={hollow.did: hollow})
    files.keep(Version(1, registry, "Rosa", NOW, "Known."))
    assert _files(tmp_path).current().issuers == {hollow.did: hollow}
    with pytest.raises(Malformed, match="spells no public key"):
        Register(files).change(_change(replace(hollow, name="New"), seen=hollow), now=NOW)
    taken_out = Change(did=hollow.did, entry=None, seen=seal_of(hollow), by="R", why="Hollow.")
    assert Register(files).change(taken_out, now=NOW).registry.issuers == {}


def test_operators_file_with_an_entry_that_nothing_matches_is_refused_while_it_is_in_force(
    tmp_path: Path,
) -> None:
    entry = (
        "{did: 'did:key:zzz', name: A, site: 'https://a.example', issues: [Degree], "
        "since: 2020-01-01}"
    )
    (tmp_path / "trust.yaml").write_text(f"issuers:\n  - {entry}\n")
    with pytest.raises(Malformed, match=r"trust\.yaml: issuers/0/did: .*spells no public key"):
        _files(tmp_path).latest()
    files = _files(tmp_path)
    files.keep(Version(1, TrustRegistry("1", {}), "Rosa", NOW, "Known."))
    assert [len(one.registry.issuers) for one in files.history()] == [0, 1]


def test_editor_who_is_too_late_sees_what_is_in_force_and_can_decide_anew(desk: Desk) -> None:
    desk.save()
    page = f"{FORM}?did=did:web:issuer.example"
    stale = desk.rosa.get(page).text
    seen = re.search(r'name="seen" value="([^"]+)"', stale)
    assert seen
    assert desk.save(page, name="First").status_code == 303
    late = desk.save(page, name="Second", seen=unescape(seen[1]))
    assert late.status_code == 409
    assert "Somebody has changed this issuer meanwhile." in late.text
    assert "First, https://issuer.example" in late.text
    assert 'value="Second"' in late.text
    assert "Second" not in desk.rosa.get("/verifier/registry/").text


@pytest.mark.parametrize("file", ["", "issuers: []\n"])
def test_beginning_without_a_name_is_version_0_wherever_it_is_named(
    desk: Desk, tmp_path: Path, file: str
) -> None:
    if file:
        (tmp_path / "trust.yaml").write_text(file)
    page = desk.stranger.get("/verifier/registry/", headers=PAGE).text
    assert "Version 0, with which it began." in page
    verdict = desk.rosa.submit(
        "/verifier/", "/verifier/", credential=json.dumps(desk.campus.badge())
    )
    found = re.search(r'name="receipt" value="([^"]+)"', verdict.text)
    assert found
    receipt = json.loads(unescape(found[1]))
    assert receipt["credentialSubject"]["trust"]["registry"] == "0"


def test_issuer_taken_out_is_known_no_more_and_the_version_before_keeps_it(desk: Desk) -> None:
    desk.save()
    page = f"{FORM}?did=did:web:issuer.example"
    assert desk.rosa.submit(page, "/verifier/registry/remove", why="").status_code == 400
    assert desk.rosa.submit(page, "/verifier/registry/remove", why="Closed.").status_code == 303
    assert "University of Example" not in desk.rosa.get("/verifier/registry/").text
    assert "University of Example" in desk.rosa.get("/verifier/registry/versions/1").text
    assert desk.rosa.get(page).status_code == 404
