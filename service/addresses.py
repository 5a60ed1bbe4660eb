"""Which addresses this service may read from on behalf of strangers (server-side request forgery).

A badge names URLs, and whoever wrote the badge chose them. What is not plainly a public web server
is refused: first by the text of the URL, then by every address that its name resolves to.
Sources: IANA special-purpose address registries; `ipaddress.is_global` of Python 3.11 calls NAT64,
6to4, site-local and multicast addresses global, so it is not asked.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Final

from vc.errors import Unavailable

LONGEST_URL: Final = 2048  # characters

# One strict form instead of a lenient parser: what two parsers could read differently has no match.
_URL: Final = re.compile(
    r"https://(?P<host>[A-Za-z0-9.-]{4,253})(?::(?P<port>[0-9]{1,5}))?(?P<path>/[!-~]*)?"
)
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LAST_LABEL: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}")
_PRIVATE_TOP_LEVELS: Final = frozenset(
    ("localhost", "local", "internal", "lan", "home", "corp", "test", "invalid", "onion", "arpa")
)

_REFUSED_V4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's metadata service, in a public range
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_ALLOWED_V6: Final = IPv6Network("2000::/3")
_REFUSED_V6: Final = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


@dataclass(frozen=True, slots=True)
class Target:
    """A public web server and what to ask it for; the port is always 443."""

    host: str
    path: str


def target(url: str) -> Target:
    """The server and path of `url`. Raises Unavailable unless it is a plain, public https URL."""
    found = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
    if found is None or found["port"] not in (None, "443"):
        raise _refusal(url)
    host, path = found["host"].lower(), found["path"] or "/"
    *names, last = host.split(".")
    labels_are_plain = names and all(_LABEL.fullmatch(name) for name in names)
    # Every IP address in any notation ends in a label with a digit; no top-level domain does.
    if not labels_are_plain or not _LAST_LABEL.fullmatch(last) or last in _PRIVATE_TOP_LEVELS:
        raise _refusal(url)
    if "\\" in path or "#" in path:
        raise _refusal(url)
    return Target(host, path)


def is_public(address: str) -> bool:
    """Whether `address`, in the form that a resolver gives, lies on the public internet."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _REFUSED_V4)
    # An address with a zone is link-local whatever its bits say.
    if parsed.scope_id or parsed not in _ALLOWED_V6:
        return False
    return not any(parsed in network for network in _REFUSED_V6)


def _refusal(url: str) -> Unavailable:
    shown = ascii(url[:120])[1:-1]
    return Unavailable(
        "address-refused", f"{shown} is not the https address of a public web server."
    )
