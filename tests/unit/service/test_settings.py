"""What the environment decides, and how its faults are named."""

import stat
from pathlib import Path

import pytest

from service.settings import ROLES, from_environment, keep_master_secret
from vc.encoding import base64url_encode
from vc.errors import Malformed

MASTER = bytes(range(32))
SPELLED = base64url_encode(MASTER)


def test_nothing_set_gives_the_whole_program_on_this_machine(tmp_path: Path) -> None:
    settings = from_environment({"LEARNOMETER_HOME": str(tmp_path / "var")})
    assert settings.roles == set(ROLES)
    assert (settings.authority, settings.is_https) == ("localhost:8000", False)
    assert settings.database == f"sqlite:///{tmp_path}/var/learnometer.sqlite"
    assert not (tmp_path / "var").exists()


def test_the_master_secret_comes_from_its_variable_or_from_the_file_that_is_named(
    tmp_path: Path,
) -> None:
    path = tmp_path / "secret"
    path.write_text(SPELLED + "\n")
    named = {"LEARNOMETER_MASTER_SECRET_FILE": str(path)}
    for environ in ({"LEARNOMETER_MASTER_SECRET": SPELLED}, named):
        assert from_environment(environ).master_secret == MASTER


def test_without_a_master_secret_nothing_is_sealed(tmp_path: Path) -> None:
    with pytest.raises(Malformed) as refusal:
        from_environment({"LEARNOMETER_HOME": str(tmp_path)}).seal()
    assert refusal.value.place == "LEARNOMETER_MASTER_SECRET"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LEARNOMETER_ORIGIN", "localhost:8000"),
        ("LEARNOMETER_ORIGIN", "http://localhost:8000/"),
        ("LEARNOMETER_ORIGIN", "http://a@b"),
        ("LEARNOMETER_ORIGIN", "http://localhost:99999"),
        ("LEARNOMETER_ORIGIN", "http://localhost:0"),
        ("LEARNOMETER_ROLES", "issuer,janitor"),
        ("LEARNOMETER_ROLES", ""),
        ("LEARNOMETER_GATEWAY", "proxy:8080"),
        ("LEARNOMETER_PROXIES", "-1"),
        ("LEARNOMETER_PROXIES", "10"),
        ("LEARNOMETER_PROXIES", ""),
        ("LEARNOMETER_MASTER_SECRET", "correct horse battery staple"),
        ("LEARNOMETER_MASTER_SECRET", SPELLED[:-4]),
        ("LEARNOMETER_MASTER_SECRET_FILE", "/nowhere/secret"),
        ("LEARNOMETER_SECRET_KEY", "too short"),
    ],
)
def test_a_fault_names_its_variable_and_no_secret(variable: str, value: str) -> None:
    with pytest.raises(Malformed) as refusal:
        from_environment({variable: value})
    assert refusal.value.place == variable
    if "SECRET" in variable:
        assert value not in refusal.value.sentence or value.startswith("/")


def test_settings_do_not_show_their_secrets() -> None:
    settings = from_environment(
        {
            "LEARNOMETER_MASTER_SECRET": SPELLED,
            "LEARNOMETER_SECRET_KEY": "k" * 40,
            "DATABASE_URL": "postgresql+psycopg://learnometer:hunter22@db/learnometer",
        }
    )
    shown = repr(settings)
    assert not [secret for secret in ("hunter22", "kkk", SPELLED, str(MASTER)) if secret in shown]


def test_the_secrets_that_are_made_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    settings = from_environment({"LEARNOMETER_HOME": str(tmp_path)})
    assert settings.cookie_secret() == settings.cookie_secret()
    master = keep_master_secret(tmp_path)
    assert from_environment({"LEARNOMETER_HOME": str(tmp_path)}).master_secret == master
    for name in ("cookie.secret", "master.secret"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"too short", b"\xff\xfe"])
def test_a_spoilt_cookie_secret_is_refused_by_the_name_of_its_file(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "cookie.secret"
    path.write_bytes(content)
    with pytest.raises(Malformed) as refusal:
        from_environment({"LEARNOMETER_HOME": str(tmp_path)}).cookie_secret()
    assert refusal.value.place == str(path)


TOKEN = {
    "LEARNOMETER_PKCS11_MODULE": "/usr/lib/module.so",
    "LEARNOMETER_PKCS11_TOKEN": "keys",
    "LEARNOMETER_PKCS11_PIN": "7319",
}


def test_a_hardware_token_is_found_by_its_settings_and_its_pin_is_not_shown(tmp_path: Path) -> None:
    assert from_environment({}).hardware_token is None
    token = from_environment(TOKEN).hardware_token
    assert token
    assert (str(token.library), token.label, token.pin) == ("/usr/lib/module.so", "keys", "7319")
    assert "7319" not in repr(token)
    (tmp_path / "pin").write_text("8420\n")
    from_file = from_environment(TOKEN | {"LEARNOMETER_PKCS11_PIN_FILE": str(tmp_path / "pin")})
    assert from_file.hardware_token
    assert from_file.hardware_token.pin == "8420"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LEARNOMETER_PKCS11_TOKEN", ""),
        ("LEARNOMETER_PKCS11_PIN", ""),
        ("LEARNOMETER_PKCS11_PIN_FILE", "/nowhere/pin"),
    ],
)
def test_a_hardware_token_that_is_half_set_up_is_refused_by_its_variable(
    name: str, value: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        from_environment(TOKEN | {name: value})
    assert refusal.value.place == name
