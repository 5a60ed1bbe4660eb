"""docker-compose.yml without containers: the same commands with the same environment.

PostgreSQL is a schema of its own; the reverse proxy is a few lines that read the Caddyfile's
routes; every container has the home that its volume gives it.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import yaml

from vc.encoding import base64url_encode

ROOT = Path(__file__).parents[1]
ORIGIN = "https://learnometer.example"
MASTER = base64url_encode(bytes(range(32)))
SECRET_KEY = "k" * 40
_HOPS = {"connection", "transfer-encoding", "keep-alive", "content-length", "server", "date"}


def composed() -> dict[str, Any]:
    """The services of docker-compose.yml; variables of the shell stay as they are written."""
    services: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return services


def image_command() -> list[str]:
    """What a container of ours runs unless it is told otherwise."""
    found = re.search(r"^CMD (\[.*\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert found
    return list(yaml.safe_load(found[1]))


def free_port() -> int:
    """A port of this machine at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Proxy(ThreadingHTTPServer):
    """The routes of the Caddyfile; `asked` is every request: who asked, the method and the path."""

    daemon_threads = True

    def __init__(self, port: int, services: dict[str, int]) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.services = services
        text = (ROOT / "Caddyfile").read_text()
        matchers = dict(re.findall(r"@(\w+) path_regexp (\S+)", text))
        self.routes = [
            (re.compile(matchers[name]), service)
            for name, service in re.findall(r"reverse_proxy @(\w+) (\w+):8000", text)
        ]
        found = re.search(r"reverse_proxy (\w+):8000", text)
        assert found
        self.otherwise = found[1]
        super().__init__(("127.0.0.1", port), _Passing)

    def service_of(self, path: str) -> str:
        """The service to which the path belongs."""
        plain = path.partition("?")[0]
        fitting = (service for route, service in self.routes if route.search(plain))
        return next(fitting, self.otherwise)


class _Passing(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        agent = self.headers.get("user-agent", "")
        self.server.asked.append((agent, self.command, self.path))
        port = self.server.services[self.server.service_of(self.path)]
        connection = HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            connection.request(self.command, self.path, body or None, dict(self.headers.items()))
            answer = connection.getresponse()
            status, headers, content = answer.status, answer.getheaders(), answer.read()
        except OSError:
            status, headers, content = 502, [], b""  # as Caddy does
        finally:
            connection.close()
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in _HOPS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing."""


@dataclass
class Composition:
    """The running services; `gateway` is the proxy's address inside the network."""

    folder: Path
    database: str
    gateway: str
    proxy: Proxy
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        """What docker-compose.yml gives the service, with the addresses of this machine."""
        secret = self.folder / "master.secret"
        given = {
            **composed()[service]["environment"],
            "LEARNOMETER_ORIGIN": ORIGIN,
            "LEARNOMETER_GATEWAY": self.gateway,
            "LEARNOMETER_MASTER_SECRET_FILE": str(secret),
            "LEARNOMETER_SECRET_KEY": SECRET_KEY,
            "DATABASE_URL": self.database,
            "LEARNOMETER_HOME": str(self.home(service)),
        }
        passed = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**passed, **given, "PYTHONPATH": str(ROOT)}

    def home(self, service: str) -> Path:
        """The folder that is the container's /var/lib/learnometer."""
        volumes = composed()[service].get("volumes", [f"{service}:/var/lib/learnometer"])
        (name,) = [v.partition(":")[0] for v in volumes if v.endswith(":/var/lib/learnometer")]
        return self.folder / str(name)

    def run(self, service: str, *arguments: str) -> str:
        """What `docker compose run --rm SERVICE learnometer ...` says. Fails unless it exits 0."""
        done = subprocess.run(
            [sys.executable, "-c", "from service.cli import main; main()", *arguments],
            env=self.environment(service), cwd=ROOT, capture_output=True, text=True, timeout=60,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, service: str) -> None:
        """Start the service as the image does, on a port of its own."""
        command = image_command()
        command[command.index("0.0.0.0:8000")] = f"127.0.0.1:{self.ports[service]}"
        log = (self.folder / f"{service}.log").open("ab")
        self.processes[service] = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=self.environment(service), cwd=ROOT, stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip
        log.close()

    def wait(self, seconds: float = 30) -> None:
        """Until every service answers."""
        for service in self.processes:
            self._wait(service, time.monotonic() + seconds)

    def _wait(self, service: str, deadline: float) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        url = f"http://127.0.0.1:{self.ports[service]}/static/mark.svg"
        while True:
            try:
                opener.open(url, timeout=5).close()
            except (OSError, urllib.error.URLError):
                assert time.monotonic() < deadline, self.log(service)
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        """Stop all services, as the engine does."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def log(self, service: str) -> str:
        """What the service has said so far."""
        return (self.folder / f"{service}.log").read_text()


@contextmanager
def running(folder: Path, database: str) -> Iterator[Composition]:
    """The composition on an empty database until the block ends; it may still be starting."""
    served = [name for name, service in composed().items() if name in _OURS]
    ports = {name: free_port() for name in served}
    (folder / "master.secret").write_text(MASTER)
    with ExitStack() as stack:
        proxy = Proxy(0, ports)
        thread = threading.Thread(target=proxy.serve_forever, daemon=True)
        thread.start()
        stack.callback(thread.join)
        stack.callback(proxy.server_close)
        stack.callback(proxy.shutdown)
        gateway = f"http://127.0.0.1:{proxy.server_port}"
        composition = Composition(folder, database, gateway, proxy, ports)
        composition.run("migrate", "db", "upgrade")
        stack.callback(composition.stop)
        for name in served:
            composition.start(name)
        yield composition


_OURS = ("issuer", "wallet", "verifier", "degree")
