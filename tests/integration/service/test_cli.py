"""The command line: what it does, and one clear sentence when it cannot."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509

from service.cli import main
from service.tls import LIFE, loopback_certificate
from vc.encoding import base64url_encode

METHOD = "did:web:localhost%3A8000:issuer:learnometer#key-1"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", base64url_encode(bytes(32)))
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_every_command_is_found_and_explains_itself(home: Path) -> None:
    listed = run("--help").output
    for name in ("db", "keys", "serve"):
        assert name in listed
        assert run(name, "--help").exit_code == 0


def test_an_unknown_command_is_refused() -> None:
    assert run("conjure").exit_code == 2


def test_a_new_key_is_listed_and_its_seed_is_not_shown(home: Path) -> None:
    made = run("keys", "new", "learnometer-1", METHOD)
    assert made.exit_code == 0, made.output
    listed = run("keys", "list").output
    assert listed == made.output
    assert METHOD in listed
    sealed = json.loads((home / "keys" / "learnometer-1.json").read_text())["sealedSeed"]
    assert sealed not in listed


def test_a_retired_key_is_still_listed_with_the_day_of_its_end(home: Path) -> None:
    run("keys", "new", "learnometer-1", METHOD)
    ended = run("keys", "retire", "learnometer-1")
    assert ended.exit_code == 0, ended.output
    assert f"until {datetime.now(UTC):%Y-%m-%d}" in ended.output
    assert run("keys", "list").output == ended.output


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("keys", "new", "A KEY", METHOD), 2, "A KEY: A key's name has up to 64 small letters"),
        (("keys", "retire", "nothing"), 1, "There is no key named nothing"),
        (("keys", "new", "key", "key-1"), 2, "key-1: A verification method is a DID"),
        (("serve", "--roles", "issuer,janitor"), 2, "--roles: janitor is not among the roles"),
        (("serve", "--port", "0"), 2, "Invalid value for '--port'"),
    ],
)
def test_bad_input_gives_one_sentence_that_names_the_place(
    home: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert sentence in result.output
    assert "Traceback" not in result.output


def test_a_key_name_that_is_taken_is_refused(home: Path) -> None:
    run("keys", "new", "learnometer-1", METHOD)
    again = run("keys", "new", "learnometer-1", METHOD)
    assert again.exit_code == 1
    assert "exists already" in again.output


def test_without_a_master_secret_its_variable_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEARNOMETER_MASTER_SECRET")
    result = run("keys", "list")
    assert result.exit_code == 2
    assert "LEARNOMETER_MASTER_SECRET: " in result.output


def test_the_database_is_brought_up_to_date_twice_without_harm(home: Path) -> None:
    for _ in range(2):
        assert run("db", "upgrade").output == "The database is up to date.\n"
    assert (home / "learnometer.sqlite").stat().st_size > 0
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "learnometer.sqlite").stat().st_mode & 0o077 == 0


def test_a_database_that_does_not_answer_is_one_sentence(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql+psycopg://learnometer:hunter22@127.0.0.1:1/none"
    monkeypatch.setenv("DATABASE_URL", url)
    result = run("db", "upgrade")
    assert result.exit_code == 2
    assert result.output == "Error: The database does not answer.\n"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "The database URL cannot be read."),
        ("postgresql+psycopg://u@host:port/name", "The database URL cannot be read."),
        ("mysql://u@host/name", "The database URL must start with"),
        ("sqlite:///{file}", "What the database URL names cannot be opened as a database."),
        ("sqlite:///{folder}", "The database does not answer."),
    ],
)
def test_a_database_url_that_leads_nowhere_is_one_sentence(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, sentence: str
) -> None:
    (tmp_path / "file").write_text("This is no database. " * 100)
    given = url.format(file=tmp_path / "file", folder=tmp_path)
    monkeypatch.setenv("DATABASE_URL", given)
    result = run("db", "upgrade")
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {sentence}")
    assert result.output.count("\n") == 1


def test_a_port_that_is_taken_is_one_sentence_and_nothing_is_made(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 2
    assert result.output == f"Error: 127.0.0.1:{port}: Address already in use.\n"
    assert not home.exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("trust.yaml", b"issuers: {", "The trust registry is not YAML."),
        ("trust.yaml", b"issuers: [{did: 3}]", "issuers/0: An issuer has the members"),
        ("trust.yaml", b"\xff", "It is not UTF-8 text."),
        ("trust.yaml", None, "Is a directory."),
        ("keys/degree.json", b"{", "This is not a key file."),
        ("keys/degree.json", b"{}", "This is not a key file."),
        ("cookie.secret", b"", "The secret that signs cookies has at least 32 characters."),
    ],
)
def test_a_spoilt_file_at_home_is_named_and_nothing_is_served(
    home: Path, name: str, content: bytes | None, sentence: str
) -> None:
    path = home / name
    path.parent.mkdir(parents=True)
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    result = run("serve", "--port", str(port))
    assert result.exit_code == 2
    assert result.output.startswith(f"Error: {path}: ")
    assert sentence in result.output
    assert result.output.count("\n") == 1


def test_a_home_that_cannot_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LEARNOMETER_HOME", str(tmp_path / "file"))
    result = run("db", "upgrade")
    assert result.exit_code == 2
    assert str(tmp_path / "file") in result.output
    assert "Traceback" not in result.output


def test_the_loopback_certificate_is_kept_until_it_ends(tmp_path: Path) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    path = loopback_certificate(tmp_path, now=now)
    first = path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    assert loopback_certificate(tmp_path, now=now + timedelta(days=30)).read_bytes() == first
    assert loopback_certificate(tmp_path, now=now + LIFE).read_bytes() != first
    names = x509.load_pem_x509_certificate(first).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost"]
