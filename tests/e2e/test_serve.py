"""`learnometer serve` as its own process, asked over https as a browser would."""

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
