"""What trusted issuers offer to earn, read from the menus that they publish.

An issuer with a DID of the web publishes its menu beside its DID document, as Open Badges
achievements (issuer/api.py). Nothing hangs on a menu: one that cannot be read is left out.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from degree.evidence import Offer, offer
from vc.did import did_web_url
from vc.errors import Malformed, Refused
from vc.fetch import Fetcher, document_in

MOST_MENUS: Final = 4
MOST_OFFERS: Final = 200
_DOCUMENT: Final = "did.json"


def offers(issuers: Iterable[str], *, fetcher: Fetcher) -> tuple[Offer, ...]:
    """The badges on the menus of these issuers (DIDs), by title."""
    web = sorted(issuer for issuer in issuers if issuer.startswith("did:web:"))
    found = [each for issuer in web[:MOST_MENUS] for each in _menu(issuer, fetcher)]
    return tuple(sorted(found, key=lambda each: (each.title, each.id))[:MOST_OFFERS])


def _menu(issuer: str, fetcher: Fetcher) -> Iterator[Offer]:
    try:
        url = did_web_url(issuer).removesuffix(_DOCUMENT) + "achievements"
        document = document_in(fetcher.get(url, accept="application/json"))
    except Refused:
        return
    entries = document.get("achievements")
    for entry in entries if isinstance(entries, list) else ():
        with suppress(Malformed):
            if isinstance(entry, dict):
                yield offer(entry, issuer=issuer)
