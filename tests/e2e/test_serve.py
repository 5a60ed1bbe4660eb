"""`learnometer serve` as its own process, asked over https as a browser would."""

import json
import os
import select
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli import main
from service.clock import utc_now
from service.installed import Installed, Kind
from vc.encoding import base64url_encode

ROOT = Path(__file__).parents[2]


@pytest.mark.e2e
def test_serve_answers_over_tls_under_the_name_localhost_until_it_is_stopped(
    tmp_path: Path,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LEARNOMETER_HOME": str(tmp_path),
        "LEARNOMETER_MASTER_SECRET": base64url_encode(bytes(32)),
    }
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--tls"]
    with subprocess.Popen(
        [*command, "--port", str(port)], env=environ, cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            assert select.select([process.stdout], [], [], 60)[0], "it said nothing in a minute"
            said = process.stdout.readline()
            assert f"https://localhost:{port}" in said
            trust = ssl.create_default_context(cafile=str(tmp_path / "tls" / "localhost.pem"))
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trust)
            )
            with opener.open(f"https://127.0.0.1:{port}/", timeout=10) as answer:
                assert answer.status == 200
                assert b"Learnometer" in answer.read()
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
        assert "GET /" not in process.stdout.read()


@pytest.mark.e2e
def test_conformance_endpoints_issue_and_verify_over_tls_with_a_key_made_for_the_run(
    tmp_path: Path,
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LEARNOMETER_HOME": str(tmp_path),
    }
    extension = "https://extension.example/context.json"
    content = b'{"@context": {"hue": "https://extension.example/hue"}}'
    Installed(tmp_path / "installed").add(Kind.CONTEXT, extension, content, now=utc_now())
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    with subprocess.Popen(
        [*command, "--conformance", "--port", str(port)], env=environ, cwd=tmp_path, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            assert select.select([process.stdout], [], [], 60)[0], "it said nothing in a minute"
            said = [process.stdout.readline().strip() for _ in range(5)]
            assert said[3] == f"https://localhost:{port}/eddsa-rdfc-2022/credentials/issue"
            issuer = said[4]
            assert issuer.startswith("did:key:z6Mk")
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}),
                urllib.request.HTTPSHandler(
                    context=ssl.create_default_context(
                        cafile=str(tmp_path / "tls" / "localhost.pem")
                    )
                ),
            )

            def post(path: str, body: dict[str, object]) -> dict[str, dict[str, object]]:
                request = urllib.request.Request(
                    f"https://localhost:{port}{path}",
                    data=json.dumps(body).encode(),
                    headers={"Content-Type": "application/json"},
                )
                with opener.open(request, timeout=10) as answer:
                    found: dict[str, dict[str, object]] = json.load(answer)
                    return found

            credential = {
                "@context": ["https://www.w3.org/ns/credentials/v2", extension],
                "type": ["VerifiableCredential"],
                "issuer": issuer,
                "credentialSubject": {"id": "did:example:subject", "hue": "blue"},
            }
            issued = post("/credentials/issue", {"credential": credential})
            assert issued["verifiableCredential"]["issuer"] == issuer
            assert post("/credentials/verify", dict(issued))["verified"] is True
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["installed", "tls"]


@pytest.mark.parametrize("more", [["--host", "0.0.0.0"], ["--host", "::"], ["--roles", "issuer"]])
def test_conformance_endpoints_are_for_this_machine_and_serve_no_roles(more: list[str]) -> None:
    run = CliRunner().invoke(main, ["serve", "--conformance", *more])
    assert run.exit_code == 2
    assert "--conformance" in run.output


@pytest.mark.e2e
def test_serve_warns_of_a_hole_before_it_says_anything_else(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LEARNOMETER_HOME": str(tmp_path),
        "LEARNOMETER_MASTER_SECRET": base64url_encode(bytes(32)),
    }
    mapping = "https://issuer.example=http://127.0.0.1:8099"
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    with subprocess.Popen(
        [*command, "--port", str(port), "--unsafe-map", mapping], env=environ, cwd=tmp_path,
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        assert process.stdout
        try:
            assert select.select([process.stdout], [], [], 60)[0], "it said nothing in a minute"
            said = [process.stdout.readline() for _ in range(3)]
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            with opener.open(f"http://127.0.0.1:{port}/", timeout=10) as answer:
                assert answer.status == 200
        finally:
            process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0
    assert said[0].startswith("UNSAFE: whatever is asked of https://issuer.example is answered by")
    assert said[1].startswith("UNSAFE: ")
    assert said[2].startswith("Serving ")
