"""Issuers' identifiers: as which a credential can be signed at all, and which two are one.

What verifies a credential is asked, so that the registry and the verdict cannot disagree. An entry
that nothing can match would stand there unnoticed, and its issuer would stay unknown.
"""

import re
from typing import Final
from urllib.parse import urlsplit

from vc import did
from vc.errors import Malformed, Refused, Unavailable
from vc.fetch import Fetched

_FORM: Final = re.compile(r"(?:did:[a-z0-9]+:|https://)[A-Za-z0-9._:%/#?=~-]{1,2000}")
_SITE: Final = re.compile(
    r"https?://[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/-]{0,1000})?"
)
# A program that is tried out on one machine has no certificate, and enters itself.
_THIS_MACHINE: Final = frozenset({"localhost", "127.0.0.1"})


class _NoNetwork:
    """A Fetcher that reaches nothing: what is published may be unreachable today, or not yet."""

    def get(self, url: str, *, accept: str) -> Fetched:
        raise Unavailable("not-asked", f"{url} is not asked for {accept}.")


def fault_of(identifier: str) -> str:
    """Why no credential can be signed as `identifier`; nothing where one can."""
    if not _FORM.fullmatch(identifier):
        return "Give a DID, or the https address it signs as."
    # A query belongs to an https address. To a DID it adds what is in or behind its document.
    beside = re.search("#" if identifier.startswith("https://") else "[#?/]", identifier)
    if beside:
        return f"Give the identifier alone, without the “{beside[0]}” and what follows it."
    try:
        _check(identifier)
    except Refused as error:
        return f"No credential can be signed as this. {error.sentence}"
    return ""


def fault_of_site(site: str) -> str:
    """Why `site` is not where people find somebody; nothing where it is."""
    if not _SITE.fullmatch(site):
        return "Give the address of its site."
    try:
        authority = _authority(site)
    except Malformed as error:
        return f"Give the address of its site. {error.sentence}"
    if site.startswith("http:") and authority.partition(":")[0] not in _THIS_MACHINE:
        return "Give the https address of its site: nobody can tell who answers under http."
    return ""


def one_spelling(identifier: str) -> str:
    """The same for all spellings of an identifier that lead to one document.

    Of those that lead nowhere, and of DIDs that spell their key, each stands for itself.
    """
    is_web = identifier.startswith("did:web:")
    if not is_web and not identifier.startswith("https://"):
        return identifier
    try:
        url = did.did_web_url(identifier) if is_web else identifier
        parts = urlsplit(url)
        path = parts._replace(scheme="", netloc="", path=parts.path or "/").geturl()
        # The document of a did:web is another's when it is entered by its own address.
        return f"{'did:web' if is_web else 'https'} {_authority(url)}{path}"
    except (Malformed, ValueError):
        return identifier


def _check(identifier: str) -> None:
    """Raises Malformed or Unavailable for an identifier that no key can be bound to."""
    if identifier.startswith("did:web:"):
        _authority(did.did_web_url(identifier))
    elif identifier.startswith("https://"):
        _authority(identifier)
    else:
        _check_key(identifier)


def _check_key(identifier: str) -> None:
    """Raises Malformed where a DID spells no key, Unavailable where it is of another method."""
    try:
        did.resolve(identifier, fetcher=_NoNetwork())
    except Malformed as error:
        method = ":".join(identifier.split(":")[:2])
        raise Malformed(method, f"This {method} spells no public key that is read here.") from error


def _authority(url: str) -> str:
    """Host and port of an address, in one spelling. Raises Malformed."""
    parts = urlsplit(url)
    try:
        did.did_web_url(did.did_web(parts.netloc))  # it knows what a host is
        port = 443 if parts.port is None else parts.port
    except Malformed as error:
        raise Malformed("host", f"“{parts.netloc[:64]}” is not the name of a host.") from error
    except ValueError:
        port = 0  # beyond 65535
    if not port:
        raise Malformed("port", "A port is a number from 1 to 65535.")
    host = parts.hostname or ""
    return host if port == 443 else f"{host}:{port}"
