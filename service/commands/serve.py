"""`learnometer serve`: the program on this machine, over http or https."""

import socket
import ssl
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from service.app import utc_now
from service.conformance.app import conformance
from service.database import upgrade
from service.demo.home import is_half_played
from service.installed import Installed
from service.settings import Settings, from_environment, roles_in
from service.start import start
from service.tls import loopback_certificate
from service.unsafe import opened, unsafe_maps
from vc.errors import Unavailable

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


class _Quiet(WSGIRequestHandler):
    """Keeps no log of requests: a share link's address is its secret."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


@click.command()
@click.option("--roles", help="Comma-separated; all four unless LEARNOMETER_ROLES says otherwise.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--tls", is_flag=True, help="Serve https with a certificate made for localhost.")
@click.option(
    "--conformance",
    is_flag=True,
    help="Serve VC-API at the root over https, with keys for this run, to suites on this machine.",
)
@unsafe_maps
def command(
    roles: str | None, host: str, port: int, unsafe_map: tuple[str, ...], **flags: bool
) -> None:
    """Serve the program until it is interrupted."""
    if flags["conformance"]:
        if roles is not None:
            raise click.UsageError("--conformance serves no roles.")
        serve_conformance(host=host, port=port, unsafe_map=opened(unsafe_map))
        return
    scheme = "https" if flags["tls"] else "http"
    settings = from_environment(default_origin=f"{scheme}://localhost:{port}")
    settings = replace(settings, unsafe_map=opened(unsafe_map))
    if roles is not None:
        settings = replace(settings, roles=roles_in(roles, "--roles"))
    if is_half_played(settings.home):
        sentence = "The demonstration here was interrupted, so that much of it is missing."
        click.echo(f"{settings.home}: {sentence} `learnometer demo` plays it anew.", err=True)
    certificate = loopback_certificate(settings.home, now=utc_now()) if flags["tls"] else None
    serve(settings, host=host, port=port, certificate=certificate)


def serve(
    settings: Settings, *, host: str = "127.0.0.1", port: int = 8000, certificate: Path | None
) -> None:
    """Bring the database up to date and answer requests until interrupted.

    Raises Unavailable, before anything else is done, when nothing can listen at that address.
    """
    with _listening(host, port) as listener:
        upgrade(settings.database)
        server = _server(listener, start(settings), certificate)
    _until_interrupted(server, f"Serving {', '.join(sorted(settings.roles))} on {settings.origin}")


def serve_conformance(*, host: str, port: int, unsafe_map: Mapping[str, str]) -> None:
    """Serve the endpoints for conformance suites until interrupted.

    Whoever reaches them can have anything signed, so they are reached from this machine alone.
    Raises click.UsageError for another address, Unavailable when nothing can listen there.
    """
    if host not in _LOOPBACK:
        raise click.UsageError("--conformance listens at loopback addresses only.")
    origin = f"https://localhost:{port}"
    settings = from_environment()
    Installed(settings.installed_folder).load()
    certificate = loopback_certificate(settings.home, now=utc_now())
    with _listening(host, port) as listener:
        made = conformance(origin, now=utc_now, unsafe_map=unsafe_map)
        server = _server(listener, made.app, certificate)
    lines = [f"Serving VC-API for conformance suites on {origin}", "", "Issuers of this run:"]
    for name, instance in made.instances.items():
        lines += [f"  {origin}/{name}/credentials/issue", f"    {instance.did}"]
    first = next(iter(made.instances))
    lines.append(f"{origin}/credentials/issue is {first}.")
    _until_interrupted(server, "\n".join(lines))


def _server(listener: socket.socket, app: Flask, certificate: Path | None) -> BaseWSGIServer:
    context: Any = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    host, port = listener.getsockname()[:2]
    return make_server(
        host,
        port,
        app,
        threaded=True,
        request_handler=_Quiet,
        ssl_context=context,
        fd=listener.fileno(),
    )


def _until_interrupted(server: BaseWSGIServer, announcement: str) -> None:
    click.echo(announcement)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        server.server_close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        # Python appends the address, which is said already.
        reason = str(error.strerror or error).partition(" (while")[0]
        raise Unavailable("address", f"{reason}.", place=f"{host}:{port}") from error
