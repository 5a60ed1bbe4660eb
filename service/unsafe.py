"""Origins that are answered from a server on this machine, for development and conformance.

This is the only hole in the wall around the fetcher. It is cut on the command line alone, for one
exact origin at a time, and leads to loopback addresses alone.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from typing import Any, Final

import click

from vc.errors import Malformed

OPTION: Final = "--unsafe-map"
_MAPPING: Final = re.compile(
    r"(?P<origin>https://[a-z0-9.-]+(?::[0-9]{1,5})?)"
    r"=(?P<address>http://(?P<host>[0-9.]+|\[[0-9a-f:]+\]):(?P<port>[0-9]{1,5}))"
)
_HIGHEST_PORT: Final = 65_535


def unsafe_maps(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option of a command, handed to it as `unsafe_map`."""
    return click.option(
        OPTION,
        multiple=True,
        metavar="ORIGIN=ADDRESS",
        help="UNSAFE, for development: answer an https origin from a loopback server, such as "
        "https://issuer.example=http://127.0.0.1:8099. Repeatable.",
    )(command)


def opened(mappings: Iterable[str]) -> Mapping[str, str]:
    """The address for each origin, after a warning that cannot be overlooked.

    Raises Malformed unless each is an exact https origin and an http address of this machine.
    """
    addresses: dict[str, str] = {}
    for mapping in mappings:
        origin, address = read(mapping)
        if origin in addresses:
            raise Malformed("unsafe-map", f"{origin} is mapped twice.", place=OPTION)
        addresses[origin] = address
    for origin, address in addresses.items():
        warning = f"UNSAFE: whatever is asked of {origin} is answered by {address}, without TLS."
        click.secho(warning, err=True, fg="red", bold=True)
    if addresses:
        click.secho("UNSAFE: no verdict of this process means anything to anybody else.", err=True)
    return addresses


def read(mapping: str) -> tuple[str, str]:
    """The origin and the address in one mapping. Raises Malformed."""
    found = _MAPPING.fullmatch(mapping)
    if found is None or not 0 < int(found["port"]) <= _HIGHEST_PORT or not _is_here(found["host"]):
        sentence = (
            f"{mapping[:120]!a} is not an https origin, =, and an http address of this "
            "machine with its port, such as https://issuer.example=http://127.0.0.1:8099."
        )
        raise Malformed("unsafe-map", sentence, place=OPTION)
    return found["origin"], found["address"]


def _is_here(host: str) -> bool:
    """Only an address, never a name: a name could come to mean another machine."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
