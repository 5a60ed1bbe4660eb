"""docker-compose.yml starts commands that exist, with an environment that the program reads."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click import Context

from service.cli import main
from service.database import connect
from service.settings import ROLES, from_environment
from vc.encoding import base64url_encode

ROOT = Path(__file__).parents[3]
GIVEN = {"POSTGRES_PASSWORD": "a-password", "LEARNOMETER_SECRET_KEY": "k" * 40}


def interpolated(text: str) -> str:
    """`text` as compose reads it: ${NAME}, ${NAME:-default} and ${NAME:?message}."""
    return re.sub(
        r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}",
        lambda found: GIVEN.get(found[1], found[2] or ""),
        text,
    )


COMPOSE: dict[str, Any] = yaml.safe_load(interpolated((ROOT / "docker-compose.yml").read_text()))
OURS = {
    name: service
    for name, service in COMPOSE["services"].items()
    if service["image"] == "learnometer"
}
SERVED = {name: service for name, service in OURS.items() if "command" not in service}


def docker_command() -> list[str]:
    found = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    return list(yaml.safe_load(found[1]))


def environment(service: dict[str, Any], folder: Path) -> dict[str, str]:
    """What the container would be given, with the mounted secret in `folder`."""
    secret = folder / "master_secret"
    secret.write_text(base64url_encode(bytes(32)))
    given = dict(service["environment"])
    assert given["LEARNOMETER_MASTER_SECRET_FILE"] == "/run/secrets/master_secret"
    return {**given, "LEARNOMETER_MASTER_SECRET_FILE": str(secret), "LEARNOMETER_HOME": str(folder)}


def test_every_variable_that_is_set_is_one_that_the_program_reads() -> None:
    read = set(re.findall(r'"([A-Z][A-Z_]+)"', (ROOT / "service" / "settings.py").read_text()))
    for service in OURS.values():
        assert set(service["environment"]) <= read


def test_each_role_is_one_service() -> None:
    assert sorted(s["environment"]["LEARNOMETER_ROLES"] for s in SERVED.values()) == sorted(ROLES)


@pytest.mark.parametrize("name", OURS)
def test_the_environment_of_each_service_gives_settings(name: str, tmp_path: Path) -> None:
    settings = from_environment(environment(OURS[name], tmp_path))
    assert settings.seal()
    assert settings.is_https
    assert settings.gateway == "http://proxy:8080"
    assert connect(settings.database).engine.dialect.name == "postgresql"


@pytest.mark.parametrize("name", SERVED)
def test_the_command_of_the_image_starts_each_service(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", *docker_command(), "--check-config"]
    # The database is not asked before the first request.
    environ = {**os.environ, **environment(SERVED[name], tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, env=environ, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, shlex.join(command) + done.stderr


def test_the_other_command_is_one_of_ours() -> None:
    (command,) = [service["command"] for service in OURS.values() if "command" in service]
    assert command[0] == "learnometer"
    group: Any = main.get_command(Context(main), command[1])
    assert command[2] in group.commands


def test_the_proxy_sends_each_role_to_a_service_that_has_it() -> None:
    text = (ROOT / "Caddyfile").read_text()
    for role in set(ROLES) - {"wallet"}:
        assert re.search(rf"@{role} path_regexp .*\)\?{role}\(/\|\$\)\n", text)
        assert f"reverse_proxy @{role} {role}:8000\n" in text
        assert OURS[role]["environment"]["LEARNOMETER_ROLES"] == role
    assert "reverse_proxy wallet:8000\n" in text


def test_no_secret_is_written_into_the_files() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    for name in ("POSTGRES_PASSWORD", "LEARNOMETER_SECRET_KEY"):
        assert re.search(rf"{name}: \$\{{{name}:\?", text)
