"""The command line: what it does, and one clear sentence when it cannot."""

import json
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from sqlalchemy import select

from keys.custody import Custody
from keys.sealing import Seal
from service.app import compose
from service.cli import main
from service.database import connect
from service.parts import Program
from service.settings import from_environment
from service.tls import LIFE, loopback_certificate
from vc.documents import JsonObject
from vc.encoding import base64url_encode
from vc.model import Verdict
from vc.verify import verify
from verifier.bulk.store import BatchRow

ROOT = Path(__file__).parents[3]


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


@pytest.fixture
def founded(home: Path) -> Path:
    """An installation whose two issuers have their first keys."""
    done = run("found", str(ROOT / "examples" / "community"))
    assert done.exit_code == 0, done.output
    return home


def test_keys_are_listed_and_their_seeds_are_not_shown(founded: Path) -> None:
    listed = run("keys", "list").output
    kept = json.loads((founded / "keys" / "register.json").read_text())["keys"]
    for tenant, entry in zip(("learnometer", "university"), kept, strict=True):
        assert f"issuer-{tenant}-1  active  made on " in listed
        assert f"did:web:localhost%3A8000:issuer:{tenant}#key-1" in listed
        assert entry["sealedSeed"] not in listed


def test_listing_tells_an_older_register_that_was_put_back_by_its_number(founded: Path) -> None:
    register = founded / "keys" / "register.json"
    backup = register.read_bytes()
    assert run("keys", "list").output.endswith("\nEdition 2 of the register of keys.\n")
    assert run("keys", "rotate", "learnometer").exit_code == 0
    assert run("keys", "list").output.endswith("\nEdition 3 of the register of keys.\n")
    register.write_bytes(backup)
    assert run("keys", "list").output.endswith("\nEdition 2 of the register of keys.\n")


def test_a_rotated_key_is_still_listed_with_the_day_of_its_end(founded: Path) -> None:
    made = run("keys", "rotate", "learnometer")
    assert made.exit_code == 0, made.output
    assert made.output.startswith("issuer-learnometer-2  active  made on ")
    listed = run("keys", "list").output
    assert made.output in listed
    assert "issuer-learnometer-1  rotated  made on " in listed
    assert f"until {datetime.now(UTC):%Y-%m-%d}" in listed


def test_a_key_in_other_hands_is_replaced_at_once_and_its_date_moves_only_back(
    founded: Path,
) -> None:
    now = datetime.now(UTC)
    for hours, code in ((2, 0), (3, 0), (1, 1)):
        since = f"{now - timedelta(hours=hours):%Y-%m-%dT%H:%M:%S}"
        done = run("keys", "compromise", "issuer-learnometer-1", "--yes", "--since", since)
        assert done.exit_code == code, done.output
    earliest = now - timedelta(hours=3)
    assert f"is known to be compromised since {earliest:%Y-%m-%d}" in done.output
    listed = run("keys", "list").output
    assert f"in other hands since {earliest:%Y-%m-%d %H:%M}" in listed
    assert "issuer-learnometer-2  active" in listed
    assert "issuer-learnometer-3" not in listed


def test_verdict_follows_what_happens_to_the_key_of_a_badge(founded: Path) -> None:
    program = compose(from_environment())
    assert program.issuer
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:localhost%3A8000:issuer:learnometer",
        "credentialSubject": {"id": "did:example:holder"},
    }
    now = datetime.now(UTC)
    signed = program.issuer.awarding.issue("learnometer", unsigned, now=now)
    assert _history(program, signed)[0] is Verdict.VALID
    assert run("keys", "rotate", "learnometer").exit_code == 0
    verdict, said = _history(program, signed)
    assert verdict is Verdict.VALID
    assert said.startswith("Signed while the key was in use")
    since = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    done = run("keys", "compromise", "issuer-learnometer-1", "--since", since, "--yes")
    assert done.output.endswith("Credentials signed anew: 1.\n")
    verdict, said = _history(program, signed)
    assert verdict is Verdict.INVALID
    assert said.startswith("The key was in other hands")
    with program.issuer.store.ledger() as ledger:
        row = ledger.credential_by_url(signed["id"])
    assert row
    assert _history(program, json.loads(str(row.signed)))[0] is Verdict.VALID
    program.parts.database.close()


def test_badge_of_the_installation_here_is_verified_while_nothing_is_served(
    founded: Path, tmp_path: Path
) -> None:
    program = compose(from_environment())
    assert program.issuer
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:localhost%3A8000:issuer:learnometer",
        "credentialSubject": {"id": "did:example:holder"},
    }
    signed = program.issuer.awarding.issue("learnometer", unsigned, now=datetime.now(UTC))
    program.parts.database.close()
    badge = tmp_path / "badge.json"
    badge.write_text(json.dumps(signed))
    done = run("verify", str(badge))
    assert done.exit_code == 0, done.output


def test_installation_that_does_not_start_leaves_the_issuer_open(
    founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEARNOMETER_MASTER_SECRET", "no secret at all")
    unsigned = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": "did:web:localhost%3A8000:issuer:learnometer",
        "credentialSubject": {"id": "did:example:holder"},
        "proof": {
            "type": "DataIntegrityProof",
            "cryptosuite": "eddsa-rdfc-2022",
            "verificationMethod": "did:web:localhost%3A8000:issuer:learnometer#key-1",
            "proofPurpose": "assertionMethod",
            "proofValue": "z11",
        },
    }
    badge = tmp_path / "badge.json"
    badge.write_text(json.dumps(unsigned))
    done = run("verify", str(badge))
    assert done.exit_code == 2
    assert "The installation here does not start" in done.output


def _history(program: Program, credential: JsonObject) -> tuple[Verdict, str]:
    """The verdict, and what the issuer's key history says."""
    report = verify(credential, now=datetime.now(UTC), fetcher=program.parts.web)
    step = report.step("key-history")
    return report.verdict, step.sentence if step is not None else ""


def test_a_revoked_key_is_replaced_too(founded: Path) -> None:
    for _ in range(2):
        done = run("keys", "revoke", "issuer-university-1", "--yes")
        assert done.exit_code == 0, done.output
        assert f"revoked on {datetime.now(UTC):%Y-%m-%d}" in done.output
        assert done.output.endswith("Credentials signed anew: 0.\n")
    assert "issuer-university-2  active" in run("keys", "list").output


@pytest.mark.parametrize("arguments", [("compromise", "--since", "2026-11-27"), ("revoke",)])
def test_what_cannot_be_undone_is_asked_about_first(
    founded: Path, arguments: tuple[str, ...]
) -> None:
    name, *options = arguments
    command = ["keys", name, "issuer-learnometer-1", *options]
    if options:
        command[-1] = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    before = run("keys", "list").output
    refused = CliRunner().invoke(main, command, input="n\n")
    assert refused.exit_code == 1
    assert "fetched again by their holders: 0." in refused.output
    assert "This cannot be undone. Go on?" in refused.output
    assert run("keys", "list").output == before
    assert CliRunner().invoke(main, command, input="y\n").exit_code == 0
    assert "issuer-learnometer-2  active" in run("keys", "list").output


def test_key_was_not_stolen_before_it_was_made(founded: Path) -> None:
    for sure in ((), ("--yes",)):
        done = run("keys", "compromise", "issuer-learnometer-1", "--since", "2019-01-01", *sure)
        assert done.exit_code == 2
        assert "nothing was signed with it before" in done.output
    assert "issuer-learnometer-2" not in run("keys", "list").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("rotate", "university"),
        ("add", "university", "P-256"),
        ("compromise", "issuer-university-1", "--since", "2026-11-27", "--yes"),
        ("revoke", "issuer-university-1", "--yes"),
    ],
)
def test_keys_of_another_origin_are_not_touched(
    founded: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    before = (founded / "keys" / "register.json").read_bytes()
    monkeypatch.setenv("LEARNOMETER_ORIGIN", "https://other.example")
    done = run("keys", *arguments)
    assert done.exit_code == 1
    assert "LEARNOMETER_ORIGIN: The keys in " in done.output
    assert (founded / "keys" / "register.json").read_bytes() == before


@pytest.mark.parametrize(
    "issuer",
    ["university", "issuer-university-1", "did:web:localhost%3A8000:issuer:university"],
)
def test_issuer_is_rotated_by_its_name_its_did_or_its_key(founded: Path, issuer: str) -> None:
    assert "issuer-university-2  active" in run("keys", "rotate", issuer).output
    assert "Those who have: learnometer, university." in run("keys", "rotate", "nobody").output
    again = run("keys", "rotate", "issuer-university-1")
    assert (again.exit_code, "issuer-university-1 signs no more" in again.output) == (1, True)


def test_the_degree_office_rotates_its_key_like_any_other(home: Path) -> None:
    custody = Custody(home / "keys", Seal(bytes(32)))
    method = "did:web:localhost%3A8000:degree#key-1"
    custody.create("degree", verification_method=method, now=datetime.now(UTC))
    assert run("db", "upgrade").exit_code == 0
    assert "degree-2  active" in run("keys", "rotate", "degree").output
    since = f"{datetime.now(UTC) - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    done = run("keys", "compromise", "degree-2", "--since", since, "--yes")
    assert done.exit_code == 0, done.output
    assert "degree-3  active" in run("keys", "list").output


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("keys", "revoke", "A KEY"), 2, "A KEY: A key's name has up to 64 small letters"),
        (("keys", "revoke", "nothing"), 1, "There is no key named nothing"),
        (("keys", "rotate", "nobody"), 1, "nobody has no key here. Those who have: nobody yet."),
        (("keys", "compromise", "nothing"), 2, "Missing option '--since'"),
        (("keys", "compromise", "nothing", "--since", "soon"), 2, "Invalid value for '--since'"),
        (("keys", "compromise", "nothing", "--since", "2999-01-01"), 2, "That is still to come"),
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


def test_without_a_master_secret_its_variable_is_named(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LEARNOMETER_MASTER_SECRET")
    result = run("keys", "list")
    assert result.exit_code == 2
    assert "LEARNOMETER_MASTER_SECRET: " in result.output


def test_what_the_verifier_kept_long_enough_is_deleted_and_the_rest_stays(home: Path) -> None:
    assert run("db", "upgrade").exit_code == 0
    database = connect(from_environment().database)
    long_ago, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    with database.sessions.begin() as session:
        for number in range(45):
            batch = BatchRow(
                id=f"{number:032x}",
                token_digest=f"{number:064x}",
                name="badges.csv",
                created_at=long_ago,
                forgotten_at=later if number == 0 else long_ago,
                content=b"",
            )
            session.add(batch)
    answers = [run("db", "tidy").output for _ in range(2)]
    assert answers == [
        f"Questions to wallets deleted: 0\nFiles of many deleted: {count}\n" for count in (44, 0)
    ]
    with database.sessions() as session:
        assert session.scalars(select(BatchRow.id)).all() == [f"{0:032x}"]
    database.close()


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
        ("keys/register.json", b"{", "This is no register of keys."),
        ("keys/register.json", b"{}", "This is no register of keys."),
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
